/**
 * What `/metrics` tells of links and mirrors, in Prometheus' text format, from the newest frame; docs/metrics.md lists it. Nothing here waits for Kafka.
 * What is not known is left out, never 0 or −1. While the engine is silent only its silence is told: old numbers would look like present ones.
 */
import { Registry } from 'prom-client';
import { LATENCY_BOUNDS_SECONDS, type PartitionColumns } from '@/lib/contracts/engine';
import { linkState } from '@/lib/contracts/link';
import { linkTaskState } from '@/lib/contracts/link-task';
import type { Frame, LinkFrame, MirrorFrame } from './frame';
import { partitionLag } from './lag';

/** Partitions with series of their own, over all links: those behind them are counted, not told. */
export const MAX_PARTITION_SERIES = 10_000;

export type ExposedLink = {
  id: string;
  name: string;
  source: string;
  destination: string;
  state: string;
};
type Labels = Record<string, string>;
type Value = { labels: Labels; value: number; metricName?: string };
type Kind = 'gauge' | 'counter' | 'histogram';
type Metric = { name: string; help: string; type: Kind; values: Value[] };

/** Every metric, in the order in which it is told. */
export const exposedMetrics = {
  landbridge_engine_up: ['gauge', '1 while the link engine answers.'],
  landbridge_monitoring_up: [
    'gauge',
    '1 while monitoring answers: clusters, groups and what is judged of links.',
  ],
  landbridge_snapshot_timestamp_seconds: ['gauge', 'When the numbers of links and mirrors were read.'],
  landbridge_link_state: ['gauge', '1 for the state that the link is in, 0 for the others.'],
  landbridge_link_task_state: ['gauge', '1 for the state that the task of the link is in, 0 for the others.'],
  landbridge_link_memory_bytes: ['gauge', 'Memory that the batches of the link take up.'],
  landbridge_mirror_state: ['gauge', '1, with the state of the mirror topic as a label.'],
  landbridge_mirror_lag_messages: ['gauge', 'Last stable offset of the source − end of the mirror.'],
  landbridge_mirror_lag_bytes: ['gauge', 'Lag in bytes, estimated from the bytes of an offset.'],
  landbridge_mirror_lag_seconds: ['gauge', 'Age of the first record that is not yet mirrored.'],
  landbridge_mirror_bytes_total: ['counter', 'Bytes of record batches mirrored since the engine started.'],
  landbridge_mirror_records_total: ['counter', 'Records mirrored since the engine started.'],
  landbridge_mirror_fills_total: ['counter', 'Offsets filled since the engine started, by kind.'],
  landbridge_mirror_verified_offset: [
    'gauge',
    'Everything below it, from where verification began, was compared.',
  ],
  landbridge_mirror_replication_latency_seconds: [
    'histogram',
    'Record timestamp → acknowledged at the destination, of mirrors in step.',
  ],
  landbridge_partition_series_dropped: ['gauge', 'Partitions without series of their own, above the limit.'],
} as const satisfies Record<string, readonly [Kind, string]>;
type Name = keyof typeof exposedMetrics;

/** @param frame null before the first snapshot and while the engine is silent */
export function exposition(
  links: readonly ExposedLink[],
  frame: Frame | null,
  up: { engine: boolean; monitoring: boolean },
): Promise<string> {
  const told = new Told();
  told.add('landbridge_engine_up', {}, Number(up.engine));
  told.add('landbridge_monitoring_up', {}, Number(up.monitoring));
  if (frame) told.add('landbridge_snapshot_timestamp_seconds', {}, frame.at / 1000);
  let room = MAX_PARTITION_SERIES;
  let dropped = 0;
  for (const link of links) {
    const labels = { link: link.name, source: link.source, destination: link.destination };
    told.states('landbridge_link_state', labels, linkState.options, link.state);
    const seen = frame?.links.get(link.id);
    if (!frame || !seen) continue;
    tellLink(told, labels, seen);
    for (const mirror of seen.mirrors.values()) {
      const own = { ...labels, topic: mirror.mirror.topic };
      tellMirror(told, own, mirror);
      const { first, partitions } = mirror.mirror;
      const shown = Math.min(room, partitions);
      for (let index = first; index < first + shown; index++)
        tellPartition(told, { ...own, partition: String(index - first) }, frame.columns, index);
      room -= shown;
      dropped += partitions - shown;
    }
  }
  told.add('landbridge_partition_series_dropped', {}, dropped);
  return told.text();
}

