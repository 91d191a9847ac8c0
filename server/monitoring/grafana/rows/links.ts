// Links in the Grafana dashboard: what they do, how far behind they are, and whether their tasks work.
import { wordsOf } from '../colours';
import type { Panel, Table } from '../panel';
import { codeOf, each, identityOf, named, of, type Query, rateOf, series } from '../query';
import { column, lines, states } from './make';

const link = identityOf('landbridge_link_state');
const linkLegend = of('landbridge_link_state').legend;

const latency = 'landbridge_mirror_replication_latency_seconds';
const buckets = series(latency).replace(latency, `${latency}_bucket`);
const quantile = (share: number): Query => ({
  expr: `histogram_quantile(${share}, sum by (${link}, le) (rate(${buckets}[$__rate_interval])))`,
  legend: `p${share * 100} ${linkLegend}`,
  unit: 'seconds',
});

const filled = rateOf('landbridge_mirror_fills_total');
const fills: Query = {
  expr: `sum by (${link}, kind) (${filled.expr})`,
  legend: `${linkLegend} {{kind}}`,
  unit: filled.unit,
};

const throttled = `${each('landbridge_link_throttle_ratio')} * (${each('landbridge_link_lag_messages')} > bool 0)`;
const inError = `sum by (${link}) (${series('landbridge_link_task_state', ['IN_ERROR'])})`;

const counts: Table = {
  kind: 'table',
  title: 'Links one by one',
  width: 24,
  sort: 'Lag',
  columns: [
    column('Mirrors', 'landbridge_link_mirrors'),
    column('Lag', 'landbridge_link_max_lag_seconds', { rule: 'link.lag-beyond-rpo' }),
    column('Partitions left out', 'landbridge_link_lag_unknown_partitions'),
    column('Failed', 'landbridge_link_mirrors_failed', { rule: 'mirror.failed' }),
    column('Source away', 'landbridge_link_mirrors_unavailable', { rule: 'mirror.source-unavailable' }),
    column('Not locked', 'landbridge_link_mirrors_unlocked', { rule: 'link.lock-missing' }),
    column('Groups not synced', 'landbridge_link_groups_behind', { rule: 'link.groups-not-synced' }),
    { title: 'Tasks in error', expr: inError, unit: 'count', rule: 'link.task-in-error' },
    { title: 'Throttle used while behind', expr: throttled, unit: 'ratio', rule: 'link.throttled' },
    column('Memory', 'landbridge_link_memory_bytes'),
  ],
};

export const links: Panel[] = [
  states('State of links', codeOf('landbridge_link_state'), wordsOf('landbridge_link_state'), 12),
  states(
    'State of tasks of links',
    codeOf('landbridge_link_task_state'),
    wordsOf('landbridge_link_task_state'),
    12,
  ),
  lines('Lag of links, in time', of('landbridge_link_max_lag_seconds'), { rule: 'link.lag-beyond-rpo' }),
  lines('Lag of links, in messages', of('landbridge_link_lag_messages')),
  lines('Lag of links, in bytes', of('landbridge_link_lag_bytes')),
  lines('Bytes mirrored', of('landbridge_link_bytes_per_second')),
  lines('Records mirrored', of('landbridge_link_records_per_second')),
  lines('Offsets filled', fills, {
    about:
      'Offsets that no committed record of the source occupies, filled so that the next record keeps its own.',
  }),
  lines(
    'Replication latency of late',
    [
      named(of('landbridge_link_latency_p50_seconds'), `p50 ${linkLegend}`),
      named(of('landbridge_link_latency_p99_seconds'), `p99 ${linkLegend}`),
    ],
    { rule: 'link.latency' },
  ),
  lines('Replication latency, from point to point', [quantile(0.5), quantile(0.95), quantile(0.99)]),
  lines('Not verified for', of('landbridge_link_verified_age_seconds'), { rule: 'link.not-verified' }),
  counts,
];
