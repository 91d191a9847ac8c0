// Sums of a group over its partitions. An end that the sweep has not been told makes a sum unknown; a partition without a leader is left out of it,
// as it may stay so for long. No I/O.
import { bytesOfLag } from './lag';
import { type GroupTotals, type PartitionColumns, type StatusCode, statusCode } from './sweep';

export class GroupSum {
  readonly #partitionsOf: PartitionColumns;
  #topics = 0;
  #partitions = 0;
  #known = 0;
  #offline = 0;
  #lag = 0n;
  #maxLag = 0n;
  #bytes: bigint | null = 0n;
  #maxSeconds = 0;
  #ageless = 0;
  #rate = 0;
  #rated = 0;
  #stalled = 0;
  #fallingBehind = 0;
  #beyondEnd = 0;
  #headroom = Number.POSITIVE_INFINITY;

  constructor(partitions: PartitionColumns) {
    this.#partitionsOf = partitions;
  }

  topic(): void {
    this.#topics++;
  }

  /** @param rate of its commits; NaN: not known */
  partition(rate: number): void {
    this.#partitions++;
    if (Number.isNaN(rate)) return;
    this.#rate += rate;
    this.#rated++;
  }

  /** Its end was not told. */
  unknown(at: number): void {
    if ((this.#partitionsOf.leader[at] as number) < 0) this.#offline++;
  }

  /** @param seconds, headroom NaN: not known */
  known(at: number, lag: bigint, status: StatusCode, seconds: number, headroom: number): void {
    this.#known++;
    if (status === statusCode.BEYOND_END) this.#beyondEnd++;
    if (lag === 0n) return;
    this.#lag += lag;
    if (lag > this.#maxLag) this.#maxLag = lag;
    const bytes = this.#bytes === null ? null : bytesOfLag(lag, this.#partitionsOf, at);
    this.#bytes = this.#bytes === null || bytes === null ? null : this.#bytes + bytes;
    if (Number.isNaN(seconds)) this.#ageless++;
    else if (seconds > this.#maxSeconds) this.#maxSeconds = seconds;
    if (status === statusCode.STALLED) this.#stalled++;
    if (status === statusCode.FALLING_BEHIND) this.#fallingBehind++;
    if (headroom < this.#headroom) this.#headroom = headroom;
  }

  totals(lost: bigint): GroupTotals {
    const told = this.#known > 0 && this.#known + this.#offline === this.#partitions;
    // One that is not known may be in trouble.
    const judged = told || this.#partitions === 0;
    return {
      topics: this.#topics,
      partitions: this.#partitions,
      known: this.#known,
      lag: told ? this.#lag : null,
      maxLag: told ? this.#maxLag : null,
      lagBytes: told ? this.#bytes : null,
      // One that is not known may be the worst.
      maxSeconds: told && this.#ageless === 0 ? this.#maxSeconds : Number.NaN,
      commitRate: this.#rated > 0 ? this.#rate : Number.NaN,
      stalled: judged ? this.#stalled : null,
      fallingBehind: judged ? this.#fallingBehind : null,
      beyondEnd: judged ? this.#beyondEnd : null,
      lost,
      headroomSeconds: told && Number.isFinite(this.#headroom) ? this.#headroom : Number.NaN,
    };
  }

  get why(): string | null {
    const missing = this.#partitions - this.#known;
    if (missing > 0) {
      const told = `${missing} of ${this.#partitions} partitions did not tell where they end`;
      return missing === this.#offline
        ? `${told}, as they have no leader: sums are without them.`
        : `${told} in this sweep.`;
    }
    if (this.#ageless > 0)
      return `How old the lag is, is not known yet in ${this.#ageless} of ${this.#partitions} partitions.`;
    return null;
  }
}
