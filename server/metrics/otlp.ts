/**
 * An observation as OTLP: what an ExportMetricsServiceRequest over HTTP has as its body, before gzip. Counters are cumulative sums, all else
 * gauges; names and labels are those of Prometheus' text. Sends nothing.
 */
import { type HrTime, ValueType } from '@opentelemetry/api';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type GaugeMetricData,
  type ResourceMetrics,
  type SumMetricData,
} from '@opentelemetry/sdk-metrics';
import { defOf, type MetricDef, type MetricName, type Unit } from '@/lib/monitoring/metrics';
import type { Observation, Series } from '@/lib/monitoring/observation';
import { told } from './told';

export type OtlpResource = {
  /** Who tells: `service.name`, `service.instance.id` … */
  attributes: Readonly<Record<string, string>>;
  /** Since when counters count, where nothing else is known. */
  startedAtMs: number;
  /** Since when each counter counts that has begun anew. */
  starts?: CounterStarts;
};

/** In the Unified Code for Units of Measure. Counts of things have none. */
const units: Record<Unit, string> = {
  ...{ count: '', flag: '', id: '', code: '', offset: '' },
  ...{ bytes: 'By', seconds: 's', bytesPerSecond: 'By/s', perSecond: '1/s', ratio: '1' },
};

/** As protobuf, with content-type application/x-protobuf. */
export function encodeOtlp(observation: Observation, resource: OtlpResource): Buffer {
  return buffer(ProtobufMetricsSerializer.serializeRequest(resourceMetrics(observation, resource)));
}

/** The same message in its JSON form, for people to look at. */
export function otlpJson(observation: Observation, resource: OtlpResource): string {
  return buffer(JsonMetricsSerializer.serializeRequest(resourceMetrics(observation, resource))).toString(
    'utf8',
  );
}

/**
 * Remembers since when counters count: one that falls has begun anew after it was last seen, and must say so. To be told each observation
 * that is encoded, before it is.
 */
export class CounterStarts {
  readonly #seen = new WeakMap<Series, { value: number; atMs: number; startMs: number | null }>();

  observe({ atMs, series, values }: Observation): void {
    for (const [i, one] of series.entries()) {
      if (defOf(one.metric).type !== 'counter') continue;
      const value = values[i] as number;
      const before = this.#seen.get(one);
      const anew = before !== undefined && value < before.value;
      this.#seen.set(one, { value, atMs, startMs: anew ? before.atMs : (before?.startMs ?? null) });
    }
  }

  /** Null: since the beginning. */
  startMs(series: Series): number | null {
    return this.#seen.get(series)?.startMs ?? null;
  }
}

type NumberMetric = SumMetricData | GaugeMetricData;

function resourceMetrics(observation: Observation, resource: OtlpResource): ResourceMetrics {
  const byMetric = new Map<MetricName, NumberMetric>();
  for (const [i, series] of observation.series.entries()) {
    const data = byMetric.get(series.metric) ?? emptyMetric(series.metric);
    byMetric.set(series.metric, data);
    const startTime = timeOf(resource.starts?.startMs(series) ?? resource.startedAtMs);
    const endTime = timeOf(observation.atMs);
    for (const { labels, value } of told(series.metric, series.labels, observation.values[i] as number))
      data.dataPoints.push({ startTime, endTime, attributes: labels, value });
  }
  return {
    resource: resourceFromAttributes(resource.attributes),
    scopeMetrics: [{ scope: { name: 'landbridge' }, metrics: [...byMetric.values()] }],
  };
}

function emptyMetric(metric: MetricName): NumberMetric {
  const { type, unit, help }: MetricDef = defOf(metric);
  const head = {
    // Doubles hold every whole number that we count to.
    descriptor: { name: metric, description: help, unit: units[unit], valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: [],
  };
  return type === 'counter'
    ? { ...head, dataPointType: DataPointType.SUM, isMonotonic: true }
    : { ...head, dataPointType: DataPointType.GAUGE };
}

/** Seconds and nanoseconds. */
const timeOf = (atMs: number): HrTime => [Math.floor(atMs / 1_000), Math.round((atMs % 1_000) * 1e6)];

/** @throws when the serializer gives nothing, which its types allow */
function buffer(bytes: Uint8Array | undefined): Buffer {
  if (!bytes) throw new Error('The observation could not be encoded as OTLP.');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
