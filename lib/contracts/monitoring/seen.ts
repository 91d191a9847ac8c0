// What every answer about a cluster says of the sweep that it is from: how old it is, and what is missing in it, and why.
import { z } from 'zod';
import { timestampMs } from '../common';

/** What a sweep asks for, in operators' words. */
export const sweepPart = z.enum([
  'METADATA',
  'BROKERS',
  'OFFSETS',
  'LOG_DIRS',
  'GROUPS',
  'GROUP_MEMBERS',
  'GROUP_OFFSETS',
  'QUORUM',
  'FEATURES',
  'TRANSACTIONS',
  'TOPIC_CONFIGS',
  'RECORD_TIMES',
]);
export type SweepPart = z.infer<typeof sweepPart>;

export const sweepGap = z.object({
  what: sweepPart,
  /** The broker that should have told; null: any of them, or all. */
  broker: z.int().nullable(),
  /** What happened, and where it can be mended, what to do. */
  reason: z.string(),
  /** The right that is missing, such as "Describe on the cluster"; null: it is something else. */
  right: z.string().nullable(),
  /** False: this release of Kafka does not tell it, which is no failure. */
  failure: z.boolean(),
});
export type SweepGap = z.infer<typeof sweepGap>;

/** In front of every answer. */
export const seen = {
  cluster: z.string(),
  /** When the ends of the logs were read: lag and offsets are of this moment. */
  atMs: timestampMs,
  tookMs: z.number().nonnegative(),
  /** How far sweeps should be apart: what is much older than this is stale. */
  intervalMs: z.number().positive(),
  /** False: something that should have been read is missing; `gaps` says what. */
  complete: z.boolean(),
  gaps: z.array(sweepGap),
};
export const seenObject = z.object(seen);
export type Seen = z.infer<typeof seenObject>;

/** Parts of every question for a page of rows. */
export const rowsQuery = {
  filter: z.string().max(255).default(''),
  direction: z.enum(['asc', 'desc']).default('asc'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
};

/** Per second; null is not known (yet): rates take two sweeps. */
export const rate = z.number().nonnegative().nullable();
export const ratio = z.number().nonnegative().nullable();
export const seconds = z.number().nullable();
