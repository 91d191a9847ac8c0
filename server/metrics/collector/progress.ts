/**
 * How a group has got on in the partitions of one topic, sweep after sweep: whether it stands still or falls behind over a window of sweeps, how fast
 * it commits, and what retention has taken from in front of it. Columns by partition. No I/O, no clock.
 */
import { rateSmoothingMs, windowSamples } from './limits';
import { type StatusCode, statusCode } from './sweep';

const NONE = -1n;

export type Look = {
  atMs: number;
  commit: bigint;
  /** Log start, read before the commit; −1: not known. */
  start: bigint;
  /** −1: not known. */
  lag: bigint;
  /** Null: not told. Who has no members doesn't stand still. */
  hasMembers: boolean | null;
};

export class TopicProgress {
  readonly #commit: BigInt64Array;
  readonly #lag: BigInt64Array;
  /** Lag where it began to rise without falling. */
  readonly #risingFrom: BigInt64Array;
  /** Looks in a row at which the commit had not moved though there was lag; and at which the lag was no smaller than at the one before. */
  readonly #unmoved: Uint16Array;
  readonly #rising: Uint16Array;
  /** Retention has taken everything below this, and it is counted. */
  readonly #takenUpTo: BigInt64Array;
  readonly #seenMs: Float64Array;
  readonly #rate: Float64Array;

  constructor(partitions: number) {
    const offsets = () => new BigInt64Array(partitions).fill(NONE);
    [this.#commit, this.#lag, this.#risingFrom, this.#takenUpTo] = [
      offsets(),
      offsets(),
      offsets(),
      offsets(),
    ];
    [this.#unmoved, this.#rising] = [new Uint16Array(partitions), new Uint16Array(partitions)];
    [this.#seenMs, this.#rate] = [
      new Float64Array(partitions),
      new Float64Array(partitions).fill(Number.NaN),
    ];
  }

  get partitions(): number {
    return this.#commit.length;
  }
  /** Offsets a second, smoothed; NaN before the second look. */
  rate(partition: number): number {
    return this.#rate[partition] as number;
  }

  /** @returns the messages that retention has taken since the last look, each counted once; 0 at the first: what was before nobody watched */
  taken(partition: number, { commit, start }: Pick<Look, 'commit' | 'start'>): bigint {
    if (start < 0n) return 0n;
    const before = this.#takenUpTo[partition] as bigint;
    const last = this.#commit[partition] as bigint;
    // First seen, or set back by somebody: what is gone by now was not taken from this reading.
    if (before < 0n || commit < last) {
      this.#takenUpTo[partition] = start > before ? start : before;
      return 0n;
    }
    const from = commit > before ? commit : before;
    if (start > before) this.#takenUpTo[partition] = start;
    return start > from ? start - from : 0n;
  }

  /** To be called after `taken`. */
  step(partition: number, look: Look): StatusCode {
    const lastCommit = this.#commit[partition] as bigint;
    const lastLag = this.#lag[partition] as bigint;
    const seenMs = this.#seenMs[partition] as number;
    this.#commit[partition] = look.commit;
    this.#seenMs[partition] = look.atMs;
    if (lastCommit >= 0n) this.#learnRate(partition, Number(look.commit - lastCommit), look.atMs - seenMs);
    // An end that was not told neither adds to the window nor empties it.
    if (look.lag < 0n) return statusCode.UNKNOWN;
    this.#lag[partition] = look.lag;
    const fresh = lastLag < 0n || look.lag === 0n || look.hasMembers === false || look.commit < lastCommit;
    if (fresh) {
      this.#unmoved[partition] = this.#rising[partition] = look.lag > 0n && look.hasMembers !== false ? 1 : 0;
      this.#risingFrom[partition] = look.lag;
      return statusCode.OK;
    }
    this.#unmoved[partition] = look.commit === lastCommit && lastLag > 0n ? up(this.#unmoved[partition]) : 1;
    if (look.lag >= lastLag && lastLag > 0n) this.#rising[partition] = up(this.#rising[partition]);
    else {
      this.#rising[partition] = 1;
      this.#risingFrom[partition] = look.lag;
    }
    return this.#judge(partition, look.lag);
  }

  #judge(partition: number, lag: bigint): StatusCode {
    if ((this.#unmoved[partition] as number) >= windowSamples) return statusCode.STALLED;
    const rising = (this.#rising[partition] as number) >= windowSamples;
    return rising && lag > (this.#risingFrom[partition] as bigint)
      ? statusCode.FALLING_BEHIND
      : statusCode.OK;
  }

  #learnRate(partition: number, moved: number, overMs: number): void {
    if (overMs <= 0) return;
    // Set back by somebody: that is no speed.
    if (moved < 0) this.#rate[partition] = Number.NaN;
    else {
      const now = moved / (overMs / 1000);
      const before = this.#rate[partition] as number;
      const weight = Number.isNaN(before) ? 1 : 1 - Math.exp(-overMs / rateSmoothingMs);
      this.#rate[partition] = (Number.isNaN(before) ? 0 : before * (1 - weight)) + now * weight;
    }
  }
}

const up = (count: number | undefined): number => Math.min(60_000, (count ?? 0) + 1);

/**
 * Seconds until retention overtakes a group in one partition, at present rates: by the offsets between its commit and the log's start, and by the age of
 * what it reads next where old segments are deleted by time. Null: it does not at these rates, or they aren't known.
 */
export function retentionHeadroom(at: {
  commit: bigint;
  start: bigint;
  lag: bigint;
  /** Offsets a second. */
  commitRate: number;
  startRate: number | null;
  /** Age of what it reads next; NaN: not known. */
  behindSeconds: number;
  /** −1: for ever; null: not known, or not deleted by time. */
  retentionMs: bigint | null;
  /** Offsets a second that are appended: with the commit's rate they say how fast the age grows. */
  endRate: number;
}): number | null {
  if (at.lag <= 0n || at.start < 0n) return null;
  if (at.start > at.commit) return 0;
  const found: number[] = [];
  const closing = (at.startRate ?? 0) - (Number.isNaN(at.commitRate) ? 0 : at.commitRate);
  if (at.startRate !== null && at.startRate > 0 && closing > 0 && !Number.isNaN(at.commitRate))
    found.push(Number(at.commit - at.start) / closing);
  if (at.retentionMs !== null && at.retentionMs >= 0n && !Number.isNaN(at.behindSeconds)) {
    // A group as fast as the writers stays as old as it is; one that stands ages by a second each second.
    const keepsUp = at.endRate > 0 ? at.commitRate / at.endRate : at.commitRate > 0 ? 1 : 0;
    const ageing = 1 - (Number.isNaN(keepsUp) ? 1 : keepsUp);
    if (ageing > 0.01) found.push(Math.max(0, Number(at.retentionMs) / 1000 - at.behindSeconds) / ageing);
  }
  return found.length === 0 ? null : Math.min(...found);
}
