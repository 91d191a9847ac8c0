// The first row of the Grafana dashboard: is anything wrong?

import { yesNo } from '../colours';
import type { Figure } from '../panel';
import { type Query, ruleNamed, series } from '../query';

const number = (expr: string): Query => ({ expr, legend: '', unit: 'count' });
const figure = (title: string, query: Query, more: Partial<Figure>): Figure => ({
  ...{ kind: 'figure', title, width: 3, queries: [query] },
  ...more,
});

const notRunning = ['UNAVAILABLE', 'FAILED', 'UNKNOWN'];
/** A group is stalled as soon as any of its partitions is, whatever share that is. */
const stalled = `sum(${series(ruleNamed('group.stalled').metric)} > bool 0)`;

export const glance: Figure[] = [
  figure('Link engine answers', number(`min(${series('landbridge_engine_up')})`), { words: yesNo(1) }),
  figure('Links that do not run', number(`sum(${series('landbridge_link_state', notRunning)})`), {
    rule: 'link.unavailable',
    about: `Links that are ${notRunning.join(', ')}. A paused one is not counted: somebody wanted that.`,
  }),
  figure(
    'Worst lag of a link',
    { expr: `max(${series('landbridge_link_max_lag_seconds')})`, legend: '', unit: 'seconds' },
    { rule: 'link.lag-beyond-rpo' },
  ),
  figure('Mirrors that have failed', number(`sum(${series('landbridge_link_mirrors_failed')})`), {
    rule: 'mirror.failed',
  }),
  figure('Clusters that do not answer', number(`sum(1 - ${series('landbridge_cluster_reachable')})`), {
    rule: 'cluster.unreachable',
  }),
  figure('Brokers that do not answer', number(`sum(1 - ${series('landbridge_broker_reachable')})`), {
    rule: 'broker.unreachable',
  }),
  figure('Partitions without a leader', number(`sum(${series('landbridge_cluster_offline_partitions')})`), {
    rule: 'cluster.offline-partitions',
  }),
  figure('Groups that stand still', number(stalled), {
    about: 'Groups with members that have at least one partition with lag whose commit does not move.',
  }),
];
