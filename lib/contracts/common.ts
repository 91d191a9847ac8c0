// Pieces every contract shares. Offsets and sizes travel as decimal strings: JSON numbers lose digits above 2^53.
import { z } from 'zod';

/** A Kafka offset, a count of offsets or a size in bytes, as a decimal string. */
export const bigintString = z.string().regex(/^-?\d+$/);

/** Milliseconds since the epoch; up to the last instant that a Date can hold (ECMA-262). */
export const timestampMs = z
  .number()
  .int()
  .min(0)
  .max(8_640_000_000_000_000, 'No calendar reaches that far.');

/** Kafka's own rule for topic names (org.apache.kafka.common.internals.Topic). */
export const topicName = z
  .string()
  .min(1, 'A topic name cannot be empty.')
  .max(249, 'A topic name has at most 249 characters.')
  .regex(/^[a-zA-Z0-9._-]+$/, 'A topic name holds only letters, digits, ".", "_" and "-".')
  .refine((name) => name !== '.' && name !== '..', 'A topic cannot be called "." or "..".');

/** Names of clusters and links: they stand in URLs and in a transactional id. */
export const objectName = z
  .string()
  .min(1, 'The name cannot be empty.')
  .max(64, 'The name has at most 64 characters.')
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/,
    'The name holds letters, digits, ".", "_" and "-", and starts with a letter or digit.',
  );

/** Error body of /api: what happened, where, and what to do next. */
export const apiError = z.object({
  code: z.string(),
  message: z.string(),
  /** Field path → message, for bad input. */
  fields: z.record(z.string(), z.string()).optional(),
  requestId: z.string().optional(),
});
export type ApiError = z.infer<typeof apiError>;
