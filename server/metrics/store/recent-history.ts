/**
 * The last minutes of all series in memory, for consoles that keep no history: asked like the one on disk. Bounded: by time, by ticks, and
 * by series. What is older is forgotten, and a restart forgets all.
 */
import type { HistoryAnswer, HistoryQuery, SeriesMatch } from '@/lib/monitoring/history';
import type { MetricName } from '@/lib/monitoring/metrics';
import { type Labels, type Observation, type Series, seriesKey } from '@/lib/monitoring/observation';
import { answer } from './answer';
import { type Axis, axisOf } from './axis';
import type { ClusterIds } from './cluster-identity';
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
/** `series[i]` had `values[i]`; ticks with the same series share one list of them. */
type Tick = { readonly atMs: number; readonly series: readonly Series[]; readonly values: Float64Array };
type Known = { readonly id: number; readonly metric: MetricName; readonly labels: Labels };
/** Made for questions, and good until the next tick. */
type Index = {
  readonly byMetric: ReadonlyMap<MetricName, readonly Known[]>;
  readonly size: number;
  /** Of each tick, where the values of a series are, by its id; −1: nowhere. */
  readonly places: readonly Int32Array[];
};

export class RecentHistory implements MetricHistory, HistorySource {
  readonly #keptMs: number;
  readonly #farthestTickMs: number;
  readonly #maxSeries: number;
  readonly #capacity: number;
  /** In the order in which they came. */
  #ticks: Tick[] = [];
  #index: Index | null = null;
  readonly #kafkaIds = new Map<string, string>();
  refusedSamples = 0;

  constructor({ keptMs, tickMs, farthestTickMs = tickMs, maxSeries = defaultMaxSeries }: Options) {
    this.#keptMs = keptMs;
    this.#farthestTickMs = farthestTickMs;
    this.#maxSeries = maxSeries;
    this.#capacity = Math.ceil(keptMs / tickMs) + 1;
  }

  get seriesCount(): number {
    return this.#indexed().size;
  }

  /** Nothing is worked out here: who does not ask pays for the numbers only. */
  append({ atMs, series, values }: Observation): void {
    const most = this.#maxSeries;
    this.refusedSamples += Math.max(0, series.length - most);
    const [own, ownValues] =
      series.length > most ? [series.slice(0, most), values.slice(0, most)] : [series, values];
    const last = this.#ticks.at(-1)?.series ?? [];
    this.#ticks.push({ atMs, series: sameSeries(own, last) ? last : own, values: ownValues });
    this.#ticks = this.#ticks.filter((tick) => tick.atMs >= atMs - this.#keptMs).slice(-this.#capacity);
    this.#index = null;
  }

  /** As the history on disk has it. */
  replacedBy(ids: ClusterIds): string[] {
    return [...ids].flatMap(([name, id]) => ((this.#kafkaIds.get(name) ?? id) === id ? [] : [name]));
  }

  identify(ids: ClusterIds): boolean {
    const ended = new Set(this.replacedBy(ids));
    for (const [name, id] of ids) this.#kafkaIds.set(name, id);
    if (ended.size === 0) return true;
    const stays = ({ labels: { cluster = '', source = '', destination = '' } }: Series) =>
      ![cluster, source, destination].some((name) => ended.has(name));
    this.#ticks = this.#ticks.map(({ atMs, series, values }) => ({
      atMs,
      series: series.filter(stays),
      values: values.filter((_, i) => stays(series[i] as Series)),
    }));
    this.#index = null;
    return true;
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
    this.#ticks = [];
    this.#index = null;
  }

  get keptFromMs(): number | null {
    return this.#ticks.length === 0 ? null : Math.min(...this.#ticks.map(({ atMs }) => atMs));
  }

  get ticksFromMs(): number | null {
    return this.keptFromMs;
  }

  match(metric: MetricName, labels: Labels): Candidate[] {
    const wanted = Object.entries(labels);
    const known = this.#indexed().byMetric.get(metric) ?? [];
    return known.filter((one) => wanted.every(([name, value]) => one.labels[name] === value));
  }

  hasRollUpsOnly(): boolean {
    return false;
  }

  countTicks(fromMs: number, toMs: number): number {
    return this.ticks(fromMs, toMs).timesMs.length;
  }

  ticks(fromMs: number, toMs: number): Axis {
    const times = this.#ticks.map(({ atMs }) => atMs);
    return axisOf([{ times, valuesOf: (id) => this.#valuesOf(id) }], fromMs, toMs);
  }

  ticksNotRolledUp(fromMs: number, toMs: number): Axis {
    return this.ticks(fromMs, toMs);
  }

  addRollUps(): void {}

  latest(seriesId: number, fromMs: number, toMs: number): Latest | null {
    let latest: Latest | null = null;
    for (const [tick, value] of this.#valuesOf(seriesId).entries()) {
      const { atMs } = this.#ticks[tick] as Tick;
      if (Number.isNaN(value) || atMs < fromMs || atMs > toMs) continue;
      if (!latest || atMs >= latest.atMs) latest = { atMs, value };
    }
    return latest;
  }

  #valuesOf(seriesId: number): Float64Array {
    const { places } = this.#indexed();
    return Float64Array.from(this.#ticks, ({ values }, tick) => {
      const value = values[places[tick]?.[seriesId] ?? -1] ?? Number.NaN;
      return Number.isFinite(value) ? value + 0 : Number.NaN;
    });
  }

  #indexed(): Index {
    this.#index ??= indexOf(this.#ticks);
    return this.#index;
  }
}

/** A series that was forgotten and has come back is another object, and the same series. */
function indexOf(ticks: readonly Tick[]): Index {
  const known = new Map<Series, Known>();
  const byKey = new Map<string, Known>();
  const knownOf = (series: Series): Known => {
    const key = seriesKey(series.metric, series.labels);
    const one = byKey.get(key) ?? { id: byKey.size, metric: series.metric, labels: series.labels };
    byKey.set(key, one);
    known.set(series, one);
    return one;
  };
  const lists = new Map(
    ticks.map(({ series }) => [series, series.map((one) => known.get(one) ?? knownOf(one))]),
  );
  const places = new Map(
    [...lists].map(([series, ones]) => {
      const place = new Int32Array(byKey.size).fill(-1);
      for (const [i, { id }] of ones.entries()) place[id] = i;
      return [series, place];
    }),
  );
  const byMetric = new Map<MetricName, Known[]>();
  for (const one of byKey.values()) {
    const others = byMetric.get(one.metric);
    if (others) others.push(one);
    else byMetric.set(one.metric, [one]);
  }
  return { byMetric, size: byKey.size, places: ticks.map(({ series }) => places.get(series) as Int32Array) };
}

const sameSeries = (a: readonly Series[], b: readonly Series[]): boolean =>
  a.length === b.length && a.every((series, i) => series === b[i]);
