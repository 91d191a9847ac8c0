// Data for rendering tests: states that real clusters cannot be brought into at will. Every piece is checked against the
// contracts, so that a page is never shown something that the server could not say. Used by tests only.
import type { z } from 'zod';
import { type AutoCreateVerdict, autoCreatePreview } from '@/lib/contracts/auto-create';
import { type ClusterView, clusterList, clusterProbe, topicList } from '@/lib/contracts/cluster';
import { linkCheck } from '@/lib/contracts/engine';
import {
  type LinkRow,
  linkDetail,
  linkList,
  type MirrorRow,
  mirrorDetail,
  mirrorPage,
  mirrorQuery,
  type PartitionRow,
} from '@/lib/contracts/link';
import type { LinkTask } from '@/lib/contracts/link-task';
import type { RightRow } from '@/lib/contracts/rights';
import { sweepAnswer } from '@/lib/contracts/verify';

const MINUTE_MS = 60_000;
const SAMPLE_MS = 10_000;
const SAMPLES = 360;

/** Numbers that look alive and are the same in every run. */
const wave = (seed: number, at: number): number =>
  (Math.sin(seed + at / 7) + Math.sin(seed * 3 + at / 23) + 2) / 4;

const checks = (failing: string | null) =>
  (['RESOLVE', 'TCP', 'API_VERSIONS', 'CLUSTER_ID', 'METADATA'] as const).map((stage, i, all) => {
    const failedAt = failing ? 1 : all.length;
    return {
      stage,
      status: i < failedAt ? ('OK' as const) : i === failedAt ? ('FAILED' as const) : ('NOT_RUN' as const),
      message:
        i === failedAt
          ? (failing ?? '')
          : i < failedAt
            ? 'kafka-1.dc1.example.com → 10.4.0.11, 10.4.0.12'
            : '',
      durationMs: i <= failedAt ? 0.8 + i * 1.7 : null,
    };
  });

export function cluster(
  name: string,
  now: number,
  over: Partial<ClusterView> & { down?: string } = {},
): ClusterView {
  const { down, ...rest } = over;
  return {
    name,
    bootstrapServers: [`kafka-1.${name}.example.com:9092`, `kafka-2.${name}.example.com:9092`],
    security: {
      protocol: 'SASL_SSL',
      saslMechanism: 'PLAIN',
      saslUsername: 'landbridge',
      oauth: null,
      tls: null,
    },
    managedBy: 'CONSOLE',
    probe: clusterProbe.parse({
      reachable: !down,
      checkedAt: now - 12_000,
      clusterId: down ? null : `${name}-Mk3OEYzTUI4WUNGQg`,
      kafkaVersion: down ? null : '4.3',
      controllerId: down ? null : 2,
      brokers: down
        ? []
        : [1, 2, 3].map((id) => ({
            id,
            host: `kafka-${id}.${name}.example.com`,
            port: 9092,
            rack: `zone-${id}`,
          })),
      topicCount: down ? null : 1248,
      partitionCount: down ? null : 9984,
      rttMs: down ? null : 1.14,
      checks: checks(down ?? null),
    }),
    linksFrom: [],
    linksTo: [],
    deletions: [],
    ...rest,
  };
}

export const clusters = (now: number, list: ClusterView[]) =>
  clusterList.parse({ asOf: now, clusters: list });

const end = (name: string) => ({
  name,
  clusterId: `${name}-Mk3OEYzTUI4WUNGQg`,
  kafkaVersion: '4.3',
  brokers: 3,
});

export function link(name: string, now: number, over: Partial<LinkRow> = {}): LinkRow {
  return {
    id: `id-${name}`,
    name,
    source: end('dc1'),
    destination: end('cloud'),
    state: 'ACTIVE',
    error: 'NO_ERROR',
    message: null,
    since: now - 6 * 3600_000,
    mirrors: 148,
    mirrorsByState: { ACTIVE: 148 },
    attention: 0,
    operations: { open: 0, longest: null },
    locks: { locked: 146, watched: 2 },
    bytesPerSecond: 212_000_000,
    recordsPerSecond: 67_416,
    worst: { topic: 'shop.clicks', lag: { messages: '3', bytes: '1945', seconds: 0.1 } },
    latencyMs: { p50: 1.2, p99: 6 },
    mode: 'DESTINATION',
    otherDirection: null,
    ...over,
  };
}

