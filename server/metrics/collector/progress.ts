/**
 * How a group has got on in the partitions of one topic, sweep after sweep: whether it stands still or falls behind over a window of sweeps, how fast
 * it commits, and what retention has taken from in front of it. Columns by partition. No I/O, no clock.
 */
import { rateSmoothingMs, windowSamples } from './limits';
import { type StatusCode, statusCode } from './sweep';

const NONE = -1n;

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

  /**
   * @param start log start, read before the commit; −1: not known
   * @returns the messages that retention has taken since the last look, each counted once; 0 at the first: what was before nobody watched
   */
  taken(partition: number, commit: bigint, start: bigint): bigint {
    if (start < 0n) return 0n;
    const before = this.#takenUpTo[partition] as bigint;
    // Nothing was taken: nearly always.
    if (start === before) return 0n;
    const last = this.#commit[partition] as bigint;
    if (start > before) this.#takenUpTo[partition] = start;
    // First seen, or set back by somebody: what is gone by now was not taken from this reading.
    if (before < 0n || commit < last) return 0n;
    const from = commit > before ? commit : before;
    return start > from ? start - from : 0n;
  }

  /**
   * To be called after `taken`.
   * @param lag −1: not known
   * @param hasMembers who has none doesn't stand still
   */
  step(partition: number, atMs: number, commit: bigint, lag: bigint, hasMembers: boolean): StatusCode {
    const lastCommit = this.#commit[partition] as bigint;
    const lastLag = this.#lag[partition] as bigint;
    const seenMs = this.#seenMs[partition] as number;
    const moved = commit !== lastCommit;
    if (moved) this.#commit[partition] = commit;
    this.#seenMs[partition] = atMs;
    if (lastCommit >= 0n) this.#learnRate(partition, moved ? Number(commit - lastCommit) : 0, atMs - seenMs);
    // An end that was not told neither adds to the window nor empties it.
    if (lag < 0n) return statusCode.UNKNOWN;
    this.#lag[partition] = lag;
    if (lastLag < 0n || lag === 0n || !hasMembers || commit < lastCommit) {
      this.#unmoved[partition] = this.#rising[partition] = lag > 0n && hasMembers ? 1 : 0;
      this.#risingFrom[partition] = lag;
      return statusCode.OK;
    }
    this.#unmoved[partition] = !moved && lastLag > 0n ? up(this.#unmoved[partition]) : 1;
    if (lag >= lastLag && lastLag > 0n) this.#rising[partition] = up(this.#rising[partition]);
    else {
      this.#rising[partition] = 1;
      this.#risingFrom[partition] = lag;
    }
    return this.#judge(partition, lag);
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
 * what it reads next where old segments are deleted by time. NaN: it does not at these rates, or they aren't known.
 * @param gap commit − log start; negative: it is overtaken
 * @param rates offsets a second of commits, of the log's start and of its end; NaN: not known
 * @param behindSeconds age of what it reads next; NaN: not known
 * @param keptSeconds retention.ms; negative: for ever; NaN: not known, or not deleted by time
 */
export function retentionHeadroom(
  gap: number,
  rates: { commit: number; start: number; end: number },
  behindSeconds: number,
  keptSeconds: number,
): number {
  if (gap < 0) return 0;
  // Comparisons with NaN are false.
  const closing = rates.start - rates.commit;
  const byOffsets = rates.start > 0 && closing > 0 ? gap / closing : Number.NaN;
  // A group as fast as the writers stays as old as it is; one that stands ages by a second each second.
  const keepsUp = rates.end > 0 ? rates.commit / rates.end : rates.commit > 0 ? 1 : 0;
  const ageing = 1 - keepsUp;
  const byTime =
    keptSeconds >= 0 && ageing > 0.01 ? Math.max(0, keptSeconds - behindSeconds) / ageing : Number.NaN;
  if (Number.isNaN(byOffsets)) return byTime;
  return Number.isNaN(byTime) ? byOffsets : Math.min(byOffsets, byTime);
}
