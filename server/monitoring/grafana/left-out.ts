// What /metrics tells and the Grafana dashboard does not show, and why. A test holds it against both.
import type { ToldName } from './query';

const single = 'Of single partitions: the console shows them, and a dashboard has only sums and the worst.';
const topics = 'Of single topics, of which a cluster may have tens of thousands: the console lists them.';
const rates = 'Shown as a rate by the metric that is told a second.';
const onHub = 'Only the rules of a hub have it: its /metrics tells nothing of its consoles.';

export const leftOut: Partial<Record<ToldName, string>> = {
  landbridge_topic_bytes: topics,
  landbridge_topic_messages_in_per_second: topics,
  landbridge_topic_bytes_in_per_second: topics,
  kafka_partition_latest_offset: single,
  kafka_partition_earliest_offset: single,
  landbridge_partition_last_stable_offset: single,
  kafka_consumergroup_group_offset: single,
  kafka_consumergroup_group_lag: single,
  kafka_consumergroup_group_lag_seconds: single,
  landbridge_mirror_lag_messages: single,
  landbridge_mirror_lag_bytes: single,
  landbridge_mirror_lag_seconds: single,
  landbridge_mirror_verified_offset: single,
  landbridge_mirror_bytes_total: rates,
  landbridge_mirror_records_total: rates,
  landbridge_mirror_filled_offsets_total: 'Shown by kind: landbridge_mirror_fills_total.',
  landbridge_quorum_leader: 'A node’s id: its page in the console names it.',
  landbridge_quorum_max_voter_lag: 'Shown in time, for each voter: landbridge_quorum_voter_behind_seconds.',
  landbridge_quorum_max_voter_behind_seconds: 'Shown for each voter: landbridge_quorum_voter_behind_seconds.',
  landbridge_console_report_age_seconds: onHub,
  landbridge_console_report_interval_seconds: onHub,
};
