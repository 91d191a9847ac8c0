// Operations that make a topic anew and mirror to it from its beginning: RESEED of a mirror, FAILBACK of a topic that was failed over. One at a time per
// mirror, in the same table as those that end a mirror, with steps of their own.
import { z } from 'zod';
import { bigintString, timestampMs, topicName } from './common';

/**
 * RESEED: the mirror topic is deleted on the destination and mirrored anew. FAILBACK: on the link in the other direction, the old source topic
 * becomes a mirror of the topic that took its place; what has diverged is deleted with it.
 */
export const remakeKind = z.enum(['RESEED', 'FAILBACK']);
export type RemakeKind = z.infer<typeof remakeKind>;
export const isRemake = (kind: string): kind is RemakeKind => kind === 'RESEED' || kind === 'FAILBACK';

/** In the order in which they are taken. */
export const remakeStepName = z.enum([
  /** Topics, rights, brokers and groups are looked at: whatever would keep the topic from being made anew is found before anything is deleted. */
  'CHECK',
  /** Nobody writes to the topic, and no transaction is open on it. */
  'QUIET',
  /** Failback: both sides are read to find where they part. */
  'COMPARE',
  /** Failback: what only the old side has is copied to a topic of the other cluster. */
  'SAVE',
  /** From here on there is no way back. */
  'DELETE',
  'CREATE',
  /** Every partition follows its source. */
  'MIRROR',
]);
export type RemakeStepName = z.infer<typeof remakeStepName>;

export const remakeOptions = z.strictObject({
  /** Groups with members that have committed for the topic: `refuse`, or `ignore` that their consumers lose it. */
  activeGroups: z.enum(['refuse', 'ignore']).default('refuse'),
  /** Transactions that are open on the topic: `wait` until they end, or `abort` them, which needs ALTER on the cluster. */
  openTransactions: z.enum(['wait', 'abort']).default('wait'),
  /** For so long nobody may have written to the topic. */
  quietMs: z.int().min(0).max(600_000).default(3_000),
  /** Failback: copy what only the old side has to a topic of the other cluster. */
  save: z.boolean().default(false),
});
export type RemakeOptions = z.infer<typeof remakeOptions>;

/** Where the two sides of one partition part. Counts of records; null where they were not counted to the end. */
export const partingPartition = z.object({
  partition: z.int(),
  /** The old side: the topic that would be deleted. */
  start: bigintString,
  end: bigintString,
  /** The side that took its place. */
  otherStart: bigintString,
  otherEnd: bigintString,
  /** The first offset at which they differ; null: the old side is a prefix of the other one. */
  parted: bigintString.nullable(),
  /** Records that only the old side has, from there on. */
  records: bigintString.nullable(),
  /** Records of the other side from there on. */
  otherRecords: bigintString.nullable(),
  /** Why it counts as parted, where the records are not the reason. */
  note: z.string().nullable(),
});
export type PartingPartition = z.infer<typeof partingPartition>;

/** The topic that is to be deleted, as it was looked at. */
export const oldTopic = z.object({
  topicId: z.string(),
  partitions: z.int(),
  replicationFactor: z.int(),
  /** Offsets between start and end, over all partitions. */
  offsets: bigintString,
});
export type OldTopic = z.infer<typeof oldTopic>;

/** What must not be lost between two engines: kept by the store, and told to the next one. */
export const remakeWork = z.object({
  /** Null: none was there. */
  old: oldTopic.nullable(),
  parting: z.array(partingPartition).nullable(),
  /** All of what had diverged stands there. */
  saved: z.object({ topic: z.string(), records: bigintString }).nullable(),
  /** The topic is gone, or stays because it is a prefix: what follows is an ordinary set-up. */
  cleared: z.boolean(),
});
export type RemakeWork = z.infer<typeof remakeWork>;
export const noWork: RemakeWork = { old: null, parting: null, saved: null, cleared: false };

/** What is asked for, and does not change. */
export const remakeRequest = z.object({
  options: remakeOptions,
  /** The one topic that may be deleted; null: there was none to delete when it was asked for. */
  topicId: z.string().nullable(),
  /** Where the mirror ended, by partition: both sides are first compared there. */
  ends: z.record(z.string(), bigintString),
  /** Where what has diverged is copied to. */
  saveTo: topicName.nullable(),
});
export type RemakeRequest = z.infer<typeof remakeRequest>;

export const storedRemake = z.object({ request: remakeRequest, work: remakeWork });
export type StoredRemake = z.infer<typeof storedRemake>;

/** What the engine is told of a mirror's open operation of these kinds. */
export const remakeWish = storedRemake.extend({
  operationId: z.string(),
  kind: remakeKind,
  startedAt: timestampMs,
  /** Somebody wants it back; heeded until the topic may be gone. */
  cancel: z.boolean(),
  /** The topic may be gone. */
  deleting: z.boolean(),
});
export type RemakeWish = z.infer<typeof remakeWish>;

/** Facts of the mirror that change with the operation, in one transaction with it. */
export const remadeFacts = z.object({
  created: z.boolean(),
  starts: z.record(z.string(), bigintString).nullable(),
});
export type RemadeFacts = z.infer<typeof remadeFacts>;

/** A topic on one cluster, before it is made anew: asked of the brokers. */
export const oldTopicLook = oldTopic.extend({
  /** Groups that have members and have committed for the topic. */
  activeGroups: z.array(z.string()),
  /** What the link's principal may not do there, with the command; null: nothing is missing. */
  rightsMissing: z.string().nullable(),
});
export type OldTopicLook = z.infer<typeof oldTopicLook>;

/** Dry run of a failback, read from both sides. */
export const partingLook = z.object({
  /** Null: the old source has no such topic any more. */
  old: oldTopicLook.nullable(),
  partitions: z.array(partingPartition),
  /** Over all partitions; null where one was not counted to its end. */
  records: bigintString.nullable(),
  diverged: z.boolean(),
  /** Either side is, or was, compacted. */
  compacted: z.boolean(),
});
export type PartingLook = z.infer<typeof partingLook>;
