/**
 * For each rule, numbers that are fine, numbers that raise it, and (where it has hysteresis) numbers between that hold it; with the severity, and
 * after how many seconds it is raised and cleared. `rules.test.ts` makes recorded series of them: one number every ten seconds.
 */
import type { Severity } from '@/lib/contracts/monitoring/rules';
import type { MetricName } from '@/lib/monitoring/metrics';

/** One token a metric, without its count: `3`, `ACTIVE`, `10+5`, `_`. */
export type Numbers = Partial<Record<MetricName, string>>;
export type RuleCase = {
  good: Numbers;
  bad: Numbers;
  /** Neither: what is raised stays raised. Absent where a rule only knows yes and no, or counts. */
  band?: Numbers;
  severity: Severity;
  after: number;
  /** Of a counter: after its last step. */
  clear: number;
};

const minute = 60;
const hour = 3_600;
const day = 86_400;

const one = (
  metric: MetricName,
  good: string,
  bad: string,
  more: Omit<RuleCase, 'good' | 'bad' | 'band'> & { band?: string },
) => {
  const { band, ...rest } = more;
  const made: RuleCase = { good: { [metric]: good }, bad: { [metric]: bad }, ...rest };
  return band === undefined ? made : { ...made, band: { [metric]: band } };
};

export const ruleCases: Record<string, RuleCase> = {
  'link.failed': one('landbridge_link_state', 'ACTIVE', 'FAILED', {
    severity: 'CRITICAL',
    after: 30,
    clear: 60,
  }),
  'link.unavailable': one('landbridge_link_state', 'ACTIVE', 'UNAVAILABLE', {
    severity: 'ERROR',
    after: 60,
    clear: 120,
  }),
  'link.paused-long': one('landbridge_link_state', 'ACTIVE', 'PAUSED', {
    severity: 'WARN',
    after: day,
    clear: 0,
  }),
  'link.unknown': one('landbridge_link_state', 'ACTIVE', 'UNKNOWN', {
    severity: 'ERROR',
    after: 120,
    clear: 60,
  }),
  'link.task-in-error': one('landbridge_link_task_state', 'ACTIVE', 'IN_ERROR', {
    severity: 'WARN',
    after: 300,
    clear: 120,
  }),
  'link.lag-beyond-rpo': one('landbridge_link_max_lag_seconds', '2', '70', {
    band: '56',
    severity: 'WARN',
    after: 60,
    clear: 120,
  }),
  'link.stands-still': {
    good: {
      landbridge_link_records_per_second: '9',
      landbridge_link_lag_messages: '5',
      landbridge_link_state: 'ACTIVE',
    },
    bad: {
      landbridge_link_records_per_second: '0',
      landbridge_link_lag_messages: '5',
      landbridge_link_state: 'ACTIVE',
    },
    severity: 'ERROR',
    after: 300,
    clear: 60,
  },
  'link.latency': one('landbridge_link_latency_p99_seconds', '0.2', '6', {
    band: '4.2',
    severity: 'WARN',
    after: 300,
    clear: 300,
  }),
  'link.not-verified': one('landbridge_link_verified_age_seconds', '60', `${day}`, {
    severity: 'WARN',
    after: 300,
    clear: 60,
  }),
  'link.lock-missing': one('landbridge_link_mirrors_unlocked', '0', '3', {
    severity: 'WARN',
    after: 600,
    clear: 60,
  }),
  'link.groups-not-synced': one('landbridge_link_groups_behind', '0', '1', {
    severity: 'WARN',
    after: 300,
    clear: 120,
  }),
  'link.throttled': {
    good: { landbridge_link_throttle_ratio: '0.99', landbridge_link_lag_messages: '0' },
    bad: { landbridge_link_throttle_ratio: '0.99', landbridge_link_lag_messages: '900' },
    band: { landbridge_link_throttle_ratio: '0.9', landbridge_link_lag_messages: '900' },
    severity: 'WARN',
    after: 900,
    clear: 300,
  },
  'mirror.failed': one('landbridge_link_mirrors_failed', '0', '2', {
    severity: 'ERROR',
    after: 30,
    clear: 60,
  }),
  'mirror.source-unavailable': one('landbridge_link_mirrors_unavailable', '0', '1', {
    severity: 'WARN',
    after: 60,
    clear: 120,
  }),
  'mirror.blocked': one('landbridge_mirror_blocked_seconds', '3', '900', {
    severity: 'WARN',
    after: 0,
    clear: 60,
  }),
  'mirror.source-range-at-risk': {
    good: {
      landbridge_mirror_source_headroom_seconds: `${5 * day}`,
      landbridge_mirror_max_lag_seconds: `${2 * day}`,
    },
    bad: {
      landbridge_mirror_source_headroom_seconds: `${3 * hour}`,
      landbridge_mirror_max_lag_seconds: `${7 * day}`,
    },
    band: {
      landbridge_mirror_source_headroom_seconds: `${4.5 * hour}`,
      landbridge_mirror_max_lag_seconds: `${7 * day}`,
    },
    severity: 'WARN',
    after: 60,
    clear: 300,
  },
  'mirror.source-range-lost': one('landbridge_mirror_lost_messages_total', '7', '9', {
    severity: 'ERROR',
    after: 0,
    clear: day,
  }),
  'mirror.tombstones-at-risk': {
    good: { landbridge_mirror_tombstone_headroom_seconds: `${day}`, landbridge_mirror_max_lag_seconds: '1' },
    bad: {
      landbridge_mirror_tombstone_headroom_seconds: `${5 * hour}`,
      landbridge_mirror_max_lag_seconds: `${19 * hour}`,
    },
    band: {
      landbridge_mirror_tombstone_headroom_seconds: `${7 * hour}`,
      landbridge_mirror_max_lag_seconds: `${17 * hour}`,
    },
    severity: 'WARN',
    after: 60,
    clear: 300,
  },
  'mirror.foreign-write': one('landbridge_mirror_foreign_write', '0', '1', {
    severity: 'CRITICAL',
    after: 0,
    clear: 60,
  }),
  'mirror.config-drift': one('landbridge_mirror_config_drift', '0', '2', {
    severity: 'WARN',
    after: 600,
    clear: 60,
  }),
  'mirror.ending-slow': one('landbridge_mirror_state', 'ACTIVE', 'PENDING_STOPPED', {
    severity: 'WARN',
    after: 1800,
    clear: 0,
  }),
  'cluster.unreachable': one('landbridge_cluster_reachable', '1', '0', {
    severity: 'CRITICAL',
    after: 30,
    clear: 60,
  }),
  'cluster.sweep-incomplete': one('landbridge_cluster_sweep_complete', '1', '0', {
    severity: 'WARN',
    after: 300,
    clear: 120,
  }),
  'cluster.offline-partitions': one('landbridge_cluster_offline_partitions', '0', '4', {
    severity: 'CRITICAL',
    after: 20,
    clear: 60,
  }),
  'cluster.under-min-isr': one('landbridge_cluster_under_min_isr_partitions', '0', '4', {
    severity: 'ERROR',
    after: 30,
    clear: 60,
  }),
  'cluster.at-min-isr': one('landbridge_cluster_at_min_isr_partitions', '0', '4', {
    severity: 'WARN',
    after: 600,
    clear: 120,
  }),
  'cluster.under-replicated': one('landbridge_cluster_under_replicated_partitions', '0', '400', {
    severity: 'WARN',
    after: 300,
    clear: 120,
  }),
  'cluster.single-replica': one('landbridge_cluster_single_replica_partitions', '0', '1', {
    severity: 'INFO',
    after: hour,
    clear: 300,
  }),
  'cluster.brokers-missing': one('landbridge_cluster_brokers_missing', '0', '1', {
    severity: 'ERROR',
    after: 60,
    clear: 60,
  }),
  'cluster.leader-imbalance': {
    good: { landbridge_cluster_leader_skew_ratio: '1.1', landbridge_cluster_partitions: '900' },
    bad: { landbridge_cluster_leader_skew_ratio: '2.2', landbridge_cluster_partitions: '900' },
    band: { landbridge_cluster_leader_skew_ratio: '1.95', landbridge_cluster_partitions: '900' },
    severity: 'WARN',
    after: 1800,
    clear: 300,
  },
  'cluster.non-preferred-leaders': one('landbridge_cluster_nonpreferred_leaders_ratio', '0.02', '0.3', {
    band: '0.17',
    severity: 'WARN',
    after: 1800,
    clear: 120,
  }),
  'cluster.leader-churn': {
    good: { landbridge_cluster_leader_changes_total: '50', landbridge_cluster_partitions: '100' },
    bad: { landbridge_cluster_leader_changes_total: '155', landbridge_cluster_partitions: '100' },
    severity: 'WARN',
    after: 0,
    // The window of 15 minutes, then five minutes of quiet.
    clear: 15 * minute + 300,
  },
  'cluster.unclean-election': one('landbridge_cluster_unclean_elections_total', '0', '1', {
    severity: 'CRITICAL',
    after: 0,
    clear: 12 * hour,
  }),
  'cluster.old-transaction': one('landbridge_cluster_oldest_transaction_seconds', '9', '1300', {
    severity: 'WARN',
    after: 30,
    clear: 60,
  }),
  'cluster.clock-skew': one('landbridge_cluster_clock_offset_seconds', '0.1', '-3', {
    band: '-1.8',
    severity: 'WARN',
    after: 300,
    clear: 300,
  }),
  'cluster.certificate-expiring': one(
    'landbridge_cluster_certificate_expiry_seconds',
    `${90 * day}`,
    `${29 * day}`,
    {
      severity: 'WARN',
      after: 0,
      clear: 0,
    },
  ),
  'cluster.credentials-expiring': one(
    'landbridge_cluster_credential_expiry_seconds',
    `${90 * day}`,
    `${2 * day}`,
    {
      severity: 'ERROR',
      after: 0,
      clear: 0,
    },
  ),
  'cluster.no-controller': one('landbridge_cluster_controller_known', '1', '0', {
    severity: 'CRITICAL',
    after: 30,
    clear: 60,
  }),
  'cluster.quorum-unstable': one('landbridge_quorum_epoch', '70', '73', {
    severity: 'WARN',
    after: 0,
    clear: 15 * minute + 300,
  }),
  'cluster.voters-even': one('landbridge_quorum_voters', '3', '4', {
    severity: 'WARN',
    after: 600,
    clear: 60,
  }),
  'cluster.quorum-no-headroom': {
    good: { landbridge_quorum_headroom: '1', landbridge_quorum_voters: '3' },
    bad: { landbridge_quorum_headroom: '0', landbridge_quorum_voters: '3' },
    severity: 'ERROR',
    after: 60,
    clear: 60,
  },
  'cluster.voter-behind': one('landbridge_quorum_voter_behind_seconds', '1', '40', {
    band: '26',
    severity: 'WARN',
    after: 30,
    clear: 60,
  }),
  'cluster.observer-behind': one('landbridge_quorum_max_observer_behind_seconds', '1', '90', {
    band: '50',
    severity: 'WARN',
    after: 60,
    clear: 60,
  }),
  'broker.unreachable': one('landbridge_broker_reachable', '1', '0', {
    severity: 'ERROR',
    after: 30,
    clear: 60,
  }),
  'broker.fenced': one('landbridge_broker_fenced', '0', '1', { severity: 'ERROR', after: 60, clear: 60 }),
  'broker.flapping': one('landbridge_broker_state_changes_total', '2', '6', {
    severity: 'WARN',
    after: 0,
    clear: 30 * minute + 300,
  }),
  'broker.latency': one('landbridge_broker_latency_seconds', '0.004', '0.6', {
    band: '0.45',
    severity: 'WARN',
    after: 300,
    clear: 300,
  }),
  'broker.disk': {
    good: { landbridge_log_dir_used_bytes: '500', landbridge_log_dir_total_bytes: '1000' },
    bad: { landbridge_log_dir_used_bytes: '850', landbridge_log_dir_total_bytes: '1000' },
    band: { landbridge_log_dir_used_bytes: '790', landbridge_log_dir_total_bytes: '1000' },
    severity: 'ERROR',
    after: 60,
    clear: 120,
  },
  'broker.log-dir-offline': one('landbridge_log_dir_offline', '0', '1', {
    severity: 'CRITICAL',
    after: 0,
    clear: 60,
  }),
  'broker.replicas-behind': one('landbridge_broker_out_of_sync_replicas', '0', '12', {
    severity: 'WARN',
    after: 300,
    clear: 120,
  }),
  'broker.leads-nothing': {
    good: { landbridge_broker_leaders: '40', landbridge_broker_replicas: '120' },
    bad: { landbridge_broker_leaders: '0', landbridge_broker_replicas: '120' },
    severity: 'INFO',
    after: 1800,
    clear: 60,
  },
  'group.stalled': {
    good: { landbridge_group_stalled_partitions: '0', landbridge_group_partitions: '12' },
    bad: { landbridge_group_stalled_partitions: '3', landbridge_group_partitions: '12' },
    severity: 'WARN',
    after: 60,
    clear: 120,
  },
  'group.falling-behind': {
    good: { landbridge_group_falling_behind_partitions: '0', landbridge_group_partitions: '12' },
    bad: { landbridge_group_falling_behind_partitions: '7', landbridge_group_partitions: '12' },
    band: { landbridge_group_falling_behind_partitions: '4', landbridge_group_partitions: '12' },
    severity: 'WARN',
    after: 600,
    clear: 300,
  },
  'group.lag-seconds': one('kafka_consumergroup_group_max_lag_seconds', '4', '700', {
    band: '500',
    severity: 'WARN',
    after: 120,
    clear: 120,
  }),
  'group.losing-messages': one('landbridge_group_lost_messages_total', '0', '250', {
    severity: 'ERROR',
    after: 0,
    clear: 6 * hour,
  }),
  'group.about-to-lose-messages': {
    good: {
      landbridge_group_retention_headroom_seconds: `${6 * day}`,
      kafka_consumergroup_group_max_lag_seconds: `${day}`,
    },
    bad: {
      landbridge_group_retention_headroom_seconds: '3000',
      kafka_consumergroup_group_max_lag_seconds: `${7 * day}`,
    },
    band: {
      landbridge_group_retention_headroom_seconds: '4000',
      kafka_consumergroup_group_max_lag_seconds: `${7 * day}`,
    },
    severity: 'ERROR',
    after: 60,
    clear: 300,
  },
  'group.beyond-end': one('landbridge_group_beyond_end_partitions', '0', '1', {
    severity: 'ERROR',
    after: 60,
    clear: 60,
  }),
  'group.nobody-reads': {
    good: { landbridge_group_members: '2', kafka_consumergroup_group_sum_lag: '70' },
    bad: { landbridge_group_members: '0', kafka_consumergroup_group_sum_lag: '70' },
    severity: 'WARN',
    after: hour,
    clear: 60,
  },
  'group.rebalancing-long': one('landbridge_group_state', 'STABLE', 'PREPARING_REBALANCE', {
    severity: 'WARN',
    after: 300,
    clear: 120,
  }),
  'landbridge.engine-silent': one('landbridge_engine_up', '1', '0', {
    severity: 'CRITICAL',
    after: 20,
    clear: 30,
  }),
  'landbridge.sweep-slow': {
    good: { landbridge_cluster_sweep_seconds: '1', landbridge_cluster_sweep_interval_seconds: '10' },
    bad: { landbridge_cluster_sweep_seconds: '7', landbridge_cluster_sweep_interval_seconds: '10' },
    band: { landbridge_cluster_sweep_seconds: '5', landbridge_cluster_sweep_interval_seconds: '10' },
    severity: 'WARN',
    after: 300,
    clear: 300,
  },
  'landbridge.sweep-unfinished': {
    good: { landbridge_cluster_sweep_age_seconds: '8', landbridge_cluster_sweep_interval_seconds: '10' },
    bad: { landbridge_cluster_sweep_age_seconds: '45', landbridge_cluster_sweep_interval_seconds: '10' },
    severity: 'WARN',
    after: 0,
    clear: 30,
  },
  'landbridge.history-near-limit': {
    good: { landbridge_history_bytes: '100', landbridge_history_limit_bytes: '1000' },
    bad: { landbridge_history_bytes: '960', landbridge_history_limit_bytes: '1000' },
    band: { landbridge_history_bytes: '920', landbridge_history_limit_bytes: '1000' },
    severity: 'INFO',
    after: 600,
    clear: 600,
  },
  'landbridge.data-dir-full': one('landbridge_data_dir_free_bytes', '90000000000', '4000000000', {
    band: '5500000000',
    severity: 'WARN',
    after: 30,
    clear: 60,
  }),
  'landbridge.memory': one('landbridge_process_memory_bytes', '300000000', '5000000000', {
    band: '4000000000',
    severity: 'WARN',
    after: 600,
    clear: 300,
  }),
  'landbridge.endpoint-unreachable': one('landbridge_endpoint_reachable', '1', '0', {
    severity: 'ERROR',
    after: 300,
    clear: 60,
  }),
  'landbridge.reports-dropped': one('landbridge_reports_dropped_total', '0', '3', {
    severity: 'WARN',
    after: 0,
    clear: hour,
  }),
  'landbridge.channel-failing': one('landbridge_channel_failing_seconds', '0', '301', {
    severity: 'WARN',
    after: 0,
    clear: 30,
  }),
  'landbridge.console-silent': {
    good: {
      landbridge_console_report_age_seconds: '61',
      landbridge_console_report_interval_seconds: '60',
    },
    bad: {
      landbridge_console_report_age_seconds: '180',
      landbridge_console_report_interval_seconds: '60',
    },
    ...{ severity: 'ERROR', after: 0, clear: 0 },
  },
};
