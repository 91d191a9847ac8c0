// Links and mirrors as pages and the engine see them. Names of states and errors are those of the field (see docs/states.md).
import { z } from 'zod';
import { aclFiltersText, kafkaPrincipal, principalMapText } from './acl-filters';
import { bigintString, objectName, timestampMs, topicName } from './common';
import { linkTask } from './link-task';
import { nameFiltersText } from './name-filters';
import { openOperation, stoppedMirror } from './operation';
import { DEFAULT_INCLUDE, topicConfigInclude } from './topic-config-sync';
import { differenceView, partitionVerification, sweep, verificationSummary } from './verify';

export const linkState = z.enum(['ACTIVE', 'PAUSED', 'UNAVAILABLE', 'FAILED', 'UNKNOWN']);
export type LinkState = z.infer<typeof linkState>;

export const linkError = z.enum([
  'NO_ERROR',
  'AUTHENTICATION_ERROR',
  'AUTHORIZATION_ERROR',
  'UNRESOLVABLE_BOOTSTRAP_ERROR',
  'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR',
  'INVALID_BOOTSTRAP_INTERNAL_ENDPOINT_ERROR',
  'TIMEOUT_ERROR',
  'UNKNOWN',
]);
export type LinkError = z.infer<typeof linkError>;

export const mirrorState = z.enum([
  'PENDING_MIRROR',
  'ACTIVE',
  'PAUSED',
  'LINK_PAUSED',
  'SOURCE_UNAVAILABLE',
  'LINK_FAILED',
  'FAILED',
  'PENDING_STOPPED',
  'STOPPED',
  'PENDING_SYNCHRONIZE',
]);
export type MirrorState = z.infer<typeof mirrorState>;

export const mirrorError = z.enum([
  'NO_ERROR',
  'SOURCE_TOPIC_MAY_BE_DELETED',
  'SOURCE_TOPIC_ID_CHANGED',
  'SOURCE_PARTITIONS_DECREASED',
  'UNEXPECTED_TRUNCATION',
  'UNSUPPORTED_MESSAGE_FORMAT',
  'ILLEGAL_STATE',
  'TOMBSTONES_EXPIRED',
  'UNEXPECTED_WRITE',
  'SOURCE_RANGE_LOST',
  'RECORD_TOO_LARGE',
  'AUTHORIZATION_ERROR',
]);
export type MirrorError = z.infer<typeof mirrorError>;

/**
 * LOCKED: looked at, and nobody but the link and super users can write to the mirror topic. WATCHED: a foreign write is found, but not
 * prevented, and the message says why.
 */
export const mirrorLock = z.object({ state: z.enum(['LOCKED', 'WATCHED']), message: z.string() });
export type MirrorLock = z.infer<typeof mirrorLock>;

/** earliest, latest, or an ISO-8601 time with a zone. */
export const startOffsetSpec = z.union([
  z.literal('earliest'),
  z.literal('latest'),
  z.iso.datetime({ offset: true, error: 'Write earliest, latest, or a time such as 2026-11-23T14:00:00Z.' }),
]);

/** Comma-separated, as Kafka writes lists: what a second person must confirm first on this link. Empty: nothing. */
export const twoPersonOperations = z
  .string()
  .regex(
    /^$|^(promote|failover|reverse|delete)(,(promote|failover|reverse|delete))*$/,
    'Write any of promote, failover, reverse and delete, separated by commas.',
  );

/** Kafka's rule for topic names, of which it is the beginning. */
export const linkPrefix = z
  .string()
  .max(100, 'A prefix has at most 100 characters.')
  .regex(/^[a-zA-Z0-9._-]*$/, 'A prefix holds only letters, digits, ".", "_" and "-".');

/** As brokers' broker.rack. */
const rackName = z
  .string()
  .max(255, 'At most 255 characters.')
  .regex(/^\P{Cc}*$/u, 'A rack holds no control characters.');

