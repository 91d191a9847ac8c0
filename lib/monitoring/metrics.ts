// Every metric that Landbridge keeps in its history, judges with its rules and reports: one list, by name. No I/O.
import { linkState, mirrorState } from '@/lib/contracts/link';
import { linkTaskState } from '@/lib/contracts/link-task';

export type Unit =
  | 'count'
  | 'bytes'
  | 'seconds'
  | 'bytesPerSecond'
  | 'perSecond'
  | 'ratio'
  | 'flag'
  | 'id'
  | 'code'
  | 'offset';
/** What one series is about; it says which labels identify it. */
export type Per = keyof typeof labelsOf;
export type MetricDef = {
  per: Per;
  unit: Unit;
  type: 'gauge' | 'counter';
  help: string;
  /** Labels besides those of `per`. */
  labels?: readonly string[];
  /** Of a `code`: what the numbers 0, 1, 2 … stand for. Told to Prometheus as one series a word. */
  words?: readonly string[];
};

export const labelsOf = {
  landbridge: [],
  cluster: ['cluster'],
  broker: ['cluster', 'broker'],
  topic: ['cluster', 'topic'],
  partition: ['cluster', 'topic', 'partition'],
  group: ['cluster', 'group'],
  groupPartition: ['cluster', 'group', 'topic', 'partition'],
  link: ['link', 'source', 'destination'],
  mirror: ['link', 'source', 'destination', 'topic'],
  mirrorPartition: ['link', 'source', 'destination', 'topic', 'partition'],
} as const;

/** As Kafka's ListGroups says, in capitals; UNKNOWN for words that a later Kafka has. */
export const groupStates = [
  ...['UNKNOWN', 'EMPTY', 'STABLE', 'PREPARING_REBALANCE', 'COMPLETING_REBALANCE'],
  ...['ASSIGNING', 'RECONCILING', 'DEAD', 'NOT_READY'],
] as const;

const gauge = (
  per: Per,
  unit: Unit,
  help: string,
  more: Pick<MetricDef, 'labels' | 'words'> = {},
): MetricDef => ({ per, unit, type: 'gauge', help, ...more });
const counter = (per: Per, unit: Unit, help: string, more: Pick<MetricDef, 'labels'> = {}): MetricDef => ({
  per,
  unit,
  type: 'counter',
  help,
  ...more,
});

const landbridge = {
  landbridge_engine_up: gauge('landbridge', 'flag', '1 while the link engine answers.'),
  landbridge_process_memory_bytes: gauge('landbridge', 'bytes', 'Resident memory of the process.'),
  landbridge_store_bytes: gauge('landbridge', 'bytes', 'The store of links, people and audit on disk.'),
  landbridge_history_bytes: gauge('landbridge', 'bytes', 'History on disk.'),
  landbridge_history_limit_bytes: gauge('landbridge', 'bytes', 'What history may take up on disk.'),
  landbridge_data_dir_free_bytes: gauge('landbridge', 'bytes', 'Free space where the data directory is.'),
  landbridge_endpoint_reachable: gauge(
    'landbridge',
    'flag',
    '1 while the endpoint of health reports, or of OTLP, takes what it is sent.',
    { labels: ['endpoint'] },
  ),
  landbridge_report_buffered: gauge('landbridge', 'count', 'Reports that wait for the health endpoint.', {
    labels: ['endpoint'],
  }),
  landbridge_reports_dropped_total: counter(
    'landbridge',
    'count',
    'Reports dropped, oldest first, as the buffer was full.',
    { labels: ['endpoint'] },
  ),
  landbridge_reports_refused_total: counter(
    'landbridge',
    'count',
    'Reports that the endpoint will never take, such as malformed ones; put aside.',
    { labels: ['endpoint'] },
  ),
  landbridge_otlp_dropped_total: counter(
    'landbridge',
    'count',
    'Requests over OTLP that the endpoint refused, or had not taken when there were newer numbers.',
    { labels: ['endpoint'] },
  ),
  landbridge_channel_failing_seconds: gauge(
    'landbridge',
    'seconds',
    'Since when an alert channel takes no messages.',
    { labels: ['channel'] },
  ),
  landbridge_console_report_age_seconds: gauge(
    'landbridge',
    'seconds',
    'On a hub: since the console’s last report.',
  ),
  landbridge_console_report_interval_seconds: gauge(
    'landbridge',
    'seconds',
    'On a hub: how far the console’s reports should be apart.',
  ),
} as const;

