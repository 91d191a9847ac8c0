// Since when counters count: one that falls has begun anew after it was last seen, and OTLP must say so. Pure.
import { defOf } from '@/lib/monitoring/metrics';
import type { Observation, Series } from '@/lib/monitoring/observation';

type Seen = { value: number; atMs: number; startMs: number | null };
type Kept = Seen & { round: number };

/** A counter by its name that was not seen in so many rounds is forgotten. */
const keptRounds = 60;

export class CounterStarts {
  readonly #series = new WeakMap<Series, Seen>();
  readonly #named = new Map<string, Kept>();
  #round = 0;

  /** To be told each observation that is encoded, before it is. */
  observe({ atMs, series, values }: Observation): void {
    for (const [i, one] of series.entries()) {
      if (defOf(one.metric).type !== 'counter') continue;
      this.#series.set(one, next(this.#series.get(one), values[i] as number, atMs));
    }
  }

  /** Null: since the beginning. */
  startMs(series: Series): number | null {
    return this.#series.get(series)?.startMs ?? null;
  }

  /**
   * Of a counter that is no series of observations.
   *
   * @returns since when it counts; null: since the beginning
   */
  see(name: string, value: number, atMs: number): number | null {
    const seen = next(this.#named.get(name), value, atMs);
    this.#named.set(name, { ...seen, round: this.#round });
    return seen.startMs;
  }

  /** After each time that all counters were seen by their names. */
  endRound(): void {
    for (const [name, { round }] of this.#named)
      if (round <= this.#round - keptRounds) this.#named.delete(name);
    this.#round++;
  }
}

function next(before: Seen | undefined, value: number, atMs: number): Seen {
  if (before === undefined) return { value, atMs, startMs: null };
  return { value, atMs, startMs: value < before.value ? before.atMs : before.startMs };
}
