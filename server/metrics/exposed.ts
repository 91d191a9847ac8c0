/**
 * What is told outside of links and mirrors, by `/metrics` and over OTLP, from the newest frame; docs/metrics.md lists it. Nothing here waits for
 * Kafka. What is not known is left out, never 0 or −1. While the engine is silent only its silence is told: old numbers would look like present ones.
 */
import type { PartitionColumns } from '@/lib/contracts/engine';
import { linkState } from '@/lib/contracts/link';
import { linkTaskState } from '@/lib/contracts/link-task';
import type { ExposedColumns, ExposedHistogram, ExposedNumbers } from '@/lib/contracts/monitoring/exposed';
import type { Unit } from '@/lib/monitoring/metrics';
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
export type ExposedKind = 'gauge' | 'counter' | 'histogram';

/** Every metric, in the order in which it is told. */
export const exposedMetrics = {
  landbridge_engine_up: ['gauge', 'flag', '1 while the link engine answers.'],
  landbridge_monitoring_up: [
    ...(['gauge', 'flag'] as const),
    '1 while monitoring answers: clusters, groups and what is judged of links.',
  ],
  landbridge_snapshot_timestamp_seconds: [
    ...(['gauge', 'seconds'] as const),
    'When the numbers of links and mirrors were read.',
  ],
  landbridge_link_state: ['gauge', 'code', '1 for the state that the link is in, 0 for the others.'],
  landbridge_link_task_state: [
    ...(['gauge', 'code'] as const),
    '1 for the state that the task of the link is in, 0 for the others.',
  ],
  landbridge_link_memory_bytes: ['gauge', 'bytes', 'Memory that the batches of the link take up.'],
  landbridge_mirror_state: ['gauge', 'code', '1, with the state of the mirror topic as a label.'],
  landbridge_mirror_lag_messages: [
    ...(['gauge', 'count'] as const),
    'Last stable offset of the source − end of the mirror.',
  ],
  landbridge_mirror_lag_bytes: ['gauge', 'bytes', 'Lag in bytes, estimated from the bytes of an offset.'],
  landbridge_mirror_lag_seconds: ['gauge', 'seconds', 'Age of the first record that is not yet mirrored.'],
  landbridge_mirror_bytes_total: [
    ...(['counter', 'bytes'] as const),
    'Bytes of record batches mirrored since the engine started.',
  ],
  landbridge_mirror_records_total: ['counter', 'count', 'Records mirrored since the engine started.'],
  landbridge_mirror_fills_total: [
    ...(['counter', 'count'] as const),
    'Offsets filled since the engine started, by kind.',
  ],
  landbridge_mirror_verified_offset: [
    ...(['gauge', 'offset'] as const),
    'Everything below it, from where verification began, was compared.',
  ],
  landbridge_mirror_replication_latency_seconds: [
    ...(['histogram', 'seconds'] as const),
    'Record timestamp → acknowledged at the destination, of mirrors in step.',
  ],
  landbridge_partition_series_dropped: [
    ...(['gauge', 'count'] as const),
    'Partitions without series of their own, above the limit.',
  ],
} as const satisfies Record<string, readonly [ExposedKind, Unit, string]>;
export type ExposedName = keyof typeof exposedMetrics;
export const exposedNames = Object.keys(exposedMetrics) as ExposedName[];
export const isExposedName = (name: string): name is ExposedName => Object.hasOwn(exposedMetrics, name);

export type ExposedValue = { labels: Labels; value: number };
export type Exposed = {
  values: ReadonlyMap<ExposedName, readonly ExposedValue[]>;
  histograms: readonly ExposedHistogram[];
};

/**
 * @param frame null before the first snapshot and while the engine is silent
 * @param up `engine` null: none runs here
 */
export function exposed(
  links: readonly ExposedLink[],
  frame: Frame | null,
  up: { engine: boolean | null; monitoring: boolean },
): Exposed {
  const told = new Told();
  if (up.engine !== null) told.add('landbridge_engine_up', {}, Number(up.engine));
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
  return told;
}

/** The same, to be handed to another thread. */
export const exposedNumbers = ({ values, histograms }: Exposed): ExposedNumbers => ({
  columns: [...values].map(([metric, rows]) => columnsOf(metric, rows)),
  histograms: [...histograms],
});

/** All rows of a metric have the same labels. */
function columnsOf(metric: ExposedName, rows: readonly ExposedValue[]): ExposedColumns {
  const names = Object.keys(rows[0]?.labels ?? {});
  const labels = names.map((name): [string, string | string[]] => {
    const texts = rows.map((row) => row.labels[name] ?? '');
    const [first = ''] = texts;
    return [name, texts.every((text) => text === first) ? first : texts];
  });
  return {
    metric,
    labels: Object.fromEntries(labels),
    values: Float64Array.from(rows, ({ value }) => value),
  };
}

function tellLink(told: Told, labels: Labels, { link }: LinkFrame): void {
  told.add('landbridge_link_memory_bytes', labels, link.memoryBytes);
  for (const { name, state } of link.tasks)
    told.states('landbridge_link_task_state', { ...labels, task: name }, linkTaskState.options, state);
  const { latencyHistogram } = link;
  const metric: ExposedName = 'landbridge_mirror_replication_latency_seconds';
  if (latencyHistogram) told.histograms.push({ metric, labels, ...latencyHistogram });
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

class Told implements Exposed {
  readonly values = new Map<ExposedName, ExposedValue[]>();
  readonly histograms: ExposedHistogram[] = [];

  add(name: ExposedName, labels: Labels, value: number): void {
    const values = this.values.get(name);
    if (values) values.push({ labels, value });
    else this.values.set(name, [{ labels, value }]);
  }

  states(name: ExposedName, labels: Labels, all: readonly string[], present: string): void {
    for (const state of all) this.add(name, { ...labels, state }, state === present ? 1 : 0);
  }
}
