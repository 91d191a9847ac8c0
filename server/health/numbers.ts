// The numbers of one observation, by metric and by labels, as rules ask for them. Made once per observation, and only as far as it is asked for.
import { labelNames, type MetricName } from '@/lib/monitoring/metrics';
import type { Labels, Observation, Series } from '@/lib/monitoring/observation';

const none: readonly number[] = [];
/** Series are kept from one observation to the next, so their keys are, too. */
const keys = new WeakMap<Series, string>();

/** Values of all labels, in the order of the metric's label names. */
export function keyOf(series: Series): string {
  let key = keys.get(series);
  if (key === undefined) {
    key = keyFrom(labelNames(series.metric), series.labels);
    keys.set(series, key);
  }
  return key;
}

export const keyFrom = (names: readonly string[], labels: Labels): string =>
  names.length === 1
    ? (labels[names[0] as string] ?? '')
    : names.map((name) => labels[name] ?? '').join('\u0000');

export class Numbers {
  readonly observation: Observation;
  readonly #byMetric = new Map<MetricName, number[]>();
  readonly #byLabels = new Map<MetricName, Map<string, number>>();

  constructor(observation: Observation) {
    this.observation = observation;
    const { series } = observation;
    for (let index = 0; index < series.length; index++) {
      const { metric } = series[index] as Series;
      const own = this.#byMetric.get(metric);
      if (own) own.push(index);
      else this.#byMetric.set(metric, [index]);
    }
  }

  /** Places of its series in the observation. */
  of(metric: MetricName): readonly number[] {
    return this.#byMetric.get(metric) ?? none;
  }

  /** The number of the metric's series with labels of the same values; null: not known. */
  at(metric: MetricName, labels: Labels): number | null {
    let known = this.#byLabels.get(metric);
    if (!known) {
      known = new Map();
      const { series, values } = this.observation;
      for (const index of this.of(metric)) known.set(keyOf(series[index] as Series), values[index] as number);
      this.#byLabels.set(metric, known);
    }
    return known.get(keyFrom(labelNames(metric), labels)) ?? null;
  }
}