/** Settings of a link, by Confluent's keys. Only keys listed here are accepted. */
export const linkSettings = z.strictObject({
  'cluster.link.paused': z.boolean().default(false),
  /** In front of the names of source topics stand those of their mirrors. Only chosen when the link is created. */
  'cluster.link.prefix': linkPrefix.default(''),
  /** BIDIRECTIONAL: the other direction has a link of the same name. Each is created and worked by itself. */
  'link.mode': z.enum(['DESTINATION', 'BIDIRECTIONAL']).default('DESTINATION'),
  'auto.create.mirror.topics.enable': z.boolean().default(false),
  'auto.create.mirror.topics.filters': nameFiltersText('topicFilters').default(''),
  'mirror.start.offset.spec': startOffsetSpec.default('earliest'),
  'availability.check.ms': z.int().min(1000).max(3_600_000).default(10_000),
  'availability.check.consecutive.failure.threshold': z.int().min(1).max(100).default(3),
  'metadata.max.age.ms': z.int().min(1000).max(3_600_000).default(10_000),
  'topic.config.sync.ms': z.int().min(1000).max(3_600_000).default(5_000),
  /** Comma-separated: what is set on a source topic and travels to its mirror, besides what always does. */
  'topic.config.sync.include': topicConfigInclude.default(DEFAULT_INCLUDE),
  'consumer.offset.sync.enable': z.boolean().default(false),
  'consumer.offset.sync.ms': z.int().min(1000).max(3_600_000).default(30_000),
  'consumer.offset.group.filters': nameFiltersText('groupFilters').default(''),
  /** cluster.link.prefix stands in front of groups too. Only chosen when the link is created. */
  'consumer.group.prefix.enable': z.boolean().default(false),
  /** Where the link is, as brokers of the source name their racks: followers there are read, where the source lets consumers do so. */
  'client.rack': rackName.default(''),
  'source.range.lost': z.enum(['follow', 'stop']).default('follow'),
  'compacted.gap.fill': z.enum(['markers', 'copies']).default('markers'),
  'link.throttle.bytes.per.second': z.int().min(1).nullable().default(null),
  'link.memory.bytes': z.int().min(8_388_608).max(4_294_967_296).default(67_108_864),
  /** lock: nobody else may write to mirror topics, where the link's principal may set ACLs. watch: foreign writes are only found. */
  'mirror.lock': z.enum(['lock', 'watch']).default('lock'),
  /** Who the link is to its clusters, where that can't be found out: tried before it is believed. */
  'mirror.lock.principal': kafkaPrincipal.default(''),
  'acl.sync.enable': z.boolean().default(false),
  'acl.sync.ms': z.int().min(1000).max(3_600_000).default(5_000),
  'acl.filters': aclFiltersText.default(''),
  'acl.principal.map': principalMapText.default(''),
  /** Removes what was brought over once it is gone at the source. */
  'acl.sync.delete': z.boolean().default(false),
  'two.person.operations': twoPersonOperations.default(''),
  /** Share of the link's throughput that verification may read; 0 switches it off. */
  'verify.budget.percent': z.int().min(0).max(100).default(5),
  'verify.floor.bytes.per.second': z.int().min(1024).max(1_073_741_824).default(1_048_576),
  'verify.interval.ms': z.int().min(1000).max(3_600_000).default(10_000),
  'verify.sweep.bytes.per.second': z.int().min(65_536).max(10_737_418_240).default(33_554_432),
});
export type LinkSettings = z.infer<typeof linkSettings>;
export type LinkSettingKey = keyof LinkSettings;

/** What a link is and what its mirrors are called depends on them: chosen when it is created, and never changed. */
export const FIXED_SETTINGS: readonly LinkSettingKey[] = [
  'cluster.link.prefix',
  'consumer.group.prefix.enable',
  'link.mode',
];

/** They decide who gets which rights on the destination: an administrator's to set. */
export const GRANTING_SETTINGS = [
  'acl.sync.enable',
  'acl.filters',
  'acl.principal.map',
] as const satisfies readonly LinkSettingKey[];

export const settingRow = z.object({
  key: z.string(),
  value: z.string().nullable(),
  isDefault: z.boolean(),
  /** One of FIXED_SETTINGS. */
  fixed: z.boolean(),
});

export const lag = z.object({
  /** Offsets up to the source's last stable offset, so markers count. Null when unknown. */
  messages: bigintString.nullable(),
  /** messages × measured bytes per offset: an estimate, shown with ≈. */
  bytes: bigintString.nullable(),
  /** now − append time at the source of the first record not yet mirrored; 0 when equal. */
  seconds: z.number().nonnegative().nullable(),
  /** Of a sum: partitions that it leaves out, as nothing is known of them. It is at least that much. Absent: none. */
  leftOut: z.int().positive().optional(),
});
export type Lag = z.infer<typeof lag>;

/** Offsets appended at the mirror that hold no record of the source, since the engine started. */
export const fills = z.object({
  /** Transaction markers standing for markers, aborted data and compacted records of the source. */
  markers: bigintString,
  /** Filler records in front of the mirror's log start, deleted again. */
  head: bigintString,
  /** Copies of the next record in compacted topics (compacted.gap.fill=copies). */
  copies: bigintString,
});
export type Fills = z.infer<typeof fills>;

