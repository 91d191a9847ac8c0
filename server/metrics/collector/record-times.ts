/**
 * Times of records that were read because a group is further behind than anybody has seen the log's end, or seems to stand still: which are to be read
 * next, and what they said. Bounded, in memory only. No I/O.
 */
import type { RecordTime } from './interpolate';
import { anchorsKept, peekAgainMs, peekRefusedMs, peeksASweep } from './limits';

export type Peek = { topic: string; topicId: string; partition: number; offset: bigint; leader: number };
type Wanted = Peek & {
  /** The group seems to stand still: is there anything to read at all? */
  stalled: boolean;
  /** Its age isn't known at all. */
  unknown: boolean;
  lag: bigint;
};

type Known = {
  times: RecordTime[];
  /** From … to nothing can be read: markers, aborted data, what the cleaner left. */
  nothing: { from: bigint; to: bigint } | null;
  askedMs: number;
  askedAt: bigint;
};

export class RecordTimes {
  /** Topic id and partition. */
  readonly #known = new Map<string, Known>();
  readonly #refused = new Map<string, number>();
  #wanted: Wanted[] = [];

  times(topicId: string, partition: number): readonly RecordTime[] {
    return this.#known.get(`${topicId}/${partition}`)?.times ?? [];
  }

  /** Between a commit and the end nothing can be read. */
  nothingToRead(topicId: string, partition: number, commit: bigint, end: bigint): boolean {
    const nothing = this.#known.get(`${topicId}/${partition}`)?.nothing;
    return nothing != null && commit >= nothing.from && end <= nothing.to;
  }

  want(wanted: Wanted, nowMs: number): void {
    const known = this.#known.get(`${wanted.topicId}/${wanted.partition}`);
    const asked = known !== undefined && known.askedAt === wanted.offset;
    if (asked && nowMs - known.askedMs < peekAgainMs) return;
    if (known && !wanted.unknown && !wanted.stalled && nowMs - known.askedMs < peekAgainMs) return;
    if ((this.#refused.get(wanted.topic) ?? 0) > nowMs || wanted.leader < 0) return;
    this.#wanted.push(wanted);
  }

  /** The most pressing, and forgets the others: they are wanted anew in the next sweep. */
  take(): Peek[] {
    const all = this.#wanted;
    this.#wanted = [];
    all.sort((a, b) => rank(b) - rank(a) || (a.lag > b.lag ? -1 : 1));
    const taken = new Map<string, Peek>();
    for (const one of all) {
      if (taken.size >= peeksASweep) break;
      const key = `${one.topicId}/${one.partition}`;
      if (!taken.has(key)) taken.set(key, one);
    }
    return [...taken.values()];
  }

  learn(peek: Peek, nowMs: number, said: { time: RecordTime | null; nothingUpTo: bigint | null }): void {
    const key = `${peek.topicId}/${peek.partition}`;
    const known = this.#known.get(key) ?? { times: [], nothing: null, askedMs: 0, askedAt: -1n };
    known.askedMs = nowMs;
    known.askedAt = peek.offset;
    known.nothing = said.nothingUpTo === null ? null : { from: peek.offset, to: said.nothingUpTo };
    // A clock that runs ahead would make a lag look younger than it is.
    if (said.time && said.time.atMs <= nowMs) {
      // What stands in front of the record that is read next can be read no more: it counts from there, too.
      const { atMs } = said.time;
      const times = [{ atMs, offset: peek.offset }];
      if (said.time.offset !== peek.offset) times.push(said.time);
      const others = known.times.filter(({ offset }) => times.every((time) => time.offset !== offset));
      known.times = [...others, ...times].sort((a, b) => (a.offset < b.offset ? -1 : 1)).slice(-anchorsKept);
    }
    this.#known.set(key, known);
  }

  /** Not to be read for a while: the right is missing, or records are of a format that is read no more. */
  refused(topic: string, nowMs: number): void {
    this.#refused.set(topic, nowMs + peekRefusedMs);
  }

  unreadable(nowMs: number): string[] {
    return [...this.#refused].filter(([, untilMs]) => untilMs > nowMs).map(([topic]) => topic);
  }

  /** Forgets topics that are gone. */
  keep(topicIds: ReadonlySet<string>): void {
    for (const key of this.#known.keys())
      if (!topicIds.has(key.slice(0, key.lastIndexOf('/')))) this.#known.delete(key);
  }
}

const rank = (wanted: Wanted): number => (wanted.stalled ? 2 : 0) + (wanted.unknown ? 1 : 0);
