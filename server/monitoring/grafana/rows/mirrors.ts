// Mirror topics in the Grafana dashboard: there may be tens of thousands, so always the worst or busiest few.
import type { MetricName } from '@/lib/monitoring/metrics';
import { wordsOf, yesNo } from '../colours';
import type { Panel, Table } from '../panel';
import { codeOf, each, identityOf, increaseOf, least, of, type Query, series, worst } from '../query';
import { among, column, few, lines } from './make';

const worstMirrors: Table = {
  kind: 'table',
  title: 'The 20 mirrors with the worst lag',
  width: 24,
  sort: 'Lag',
  about: 'A mirror whose lag is not known in time is not among them.',
  columns: among(
    { title: 'Lag', expr: `topk(20, ${each('landbridge_mirror_max_lag_seconds')})`, unit: 'seconds' },
    identityOf('landbridge_mirror_max_lag_seconds'),
    [
      {
        title: 'State',
        ...{ expr: codeOf('landbridge_mirror_state').expr, unit: 'code' },
        words: wordsOf('landbridge_mirror_state'),
      },
      column('Partitions left out', 'landbridge_mirror_lag_unknown_partitions'),
      column('Messages', 'landbridge_mirror_sum_lag_messages'),
      column('Bytes', 'landbridge_mirror_sum_lag_bytes'),
      column('Rate', 'landbridge_mirror_bytes_per_second'),
      column('Held back', 'landbridge_mirror_blocked_messages'),
      column('Held back for', 'landbridge_mirror_blocked_seconds', { rule: 'mirror.blocked' }),
      column('Retention leaves', 'landbridge_mirror_source_headroom_seconds'),
      column('Deletes kept for', 'landbridge_mirror_tombstone_headroom_seconds'),
      column('Not verified for', 'landbridge_mirror_verified_age_seconds'),
      column('Foreign write', 'landbridge_mirror_foreign_write', { words: yesNo(0) }),
      column('Configs that differ', 'landbridge_mirror_config_drift', { rule: 'mirror.config-drift' }),
    ],
  ),
};

/** Little time is no risk where there is no lag: rules look only at what has used up half of its time, and so does this. */
const atRisk = (name: MetricName): Query =>
  least(few, { ...of(name), expr: `${series(name)} <= ${series('landbridge_mirror_max_lag_seconds')}` });
const ofThoseAtRisk = {
  about: 'Only of mirrors whose lag has used up half of the time.',
  empty: 'Nothing is at risk, or nothing known',
};
const byState: Query = {
  expr: `sum by (state) (${series('landbridge_mirror_state')})`,
  legend: '{{state}}',
  unit: 'count',
};

export const mirrors: Panel[] = [
  worstMirrors,
  lines('Worst lag of mirrors, in time', worst(few, of('landbridge_mirror_max_lag_seconds'))),
  lines('Worst lag of mirrors, in messages', worst(few, of('landbridge_mirror_sum_lag_messages'))),
  lines('Mirrors by state', byState, { stacked: true }),
  lines('Busiest mirrors, in bytes', worst(few, of('landbridge_mirror_bytes_per_second'))),
  lines('Busiest mirrors, in records', worst(few, of('landbridge_mirror_records_per_second'))),
  lines('Mirrors held back by transactions', worst(few, of('landbridge_mirror_blocked_seconds')), {
    ...{ rule: 'mirror.blocked', empty: 'None is held back' },
  }),
  lines('Time before retention overtakes a mirror', atRisk('landbridge_mirror_source_headroom_seconds'), {
    ...{ rule: 'mirror.source-range-at-risk', ...ofThoseAtRisk },
  }),
  lines('Time before a mirror misses deletes', atRisk('landbridge_mirror_tombstone_headroom_seconds'), {
    ...{ rule: 'mirror.tombstones-at-risk', ...ofThoseAtRisk },
  }),
  lines(
    'Offsets lost before they were mirrored',
    worst(few, increaseOf('landbridge_mirror_lost_messages_total')),
  ),
];
