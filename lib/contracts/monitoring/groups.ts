// Consumer groups of a cluster as pages see them: both ends of each lag are from one sweep. Null is not known, never 0.
import { z } from 'zod';
import { bigintString, timestampMs } from '../common';
import { groupType } from '../consumer-group';
import { rate, rowsQuery, seconds, seen } from './seen';

export const groupRef = {
  group: z.string(),
  type: groupType,
  /** As Kafka names states: Empty, Stable, … */
  state: z.string(),
  members: z.int().nullable(),
};

export const groupSort = z.enum([
  'group',
  'state',
  'members',
  'partitions',
  'lagMessages',
  'lagSeconds',
  'commitRate',
  'trouble',
]);

export const groupsQuery = z.object({
  ...rowsQuery,
  sort: groupSort.default('group'),
  state: z.string().max(64).default(''),
  /** Only groups that have committed offsets of this topic. */
  topic: z.string().max(249).default(''),
  /** Only groups that stand still, fall behind, lose messages or are beyond the end. */
  trouble: z.enum(['1', '0']).default('0'),
});
export type GroupsQuery = z.infer<typeof groupsQuery>;

export const groupRow = z.object({
  ...groupRef,
  /** The broker that keeps its offsets; null: it was not told. */
  coordinator: z.int().nullable(),
  /** Null, like what follows: what it has committed was not told. */
  topics: z.int().nullable(),
  /** The first of them by name. */
  topicNames: z.array(z.string()),
  /** Partitions that it has committed. */
  partitions: z.int().nullable(),
  /** Of those, how many have a lag that is known: sums are of these. */
  known: z.int().nullable(),
  lagMessages: bigintString.nullable(),
  maxLagMessages: bigintString.nullable(),
  /** Estimated from the bytes of an offset: shown with ≈. */
  lagBytes: bigintString.nullable(),
  maxLagSeconds: seconds,
  /** Offsets that its commits move on a second. */
  commitRate: rate,
  /** Commit unmoved over the window though there is lag and the group has members. These three: null as soon as one end is not known. */
  stalled: z.int().nullable(),
  /** Lag has only grown over the window, though commits move. */
  fallingBehind: z.int().nullable(),
  /** Commit beyond the end of the log: the topic was made anew, or its log was truncated. */
  beyondEnd: z.int().nullable(),
  /** Messages that retention has deleted in front of its commits since Landbridge watches. */
  lost: bigintString,
  /** Time until retention overtakes it, at present rates; null: it does not at these rates, or that isn't known. */
  retentionHeadroomSeconds: seconds,
  /** Why numbers are missing or not what they seem; null: nothing to say. */
  why: z.string().nullable(),
  /** When it was listed last, of a group that those who keep it have not told of since: nothing of it is known. Null: it is listed. */
  unknownSince: timestampMs.nullable(),
});
export type MonitoredGroupRow = z.infer<typeof groupRow>;

export const groupsPage = z.object({
  ...seen,
  total: z.int(),
  matched: z.int(),
  /** False: a broker that keeps groups did not list them, so there may be more than `total`. */
  allListed: z.boolean(),
  byState: z.record(z.string(), z.int()),
  rows: z.array(groupRow),
});
export type GroupsPage = z.infer<typeof groupsPage>;

/**
 * OK: within reach, or nothing to read · STALLED and FALLING_BEHIND as above, over a window of sweeps · LOST: retention has overtaken the commit ·
 * BEYOND_END: the log ends before the commit · UNKNOWN: one end was not told.
 */
export const groupPartitionStatus = z.enum([
  'OK',
  'STALLED',
  'FALLING_BEHIND',
  'LOST',
  'BEYOND_END',
  'UNKNOWN',
]);
export type GroupPartitionStatus = z.infer<typeof groupPartitionStatus>;

export const groupPartitionRow = z.object({
  topic: z.string(),
  partition: z.int(),
  commit: bigintString,
  start: bigintString.nullable(),
  /** Last stable offset: what a lag is measured against. */
  end: bigintString.nullable(),
  lag: bigintString.nullable(),
  lagBytes: bigintString.nullable(),
  lagSeconds: seconds,
  /** SAMPLES: from where the log ended when, as seen by us · RECORD: from the time of the record itself. */
  secondsFrom: z.enum(['SAMPLES', 'RECORD']).nullable(),
  /** Offsets that an open transaction holds back: not in the lag. */
  blocked: bigintString.nullable(),
  /** Messages in front of the commit that are deleted now. */
  deleted: bigintString,
  /** How far the commit is beyond the end. */
  beyondEnd: bigintString,
  /** Deletes and replaced keys count in the distance: the lag is an upper bound. */
  compacted: z.boolean(),
  commitRate: rate,
  status: groupPartitionStatus,
  /** Who is assigned to it. */
  memberId: z.string().nullable(),
  why: z.string().nullable(),
});
export type MonitoredGroupPartition = z.infer<typeof groupPartitionRow>;

export const groupMemberRow = z.object({
  memberId: z.string(),
  /** group.instance.id of a static member. */
  instanceId: z.string().nullable(),
  clientId: z.string(),
  host: z.string(),
  /** Null: it isn't told, or not in a form that consumers use. */
  assigned: z.array(z.object({ topic: z.string(), partitions: z.array(z.int()) })).nullable(),
  /** Of its partitions that have a leader; null as soon as one is not known. */
  lagMessages: bigintString.nullable(),
});
export type MonitoredGroupMember = z.infer<typeof groupMemberRow>;

export const groupDetail = z.object({
  ...seen,
  row: groupRow,
  /** Null: not told; `why` of the row, or `gaps`, says why. */
  members: z.array(groupMemberRow).nullable(),
  partitions: z.array(groupPartitionRow),
  /** Topics that it has committed offsets of and that are no longer there. */
  deletedTopics: z.array(z.string()),
  /** Since when Landbridge watches it: what it lost before is not counted. */
  watchedSinceMs: timestampMs,
});
export type GroupDetail = z.infer<typeof groupDetail>;
