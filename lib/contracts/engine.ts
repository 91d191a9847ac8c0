// What travels between the web thread and the engine thread. One schema, used by both ends.
import { z } from 'zod';
import { heldAcls } from './acl';
import type { AclPreview } from './acl-sync';
import { autoCreateJudgement } from './auto-create';
import { checkResult, clusterConfig, type clusterProbe, type topicView } from './cluster';
import { bigintString, timestampMs } from './common';
import { type GroupDetail, type GroupPage, type GroupPreview, groupQuery } from './consumer-group';
import {
  type fills,
  linkError,
  linkSettings,
  linkState,
  mirrorError,
  mirrorLock,
  mirrorOptions,
  mirrorState,
} from './link';
import { linkTask, linkTaskName } from './link-task';
import { endingWish, operationOutcome, operationStatement, operationStep } from './operation';
import { type OldTopicLook, type PartingLook, remadeFacts, remakeWish, remakeWork } from './remake';
import { acceptedLoss, type CheckedAgain } from './repair';
import { fillCheck, rightRow } from './rights';
import type { MirrorConfigsView } from './topic-config-sync';
import { differenceReport, sweepOutcome } from './verify';

/** What was last seen of a source, so that a mirror can be stopped when the source is gone. Never a position. */
export const sourceAdvice = z.object({
  at: timestampMs,
  /** Topic configs by name, as in force there. */
  configs: z.record(z.string(), z.string()),
  /** Partition → last stable offset and end. */
  ends: z.record(z.string(), z.object({ stable: bigintString, high: bigintString })),
});
export type SourceAdvice = z.infer<typeof sourceAdvice>;

/** How a topic that was a source came to be a mirror: it holds what its source has, but for what the fence left behind its end. */
export const turnedMirror = z.object({
  operationId: z.string(),
  at: timestampMs,
  /** Partition → where the topic ended when it was fenced: nothing else may stand behind it. */
  ends: z.record(z.string(), bigintString),
  /** Group → partition, and where it stood in this topic: commits of the link, though it has not made them. */
  groups: z.array(z.object({ group: z.string(), places: z.array(z.tuple([z.int(), z.string()])) })),
});
export type TurnedMirror = z.infer<typeof turnedMirror>;

/** What the store wants to be true of one mirror. */
export const desiredMirror = z.object({
  topic: z.string(),
  sourceTopic: z.string(),
  options: mirrorOptions,
  paused: z.boolean(),
  /** Advice kept from earlier runs, never a position. */
  sourceTopicId: z.string().nullable(),
  /** Resolved start offset per partition, written before the first append; absent partitions start at the source's log start. */
  starts: z.record(z.string(), bigintString).nullable(),
  /** True once the engine has created or adopted the destination topic: from then on a missing or foreign topic is an error, not a reason to create. */
  created: z.boolean(),
  /** The id of the destination topic that was created or adopted: another one under the name is somebody else's. Null or absent until it is known. */
  destinationTopicId: z.string().nullable().optional(),
  /** When the mirror last held all that the source had: deletes of compacted topics must not have expired since. Null before mirroring began. */
  consistentAt: timestampMs.nullable(),
  advice: sourceAdvice.nullable(),
  /** It is to be stopped. A mirror that is stopped is not told to the engine any more. */
  ending: endingWish.nullable(),
  /** Its topic is to be made anew, or for the first time over one that is there. */
  remake: remakeWish.nullable().optional(),
  /** Ranges that the source has lost and somebody has accepted as lost. */
  acceptedLosses: z.array(acceptedLoss).optional(),
  /** What an earlier engine had verified, in its own words. */
  verified: z.string().nullable().optional(),
  /** The sweep that is to be made or gone on with. */
  sweep: z.object({ id: z.string() }).nullable().optional(),
  /** Null, or absent: it was made by copying. */
  turn: turnedMirror.nullable().optional(),
  /** Nothing is written to it yet: the operation that has turned it is still under way. */
  held: z.boolean().optional(),
});
export type DesiredMirror = z.infer<typeof desiredMirror>;

