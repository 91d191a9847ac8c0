// The topics page and the page of one topic, from the last sweep. Pure.
import type {
  TopicDetail,
  TopicGroupRow,
  TopicPartitionRow,
  TopicRow,
  TopicsPage,
  TopicsQuery,
} from '@/lib/contracts/monitoring/topics';
import { type ClusterSweep, inSyncOf, known, replicasOf } from '../sweep';
import { isUntold } from '../totals';
import { finite, matcher, oncePerSweep, pageOf, type SortKey, seenOf, text } from './rows';
import { groupsOfTopics } from './topic-groups';

export function topicsPage(sweep: ClusterSweep, query: TopicsQuery): TopicsPage {
  const matches = matcher(query.filter);
  const all = topicRows(sweep).filter((row) => query.internal === '1' || !row.internal);
  const rows = all.filter((row) => matches(row.name) && (query.trouble === '0' || troubleOf(row) > 0));
  const page = pageOf(rows, sortKeys[query.sort], (row) => row.name, query);
  const counts = { total: all.length, matched: rows.length };
  return { ...seenOf(sweep), ...counts, configsAt: oldestConfigs(sweep), rows: page };
}

/** @returns null when there is no such topic in the sweep */
export function topicDetail(sweep: ClusterSweep, name: string): TopicDetail | null {
  const topic = sweep.topics.byName.get(name);
  if (topic === undefined) return null;
  const from = sweep.topics.first[topic] as number;
  const to = sweep.topics.first[topic + 1] as number;
  const partitions = Array.from({ length: to - from }, (_, p) => partitionRow(sweep, from + p, p));
  return {
    ...seenOf(sweep),
    topic: topicRows(sweep)[topic] as TopicRow,
    topicId: sweep.topics.ids[topic] ?? null,
    partitions,
    configs: sweep.topics.configs[topic]?.rows.map((config) => ({ ...config })) ?? null,
    configsAt: sweep.topics.configsReadMs[topic] ?? null,
    groups: (groupsOfTopics(sweep).get(topic) ?? []).map((group) => topicGroup(sweep, group, from, to)),
  };
}

const troubleOf = (row: TopicRow): number =>
  row.offline * 1_000_000 + (row.underMinIsr ?? 0) * 1_000 + row.underReplicated + (row.untold > 0 ? 0.5 : 0);

const number = (value: string | null): bigint | null => (value === null ? null : BigInt(value));
const sortKeys: Record<TopicsQuery['sort'], (row: TopicRow) => SortKey> = {
  name: (row) => row.name,
  partitions: (row) => row.partitions,
  size: (row) => number(row.leaderBytes),
  messages: (row) => number(row.messages),
  messageRate: (row) => row.messagesPerSecond,
  byteRate: (row) => row.bytesPerSecond,
  groups: (row) => row.groups,
  trouble: troubleOf,
};

const topicRows = oncePerSweep((sweep: ClusterSweep): TopicRow[] =>
  sweep.topics.names.map((_, topic) => topicRow(sweep, topic)),
);

const oldestConfigs = oncePerSweep(({ topics }: ClusterSweep): number | null => {
  let oldest: number | null = null;
  for (const readMs of topics.configsReadMs)
    if (readMs !== null && (oldest === null || readMs < oldest)) oldest = readMs;
  return oldest;
});

function topicRow(sweep: ClusterSweep, topic: number): TopicRow {
  const { topics, partitions: p } = sweep;
  const from = topics.first[topic] as number;
  const to = topics.first[topic + 1] as number;
  const configs = topics.configs[topic] ?? null;
  const counts = { offline: 0, underReplicated: 0, underMinIsr: 0, replicas: 0, untold: 0 };
  for (let at = from; at < to; at++) {
    const replicas = (p.replicasFrom[at + 1] as number) - (p.replicasFrom[at] as number);
    const inSync = (p.inSyncFrom[at + 1] as number) - (p.inSyncFrom[at] as number);
    if ((p.leader[at] as number) < 0) counts.offline++;
    if (isUntold(p, at)) counts.untold++;
    if (inSync < replicas) counts.underReplicated++;
    if (configs?.minIsr != null && inSync < Math.min(configs.minIsr, replicas)) counts.underMinIsr++;
    counts.replicas = Math.max(counts.replicas, replicas);
  }
  const starts = sumOf(p.start, from, to);
  const ends = sumOf(p.highWatermark, from, to);
  return {
    name: topics.names[topic] as string,
    internal: topics.internal[topic] === 1,
    partitions: to - from,
    replicationFactor: counts.replicas,
    leaderBytes: text(sumOf(p.leaderBytes, from, to)),
    replicaBytes: text(sumOf(p.replicaBytes, from, to)),
    startOffsets: text(starts),
    endOffsets: text(ends),
    messages: starts === null || ends === null ? null : text(ends - starts),
    messagesPerSecond: rateOf(p.messageRate, from, to),
    bytesPerSecond: rateOf(p.byteRate, from, to),
    cleanupPolicy: configs?.cleanupPolicy ?? null,
    retentionMs: configs?.retentionMs?.toString() ?? null,
    groups: groupsWhole(sweep) ? (groupsOfTopics(sweep).get(topic)?.length ?? 0) : null,
    offline: counts.offline,
    untold: counts.untold,
    underReplicated: counts.underReplicated,
    underMinIsr: configs?.minIsr == null ? null : counts.underMinIsr,
  };
}

