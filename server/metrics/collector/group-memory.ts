/**
 * What one sweep says of each group together with what was seen before: lags, how old they are, whether the group gets on, and what it has lost.
 * Keeps what it needs from sweep to sweep; no I/O.
 */
import { groupType } from '@/lib/contracts/consumer-group';
import type { TopicCommits } from '@/server/kafka/wire/apis/group-commits';
import type { ListedGroup } from '@/server/kafka/wire/apis/list-groups';
import { placesOf } from './commit-places';
import { GroupSum } from './group-sum';
import { appendedByRecords } from './interpolate';
import { lagOf } from './lag';
import { groupKeptMs } from './limits';
import type { OffsetHistory } from './offset-history';
import { retentionHeadroom, TopicProgress } from './progress';
import type { RecordTimes } from './record-times';
import {
  type GroupCommitColumns,
  type GroupSeen,
  type MemberSeen,
  type PartitionColumns,
  type StatusCode,
  secondsSource,
  statusCode,
  type TopicColumns,
} from './sweep';

type Track = { sinceMs: number; seenMs: number; lost: bigint; topics: Map<string, TopicTrack> };
type TopicTrack = { id: string; progress: TopicProgress };

/** What stays the same for all groups of a sweep. */
export type Ends = { atMs: number; topics: TopicColumns; partitions: PartitionColumns };
export type GroupTold = {
  listed: ListedGroup;
  coordinator: number;
  members: readonly MemberSeen[] | null;
  commits: readonly TopicCommits[] | null;
  /** Why something of it was not told. */
  why: string | null;
};

/** States without members. */
const WITHOUT_MEMBERS = new Set(['Empty', 'Dead', 'NotReady']);
export const hasMembers = (state: string): boolean => !WITHOUT_MEMBERS.has(state);

export class GroupMemory {
  readonly #tracks = new Map<string, Track>();
  readonly #history: OffsetHistory;
  readonly #times: RecordTimes;

  constructor(history: OffsetHistory, times: RecordTimes) {
    this.#history = history;
    this.#times = times;
  }

  see(told: GroupTold, ends: Ends): GroupSeen {
    const { listed, coordinator, members } = told;
    const track = this.#trackOf(listed.group, ends.atMs);
    const places = told.commits && placesOf(told.commits, ends.topics);
    const sum = new GroupSum();
    const commits = places && this.#columns(places.at, places.commit, listed, track, ends, sum);
    return {
      name: listed.group,
      type: groupType.catch('unknown').parse(listed.type ?? 'classic'),
      state: listed.state,
      coordinator,
      members,
      commits,
      totals: sum.totals(track.lost),
      deletedTopics: places?.deletedTopics ?? [],
      watchedSinceMs: track.sinceMs,
      why: told.why ?? sum.why,
    };
  }