export const desiredLink = z.object({
  id: z.string(),
  name: z.string(),
  /** Other security at the same servers is taken up while the link runs: try it with `probeCluster` first. Other servers restart the link. */
  source: clusterConfig,
  destination: clusterConfig,
  /** The cluster ids that the two ends had when the link was created; another id stops the link. */
  sourceClusterId: z.string(),
  destinationClusterId: z.string(),
  settings: linkSettings,
  mirrors: z.array(desiredMirror),
  /** Mirrors that are stopped and have another name than at the source: what is named after them there is named so here. */
  renamed: z.array(z.object({ topic: z.string(), sourceTopic: z.string() })),
  /** ACLs that this link has added, or was about to add. */
  heldAcls: z.array(heldAcls),
  /** Producer epoch at the last clean stop, null when the last engine died or never ran. */
  cleanStopEpoch: z.number().int().nullable(),
});
export type DesiredLink = z.infer<typeof desiredLink>;

/** What a link has committed for one group of its source, as text that only the engine reads. */
export const storedGroup = z.object({ group: z.string(), memory: z.string() });
export type StoredGroup = z.infer<typeof storedGroup>;

/** Work the web thread asks of the engine thread; each gets exactly one answer. */
export const engineRequest = z.discriminatedUnion('op', [
  z.object({ op: z.literal('probeCluster'), cluster: clusterConfig }),
  z.object({ op: z.literal('listTopics'), cluster: clusterConfig }),
  /** Staged checks on both ends; `scratch` runs the real append/marker/delete sequence on a scratch topic of the destination. */
  z.object({
    op: z.literal('checkLink'),
    name: z.string(),
    source: clusterConfig,
    destination: clusterConfig,
    scratch: z.boolean(),
    /** For the rights on their topics; without any, rights on topics are told as far as they are known. */
    mirrors: z.array(z.object({ topic: z.string(), sourceTopic: z.string() })).optional(),
    /** consumer.offset.group.filters, where offsets are synced: for the rights on groups. */
    groupFilters: z.string().optional(),
  }),
  /** Appends one record, such as an anchor of the audit log, to the topic's first partition. */
  z.object({
    op: z.literal('produceRecord'),
    cluster: clusterConfig,
    topic: z.string(),
    key: z.string(),
    value: z.string(),
  }),
  /** Runs one task of a running link now, and answers how it went. */
  z.object({ op: z.literal('runTask'), linkId: z.string(), link: z.string(), task: linkTaskName }),
  /** What a running link would do about ACLs, with other settings if wished; nothing changed. */
  z.object({
    op: z.literal('previewAcls'),
    linkId: z.string(),
    link: z.string(),
    filters: z.string().optional(),
    principals: z.string().optional(),
  }),
  /**
   * Takes away all that a link has added to its clusters to lock and to fence, because it is about to be deleted; of what it has
   * brought over, that which is on topics that are deleted with it.
   */
  z.object({
    op: z.literal('releaseAcls'),
    linkId: z.string(),
    link: z.string(),
    deletedTopics: z.array(z.string()).optional(),
  }),
  /** What stands under the names of mirror topics now, and whether it may be deleted; nothing changed. */
  z.object({
    op: z.literal('lookAtTopics'),
    linkId: z.string(),
    cluster: clusterConfig,
    clusterId: z.string(),
    /** With the id of what was created or adopted as the mirror, as far as the store knows. */
    topics: z.array(z.object({ topic: z.string(), mirroredId: z.string().nullable() })),
  }),
  /** Deletes topics that are mirrors no more, each by its id, and waits until every broker has forgotten them. */
  z.object({
    op: z.literal('deleteTopics'),
    /** Of the link that had mirrored them; it may be gone. */
    linkId: z.string(),
    cluster: clusterConfig,
    clusterId: z.string(),
    topics: z.array(z.object({ topic: z.string(), topicId: z.string() })),
  }),
  /** Lets producers write to source topics again that a link has fenced. */
  z.object({ op: z.literal('liftFence'), linkId: z.string(), link: z.string(), topics: z.array(z.string()) }),
  /** Consumer groups of a running link, as its last sync has seen them. */
  z.object({ op: z.literal('groups'), linkId: z.string(), link: z.string(), query: groupQuery }),
  /** One of them, with its members as they are now; null where the last sync has seen none of that name. */
  z.object({ op: z.literal('group'), linkId: z.string(), link: z.string(), group: z.string() }),
  /** Which groups of the source some filters let through. */
  z.object({ op: z.literal('previewGroups'), linkId: z.string(), link: z.string(), filters: z.string() }),
  /** Where the configs of a mirror differ from its source's, as the last look has seen it; null where the link has no such mirror. */
  z.object({ op: z.literal('mirrorConfigs'), linkId: z.string(), link: z.string(), topic: z.string() }),
  /** Lets what has failed of a mirror be looked at again, as at a start. */
  z.object({ op: z.literal('checkAgain'), linkId: z.string(), link: z.string(), topic: z.string() }),
  /** A topic of the link's destination, before it is deleted; null: there is none. */
  z.object({ op: z.literal('lookAtTopic'), linkId: z.string(), link: z.string(), topic: z.string() }),
  /** Where a topic of the link's source and the one that took its place on the destination part. */
  z.object({
    op: z.literal('lookAtParting'),
    linkId: z.string(),
    link: z.string(),
    topic: z.string(),
    sourceTopic: z.string(),
    ends: z.record(z.string(), bigintString),
  }),
  /** Some records of one partition of a topic of the link's source, as lines of JSON. */
  z.object({
    op: z.literal('recordsOfSource'),
    linkId: z.string(),
    link: z.string(),
    topicId: z.string(),
    sourceTopic: z.string(),
    partition: z.int(),
    from: bigintString,
    to: bigintString,
    compacted: z.boolean(),
  }),
  /** May these mirrors, as they stand now, be turned round? Ends are those of the link as it is; nothing changed. */
  z.object({
    op: z.literal('checkBack'),
    name: z.string(),
    source: clusterConfig,
    destination: clusterConfig,
    mirrors: z.array(z.object({ topic: z.string(), sourceTopic: z.string() })),
    groupFilters: z.string(),
  }),
  /** May these mirrors be created? One verdict per topic, nothing changed. */
  z.object({
    op: z.literal('checkMirrors'),
    /** Of the link: its transactional ids may be the only ones that the principal may use. */
    name: z.string().optional(),
    source: clusterConfig,
    destination: clusterConfig,
    mirrors: z.array(z.object({ topic: z.string(), sourceTopic: z.string(), options: mirrorOptions })),
  }),
]);
export type EngineRequest = z.infer<typeof engineRequest>;

