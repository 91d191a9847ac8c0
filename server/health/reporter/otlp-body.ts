// A health report in the format of OpenTelemetry: the same allow-list and the same names as in JSON. Loaded only where that format is set.
import type { Observation, Series } from '@/lib/monitoring/observation';
import { CounterStarts } from '@/server/metrics/counter-starts';
import { encodeOtlp, type OtlpResource, otlpJson } from '@/server/metrics/otlp';
import { type Console, consoleAttributes } from './console-id';
import { reportedTopic, type Told } from './report';

export class OtlpBody {
  readonly #told: Told;
  readonly #resource: OtlpResource & { starts: CounterStarts };
  /** One object a series, as in observations: counters are followed by it. Null: not reported. */
  readonly #reported = new WeakMap<Series, Series | null>();
  readonly #topicOf: (topic: string) => string;

  constructor(told: Told, console: Console, startedAtMs: number) {
    this.#told = told;
    this.#topicOf = reportedTopic(told);
    this.#resource = { attributes: consoleAttributes(console), startedAtMs, starts: new CounterStarts() };
  }

  /** Of each observation that is reported, once and in order: the bodies of one request or several. */
  encode(observation: Observation): Buffer[] {
    const reported = this.#reportedOf(observation);
    this.#resource.starts.observe(reported);
    return encodeOtlp(reported, this.#resource);
  }

  /** The same message for people. */
  text(observation: Observation): string {
    return otlpJson(this.#reportedOf(observation), this.#resource);
  }

  #reportedOf(observation: Observation): Observation {
    const series: Series[] = [];
    const values: number[] = [];
    for (const [i, one] of observation.series.entries()) {
      const reported = this.#seriesOf(one);
      if (!reported) continue;
      series.push(reported);
      values.push(observation.values[i] as number);
    }
    return { ...observation, series, values: Float64Array.from(values) };
  }

  #seriesOf(series: Series): Series | null {
    const known = this.#reported.get(series);
    if (known !== undefined) return known;
    const reported = this.#makeSeries(series);
    this.#reported.set(series, reported);
    return reported;
  }

  #makeSeries(series: Series): Series | null {
    const { metrics, topicNames } = this.#told;
    const { topic } = series.labels;
    if (!metrics.has(series.metric)) return null;
    if (topic === undefined || topicNames === 'plain') return series;
    if (topicNames === 'omitted') return null;
    return { ...series, labels: { ...series.labels, topic: this.#topicOf(topic) } };
  }
}