export const CONTENT_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

function tellLink(told: Told, labels: Labels, { link }: LinkFrame): void {
  told.add('landbridge_link_memory_bytes', labels, link.memoryBytes);
  for (const { name, state } of link.tasks)
    told.states('landbridge_link_task_state', { ...labels, task: name }, linkTaskState.options, state);
  const { latencyHistogram: histogram } = link;
  if (!histogram) return;
  const name = 'landbridge_mirror_replication_latency_seconds';
  let below = 0;
  for (const [i, bound] of LATENCY_BOUNDS_SECONDS.entries()) {
    below += histogram.counts[i] ?? 0;
    told.add(name, { ...labels, le: String(bound) }, below, `${name}_bucket`);
  }
  const count = below + (histogram.counts[LATENCY_BOUNDS_SECONDS.length] ?? 0);
  told.add(name, { ...labels, le: '+Inf' }, count, `${name}_bucket`);
  told.add(name, labels, histogram.sumSeconds, `${name}_sum`);
  told.add(name, labels, count, `${name}_count`);
}

function tellMirror(told: Told, labels: Labels, { mirror, lag, fills, ...totals }: MirrorFrame): void {
  told.add('landbridge_mirror_state', { ...labels, state: mirror.state }, 1);
  told.add('landbridge_mirror_bytes_total', labels, Number(totals.bytesTotal));
  told.add('landbridge_mirror_records_total', labels, Number(totals.recordsTotal));
  for (const kind of ['markers', 'head', 'copies'] as const)
    told.add('landbridge_mirror_fills_total', { ...labels, kind }, Number(fills[kind]));
}

function tellPartition(told: Told, labels: Labels, columns: PartitionColumns, index: number): void {
  const { messages, bytes, seconds } = partitionLag(columns, index);
  if (messages !== null) told.add('landbridge_mirror_lag_messages', labels, Number(messages));
  if (bytes !== null) told.add('landbridge_mirror_lag_bytes', labels, Number(bytes));
  if (seconds !== null) told.add('landbridge_mirror_lag_seconds', labels, seconds);
  const verified = columns.verifiedTo[index] ?? -1n;
  if (verified >= 0n) told.add('landbridge_mirror_verified_offset', labels, Number(verified));
}

/** Collects what is told; prom-client only writes it. */
class Told {
  readonly #metrics = new Map<Name, Metric>();

  add(name: Name, labels: Labels, value: number, metricName?: string): void {
    let metric = this.#metrics.get(name);
    if (!metric) {
      const [type, help] = exposedMetrics[name];
      metric = { name, help, type, values: [] };
      this.#metrics.set(name, metric);
    }
    metric.values.push(metricName === undefined ? { labels, value } : { labels, value, metricName });
  }

  states(name: Name, labels: Labels, all: readonly string[], present: string): void {
    for (const state of all) this.add(name, { ...labels, state }, state === present ? 1 : 0);
  }

  text(): Promise<string> {
    const registry = new Registry();
    for (const name of Object.keys(exposedMetrics) as Name[]) {
      const metric = this.#metrics.get(name);
      // A registry asks its metrics when it is asked; these have their answer already.
      if (metric)
        registry.registerMetric({ ...metric, get: async () => ({ ...metric, aggregator: 'sum' }) } as never);
    }
    return registry.metrics();
  }
}