const clusters = {
  landbridge_cluster_reachable: gauge('cluster', 'flag', '1 while at least one broker answers.'),
  landbridge_cluster_sweep_complete: gauge(
    'cluster',
    'flag',
    '1 when the last sweep has read all that it should.',
  ),
  landbridge_cluster_sweep_seconds: gauge('cluster', 'seconds', 'How long the last sweep took.'),
  landbridge_cluster_sweep_interval_seconds: gauge('cluster', 'seconds', 'How far sweeps should be apart.'),
  landbridge_cluster_sweep_age_seconds: gauge(
    'cluster',
    'seconds',
    'Since the last sweep that came to an end.',
  ),
  landbridge_cluster_brokers: gauge('cluster', 'count', 'Brokers that are registered and not fenced.'),
  landbridge_cluster_brokers_missing: gauge(
    'cluster',
    'count',
    'Brokers that hold replicas, or are registered, but are not in service.',
  ),
  landbridge_cluster_controller_known: gauge('cluster', 'flag', '1 while the cluster names a controller.'),
  landbridge_cluster_topics: gauge('cluster', 'count', 'Topics.'),
  landbridge_cluster_partitions: gauge('cluster', 'count', 'Partitions.'),
  landbridge_cluster_offline_partitions: gauge('cluster', 'count', 'Partitions without a leader.'),
  landbridge_cluster_under_replicated_partitions: gauge(
    'cluster',
    'count',
    'Partitions with fewer replicas in sync than they have.',
  ),
  landbridge_cluster_under_min_isr_partitions: gauge(
    'cluster',
    'count',
    'Partitions with fewer replicas in sync than min.insync.replicas: they refuse acks=all.',
  ),
  landbridge_cluster_at_min_isr_partitions: gauge(
    'cluster',
    'count',
    'Partitions that one more lost replica makes refuse acks=all.',
  ),
  landbridge_cluster_single_replica_partitions: gauge(
    'cluster',
    'count',
    'Partitions with one replica, in a cluster of several brokers.',
  ),
  landbridge_cluster_nonpreferred_leaders_ratio: gauge(
    'cluster',
    'ratio',
    'Share of partitions led by another than their preferred replica.',
  ),
  landbridge_cluster_leader_skew_ratio: gauge(
    'cluster',
    'ratio',
    'Leaders of the busiest broker ÷ mean of all.',
  ),
  landbridge_cluster_unclean_elections_total: counter(
    'cluster',
    'count',
    'Leaders seen that were not in sync before: records may be lost.',
  ),
  landbridge_cluster_leader_changes_total: counter('cluster', 'count', 'Changes of partition leaders seen.'),
  landbridge_cluster_open_transactions: gauge('cluster', 'count', 'Transactions that are open.'),
  landbridge_cluster_oldest_transaction_seconds: gauge(
    'cluster',
    'seconds',
    'Age of the oldest open transaction.',
  ),
  landbridge_cluster_held_partitions: gauge(
    'cluster',
    'count',
    'Partitions whose last stable offset stands still behind an open transaction.',
  ),
  landbridge_cluster_log_bytes: gauge('cluster', 'bytes', 'All replicas on disk.'),
  landbridge_cluster_groups: gauge('cluster', 'count', 'Consumer groups.'),
  landbridge_cluster_bytes_in_per_second: gauge(
    'cluster',
    'bytesPerSecond',
    'Growth of the leaders’ logs, without what is deleted.',
  ),
  landbridge_cluster_messages_in_per_second: gauge('cluster', 'perSecond', 'Offsets appended a second.'),
  landbridge_quorum_leader: gauge('cluster', 'id', 'Node that leads the metadata quorum.'),
  landbridge_quorum_epoch: gauge('cluster', 'id', 'Epoch of the metadata quorum.'),
  landbridge_quorum_voters: gauge('cluster', 'count', 'Voters of the metadata quorum.'),
  landbridge_quorum_observers: gauge('cluster', 'count', 'Observers of the metadata quorum.'),
  landbridge_quorum_headroom: gauge(
    'cluster',
    'count',
    'Voters that may still fail before the quorum has no majority.',
  ),
  landbridge_quorum_max_voter_lag: gauge(
    'cluster',
    'count',
    'Metadata records that the slowest voter is behind.',
  ),
  landbridge_quorum_max_voter_behind_seconds: gauge(
    'cluster',
    'seconds',
    'Since when the slowest voter has not been caught up.',
  ),
  landbridge_quorum_voter_behind_seconds: gauge(
    'cluster',
    'seconds',
    'Since when a voter has not been caught up.',
    { labels: ['voter'] },
  ),
  landbridge_quorum_max_observer_behind_seconds: gauge(
    'cluster',
    'seconds',
    'Since when the slowest observer has not been caught up.',
  ),
  landbridge_cluster_clock_offset_seconds: gauge(
    'cluster',
    'seconds',
    'Clock of the quorum’s leader − ours.',
  ),
  landbridge_cluster_certificate_expiry_seconds: gauge(
    'cluster',
    'seconds',
    'Time until a certificate is no longer valid: of a broker as it was shown to us, or the one that we show.',
    { labels: ['certificate'] },
  ),
  landbridge_cluster_credential_expiry_seconds: gauge(
    'cluster',
    'seconds',
    'Time until a credential with a known end is no longer valid: a password or secret that says so, or an access token that cannot be renewed.',
    { labels: ['credential'] },
  ),
} as const;

