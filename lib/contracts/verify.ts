// What verification tells: how far a mirror was compared with its source, sweeps that people start, and differences. Never the contents of records.
import { z } from 'zod';
import { bigintString, timestampMs } from './common';

export const differenceKind = z.enum(['DIFFERENT', 'MISSING', 'EXTRA', 'TRANSACTIONAL', 'DAMAGED']);
export type DifferenceKind = z.infer<typeof differenceKind>;

/** Of one record: when, how large, and a CRC-32C of key, value and headers. */
export const recordFacts = z.object({
  timestamp: bigintString,
  bytes: z.number().int(),
  crc32c: z.string().regex(/^[0-9a-f]{8}$/),
});

export const differingRecord = z.object({
  offset: bigintString,
  kind: differenceKind,
  source: recordFacts.nullable(),
  mirror: recordFacts.nullable(),
});

/** Where both sides of one partition part, as found at that time: the file that can be downloaded. */
export const differenceReport = z.object({
  topic: z.string(),
  sourceTopic: z.string(),
  partition: z.number().int(),
  foundAt: timestampMs,
  foundBy: z.enum(['SCAN', 'SWEEP', 'END', 'SAMPLE']),
  message: z.string(),
  /** Of the mirror's batch at the first difference. */
  producer: z
    .object({
      id: bigintString,
      epoch: z.number().int(),
      batchBaseOffset: bigintString,
      control: z.boolean(),
    })
    .nullable(),
  /** Of the link itself, to compare with. */
  linkProducerId: bigintString,
  /** Offsets that were read for this report: [from, to). Nothing is said about others. */
  comparedFrom: bigintString,
  comparedTo: bigintString,
  records: z.array(differingRecord),
  /** There are more than the report holds. */
  more: z.boolean(),
});
export type DifferenceReport = z.infer<typeof differenceReport>;

/** What the mirror's page says of a report; the rest is in the file. */
export const differenceView = differenceReport
  .pick({ partition: true, foundAt: true, message: true, more: true })
  .extend({ offset: bigintString, records: z.number().int() });

export const sweepOutcome = z.enum(['EQUAL', 'DIFFERENT', 'CANCELLED']);
export type SweepOutcome = z.infer<typeof sweepOutcome>;

/** The last sweep of a mirror: every record of both sides compared, from the first offset to where both stood when it began. */
export const sweep = z.object({
  id: z.string(),
  requestedAt: timestampMs,
  requestedBy: z.string(),
  /** Null while it runs. */
  endedAt: timestampMs.nullable(),
  outcome: sweepOutcome.nullable(),
});
export type Sweep = z.infer<typeof sweep>;

/** How far a sweep is, in offsets. Null: not known yet. */
export const sweepProgress = z.object({ done: bigintString, total: bigintString });

export const verifiedRange = z.object({
  /** Everything from here … */
  from: bigintString,
  /** … up to here, not with it, was compared with the source and was equal. */
  to: bigintString,
  /** When the first of it was compared, and the last. */
  since: timestampMs,
  at: timestampMs.nullable(),
});

export const partitionVerification = z.object({
  verified: verifiedRange.nullable(),
  /** When the mirror's end was last compared with the source. */
  endCheckedAt: timestampMs.nullable(),
  /** Places chosen at random and compared, since the engine started, and when the last one was. */
  samples: z.number().int(),
  sampledAt: timestampMs.nullable(),
  sweep: sweepProgress.nullable(),
});
export type PartitionVerification = z.infer<typeof partitionVerification>;

/** Of a mirror or a link: sums over partitions. */
export const verificationSummary = z.object({
  /** Offsets that both sides hold and that were compared with nothing left out; of how many. Null while unknown. */
  verified: bigintString.nullable(),
  of: bigintString.nullable(),
  /** The least recent look at the end of a partition; null while one was never looked at. */
  endsCheckedAt: timestampMs.nullable(),
  sampledAt: timestampMs.nullable(),
  sweeping: sweepProgress.nullable(),
  /** Why something can't be compared now; null when all goes on. */
  trouble: z.string().nullable(),
});
export type VerificationSummary = z.infer<typeof verificationSummary>;

export const sweepAnswer = z.object({
  /** Mirrors that are swept, or no longer swept. */
  topics: z.array(z.string()),
  message: z.string(),
  /** Offsets to compare; null where not known yet. */
  offsets: bigintString.nullable(),
  /** Of both sides together, from measured sizes: an estimate. */
  bytes: bigintString.nullable(),
  seconds: z.number().nullable(),
});
export type SweepAnswer = z.infer<typeof sweepAnswer>;
