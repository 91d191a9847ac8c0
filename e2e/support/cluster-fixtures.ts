// Data for rendering tests of a cluster's pages, checked against the contracts: ten thousand topics and groups, brokers in every
// state, quorums, histories that are known to the last point. Used by tests only.
import type { z } from 'zod';
import {
  type BrokerRow,
  brokerDetail,
  brokersPage,
  type QuorumReplica,
  quorumView,
} from '@/lib/contracts/monitoring/brokers';
import { clusterSummary } from '@/lib/contracts/monitoring/cluster-summary';
import {
  groupDetail,
  groupsPage,
  groupsQuery,
  type MonitoredGroupRow,
} from '@/lib/contracts/monitoring/groups';
import { historyAnswer } from '@/lib/contracts/monitoring/history';
import type { Seen, SweepGap } from '@/lib/contracts/monitoring/seen';
import {
  type TopicRow,
  topicConfigsView,
  topicDetail,
  topicsPage,
  topicsQuery,
} from '@/lib/contracts/monitoring/topics';

export const ROWS = 10_000;

export const seen = (now: number, over: Partial<Seen> = {}): Seen => ({
  cluster: 'dc1',
  atMs: now - 4_000,
  tookMs: 812,
  intervalMs: 10_000,
  complete: true,
  gaps: [],
  ...over,
});

/** What a sweep with two rights too few and a silent broker says. */
export const gaps: SweepGap[] = [
  {
    ...{ what: 'LOG_DIRS', broker: 3, right: null, failure: true },
    reason: 'Broker 3 gave no answer in 5 s. Sizes of its replicas are not known.',
  },
  {
    ...{ what: 'TOPIC_CONFIGS', broker: null, right: 'DescribeConfigs on topics', failure: true },
    reason: 'The principal may not read configs of topics.',
  },
  {
    ...{ what: 'TRANSACTIONS', broker: null, right: null, failure: false },
    reason: 'Transactions are listed from Kafka 3.0 on.',
  },
];

const areas = ['shop.orders', 'shop.payments', 'shop.clicks', 'billing.invoices', 'hr.absences'];

export function topicRow(i: number, over: Partial<TopicRow> = {}): TopicRow {
  return {
    name: `${areas[i % areas.length]}.v${String(i).padStart(5, '0')}`,
    internal: false,
    partitions: 12,
    replicationFactor: 3,
    leaderBytes: String(1_048_576 * ((i * 37) % 4_096)),
    replicaBytes: String(3_145_728 * ((i * 37) % 4_096)),
    startOffsets: '0',
    endOffsets: String(i * 1_204_117),
    messages: String(i * 1_204_117),
    messagesPerSecond: (i * 7) % 900,
    bytesPerSecond: ((i * 7) % 900) * 640,
    cleanupPolicy: i % 9 === 0 ? 'compact' : 'delete',
    retentionMs: i % 9 === 0 ? '-1' : '604800000',
    groups: i % 4,
    offline: 0,
    untold: 0,
    underReplicated: 0,
    underMinIsr: 0,
    ...(i === 3 ? { offline: 1, underReplicated: 2, underMinIsr: 2 } : {}),
    ...(i === 4 ? { underReplicated: 3 } : {}),
    ...(i === 5 ? { messages: null, endOffsets: null, leaderBytes: null, messagesPerSecond: null } : {}),
    ...over,
  };
}

/** Cuts as the server does: every word of the filter is in the name. */
function cut<Row>(
  rows: Row[],
  name: (row: Row) => string,
  query: { filter: string; offset: number; limit: number },
) {
  const words = query.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matched = rows.filter((row) => words.every((word) => name(row).toLowerCase().includes(word)));
  return { matched: matched.length, rows: matched.slice(query.offset, query.offset + query.limit) };
}

