// What the bench of the history records: series as a console has them, a quarter each of kinds that compress differently. No I/O.
import type { MetricName } from '@/lib/monitoring/metrics';
import { type Observation, type Series, SeriesRegistry } from '@/lib/monitoring/observation';

type Kind = { share: number; metric: MetricName; labels: (i: number) => string[] };

const kinds: Record<'codes' | 'offsets' | 'lags' | 'rates' | 'seconds', Kind> = {
  /** Flags, states and counts: they change once in hours. */
  codes: { share: 0.25, metric: 'landbridge_group_state', labels: (i) => ['dc1', `group-${i}`] },
  offsets: {
    share: 0.25,
    metric: 'kafka_partition_latest_offset',
    labels: (i) => ['dc1', `topic-${i >> 3}`, `${i % 8}`],
  },
  /** Whole numbers without any order. */
  lags: {
    share: 0.2,
    metric: 'kafka_consumergroup_group_lag',
    labels: (i) => ['dc1', `group-${i >> 3}`, 'orders', `${i % 8}`],
  },
  /** Quotients of which every digit is used: the dearest. */
  rates: {
    share: 0.15,
    metric: 'landbridge_topic_messages_in_per_second',
    labels: (i) => ['dc1', `topic-${i}`],
  },
  /** With three decimals. */
  seconds: {
    share: 0.15,
    metric: 'kafka_consumergroup_group_max_lag_seconds',
    labels: (i) => ['dc1', `group-${i}`],
  },
};
type State = { kind: keyof typeof kinds; size: number; value: number };

export class HistoryLoad {
  readonly series: Series[] = [];
  readonly #states: State[] = [];
  #seed = 1;

  constructor(count: number) {
    const registry = new SeriesRegistry();
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
      const { share, metric, labels } = kinds[kind];
      for (let i = 0; i < Math.round(count * share); i++) {
        this.series.push(registry.series(metric, labels(i)));
        this.#states.push({ kind, size: 10 ** (this.#random() * 5), value: Math.floor(this.#random() * 9) });
      }
    }
  }

  observe(atMs: number): Observation {
    const values = Float64Array.from(this.#states, (state) => this.#next(state));
    return { atMs, series: this.series, values, whole: new Set() };
  }

  #next(state: State): number {
    const { kind, size } = state;
    switch (kind) {
      case 'codes':
        if (this.#random() < 0.000_5) state.value = Math.floor(this.#random() * 9);
        return state.value;
      case 'offsets':
        state.value += Math.floor(size * 10 * (0.8 + 0.4 * this.#random()));
        return state.value;
      case 'lags':
        return Math.floor(size * (0.5 + this.#random()));
      case 'rates':
        return Math.floor(size * 10 * (0.8 + 0.4 * this.#random())) / (9.99 + this.#random() * 0.02);
      case 'seconds':
        return Math.round(size * (0.5 + this.#random())) / 1_000;
    }
  }

  #random(): number {
    this.#seed = (this.#seed * 1_664_525 + 1_013_904_223) >>> 0;
    return this.#seed / 4_294_967_296;
  }
}
