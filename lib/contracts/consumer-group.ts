// Consumer groups of a link as pages see them: where each stands on both sides, and why one is not kept in step.
import { z } from 'zod';
import { bigintString, timestampMs } from './common';
import { nameFiltersText } from './name-filters';

export const groupType = z.enum(['classic', 'consumer', 'share', 'streams', 'unknown']);
export type GroupType = z.infer<typeof groupType>;

/**
 * IN_STEP: the destination has what the source has · BEHIND: held at what the mirror safely has, and raised as it gets on · NO_OFFSETS: nothing
 * is committed on a mirrored topic · GONE: nothing is committed at the source any more; what was synced stays until it expires · BUSY: the group
 * has members on the destination · USED: somebody has committed there, hands off · SHARE_GROUP: brokers
 * before Kafka 4.1 do not tell where it begins · NOT_AUTHORIZED ·
 * IN_ERROR: tried again by itself · WAITING: no run yet, or the mirror isn't ready for it.
 */
export const groupStatus = z.enum([
  'IN_STEP',
  'BEHIND',
  'NO_OFFSETS',
  'GONE',
  'BUSY',
  'USED',
  'SHARE_GROUP',
  'NOT_AUTHORIZED',
  'IN_ERROR',
  'WAITING',
]);
export type GroupStatus = z.infer<typeof groupStatus>;

export const groupRow = z.object({
  group: z.string(),
  /** Its name on the destination. */
  mirrorGroup: z.string(),
  type: groupType,
  /** As Kafka names states: Empty, Stable, … Null: there is no such group. */
  sourceState: z.string().nullable(),
  mirrorState: z.string().nullable(),
  status: groupStatus,
  /** Why it is not in step, and what to do. Null when it is. */
  why: z.string().nullable(),
  /** Partitions with a committed offset at the source, on topics that the link mirrors. */
  partitions: z.int(),
  /** Offsets between what is committed and the source's end, and the mirror's; null when unknown. */
  sourceLag: bigintString.nullable(),
  mirrorLag: bigintString.nullable(),
  /** When the destination was last found to have what it should have. */
  lastSyncAt: timestampMs.nullable(),
});
export type GroupRow = z.infer<typeof groupRow>;

export const groupPartition = z.object({
  /** The mirror's name; the source's may be another. */
  topic: z.string(),
  sourceTopic: z.string(),
  partition: z.int(),
  /** Committed at the source, and on the destination. For share groups, where they begin. */
  sourceOffset: bigintString.nullable(),
  mirrorOffset: bigintString.nullable(),
  sourceLag: bigintString.nullable(),
  mirrorLag: bigintString.nullable(),
  why: z.string().nullable(),
});
export type GroupPartition = z.infer<typeof groupPartition>;

export const groupMember = z.object({
  side: z.enum(['SOURCE', 'DESTINATION']),
  memberId: z.string(),
  clientId: z.string(),
  host: z.string(),
});
export type GroupMemberView = z.infer<typeof groupMember>;

export const groupQuery = z.object({
  filter: z.string().max(255).default(''),
  status: groupStatus.optional(),
  /** Only groups that are not in step though they have offsets. */
  attention: z.enum(['1', '0']).default('0'),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type GroupQuery = z.infer<typeof groupQuery>;

export const groupPage = z.object({
  /** False: the sync is switched off, and nothing is known. */
  enabled: z.boolean(),
  /** End of the run that this is from; null before the first one. */
  asOf: timestampMs.nullable(),
  total: z.int(),
  matched: z.int(),
  byStatus: z.partialRecord(groupStatus, z.int()),
  rows: z.array(groupRow),
});
export type GroupPage = z.infer<typeof groupPage>;

export const groupDetail = z.object({
  asOf: timestampMs,
  group: groupRow,
  partitions: z.array(groupPartition),
  /** Asked for at this moment; null where a side did not tell. */
  members: z.array(groupMember).nullable(),
  membersTrouble: z.string().nullable(),
});
export type GroupDetail = z.infer<typeof groupDetail>;

export const previewGroupsRequest = z.strictObject({ filters: nameFiltersText('groupFilters') });
export const groupPreview = z.object({
  /** Groups that can be seen on the source now. */
  seen: z.int(),
  matched: z.int(),
  /** The first of those that are let through, by name. */
  names: z.array(z.string()),
});
export type GroupPreview = z.infer<typeof groupPreview>;