export const linkCheck = z.object({
  ok: z.boolean(),
  error: linkError,
  source: z.array(checkResult),
  destination: z.array(checkResult),
  sourceClusterId: z.string().nullable(),
  destinationClusterId: z.string().nullable(),
  /** Every right that the link needs, held or not; absent where an earlier stage failed. */
  rights: z.array(rightRow).optional(),
  /** Null when nothing was filled. */
  fills: fillCheck.nullable().optional(),
});
export type LinkCheck = z.infer<typeof linkCheck>;

export const backCheck = z.object({
  /** Of the way back: its source is the link's destination. */
  check: linkCheck,
  /** Whether ACLs of the link's source can be changed, to fence it. */
  acls: z.enum(['ALLOWED', 'REFUSED', 'NO_AUTHORIZER']),
  /** Mirror topic → why its source holds what the mirror never had. */
  longer: z.record(z.string(), z.string()),
});
export type BackCheck = z.infer<typeof backCheck>;

export const mirrorVerdict = z.object({
  topic: z.string(),
  sourceTopic: z.string(),
  ok: z.boolean(),
  /** What will be created, or why it cannot be and what to do. */
  message: z.string(),
  partitions: z.number().int().nullable(),
  /** Offsets in front of the source's log start that will be filled. */
  headFill: bigintString.nullable(),
  /** Offsets to copy now, from the start point to the last stable offset. */
  backlog: bigintString.nullable(),
});
export type MirrorVerdict = z.infer<typeof mirrorVerdict>;

