// Rules about clusters as a whole: partitions, elections, transactions, reachability. The quorum's are in quorum.ts.
import { plural } from '@/lib/format';
import type { MetricName } from '@/lib/monitoring/metrics';

import { type Cause, NONE, type Rule, rule, setting, step, yes } from '../rule';

const minute = 60;
const hour = 3_600;
const day = 86_400;

const same = { cluster: 'cluster' };
const unreachable: Cause = { rule: 'cluster.unreachable', where: same };
/** What a broker that is down brings with it. */
const brokerDown: readonly Cause[] = [
  unreachable,
  { rule: 'broker.unreachable', where: same },
  { rule: 'broker.fenced', where: same },
  { rule: 'cluster.brokers-missing', where: same },
];
const outOfSync = {
  metric: 'landbridge_broker_out_of_sync_replicas' as MetricName,
  item: 'broker',
  when: (value: number) => value > 0,
};
const countOf = (help: string) => [step('WARN', 'count', 1, [1, 10_000_000], help)];

export const clusterRules: readonly Rule[] = [
  rule('clusters', {
    id: 'cluster.unreachable',
    title: 'Cluster is not reachable',
    what: 'No broker of the cluster answers the console.',
    why: 'Nothing is known of it, links from and to it stand still, and it may be down for its applications, too.',
    steps: [
      'Ask somebody who sits elsewhere whether the cluster answers: is it the cluster, or the way to it?',
      'Look at the cluster’s page: it names the stage that fails (name, TCP, TLS, sign-in) for each broker.',
      'If the site is lost, go through the runbook “A lost site”.',
    ],
    metric: 'landbridge_cluster_reachable',
    measure: (value) => (value === 0 ? 1 : 0),
    levels: yes('CRITICAL'),
    forSeconds: 30,
    clearForSeconds: minute,
    say: ({ labels }) => `No broker of cluster ${labels.cluster} answers.`,
  }),
  rule('clusters', {
    id: 'cluster.sweep-incomplete',
    title: 'Sweep of a cluster is incomplete',
    what: 'The last sweeps could not read all of the cluster: a broker did not answer in time, or a right is missing.',
    why: 'What could not be read is neither shown nor judged: another trouble may hide there.',
    steps: [
      'Open the cluster: what was not read, and why, is said there.',
      'Give the console’s principal Describe on cluster, topics and groups, or look after the slow broker.',
    ],
    metric: 'landbridge_cluster_sweep_complete',
    measure: (value) => (value === 0 ? 1 : 0),
    levels: yes('WARN'),
    forSeconds: 5 * minute,
    clearForSeconds: 2 * minute,
    causes: brokerDown,
    say: ({ labels }) =>
      `Sweeps of cluster ${labels.cluster} have not been complete for 5 minutes or longer.`,
  }),
  rule('clusters', {
    id: 'cluster.offline-partitions',
    title: 'Partitions are offline',
    what: 'Partitions have no leader.',
    why: 'Nobody can write to them or read from them; mirrors of them stand still.',
    steps: [
      'Look which brokers hold their replicas, and bring one that was in sync back first.',
      'An unclean election makes them available again and loses records: only if nothing else is left.',
    ],
    metric: 'landbridge_cluster_offline_partitions',
    counted: 'partition',
    thresholds: [step('CRITICAL', 'count', 1, [1, 10_000_000], 'Partitions without a leader.')],
    forSeconds: 15,
    clearForSeconds: minute,
    causes: brokerDown,
    say: ({ labels, value }) =>
      `${plural(value, 'partition')} of cluster ${labels.cluster} ${value === 1 ? 'has' : 'have'} no leader.`,
  }),
  rule('clusters', {
    id: 'cluster.under-min-isr',
    title: 'Partitions are under their minimum ISR',
    what: 'Partitions have fewer replicas in sync than min.insync.replicas.',
    why: 'They refuse writes with acks=all: producers get errors, and links to this cluster stop on them.',
    steps: [
      'Look which brokers are down or behind, and bring them back.',
      'Look at disks and network of followers that do not keep up.',
    ],
    metric: 'landbridge_cluster_under_min_isr_partitions',
    counted: 'partition',
    thresholds: [step('ERROR', 'count', 1, [1, 10_000_000], 'Partitions that refuse acks=all.')],
    forSeconds: 30,
    clearForSeconds: minute,
    causes: brokerDown,
    affected: outOfSync,
    say: ({ labels, value }) =>
      `${plural(value, 'partition')} of cluster ${labels.cluster} ${value === 1 ? 'has' : 'have'} fewer replicas in sync than min.insync.replicas.`,
  }),
  rule('clusters', {
    id: 'cluster.at-min-isr',
    title: 'Partitions are at their minimum ISR',
    what: 'Partitions have exactly min.insync.replicas in sync, and fewer than all of them.',
    why: 'One more lost replica makes them refuse writes with acks=all.',
    steps: [
      'Bring the missing replicas back before any planned work on this cluster.',
      'Look which brokers hold replicas that are not in sync.',
    ],
    metric: 'landbridge_cluster_at_min_isr_partitions',
    counted: 'partition',
    thresholds: countOf('Partitions that one more loss makes refuse acks=all.'),
    forSeconds: 10 * minute,
    clearForSeconds: 2 * minute,
    causes: brokerDown,
    affected: outOfSync,
    say: ({ labels, value }) =>
      `One more lost replica makes ${plural(value, 'partition')} of cluster ${labels.cluster} refuse acks=all.`,
  }),
  rule('clusters', {
    id: 'cluster.under-replicated',
    title: 'Partitions are under-replicated',
    what: 'Partitions have fewer replicas in sync than they have replicas.',
    why: 'There are fewer copies than agreed: the next failure may cost availability or records.',
    steps: [
      'Is a broker down, restarting, or just moving partitions?',
      'If all brokers are up, look for one whose replicas are behind on many partitions: its disk or network is slow.',
    ],
    metric: 'landbridge_cluster_under_replicated_partitions',
    counted: 'partition',
    thresholds: countOf('Partitions with a replica that is not in sync.'),
    forSeconds: 5 * minute,
    clearForSeconds: 2 * minute,
    causes: [...brokerDown, { rule: 'broker.replicas-behind', where: same }],
    affected: outOfSync,
    say: ({ labels, value }) =>
      `${plural(value, 'partition')} of cluster ${labels.cluster} ${value === 1 ? 'is' : 'are'} under-replicated.`,
  }),
  rule('clusters', {
    id: 'cluster.single-replica',
    title: 'Partitions have one replica only',
    what: 'Partitions have a single replica though the cluster has several brokers.',
    why: 'Each of them is offline whenever its broker is, and lost with its disk.',
    steps: [
      'List the topics with replication factor 1: are they meant to be so?',
      'Raise their replication with kafka-reassign-partitions.sh, and default.replication.factor for the next ones.',
    ],
    metric: 'landbridge_cluster_single_replica_partitions',
    counted: 'partition',
    thresholds: [step('INFO', 'count', 1, [1, 10_000_000], 'Partitions with one replica.')],
    forSeconds: hour,
    clearForSeconds: 5 * minute,
    say: ({ labels, value }) =>
      `${plural(value, 'partition')} of cluster ${labels.cluster} ${value === 1 ? 'has' : 'have'} one replica only.`,
  }),
  rule('clusters', {
    id: 'cluster.brokers-missing',
    title: 'Brokers are missing',
    what: 'Brokers that hold replicas, or are registered, are not in service.',
    why: 'Their replicas are missing everywhere; what they led is led by fewer brokers, or by none.',
    steps: [
      'Look at the broker: is its process running, does its log say why it left?',
      'If it was taken out of the cluster for good, move its replicas away and unregister it.',
    ],
    metric: 'landbridge_cluster_brokers_missing',
    counted: 'broker',
    thresholds: [step('ERROR', 'count', 1, [1, 10_000], 'Brokers that are not in service.')],
    forSeconds: minute,
    clearForSeconds: minute,
    causes: [
      unreachable,
      { rule: 'broker.unreachable', where: same },
      { rule: 'broker.fenced', where: same },
    ],
    affected: { metric: 'landbridge_broker_reachable', item: 'broker', when: (value) => value === 0 },
    say: ({ labels, value }) =>
      `${plural(value, 'broker')} of cluster ${labels.cluster} ${value === 1 ? 'is' : 'are'} not in service.`,
  }),
  rule('clusters', {
    id: 'cluster.leader-imbalance',
    title: 'Leaders are not balanced',
    what: 'The busiest broker leads far more partitions than the mean.',
    why: 'It carries traffic that others could carry, and its loss moves more leaders at once.',
    steps: [
      'Elect preferred leaders: kafka-leader-election.sh --election-type preferred --all-topic-partitions.',
      'If that does not help, the replicas themselves are not balanced: reassign partitions.',
    ],
    metric: 'landbridge_cluster_leader_skew_ratio',
    uses: ['landbridge_cluster_partitions'],
    counted: '× the mean',
    thresholds: [
      step('INFO', 'count', 1.5, [1, 100], 'Leaders of the busiest broker ÷ mean.'),
      step('WARN', 'count', 2, [1, 100], 'Leaders of the busiest broker ÷ mean.'),
      setting(
        'partitions',
        'count',
        50,
        [0, 1_000_000],
        'With fewer partitions in the cluster nothing is said.',
      ),
    ],
    measure: (value, look) => {
      const partitions = look.other('landbridge_cluster_partitions');
      if (partitions === null) return null;
      return partitions < look.set('partitions') ? NONE : value;
    },
    unknown: 'the number of partitions is not known',
    clear: { by: 0.1 },
    forSeconds: 30 * minute,
    clearForSeconds: 5 * minute,
    causes: brokerDown,
    affected: { metric: 'landbridge_broker_leaders', item: 'broker', when: (value) => value === 0 },
    say: ({ labels, shown }) =>
      `The busiest broker of cluster ${labels.cluster} leads ${shown} number of partitions.`,
  }),
  rule('clusters', {
    id: 'cluster.non-preferred-leaders',
    title: 'Many leaders are not the preferred ones',
    what: 'A large share of partitions is led by another than its preferred replica.',
    why: 'After restarts the load stays where it was moved to; auto.leader.rebalance.enable may be off.',
    steps: [
      'Wait for the automatic election (leader.imbalance.check.interval.seconds) if a broker has just come back.',
      'Elect preferred leaders by hand, or look why preferred replicas are not in sync.',
    ],
    metric: 'landbridge_cluster_nonpreferred_leaders_ratio',
    unit: 'ratio',
    thresholds: [step('WARN', 'ratio', 0.2, [0.01, 1], 'Share of partitions.')],
    clear: { by: 0.05 },
    forSeconds: 30 * minute,
    clearForSeconds: 2 * minute,
    causes: brokerDown,
    say: ({ labels, shown }) =>
      `${shown} of the partitions of cluster ${labels.cluster} are not led by their preferred replica.`,
  }),
  rule('clusters', {
    id: 'cluster.leader-churn',
    title: 'Leaders change again and again',
    what: 'Many partitions have changed their leader within the window, measured by how many there are.',
    why: 'Each change stops clients for a moment; many of them mean brokers that come and go, or a controller in trouble.',
    steps: [
      'Look for a broker that flaps, restarts in a loop, or loses its session with the controller.',
      'If somebody moves partitions or restarts brokers one by one, silence this until they are through.',
    ],
    metric: 'landbridge_cluster_leader_changes_total',
    uses: ['landbridge_cluster_partitions'],
    unit: 'ratio',
    window: { kind: 'counter', seconds: 'window' },
    thresholds: [
      step('WARN', 'ratio', 1, [0.01, 100], 'Changes within the window ÷ partitions.'),
      setting('window', 'seconds', 15 * minute, [minute, day], 'Over which changes are counted.'),
    ],
    measure: (_, look) => {
      const partitions = look.other('landbridge_cluster_partitions');
      const changes = look.grown();
      return partitions === null || changes === null ? null : partitions === 0 ? NONE : changes / partitions;
    },
    unknown: 'partitions or changes are not known yet',
    clear: { share: 0.2 },
    forSeconds: 0,
    clearForSeconds: 5 * minute,
    causes: brokerDown,
    say: ({ labels, shown, window }) =>
      `Leaders of ${shown} of the partitions of cluster ${labels.cluster} have changed within ${window}.`,
  }),
  rule('clusters', {
    id: 'cluster.unclean-election',
    title: 'A leader was elected uncleanly',
    what: 'A partition got a leader that was not in sync before.',
    why: 'Records that the old leader had acknowledged may be lost. Mirrors may hold records that the source has lost.',
    steps: [
      'Find the partitions: topics with unclean.leader.election.enable, or an election done by hand.',
      'Compare mirrors of them: UNEXPECTED_TRUNCATION names what the source has lost and the mirror still has.',
      'Tell the owners of the topic.',
    ],
    metric: 'landbridge_cluster_unclean_elections_total',
    window: { kind: 'counter', seconds: 'window' },
    counted: 'unclean election',
    thresholds: [
      step('CRITICAL', 'count', 1, [1, 1_000_000], 'Unclean elections within the window.'),
      setting(
        'window',
        'seconds',
        12 * hour,
        [minute, 30 * day],
        'So long it stays raised after the last one.',
      ),
    ],
    measure: (_, look) => look.grown(),
    unknown: 'the counter has been seen only once',
    forSeconds: 0,
    clearForSeconds: 0,
    say: ({ labels, value, window }) =>
      `${plural(value, 'unclean election')} in cluster ${labels.cluster} within ${window}: records may be lost.`,
  }),
  rule('clusters', {
    id: 'cluster.old-transaction',
    title: 'A transaction is open for long',
    what: 'The oldest open transaction of the cluster is older than transactions should be.',
    why: 'Readers at read_committed and mirrors wait for it, and its partitions’ logs cannot be compacted beyond it.',
    steps: [
      'kafka-transactions.sh list, then describe: it names transactional id and producer.',
      'Let its producer commit or abort it; abort it by hand if that producer is gone.',
    ],
    metric: 'landbridge_cluster_oldest_transaction_seconds',
    unit: 'seconds',
    thresholds: [
      step(
        'WARN',
        'seconds',
        20 * minute,
        [minute, 30 * day],
        'Brokers end them after transaction.timeout.ms, at most 15 minutes by default.',
      ),
      step('ERROR', 'seconds', 2 * hour, [minute, 30 * day], 'A transaction that hangs.'),
    ],
    forSeconds: 30,
    clearForSeconds: minute,
    say: ({ labels, shown }) => `A transaction in cluster ${labels.cluster} has been open for ${shown}.`,
  }),
  rule('clusters', {
    id: 'cluster.clock-skew',
    title: 'Clocks are apart',
    what: 'The clock of the cluster’s controller and the clock of the console differ.',
    why: 'Lag in seconds, retention and expiry of certificates depend on both: numbers are wrong by that much.',
    steps: [
      'Look at NTP or chrony where the console runs and on the controllers.',
      'Until it is mended, read lag in messages, not in seconds.',
    ],
    metric: 'landbridge_cluster_clock_offset_seconds',
    unit: 'seconds',
    measure: (value) => Math.abs(value),
    thresholds: [
      step('WARN', 'seconds', 2, [0.1, day], 'Difference, either way.'),
      step('ERROR', 'seconds', 30, [0.1, day], 'Difference, either way.'),
    ],
    clear: { share: 0.25 },
    forSeconds: 5 * minute,
    clearForSeconds: 5 * minute,
    say: ({ labels, shown }) =>
      `The clocks of cluster ${labels.cluster} and of the console are ${shown} apart.`,
  }),
  rule('clusters', {
    id: 'cluster.certificate-expiring',
    title: 'A certificate expires',
    what: 'A certificate that the cluster shows us, or that we show it, is about to expire.',
    why: 'From then on no connection comes about: links stop, and this console sees nothing of the cluster.',
    steps: [
      'Renew the certificate; brokers take up a new key store through dynamic configs, without a restart.',
      'If it is the console’s own, put the new one in at the cluster’s security: links take it up while they run.',
    ],
    metric: 'landbridge_cluster_certificate_expiry_seconds',
    unit: 'seconds',
    raisedWhen: 'below',
    thresholds: [
      step('WARN', 'seconds', 30 * day, [hour, 400 * day], 'Time that is left.'),
      step('ERROR', 'seconds', 7 * day, [hour, 400 * day], 'Time that is left.'),
      step('CRITICAL', 'seconds', day, [0, 400 * day], 'Time that is left.'),
    ],
    forSeconds: 0,
    clearForSeconds: 0,
    say: ({ labels, shown, value }) =>
      value <= 0
        ? `Certificate ${labels.certificate} of cluster ${labels.cluster} has expired.`
        : `Certificate ${labels.certificate} of cluster ${labels.cluster} expires in ${shown}.`,
  }),
  rule('clusters', {
    id: 'cluster.credentials-expiring',
    title: 'Credentials for a cluster expire',
    what: 'A credential with a known end is about to expire: an access token of which no next one can be had, or a password or client secret that says itself when it ends (a JWT).',
    why: 'From then on sign-in is refused: links stop, and this console sees nothing of the cluster.',
    steps: [
      'Of an access token, see why the token endpoint refuses or does not answer: test the connection of the cluster.',
      'Of a password or secret, make a new one where the old one comes from.',
      'Put it in at the cluster’s security: it is tried first, and links take it up while they run.',
    ],
    metric: 'landbridge_cluster_credential_expiry_seconds',
    unit: 'seconds',
    raisedWhen: 'below',
    thresholds: [
      step('WARN', 'seconds', 14 * day, [minute, 400 * day], 'Time that is left.'),
      step('ERROR', 'seconds', 3 * day, [minute, 400 * day], 'Time that is left.'),
      step('CRITICAL', 'seconds', 12 * hour, [0, 400 * day], 'Time that is left.'),
    ],
    forSeconds: 0,
    clearForSeconds: 0,
    say: ({ labels, shown, value }) =>
      value <= 0
        ? `Credential ${labels.credential} of cluster ${labels.cluster} has expired.`
        : `Credential ${labels.credential} of cluster ${labels.cluster} expires in ${shown}.`,
  }),
];
