// What one sweep of one cluster puts into an observation: one series a number, the cluster's and each broker's, topic's and group's. No I/O.
import { groupStates } from '@/lib/monitoring/metrics';
import type { ObservationBuilder } from '@/lib/monitoring/observation';
import { CLIENT } from './certificate';
import type { Ending } from './credentials';
import type { BrokerSeen, ClusterSweep, GroupSeen } from './sweep';
import { headroomOf } from './views/brokers';
import { groupCount, heldPartitions, oldestTransactionMs, openTransactions } from './views/cluster';

/** Null and none: nothing has an end that is known. */
export type Endings = { clientCertificateMs: number | null; credentials: Ending[] };
/** What we sign in with: told whether or not a broker answers, which it may not because of that. */
export function addEndings(
  to: ObservationBuilder,
  cluster: string,
  { clientCertificateMs, credentials }: Endings,
  nowMs: number,
): void {
  const left = (expiresMs: number) => (expiresMs - nowMs) / 1000;
  if (clientCertificateMs !== null)
    to.add('landbridge_cluster_certificate_expiry_seconds', [cluster, CLIENT], left(clientCertificateMs));
  for (const { credential, expiresMs } of credentials)
    to.add('landbridge_cluster_credential_expiry_seconds', [cluster, credential], left(expiresMs));
}

export function addCluster(to: ObservationBuilder, sweep: ClusterSweep, nowMs: number): void {
  const { totals, quorum } = sweep;
  const c = [sweep.cluster];
  to.add('landbridge_cluster_controller_known', c, controllerKnown(sweep));
  to.add('landbridge_cluster_brokers', c, totals.brokers);
  to.add('landbridge_cluster_brokers_missing', c, totals.brokersMissing);
  to.add('landbridge_cluster_topics', c, sweep.topics.names.length);
  to.add('landbridge_cluster_partitions', c, sweep.partitions.leader.length);
  to.add('landbridge_cluster_offline_partitions', c, totals.offline);
  to.add('landbridge_cluster_under_replicated_partitions', c, totals.underReplicated);
  to.add('landbridge_cluster_under_min_isr_partitions', c, totals.underMinIsr);
  to.add('landbridge_cluster_at_min_isr_partitions', c, totals.atMinIsr);
  to.add('landbridge_cluster_single_replica_partitions', c, totals.singleReplica);
  to.add('landbridge_cluster_nonpreferred_leaders_ratio', c, totals.nonPreferredRatio);
  to.add('landbridge_cluster_leader_skew_ratio', c, totals.leaderSkew);
  to.add('landbridge_cluster_unclean_elections_total', c, totals.uncleanElections);
  to.add('landbridge_cluster_leader_changes_total', c, totals.leaderChanges);
  to.add('landbridge_cluster_open_transactions', c, openTransactions(sweep));
  const oldestMs = openTransactions(sweep) === 0 ? 0 : oldestTransactionMs(sweep);
  to.add('landbridge_cluster_oldest_transaction_seconds', c, oldestMs === null ? null : oldestMs / 1000);
  to.add('landbridge_cluster_held_partitions', c, heldPartitions(sweep));
  to.add('landbridge_cluster_log_bytes', c, totals.logBytes);
  to.add('landbridge_cluster_groups', c, groupCount(sweep));
  to.add('landbridge_cluster_bytes_in_per_second', c, totals.bytesIn);
  to.add('landbridge_cluster_messages_in_per_second', c, totals.messagesIn);
  for (const { certificate, expiresMs } of sweep.certificates)
    if (certificate !== CLIENT)
      to.add(
        'landbridge_cluster_certificate_expiry_seconds',
        [sweep.cluster, certificate],
        (expiresMs - nowMs) / 1000,
      );
  if (!quorum) return;
  to.add('landbridge_quorum_leader', c, quorum.leader < 0 ? null : quorum.leader);
  to.add('landbridge_quorum_epoch', c, quorum.epoch);
  to.add('landbridge_quorum_voters', c, quorum.voters.length);
  to.add('landbridge_quorum_observers', c, quorum.observers.length);
  to.add('landbridge_quorum_headroom', c, headroomOf(quorum.voters));
  to.add(
    'landbridge_quorum_max_voter_lag',
    c,
    most(quorum.voters.map(({ lag }) => (lag === null ? null : Number(lag)))),
  );
  const behind = (replicas: typeof quorum.voters) => most(replicas.map(({ behindSeconds }) => behindSeconds));
  to.add('landbridge_quorum_max_voter_behind_seconds', c, behind(quorum.voters));
  for (const { id, behindSeconds } of quorum.voters)
    to.add('landbridge_quorum_voter_behind_seconds', [...c, String(id)], behindSeconds);
  to.add('landbridge_quorum_max_observer_behind_seconds', c, behind(quorum.observers));
  const offsetMs = quorum.clockOffsetMs;
  to.add('landbridge_cluster_clock_offset_seconds', c, offsetMs === null ? null : offsetMs / 1000);
}

