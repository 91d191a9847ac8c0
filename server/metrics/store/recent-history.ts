/**
 * The last minutes of all series in memory, for consoles that keep no history: asked like the one on disk. Bounded: by time, by ticks, and
 * by series. What is older is forgotten, and a restart forgets all.
 */
import type { HistoryAnswer, HistoryQuery, SeriesMatch } from '@/lib/monitoring/history';
import type { MetricName } from '@/lib/monitoring/metrics';
import { type Labels, type Observation, type Series, seriesKey } from '@/lib/monitoring/observation';
import { answer } from './answer';
import { type Axis, axisOf } from './axis';
import { defaultMaxSeries } from './intervals';
import type { Candidate, HistorySource, Latest, MetricHistory } from './source';

type Options = {
  /** How long samples are kept. */
  keptMs: number;
  /** How near ticks may be. More than fit at that distance push out older ones. */
  tickMs: number;
  /** How far ticks may be apart without a gap between them; the same when it is left out. */
  farthestTickMs?: number;
  maxSeries?: number;
};
type Kept = { id: number; metric: MetricName; labels: Labels; values: Float64Array; lastTick: number };

export class RecentHistory implements MetricHistory, HistorySource {
  readonly #keptMs: number;
  readonly #farthestTickMs: number;
  readonly #maxSeries: number;
  readonly #capacity: number;
  readonly #times: Float64Array;
  /** How many there were; the newest is at (#ticks − 1) % capacity. */
  #ticks = 0;
  readonly #byKey = new Map<string, Kept>();
  readonly #byId = new Map<number, Kept>();
  /** Keys of 20,000 series take 20 ms to make. */
  readonly #used = new WeakMap<Series, Kept>();
  #nextId = 1;
  refusedSamples = 0;

  constructor({ keptMs, tickMs, farthestTickMs = tickMs, maxSeries = defaultMaxSeries }: Options) {
    this.#keptMs = keptMs;
    this.#farthestTickMs = farthestTickMs;
    this.#maxSeries = maxSeries;
    this.#capacity = Math.ceil(keptMs / tickMs) + 1;
    this.#times = new Float64Array(this.#capacity);
  }

  get seriesCount(): number {
    return this.#byKey.size;
  }

  append({ atMs, series, values }: Observation): void {
    const slot = this.#ticks % this.#capacity;
    const tick = this.#ticks++;
    this.#times[slot] = atMs;
    for (const [key, kept] of this.#byKey) {
      kept.values[slot] = Number.NaN;
      if (kept.lastTick > tick - this.#capacity) continue;
      this.#byKey.delete(key);
      this.#byId.delete(kept.id);
    }
    for (let i = 0; i < series.length; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) continue;
      const kept = this.#keptOf(series[i] as Series);
      if (!kept) {
        this.refusedSamples++;
        continue;
      }
      kept.values[slot] = value + 0;
      kept.lastTick = tick;
    }
  }

  read(query: HistoryQuery): HistoryAnswer {
    return answer(this, query, this.#farthestTickMs);
  }

  series({ metric, labels = {} }: { metric: MetricName; labels?: Labels }): SeriesMatch[] {
    return this.match(metric, labels).map((found) => ({ metric, labels: found.labels }));
  }

  /** Nothing of it is on disk. */
  status(): null {
    return null;
  }

  close(): void {
    this.#byKey.clear();
    this.#byId.clear();
    this.#ticks = 0;
  }

  get keptFromMs(): number | null {
    const times = this.#part().times;
    return times.length === 0 ? null : Math.min(...times);
  }

  get ticksFromMs(): number | null {
    return this.keptFromMs;
  }

  match(metric: MetricName, labels: Labels): Candidate[] {
    const wanted = Object.entries(labels);
    return [...this.#byKey.values()].filter(
      (kept) => kept.metric === metric && wanted.every(([name, value]) => kept.labels[name] === value),
    );
  }

  hasRollUpsOnly(): boolean {
    return false;
  }

  countTicks(fromMs: number, toMs: number): number {
    return this.ticks(fromMs, toMs).timesMs.length;
  }

  ticks(fromMs: number, toMs: number): Axis {
    return axisOf([this.#part()], fromMs, toMs);
  }

  ticksNotRolledUp(fromMs: number, toMs: number): Axis {
    return this.ticks(fromMs, toMs);
  }

  addRollUps(): void {}

  latest(seriesId: number, fromMs: number, toMs: number): Latest | null {
    const { times, valuesOf } = this.#part();
    let latest: Latest | null = null;
    for (const [tick, value] of valuesOf(seriesId).entries()) {
      const atMs = times[tick] as number;
      if (Number.isNaN(value) || atMs < fromMs || atMs > toMs) continue;
      if (!latest || atMs >= latest.atMs) latest = { atMs, value };
    }
    return latest;
  }

  /** The ticks that are still kept, in the order in which they came. */
  #part() {
    const newestMs = this.#times[(this.#ticks - 1) % this.#capacity] ?? 0;
    const slots: number[] = [];
    for (let tick = Math.max(0, this.#ticks - this.#capacity); tick < this.#ticks; tick++) {
      const slot = tick % this.#capacity;
      if ((this.#times[slot] as number) >= newestMs - this.#keptMs) slots.push(slot);
    }
    return {
      times: slots.map((slot) => this.#times[slot] as number),
      valuesOf: (seriesId: number) => {
        const values = this.#byId.get(seriesId)?.values;
        return Float64Array.from(slots, (slot) => values?.[slot] ?? Number.NaN);
      },
    };
  }

  #keptOf(series: Series): Kept | null {
    const used = this.#used.get(series);
    if (used && this.#byId.has(used.id)) return used;
    const key = seriesKey(series.metric, series.labels);
    const known = this.#byKey.get(key);
    if (known) this.#used.set(series, known);
    if (known) return known;
    if (this.#byKey.size >= this.#maxSeries) return null;
    const { metric, labels } = series;
    const values = new Float64Array(this.#capacity).fill(Number.NaN);
    const kept = { id: this.#nextId++, metric, labels, values, lastTick: this.#ticks };
    this.#used.set(series, kept);
    this.#byKey.set(key, kept);
    this.#byId.set(kept.id, kept);
    return kept;
  }
}
