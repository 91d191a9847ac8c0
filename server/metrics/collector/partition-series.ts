// Series of single partitions, of groups in single partitions, and of topics: bounded, the worst of each cluster. All others are in the collector's own
// memory of the last hour. No I/O.
import type { ObservationBuilder } from '@/lib/monitoring/observation';
import { seriesTopics, seriesTopicsComeUpTo, worstComeUpTo, worstPartitions } from './limits';
import { diskTellers, sumOfRates } from './rate-sums';
import { type ClusterSweep, type GroupSeen, known, partitionNumber, statusCode, topicNameOf } from './sweep';
import { type Top, Worst } from './worst';

type Pair = { group: number; i: number };

export class PartitionSeries {
  readonly #partitions = new Worst(worstPartitions, worstComeUpTo);
  readonly #pairs = new Worst(worstPartitions, worstComeUpTo);
  readonly #topics = new Worst(seriesTopics, seriesTopicsComeUpTo);

  addPartitions(to: ObservationBuilder, sweep: ClusterSweep): void {
    const lags = new Float64Array(sweep.partitions.leader.length);
    for (const pair of this.#pairs.pick<Pair>((top) => offerPairs(sweep, lags, top)))
      addPair(to, sweep, pair);
    for (const at of this.#partitions.pick<number>((top) => offerPartitions(sweep, lags, top)))
      addPartition(to, sweep, at);
  }

  addTopics(to: ObservationBuilder, sweep: ClusterSweep): void {
    const tellers = diskTellers(sweep.brokers);
    for (const topic of this.#topics.pick<number>((top) => offerTopics(sweep, top)))
      addTopic(to, sweep, topic, tellers);
  }
}

const or0 = (value: number): number => (Number.isNaN(value) ? 0 : value);

/** Also finds the worst lag of each partition. */
function offerPairs(sweep: ClusterSweep, lags: Float64Array, top: Top<Pair>): void {
  for (const [group, seen] of (sweep.groups ?? []).entries()) offerGroup(sweep, group, seen, lags, top);
}

function offerGroup(
  sweep: ClusterSweep,
  group: number,
  { name, commits }: GroupSeen,
  lags: Float64Array,
  top: Top<Pair>,
): void {
  const { lastStable } = sweep.partitions;
  for (let i = 0; commits && i < commits.at.length; i++) {
    const at = commits.at[i] as number;
    const end = lastStable[at] as bigint;
    if (end < 0n) continue;
    const lag = Math.max(0, Number(end - (commits.commit[i] as bigint)));
    if (lag > (lags[at] as number)) lags[at] = lag;
    const trouble = commits.status[i] === statusCode.OK ? 0 : 1;
    const seconds = or0(commits.seconds[i] as number);
    if (!top.takes(trouble, seconds, lag)) continue;
    // A topic that comes or goes moves all places: the key has names.
    const key = `${topicNameOf(sweep, at)} ${partitionNumber(sweep, at)} ${name}`;
    top.offer(trouble, seconds, lag, { group, i }, key);
  }
}

function offerPartitions(sweep: ClusterSweep, lags: Float64Array, top: Top<number>): void {
  const { first, names } = sweep.topics;
  for (let t = 0; t < names.length; t++)
    offerTopic(sweep, first[t] as number, first[t + 1] as number, lags, top);
}

function offerTopic(
  sweep: ClusterSweep,
  from: number,
  to: number,
  lags: Float64Array,
  top: Top<number>,
): void {
  const { partitions: p } = sweep;
  for (let at = from; at < to; at++) {
    const replicas = (p.replicasFrom[at + 1] as number) - (p.replicasFrom[at] as number);
    const missing = replicas - ((p.inSyncFrom[at + 1] as number) - (p.inSyncFrom[at] as number));
    const offline = (p.leader[at] as number) < 0 ? 1_000 : 0;
    const lag = lags[at] as number;
    const rate = or0(p.messageRate[at] as number);
    if (!top.takes(offline + missing, lag, rate)) continue;
    top.offer(offline + missing, lag, rate, at, `${topicNameOf(sweep, at)} ${partitionNumber(sweep, at)}`);
  }
}

function offerTopics(sweep: ClusterSweep, top: Top<number>): void {
  const { partitions: p, topics } = sweep;
  for (const [t, name] of topics.names.entries()) {
    const [from, end] = placesOf(sweep, t);
    const rate = or0(sumOfRates(p, p.messageRate, from, end));
    const size = Number(bytesOf(sweep, from, end) ?? 0n);
    if (top.takes(rate, size, 0)) top.offer(rate, size, 0, t, name);
  }
}

const placesOf = ({ topics }: ClusterSweep, t: number): [number, number] => [
  topics.first[t] as number,
  topics.first[t + 1] as number,
];

/** Null as soon as one is not told. */
function bytesOf({ partitions: p }: ClusterSweep, from: number, end: number): bigint | null {
  let bytes = 0n;
  for (let at = from; at < end; at++) {
    const size = p.leaderBytes[at] as bigint;
    if (size < 0n) return null;
    bytes += size;
  }
  return bytes;
}

function addTopic(
  to: ObservationBuilder,
  sweep: ClusterSweep,
  topic: number,
  tellers: ReadonlySet<number>,
): void {
  const { partitions: p, topics } = sweep;
  const labels = [sweep.cluster, topics.names[topic] as string];
  const [from, end] = placesOf(sweep, topic);
  to.add('landbridge_topic_bytes', labels, bytesOf(sweep, from, end));
  to.add('landbridge_topic_messages_in_per_second', labels, sumOfRates(p, p.messageRate, from, end));
  to.add('landbridge_topic_bytes_in_per_second', labels, sumOfRates(p, p.byteRate, from, end, tellers));
}

function addPartition(to: ObservationBuilder, sweep: ClusterSweep, at: number): void {
  const { partitions: p } = sweep;
  const labels = [sweep.cluster, topicNameOf(sweep, at), String(partitionNumber(sweep, at))];
  to.add('kafka_partition_latest_offset', labels, known(p.highWatermark[at]));
  to.add('kafka_partition_earliest_offset', labels, known(p.start[at]));
  to.add('landbridge_partition_last_stable_offset', labels, known(p.lastStable[at]));
}

function addPair(to: ObservationBuilder, sweep: ClusterSweep, { group: g, i }: Pair): void {
  const group = sweep.groups?.[g];
  if (!group?.commits) return;
  const at = group.commits.at[i] as number;
  const commit = group.commits.commit[i] as bigint;
  const end = sweep.partitions.lastStable[at] as bigint;
  const partition = String(partitionNumber(sweep, at));
  const labels = [sweep.cluster, group.name, topicNameOf(sweep, at), partition];
  to.add('kafka_consumergroup_group_offset', labels, commit);
  to.add('kafka_consumergroup_group_lag', labels, end > commit ? end - commit : 0n);
  to.add('kafka_consumergroup_group_lag_seconds', labels, group.commits.seconds[i]);
}
