// Failing back: what would be lost, asked before; how it is begun; and the records that only the old side has.
import { z } from 'zod';
import { partingLook, remakeOptions } from './remake';

const reason = z
  .string()
  .trim()
  .min(10, 'Say why in at least 10 characters: it is what others will read in the audit log.')
  .max(1000, 'At most 1000 characters.');

/** The link in the other direction. */
export const wayBack = z.object({
  destination: z.string(),
  name: z.string(),
  /** It is there; otherwise the failback makes it. */
  exists: z.boolean(),
});

/** Dry run of a failback, read from both sides. */
export const failbackPlan = z.object({
  /** On the destination of the link: the topic that took its place. */
  topic: z.string(),
  /** On the source: the topic that is mirrored back to. */
  sourceTopic: z.string(),
  back: wayBack,
  parting: partingLook,
  /** What will happen, in whole sentences. */
  message: z.string(),
  /** What can go wrong. */
  warnings: z.array(z.string()),
});
export type FailbackPlan = z.infer<typeof failbackPlan>;

export const failbackRequest = z.strictObject({
  reason: reason.nullable().default(null),
  /** The name of the topic on the source once more; not for a dry run. */
  confirm: z.string().optional(),
  /** The id of that topic, as the dry run told it; null: there is none. Not for a dry run. */
  topicId: z.string().nullable().optional(),
  options: remakeOptions.prefault({}),
});
export type FailbackRequest = z.infer<typeof failbackRequest>;

export const failbackAnswer = z.object({
  /** Null once it is begun. */
  plan: failbackPlan.nullable(),
  back: wayBack,
  /** Of the way back; null when only validated. */
  operationId: z.string().nullable(),
  /** Where what has diverged is copied to; null: nowhere. */
  saveTo: z.string().nullable(),
});
export type FailbackAnswer = z.infer<typeof failbackAnswer>;

/** Persons must say why. */
export const divergedQuery = z.object({ reason: reason.optional() });
