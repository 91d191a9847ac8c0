/**
 * What one sweep has seen of one cluster: numbers in columns, names once. Both ends of every lag in it are from the same moment, `atMs`.
 * Made by the sweeper, never changed afterwards. A partition's place in the columns holds within one sweep only.
 */
import type { GroupType } from '@/lib/contracts/consumer-group';
import type { OpenTransaction } from '@/lib/contracts/monitoring/cluster-summary';
import type { SweepGap, SweepPart } from '@/lib/contracts/monitoring/seen';
import type { TopicConfig } from '@/lib/contracts/monitoring/topics';
import type { AssignedTopic } from '@/server/kafka/wire/consumer-protocol';

/** In columns of offsets and sizes: not told. */
export const UNKNOWN = -1n;

export type TopicColumns = {
  /** By name, sorted. */
  readonly names: readonly string[];
  readonly ids: readonly string[];
  readonly internal: Uint8Array;
  /** Partition p of topic t is at `first[t] + p`; the last entry is the number of all partitions. */
  readonly first: Int32Array;
  /** Null: not read yet, or not allowed. */
  readonly configs: readonly (TopicConfigs | null)[];
  /** When they were read; null as they are. */
  readonly configsReadMs: readonly (number | null)[];
  readonly byName: ReadonlyMap<string, number>;
};

/** Shared by all topics that have the same. */
export type TopicConfigs = {
  readonly rows: readonly TopicConfig[];
  readonly minIsr: number | null;
  readonly cleanupPolicy: string | null;
  /** −1: for ever; null where it isn't told. */
  readonly retentionMs: bigint | null;
  /** The log's cleaner takes records out of the middle. */
  readonly compacted: boolean;
  /** Old segments are deleted. */
  readonly deleted: boolean;
};

export type PartitionColumns = {
  /** Place of its topic. */
  readonly topic: Int32Array;
  /** −1: none. */
  readonly leader: Int32Array;
  readonly leaderEpoch: Int32Array;
  readonly start: BigInt64Array;
  readonly lastStable: BigInt64Array;
  readonly highWatermark: BigInt64Array;
  /** Log of the leader, and of all replicas that are told. */
  readonly leaderBytes: BigInt64Array;
  readonly replicaBytes: BigInt64Array;
  /** Replicas of partition i are at replicasFrom[i] … replicasFrom[i + 1]; the first is the preferred leader. */
  readonly replicasFrom: Int32Array;
  readonly replicas: Int32Array;
  readonly inSyncFrom: Int32Array;
  readonly inSync: Int32Array;
  /** Offsets appended, and bytes, a second; NaN: not known. */
  readonly messageRate: Float64Array;
  readonly byteRate: Float64Array;
  /** 1: not in the sweep before, so that no rate can be told yet. */
  readonly isNew: Uint8Array;
  /** Sweep in which its leader told its end last; NaN: in none. */
  readonly toldMs: Float64Array;
};

export type BrokerSeen = {
  readonly id: number;
  readonly host: string | null;
  readonly port: number | null;
  readonly rack: string | null;
  /** Named by Metadata. */
  readonly inService: boolean;
  /** Null: not told by this release. */
  readonly fenced: boolean | null;
  readonly reachable: boolean;
  /** Why it was not reached. */
  readonly trouble: string | null;
  readonly sinceMs: number | null;
  readonly latencyMs: number | null;
  readonly stateChanges: number;
  readonly kafkaVersion: string | null;
  readonly features: readonly { name: string; min: number; max: number }[] | null;
  readonly certificateExpiresMs: number | null;
  readonly leaders: number;
  readonly replicas: number;
  readonly outOfSync: number;
  /** Null: not told. */
  readonly disks: DisksSeen | null;
};

export type DisksSeen = {
  readonly dirs: readonly LogDirSeen[];
  readonly readMs: number;
  /** False: the broker was asked since, and did not tell. */
  readonly current: boolean;
};

export type LogDirSeen = {
  readonly path: string;
  readonly offline: boolean;
  /** UNKNOWN before Kafka 3.3. */
  readonly totalBytes: bigint;
  readonly usableBytes: bigint;
  readonly logBytes: bigint;
  readonly replicas: number;
  /** The largest replicas, by bytes. */
  readonly largest: readonly { topic: string; partition: number; bytes: bigint }[];
};

export type MemberSeen = {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly assigned: readonly AssignedTopic[] | null;
};

/** Of a group's partition, as numbers in `GroupSeen.status`. */
export const statusCode = {
  OK: 0,
  STALLED: 1,
  FALLING_BEHIND: 2,
  LOST: 3,
  BEYOND_END: 4,
  UNKNOWN: 5,
} as const;
export type StatusCode = (typeof statusCode)[keyof typeof statusCode];
export const secondsSource = { NONE: 0, SAMPLES: 1, RECORD: 2 } as const;

