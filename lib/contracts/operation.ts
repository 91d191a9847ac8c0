// Operations that end or turn a mirror: asked for by a person, carried out by the engine, step by step. One per mirror topic.
import { z } from 'zod';
import { bigintString, timestampMs, topicName } from './common';
import { remakeKind, remakeStepName, storedRemake } from './remake';

/**
 * PROMOTE: the source is drained first. FAILOVER: the source is not asked at all. REVERSE: a promote behind which the source goes on as
 * the mirror, without a copy.
 */
export const operationKind = z.enum(['PROMOTE', 'FAILOVER', 'REVERSE']);
export type OperationKind = z.infer<typeof operationKind>;

/** DONE: the mirror is STOPPED. FAILED and CANCELLED: it goes on as before. */
export const operationOutcome = z.enum(['DONE', 'FAILED', 'CANCELLED']);
export type OperationOutcome = z.infer<typeof operationOutcome>;

/** In the order in which they are taken. */
export const stepName = z.enum([
  /** Reverse. The link may do at the source what a link does at its destination, and nothing there is in the way. */
  'CHECK_BACK',
  /** Id and partitions of the source topic, read anew. */
  'REFRESH',
  /** Reverse, and promote where asked for. Nobody but super users can write to the source topic any more. */
  'FENCE_SOURCE',
  /** Everything that the source holds is safe on the mirror, and the source has been quiet. */
  'DRAIN',
  'SYNC_CONFIGS',
  'SYNC_ACLS',
  'SYNC_OFFSETS',
  /** What is in flight is answered, and all of the mirror is below its high watermark. */
  'SETTLE',
  /** One marker per partition under a raised epoch. From here on there is no way back. */
  'FENCE',
  /** Reverse. The source is no longer than the mirror: markers that came behind its end are filled. */
  'LEVEL',
  /** The configs that an ordinary topic has, before anybody may write to it. */
  'CONFIGS',
  /** The lock and the link's own WRITE are taken away. */
  'UNLOCK',
  /** Reverse. The mirror on the way back is in the store. */
  'TURN',
  /** Reverse. It has taken the topic over, so that the fence at the source can go. */
  'LOCK_BACK',
  'STOP',
]);
export type StepName = z.infer<typeof stepName>;

/** All that the table of operations holds: those that end or turn a mirror, and those that make its topic anew. */
export const anyOperationKind = z.enum([...operationKind.options, ...remakeKind.options]);
export type AnyOperationKind = z.infer<typeof anyOperationKind>;
export const anyStepName = z.enum([...stepName.options, ...remakeStepName.options]);
export type AnyStepName = z.infer<typeof anyStepName>;

export const stepState = z.enum(['PENDING', 'RUNNING', 'DONE', 'SKIPPED', 'FAILED']);
export type StepState = z.infer<typeof stepState>;

export const operationStep = z.object({
  name: anyStepName,
  state: stepState,
  /** When it was begun; null while it is PENDING. */
  since: timestampMs.nullable(),
  endedAt: timestampMs.nullable(),
  /** What it waits for and why, what it has found, or why it was skipped. */
  detail: z.string().nullable(),
});
export type OperationStep = z.infer<typeof operationStep>;

const configName = z.string().regex(/^[a-z][a-z0-9.]{0,99}$/, 'This is not the name of a topic config.');
const configValue = z
  .string()
  .max(10_000, 'At most 10,000 characters.')
  .regex(/^\P{Cc}*$/u, 'Values hold no control characters.');

export const operationOptions = z.strictObject({
  /**
   * Promote, reverse. What becomes of transactions that are open at the source: `wait` until they end; `abort` them there, which needs
   * CLUSTER ALTER on the source; `leave` their records behind, listed one by one in the statement, which a reverse can't.
   */
  openTransactions: z.enum(['wait', 'abort', 'leave']).default('wait'),
  /** Promote, reverse. For so long nobody may have written to the source. */
  quietMs: z.int().min(0).max(600_000).default(3_000),
  /** Failover. Goes on without partitions that have no leader on the destination: nothing fences them. */
  force: z.boolean().default(false),
  /** Promote. WRITE at the source is denied to everybody before it is drained, by ACL, and stays so until somebody lifts it. */
  fenceSource: z.boolean().default(false),
  /** Reverse. `acl`: WRITE at the source is denied to everybody. `none`: somebody's word (`producersStopped`) stands for it. */
  sourceFence: z.enum(['acl', 'none']).default('acl'),
  /** Reverse with `sourceFence: 'none'`. The operator says that nobody writes to the source. */
  producersStopped: z.boolean().default(false),
  /** Reverse. The mirror on the way back begins paused. */
  pauseBack: z.boolean().default(false),
  /** Set on the topic when it is stopped, instead of what the source has. */
  configs: z.record(configName, configValue).default({}),
});
export type OperationOptions = z.infer<typeof operationOptions>;