/** `topicId` null: there is none of that name. */
export const topicLook = z.object({
  topic: z.string(),
  topicId: z.string().nullable(),
  /** Why it can't be deleted, and what to do. */
  refusal: z.string().nullable(),
});
export type TopicLook = z.infer<typeof topicLook>;

/** LATER: worth another try. REFUSED: trying again says the same. */
export const deletedTopic = z.object({
  topic: z.string(),
  outcome: z.enum(['GONE', 'LATER', 'REFUSED']),
  message: z.string(),
});
export type DeletedTopic = z.infer<typeof deletedTopic>;

export type EngineAnswers = {
  lookAtTopics: TopicLook[];
  deleteTopics: DeletedTopic[];
  probeCluster: z.infer<typeof clusterProbe>;
  listTopics: z.infer<typeof topicView>[];
  checkLink: LinkCheck;
  checkBack: BackCheck;
  checkMirrors: MirrorVerdict[];
  produceRecord: { offset: string };
  runTask: z.infer<typeof linkTask>;
  previewAcls: AclPreview;
  releaseAcls: { left: string[] };
  liftFence: { left: string[] };
  groups: GroupPage;
  group: GroupDetail | null;
  previewGroups: GroupPreview;
  mirrorConfigs: MirrorConfigsView | null;
  checkAgain: CheckedAgain;
  lookAtTopic: OldTopicLook | null;
  lookAtParting: PartingLook;
  recordsOfSource: RecordLines;
};

/** `ndjson` is record data: it is passed on as it is, and stands in no log. */
export const recordLines = z.object({ ndjson: z.string(), records: z.int(), next: bigintString });
export type RecordLines = z.infer<typeof recordLines>;

export const toEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('desired'), links: z.array(desiredLink) }),
  z.object({ type: z.literal('request'), id: z.number().int(), request: engineRequest }),
  /** Answer to `persist`, `aclsHeld` and `operation`: the store has committed. */
  z.object({ type: z.literal('persisted'), id: z.number().int(), error: z.string().nullable() }),
  /** Answer to `recallGroups`. */
  z.object({
    type: z.literal('groups'),
    id: z.number().int(),
    groups: z.array(storedGroup),
    error: z.string().nullable(),
  }),
  /** Answer to `addMirrors`: what became of each; null when the store could not be asked. */
  z.object({
    type: z.literal('mirrorsAdded'),
    id: z.number().int(),
    judged: z.array(autoCreateJudgement).nullable(),
    error: z.string().nullable(),
  }),
  /** Answer to `turn`. */
  z.object({
    type: z.literal('turned'),
    id: z.number().int(),
    back: z
      .object({ linkId: z.string(), destination: z.string(), name: z.string(), topic: z.string() })
      .nullable(),
    /** Why there is no way back; `error`: why the store could not be asked. */
    refused: z.string().nullable(),
    error: z.string().nullable(),
  }),
  z.object({ type: z.literal('stop') }),
]);
export type ToEngine = z.infer<typeof toEngine>;

/** Upper bounds of the buckets of replication latency; above the last one there is one more. */
export const LATENCY_BOUNDS_SECONDS = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
] as const;

