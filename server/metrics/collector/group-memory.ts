/**
 * What one sweep says of each group together with what was seen before. Keeps what it needs from sweep to sweep; no I/O.
 */
import { groupType } from '@/lib/contracts/consumer-group';
import type { TopicCommits } from '@/server/kafka/wire/apis/group-commits';
import type { ListedGroup } from '@/server/kafka/wire/apis/list-groups';
import { type Places, placesOf } from './commit-places';
import { GroupSum } from './group-sum';
import { type Ends, GroupTopic } from './group-topic';
import { groupKeptMs } from './limits';
import type { OffsetHistory } from './offset-history';
import { TopicProgress } from './progress';
import type { RecordTimes } from './record-times';
import type { GroupCommitColumns, GroupSeen, MemberSeen, TopicColumns } from './sweep';

type Track = { sinceMs: number; seenMs: number; lost: bigint; topics: Map<string, TopicTrack> };
type TopicTrack = { id: string; progress: TopicProgress };

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
const knownType = groupType.catch('unknown');

export class GroupMemory {
  readonly #tracks = new Map<string, Track>();
  readonly #history: OffsetHistory;
  readonly #times: RecordTimes;
  /** Keeps its shape, and that of its sum: see `keepShape`. */
  #judged: GroupTopic | null = null;

  constructor(history: OffsetHistory, times: RecordTimes) {
    this.#history = history;
    this.#times = times;
  }

  see(told: GroupTold, ends: Ends): GroupSeen {
    const { listed, coordinator, members } = told;
    const track = this.#trackOf(listed.group, ends.atMs);
    const places = told.commits && placesOf(told.commits, ends.topics);
    const sum = new GroupSum(ends.partitions);
    const commits = places && this.#judge(places, hasMembers(listed.state), track, ends, sum);
    return {
      name: listed.group,
      type: knownType.parse(listed.type ?? 'classic'),
      state: listed.state,
      coordinator,
      members,
      commits,
      totals: sum.totals(track.lost),
      deletedTopics: places?.deletedTopics ?? [],
      watchedSinceMs: track.sinceMs,
      why: told.why ?? sum.why,
      unknownSinceMs: null,
    };
  }

  #judge(
    { at, commit }: Places,
    members: boolean,
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
    let topic: GroupTopic | null = null;
    let end = 0;
    for (let i = 0; i < at.length; i++) {
      if (topic === null || (at[i] as number) >= end) {
        const t = ends.partitions.topic[at[i] as number] as number;
        end = ends.topics.first[t + 1] as number;
        topic = this.#topic(t, columns, members, track, ends, sum);
        sum.topic();
      }
      const taken = topic.judge(i);
      if (taken > 0n) track.lost += taken;
    }
    return columns;
  }

  #topic(
    topic: number,
    columns: GroupCommitColumns,
    members: boolean,
    track: Track,
    ends: Ends,
    sum: GroupSum,
  ): GroupTopic {
    const { topics } = ends;
    const name = topics.names[topic] as string;
    const count = (topics.first[topic + 1] as number) - (topics.first[topic] as number);
    const progress = progressOf(track, name, topics.ids[topic] as string, count);
    const history = this.#history.topic(name);
    const times = this.#times;
    this.#judged = new GroupTopic({
      topic,
      ends,
      columns,
      hasMembers: members,
      progress,
      history,
      times,
      sum,
    });
    return this.#judged;
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

  /** It may still be there, though nobody lists it. */
  keep(group: string, nowMs: number): void {
    const track = this.#tracks.get(group);
    if (track) track.seenMs = nowMs;
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
