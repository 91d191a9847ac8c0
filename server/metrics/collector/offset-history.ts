/**
 * Where the logs of one cluster began and ended over the last hour: each sweep of the last ten minutes, then one a minute. In columns, in memory only.
 * A topic that was made anew under its old name begins anew here, too.
 */
import { appendedBetween, type EndSample } from './interpolate';
import { coarseEveryMs, coarseSamples, earlyMs, fineSamples, offsetsKeptMs } from './limits';
import type { PartitionColumns, TopicColumns } from './sweep';

/** Columns grow and shrink by so many slots. */
const SLOTS_A_STEP = 12;

type Look = { readonly atMs: number; readonly slot: number; readonly coarse: boolean };

/** Which looks are kept, and in which slot each: one for all topics. */
class Slots {
  /** As they came, the newest first. */
  #looks: Look[] = [];
  #lastCoarseMs = Number.NEGATIVE_INFINITY;
  /** By slot. */
  readonly timesMs: number[] = [];
  /** The newest first, each moment once. */
  order: number[] = [];
  /** Slots that columns must have room for. */
  room = 0;

  /** @returns the slot to be written for this moment */
  next(atMs: number): number {
    const sinceMs = atMs - this.#lastCoarseMs;
    const coarse = sinceMs < 0 || sinceMs >= coarseEveryMs - earlyMs;
    if (coarse) this.#lastCoarseMs = atMs;
    this.#forget(atMs, coarse ? 1 : 0);
    const slot = this.#free();
    this.#looks.unshift({ atMs, slot, coarse });
    this.timesMs[slot] = atMs;
    const slots = this.#looks.map((look) => look.slot);
    this.room = Math.ceil((Math.max(...slots) + 1) / SLOTS_A_STEP) * SLOTS_A_STEP;
    return slot;
  }

  /** Makes room for one more. */
  #forget(nowMs: number, coarseOnes: number): void {
    let coarse = coarseOnes;
    this.#looks = this.#looks.filter((look, i) => {
      if (look.coarse) coarse++;
      if (nowMs - look.atMs >= offsetsKeptMs) return false;
      return i < fineSamples - 1 || (look.coarse && coarse <= coarseSamples);
    });
  }

  /** The lowest one, so that columns may shrink again. */
  #free(): number {
    const used = new Set(this.#looks.map(({ slot }) => slot));
    let slot = 0;
    while (used.has(slot)) slot++;
    return slot;
  }

  arrange(): void {
    const looks = this.#looks.toSorted((a, b) => b.atMs - a.atMs);
    this.order = looks
      .filter(({ atMs }, i) => i === 0 || atMs !== looks[i - 1]?.atMs)
      .map(({ slot }) => slot);
  }
}

export type OffsetSample = { atMs: number; start: bigint; lastStable: bigint; highWatermark: bigint };

/** Of one topic. Slot s of partition p is at s × partitions + p; −1: not known. */
export class TopicHistory {
  readonly id: string;
  readonly partitions: number;
  readonly #slots: Slots;
  #start: BigInt64Array;
  #lastStable: BigInt64Array;
  /** Null: they are not kept. */
  #highWatermark: BigInt64Array | null;

  constructor(id: string, partitions: number, slots: Slots, highWatermarks: boolean) {
    const column = () => new BigInt64Array(slots.room * partitions).fill(-1n);
    [this.id, this.partitions, this.#slots] = [id, partitions, slots];
    [this.#start, this.#lastStable] = [column(), column()];
    this.#highWatermark = highWatermarks ? column() : null;
  }

  write(slot: number, from: PartitionColumns, first: number): void {
    this.#fit();
    const [at, end] = [slot * this.partitions, first + this.partitions];
    this.#start.set(from.start.subarray(first, end), at);
    this.#lastStable.set(from.lastStable.subarray(first, end), at);
    this.#highWatermark?.set(from.highWatermark.subarray(first, end), at);
  }

  #fit(): void {
    const length = this.#slots.room * this.partitions;
    if (this.#start.length === length) return;
    this.#start = fitted(this.#start, length);
    this.#lastStable = fitted(this.#lastStable, length);
    this.#highWatermark = this.#highWatermark && fitted(this.#highWatermark, length);
  }

  /** The topic has got more partitions. */
  takeOver(before: TopicHistory): void {
    const columns = [
      [before.#start, this.#start],
      [before.#lastStable, this.#lastStable],
      [before.#highWatermark, this.#highWatermark],
    ] as const;
    for (const [old, own] of columns)
      for (let slot = 0; old && own && (slot + 1) * before.partitions <= old.length; slot++)
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
    for (let i = order.length - 1; i >= 0; i--) {
      const slot = order[i] as number;
      const offset = this.#endAt(slot, partition);
      if (offset >= 0n) return { atMs: timesMs[slot] as number, offset };
    }
    return null;
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
        highWatermark: this.#highWatermark?.[i] ?? -1n,
      };
    });
  }
}

function fitted(column: BigInt64Array, length: number): BigInt64Array {
  if (column.length > length) return column.slice(0, length);
  const longer = new BigInt64Array(length).fill(-1n, column.length);
  longer.set(column);
  return longer;
}

export class OffsetHistory {
  readonly #slots = new Slots();
  readonly #topics = new Map<string, TopicHistory>();
  readonly #highWatermarks: boolean;

  /** @param highWatermarks false: only what ages of lags are worked out from is kept, two thirds of it */
  constructor(highWatermarks = true) {
    this.#highWatermarks = highWatermarks;
  }

  record(atMs: number, topics: TopicColumns, partitions: PartitionColumns): void {
    const slot = this.#slots.next(atMs);
    for (const [t, name] of topics.names.entries()) {
      const first = topics.first[t] as number;
      const history = this.#historyOf(name, topics.ids[t] as string, (topics.first[t + 1] as number) - first);
      history.write(slot, partitions, first);
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
    const history = new TopicHistory(id, partitions, this.#slots, this.#highWatermarks);
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