const brokers = {
  landbridge_broker_reachable: gauge('broker', 'flag', '1 while the broker answers us.'),
  landbridge_broker_latency_seconds: gauge(
    'broker',
    'seconds',
    'Time of the quickest small request of the sweep.',
  ),
  landbridge_broker_fenced: gauge(
    'broker',
    'flag',
    '1 while the controller keeps the broker out of service.',
  ),
  landbridge_broker_leaders: gauge('broker', 'count', 'Partitions that it leads.'),
  landbridge_broker_replicas: gauge('broker', 'count', 'Replicas that it holds.'),
  landbridge_broker_out_of_sync_replicas: gauge(
    'broker',
    'count',
    'Replicas that it holds and that are not in sync.',
  ),
  landbridge_broker_log_bytes: gauge('broker', 'bytes', 'Replicas on its disks.'),
  landbridge_broker_state_changes_total: counter(
    'broker',
    'count',
    'Times that it went or came back, as seen by us.',
  ),
  landbridge_log_dir_total_bytes: gauge('broker', 'bytes', 'Size of the volume of a log directory.', {
    labels: ['dir'],
  }),
  landbridge_log_dir_used_bytes: gauge('broker', 'bytes', 'Used space of that volume, by whomever.', {
    labels: ['dir'],
  }),
  landbridge_log_dir_offline: gauge('broker', 'flag', '1 when the broker has given the log directory up.', {
    labels: ['dir'],
  }),
} as const;

