/**
 * Frees what sweeps leave behind where they are rare. V8 collects old objects when enough new ones were made: with one sweep a minute they stand for a
 * quarter of an hour, and the memory that they took stays ours after that, too (decision 23).
 */
import { getHeapStatistics } from 'node:v8';

/** A collection takes 20 to 40 ms of CPU time: for less than this it is not worth it, */
const worthBytes = 2_500_000;
/** nor more often than this. */
const everyMs = 300_000;

export type LeftoversOptions = {
  /** Collects all that is unused. Null: this process may not, and nothing is done. */
  collect: (() => void) | null;
  /** What this thread's objects take, with their buffers. */
  usedBytes?: () => number;
};

export class Leftovers {
  readonly #collect: (() => void) | null;
  readonly #usedBytes: () => number;
  /** The least that there was since the last collection: V8 also collects by itself, after a start before anything else. */
  #leastBytes = Number.POSITIVE_INFINITY;
  #lastMs: number | null = null;

  constructor({ collect, usedBytes = usedByThisThread }: LeftoversOptions) {
    this.#collect = collect;
    this.#usedBytes = usedBytes;
  }

  /** To be called when nobody waits for this thread. @param nowMs monotonic */
  tidy(nowMs: number): void {
    if (!this.#collect) return;
    const usedBytes = this.#usedBytes();
    this.#leastBytes = Math.min(this.#leastBytes, usedBytes);
    this.#lastMs ??= nowMs;
    if (nowMs - this.#lastMs < everyMs || usedBytes - this.#leastBytes < worthBytes) return;
    this.#collect();
    this.#leastBytes = this.#usedBytes();
    this.#lastMs = nowMs;
  }
}

const usedByThisThread = (): number => {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
};
