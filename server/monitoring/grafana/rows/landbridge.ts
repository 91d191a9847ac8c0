// Landbridge itself in the Grafana dashboard: its threads, its sweeps, its disk and memory, and what it sends.
import type { MetricName } from '@/lib/monitoring/metrics';
import { yesNo } from '../colours';
import type { Panel } from '../panel';
import { increaseOf, named, of, type Query, series } from '../query';
import { counted, lines, states } from './make';

const perInterval = (name: MetricName, unit: Query['unit']): Query => ({
  ...of(name),
  expr: `${series(name)} / (${series('landbridge_cluster_sweep_interval_seconds')} > 0)`,
  unit,
});
const age: Query = {
  expr: `time() - ${series('landbridge_snapshot_timestamp_seconds')}`,
  legend: '{{instance}}',
  unit: 'seconds',
};
const ending = (name: 'landbridge_reports_refused_total' | 'landbridge_otlp_dropped_total', word: string) =>
  named(increaseOf(name), `{{instance}} / {{endpoint}} ${word}`);

export const landbridge: Panel[] = [
  states(
    'Threads that answer',
    [
      named(of('landbridge_engine_up'), '{{instance}} link engine'),
      named(of('landbridge_monitoring_up'), '{{instance}} monitoring'),
    ],
    yesNo(1),
  ),
  states('Endpoints that take what is sent', of('landbridge_endpoint_reachable'), yesNo(1)),
  states('Sweeps that read everything', of('landbridge_cluster_sweep_complete'), yesNo(1)),
  lines('Duration of sweeps', of('landbridge_cluster_sweep_seconds')),
  lines('Duration of sweeps, of their interval', perInterval('landbridge_cluster_sweep_seconds', 'ratio'), {
    rule: 'landbridge.sweep-slow',
  }),
  lines('Intervals since the last sweep', perInterval('landbridge_cluster_sweep_age_seconds', 'count'), {
    rule: 'landbridge.sweep-unfinished',
  }),
  lines('Age of the last sweep', of('landbridge_cluster_sweep_age_seconds')),
  lines('Age of the numbers of links', age),
  lines('Partitions without series', of('landbridge_partition_series_dropped')),
  lines('Memory', of('landbridge_process_memory_bytes'), { rule: 'landbridge.memory' }),
  lines('Free space of the data directory', of('landbridge_data_dir_free_bytes'), {
    rule: 'landbridge.data-dir-full',
  }),
  lines('Store and history on disk', [
    named(of('landbridge_store_bytes'), '{{instance}} store'),
    named(of('landbridge_history_bytes'), '{{instance}} history'),
    named(of('landbridge_history_limit_bytes'), '{{instance}} limit of history'),
  ]),
  lines('Reports that wait', of('landbridge_report_buffered')),
  counted('Reports dropped', 'landbridge.reports-dropped'),
  lines('Reports and OTLP requests not taken', [
    ending('landbridge_reports_refused_total', 'refused'),
    ending('landbridge_otlp_dropped_total', 'OTLP'),
  ]),
  lines('Alert channels that take nothing', of('landbridge_channel_failing_seconds'), {
    ...{ width: 24, rule: 'landbridge.channel-failing' },
  }),
];