type Meta = { asOf?: number; engine?: 'RUNNING' | 'STARTING' | 'SILENT' };
const metaAt = (now: number, meta: Meta) => ({
  asOf: meta.asOf ?? now - 1000,
  engine: meta.engine ?? 'RUNNING',
});

export const links = (now: number, list: LinkRow[], meta: Meta = {}) =>
  linkList.parse({ ...metaAt(now, meta), links: list });

function history(now: number, seed: number) {
  const timesMs = Array.from({ length: SAMPLES }, (_, i) => now - (SAMPLES - 1 - i) * SAMPLE_MS);
  const gap = (i: number) => i > 250 && i < 268;
  const column = (scale: number, shift: number) =>
    timesMs.map((_, i) => (gap(i) ? null : Math.round(wave(seed + shift, i) * scale * 10) / 10));
  return {
    timesMs,
    lagMessages: column(52_000, 0).map((v) => (v === null ? null : Math.round(v))),
    lagSeconds: column(48, 0),
    bytesPerSecond: column(212_000_000, 2),
    recordsPerSecond: column(67_000, 2),
  };
}

/** From then on a partition was not known: the sum is at least what is left of it. */
function partlyUnknown(of: ReturnType<typeof history>, fromMs: number) {
  const isPart = of.timesMs.map((at) => at > fromMs);
  if (!isPart.includes(true)) return of;
  return {
    ...of,
    lagMessages: of.lagMessages.map((lag, i) => (isPart[i] ? null : lag)),
    lagMessagesAtLeast: of.lagMessages.map((lag, i) => (isPart[i] ? lag : null)),
  };
}

const set = (key: string, value: string | null, isDefault = true, fixed = false) => ({
  ...{ key, value, isDefault, fixed },
});
const settings = [
  set('cluster.link.paused', 'false'),
  set('cluster.link.prefix', 'dc1.', false, true),
  set('link.mode', 'BIDIRECTIONAL', false, true),
  set('auto.create.mirror.topics.enable', 'true', false),
  set(
    'auto.create.mirror.topics.filters',
    '{"topicFilters":[{"name":"shop.","patternType":"PREFIXED","filterType":"INCLUDE"},{"name":"shop.secret","patternType":"LITERAL","filterType":"EXCLUDE"}]}',
    false,
  ),
  set('mirror.start.offset.spec', 'latest', false),
  set('availability.check.ms', '10000'),
  set('availability.check.consecutive.failure.threshold', '3'),
  set('metadata.max.age.ms', '10000'),
  set('source.range.lost', 'follow'),
  set('compacted.gap.fill', 'markers'),
  set('link.throttle.bytes.per.second', null),
  set('link.memory.bytes', '67108864'),
  set('acl.sync.enable', 'false'),
  set('acl.filters', ''),
];

const unexpectedWrite =
  'Somebody else wrote to the mirror: partition 3 was to continue at offset 88,213,904, but the broker answered 88,213,905. ' +
  'Find the writer (producer id 4711 on broker 2), take its WRITE right away, then delete the mirror topic and add it again.';

function events(now: number, topic: string | null) {
  return [
    {
      at: now - 4 * MINUTE_MS,
      topic: topic ?? 'shop.shipments',
      partition: 3,
      from: 'ACTIVE',
      to: 'FAILED',
      message: unexpectedWrite,
      actor: 'engine',
    },
    {
      at: now - 16 * MINUTE_MS,
      topic: topic ?? 'shop.invoices',
      partition: null,
      from: 'ACTIVE',
      to: 'PAUSED',
      message: 'Broker upgrade at the source.',
      actor: 'ops-2',
      operationId: 'op-1999',
    },
    {
      at: now - 360 * MINUTE_MS,
      topic,
      partition: null,
      from: 'PENDING_MIRROR',
      to: 'ACTIVE',
      message: null,
      actor: 'engine',
    },
    {
      at: now - 361 * MINUTE_MS,
      topic: null,
      partition: null,
      from: null,
      to: 'CREATED',
      message: 'With 148 topics.',
      actor: 'console',
    },
  ];
}

