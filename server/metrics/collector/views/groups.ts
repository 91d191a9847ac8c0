// The page of groups and the page of one group, from the last sweep. Pure.
import type {
  GroupDetail,
  GroupPartitionStatus,
  GroupsPage,
  GroupsQuery,
  MonitoredGroupMember,
  MonitoredGroupPartition,
  MonitoredGroupRow,
} from '@/lib/contracts/monitoring/groups';
import { beyondEnd, bytesOfLag, lagOf } from '../lag';
import {
  type ClusterSweep,
  type GroupCommitColumns,
  type GroupSeen,
  known,
  partitionNumber,
  secondsSource,
  statusCode,
  topicNameOf,
} from '../sweep';
import { groupCount } from './cluster';
import { finite, matcher, oncePerSweep, pageOf, type SortKey, seenOf, text } from './rows';
import { topicsOf } from './topic-groups';

const NAMES_SHOWN = 5;

export function groupsPage(sweep: ClusterSweep, query: GroupsQuery): GroupsPage {
  const matches = matcher(query.filter);
  const all = groupRows(sweep);
  const topic = query.topic === '' ? null : (sweep.topics.byName.get(query.topic) ?? -1);
  const byState: Record<string, number> = {};
  for (const row of all) byState[row.state] = (byState[row.state] ?? 0) + 1;
  const rows = all.filter(
    (row, index) =>
      matches(row.group) &&
      (query.state === '' || row.state === query.state) &&
      (query.trouble === '0' || mayBeInTrouble(sweep, row)) &&
      (topic === null || topicsOf(sweep, index).includes(topic)),
  );
  const page = pageOf(rows, sortKeys[query.sort], (row) => row.group, query);
  const counts = { total: all.length, matched: rows.length, allListed: groupCount(sweep) !== null };
  return { ...seenOf(sweep), ...counts, byState, rows: page };
}

/** @returns null when there is no such group in the sweep */
export function groupDetail(sweep: ClusterSweep, name: string): GroupDetail | null {
  const index = sweep.groups?.findIndex((group) => group.name === name) ?? -1;
  const group = sweep.groups?.[index];
  if (!group) return null;
  const owners = ownersOf(group);
  const { commits } = group;
  const partitions = commits
    ? [...commits.at.keys()].map((i) => partitionRow(sweep, commits, i, owners))
    : [];
  return {
    ...seenOf(sweep),
    row: groupRows(sweep)[index] as MonitoredGroupRow,
    members: group.members && memberRows(sweep, group, partitions),
    partitions,
    deletedTopics: [...group.deletedTopics],
    watchedSinceMs: group.watchedSinceMs,
  };
}

const troubleOf = (row: MonitoredGroupRow): number =>
  (row.stalled ?? 0) * 1_000_000 +
  (row.beyondEnd ?? 0) * 10_000 +
  (row.fallingBehind ?? 0) * 100 +
  (row.lost === '0' ? 0 : 1);

const judgedBy = ['GROUPS', 'GROUP_OFFSETS', 'OFFSETS'] as const;

/** One of which too little was told may be: a broker that hangs takes no trouble off the list. */
const mayBeInTrouble = ({ partial }: ClusterSweep, row: MonitoredGroupRow): boolean =>
  troubleOf(row) > 0 || (row.stalled === null && judgedBy.some((part) => partial.has(part)));
const number = (value: string | null): bigint | null => (value === null ? null : BigInt(value));
const sortKeys: Record<GroupsQuery['sort'], (row: MonitoredGroupRow) => SortKey> = {
  group: (row) => row.group,
  state: (row) => row.state,
  members: (row) => row.members,
  partitions: (row) => row.partitions,
  lagMessages: (row) => number(row.lagMessages),
  lagSeconds: (row) => row.maxLagSeconds,
  commitRate: (row) => row.commitRate,
  trouble: troubleOf,
};

const groupRows = oncePerSweep(
  (sweep: ClusterSweep): MonitoredGroupRow[] =>
    sweep.groups?.map((group, index) => groupRow(sweep, group, index)) ?? [],
);

function groupRow(sweep: ClusterSweep, group: GroupSeen, index: number): MonitoredGroupRow {
  const { totals, commits } = group;
  return {
    group: group.name,
    type: group.type,
    state: group.state,
    members: group.members?.length ?? null,
    coordinator: group.coordinator,
    topics: commits && totals.topics,
    topicNames: topicsOf(sweep, index)
      .slice(0, NAMES_SHOWN)
      .map((topic) => sweep.topics.names[topic] as string),
    partitions: commits && totals.partitions,
    known: commits && totals.known,
    lagMessages: text(totals.lag),
    maxLagMessages: text(totals.maxLag),
    lagBytes: text(totals.lagBytes),
    maxLagSeconds: finite(totals.maxSeconds),
    commitRate: finite(totals.commitRate),
    stalled: commits && totals.stalled,
    fallingBehind: commits && totals.fallingBehind,
    beyondEnd: commits && totals.beyondEnd,
    lost: totals.lost.toString(),
    retentionHeadroomSeconds: finite(totals.headroomSeconds),
    why: group.why,
    unknownSince: group.unknownSinceMs,
  };
}