const byNumber =
  <Row>(of: (row: Row) => number | null, direction: 'asc' | 'desc') =>
  (a: Row, b: Row): number => {
    const [x, y] = [of(a), of(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return direction === 'asc' ? x - y : y - x;
  };

export function topics(now: number, url: URL, over: { seen?: Partial<Seen>; total?: number } = {}) {
  const query = topicsQuery.parse(Object.fromEntries(url.searchParams));
  const all = Array.from({ length: over.total ?? ROWS }, (_, i) => topicRow(i));
  const kept = all.filter((row) => query.trouble === '0' || row.offline + row.underReplicated > 0);
  if (query.sort === 'size')
    kept.sort(
      byNumber((row) => (row.leaderBytes === null ? null : Number(row.leaderBytes)), query.direction),
    );
  else kept.sort((a, b) => (a.name < b.name ? -1 : 1) * (query.direction === 'asc' ? 1 : -1));
  return topicsPage.parse({
    ...seen(now, over.seen),
    total: all.length,
    configsAt: now - 230_000,
    ...cut(kept, (row) => row.name, query),
  });
}

export function topic(
  now: number,
  over: { seen?: Partial<Seen>; row?: Partial<TopicRow>; configs?: null } = {},
) {
  const partitions = Array.from({ length: 12 }, (_, partition) => ({
    partition,
    leader: partition === 7 ? null : (partition % 3) + 1,
    leaderEpoch: partition === 7 ? null : 14,
    replicas: [(partition % 3) + 1, ((partition + 1) % 3) + 1, ((partition + 2) % 3) + 1],
    inSync: partition === 7 ? [] : partition === 4 ? [2, 3] : [1, 2, 3],
    start: partition === 7 ? null : '9007199254740993',
    lastStable: partition === 7 ? null : String(9_007_199_254_840_993n + BigInt(partition)),
    highWatermark: partition === 7 ? null : String(9_007_199_254_841_193n + BigInt(partition)),
    blocked: partition === 7 ? null : '200',
    bytes: partition === 7 ? null : '104857600',
    messagesPerSecond: partition === 7 ? null : 67.4,
    status: partition === 7 ? 'OFFLINE' : partition === 4 ? 'UNDER_REPLICATED' : 'OK',
    toldAt: partition === 7 ? null : now - 4_000,
  }));
  const configs = sweptConfigs.map((name) => configOf(name));
  return topicDetail.parse({
    ...seen(now, over.seen),
    topic: topicRow(3, { name: 'shop.orders', groups: 2, ...over.row }),
    topicId: 'Mk3OEYzTUI4WUNGQgAAAA',
    partitions,
    configs: over.configs === undefined ? configs : null,
    configsAt: over.configs === undefined ? now - 140_000 : null,
    groups: [
      {
        ...{ group: 'billing-writer', type: 'consumer', state: 'Stable', members: 3, partitions: 12 },
        ...{ lagMessages: '1284091', maxLagSeconds: 48 },
      },
      {
        ...{ group: 'search indexer/eu', type: 'classic', state: 'Empty', members: 0, partitions: 11 },
        ...{ lagMessages: null, maxLagSeconds: null },
      },
    ],
  });
}

/** As Kafka 4.3 has them; some are set elsewhere than by default. */
const allConfigs: Record<string, string> = {
  ...{ 'cleanup.policy': 'delete', 'compression.gzip.level': '-1', 'compression.lz4.level': '9' },
  ...{ 'compression.type': 'producer', 'compression.zstd.level': '3', 'delete.retention.ms': '86400000' },
  ...{ 'file.delete.delay.ms': '60000', 'flush.messages': '9223372036854775807' },
  ...{ 'flush.ms': '9223372036854775807', 'follower.replication.throttled.replicas': '' },
  ...{ 'index.interval.bytes': '4096', 'leader.replication.throttled.replicas': '' },
  ...{
    'local.retention.bytes': '-2',
    'local.retention.ms': '-2',
    'max.compaction.lag.ms': '9223372036854775807',
  },
  ...{ 'max.message.bytes': '1048588', 'message.timestamp.after.max.ms': '3600000' },
  ...{ 'message.timestamp.before.max.ms': '9223372036854775807', 'message.timestamp.type': 'CreateTime' },
  ...{ 'min.cleanable.dirty.ratio': '0.5', 'min.compaction.lag.ms': '0', 'min.insync.replicas': '2' },
  ...{ preallocate: 'false', 'remote.log.copy.disable': 'false', 'remote.log.delete.on.disable': 'false' },
  ...{ 'remote.storage.enable': 'false', 'retention.bytes': '-1', 'retention.ms': '604800000' },
  ...{ 'segment.bytes': '1073741824', 'segment.index.bytes': '10485760', 'segment.jitter.ms': '0' },
  ...{ 'segment.ms': '604800000', 'unclean.leader.election.enable': 'false' },
};
const setElsewhere: Record<string, string> = {
  'retention.ms': 'TOPIC',
  'segment.bytes': 'BROKER_FILE',
  'min.insync.replicas': 'ALL_BROKERS',
};
const sweptConfigs = [
  ...['cleanup.policy', 'compression.type', 'delete.retention.ms', 'max.compaction.lag.ms'],
  ...['max.message.bytes', 'message.timestamp.type', 'min.compaction.lag.ms', 'min.insync.replicas'],
  ...['retention.bytes', 'retention.ms', 'segment.bytes', 'segment.ms', 'unclean.leader.election.enable'],
];
const configOf = (name: string) => ({
  ...{ name, value: allConfigs[name], source: setElsewhere[name] ?? 'DEFAULT' },
});

/** What a broker answers when it is asked for all of them. */
export const topicConfigs = (now: number) =>
  topicConfigsView.parse({
    ...{ cluster: 'dc1', topic: 'shop.orders', readAt: now },
    configs: Object.keys(allConfigs).map((name) => configOf(name)),
  });

const healthy = {
  stalled: 0,
  fallingBehind: 0,
  beyondEnd: 0,
  lost: '0',
  retentionHeadroomSeconds: null,
  why: null,
};
const worst: Partial<MonitoredGroupRow>[] = [
  {
    group: 'billing-writer',
    state: 'Stable',
    members: 3,
    stalled: 2,
    lagMessages: '9007199254740993',
    maxLagSeconds: 93_000,
  },
  { group: 'search indexer/eu', fallingBehind: 4, retentionHeadroomSeconds: 7_200 },
  { group: 'shop.projection', beyondEnd: 1, lagMessages: '0', maxLagSeconds: 0 },
  { group: 'late.reader', lost: '12041', state: 'Empty', members: 0 },
  {
    ...{
      group: 'secret',
      state: 'Stable',
      members: null,
      known: 0,
      partitions: 0,
      lagMessages: null,
      topics: 0,
    },
    ...{ maxLagSeconds: null, lagBytes: null, maxLagMessages: null, commitRate: null, topicNames: [] },
    why: 'Describe on the group is missing: its members and commits are not told.',
  },
];

export function groupRow(i: number, over: Partial<MonitoredGroupRow> = {}): MonitoredGroupRow {
  const lag = (ROWS - i) * 31;
  return {
    group: `team-${i % 17}.consumer-${String(i).padStart(5, '0')}`,
    type: i % 3 === 0 ? 'consumer' : 'classic',
    state: i % 5 === 0 ? 'Empty' : 'Stable',
    members: i % 5 === 0 ? 0 : 3,
    coordinator: (i % 3) + 1,
    topics: 2,
    topicNames: ['shop.orders', 'shop.payments'],
    partitions: 24,
    known: 24,
    lagMessages: String(lag),
    maxLagMessages: String(Math.ceil(lag / 3)),
    lagBytes: String(lag * 640),
    maxLagSeconds: lag / 900,
    commitRate: (i * 7) % 900,
    unknownSince: null,
    ...healthy,
    ...worst[i],
    ...over,
  };
}

export function groups(now: number, url: URL, over: { seen?: Partial<Seen>; total?: number } = {}) {
  const query = groupsQuery.parse(Object.fromEntries(url.searchParams));
  const all = Array.from({ length: over.total ?? ROWS }, (_, i) => groupRow(i));
  const kept = all.filter(
    (row) =>
      (query.trouble === '0' || row.stalled || row.fallingBehind || row.beyondEnd || row.lost !== '0') &&
      (query.state === '' || row.state === query.state),
  );
  if (query.sort === 'group')
    kept.sort((a, b) => (a.group < b.group ? -1 : 1) * (query.direction === 'asc' ? 1 : -1));
  const byState: Record<string, number> = {};
  for (const { state } of all) byState[state] = (byState[state] ?? 0) + 1;
  return groupsPage.parse({
    ...seen(now, over.seen),
    total: all.length,
    allListed: true,
    byState,
    ...cut(kept, (row) => row.group, query),
  });
}

export function group(now: number, over: { seen?: Partial<Seen>; row?: Partial<MonitoredGroupRow> } = {}) {
  const status = ['STALLED', 'OK', 'FALLING_BEHIND', 'LOST', 'BEYOND_END', 'UNKNOWN'] as const;
  const partitions = Array.from({ length: 24 }, (_, i) => {
    const is = i < status.length ? status[i]! : 'OK';
    const known = is !== 'UNKNOWN';
    return {
      topic: i % 2 === 0 ? 'shop.orders' : 'shop.payments',
      partition: Math.floor(i / 2),
      commit: String(9_007_199_254_740_993n + BigInt(i)),
      start: known ? '9007199254740000' : null,
      end: known ? String(9_007_199_254_740_993n + BigInt(i * 1_204)) : null,
      lag: known ? String(i * 1_203) : null,
      lagBytes: known ? String(i * 1_203 * 640) : null,
      lagSeconds: known ? i * 1.5 : null,
      secondsFrom: known ? ('SAMPLES' as const) : null,
      blocked: known ? '0' : null,
      deleted: is === 'LOST' ? '120' : '0',
      beyondEnd: is === 'BEYOND_END' ? '41' : '0',
      compacted: i === 2,
      commitRate: is === 'STALLED' ? 0 : 41.5,
      status: is,
      memberId: is === 'UNKNOWN' ? null : `consumer-${i % 3}-6f1c`,
      why: is === 'UNKNOWN' ? 'The partition has no leader: nobody tells where it ends.' : null,
    };
  });
  return groupDetail.parse({
    ...seen(now, over.seen),
    row: groupRow(0, { known: 23, ...over.row }),
    members: Array.from({ length: 3 }, (_, i) => ({
      memberId: `consumer-${i}-6f1c`,
      instanceId: i === 0 ? 'writer-a' : null,
      clientId: `billing-writer-${i}`,
      host: `/10.4.0.${11 + i}`,
      assigned: [{ topic: 'shop.orders', partitions: [i, i + 3, i + 6, i + 9] }],
      lagMessages: String(4_812 * i),
    })),
    partitions,
    deletedTopics: ['shop.legacy'],
    watchedSinceMs: now - 3 * 86_400_000,
  });
}

export function broker(id: number, now: number, over: Partial<BrokerRow> = {}): BrokerRow {
  return {
    id,
    host: `kafka-${id}.dc1.example.com`,
    port: 9092,
    rack: `zone-${id}`,
    state: 'SERVING',
    why: null,
    sinceMs: now - 6 * 3_600_000,
    latencyMs: 0.8 + id,
    stateChanges: 0,
    kafkaVersion: '4.1',
    quorumRole: id === 1 ? 'LEADER' : 'VOTER',
    leaders: 3_328 + id,
    replicas: 9_984,
    outOfSync: 0,
    logBytes: '412316860416',
    diskUsedRatio: 0.41 + id / 100,
    dirs: [
      {
        ...{ path: '/var/lib/kafka/data-1', totalBytes: '1099511627776', usedBytes: '462316860416' },
        ...{ logBytes: '412316860416', replicas: 9_984, offline: false },
      },
    ],
    disksOldSince: null,
    certificateExpiresMs: now + 40 * 86_400_000,
    ...over,
  };
}

const badBrokers = (now: number): BrokerRow[] => [
  broker(1, now, { diskUsedRatio: 0.83 }),
  broker(2, now, { diskUsedRatio: 0.94 }),
  broker(3, now, {
    ...{ state: 'UNREACHABLE', latencyMs: null, logBytes: null, diskUsedRatio: null, dirs: null },
    ...{ outOfSync: 214, stateChanges: 3, sinceMs: now - 340_000 },
    why: 'It gave no answer to ApiVersions in 5 s.',
  }),
  broker(4, now, {
    ...{ state: 'FENCED', quorumRole: 'OBSERVER', leaders: 0, replicas: 0, sinceMs: now - 20_000 },
    why: 'It is registered, and the controller keeps it out of service: it is shut down, starting, or sends no heartbeats.',
  }),
  broker(5, now, {
    ...{ state: 'MISSING', host: null, port: null, rack: null, latencyMs: null, kafkaVersion: null },
    ...{
      quorumRole: null,
      leaders: 0,
      replicas: 12,
      outOfSync: 12,
      logBytes: null,
      diskUsedRatio: null,
      dirs: null,
    },
    why: 'It should hold replicas, and the cluster does not name it.',
  }),
];

export const brokers = (now: number, over: { seen?: Partial<Seen>; bad?: boolean } = {}) =>
  brokersPage.parse({
    ...seen(now, over.seen),
    leaderSkew: 1.08,
    rows: over.bad ? badBrokers(now) : [1, 2, 3].map((id) => broker(id, now)),
  });

export const oneBroker = (now: number, over: { seen?: Partial<Seen>; row?: Partial<BrokerRow> } = {}) =>
  brokerDetail.parse({
    ...seen(now, over.seen),
    broker: broker(2, now, {
      outOfSync: 40,
      dirs: [
        ...(broker(2, now).dirs ?? []),
        {
          ...{ path: '/var/lib/kafka/data-2', totalBytes: null, usedBytes: null, logBytes: null },
          ...{ replicas: 3, offline: true },
        },
      ],
      ...over.row,
    }),
    outOfSync: Array.from({ length: 40 }, (_, partition) => ({ topic: 'shop.clicks', partition })),
    largest: Array.from({ length: 50 }, (_, i) => ({
      topic: areas[i % areas.length] as string,
      partition: i,
      bytes: String(42_949_672_960 - i * 104_857_600),
    })),
    features: [{ name: 'metadata.version', min: 7, max: 27 }],
  });

const voter = (id: number, now: number, over: Partial<QuorumReplica> = {}): QuorumReplica => ({
  id,
  directoryId: `aV${id}3kYzTUI4WUNGQgAAAA`,
  logEndOffset: '4812331',
  lag: '0',
  lastFetchMs: now - 400,
  lastCaughtUpMs: now - 500,
  behindSeconds: 0.5,
  ...over,
});

export function quorum(now: number, over: { seen?: Partial<Seen>; bad?: boolean } = {}) {
  const good = [voter(1, now, { behindSeconds: 0 }), voter(2, now), voter(3, now)];
  const bad = [
    ...good.slice(0, 2),
    voter(3, now, { lag: '120441', behindSeconds: 340, lastCaughtUpMs: now - 340_000 }),
    voter(4, now, { lag: '12', behindSeconds: 8, lastCaughtUpMs: now - 8_000, directoryId: null }),
  ];
  return quorumView.parse({
    ...seen(now, over.seen),
    ...{ told: true, leader: 1, epoch: 41, highWatermark: '4812331' },
    voters: over.bad ? bad : good,
    observers: [4, 5].map((id) => voter(id, now)),
    headroom: over.bad ? 0 : 1,
    evenVoters: over.bad === true,
    clockOffsetSeconds: over.bad ? 4.2 : 0.02,
    fenced: over.bad ? [4] : [],
    features: [
      { name: 'group.version', level: 1, min: 0, max: 1 },
      { name: 'kraft.version', level: null, min: 0, max: 1 },
      { name: 'metadata.version', level: 27, min: 7, max: 27 },
    ],
    metadataVersion: '4.1',
  });
}

export const zooKeeper = (now: number) =>
  quorumView.parse({
    ...seen(now, {
      gaps: [
        {
          ...{ what: 'QUORUM', broker: null, right: null, failure: false },
          reason: 'The cluster runs with ZooKeeper: it has a controller and no quorum of its own.',
        },
      ],
    }),
    ...{
      told: false,
      leader: 2,
      epoch: null,
      highWatermark: null,
      voters: [],
      observers: [],
      headroom: null,
    },
    ...{ evenVoters: false, clockOffsetSeconds: null, fenced: [], features: [], metadataVersion: null },
  });

export const summary = (now: number, over: Partial<z.infer<typeof clusterSummary>> = {}) =>
  clusterSummary.parse({
    ...seen(now),
    ...{
      clusterId: 'dc1-Mk3OEYzTUI4WUNGQg',
      kafkaVersion: '4.1',
      reachable: true,
      brokers: 3,
      brokersMissing: 0,
    },
    ...{ controllerId: 1, topics: ROWS, partitions: 40_000, offline: 0, underReplicated: 0, underMinIsr: 0 },
    ...{
      untold: 0,
      heldPartitions: 1,
      atMinIsr: 0,
      singleReplica: 0,
      nonPreferredRatio: 0.02,
      leaderSkew: 1.08,
      uncleanElections: 0,
    },
    ...{ leaderChanges: 14, groups: ROWS, logBytes: '1236950581248', bytesInPerSecond: 212_000_000 },
    ...{ messagesInPerSecond: 67_416, openTransactions: 2, oldestTransactionSeconds: 31 },
    transactions: [
      {
        ...{ transactionalId: 'billing-writer-0', producerId: '4102', state: 'Ongoing', coordinator: 2 },
        ...{ startedMs: now - 31_000, timeoutMs: 60_000, partitions: 3 },
      },
      {
        ...{ transactionalId: 'landbridge-dc1-to-cloud', producerId: '9007199254740993', state: 'Ongoing' },
        ...{ coordinator: 1, startedMs: null, timeoutMs: null, partitions: null },
      },
    ],
    held: [
      {
        ...{ topic: 'shop.orders', partition: 3, blocked: '1204', producerId: '4102', producerEpoch: 7 },
        lastWriteMs: now - 29_000,
      },
    ],
    ...{ clockOffsetSeconds: 0.02, certificates: [] },
    ...over,
  });

/** One point a step over the asked range: of each series a straight rise that begins at its number, with a gap in the middle. */
export function history(url: URL, names: readonly Record<string, string>[], total = names.length) {
  const get = (key: string) => Number(url.searchParams.get(key));
  const [fromMs, toMs] = [get('fromMs'), get('toMs')];
  const points = 61;
  const timesMs = Array.from({ length: points }, (_, i) =>
    Math.round(fromMs + ((toMs - fromMs) * i) / (points - 1)),
  );
  return historyAnswer.parse({
    metric: url.searchParams.get('metric'),
    fromMs,
    toMs,
    stepMs: null,
    timesMs,
    series: names.map((labels, n) => ({
      labels,
      values: timesMs.map((_, i) => (i >= 30 && i < 36 ? null : (n + 1) * (100 + i * 10))),
      latest: { atMs: toMs, value: (n + 1) * 700 },
    })),
    total,
    partial: false,
    keptFromMs: fromMs - 86_400_000,
    ticksFromMs: fromMs - 86_400_000,
  });
}
