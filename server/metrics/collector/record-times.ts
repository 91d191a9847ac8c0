/**
 * Times of records that were read because a group is further behind than anybody has seen the log's end, or seems to stand still: which are to be read
 * next, and what they said. Bounded, in memory only. No I/O.
 */
import type { RecordTime } from './interpolate';
import { anchorsKept, peekAgainMs, peekRefusedMs, peeksASweep } from './limits';

export type Peek = {
  topic: string;
  topicId: string;
  partition: number;
  offset: bigint;
  leader: number;
  /** Its log may have holes: no batch at all then means that nothing is there. */
  compacted: boolean;
};
type Wanted = Peek & {
  /** The group seems to stand still: is there anything to read at all? */
  stalled: boolean;
  /** Its age isn't known at all. */
  unknown: boolean;
  /** Somebody reads there: groups that are left behind can wait. */
  members: boolean;
  lag: bigint;
};

const WANTED_AT_MOST = 8 * peeksASweep;

export type Known = {
  /** Rising by offset. */
  times: (RecordTime & { learnedMs: number })[];
  /** From … to nothing can be read: markers, aborted data, what the cleaner left. */
  nothing: { from: bigint; to: bigint } | null;
  askedMs: number;
  askedAt: bigint;
};

/** Of one topic's partitions. */
export type TopicTimes = ReadonlyMap<number, Readonly<Known>>;
const NO_TIMES: TopicTimes = new Map();

/** Between a commit and the end nothing can be read. */
export const nothingToRead = (known: Readonly<Known> | undefined, commit: bigint, end: bigint): boolean =>
  known?.nothing != null && commit >= known.nothing.from && end <= known.nothing.to;

export class RecordTimes {
  readonly #topics = new Map<string, Map<number, Known>>();
  readonly #refused = new Map<string, { untilMs: number; right: boolean }>();
  /** Came back empty behind others: to be asked for first, as only the first may be larger than what was asked for. */
  readonly #first = new Map<string, bigint>();
  #wanted: Wanted[] = [];
  /** Of those that were wanted when there were too many. */
  #least: { rank: number; lag: bigint } | null = null;

  topic(topicId: string): TopicTimes {
    return this.#topics.get(topicId) ?? NO_TIMES;
  }

  /** False: what is wanted already is more pressing. Whole clusters may be wanted at once, and are not to be made objects of for nothing. */
  takes(rank: number, lag: bigint): boolean {
    const least = this.#least;
    if (!least || this.#first.size > 0) return true;
    return rank > least.rank || (rank === least.rank && lag > least.lag);
  }

  want(wanted: Wanted, nowMs: number): void {
    const known = this.#topics.get(wanted.topicId)?.get(wanted.partition);
    // A commit that stands reads the same record next, however long.
    if (known?.times.some(({ offset }) => offset === wanted.offset)) return;
    const asked = known?.askedAt === wanted.offset || !(wanted.unknown || wanted.stalled);
    if (known && asked && nowMs - known.askedMs < peekAgainMs) return;
    if (this.#refused.size > 0 && (this.#refused.get(wanted.topic)?.untilMs ?? 0) > nowMs) return;
    if (wanted.leader < 0) return;
    this.#wanted.push(wanted);
    if (this.#wanted.length < WANTED_AT_MOST) return;
    this.#wanted = this.#ordered().slice(0, WANTED_AT_MOST / 4);
    const last = this.#wanted.at(-1) as Wanted;
    this.#least = { rank: rankOf(last), lag: last.lag };
  }

  #ordered(): Wanted[] {
    const isFirst = (one: Wanted) =>
      this.#first.size > 0 && this.#first.get(`${one.topicId}/${one.partition}`) === one.offset ? 1 : 0;
    const ranked = this.#wanted.map((wanted) => ({ wanted, first: isFirst(wanted), rank: rankOf(wanted) }));
    ranked.sort((a, b) => b.first - a.first || b.rank - a.rank || (a.wanted.lag > b.wanted.lag ? -1 : 1));
    return ranked.map(({ wanted }) => wanted);
  }

  /** The most pressing, and forgets the others: they are wanted anew in the next sweep. */
  take(): Peek[] {
    const taken = new Map<string, Peek>();
    for (const one of this.#ordered()) {
      if (taken.size >= peeksASweep) break;
      const key = `${one.topicId}/${one.partition}`;
      if (!taken.has(key)) taken.set(key, one);
    }
    this.#wanted = [];
    this.#least = null;
    return [...taken.values()];
  }

  /**
   * Not even a marker came: the next batch is too large for its share of the answer, and is asked for first the next time. If nothing comes then, either,
   * a compacted log has a hole up to its end; any other is slow to read.
   */
  nothingCame(peek: Peek, nowMs: number, lastStable: bigint): void {
    const key = `${peek.topicId}/${peek.partition}`;
    if (this.#first.get(key) !== peek.offset) this.#first.set(key, peek.offset);
    else this.learn(peek, nowMs, { time: null, nothingUpTo: peek.compacted ? lastStable : null });
  }

  learn(peek: Peek, nowMs: number, said: { time: RecordTime | null; nothingUpTo: bigint | null }): void {
    this.#first.delete(`${peek.topicId}/${peek.partition}`);
    const topic = this.#topics.get(peek.topicId) ?? new Map<number, Known>();
    this.#topics.set(peek.topicId, topic);
    const known = topic.get(peek.partition) ?? { times: [], nothing: null, askedMs: 0, askedAt: -1n };
    topic.set(peek.partition, known);
    known.askedMs = nowMs;
    known.askedAt = peek.offset;
    known.nothing = said.nothingUpTo === null ? null : { from: peek.offset, to: said.nothingUpTo };
    // A clock that runs ahead would make a lag look younger than it is.
    if (!said.time || said.time.atMs > nowMs) return;
    // What stands in front of the record that is read next can be read no more: it counts from there, too.
    const learned = { atMs: said.time.atMs, offset: peek.offset, learnedMs: nowMs };
    const times = [learned];
    if (said.time.offset !== peek.offset) times.push({ ...learned, offset: said.time.offset });
    const others = known.times.filter(({ offset }) => times.every((time) => time.offset !== offset));
    others.sort((a, b) => b.learnedMs - a.learnedMs);
    known.times = [...times, ...others].slice(0, anchorsKept);
    known.times.sort((a, b) => (a.offset < b.offset ? -1 : 1));
  }

  /** Not to be read for a while: the `right` is missing, or records are of a format that is read no more. */
  refused(topic: string, nowMs: number, right: boolean): void {
    this.#refused.set(topic, { untilMs: nowMs + peekRefusedMs, right });
  }

  unreadable(nowMs: number): string[] {
    for (const [topic, { untilMs }] of this.#refused) if (untilMs <= nowMs) this.#refused.delete(topic);
    return [...this.#refused].filter(([, { right }]) => right).map(([topic]) => topic);
  }

  /** Forgets topics that are gone. */
  keep(topicIds: ReadonlySet<string>): void {
    for (const id of this.#topics.keys()) if (!topicIds.has(id)) this.#topics.delete(id);
    for (const key of this.#first.keys())
      if (!topicIds.has(key.slice(0, key.lastIndexOf('/')))) this.#first.delete(key);
  }
}

const rankOf = ({ stalled, members, unknown }: Wanted): number => pressing(stalled, members, unknown);

/** How pressing it is to read there. */
export const pressing = (stalled: boolean, members: boolean, unknown: boolean): number =>
  (stalled ? 4 : 0) + (members ? 2 : 0) + (unknown ? 1 : 0);
