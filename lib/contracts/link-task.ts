// The periodic work of a link besides records: its tasks, their states and errors, by Confluent's names.
import { z } from 'zod';
import { timestampMs } from './common';

export const linkTaskName = z.enum(['ConsumerOffsetSync', 'AutoCreateMirror', 'AclSync', 'TopicConfigsSync']);
export type LinkTaskName = z.infer<typeof linkTaskName>;

export const linkTaskState = z.enum([
  'ACTIVE',
  'IN_ERROR',
  'NOT_CONFIGURED',
  'LINK_FAILED',
  'LINK_UNAVAILABLE',
  'LINK_PAUSED',
  /** The engine does not report. */
  'UNKNOWN',
]);
export type LinkTaskState = z.infer<typeof linkTaskState>;

export const linkTaskError = z.object({
  /** Confluent's words, such as AUTHORIZATION_ERROR, MISCONFIGURATION_ERROR, CONSUMER_GROUP_IN_USE_ERROR, TOPIC_EXISTS_ERROR, INTERNAL_ERROR. */
  code: z.string(),
  /** What happened, where, and what to do next. */
  message: z.string(),
});
export type LinkTaskError = z.infer<typeof linkTaskError>;

export const linkTask = z.object({
  name: linkTaskName,
  state: linkTaskState,
  errors: z.array(linkTaskError),
  running: z.boolean(),
  /** When the last run ended; null before the first one of this engine. */
  lastRunAt: timestampMs.nullable(),
  /** What the last run did or found, in a sentence. */
  said: z.string().nullable(),
  /** Null where it does not run by itself now. */
  nextRunAt: timestampMs.nullable(),
});
export type LinkTask = z.infer<typeof linkTask>;