/** State of one link in a snapshot; mirror and partition rows reference it by index. Counters are since the engine started. */
export const linkSnapshot = z.object({
  id: z.string(),
  state: linkState,
  error: linkError,
  message: z.string().nullable(),
  since: timestampMs,
  latencyMs: z.object({ p50: z.number(), p99: z.number() }).nullable(),
  /** Replication latency since the engine started: how many batches fell into each bucket. */
  latencyHistogram: z.object({ counts: z.array(z.number()), sumSeconds: z.number() }).optional(),
  sourceBrokers: z.number().int().nullable(),
  destinationBrokers: z.number().int().nullable(),
  memoryBytes: z.number(),
  tasks: z.array(linkTask),
  /** Consumer groups that the last sync of offsets should have kept in step and could not; null where it has not run. */
  groupsBehind: z.int().nullable().optional(),
  /** What is known of locks, each once; mirrors refer to it by index. */
  locks: z.array(mirrorLock),
  mirrors: z.array(
    z.object({
      topic: z.string(),
      sourceTopic: z.string(),
      state: mirrorState,
      error: mirrorError,
      message: z.string().nullable(),
      since: timestampMs,
      compacted: z.boolean().nullable(),
      /** Why verification can't compare a partition now. */
      verifyTrouble: z.string().nullable().optional(),
      /** Configs that should be the source's and are not; null before the first look. */
      drift: z.int().nullable().optional(),
      /** Index into `locks`; null before the first look. */
      lock: z.number().int().nullable(),
      /** Index of partition 0 in the columns, and how many follow. */
      first: z.number().int(),
      partitions: z.number().int(),
      /** Partitions whose state differs from the mirror's, with the reason. */
      exceptions: z.array(
        z.object({
          partition: z.number().int(),
          state: mirrorState,
          error: mirrorError,
          message: z.string().nullable(),
          since: timestampMs,
          /** SOURCE_RANGE_LOST: the first offset that is gone, and the one behind the last. */
          lost: z.object({ from: bigintString, to: bigintString }).nullable().optional(),
        }),
      ),
    }),
  ),
});
export type LinkSnapshot = z.infer<typeof linkSnapshot>;

/** Numbers of all partitions, one typed array per column; −1 in an offset column and NaN in a float column is unknown. */
const i64 = z.instanceof(BigInt64Array);
const f64 = z.instanceof(Float64Array);
const i32 = z.instanceof(Int32Array);
export const partitionColumns = z.object({
  sourceStart: i64,
  sourceLastStable: i64,
  sourceHighWatermark: i64,
  mirrorStart: i64,
  mirrorEnd: i64,
  lagBytes: i64,
  lagSeconds: f64,
  bytesTotal: i64,
  recordsTotal: i64,
  fillMarkers: i64,
  fillHead: i64,
  fillCopies: i64,
  /** Offsets that the source had deleted before they were mirrored, since the engine started. */
  lostTotal: i64,
  /** Everything from here to `verifiedTo` was compared, nothing left out; the times are ms. */
  verifiedFrom: i64,
  verifiedTo: i64,
  verifiedSince: f64,
  verifiedAt: f64,
  endCheckedAt: f64,
  sampledAt: f64,
  samples: i32,
  /** Of a sweep: offsets compared so far, and all of them. −1 without one. */
  sweepDone: i64,
  sweepTotal: i64,
  sourceLeader: i32,
  /** The broker that records are read from: with client.rack perhaps a follower. */
  sourceReadFrom: i32,
  mirrorLeader: i32,
});
export type PartitionColumns = z.infer<typeof partitionColumns>;

const written = z.record(z.string(), z.string().nullable());

/** What the engine has changed on a destination (FENCE_SET: on a source) besides mirrored records, in one go: for the audit log. */
export const topicWrite = z.object({
  what: z.enum([
    ...(['TOPIC_CREATED', 'TOPIC_DELETED', 'PARTITIONS_ADDED', 'CONFIGS_SET', 'RECORDS_DELETED'] as const),
    ...(['LOCK_SET', 'FENCE_SET', 'ACLS_SYNCED'] as const),
  ]),
  /** Config → value; or partition → where its log begins; or `partitions` → how many; or ACL → whether it stands. */
  items: z.array(z.object({ topic: z.string(), before: written.nullable(), after: written })),
});
export type TopicWrite = z.infer<typeof topicWrite>;
/** One run of the offset sync; the offsets themselves stand on the clusters. */
export const groupWrite = z.object({
  what: z.literal('GROUP_OFFSETS_COMMITTED'),
  groups: z.array(z.string()),
  offsets: z.int(),
});
export type GroupWrite = z.infer<typeof groupWrite>;
export const destinationWrite = z.union([topicWrite, groupWrite]);
export type DestinationWrite = z.infer<typeof destinationWrite>;