const topics = {
  landbridge_topic_bytes: gauge('topic', 'bytes', 'Logs of the leaders of its partitions.'),
  landbridge_topic_messages_in_per_second: gauge('topic', 'perSecond', 'Offsets appended a second.'),
  landbridge_topic_bytes_in_per_second: gauge(
    'topic',
    'bytesPerSecond',
    'Growth of the leaders’ logs, without what is deleted.',
  ),
  kafka_partition_latest_offset: gauge('partition', 'offset', 'High watermark.'),
  kafka_partition_earliest_offset: gauge('partition', 'offset', 'Log start.'),
  landbridge_partition_last_stable_offset: gauge('partition', 'offset', 'Last stable offset.'),
} as const;

const groups = {
  landbridge_group_state: gauge('group', 'code', 'State of the group.', { words: groupStates }),
  landbridge_group_members: gauge('group', 'count', 'Members.'),
  kafka_consumergroup_group_sum_lag: gauge(
    'group',
    'count',
    'Lag of all partitions that it has committed, in messages.',
  ),
  kafka_consumergroup_group_max_lag: gauge('group', 'count', 'Worst lag of a partition, in messages.'),
  kafka_consumergroup_group_max_lag_seconds: gauge(
    'group',
    'seconds',
    'Worst lag of a partition, in seconds.',
  ),
  landbridge_group_commit_rate: gauge('group', 'perSecond', 'Offsets that its commits move on a second.'),
  landbridge_group_partitions: gauge('group', 'count', 'Partitions that it has committed.'),
  landbridge_group_stalled_partitions: gauge(
    'group',
    'count',
    'Partitions with lag whose commit has not moved over the window, though the group has members.',
  ),
  landbridge_group_falling_behind_partitions: gauge(
    'group',
    'count',
    'Partitions whose lag has only grown over the window, though the commit moves.',
  ),
  landbridge_group_beyond_end_partitions: gauge(
    'group',
    'count',
    'Partitions whose commit is beyond the end of the log.',
  ),
  landbridge_group_lost_messages_total: counter(
    'group',
    'count',
    'Messages that retention has deleted in front of the group’s commits since Landbridge watches them.',
  ),
  landbridge_group_retention_headroom_seconds: gauge(
    'group',
    'seconds',
    'Time until retention overtakes the group, at present rates.',
  ),
  kafka_consumergroup_group_offset: gauge('groupPartition', 'offset', 'Committed offset.'),
  kafka_consumergroup_group_lag: gauge('groupPartition', 'count', 'Last stable offset − committed offset.'),
  kafka_consumergroup_group_lag_seconds: gauge(
    'groupPartition',
    'seconds',
    'Age of the first message that is not yet committed.',
  ),
} as const;

const links = {
  landbridge_link_state: gauge('link', 'code', 'State of the link.', { words: linkState.options }),
  landbridge_link_task_state: gauge('link', 'code', 'State of a task of the link.', {
    labels: ['task'],
    words: linkTaskState.options,
  }),
  landbridge_link_memory_bytes: gauge('link', 'bytes', 'Memory that the batches of the link take up.'),
  landbridge_link_mirrors: gauge('link', 'count', 'Mirror topics that are not stopped.'),
  landbridge_link_mirrors_failed: gauge('link', 'count', 'Mirror topics that are FAILED.'),
  landbridge_link_mirrors_unavailable: gauge(
    'link',
    'count',
    'Mirror topics whose source cannot be reached.',
  ),
  landbridge_link_mirrors_unlocked: gauge(
    'link',
    'count',
    'Mirror topics that others may write to though they should be locked.',
  ),
  landbridge_link_lag_messages: gauge('link', 'count', 'Lag of all mirrors.'),
  landbridge_link_lag_bytes: gauge('link', 'bytes', 'Lag of all mirrors, estimated.'),
  landbridge_link_max_lag_seconds: gauge('link', 'seconds', 'Worst lag of a mirror.'),
  landbridge_link_lag_unknown_partitions: gauge(
    'link',
    'count',
    'Partitions whose lag is not known, which the worst lag leaves out.',
  ),
  landbridge_link_bytes_per_second: gauge('link', 'bytesPerSecond', 'Bytes mirrored a second.'),
  landbridge_link_records_per_second: gauge('link', 'perSecond', 'Records mirrored a second.'),
  landbridge_link_latency_p50_seconds: gauge('link', 'seconds', 'Replication latency, median of late.'),
  landbridge_link_latency_p99_seconds: gauge(
    'link',
    'seconds',
    'Replication latency, 99th percentile of late.',
  ),
  landbridge_link_verified_age_seconds: gauge(
    'link',
    'seconds',
    'Since when the longest unverified mirror has not been verified.',
  ),
  landbridge_link_groups_behind: gauge('link', 'count', 'Consumer groups that are to be synced and are not.'),
  landbridge_link_throttle_ratio: gauge('link', 'ratio', 'Throughput ÷ link.throttle.bytes.per.second.'),
} as const;

