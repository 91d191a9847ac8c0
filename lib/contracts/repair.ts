// What a person can do about a mirror that has failed: which ways there are, which of them fit, and what came of one.
import { z } from 'zod';
import { bigintString, timestampMs } from './common';
import { oldTopicLook, remakeOptions } from './remake';

/** A range that the source deleted before it was mirrored, and that somebody has accepted as lost. */
export const acceptedLoss = z.object({
  partition: z.int(),
  /** The first offset that is lost. */
  from: bigintString,
  /** Behind the last one. */
  to: bigintString,
  at: timestampMs,
  by: z.string(),
});
export type AcceptedLoss = z.infer<typeof acceptedLoss>;

/**
 * CHECK_AGAIN: what was found is looked at once more, as at a start, and mirroring goes on where it holds. DECLARE_LOST: the named range is given up.
 * RESEED: the mirror topic is deleted and mirrored anew.
 */
export const repairWay = z.enum(['CHECK_AGAIN', 'DECLARE_LOST', 'RESEED']);
export type RepairWay = z.infer<typeof repairWay>;

export const lostRange = z.object({ partition: z.int(), from: bigintString, to: bigintString });
export type LostRange = z.infer<typeof lostRange>;

export const repairView = z.object({
  topic: z.string(),
  ways: z.array(
    z.object({
      way: repairWay,
      fits: z.boolean(),
      /** What it would do; or why it does not fit, and what to do instead. */
      message: z.string(),
    }),
  ),
  /** Of partitions that stand for it. */
  lost: z.array(lostRange),
});
export type RepairView = z.infer<typeof repairView>;

const reason = z
  .string()
  .trim()
  .min(10, 'Say why in at least 10 characters: it is what others will read in the audit log.')
  .max(1000, 'At most 1000 characters.')
  .nullable()
  .default(null);

export const repairRequest = z.discriminatedUnion('way', [
  z.strictObject({ way: z.literal('CHECK_AGAIN'), reason }),
  z.strictObject({
    way: z.literal('DECLARE_LOST'),
    reason,
    /** Exactly as the mirror names it. */
    lost: lostRange,
  }),
  z.strictObject({
    way: z.literal('RESEED'),
    reason,
    /** The topic's name once more; not for a dry run. */
    confirm: z.string().optional(),
    /** The id of the topic that is to be deleted, as the dry run told it; null: there is none. Not for a dry run. */
    topicId: z.string().nullable().optional(),
    options: remakeOptions.omit({ save: true }).prefault({}),
  }),
]);
export type RepairRequest = z.infer<typeof repairRequest>;

export const repairAnswer = z.object({
  way: repairWay,
  /** False when only validated. */
  done: z.boolean(),
  message: z.string(),
  /** What can go wrong, in whole sentences. */
  warnings: z.array(z.string()),
  /** RESEED: the topic that is deleted; null where there is none. */
  look: oldTopicLook.nullable(),
  /** RESEED that has been begun. */
  operationId: z.string().nullable(),
});
export type RepairAnswer = z.infer<typeof repairAnswer>;

/** What the engine has begun to look at again. */
export const checkedAgain = z.object({
  /** The topic as a whole. */
  topic: z.boolean(),
  partitions: z.array(z.int()),
  /** What stays failed, and why. */
  kept: z.array(z.object({ partition: z.int(), why: z.string() })),
});
export type CheckedAgain = z.infer<typeof checkedAgain>;
