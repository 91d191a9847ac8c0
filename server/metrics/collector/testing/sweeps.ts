// Sweeps for tests, made from a few words: topics with the ends of their partitions, groups with commits.
import { compare } from '../compare';
import { Gaps } from '../gaps';
import { GroupMemory, type GroupTold } from '../group-memory';
import { OffsetHistory } from '../offset-history';
import { RecordTimes } from '../record-times';
import { type Shape, shapeOf } from '../shape';
import type { BrokerSeen, ClusterSweep, PartitionColumns, TopicColumns, TopicConfigs } from '../sweep';
import { countsByBroker, totalsOf } from '../totals';

export type PartitionEnds = {
  start?: bigint;
  end?: bigint;
  high?: bigint;
  bytes?: bigint;
  leader?: number;
  leaderEpoch?: number;
  replicas?: number[];
  inSync?: number[];
};
/** Topic → partitions. */
export type Ends = Record<string, PartitionEnds[]>;

type Partition = {
  partition: number;
  leader: number;
  leaderEpoch: number;
  replicas: number[];
  inSync: number[];
};
type Topic = {
  name: string;
  topicId: string;
  internal?: boolean;
  errorCode?: number;
  partitions: Partition[];
};

/** As brokers tell it. */
export function metadataOf(topics: Topic[]): Parameters<typeof shapeOf>[0] {
  const rows = topics.flatMap(({ partitions }) => partitions);
  const column = (of: (row: Partition) => number) => Int32Array.from(rows, of);
  const countBefore = (lists: readonly unknown[][], i: number) => lists.slice(0, i).flat().length;
  const from = (lists: number[][]) => Int32Array.from([[], ...lists], (_, i) => countBefore(lists, i));
  const [replicas, inSync] = [rows.map((row) => row.replicas), rows.map((row) => row.inSync)];
  const partitionsOf = topics.map(({ partitions }) => partitions);
  return {
    topics: topics.map(({ name, topicId, internal = false, errorCode = 0 }, t) => ({
      ...{ name, topicId, internal, errorCode },
      ...{ from: countBefore(partitionsOf, t), to: countBefore(partitionsOf, t + 1) },
    })),
    partitions: {
      partition: column(({ partition }) => partition),
      leader: column(({ leader }) => leader),
      leaderEpoch: column(({ leaderEpoch }) => leaderEpoch),
      ...{ replicasFrom: from(replicas), replicas: Int32Array.from(replicas.flat()) },
      ...{ inSyncFrom: from(inSync), inSync: Int32Array.from(inSync.flat()) },
    },
  };
}

export function shapeWith(ends: Ends, ids: Record<string, string> = {}): Shape {
  const told = Object.entries(ends).map(([name, partitions]) => ({
    ...{ name, topicId: ids[name] ?? `id of ${name}`, internal: name.startsWith('__') },
    partitions: partitions.map(
      ({ leader = 1, leaderEpoch = 0, replicas = [1], inSync = replicas }, partition) => ({
        ...{ partition, leader, leaderEpoch, replicas, inSync },
      }),
    ),
  }));
  const shape = shapeOf(metadataOf(told));
  const { topics, partitions: p } = shape;
  for (const [name, partitions] of Object.entries(ends))
    for (const [i, { start = 0n, end = -1n, high = end, bytes = -1n }] of partitions.entries()) {
      const at = (topics.first[topics.byName.get(name) as number] as number) + i;
      [p.start[at], p.lastStable[at], p.highWatermark[at]] = [start, end, high];
      [p.leaderBytes[at], p.replicaBytes[at]] = [bytes, bytes];
    }
  return shape;
}

export const configsWith = (more: Partial<TopicConfigs> = {}): TopicConfigs => ({
  ...{ rows: [], minIsr: 1, cleanupPolicy: 'delete', retentionMs: -1n, compacted: false, deleted: true },
  ...more,
});

export function topicsOf(
  ends: Ends,
  ids: Record<string, string> = {},
  configs: Record<string, TopicConfigs | null> = {},
): { topics: TopicColumns; partitions: PartitionColumns } {
  const { topics, partitions } = shapeWith(ends, ids);
  const of = (name: string) => (name in configs ? (configs[name] as TopicConfigs | null) : configsWith());
  const configsReadMs = topics.names.map((name) => (of(name) ? 0 : null));
  return { topics: { ...topics, configs: topics.names.map(of), configsReadMs }, partitions };
}

/** Topic → partition → commit. */
export type Commits = Record<string, Record<number, bigint>>;
export const groupTold = (
  group: string,
  commits: Commits | null,
  more: Partial<Omit<GroupTold, 'listed' | 'commits'>> & { state?: string; type?: string } = {},
): GroupTold => ({
  listed: { group, protocolType: 'consumer', state: more.state ?? 'Stable', type: more.type ?? 'classic' },
  coordinator: more.coordinator ?? 1,
  members: more.members === undefined ? [] : more.members,
  why: more.why ?? null,
  commits:
    commits &&
    Object.entries(commits).map(([topic, of]) => ({
      topic,
      partitions: Object.keys(of).map(Number),
      offsets: Object.values(of),
    })),
});

export const broker = (id: number, more: Partial<BrokerSeen> = {}): BrokerSeen => ({
  ...{ id, host: `b${id}`, port: 9_092, rack: null, inService: true, fenced: false, reachable: true },
  ...{ trouble: null, sinceMs: 0, latencyMs: 1, stateChanges: 0, kafkaVersion: '4.3', features: null },
  ...{ certificateExpiresMs: null, leaders: 0, replicas: 0, outOfSync: 0, disks: null },
  ...more,
});

/** Sweeps of one cluster after another, with the memory between them. */
export class TestCluster {
  readonly history = new OffsetHistory();
  readonly times = new RecordTimes();
  readonly groups = new GroupMemory(this.history, this.times);
  #last: ClusterSweep | null = null;

  sweep(
    atMs: number,
    ends: Ends,
    groups: GroupTold[] | null = [],
    more: Partial<ClusterSweep> & {
      ids?: Record<string, string>;
      configs?: Record<string, TopicConfigs | null>;
    } = {},
  ): ClusterSweep {
    const { ids, configs, ...rest } = more;
    const { topics, partitions } = topicsOf(ends, ids, configs);
    compare({ topics, partitions }, atMs, this.#last);
    this.history.record(atMs, topics, partitions);
    const seen = groups?.map((told) => this.groups.see(told, { atMs, topics, partitions })) ?? null;
    const counts = countsByBroker(partitions);
    const brokers = more.brokers ?? [...counts].map(([id, count]) => broker(id, count));
    const elections = { uncleanElections: 0, leaderChanges: 0, brokersTold: true };
    this.#last = {
      ...{
        cluster: 'east',
        clusterId: 'C',
        atMs,
        tookMs: 20,
        intervalMs: 10_000,
        complete: true,
        whole: true,
      },
      partial: new Set(),
      ...{ gaps: new Gaps().list(), kafkaVersion: '4.3', controllerId: 1, brokers, topics, partitions },
      ...{
        groups: seen,
        quorum: null,
        finalizedFeatures: null,
        transactions: [],
        held: [],
        heldWhole: true,
        certificates: [],
      },
      totals: totalsOf(topics, partitions, brokers, elections),
      ...rest,
    };
    return this.#last;
  }
}
