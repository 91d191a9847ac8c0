/**
 * What one sweep says of a group in the partitions of one topic: lag, how old it is, whether the group gets on. Called for each pair of group and
 * partition, two hundred thousand times a sweep of a large cluster: makes no objects on the usual way.
 */
import type { GroupSum } from './group-sum';
import { appendedByRecords } from './interpolate';
import { beyondEnd, lagOf } from './lag';
import type { TopicHistory } from './offset-history';
import { retentionHeadroom, type TopicProgress } from './progress';
import { nothingToRead, pressing, type RecordTimes, type TopicTimes } from './record-times';
import {
  type GroupCommitColumns,
  type PartitionColumns,
  type StatusCode,
  secondsSource,
  statusCode,
  type TopicColumns,
  type TopicConfigs,
} from './sweep';

/** What stays the same for all groups of a sweep. */
export type Ends = { atMs: number; topics: TopicColumns; partitions: PartitionColumns };

export type GroupTopicParts = {
  topic: number;
  ends: Ends;
  columns: GroupCommitColumns;
  hasMembers: boolean;
  progress: TopicProgress;
  history: TopicHistory | null;
  times: RecordTimes;
  sum: GroupSum;
};

export class GroupTopic {
  readonly #parts: GroupTopicParts;
  readonly #first: number;
  readonly #configs: TopicConfigs | null;
  readonly #timesOf: TopicTimes;

  constructor(parts: GroupTopicParts) {
    const { topic, ends, times } = parts;
    this.#parts = parts;
    this.#first = ends.topics.first[topic] as number;
    this.#configs = ends.topics.configs[topic] ?? null;
    this.#timesOf = times.topic(ends.topics.ids[topic] as string);
  }

  /** Fills in what is known of the i-th commit. @returns messages that retention has taken in front of it */
  judge(i: number): bigint {
    const { columns, ends, progress, hasMembers, sum } = this.#parts;
    const { partitions: p, atMs } = ends;
    const at = columns.at[i] as number;
    const commit = columns.commit[i] as bigint;
    const partition = at - this.#first;
    const start = p.start[at] as bigint;
    const stable = p.lastStable[at] as bigint;
    const lag = lagOf(commit, stable);
    const taken = progress.taken(partition, commit, start);
    let status = progress.step(partition, atMs, commit, lag, hasMembers);
    const rate = progress.rate(partition);
    columns.rate[i] = rate;
    sum.partition(rate);
    if (lag < 0n) {
      columns.status[i] = statusCode.UNKNOWN;
      sum.unknown(at);
      return taken;
    }
    if (lag === 0n) this.#set(i, 0, secondsSource.SAMPLES);
    else status = this.#age(i, partition, lag, status);
    if (lag === 0n && beyondEnd(commit, stable, p.highWatermark[at] as bigint) > 0n)
      status = statusCode.BEYOND_END;
    else if (start > commit && status !== statusCode.STALLED) status = statusCode.LOST;
    columns.status[i] = status;
    const headroom = lag === 0n || start < 0n ? Number.NaN : this.#headroom(i, commit - start);
    sum.known(at, lag, status, columns.seconds[i] as number, headroom);
    return taken;
  }

  #set(i: number, seconds: number, from: number): void {
    const { columns } = this.#parts;
    columns.seconds[i] = Math.max(0, seconds);
    columns.secondsFrom[i] = from;
  }

  /** Fills in how old the lag is. @returns the status; who has nothing to read does not stand still */
  #age(i: number, partition: number, lag: bigint, status: StatusCode): StatusCode {
    const { columns, ends, history } = this.#parts;
    const at = columns.at[i] as number;
    const commit = columns.commit[i] as bigint;
    const known = this.#timesOf.get(partition);
    const next = this.#next(i);
    if (nothingToRead(known, next, ends.partitions.lastStable[at] as bigint)) {
      this.#set(i, 0, secondsSource.RECORD);
      return statusCode.OK;
    }
    const passedMs = history?.passedMs(partition, commit) ?? Number.NaN;
    if (!Number.isNaN(passedMs)) this.#set(i, (ends.atMs - passedMs) / 1000, secondsSource.SAMPLES);
    else if (known) {
      const appendedMs = appendedByRecords(next, known.times, history?.oldestEnd(partition) ?? null);
      if (appendedMs !== null) this.#set(i, (ends.atMs - appendedMs) / 1000, secondsSource.RECORD);
    }
    if (Number.isNaN(passedMs) || status === statusCode.STALLED) this.#want(i, partition, lag, status);
    return status;
  }

  #want(i: number, partition: number, lag: bigint, status: StatusCode): void {
    const { topic, columns, ends, times, hasMembers } = this.#parts;
    const [stalled, unknown] = [status === statusCode.STALLED, Number.isNaN(columns.seconds[i])];
    if (!times.takes(pressing(stalled, hasMembers, unknown), lag)) return;
    times.want(
      {
        topic: ends.topics.names[topic] as string,
        topicId: ends.topics.ids[topic] as string,
        partition,
        offset: this.#next(i),
        leader: ends.partitions.leader[columns.at[i] as number] as number,
        compacted: this.#configs?.compacted ?? false,
        ...{ stalled, unknown, members: hasMembers },
        lag,
      },
      ends.atMs,
    );
  }

  /** What the group reads next: where retention has overtaken it, the log begins behind its commit. */
  #next(i: number): bigint {
    const { columns, ends } = this.#parts;
    const commit = columns.commit[i] as bigint;
    const start = ends.partitions.start[columns.at[i] as number] as bigint;
    return start > commit ? start : commit;
  }

  #headroom(i: number, gap: bigint): number {
    const { columns, ends, history } = this.#parts;
    const configs = this.#configs;
    const startRate =
      configs?.deleted === false
        ? Number.NaN
        : (history?.startRate((columns.at[i] as number) - this.#first) ?? Number.NaN);
    const kept =
      configs?.deleted && configs.retentionMs !== null ? Number(configs.retentionMs) / 1000 : Number.NaN;
    // Nothing is deleted, as far as anybody knows.
    if (!(startRate > 0) && !(kept >= 0) && gap >= 0n) return Number.NaN;
    const rates = {
      commit: columns.rate[i] as number,
      start: startRate,
      end: ends.partitions.messageRate[columns.at[i] as number] as number,
    };
    return retentionHeadroom(Number(gap), rates, columns.seconds[i] as number, kept);
  }
}