/** Offsets of the source that the mirror does not hold, because a transaction was open there. */
export const leftRange = z.object({
  /** First offset of the transaction's records in this partition. */
  from: bigintString,
  /** Behind the last offset that was there when the mirror was fenced. */
  to: bigintString,
  /** Null where the source did not tell. */
  producerId: bigintString.nullable(),
  producerEpoch: z.int().nullable(),
});

export const statementPartition = z.object({
  partition: z.int(),
  /** Where the mirrored records end; null when the destination could not be asked. */
  mirrorEnd: bigintString.nullable(),
  /** Offset of the fence; ordinary writes begin behind it. Null: there is none. */
  fence: bigintString.nullable(),
  /** The producer epoch of the fence: what an engine sent under a lower one is refused by the brokers. */
  epoch: z.int().nullable(),
  /** The source's last stable offset and its end, as last seen at `sourceSeenAt`. Null is unknown. */
  sourceLastStable: bigintString.nullable(),
  sourceEnd: bigintString.nullable(),
  sourceSeenAt: timestampMs.nullable(),
  /** Offsets that the source was seen to have and the mirror has not. Null is unknown, and never 0. */
  missing: bigintString.nullable(),
  left: z.array(leftRange),
  /** Reverse. Where the source ended at last, and the mirror on the way back begins; null where it can't be turned. */
  turnAt: bigintString.nullable().optional(),
  /** Offline, forced: what is true of this partition alone. */
  note: z.string().nullable(),
});
export type StatementPartition = z.infer<typeof statementPartition>;

/** What the stopped topic holds of its source, and what it does not: kept, and to be downloaded. */
export const operationStatement = z.object({
  at: timestampMs,
  kind: operationKind,
  topic: z.string(),
  sourceTopic: z.string(),
  /** Whole sentences. */
  notes: z.array(z.string()),
  /** Over all partitions; null when it is unknown for one of them. */
  missing: bigintString.nullable(),
  /** The oldest knowledge of a source end that counts in here. */
  knownAt: timestampMs.nullable(),
  configs: z.record(z.string(), z.string()),
  /** Reverse. The mirror on the way back, by its link's address; null where there is none, which the notes explain. */
  back: z.object({ destination: z.string(), name: z.string(), topic: z.string() }).nullable().optional(),
  partitions: z.array(statementPartition),
});
export type OperationStatement = z.infer<typeof operationStatement>;

/** What the engine is told of a mirror's open operation. */
export const endingWish = z.object({
  operationId: z.string(),
  kind: operationKind,
  options: operationOptions,
  startedAt: timestampMs,
  /** Somebody wants it back; heeded up to the fence. */
  cancel: z.boolean(),
  /** The fence may have been set: there is no way back, whatever an engine remembers. */
  fencing: z.boolean(),
  /** As far as it was known when the fence was about to be set. */
  statement: operationStatement.nullable(),
  /** As they were last stored. */
  steps: z.array(operationStep).optional(),
});
export type EndingWish = z.infer<typeof endingWish>;

/** How a mirror was stopped. */
export const stoppedMirror = z.object({
  at: timestampMs,
  how: operationKind,
  operationId: z.string(),
  partitions: z.int(),
  missing: bigintString.nullable(),
});
export type StoppedMirror = z.infer<typeof stoppedMirror>;

/** In a mirror's row: the operation under way. */
export const openOperation = z.object({
  id: z.string(),
  kind: anyOperationKind,
  startedAt: timestampMs,
  /** The step that it is at; null before the engine has begun. */
  step: anyStepName.nullable(),
  since: timestampMs.nullable(),
  detail: z.string().nullable(),
});
export type OpenOperation = z.infer<typeof openOperation>;

