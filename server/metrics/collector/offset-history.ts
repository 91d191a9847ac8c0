/**
 * Where the logs of one cluster began and ended over the last hour: each sweep of the last ten minutes, then one a minute. In columns, in memory only.
 * A topic that was made anew under its old name begins anew here, too.
 */
import { appendedBetween, type EndSample } from './interpolate';
import { coarseEveryMs, coarseSamples, fineSamples } from './limits';
import type { PartitionColumns, TopicColumns } from './sweep';

const SLOTS = fineSamples + coarseSamples;

/** When each slot was written, for all topics. NaN: not yet. The first `fineSamples` are a ring, and so are the others. */
class Slots {
  readonly timesMs = new Float64Array(SLOTS).fill(Number.NaN);
  /** The newest first, each moment once. */
  order: number[] = [];
  #fine = 0;
  #coarse = 0;
  #lastCoarseMs = Number.NEGATIVE_INFINITY;

  /** @returns the slots to be written for this moment */
  next(atMs: number): number[] {
    const slots = [this.#fine];
    this.#fine = (this.#fine + 1) % fineSamples;
    if (atMs - this.#lastCoarseMs >= coarseEveryMs) {
      slots.push(fineSamples + this.#coarse);
      this.#coarse = (this.#coarse + 1) % coarseSamples;
      this.#lastCoarseMs = atMs;
    }
    for (const slot of slots) this.timesMs[slot] = atMs;
    return slots;
  }

  arrange(): void {
    const { timesMs } = this;
    const slots = [...timesMs.keys()].filter((slot) => !Number.isNaN(timesMs[slot]));
    slots.sort((a, b) => (timesMs[b] as number) - (timesMs[a] as number) || a - b);
    this.order = slots.filter((slot, i) => i === 0 || timesMs[slot] !== timesMs[slots[i - 1] as number]);
  }
}

export type OffsetSample = { atMs: number; start: bigint; lastStable: bigint; highWatermark: bigint };

/** Of one topic. Slot s of partition p is at s × partitions + p; −1: not known. */
export class TopicHistory {
  readonly id: string;
  readonly partitions: number;
  readonly #slots: Slots;
  readonly #start: BigInt64Array;
  readonly #lastStable: BigInt64Array;
  readonly #highWatermark: BigInt64Array;

  constructor(id: string, partitions: number, slots: Slots) {
    const column = () => new BigInt64Array(SLOTS * partitions).fill(-1n);
    [this.id, this.partitions, this.#slots] = [id, partitions, slots];
    [this.#start, this.#lastStable, this.#highWatermark] = [column(), column(), column()];
  }

  write(slot: number, from: PartitionColumns, first: number): void {
    const [at, end] = [slot * this.partitions, first + this.partitions];
    this.#start.set(from.start.subarray(first, end), at);
    this.#lastStable.set(from.lastStable.subarray(first, end), at);
    this.#highWatermark.set(from.highWatermark.subarray(first, end), at);
  }

  /** The topic has got more partitions. */
  takeOver(before: TopicHistory): void {
    const columns = [
      [before.#start, this.#start],
      [before.#lastStable, this.#lastStable],
      [before.#highWatermark, this.#highWatermark],
    ] as const;
    for (const [old, own] of columns)
      for (let slot = 0; slot < SLOTS; slot++)
        own.set(
          old.subarray(slot * before.partitions, (slot + 1) * before.partitions),
          slot * this.partitions,
        );
  }

  #endAt(slot: number | undefined, partition: number): bigint {
    return slot === undefined ? -1n : (this.#lastStable[slot * this.partitions + partition] as bigint);
  }

  /** When the last stable offset passed this one: then its record was there to read. NaN: longer ago than anybody has looked. */
  passedMs(partition: number, offset: bigint): number {
    const { order, timesMs } = this.#slots;
    // Far behind, as many partitions of a group are at once: no look through the whole hour.
    if (this.#endAt(order.at(-1), partition) > offset) return Number.NaN;
    let [afterMs, after] = [Number.NaN, -1n];
    for (const slot of order) {
      const end = this.#lastStable[slot * this.partitions + partition] as bigint;
      if (end < 0n) continue;
      const atMs = timesMs[slot] as number;
      if (end > offset) [afterMs, after] = [atMs, end];
      // It stands before the end that was seen last: nothing is behind it.
      else if (after < 0n) return atMs;
      else return appendedBetween(offset, { atMs, offset: end }, { atMs: afterMs, offset: after });
    }
    return Number.NaN;
  }

  /** The oldest look at which the end was told. */
  oldestEnd(partition: number): EndSample | null {
    const { order, timesMs } = this.#slots;
    const slot = order.findLast((one) => this.#endAt(one, partition) >= 0n);
    return slot === undefined
      ? null
      : { atMs: timesMs[slot] as number, offset: this.#endAt(slot, partition) };
  }

  /** Offsets a second at which the log's start has moved since the oldest look; NaN before there are two, or where one was not told. */
  startRate(partition: number): number {
    const { order, timesMs } = this.#slots;
    const [newest, oldest] = [order[0], order.at(-1)];
    if (newest === undefined || oldest === undefined || newest === oldest) return Number.NaN;
    const is = this.#start[newest * this.partitions + partition] as bigint;
    const was = this.#start[oldest * this.partitions + partition] as bigint;
    if (is === was) return is < 0n ? Number.NaN : 0;
    if (is < 0n || was < 0n) return Number.NaN;
    return Number(is - was) / (((timesMs[newest] as number) - (timesMs[oldest] as number)) / 1000);
  }

  /** The oldest first; unknown offsets are −1. */
  of(partition: number): OffsetSample[] {
    const { order, timesMs } = this.#slots;
    return order.toReversed().map((slot) => {
      const i = slot * this.partitions + partition;
      return {
        atMs: timesMs[slot] as number,
        start: this.#start[i] as bigint,
        lastStable: this.#lastStable[i] as bigint,
        highWatermark: this.#highWatermark[i] as bigint,
      };
    });
  }
}

export class OffsetHistory {
  readonly #slots = new Slots();
  readonly #topics = new Map<string, TopicHistory>();

  record(atMs: number, topics: TopicColumns, partitions: PartitionColumns): void {
    const slots = this.#slots.next(atMs);
    for (const [t, name] of topics.names.entries()) {
      const first = topics.first[t] as number;
      const history = this.#historyOf(name, topics.ids[t] as string, (topics.first[t + 1] as number) - first);
      for (const slot of slots) history.write(slot, partitions, first);
    }
    for (const [name, { id }] of this.#topics) {
      const now = topics.byName.get(name);
      if (now === undefined || topics.ids[now] !== id) this.#topics.delete(name);
    }
    this.#slots.arrange();
  }

  #historyOf(name: string, id: string, partitions: number): TopicHistory {
    const known = this.#topics.get(name);
    if (known?.id === id && known.partitions === partitions) return known;
    const history = new TopicHistory(id, partitions, this.#slots);
    if (known?.id === id && known.partitions < partitions) history.takeOver(known);
    this.#topics.set(name, history);
    return history;
  }

  /** Null: nobody has looked at it. */
  topic(name: string): TopicHistory | null {
    return this.#topics.get(name) ?? null;
  }

  of(topic: string, partition: number): OffsetSample[] {
    const history = this.#topics.get(topic);
    return history && partition < history.partitions ? history.of(partition) : [];
  }
}
