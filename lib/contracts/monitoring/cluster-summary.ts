// One cluster in a few numbers, and how its sweeps go. From the last sweep; null is not known, never 0.
import { z } from 'zod';
import { bigintString, timestampMs } from '../common';
import { rate, ratio, seconds, seen } from './seen';

export const openTransaction = z.object({
  transactionalId: z.string(),
  producerId: bigintString,
  state: z.string(),
  coordinator: z.int(),
  startedMs: timestampMs.nullable(),
  timeoutMs: z.number().nullable(),
  partitions: z.int().nullable(),
});
export type OpenTransaction = z.infer<typeof openTransaction>;

/** A partition whose last stable offset stands still. */
export const heldPartition = z.object({
  topic: z.string(),
  partition: z.int(),
  blocked: bigintString,
  /** Null: not asked, or not allowed. */
  producerId: bigintString.nullable(),
  producerEpoch: z.int().nullable(),
  /** When its producer last wrote here. */
  lastWriteMs: timestampMs.nullable(),
});
export type HeldPartition = z.infer<typeof heldPartition>;

export const certificateView = z.object({
  /** "client" or "broker/1". */
  certificate: z.string(),
  expiresMs: z.number(),
});

export const clusterSummary = z.object({
  ...seen,
  clusterId: z.string().nullable(),
  kafkaVersion: z.string().nullable(),
  reachable: z.boolean(),
  brokers: z.int().nullable(),
  brokersMissing: z.int().nullable(),
  /** Of KRaft, the quorum's leader. */
  controllerId: z.int().nullable(),
  topics: z.int().nullable(),
  partitions: z.int().nullable(),
  offline: z.int().nullable(),
  underReplicated: z.int().nullable(),
  /** Partitions whose leader did not tell where they end. */
  untold: z.int().nullable(),
  underMinIsr: z.int().nullable(),
  atMinIsr: z.int().nullable(),
  singleReplica: z.int().nullable(),
  nonPreferredRatio: ratio,
  leaderSkew: ratio,
  uncleanElections: z.int(),
  leaderChanges: z.int(),
  groups: z.int().nullable(),
  logBytes: bigintString.nullable(),
  bytesInPerSecond: rate,
  messagesInPerSecond: rate,
  openTransactions: z.int().nullable(),
  oldestTransactionSeconds: seconds,
  /** The oldest first; at most 100. */
  transactions: z.array(openTransaction),
  /** Null as soon as a leader did not tell. */
  heldPartitions: z.int().nullable(),
  /** The most held back first; at most 100. */
  held: z.array(heldPartition),
  clockOffsetSeconds: seconds,
  certificates: z.array(certificateView),
});
export type ClusterSummary = z.infer<typeof clusterSummary>;

/** How the sweeps of a cluster go, also before the first has ended. */
export const sweepProgress = z.object({
  cluster: z.string(),
  /** When the sweep that runs now has begun; null: none runs. */
  runningSinceMs: timestampMs.nullable(),
  /** Of the last that ended; null: none yet. */
  lastAtMs: timestampMs.nullable(),
  lastTookMs: z.number().nullable(),
  complete: z.boolean().nullable(),
  sweeps: z.int(),
  /** What kept the last one from beginning at all: nobody answered. Null when somebody did. */
  trouble: z.string().nullable(),
});
export type SweepProgress = z.infer<typeof sweepProgress>;

/** Offsets of one partition over the last hour, from memory; the newest last. */
export const partitionHistory = z.object({
  cluster: z.string(),
  topic: z.string(),
  partition: z.int(),
  atMs: z.array(timestampMs),
  start: z.array(bigintString.nullable()),
  lastStable: z.array(bigintString.nullable()),
  highWatermark: z.array(bigintString.nullable()),
});
export type PartitionHistory = z.infer<typeof partitionHistory>;
