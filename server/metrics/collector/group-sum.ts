// Sums of a group over its partitions. An end that the sweep has not been told makes a sum unknown; a partition without a leader is left out of it,
// as it may stay so for long. No I/O.
import { bytesOfLag, type Lag } from './lag';
import { type GroupTotals, type PartitionColumns, type StatusCode, statusCode } from './sweep';

export type GroupPartition = {
  topic: number;
  at: number;
  lag: Lag | null;
  status: StatusCode;
  /** NaN: not known. */
  seconds: number;
  rate: number;
  headroom: number | null;
};

export class GroupSum {
  #topics = 0;
  #lastTopic = -1;
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

  add(
    { topic, at, lag, status, seconds, rate, headroom }: GroupPartition,
    partitions: PartitionColumns,
  ): void {
    if (topic !== this.#lastTopic) this.#topics++;
    this.#lastTopic = topic;
    this.#partitions++;
    if (!Number.isNaN(rate)) {
      this.#rate += rate;
      this.#rated++;
    }
    if (!lag) {
      if ((partitions.leader[at] as number) < 0) this.#offline++;
      return;
    }
    this.#known++;
    this.#lag += lag.messages;
    if (lag.messages > this.#maxLag) this.#maxLag = lag.messages;
    const bytes = bytesOfLag(lag.messages, partitions, at);
    this.#bytes = this.#bytes === null || bytes === null ? null : this.#bytes + bytes;
    if (Number.isNaN(seconds)) this.#ageless++;
    else if (seconds > this.#maxSeconds) this.#maxSeconds = seconds;
    if (status === statusCode.STALLED) this.#stalled++;
    if (status === statusCode.FALLING_BEHIND) this.#fallingBehind++;
    if (lag.beyondEnd > 0n) this.#beyondEnd++;
    if (headroom !== null && headroom < this.#headroom) this.#headroom = headroom;
  }

  totals(lost: bigint): GroupTotals {
    const told = this.#known > 0 && this.#known + this.#offline === this.#partitions;
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
      stalled: this.#stalled,
      fallingBehind: this.#fallingBehind,
      beyondEnd: this.#beyondEnd,
      lost,
      headroomSeconds: Number.isFinite(this.#headroom) ? this.#headroom : Number.NaN,
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