const tasks = (now: number): LinkTask[] => [
  {
    name: 'ConsumerOffsetSync',
    state: 'IN_ERROR',
    errors: [
      {
        code: 'AUTHORIZATION_ERROR',
        message: 'The link’s principal lacks READ on group billing of cloud. Tried again by itself.',
      },
    ],
    running: false,
    lastRunAt: now - 4_000,
    said: 'Wrote 12 positions of 3 groups.',
    nextRunAt: now + 26_000,
  },
  {
    name: 'AutoCreateMirror',
    state: 'NOT_CONFIGURED',
    errors: [],
    running: false,
    lastRunAt: null,
    said: null,
    nextRunAt: null,
  },
  {
    name: 'TopicConfigsSync',
    state: 'ACTIVE',
    errors: [],
    running: true,
    lastRunAt: now - 5_000,
    said: null,
    nextRunAt: now,
  },
];

export const linkPage = (now: number, row: LinkRow, meta: Meta = {}) =>
  linkDetail.parse({
    ...metaAt(now, meta),
    link: row,
    tasks: tasks(now),
    settings,
    fills: { markers: '1204551', head: '90000000000', copies: '0' },
    verification: { ...verified(now, 1), on: true },
    history: history(now, 1),
    events: events(now, null),
  });

const states: Partial<MirrorRow>[] = [
  {
    state: 'FAILED',
    error: 'UNEXPECTED_WRITE',
    message: unexpectedWrite,
    attention: true,
    recordsPerSecond: null,
    bytesPerSecond: null,
  },
  { attention: true, lag: { messages: '1284091', bytes: '222298112', seconds: 48 } },
  { state: 'SOURCE_UNAVAILABLE', message: 'No broker of dc1 leads partition 7.', attention: true },
  { state: 'PAUSED', message: 'Paused by ops-2.', recordsPerSecond: 0 },
  {
    state: 'PENDING_MIRROR',
    message: 'Filling the head, 71 %',
    lag: { messages: null, bytes: null, seconds: null },
    trend: [],
  },
  {},
  {
    state: 'PENDING_STOPPED',
    operation: {
      ...{ id: 'op-1', kind: 'PROMOTE', startedAt: 0, step: 'DRAIN', since: null },
      detail: 'The source is being written to: partitions 3 (≈ 412/s). It must be quiet for 3 s.',
    },
  },
  {
    state: 'STOPPED',
    lag: { messages: null, bytes: null, seconds: null },
    trend: [],
    recordsPerSecond: null,
    bytesPerSecond: null,
    stopped: { at: 0, how: 'PROMOTE', operationId: 'op-2', partitions: 4, missing: '0' },
  },
  {
    state: 'STOPPED',
    lag: { messages: null, bytes: null, seconds: null },
    trend: [],
    recordsPerSecond: null,
    bytesPerSecond: null,
    stopped: { at: 0, how: 'FAILOVER', operationId: 'op-3', partitions: 4, missing: null },
  },
];

/** Some mirrors are verified to their end, some are on the way. */
function verified(now: number, index: number): MirrorRow['verification'] {
  const of = 8_800_000 + index * 7_001;
  return {
    verified: String(index % 3 === 1 ? Math.floor(of / 3) : of),
    of: String(of),
    endsCheckedAt: now - 4_000,
    sampledAt: now - 7_000,
    sweeping: null,
    trouble: null,
  };
}

