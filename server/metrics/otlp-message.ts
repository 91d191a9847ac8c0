/**
 * Gathers numbers as OpenTelemetry has them: gauges, cumulative sums, histograms, each metric once in a message. Encodes nothing.
 */
import { type HrTime, ValueType } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type GaugeMetricData,
  type HistogramMetricData,
  type ResourceMetrics,
  type SumMetricData,
} from '@opentelemetry/sdk-metrics';
import type { Unit } from '@/lib/monitoring/metrics';
import { ucumUnits } from './units';

export type OtlpMetric = { name: string; unit: Unit; help: string; type: 'gauge' | 'counter' };
export type OtlpPoint = { labels: Record<string, string>; startMs: number; atMs: number };
export type OtlpHistogram = { counts: readonly number[]; bounds: readonly number[]; sum: number };

type NumberData = SumMetricData | GaugeMetricData;
type Message = { numbers: Map<string, NumberData>; histograms: Map<string, HistogramMetricData> };

export class OtlpMessages {
  readonly #attributes: Readonly<Record<string, string>>;
  readonly #mostPoints: number;
  readonly #messages: Message[] = [emptyMessage()];
  #points = 0;
  #inLast = 0;

  /**
   * @param attributes who tells
   * @param mostPoints of one message: receivers refuse what is too large
   */
  constructor(attributes: Readonly<Record<string, string>>, mostPoints = Number.POSITIVE_INFINITY) {
    this.#attributes = attributes;
    this.#mostPoints = mostPoints;
  }

  number(metric: OtlpMetric, { labels, startMs, atMs }: OtlpPoint, value: number): void {
    const { numbers } = this.#roomy();
    let data = numbers.get(metric.name);
    if (!data) {
      data = numberData(metric);
      numbers.set(metric.name, data);
    }
    data.dataPoints.push({ startTime: timeOf(startMs), endTime: timeOf(atMs), attributes: labels, value });
  }

  histogram(
    metric: Omit<OtlpMetric, 'type'>,
    { labels, startMs, atMs }: OtlpPoint,
    { counts, bounds, sum }: OtlpHistogram,
  ): void {
    const { histograms } = this.#roomy();
    let data = histograms.get(metric.name);
    if (!data) {
      data = { ...headOf(metric), dataPointType: DataPointType.HISTOGRAM, dataPoints: [] };
      histograms.set(metric.name, data);
    }
    const count = counts.reduce((all, one) => all + one, 0);
    data.dataPoints.push({
      ...{ startTime: timeOf(startMs), endTime: timeOf(atMs), attributes: labels },
      value: { count, sum, buckets: { boundaries: [...bounds], counts: [...counts] } },
    });
  }

  get points(): number {
    return this.#points;
  }

  /** At least one, though it may be empty. */
  get all(): ResourceMetrics[] {
    const resource = resourceFromAttributes(this.#attributes);
    return this.#messages.map(({ numbers, histograms }) => ({
      resource,
      scopeMetrics: [
        { scope: { name: 'landbridge' }, metrics: [...numbers.values(), ...histograms.values()] },
      ],
    }));
  }

  /** The message that the next point goes to. */
  #roomy(): Message {
    if (this.#inLast >= this.#mostPoints) {
      this.#messages.push(emptyMessage());
      this.#inLast = 0;
    }
    this.#inLast++;
    this.#points++;
    return this.#messages.at(-1) as Message;
  }
}

const emptyMessage = (): Message => ({ numbers: new Map(), histograms: new Map() });

function numberData(metric: OtlpMetric): NumberData {
  const head = { ...headOf(metric), dataPoints: [] };
  return metric.type === 'counter'
    ? { ...head, dataPointType: DataPointType.SUM, isMonotonic: true }
    : { ...head, dataPointType: DataPointType.GAUGE };
}

const headOf = ({ name, help, unit }: Omit<OtlpMetric, 'type'>) => ({
  // Doubles hold every whole number that we count to.
  descriptor: { name, description: help, unit: ucumUnits[unit], valueType: ValueType.DOUBLE },
  aggregationTemporality: AggregationTemporality.CUMULATIVE,
});

/** Seconds and nanoseconds. */
const timeOf = (atMs: number): HrTime => [Math.floor(atMs / 1_000), Math.round((atMs % 1_000) * 1e6)];
