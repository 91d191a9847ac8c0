// Taking mirrors off a link, and deleting links: whether the topics on the destination stay, as ordinary ones, or are deleted.
import { z } from 'zod';
import { validateOnlyQuery } from './api';
import { topicName } from './common';

/** keep: ordinary, writable topics with all that was mirrored. delete: gone for good, with all their records. */
export const topicsChoice = z.enum(['keep', 'delete'], 'Write keep or delete.');
export type TopicsChoice = z.infer<typeof topicsChoice>;

/** Where topics are deleted: the name of the mirror topic, or of the link where it is about more than one. */
const confirm = z.string().max(249);

export const removalQuery = validateOnlyQuery.extend({
  topics: topicsChoice.default('keep'),
  confirm: confirm.optional(),
});

export const removeMirrorsRequest = z
  .strictObject({
    topics: z.array(topicName).min(1, 'Name at least one mirror topic.').max(10_000).optional(),
    /** RE2 syntax; the whole name must match. */
    pattern: z.string().min(1).max(249, 'The pattern has at most 249 characters.').optional(),
    destinationTopics: topicsChoice.default('keep'),
    confirm: confirm.optional(),
  })
  .refine(({ topics, pattern }) => (topics === undefined) !== (pattern === undefined), {
    path: ['topics'],
    message: 'Give topics or a pattern.',
  });

/** ABSENT: nothing of it is there. */
export const topicFate = z.enum(['KEPT', 'DELETED', 'ABSENT']);

export const removalPlan = z.object({
  topic: z.string(),
  /** False: it is left on the link, and `message` says why. */
  ok: z.boolean(),
  /** What becomes of the topic; null where nothing is done. */
  fate: topicFate.nullable(),
  message: z.string(),
});
export type RemovalPlan = z.infer<typeof removalPlan>;

export const mirrorsRemoved = z.object({
  /** 0 when only validated. */
  removed: z.int(),
  message: z.string(),
  mirrors: z.array(removalPlan),
});

/** `deleted` is false when only validated. */
export const linkDeleted = z.object({
  deleted: z.boolean(),
  /** Topics of the destination that are ordinary topics from now on. */
  topics: z.array(z.string()),
  /** Topics that are deleted for good. */
  deletedTopics: z.array(z.string()),
  message: z.string(),
});
export const mirrorDeleted = z.object({ deleted: z.boolean(), topic: z.string(), message: z.string() });
