// What an operator sees of a link's consumer groups: pages of rows from the last run, and one group with its members as they are now.
import type {
  GroupDetail,
  GroupMemberView,
  GroupPage,
  GroupPartition,
  GroupPreview,
  GroupQuery,
  GroupRow,
  GroupStatus,
} from '@/lib/contracts/consumer-group';
import { letsThrough, parseNameFilters } from '@/lib/contracts/name-filters';
import { coordinatorsOf, describedGroups, listAllGroups } from '@/server/kafka/groups';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { KafkaError } from '@/server/kafka/wire/errors';
import type { LinkCore } from '../link-core';
import type { MirrorPartition } from '../partition';
import { isConsumerGroup } from './group-lookup';
import type { PlannedOffset } from './group-plan';
import type { GroupResult } from './group-result';
import type { OffsetSync } from './offset-sync';

const NAMES_SHOWN = 200;
/** Worth a look: it has offsets that the destination doesn't have. */
const ATTENTION: ReadonlySet<GroupStatus> = new Set(['BUSY', 'NOT_AUTHORIZED', 'IN_ERROR', 'USED']);
/** Worst first. */
const ORDER: readonly GroupStatus[] = [
  'NOT_AUTHORIZED',
  'IN_ERROR',
  'BUSY',
  'USED',
  'WAITING',
  'BEHIND',
  'IN_STEP',
  'SHARE_GROUP',
  'GONE',
  'NO_OFFSETS',
];

export function groupPage(core: LinkCore, sync: OffsetSync, query: GroupQuery): GroupPage {
  const enabled = core.context.settings['consumer.offset.sync.enable'];
  const all = enabled ? [...sync.results.values()] : [];
  const needle = query.filter.trim().toLowerCase();
  const matched = all
    .filter(
      (result) =>
        // The mirror's name ends with the group's: whoever knows either finds it.
        (needle === '' || result.mirrorGroup.toLowerCase().includes(needle)) &&
        (query.status === undefined || result.status === query.status) &&
        (query.attention === '0' || ATTENTION.has(result.status)),
    )
    .sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || (a.group < b.group ? -1 : 1));
  const byStatus: GroupPage['byStatus'] = {};
  for (const { status } of all) byStatus[status] = (byStatus[status] ?? 0) + 1;
  const rows = matched.slice(query.offset, query.offset + query.limit);
  return {
    enabled,
    asOf: enabled ? sync.asOf : null,
    total: all.length,
    matched: matched.length,
    byStatus,
    rows: rows.map((result) => rowOf(core, sync, result)),
  };
}

function rowOf(core: LinkCore, sync: OffsetSync, result: GroupResult): GroupRow {
  const partitions = result.offsets
    .filter(({ source }) => source !== null)
    .map((offset) => partitionOf(core, offset));
  const total = (lags: (string | null)[]): string | null =>
    lags.length === 0 || lags.includes(null)
      ? null
      : String(lags.reduce((sum, lag) => sum + BigInt(lag ?? 0), 0n));
  const { group, mirrorGroup, type, sourceState, mirrorState, status, why } = result;
  return {
    ...{ group, mirrorGroup, type, sourceState, mirrorState, status, why },
    partitions: partitions.length,
    sourceLag: total(partitions.map(({ sourceLag }) => sourceLag)),
    mirrorLag: total(partitions.map(({ mirrorLag }) => mirrorLag)),
    lastSyncAt: sync.lastSyncOf(group),
  };
}

function partitionOf(core: LinkCore, offset: PlannedOffset): GroupPartition {
  const { topic, partition, source, mirror, why } = offset;
  const mirrored = core.topics.get(topic);
  const at = mirrored?.partitions.find(({ index }) => index === partition);
  return {
    topic,
    sourceTopic: mirrored?.desired.sourceTopic ?? topic,
    partition,
    sourceOffset: source === null ? null : String(source),
    mirrorOffset: mirror === null ? null : String(mirror),
    sourceLag: lagOf(source, at && sourceEnd(at)),
    mirrorLag: lagOf(mirror, at?.mirrorHighWatermark),
    why,
  };
}

/** A group may have read what a transaction still holds back: its lag is counted to the end of the log. */
const sourceEnd = (at: MirrorPartition): bigint =>
  at.sourceHighWatermark >= 0n ? at.sourceHighWatermark : at.sourceLastStable;

function lagOf(committed: bigint | null, end: bigint | undefined): string | null {
  if (committed === null || end === undefined || end < 0n) return null;
  return String(end > committed ? end - committed : 0n);
}

/** @throws KafkaError when the link knows no such group */
export async function groupDetail(
  core: LinkCore,
  sync: OffsetSync,
  group: string,
): Promise<GroupDetail | null> {
  const result = sync.results.get(group);
  if (!result || sync.asOf === null) return null;
  const [source, destination] = await Promise.all([
    membersOf(core.context.source, group, result.type, 'SOURCE'),
    membersOf(
      core.context.destination,
      result.mirrorGroup,
      // A classic group may be one of the newer protocol there; a share group is one on both sides.
      result.type === 'share' ? 'share' : null,
      'DESTINATION',
    ),
  ]);
  const troubles = [source, destination].filter((side) => side instanceof KafkaError);
  const members = [source, destination].flatMap((side) => (side instanceof KafkaError ? [] : side));
  const partitions = result.offsets.map((offset) => partitionOf(core, offset));
  return {
    asOf: sync.asOf,
    group: rowOf(core, sync, result),
    partitions: partitions.sort((a, b) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
    ),
    members: troubles.length === 2 ? null : members,
    membersTrouble: troubles[0] ? `${troubles[0].message}.` : null,
  };
}

async function membersOf(
  client: ClusterClient,
  group: string,
  type: string | null,
  side: GroupMemberView['side'],
): Promise<GroupMemberView[] | KafkaError> {
  try {
    const found = (await coordinatorsOf(client, [group])).get(group);
    if (!found || found.error)
      return found?.error ?? new KafkaError(`${client.name} names no coordinator`, { retriable: true });
    const coordinators = new Map([[group, found.value]]);
    // Each kind of question finds only groups of its own kind: the newer one first, where it may be one.
    const kinds = type === null || type === 'unknown' ? ['consumer', 'classic'] : [type];
    for (const kind of kinds) {
      const described = (await describedGroups(client, coordinators, kind)).get(group);
      if (described?.error && kind === kinds.at(-1)) return described.error;
      const members = described?.value?.members ?? [];
      if (members.length > 0)
        return members.map(({ memberId, clientId, clientHost }) => ({
          side,
          memberId,
          clientId,
          host: clientHost.replace(/^\//, ''),
        }));
    }
    return [];
  } catch (error) {
    if (error instanceof KafkaError) return error;
    throw error;
  }
}

/** Which of the groups that can be seen on the source some filters let through. */
export async function previewGroups(core: LinkCore, filters: string): Promise<GroupPreview> {
  const parsed = parseNameFilters('groupFilters', filters);
  const { groups, troubles } = await listAllGroups(core.context.source);
  if (groups.size === 0 && troubles[0]) throw troubles[0];
  const seen = [...groups.values()].filter(isConsumerGroup).map(({ group }) => group);
  const names = seen.filter((name) => letsThrough(parsed, name)).sort();
  return { seen: seen.length, matched: names.length, names: names.slice(0, NAMES_SHOWN) };
}
