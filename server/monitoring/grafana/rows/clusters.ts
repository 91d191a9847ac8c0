// Clusters in the Grafana dashboard: partitions, the quorum, transactions, traffic, and what runs out.
import { yesNo } from '../colours';
import type { Panel, Table } from '../panel';
import { each, of, type Query, rateOf, series } from '../query';
import { column, counted, lines, states } from './make';

/** Quorums of one or two never have any headroom: the rule leaves them out. */
const headroom = `${each('landbridge_quorum_headroom')} and ${each('landbridge_quorum_voters')} >= 3`;
const skew: Query = {
  ...of('landbridge_cluster_clock_offset_seconds'),
  expr: `abs(${series('landbridge_cluster_clock_offset_seconds')})`,
};

const counts: Table = {
  kind: 'table',
  title: 'Clusters one by one',
  width: 24,
  sort: 'Offline',
  columns: [
    column('Offline', 'landbridge_cluster_offline_partitions', { rule: 'cluster.offline-partitions' }),
    column('Under min ISR', 'landbridge_cluster_under_min_isr_partitions', { rule: 'cluster.under-min-isr' }),
    column('At min ISR', 'landbridge_cluster_at_min_isr_partitions', { rule: 'cluster.at-min-isr' }),
    column('Under-replicated', 'landbridge_cluster_under_replicated_partitions', {
      rule: 'cluster.under-replicated',
    }),
    column('Single replica', 'landbridge_cluster_single_replica_partitions', {
      rule: 'cluster.single-replica',
    }),
    column('Brokers', 'landbridge_cluster_brokers'),
    column('Missing', 'landbridge_cluster_brokers_missing', { rule: 'cluster.brokers-missing' }),
    column('Voters', 'landbridge_quorum_voters'),
    { title: 'Voters to spare', expr: headroom, unit: 'count', rule: 'cluster.quorum-no-headroom' },
    column('Observers', 'landbridge_quorum_observers'),
    column('Topics', 'landbridge_cluster_topics'),
    column('Partitions', 'landbridge_cluster_partitions'),
    column('Groups', 'landbridge_cluster_groups'),
  ],
};

export const clusters: Panel[] = [
  states('Clusters that answer', of('landbridge_cluster_reachable'), yesNo(1), 12),
  states('Clusters with a controller', of('landbridge_cluster_controller_known'), yesNo(1), 12),
  counts,
  lines('Offline partitions', of('landbridge_cluster_offline_partitions'), {
    rule: 'cluster.offline-partitions',
  }),
  lines('Under-replicated partitions', of('landbridge_cluster_under_replicated_partitions'), {
    rule: 'cluster.under-replicated',
  }),
  lines('Partitions under min ISR', of('landbridge_cluster_under_min_isr_partitions'), {
    rule: 'cluster.under-min-isr',
  }),
  lines('Voters of the quorum to spare', of('landbridge_quorum_headroom'), {
    about: 'A quorum of one or two never has any.',
  }),
  lines('Voters behind', of('landbridge_quorum_voter_behind_seconds'), { rule: 'cluster.voter-behind' }),
  lines('Slowest observer behind', of('landbridge_quorum_max_observer_behind_seconds'), {
    rule: 'cluster.observer-behind',
  }),
  counted('Elections of the quorum', 'cluster.quorum-unstable'),
  counted('Unclean elections of leaders', 'cluster.unclean-election'),
  lines('Changes of leaders', rateOf('landbridge_cluster_leader_changes_total')),
  lines('Open transactions', of('landbridge_cluster_open_transactions')),
  lines('Oldest open transaction', of('landbridge_cluster_oldest_transaction_seconds'), {
    rule: 'cluster.old-transaction',
  }),
  lines('Partitions held back by transactions', of('landbridge_cluster_held_partitions')),
  lines('Bytes in', of('landbridge_cluster_bytes_in_per_second')),
  lines('Messages in', of('landbridge_cluster_messages_in_per_second')),
  lines('Logs on disk', of('landbridge_cluster_log_bytes')),
  lines('Share of leaders that are not preferred', of('landbridge_cluster_nonpreferred_leaders_ratio'), {
    rule: 'cluster.non-preferred-leaders',
  }),
  lines('Leaders of the busiest broker', {
    ...of('landbridge_cluster_leader_skew_ratio'),
    unit: 'count',
  }),
  lines('Clock against ours', skew, {
    rule: 'cluster.clock-skew',
    about: 'Ahead or behind: both are above 0.',
  }),
  lines('Time left of certificates', of('landbridge_cluster_certificate_expiry_seconds'), {
    ...{ width: 12, rule: 'cluster.certificate-expiring' },
  }),
  lines('Time left of credentials', of('landbridge_cluster_credential_expiry_seconds'), {
    ...{ width: 12, rule: 'cluster.credentials-expiring' },
  }),
];