export type GroupSeen = {
  readonly name: string;
  readonly type: GroupType;
  readonly state: string;
  readonly coordinator: number;
  /** Null: not told. */
  readonly members: readonly MemberSeen[] | null;
  /** Null: what it has committed was not told. Else places of partitions, rising, and what is committed there. */
  readonly commits: GroupCommitColumns | null;
  readonly totals: GroupTotals;
  readonly deletedTopics: readonly string[];
  readonly watchedSinceMs: number;
  /** Why numbers are missing; null: they aren't. */
  readonly why: string | null;
  /** When it was listed last, of a group that those who keep it have not told of since; null: it was listed in this sweep. */
  readonly unknownSinceMs: number | null;
};

export type GroupCommitColumns = {
  readonly at: Int32Array;
  readonly commit: BigInt64Array;
  /** NaN: not known. */
  readonly seconds: Float64Array;
  readonly secondsFrom: Uint8Array;
  /** Commit's offsets a second; NaN: not known. */
  readonly rate: Float64Array;
  readonly status: Uint8Array;
};

/** Null and NaN: not known. */
export type GroupTotals = {
  readonly topics: number;
  readonly partitions: number;
  readonly known: number;
  readonly lag: bigint | null;
  readonly maxLag: bigint | null;
  readonly lagBytes: bigint | null;
  readonly maxSeconds: number;
  readonly commitRate: number;
  readonly stalled: number | null;
  readonly fallingBehind: number | null;
  readonly beyondEnd: number | null;
  readonly lost: bigint;
  readonly headroomSeconds: number;
};

export type QuorumSeen = {
  readonly leader: number;
  readonly epoch: number;
  readonly highWatermark: bigint;
  readonly voters: readonly QuorumReplicaSeen[];
  readonly observers: readonly QuorumReplicaSeen[];
  /** Clock of the leader − ours, in ms; null where it isn't told. */
  readonly clockOffsetMs: number | null;
};
export type QuorumReplicaSeen = {
  readonly id: number;
  readonly directoryId: string | null;
  readonly logEndOffset: bigint;
  readonly lag: bigint | null;
  readonly lastFetchMs: number | null;
  readonly lastCaughtUpMs: number | null;
  readonly behindSeconds: number | null;
};

export type HeldSeen = {
  readonly topic: string;
  readonly partition: number;
  readonly blocked: bigint;
  readonly producerId: bigint | null;
  readonly producerEpoch: number | null;
  readonly lastWriteMs: number | null;
};

/** Null and NaN: not known. */
export type ClusterTotals = {
  readonly brokers: number;
  readonly brokersMissing: number | null;
  readonly offline: number;
  readonly underReplicated: number;
  /** Led by a broker that did not tell where they end. */
  readonly untold: number;
  readonly underMinIsr: number | null;
  readonly atMinIsr: number | null;
  readonly singleReplica: number | null;
  readonly nonPreferredRatio: number;
  readonly leaderSkew: number;
  readonly logBytes: bigint | null;
  readonly bytesIn: number;
  readonly messagesIn: number;
  readonly uncleanElections: number;
  readonly leaderChanges: number;
};

export type ClusterSweep = {
  readonly cluster: string;
  readonly clusterId: string | null;
  /** When the ends of logs were read. */
  readonly atMs: number;
  readonly tookMs: number;
  readonly intervalMs: number;
  /** Nothing that should have been told is missing. */
  readonly complete: boolean;
  /** What is absent is gone, not just unknown: rights that never were there take nothing away. */
  readonly whole: boolean;
  readonly gaps: readonly SweepGap[];
  /** Parts that somebody who should have did not tell: no list of them, and no count, is whole. */
  readonly partial: ReadonlySet<SweepPart>;
  readonly kafkaVersion: string | null;
  readonly controllerId: number | null;
  readonly brokers: readonly BrokerSeen[];
  readonly topics: TopicColumns;
  readonly partitions: PartitionColumns;
  /** By name, sorted; also those that are not known any more. Null: not told. */
  readonly groups: readonly GroupSeen[] | null;
  /** Null: not told. */
  readonly quorum: QuorumSeen | null;
  readonly finalizedFeatures: readonly { name: string; level: number }[] | null;
  /** Those that are open; null: not told. */
  readonly transactions: readonly OpenTransaction[] | null;
  readonly held: readonly HeldSeen[];
  /** All that are held are in `held`. */
  readonly heldWhole: boolean;
  readonly certificates: readonly { certificate: string; expiresMs: number }[];
  readonly totals: ClusterTotals;
};

export const partitionNumber = (sweep: ClusterSweep, at: number): number =>
  at - (sweep.topics.first[sweep.partitions.topic[at] as number] as number);
export const topicNameOf = (sweep: ClusterSweep, at: number): string =>
  sweep.topics.names[sweep.partitions.topic[at] as number] as string;
export const replicasOf = ({ partitions: p }: ClusterSweep, at: number): Int32Array =>
  p.replicas.subarray(p.replicasFrom[at], p.replicasFrom[at + 1]);
export const inSyncOf = ({ partitions: p }: ClusterSweep, at: number): Int32Array =>
  p.inSync.subarray(p.inSyncFrom[at], p.inSyncFrom[at + 1]);
/** Null where it isn't told. */
export const known = (value: bigint | undefined): bigint | null =>
  value === undefined || value < 0n ? null : value;