/** Of KRaft the quorum tells; where it may not be asked, nothing does. */
function controllerKnown({ quorum, controllerId, gaps }: ClusterSweep): number | null {
  if (quorum) return quorum.leader >= 0 ? 1 : 0;
  const zooKeeper = gaps.some(({ what, failure }) => what === 'QUORUM' && !failure);
  return zooKeeper ? (controllerId !== null ? 1 : 0) : null;
}

/** Null when none is known; one that isn't known may be the worst, but says nothing. */
function most(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** `present`: the cluster has answered lately; else only what was found out about reaching it. */
export function addBroker(
  to: ObservationBuilder,
  cluster: string,
  broker: BrokerSeen,
  present: boolean,
): void {
  const b = [cluster, String(broker.id)];
  to.add('landbridge_broker_reachable', b, broker.reachable ? 1 : 0);
  to.add('landbridge_broker_state_changes_total', b, broker.stateChanges);
  if (!present) return;
  to.add('landbridge_broker_latency_seconds', b, broker.latencyMs === null ? null : broker.latencyMs / 1000);
  to.add('landbridge_broker_fenced', b, broker.fenced === null ? null : broker.fenced ? 1 : 0);
  to.add('landbridge_broker_leaders', b, broker.leaders);
  to.add('landbridge_broker_replicas', b, broker.replicas);
  to.add('landbridge_broker_out_of_sync_replicas', b, broker.outOfSync);
  const { disks } = broker;
  if (!disks?.current || !broker.inService) return;
  to.add(
    'landbridge_broker_log_bytes',
    b,
    disks.dirs.reduce((sum, dir) => sum + dir.logBytes, 0n),
  );
  for (const dir of disks.dirs) {
    const d = [...b, dir.path];
    to.add('landbridge_log_dir_offline', d, dir.offline ? 1 : 0);
    if (dir.totalBytes < 0n || dir.usableBytes < 0n || dir.offline) continue;
    to.add('landbridge_log_dir_total_bytes', d, dir.totalBytes);
    to.add('landbridge_log_dir_used_bytes', d, dir.totalBytes - dir.usableBytes);
  }
}

export function addGroup(to: ObservationBuilder, cluster: string, group: GroupSeen): void {
  if (group.unknownSinceMs !== null) return;
  const g = [cluster, group.name];
  const { totals } = group;
  to.add('landbridge_group_state', g, stateCode(group.state));
  to.add('landbridge_group_members', g, group.members?.length);
  if (!group.commits) return;
  to.add('landbridge_group_partitions', g, totals.partitions);
  to.add('landbridge_group_lost_messages_total', g, totals.lost);
  // Without a commit there is no sample.
  if (totals.partitions === 0) return;
  to.add('kafka_consumergroup_group_sum_lag', g, totals.lag);
  to.add('kafka_consumergroup_group_max_lag', g, totals.maxLag);
  to.add('kafka_consumergroup_group_max_lag_seconds', g, totals.maxSeconds);
  to.add('landbridge_group_commit_rate', g, totals.commitRate);
  to.add('landbridge_group_retention_headroom_seconds', g, totals.headroomSeconds);
  // What is not known may be in trouble.
  if (totals.lag === null) return;
  to.add('landbridge_group_stalled_partitions', g, totals.stalled);
  to.add('landbridge_group_falling_behind_partitions', g, totals.fallingBehind);
  to.add('landbridge_group_beyond_end_partitions', g, totals.beyondEnd);
}

/** Kafka says PreparingRebalance, the list says PREPARING_REBALANCE. */
export function stateCode(state: string): number {
  const word = state.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  const at = (groupStates as readonly string[]).indexOf(word);
  return at < 0 ? 0 : at;
}