/** Of every group it was told what it has committed. */
const groupsWhole = ({ groups, partial }: ClusterSweep): boolean =>
  groups !== null && !partial.has('GROUPS') && !partial.has('GROUP_OFFSETS');

/** Null as soon as one is not known: half a sum is no sum. */
function sumOf(column: BigInt64Array, from: number, to: number): bigint | null {
  let sum = 0n;
  for (let at = from; at < to; at++) {
    const value = column[at] as bigint;
    if (value < 0n) return null;
    sum += value;
  }
  return sum;
}
function rateOf(column: Float64Array, from: number, to: number): number | null {
  let sum = 0;
  for (let at = from; at < to; at++) sum += column[at] as number;
  return finite(sum);
}

function partitionRow(sweep: ClusterSweep, at: number, partition: number): TopicPartitionRow {
  const { partitions: p, topics } = sweep;
  const leader = p.leader[at] as number;
  const replicas = [...replicasOf(sweep, at)];
  const inSync = [...inSyncOf(sweep, at)];
  const stable = known(p.lastStable[at]);
  const high = known(p.highWatermark[at]);
  const minIsr = topics.configs[p.topic[at] as number]?.minIsr ?? null;
  return {
    partition,
    leader: leader < 0 ? null : leader,
    leaderEpoch: (p.leaderEpoch[at] as number) < 0 ? null : (p.leaderEpoch[at] as number),
    replicas,
    inSync,
    start: text(known(p.start[at])),
    lastStable: text(stable),
    highWatermark: text(high),
    blocked: stable === null || high === null ? null : text(high > stable ? high - stable : 0n),
    bytes: text(known(p.leaderBytes[at])),
    messagesPerSecond: finite(p.messageRate[at]),
    status: statusOf(leader, replicas.length, inSync.length, minIsr, isUntold(p, at)),
    toldAt: finite(p.toldMs[at]),
  };
}

function statusOf(
  leader: number,
  replicas: number,
  inSync: number,
  minIsr: number | null,
  untold: boolean,
): TopicPartitionRow['status'] {
  if (leader < 0) return 'OFFLINE';
  if (minIsr !== null && inSync < Math.min(minIsr, replicas)) return 'UNDER_MIN_ISR';
  if (inSync < replicas) return 'UNDER_REPLICATED';
  return untold ? 'UNKNOWN' : 'OK';
}

function topicGroup(sweep: ClusterSweep, index: number, from: number, to: number): TopicGroupRow {
  const group = sweep.groups?.[index];
  if (!group?.commits) throw new RangeError(`group ${index} has committed nothing`);
  const { at, commit, seconds } = group.commits;
  let lag = 0n;
  let [partitions, known, untold] = [0, 0, 0];
  let worst = 0;
  for (const [i, place] of at.entries()) {
    if (place < from || place >= to) continue;
    partitions++;
    const end = sweep.partitions.lastStable[place] as bigint;
    if (isUntold(sweep.partitions, place)) untold++;
    else if (end >= 0n) known++;
    if (end > (commit[i] as bigint)) lag += end - (commit[i] as bigint);
    // One that is not known may be the worst: NaN stays NaN.
    worst = Math.max(worst, seconds[i] as number);
  }
  return {
    group: group.name,
    type: group.type,
    state: group.state,
    members: group.members?.length ?? null,
    partitions,
    // Without partitions that have no leader, as in the sum of the group.
    lagMessages: known > 0 && untold === 0 ? text(lag) : null,
    maxLagSeconds: finite(worst),
  };
}