export const mirrorRow = z.object({
  topic: z.string(),
  sourceTopic: z.string(),
  state: mirrorState,
  error: mirrorError,
  /** What happened, where and what to do next; for PENDING_MIRROR, what it waits for. Null when there is nothing to say. */
  message: z.string().nullable(),
  /** When the state was entered. */
  since: timestampMs,
  /** Null until the source's metadata has been read. */
  partitions: z.number().int().nullable(),
  compacted: z.boolean().nullable(),
  lag,
  /** Worst lag in seconds over the last hour, oldest first, evenly spaced; null is a gap. At most 60 points. */
  trend: z.array(z.number().nullable()),
  bytesPerSecond: z.number().nullable(),
  recordsPerSecond: z.number().nullable(),
  /** Worth a look: failed, unavailable, or lag growing. */
  attention: z.boolean(),
  /** Promote or failover under way; null while there is none. */
  operation: openOperation.nullable(),
  /** Only of STOPPED mirrors. */
  stopped: stoppedMirror.nullable(),
  verification: verificationSummary,
  /** Null before the first look, and of STOPPED mirrors. */
  lock: mirrorLock.nullable(),
});
export type MirrorRow = z.infer<typeof mirrorRow>;

export const partitionRow = z.object({
  partition: z.number().int(),
  state: mirrorState,
  error: mirrorError,
  message: z.string().nullable(),
  since: timestampMs,
  sourceStart: bigintString.nullable(),
  sourceLastStable: bigintString.nullable(),
  sourceHighWatermark: bigintString.nullable(),
  mirrorStart: bigintString.nullable(),
  /** High watermark of the mirror: what is safe, and what lag is counted from. */
  mirrorEnd: bigintString.nullable(),
  /** Offsets between last stable offset and high watermark of the source: held back by an open transaction. */
  blocked: bigintString.nullable(),
  lag,
  bytesPerSecond: z.number().nullable(),
  recordsPerSecond: z.number().nullable(),
  sourceLeader: z.number().int().nullable(),
  /** The broker that its records are read from now: the leader, or with client.rack a follower near the link. */
  sourceReadFrom: z.number().int().nullable(),
  mirrorLeader: z.number().int().nullable(),
  fills,
  verification: partitionVerification,
});
export type PartitionRow = z.infer<typeof partitionRow>;

/** Equal-length columns, oldest first; null is a gap. */
export const history = z.object({
  timesMs: z.array(timestampMs),
  lagMessages: z.array(z.number().nullable()),
  /** Where the sum left partitions out, and lagMessages is null: at least so much. Absent: nowhere. */
  lagMessagesAtLeast: z.array(z.number().nullable()).optional(),
  lagSeconds: z.array(z.number().nullable()),
  bytesPerSecond: z.array(z.number().nullable()),
  recordsPerSecond: z.array(z.number().nullable()),
});
export type History = z.infer<typeof history>;

export const linkEvent = z.object({
  at: timestampMs,
  /** Null: the link itself. */
  topic: z.string().nullable(),
  partition: z.number().int().nullable(),
  from: z.string().nullable(),
  to: z.string(),
  message: z.string().nullable(),
  /** "engine", or who asked. */
  actor: z.string(),
  /** The entry of the audit log that this belongs to. */
  operationId: z.string().nullable().optional(),
});
export type LinkEvent = z.infer<typeof linkEvent>;

export const linkEndpoint = z.object({
  name: z.string(),
  clusterId: z.string().nullable(),
  kafkaVersion: z.string().nullable(),
  brokers: z.number().int().nullable(),
});

