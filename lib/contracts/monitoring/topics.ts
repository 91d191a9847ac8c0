// Topics of a cluster as pages see them, from the last sweep. Offsets and sizes are decimal strings; null is not known, never 0.
import { z } from 'zod';
import { bigintString, timestampMs } from '../common';
import { groupRef } from './groups';
import { rate, rowsQuery, seconds, seen } from './seen';

export const topicSort = z.enum([
  'name',
  'partitions',
  'size',
  'messages',
  'messageRate',
  'byteRate',
  'groups',
  'trouble',
]);

export const topicsQuery = z.object({
  ...rowsQuery,
  sort: topicSort.default('name'),
  /** Topics of Kafka itself, such as __consumer_offsets. */
  internal: z.enum(['1', '0']).default('0'),
  /** Only those with partitions that are offline or not fully in sync. */
  trouble: z.enum(['1', '0']).default('0'),
});
export type TopicsQuery = z.infer<typeof topicsQuery>;

export const topicRow = z.object({
  name: z.string(),
  internal: z.boolean(),
  partitions: z.int(),
  /** Of its partitions, the most. */
  replicationFactor: z.int(),
  /** Logs of the leaders, and of all replicas. */
  leaderBytes: bigintString.nullable(),
  replicaBytes: bigintString.nullable(),
  /** Sums over its partitions of log start and high watermark, and their distance: offsets, so markers and compacted ones count. */
  startOffsets: bigintString.nullable(),
  endOffsets: bigintString.nullable(),
  messages: bigintString.nullable(),
  messagesPerSecond: rate,
  bytesPerSecond: rate,
  cleanupPolicy: z.string().nullable(),
  /** −1: for ever. */
  retentionMs: bigintString.nullable(),
  /** Groups that have committed offsets of it; null as soon as a broker did not tell of its groups. */
  groups: z.int().nullable(),
  offline: z.int(),
  /** Partitions whose leader did not tell where they end. */
  untold: z.int(),
  underReplicated: z.int(),
  /** Fewer in sync than min.insync.replicas: acks=all is refused. */
  underMinIsr: z.int().nullable(),
});
export type TopicRow = z.infer<typeof topicRow>;

export const topicsPage = z.object({
  ...seen,
  total: z.int(),
  matched: z.int(),
  /** When the oldest configs of any topic were read: they are read again every few minutes, not with each sweep. Null: none yet. */
  configsAt: timestampMs.nullable(),
  rows: z.array(topicRow),
});
export type TopicsPage = z.infer<typeof topicsPage>;

export const topicPartitionRow = z.object({
  partition: z.int(),
  /** Null: there is none, the partition is offline. */
  leader: z.int().nullable(),
  leaderEpoch: z.int().nullable(),
  /** The first is the preferred leader. */
  replicas: z.array(z.int()),
  inSync: z.array(z.int()),
  start: bigintString.nullable(),
  lastStable: bigintString.nullable(),
  highWatermark: bigintString.nullable(),
  /** Offsets behind the last stable one: an open transaction holds them back. */
  blocked: bigintString.nullable(),
  bytes: bigintString.nullable(),
  messagesPerSecond: rate,
  /** UNKNOWN: in sync as the cluster says, but its leader did not tell of it in this sweep. */
  status: z.enum(['OK', 'UNKNOWN', 'OFFLINE', 'UNDER_MIN_ISR', 'UNDER_REPLICATED']),
  /** When its leader told where it ends last; null: not since Landbridge watches. */
  toldAt: timestampMs.nullable(),
});
export type TopicPartitionRow = z.infer<typeof topicPartitionRow>;

/** Where a value comes from, the nearest first. */
export const configSource = z.enum(['TOPIC', 'BROKER', 'ALL_BROKERS', 'BROKER_FILE', 'DEFAULT', 'OTHER']);
export type ConfigSource = z.infer<typeof configSource>;
export const topicConfig = z.object({ name: z.string(), value: z.string().nullable(), source: configSource });
export type TopicConfig = z.infer<typeof topicConfig>;

/** All configs of one topic, read from a broker when somebody asks: a sweep reads a few of every topic. */
export const topicConfigsView = z.object({
  cluster: z.string(),
  topic: z.string(),
  readAt: timestampMs,
  configs: z.array(topicConfig),
});
export type TopicConfigsView = z.infer<typeof topicConfigsView>;

export const topicGroupRow = z.object({
  ...groupRef,
  /** Of this topic's partitions only. */
  partitions: z.int(),
  lagMessages: bigintString.nullable(),
  maxLagSeconds: seconds,
});
export type TopicGroupRow = z.infer<typeof topicGroupRow>;

export const topicDetail = z.object({
  ...seen,
  topic: topicRow,
  topicId: z.string().nullable(),
  partitions: z.array(topicPartitionRow),
  /** Null: not read yet, or not allowed; `gaps` says which. */
  configs: z.array(topicConfig).nullable(),
  /** When they were read: every few minutes, not with each sweep. Null as they are. */
  configsAt: timestampMs.nullable(),
  groups: z.array(topicGroupRow),
});
export type TopicDetail = z.infer<typeof topicDetail>;
