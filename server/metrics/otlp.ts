/**
 * Numbers as OTLP: what an ExportMetricsServiceRequest over HTTP has as its body, before gzip. Counters are cumulative sums, all else but one
 * histogram gauges; names and labels are those of Prometheus' text. Sends nothing.
 */
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { LATENCY_BOUNDS_SECONDS } from '@/lib/contracts/engine';
import type { ExposedColumns, ExposedNumbers } from '@/lib/contracts/monitoring/exposed';
import { defOf, type MetricName } from '@/lib/monitoring/metrics';
import type { Observation } from '@/lib/monitoring/observation';
import type { CounterStarts } from './counter-starts';
import { exposedMetrics, isExposedName } from './exposed';
import { OtlpMessages, type OtlpMetric } from './otlp-message';
import { told } from './told';

export type OtlpResource = {
  /** Who tells: `service.name`, `service.instance.id` … */
  attributes: Readonly<Record<string, string>>;
  /** Since when counters count, where nothing else is known. */
  startedAtMs: number;
  /** Since when each counter counts that has begun anew. */
  starts?: CounterStarts;
};

/** Points of one request: some 3 MB before gzip; a Collector takes 20 by default. */
export const pointsPerRequest = 20_000;

/** The bodies of one request or several, as protobuf, with content-type application/x-protobuf. */
export function encodeOtlp(
  observation: Observation,
  resource: OtlpResource,
  mostPoints = pointsPerRequest,
): Buffer[] {
  return encoded(messagesOf(observation, resource, mostPoints));
}

/** All of it as one message in JSON form, for people to look at. */
export function otlpJson(observation: Observation, resource: OtlpResource): string {
  const [message] = messagesOf(observation, resource, Number.POSITIVE_INFINITY).all;
  return buffer(message && JsonMetricsSerializer.serializeRequest(message)).toString('utf8');
}

/**
 * All that `/metrics` tells to somebody who may see everything.
 *
 * @param exposed null: the web thread has not told it
 * @returns the bodies of one request or several, as protobuf; and how many points they hold
 */
export function encodeExposition(
  observation: Observation,
  exposed: ExposedNumbers | null,
  resource: OtlpResource & { starts: CounterStarts },
  mostPoints = pointsPerRequest,
): { bodies: Buffer[]; points: number } {
  const messages = new OtlpMessages(resource.attributes, mostPoints);
  resource.starts.observe(observation);
  addObservation(messages, observation, resource, (metric) => !isExposedName(metric));
  if (exposed) addExposed(messages, exposed, observation.atMs, resource);
  resource.starts.endRound();
  return { bodies: encoded(messages), points: messages.points };
}

function messagesOf(observation: Observation, resource: OtlpResource, mostPoints: number): OtlpMessages {
  const messages = new OtlpMessages(resource.attributes, mostPoints);
  addObservation(messages, observation, resource, () => true);
  return messages;
}

const encoded = ({ all }: OtlpMessages): Buffer[] =>
  all.map((message) => buffer(ProtobufMetricsSerializer.serializeRequest(message)));

function addObservation(
  messages: OtlpMessages,
  { atMs, series, values }: Observation,
  { starts, startedAtMs }: OtlpResource,
  wanted: (metric: MetricName) => boolean,
): void {
  const known = new Map<MetricName, OtlpMetric>();
  for (const [i, one] of series.entries()) {
    if (!wanted(one.metric)) continue;
    const metric = known.get(one.metric) ?? { name: one.metric, ...defOf(one.metric) };
    known.set(one.metric, metric);
    const startMs = starts?.startMs(one) ?? startedAtMs;
    for (const { labels, value } of told(one.metric, one.labels, values[i] as number))
      messages.number(metric, { labels, startMs, atMs }, value);
  }
}

function addExposed(
  messages: OtlpMessages,
  { columns, histograms }: ExposedNumbers,
  atMs: number,
  { starts, startedAtMs }: OtlpResource & { starts: CounterStarts },
): void {
  for (const column of columns) {
    const metric = metricOf(column.metric);
    for (const [row, value] of column.values.entries()) {
      const labels = labelsAt(column, row);
      const start = metric.type === 'counter' ? starts.see(nameOf(metric.name, labels), value, atMs) : null;
      messages.number(metric, { labels, startMs: start ?? startedAtMs, atMs }, value);
    }
  }
  for (const { metric: name, labels, counts, sumSeconds } of histograms) {
    const count = counts.reduce((all, one) => all + one, 0);
    const startMs = starts.see(nameOf(name, labels), count, atMs) ?? startedAtMs;
    messages.histogram(
      metricOf(name),
      { labels, startMs, atMs },
      { counts, bounds: LATENCY_BOUNDS_SECONDS, sum: sumSeconds },
    );
  }
}

/** @throws when it is no metric of /metrics */
function metricOf(name: string): OtlpMetric {
  if (!isExposedName(name)) throw new Error(`${name} is no metric of /metrics.`);
  const [type, unit, help] = exposedMetrics[name];
  return { name, unit, help, type: type === 'counter' ? type : 'gauge' };
}

function labelsAt({ labels }: ExposedColumns, row: number): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [name, texts] of Object.entries(labels))
    own[name] = typeof texts === 'string' ? texts : (texts[row] as string);
  return own;
}

const nameOf = (metric: string, labels: Record<string, string>) =>
  [metric, ...Object.values(labels)].join('\u0000');

/** @throws when the serializer gives nothing, which its types allow */
function buffer(bytes: Uint8Array | undefined): Buffer {
  if (!bytes) throw new Error('The numbers could not be encoded as OTLP.');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