export function mirror(index: number, now: number, over: Partial<MirrorRow> = {}): MirrorRow {
  const topic = `shop.${['orders', 'payments', 'customers', 'clicks', 'returns'][index % 5]}.v${String(index).padStart(4, '0')}`;
  return {
    topic,
    sourceTopic: topic,
    state: 'ACTIVE',
    error: 'NO_ERROR',
    message: null,
    since: now - 40 * MINUTE_MS,
    partitions: 4,
    compacted: index % 5 === 2,
    lag: {
      messages: String((index * 7919) % 400),
      bytes: String((index * 7919 * 640) % 250_000),
      seconds: (index % 9) / 10,
    },
    trend: Array.from({ length: 60 }, (_, i) => (i > 20 && i < 24 ? null : wave(index, i) * 3)),
    bytesPerSecond: 40_000 + index * 91,
    recordsPerSecond: (index * 37) % 5000,
    attention: false,
    operation: null,
    stopped: null,
    verification: verified(now, index),
    lock: { state: 'LOCKED', message: 'Nobody but User:landbridge can write.' },
    ...(index < states.length ? states[index] : {}),
    ...over,
  };
}

/** Answers the table's query as the server does, over `total` mirrors. */
export function mirrors(now: number, total: number, search: URLSearchParams) {
  const query = mirrorQuery.parse(Object.fromEntries(search));
  const all = Array.from({ length: total }, (_, i) => mirror(i, now));
  const matched = all.filter(
    (row) =>
      row.topic.includes(query.filter) &&
      (query.attention === '0' || row.attention) &&
      (!query.state || row.state === query.state),
  );
  if (query.sort === 'topic')
    matched.sort((a, b) => (a.topic < b.topic ? -1 : 1) * (query.order === 'asc' ? 1 : -1));
  return mirrorPage.parse({
    ...metaAt(now, {}),
    total,
    matched: matched.length,
    attention: all.filter((row) => row.attention).length,
    rows: matched.slice(query.offset, query.offset + query.limit),
  });
}

export function partition(index: number, now: number, over: Partial<PartitionRow> = {}): PartitionRow {
  const endOffset = 9_007_199_254_740_993n + BigInt(index) * 7_001n;
  const lag = BigInt((index * 131) % 900);
  return {
    partition: index,
    state: 'ACTIVE',
    error: 'NO_ERROR',
    message: null,
    since: now - 40 * MINUTE_MS,
    sourceStart: '88000000',
    sourceLastStable: String(endOffset),
    sourceHighWatermark: String(endOffset + (index === 2 ? 41n : 0n)),
    mirrorStart: '88000000',
    mirrorEnd: String(endOffset - lag),
    blocked: index === 2 ? '41' : '0',
    lag: { messages: String(lag), bytes: String(lag * 640n), seconds: Number(lag) / 400 },
    bytesPerSecond: 12_000,
    recordsPerSecond: 402,
    sourceLeader: 1 + (index % 3),
    // One is read from a replica near the link.
    sourceReadFrom: index === 1 ? 3 : 1 + (index % 3),
    verification: {
      verified: {
        from: '88000000',
        to: String(endOffset - lag - (index === 1 ? 40_000n : 0n)),
        since: now - 3 * 60 * MINUTE_MS,
        at: now - 5_000,
      },
      endCheckedAt: now - 3_000,
      samples: 214,
      sampledAt: now - 8_000,
      sweep: null,
    },
    mirrorLeader: 4 + (index % 3),
    fills: { markers: String(index * 120), head: '88000000', copies: '0' },
    ...over,
  };
}

/** What verification adds to the page of a mirror. */
type Checks = { sweep?: object; differences?: object[]; on?: boolean; unknownForMs?: number };

export function mirrorPageData(
  now: number,
  row: MirrorRow,
  partitions: PartitionRow[],
  meta: Meta = {},
  checks: Checks = {},
) {
  return mirrorDetail.parse({
    ...metaAt(now, meta),
    mirror: row,
    partitions,
    sweep: checks.sweep ?? null,
    differences: checks.differences ?? [],
    verified: { on: checks.on ?? true },
    history: partlyUnknown(history(now, 4), now - (checks.unknownForMs ?? 0)),
    events: events(now, row.topic),
  });
}