  #columns(
    at: Int32Array,
    commit: BigInt64Array,
    listed: ListedGroup,
    track: Track,
    ends: Ends,
    sum: GroupSum,
  ): GroupCommitColumns {
    const columns = {
      at,
      commit,
      seconds: new Float64Array(at.length).fill(Number.NaN),
      secondsFrom: new Uint8Array(at.length),
      rate: new Float64Array(at.length).fill(Number.NaN),
      status: new Uint8Array(at.length),
    };
    for (const i of at.keys()) this.#judge(columns, i, hasMembers(listed.state), track, ends, sum);
    return columns;
  }

  #judge(
    columns: GroupCommitColumns,
    i: number,
    members: boolean,
    track: Track,
    ends: Ends,
    sum: GroupSum,
  ): void {
    const at = columns.at[i] as number;
    const commit = columns.commit[i] as bigint;
    const { topics, partitions: p, atMs } = ends;
    const t = p.topic[at] as number;
    const [topic, id] = [topics.names[t] as string, topics.ids[t] as string];
    const first = topics.first[t] as number;
    const partition = at - first;
    const start = p.start[at] as bigint;
    const lag = lagOf(commit, p.lastStable[at] as bigint, p.highWatermark[at] as bigint);
    const progress = progressOf(track, topic, id, (topics.first[t + 1] as number) - first);
    track.lost += progress.taken(partition, { commit, start });
    const messages = lag?.messages ?? -1n;
    let status = progress.step(partition, { atMs, commit, start, lag: messages, hasMembers: members });
    columns.rate[i] = progress.rate(partition);
    if (lag) status = this.#age(columns, i, { topic, id, partition, messages, status }, ends);
    columns.status[i] = !lag
      ? statusCode.UNKNOWN
      : lag.beyondEnd > 0n
        ? statusCode.BEYOND_END
        : status !== statusCode.STALLED && start > commit
          ? statusCode.LOST
          : status;
    const configs = topics.configs[t];
    const headroom = retentionHeadroom({
      ...{ commit, start, lag: messages, commitRate: columns.rate[i] as number },
      startRate: configs?.deleted === false ? null : this.#history.startRate(topic, partition),
      behindSeconds: columns.seconds[i] as number,
      retentionMs: configs?.deleted ? configs.retentionMs : null,
      endRate: p.messageRate[at] as number,
    });
    sum.add(
      {
        topic: t,
        at,
        lag,
        status,
        seconds: columns.seconds[i] as number,
        rate: columns.rate[i] as number,
        headroom,
      },
      p,
    );
  }

  /** Fills in how old the lag is. @returns the status; who has nothing to read does not stand still */
  #age(
    columns: GroupCommitColumns,
    i: number,
    of: { topic: string; id: string; partition: number; messages: bigint; status: StatusCode },
    ends: Ends,
  ): StatusCode {
    const { topic, id, partition, messages, status } = of;
    const at = columns.at[i] as number;
    const commit = columns.commit[i] as bigint;
    const set = (seconds: number, from: number) => {
      columns.seconds[i] = Math.max(0, seconds);
      columns.secondsFrom[i] = from;
    };
    if (messages === 0n) {
      set(0, secondsSource.SAMPLES);
      return status;
    }
    const end = ends.partitions.lastStable[at] as bigint;
    if (this.#times.nothingToRead(id, partition, commit, end)) {
      set(0, secondsSource.RECORD);
      return statusCode.OK;
    }
    const passed = this.#history.passed(topic, partition, commit);
    if (passed.atMs !== null) set((ends.atMs - passed.atMs) / 1000, secondsSource.SAMPLES);
    else {
      const times = this.#times.times(id, partition);
      const appendedMs = appendedByRecords(commit, times, passed.olderThan);
      if (appendedMs !== null) set((ends.atMs - appendedMs) / 1000, secondsSource.RECORD);
    }
    const stalled = status === statusCode.STALLED;
    if (passed.atMs === null || stalled) {
      const leader = ends.partitions.leader[at] as number;
      const unknown = Number.isNaN(columns.seconds[i]);
      const peek = { topic, topicId: id, partition, offset: commit, leader };
      this.#times.want({ ...peek, stalled, unknown, lag: messages }, ends.atMs);
    }
    return status;
  }

  #trackOf(group: string, nowMs: number): Track {
    let track = this.#tracks.get(group);
    if (!track) {
      track = { sinceMs: nowMs, seenMs: nowMs, lost: 0n, topics: new Map() };
      this.#tracks.set(group, track);
    }
    track.seenMs = nowMs;
    return track;
  }

  /** Groups that nobody has listed for long, and topics that are gone. */
  forget(nowMs: number, topics: TopicColumns): void {
    for (const [group, track] of this.#tracks) {
      if (nowMs - track.seenMs > groupKeptMs) this.#tracks.delete(group);
      for (const topic of track.topics.keys()) if (!topics.byName.has(topic)) track.topics.delete(topic);
    }
  }
}

/** A topic that was made anew, or has more partitions, is watched from now on. */
function progressOf(track: Track, topic: string, id: string, partitions: number): TopicProgress {
  const known = track.topics.get(topic);
  if (known?.id === id && known.progress.partitions === partitions) return known.progress;
  const progress = new TopicProgress(partitions);
  track.topics.set(topic, { id, progress });
  return progress;
}