const statusWords = Object.fromEntries(
  Object.entries(statusCode).map(([word, code]) => [code, word]),
) as Record<number, GroupPartitionStatus>;

function partitionRow(
  sweep: ClusterSweep,
  commits: GroupCommitColumns,
  i: number,
  owners: ReadonlyMap<string, string>,
): MonitoredGroupPartition {
  const at = commits.at[i] as number;
  const { partitions: p, topics } = sweep;
  const commit = commits.commit[i] as bigint;
  const start = known(p.start[at]);
  const end = known(p.lastStable[at]);
  const high = known(p.highWatermark[at]);
  const lag = end === null ? null : lagOf(commit, end);
  const topic = topicNameOf(sweep, at);
  const partition = partitionNumber(sweep, at);
  const compacted = topics.configs[p.topic[at] as number]?.compacted ?? false;
  const from = commits.secondsFrom[i];
  const status = statusWords[commits.status[i] as number] ?? 'UNKNOWN';
  const seconds = finite(commits.seconds[i]);
  return {
    topic,
    partition,
    commit: commit.toString(),
    start: text(start),
    end: text(end),
    lag: text(lag),
    lagBytes: text(lag === null ? null : bytesOfLag(lag, p, at)),
    lagSeconds: seconds,
    secondsFrom: from === secondsSource.SAMPLES ? 'SAMPLES' : from === secondsSource.RECORD ? 'RECORD' : null,
    blocked: end === null || high === null ? null : text(high > end ? high - end : 0n),
    deleted: (start !== null && start > commit ? start - commit : 0n).toString(),
    beyondEnd: (end === null || high === null ? 0n : beyondEnd(commit, end, high)).toString(),
    compacted,
    commitRate: finite(commits.rate[i]),
    status,
    memberId: owners.get(`${topic} ${partition}`) ?? null,
    why: whyOf(status, (p.leader[at] as number) < 0, lag, seconds, compacted),
  };
}

function whyOf(
  status: GroupPartitionStatus,
  offline: boolean,
  lag: bigint | null,
  seconds: number | null,
  compacted: boolean,
): string | null {
  if (status === 'UNKNOWN')
    return offline
      ? 'The partition has no leader: nobody tells where it ends.'
      : 'The leader of the partition did not tell where it ends.';
  if (status === 'BEYOND_END')
    return 'The commit is beyond the end of the log: the topic was made anew, or its log was truncated. A consumer that starts there jumps to where auto.offset.reset says.';
  if (status === 'LOST')
    return 'Retention has deleted messages in front of the commit: this group never reads them.';
  if (status === 'STALLED')
    return 'There are messages to read, the group has members, and the commit stands still.';
  if (status === 'FALLING_BEHIND') return 'The commit moves, but the end of the log moves faster.';
  if (lag !== null && lag > 0n && seconds === null)
    return 'The lag is older than what Landbridge has seen, and the time of the record is not read yet, or may not be read.';
  if (lag !== null && lag > 0n && compacted)
    return 'The topic is compacted: replaced records count in the distance, the lag is at most this.';
  return null;
}

/** "topic partition" → member. */
function ownersOf(group: GroupSeen): Map<string, string> {
  const owners = new Map<string, string>();
  for (const { memberId, assigned } of group.members ?? [])
    for (const { topic, partitions } of assigned ?? [])
      for (const partition of partitions) owners.set(`${topic} ${partition}`, memberId);
  return owners;
}

/** Lag without partitions that have no leader, as in the sum of the group. */
function memberRows(
  sweep: ClusterSweep,
  group: GroupSeen,
  partitions: MonitoredGroupPartition[],
): MonitoredGroupMember[] {
  const lags = new Map<string, bigint | null>();
  for (const [i, { memberId, lag }] of partitions.entries()) {
    const leader = sweep.partitions.leader[group.commits?.at[i] as number] as number;
    if (memberId === null || leader < 0) continue;
    const sum = lags.get(memberId);
    lags.set(memberId, sum === null || lag === null ? null : (sum ?? 0n) + BigInt(lag));
  }
  return (group.members ?? []).map(({ memberId, instanceId, clientId, host, assigned }) => ({
    memberId,
    instanceId,
    clientId,
    host,
    assigned: assigned?.map(({ topic, partitions: of }) => ({ topic, partitions: [...of] })) ?? null,
    lagMessages: text(lags.get(memberId)),
  }));
}