export const operationRow = z.object({
  id: z.string(),
  /** All mirrors that were asked for together share it. */
  auditOperationId: z.string(),
  topic: z.string(),
  kind: anyOperationKind,
  /** Of those that make a topic anew, see `remake`. */
  options: operationOptions,
  reason: z.string().nullable(),
  /** Who asked. */
  actor: z.string(),
  startedAt: timestampMs,
  endedAt: timestampMs.nullable(),
  /** Null while it goes on. */
  outcome: operationOutcome.nullable(),
  /** Why it failed, or what it says at its end. */
  message: z.string().nullable(),
  /** Offsets missing by the statement; null is unknown, or no statement yet. */
  missing: bigintString.nullable(),
  /** Somebody has asked for it back. */
  cancelAsked: z.boolean(),
  /** Whether it still can be. */
  cancellable: z.boolean(),
  steps: z.array(operationStep),
});
export type OperationRow = z.infer<typeof operationRow>;

export const operationCounts = z.object({
  open: z.int(),
  done: z.int(),
  failed: z.int(),
  cancelled: z.int(),
});
export type OperationCounts = z.infer<typeof operationCounts>;

/** Newest first; of mirrors that were asked for together worst first: failed, those that go on, given up, done. */
export const operationList = z.object({
  operations: z.array(operationRow),
  /** Of all that the topic and the group let through, however few are listed. */
  counts: operationCounts,
});
export const operationDetail = operationRow.extend({
  statement: operationStatement.nullable(),
  /** Only of those that make a topic anew: what was asked for and what was found. */
  remake: storedRemake.nullable(),
});
export type OperationDetail = z.infer<typeof operationDetail>;

export const operationQuery = z.object({
  topic: topicName.optional(),
  /** The `auditOperationId` that mirrors asked for together share. */
  group: z.string().min(1).max(100).optional(),
  /** Only those that go on. */
  open: z.enum(['1', '0']).default('0'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

export const startOperationRequest = z
  .strictObject({
    kind: operationKind,
    topics: z.array(topicName).min(1, 'Name at least one mirror topic.').max(10_000).optional(),
    /** RE2 syntax; the whole name must match. */
    pattern: z.string().min(1).max(249, 'The pattern has at most 249 characters.').optional(),
    options: operationOptions.prefault({}),
    /** Persons must say why, unless they only look. */
    reason: z
      .string()
      .trim()
      .min(10, 'Say why in at least 10 characters: it is what others will read in the audit log.')
      .max(1000, 'At most 1000 characters.')
      .nullable()
      .default(null),
  })
  .refine(({ topics, pattern }) => (topics === undefined) !== (pattern === undefined), {
    path: ['topics'],
    message: 'Give topics or a pattern.',
  });
export type StartOperationRequest = z.infer<typeof startOperationRequest>;

/** What is known before, of one mirror. */
export const operationPlan = z.object({
  topic: z.string(),
  ok: z.boolean(),
  /** An error code of /api where it cannot be done. */
  code: z.string().nullable(),
  /** What will happen, or why it cannot and what to do. */
  message: z.string(),
  partitions: z.int().nullable(),
  lagMessages: bigintString.nullable(),
  /** Offsets held back by open transactions at the source; null is unknown. */
  blocked: bigintString.nullable(),
  /** The last time the source was heard of; null is unknown. */
  sourceSeenAt: timestampMs.nullable(),
  /** What will be set on the topic, as far as it is known. */
  configs: z.record(z.string(), z.string()),
  /** What can go wrong, in whole sentences. */
  warnings: z.array(z.string()),
  /** Null when only validated, or refused. */
  operationId: z.string().nullable(),
});
export type OperationPlan = z.infer<typeof operationPlan>;

export const operationsStarted = z.object({
  kind: operationKind,
  /** How many were begun: 0 when only validated. */
  started: z.int(),
  /** What those that were begun share; null when only validated. */
  auditOperationId: z.string().nullable(),
  plans: z.array(operationPlan),
});

export const statementQuery = z.object({ format: z.enum(['json', 'csv']).default('json') });
