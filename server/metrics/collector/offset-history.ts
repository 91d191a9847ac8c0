/**
 * Where the logs of one cluster began and ended over the last hour: each sweep of the last ten minutes, then one a minute. In columns, in memory only.
 * A topic that was made anew under its old name begins anew here, too.
 */
import { appendedBetween, type EndSample } from './interpolate';
import { coarseEveryMs, coarseSamples, fineSamples } from './limits';
import type { PartitionColumns, TopicColumns } from './sweep';

const SLOTS = fineSamples + coarseSamples;

/** Slot s of partition p is at s × partitions + p. */
type Block = {
  id: string;
  partitions: number;
  start: BigInt64Array;
  lastStable: BigInt64Array;
  highWatermark: BigInt64Array;
};

/** When the log's end has passed an offset; or the oldest look, when it had by then. */
export type Passed = { atMs: number; olderThan: null } | { atMs: null; olderThan: EndSample | null };

export class OffsetHistory {
  /** NaN: nothing in the slot yet. The first `fineSamples` are a ring, and so are the others. */
  readonly #times = new Float64Array(SLOTS).fill(Number.NaN);
  readonly #blocks = new Map<string, Block>();
  #fine = 0;
  #coarse = 0;
  #lastCoarseMs = Number.NEGATIVE_INFINITY;
  /** Slots in the order of time, the newest first. */
  #order: number[] = [];

  record(atMs: number, topics: TopicColumns, partitions: PartitionColumns): void {
    const slots = [this.#fine];
    this.#fine = (this.#fine + 1) % fineSamples;
    if (atMs - this.#lastCoarseMs >= coarseEveryMs) {
      slots.push(fineSamples + this.#coarse);
      this.#coarse = (this.#coarse + 1) % coarseSamples;
      this.#lastCoarseMs = atMs;
    }
    for (const slot of slots) this.#times[slot] = atMs;
    for (const [t, name] of topics.names.entries()) {
      const first = topics.first[t] as number;
      const count = (topics.first[t + 1] as number) - first;
      const block = this.#blockOf(name, topics.ids[t] as string, count);
      for (const slot of slots) {
        block.start.set(partitions.start.subarray(first, first + count), slot * count);
        block.lastStable.set(partitions.lastStable.subarray(first, first + count), slot * count);
        block.highWatermark.set(partitions.highWatermark.subarray(first, first + count), slot * count);
      }
    }
    for (const [name, block] of this.#blocks) {
      const now = topics.byName.get(name);
      if (now === undefined || topics.ids[now] !== block.id) this.#blocks.delete(name);
    }
    this.#order = this.#inOrder();
  }

  /** Newest first, each moment once. */
  #inOrder(): number[] {
    const slots = [...this.#times.keys()].filter((slot) => !Number.isNaN(this.#times[slot]));
    slots.sort((a, b) => (this.#times[b] as number) - (this.#times[a] as number) || a - b);
    return slots.filter((slot, i) => i === 0 || this.#times[slot] !== this.#times[slots[i - 1] as number]);
  }

  #blockOf(name: string, id: string, partitions: number): Block {
    const known = this.#blocks.get(name);
    if (known?.id === id && known.partitions === partitions) return known;
    const column = () => new BigInt64Array(SLOTS * partitions).fill(-1n);
    const block = { id, partitions, start: column(), lastStable: column(), highWatermark: column() };
    if (known?.id === id && known.partitions < partitions) widen(known, block);
    this.#blocks.set(name, block);
    return block;
  }

  /** When the last stable offset passed this one: then its record was there to read. */
  passed(topic: string, partition: number, offset: bigint): Passed {
    const block = this.#blocks.get(topic);
    if (!block || partition >= block.partitions) return { atMs: null, olderThan: null };
    // Far behind, as many partitions of a group are at once: no look through the whole hour.
    const oldest = this.#at(block, this.#order.at(-1), partition);
    if (oldest && oldest.offset > offset) return { atMs: null, olderThan: oldest };
    let after: EndSample | null = null;
    for (const slot of this.#order) {
      const end = block.lastStable[slot * block.partitions + partition] as bigint;
      if (end < 0n) continue;
      const sample = { atMs: this.#times[slot] as number, offset: end };
      if (end > offset) after = sample;
      // It stands before the end that was seen last: nothing is behind it.
      else if (!after) return { atMs: sample.atMs, olderThan: null };
      else return { atMs: appendedBetween(offset, sample, after), olderThan: null };
    }
    return { atMs: null, olderThan: after };
  }

  #at(block: Block, slot: number | undefined, partition: number): EndSample | null {
    if (slot === undefined) return null;
    const offset = block.lastStable[slot * block.partitions + partition] as bigint;
    return offset < 0n ? null : { atMs: this.#times[slot] as number, offset };
  }

  /** Offsets a second at which the log's start has moved over the last hour; null before there are two looks. */
  startRate(topic: string, partition: number): number | null {
    const block = this.#blocks.get(topic);
    if (!block || partition >= block.partitions) return null;
    const at = (slot: number) => block.start[slot * block.partitions + partition] as bigint;
    const newest = this.#order.find((slot) => at(slot) >= 0n);
    const oldest = this.#order.findLast((slot) => at(slot) >= 0n);
    if (newest === undefined || oldest === undefined || newest === oldest) return null;
    const moved = Number(at(newest) - at(oldest));
    return moved / (((this.#times[newest] as number) - (this.#times[oldest] as number)) / 1000);
  }

  /** The oldest first; unknown offsets are −1. */
  of(
    topic: string,
    partition: number,
  ): { atMs: number; start: bigint; lastStable: bigint; highWatermark: bigint }[] {
    const block = this.#blocks.get(topic);
    if (!block || partition >= block.partitions) return [];
    return this.#order.toReversed().map((slot) => {
      const i = slot * block.partitions + partition;
      return {
        atMs: this.#times[slot] as number,
        start: block.start[i] as bigint,
        lastStable: block.lastStable[i] as bigint,
        highWatermark: block.highWatermark[i] as bigint,
      };
    });
  }
}

/** The topic has got more partitions. */
function widen(from: Block, to: Block): void {
  for (const column of ['start', 'lastStable', 'highWatermark'] as const)
    for (let slot = 0; slot < SLOTS; slot++)
      to[column].set(
        from[column].subarray(slot * from.partitions, (slot + 1) * from.partitions),
        slot * to.partitions,
      );
}