export const linkRow = z.object({
  id: z.string(),
  /** Unique on its destination cluster; a link's address is /links/<destination>/<name>. */
  name: objectName,
  source: linkEndpoint,
  destination: linkEndpoint,
  state: linkState,
  error: linkError,
  message: z.string().nullable(),
  since: timestampMs,
  mirrors: z.number().int(),
  mirrorsByState: z.partialRecord(mirrorState, z.number().int()),
  attention: z.number().int(),
  /** Promotes and failovers under way, and the one that has been at its step for longest. */
  operations: z.object({
    open: z.number().int(),
    longest: openOperation.extend({ topic: z.string() }).nullable(),
  }),
  /** Mirrors by their lock; those not looked at yet are in neither. */
  locks: z.object({ locked: z.number().int(), watched: z.number().int() }),
  bytesPerSecond: z.number().nullable(),
  recordsPerSecond: z.number().nullable(),
  /** The mirror with the highest lag in seconds (or messages where seconds are unknown). */
  worst: z.object({ topic: z.string(), lag }).nullable(),
  /** Record timestamp → acknowledged at the destination, over the last minute. */
  latencyMs: z.object({ p50: z.number(), p99: z.number() }).nullable(),
  mode: linkSettings.shape['link.mode'].unwrap(),
  /** The other direction of a BIDIRECTIONAL link; null while it is not there, or may not be seen. */
  otherDirection: z.object({ destination: z.string(), name: z.string() }).nullable(),
});
export type LinkRow = z.infer<typeof linkRow>;

/** `asOf` is when the engine took the snapshot; pages show its age. `engine` SILENT: the numbers are the last ones known. */
export const snapshotMeta = z.object({
  asOf: timestampMs.nullable(),
  engine: z.enum(['RUNNING', 'STARTING', 'SILENT']),
});

export const linkList = snapshotMeta.extend({ links: z.array(linkRow) });
export const linkDetail = snapshotMeta.extend({
  link: linkRow,
  /** Empty until the engine has reported the link. */
  tasks: z.array(linkTask),
  settings: z.array(settingRow),
  fills,
  /** `on`: false while verify.budget.percent is 0. */
  verification: verificationSummary.extend({ on: z.boolean() }),
  history,
  events: z.array(linkEvent),
});
export const mirrorPage = snapshotMeta.extend({
  total: z.number().int(),
  /** Number that the filter lets through. */
  matched: z.number().int(),
  attention: z.number().int(),
  rows: z.array(mirrorRow),
});
/** Query of the mirrors table: filtered, sorted and cut on the server. */
export const mirrorQuery = z.object({
  filter: z.string().max(249).default(''),
  attention: z.enum(['1', '0']).default('0'),
  state: mirrorState.optional(),
  sort: z
    .enum([
      'worst',
      'topic',
      'state',
      'lagMessages',
      'lagBytes',
      'lagSeconds',
      'recordsPerSecond',
      'partitions',
    ])
    .default('worst'),
  order: z.enum(['asc', 'desc']).default('desc'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
/** Names of the mirrors that a filter lets through, in their order: to act on all of them. */
export const mirrorNamesQuery = mirrorQuery.pick({ filter: true, attention: true, state: true });
export const mirrorNames = z.object({ topics: z.array(z.string()) });

export const mirrorDetail = snapshotMeta.extend({
  mirror: mirrorRow,
  partitions: z.array(partitionRow),
  /** The last one, running or ended; null: never swept. */
  sweep: sweep.nullable(),
  /** What verification found, newest of each partition. */
  differences: z.array(differenceView),
  /** False while verify.budget.percent of the link is 0. */
  verified: z.object({ on: z.boolean() }),
  history,
  events: z.array(linkEvent),
});

/** Where a mirror stands besides its name: what an operator may choose when it is created. */
/** As Kafka writes names of topic configs; values hold no control characters. */
const topicConfigName = z.string().regex(/^[a-z][a-z0-9.]{0,99}$/, 'This is not the name of a topic config.');
const topicConfigValue = z
  .string()
  .max(10_000, 'At most 10,000 characters.')
  .regex(/^\P{Cc}*$/u, 'Values hold no control characters.');

export const mirrorOptions = z.strictObject({
  replicationFactor: z.int().min(1).max(1000).nullable().default(null),
  configs: z.record(topicConfigName, topicConfigValue).default({}),
});

/** A source topic, mirrored under its own name behind the link's prefix; or under another one. */
export const mirrorWish = z.union([topicName, z.strictObject({ sourceTopic: topicName, topic: topicName })]);
export type MirrorWish = z.infer<typeof mirrorWish>;

export const createLinkRequest = z.strictObject({
  name: objectName,
  source: objectName,
  destination: objectName,
  settings: linkSettings.partial().default({}),
  topics: z.array(mirrorWish).max(10_000).default([]),
  mirrorOptions: mirrorOptions.default({ replicationFactor: null, configs: {} }),
});
export type CreateLinkRequest = z.infer<typeof createLinkRequest>;

export const addMirrorsRequest = z.strictObject({
  topics: z.array(mirrorWish).min(1, 'Name at least one topic.').max(10_000),
  mirrorOptions: mirrorOptions.default({ replicationFactor: null, configs: {} }),
});
