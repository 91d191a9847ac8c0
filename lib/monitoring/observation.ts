/**
 * What was known at one moment, as numbers of series. History keeps it, rules judge it, the reporter sends it, the hub receives it.
 * A series is one object for as long as it is used, so that nobody has to compare labels. No I/O.
 */
import { labelNames, type MetricName } from './metrics';

export type Labels = Readonly<Record<string, string>>;
/** `id` holds within one process only: history has ids of its own. */
export type Series = { readonly id: number; readonly metric: MetricName; readonly labels: Labels };

export type Observation = {
  readonly atMs: number;
  /** `series[i]` had `values[i]`. What was not known is not in it: never −1, 0 or NaN. */
  readonly series: readonly Series[];
  readonly values: Float64Array;
  /** Seen whole at this tick: what is not there any more is gone, not just unknown. See `subjectOf`. */
  readonly whole: ReadonlySet<string>;
  /** What clusters call themselves to Kafka's clients, by name; absent where that is not known. */
  readonly clusterIds?: ReadonlyMap<string, string>;
};

/** What is seen as a whole or not: a cluster, a link, or Landbridge itself. */
export function subjectOf(labels: Labels): string {
  if (labels.link !== undefined) return `link/${labels.destination}/${labels.link}`;
  if (labels.cluster !== undefined) return `cluster/${labels.cluster}`;
  return 'landbridge';
}

/** Name and labels as one text, the same wherever it is made: `name{a="1",b="2"}`. */
export function seriesKey(metric: MetricName, labels: Labels): string {
  const told = labelNames(metric).map((name) => `${name}=${JSON.stringify(labels[name] ?? '')}`);
  return `${metric}{${told.join(',')}}`;
}

/** A series, and in which round it was asked for last. */
type Used = Series & { usedIn: number };

/** Gives each series its one object. Label values come in the order of `labelNames`. */
export class SeriesRegistry {
  readonly #byMetric = new Map<MetricName, Map<string, Used>>();
  #nextId = 1;
  #round = 0;

  /** How many were made so far: of names that were not known, or forgotten. */
  get made(): number {
    return this.#nextId - 1;
  }

  get size(): number {
    let size = 0;
    for (const known of this.#byMetric.values()) size += known.size;
    return size;
  }

  series(metric: MetricName, values: readonly string[]): Series {
    let known = this.#byMetric.get(metric);
    if (!known) {
      known = new Map();
      this.#byMetric.set(metric, known);
    }
    const key = values.length === 1 ? (values[0] as string) : values.join('\u0000');
    let series = known.get(key);
    if (!series) {
      const names = labelNames(metric);
      if (names.length !== values.length)
        throw new Error(`${metric} has the labels ${names.join(', ')}, not ${values.length}`);
      series = {
        id: this.#nextId++,
        metric,
        labels: Object.fromEntries(names.map((name, i) => [name, values[i] as string])),
        usedIn: this.#round,
      };
      known.set(key, series);
    }
    series.usedIn = this.#round;
    return series;
  }

  /** Forgets what was not asked for during the last `rounds` calls of this. */
  endRound(rounds: number): void {
    this.#round++;
    for (const known of this.#byMetric.values()) this.#forget(known, this.#round - 1 - rounds);
  }

  #forget(known: Map<string, Used>, upTo: number): void {
    for (const [key, { usedIn }] of known) if (usedIn <= upTo) known.delete(key);
  }
}

/** Gathers one observation. */
export class ObservationBuilder {
  readonly #registry: SeriesRegistry;
  readonly #series: Series[] = [];
  readonly #values: number[] = [];
  readonly #whole = new Set<string>();
  readonly #clusterIds = new Map<string, string>();

  constructor(registry: SeriesRegistry) {
    this.#registry = registry;
  }

  /** @param value null, undefined or not finite: not known, and left out */
  add(metric: MetricName, labelValues: readonly string[], value: number | bigint | null | undefined): void {
    if (value === null || value === undefined) return;
    const number = Number(value);
    if (!Number.isFinite(number)) return;
    this.#series.push(this.#registry.series(metric, labelValues));
    this.#values.push(number);
  }

  whole(subject: string): void {
    this.#whole.add(subject);
  }

  clusterId(cluster: string, id: string): void {
    this.#clusterIds.set(cluster, id);
  }

  build(atMs: number): Observation {
    return {
      ...{ atMs, series: this.#series, values: Float64Array.from(this.#values) },
      ...{ whole: this.#whole, clusterIds: this.#clusterIds },
    };
  }
}