const mirrors = {
  landbridge_mirror_state: gauge('mirror', 'code', 'State of the mirror topic.', {
    words: mirrorState.options,
  }),
  landbridge_mirror_max_lag_seconds: gauge('mirror', 'seconds', 'Worst lag of its partitions.'),
  landbridge_mirror_sum_lag_messages: gauge('mirror', 'count', 'Lag of all its partitions.'),
  landbridge_mirror_sum_lag_bytes: gauge('mirror', 'bytes', 'Lag of all its partitions, estimated.'),
  landbridge_mirror_lag_unknown_partitions: gauge(
    'mirror',
    'count',
    'Partitions whose lag is not known, which the worst lag leaves out; told only where there are any.',
  ),
  landbridge_mirror_bytes_per_second: gauge('mirror', 'bytesPerSecond', 'Bytes mirrored a second.'),
  landbridge_mirror_records_per_second: gauge('mirror', 'perSecond', 'Records mirrored a second.'),
  landbridge_mirror_bytes_total: counter(
    'mirror',
    'bytes',
    'Bytes of record batches mirrored since the engine started.',
  ),
  landbridge_mirror_records_total: counter('mirror', 'count', 'Records mirrored since the engine started.'),
  landbridge_mirror_filled_offsets_total: counter(
    'mirror',
    'count',
    'Offsets filled since the engine started.',
  ),
  landbridge_mirror_blocked_messages: gauge(
    'mirror',
    'count',
    'Offsets that an open transaction at the source holds back.',
  ),
  landbridge_mirror_blocked_seconds: gauge(
    'mirror',
    'seconds',
    'Since when an open transaction at the source holds the mirror back.',
  ),
  landbridge_mirror_source_headroom_seconds: gauge(
    'mirror',
    'seconds',
    'Time until retention at the source overtakes the mirror, at present rates.',
  ),
  landbridge_mirror_tombstone_headroom_seconds: gauge(
    'mirror',
    'seconds',
    'Time until deletes of a compacted topic may be missed.',
  ),
  landbridge_mirror_lost_messages_total: counter(
    'mirror',
    'count',
    'Offsets that the source had deleted before they were mirrored.',
  ),
  landbridge_mirror_verified_age_seconds: gauge('mirror', 'seconds', 'Since when it has not been verified.'),
  landbridge_mirror_foreign_write: gauge('mirror', 'flag', '1 when somebody else wrote to it.'),
  landbridge_mirror_config_drift: gauge(
    'mirror',
    'count',
    'Configs that differ from the source’s though they should not.',
  ),
} as const;

export const metrics = {
  ...landbridge,
  ...clusters,
  ...brokers,
  ...topics,
  ...groups,
  ...links,
  ...mirrors,
} as const satisfies Record<string, MetricDef>;
export type MetricName = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as MetricName[];
export const defOf = (name: MetricName): MetricDef => metrics[name];
/** All labels of a metric's series, in order. */
export const labelNames = (name: MetricName): readonly string[] => [
  ...labelsOf[defOf(name).per],
  ...(defOf(name).labels ?? []),
];
export const isMetricName = (name: string): name is MetricName => Object.hasOwn(metrics, name);