export const failedMirror = (now: number) =>
  mirrorPageData(
    now,
    mirror(0, now, {
      ...{ topic: 'shop.shipments', state: 'FAILED', since: now - 4 * MINUTE_MS },
      lag: { messages: '52118', bytes: '32505856', seconds: 660, leftOut: 1 },
    }),
    Array.from({ length: 12 }, (_, i) =>
      partition(
        i,
        now,
        i === 3
          ? {
              state: 'FAILED',
              error: 'UNEXPECTED_WRITE',
              message: unexpectedWrite,
              since: now - 4 * MINUTE_MS,
              recordsPerSecond: null,
              bytesPerSecond: null,
            }
          : i === 5
            ? { mirrorEnd: null, mirrorLeader: null, lag: { messages: null, bytes: null, seconds: null } }
            : {},
      ),
    ),
    {},
    { unknownForMs: 4 * MINUTE_MS },
  );

export const sweepDryRun = sweepAnswer.parse({
  topics: ['shop.orders'],
  message:
    'Both sides are read once, up to where they stand now, and compared record by record. Mirroring goes on; a difference fails its partition.',
  offsets: '8807001',
  bytes: '11272961280',
  seconds: 336,
});

const sweptBy = { id: 'sweep-1', requestedBy: 'ops-2' };

/** In the middle of a sweep. */
export const sweptMirror = (now: number) =>
  mirrorPageData(
    now,
    mirror(6, now, {
      topic: 'shop.orders',
      verification: {
        ...verified(now, 1),
        sweeping: { done: '3212004', total: '8807001' },
        trouble:
          'Partition 2 cannot be compared now: Fetch at broker 5: NOT_LEADER_OR_FOLLOWER. Tried again by itself.',
      },
    }),
    Array.from({ length: 4 }, (_, i) => partition(i, now)),
    {},
    { sweep: { ...sweptBy, requestedAt: now - 70_000, endedAt: null, outcome: null } },
  );

const differs =
  'shop.payments partition 2 differs from its source at offset 88,213,904: the source has a record of 612 bytes, the mirror has none. ' +
  "The batch was written by producer id 77 (epoch 0), which is not this link's. Mirroring of this partition has stopped.";

/** A difference was found; verification is switched off. */
export const differingMirror = (now: number) =>
  mirrorPageData(
    now,
    mirror(1, now, { topic: 'shop.payments', state: 'FAILED', error: 'UNEXPECTED_WRITE', message: differs }),
    Array.from({ length: 4 }, (_, i) =>
      partition(i, now, i === 2 ? { state: 'FAILED', error: 'UNEXPECTED_WRITE', message: differs } : {}),
    ),
    {},
    {
      on: false,
      sweep: { ...sweptBy, requestedAt: now - 400_000, endedAt: now - 90_000, outcome: 'DIFFERENT' },
      differences: [
        {
          partition: 2,
          foundAt: now - 95_000,
          message: differs,
          more: true,
          offset: '88213904',
          records: 1000,
        },
      ],
    },
  );

export const topics = (now: number, count: number) =>
  topicList.parse({
    asOf: now,
    topics: [
      {
        name: '__consumer_offsets',
        partitions: 50,
        internal: true,
        replicationFactor: 3,
        cleanupPolicy: 'compact',
      },
      { name: '_schemas', partitions: 1, internal: false, replicationFactor: 3, cleanupPolicy: 'compact' },
      ...Array.from({ length: count }, (_, i) => ({
        name: `shop.${['orders', 'payments', 'customers'][i % 3]}.v${i}`,
        partitions: 1 + (i % 24),
        internal: false,
        replicationFactor: 3,
        cleanupPolicy: i % 3 === 2 ? 'compact' : 'delete',
      })),
    ],
  });