export const fromEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('heartbeat'), at: timestampMs }),
  z.object({
    type: z.literal('snapshot'),
    at: timestampMs,
    links: z.array(linkSnapshot),
    columns: partitionColumns,
  }),
  z.object({
    type: z.literal('event'),
    linkId: z.string(),
    at: timestampMs,
    topic: z.string().nullable(),
    partition: z.number().int().nullable(),
    from: z.string().nullable(),
    to: z.string(),
    message: z.string().nullable(),
  }),
  /** What verification has found out about one mirror, to be kept; nothing waits for it. */
  z.object({
    type: z.literal('verified'),
    linkId: z.string(),
    topic: z.string(),
    /** For `desiredMirror.verified`. */
    progress: z.string(),
    sweepEnded: z.object({ id: z.string(), at: timestampMs, outcome: sweepOutcome }).nullable(),
    difference: differenceReport.nullable(),
  }),
  z.object({
    type: z.literal('wrote'),
    linkId: z.string(),
    at: timestampMs,
    write: destinationWrite,
  }),
  /** Facts that must be in the store before the engine goes on; answered by `persisted`. */
  z.object({
    type: z.literal('persist'),
    id: z.number().int(),
    linkId: z.string(),
    topic: z.string(),
    sourceTopicId: z.string().nullable().optional(),
    starts: z.record(z.string(), bigintString).optional(),
    created: z.boolean().optional(),
    destinationTopicId: z.string().optional(),
    consistentAt: timestampMs.optional(),
    advice: sourceAdvice.optional(),
  }),
  /** ACLs that the link is about to add, or has removed; must be in the store before it goes on, and is answered by `persisted`. */
  z.object({
    type: z.literal('aclsHeld'),
    id: z.number().int(),
    linkId: z.string(),
    /** Without bindings: forgotten. */
    held: z.array(heldAcls),
  }),
  /** What a link has committed for consumer groups; answered by `persisted`. */
  z.object({
    type: z.literal('keepGroups'),
    id: z.number().int(),
    linkId: z.string(),
    put: z.array(storedGroup),
    remove: z.array(z.string()),
  }),
  /** Asks for all that was kept of a link's groups; answered by `groups`. */
  z.object({ type: z.literal('recallGroups'), id: z.number().int(), linkId: z.string() }),
  /** AutoCreateMirror has found topics: those that are MATCHED become mirrors, and are in the store when `mirrorsAdded` comes. */
  z.object({
    type: z.literal('addMirrors'),
    id: z.number().int(),
    linkId: z.string(),
    sourceTopics: z.array(z.string()),
    /** Judged only, nothing is added. */
    validateOnly: z.boolean(),
  }),
  /** The mirror of this operation is past its fence, and its source is to be the mirror from now on. */
  z.object({
    type: z.literal('turn'),
    id: z.number().int(),
    linkId: z.string(),
    topic: z.string(),
    operationId: z.string(),
  }),
  /**
   * How far an operation is. With an id it must be in the store before the engine goes on, and is answered by `persisted`; without
   * one it only says more about the step that it is at.
   */
  z.object({
    type: z.literal('operation'),
    id: z.number().int().nullable(),
    linkId: z.string(),
    topic: z.string(),
    operationId: z.string(),
    at: timestampMs,
    steps: z.array(operationStep),
    /** From now on there is no way back. */
    fencing: z.boolean(),
    outcome: operationOutcome.nullable(),
    message: z.string().nullable(),
    statement: operationStatement.nullable(),
    /** Of an operation that makes the topic anew. */
    work: remakeWork.optional(),
    /** With `work`: the mirror's facts from then on. */
    facts: remadeFacts.optional(),
  }),
  z.object({
    type: z.literal('answer'),
    id: z.number().int(),
    ok: z.boolean(),
    value: z.unknown(),
    error: z.string().nullable(),
  }),
  /** The engine has settled; per link the producer epoch at a clean stop, or null. */
  z.object({ type: z.literal('stopped'), epochs: z.record(z.string(), z.number().int().nullable()) }),
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    message: z.string(),
  }),
]);
export type FromEngine = z.infer<typeof fromEngine>;
export type Fills = z.infer<typeof fills>;
