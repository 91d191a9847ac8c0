// Consumer groups of all clusters in the Grafana dashboard: the worst few, as there may be thousands.
import type { MetricName } from '@/lib/monitoring/metrics';
import { wordsOf } from '../colours';
import type { Panel, Table } from '../panel';
import { codeOf, each, identityOf, increaseOf, least, of, type Query, series, worst } from '../query';
import { among, column, few, lines } from './make';

const worstGroups: Table = {
  kind: 'table',
  title: 'The 20 groups with the most lag',
  width: 24,
  sort: 'Lag',
  columns: among(
    { title: 'Lag', expr: `topk(20, ${each('kafka_consumergroup_group_sum_lag')})`, unit: 'count' },
    identityOf('landbridge_group_state'),
    [
      {
        title: 'State',
        ...{ expr: codeOf('landbridge_group_state').expr, unit: 'code' },
        words: wordsOf('landbridge_group_state'),
      },
      column('Members', 'landbridge_group_members'),
      column('Worst partition', 'kafka_consumergroup_group_max_lag'),
      column('Behind for', 'kafka_consumergroup_group_max_lag_seconds', { rule: 'group.lag-seconds' }),
      column('Rate', 'landbridge_group_commit_rate'),
      column('Partitions', 'landbridge_group_partitions'),
      column('Stalled', 'landbridge_group_stalled_partitions'),
      column('Falling behind', 'landbridge_group_falling_behind_partitions'),
      column('Beyond the end', 'landbridge_group_beyond_end_partitions', { rule: 'group.beyond-end' }),
      column('Retention leaves', 'landbridge_group_retention_headroom_seconds'),
    ],
  ),
};

const share = (name: MetricName): Query =>
  worst(few, {
    ...of(name),
    expr: `${series(name)} / (${series('landbridge_group_partitions')} > 0)`,
    unit: 'ratio',
  });

/** Little time is no risk where there is no lag: the rule looks only at groups that have used up half of their time, and so does this. */
const atRisk: Query = least(few, {
  ...of('landbridge_group_retention_headroom_seconds'),
  expr: `${each('landbridge_group_retention_headroom_seconds')} <= ${each('kafka_consumergroup_group_max_lag_seconds')}`,
});
const byState: Query = {
  expr: `sum by (state) (${series('landbridge_group_state')})`,
  legend: '{{state}}',
  unit: 'count',
};

export const groups: Panel[] = [
  worstGroups,
  lines('Most lag of groups, in messages', worst(few, of('kafka_consumergroup_group_sum_lag'))),
  lines('Worst lag of groups, in time', worst(few, of('kafka_consumergroup_group_max_lag_seconds')), {
    rule: 'group.lag-seconds',
  }),
  lines('Groups by state', byState, { stacked: true }),
  lines('Share of partitions that stand still', share('landbridge_group_stalled_partitions'), {
    rule: 'group.stalled',
  }),
  lines('Share of partitions that fall behind', share('landbridge_group_falling_behind_partitions'), {
    rule: 'group.falling-behind',
  }),
  lines('Commit rate of groups', worst(few, of('landbridge_group_commit_rate'))),
  lines('Messages lost in front of groups', worst(few, increaseOf('landbridge_group_lost_messages_total')), {
    width: 12,
  }),
  lines('Time before retention overtakes a group', atRisk, {
    ...{ width: 12, rule: 'group.about-to-lose-messages' },
    about: 'Only of groups whose lag has used up half of the time.',
    empty: 'Nothing is at risk, or nothing known',
  }),
];