const judged = (sourceTopic: string, verdict: AutoCreateVerdict, message: string) => ({
  ...{ sourceTopic, topic: `dc1.${sourceTopic}`, verdict, message },
});
/** What filters take, with every verdict once. */
export const autoCreate = (now: number) =>
  autoCreatePreview.parse({
    asOf: now,
    counts: {
      MATCHED: 1,
      MIRRORED: 148,
      EXISTS: 1,
      STOPPED: 1,
      REMOVED: 1,
      LEADS_BACK: 1,
      INTERNAL: 1,
      EXCLUDED: 1,
      NOT_INCLUDED: 1093,
    },
    rows: [
      judged('shop.invoices', 'MATCHED', 'Will be mirrored.'),
      judged('shop.orders', 'MIRRORED', 'A mirror of this link already.'),
      judged(
        'shop.stock',
        'EXISTS',
        'A topic dc1.shop.stock stands on cloud already, and is not taken over by itself.',
      ),
      judged(
        'shop.old',
        'STOPPED',
        'It was promoted at 2026-11-20T08:00:00.000Z and is an ordinary topic since.',
      ),
      judged('shop.carts', 'REMOVED', 'ops-2 took it off the link. To bring it back, add it by hand.'),
      judged('cloud.returns', 'LEADS_BACK', 'Its records come from the destination.'),
      judged(
        '_schemas',
        'INTERNAL',
        'Names that begin with "_" are mirrored only where a filter names them literally.',
      ),
      judged('shop.secret', 'EXCLUDED', 'Excluded by the filter on "shop.secret".'),
      judged('hr.salaries', 'NOT_INCLUDED', 'No filter includes it.'),
    ],
    total: 1248,
  });

const right = (row: Partial<RightRow> & Pick<RightRow, 'side' | 'operation'>): RightRow => ({
  resource: 'TOPIC',
  status: 'HELD',
  message: 'The link reads the records, and sees partitions and offsets.',
  topics: [],
  command: null,
  ...row,
});
const grant = (rest: string) =>
  `kafka-acls.sh --bootstrap-server kafka-1.cloud.example.com:9092 --command-config admin.properties --add --allow-principal 'User:landbridge' ${rest}`;
const rights: RightRow[] = [
  right({ side: 'SOURCE', operation: 'READ' }),
  right({ side: 'SOURCE', operation: 'DESCRIBE_CONFIGS' }),
  right({
    side: 'DESTINATION',
    operation: 'CREATE',
    status: 'NOT_NEEDED',
    message: 'All mirror topics exist.',
  }),
  right({
    side: 'DESTINATION',
    operation: 'DELETE',
    status: 'MISSING',
    message:
      'The link deletes records in front of the log start of the source (never the topic). Missing on 2 topics.',
    topics: ['shop.clicks', 'shop.orders'],
    command: grant("--operation Delete --topic 'shop.clicks' --topic 'shop.orders'"),
  }),
  right({ side: 'DESTINATION', operation: 'ALTER', status: 'NOT_RUN', command: grant('--operation Alter') }),
  right({ side: 'DESTINATION', resource: 'TRANSACTIONAL_ID', operation: 'WRITE' }),
  right({
    side: 'DESTINATION',
    resource: 'CLUSTER',
    operation: 'ALTER',
    status: 'MISSING',
    message: 'Not vital: gaps are filled with empty transactions, exact but slower.',
    command: grant('--operation Alter --cluster'),
  }),
];

export const check = (failing: string | null): z.infer<typeof linkCheck> =>
  linkCheck.parse({
    ok: failing === null,
    error: failing ? 'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR' : 'NO_ERROR',
    source: checks(failing),
    destination: [
      ...checks(null),
      {
        stage: 'SCRATCH_TOPIC',
        status: failing ? 'NOT_RUN' : 'OK',
        message: failing
          ? 'Not run: the source cannot be reached.'
          : 'Append, marker and delete gave the expected offsets; 70,000 markers/s.',
        durationMs: failing ? null : 412,
      },
    ],
    sourceClusterId: failing ? null : 'dc1-Mk3OEYzTUI4WUNGQg',
    destinationClusterId: 'cloud-Mk3OEYzTUI4WUNGQg',
    ...(failing
      ? {}
      : { rights, fills: { way: 'TRANSACTIONS', gapsPerSecond: 412.4, offsetsPerSecond: 2_871 } }),
  });
