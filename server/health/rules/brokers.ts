// Rules about single brokers and their disks.
import { plural } from '@/lib/format';
import type { Labels } from '@/lib/monitoring/observation';
import { type Cause, NONE, type Rule, rule, setting, step, yes } from '../rule';

const minute = 60;
const day = 86_400;

const broker = (labels: Labels) => `Broker ${labels.broker} of cluster ${labels.cluster}`;
const dir = (labels: Labels) => `${labels.dir} on broker ${labels.broker} of cluster ${labels.cluster}`;
const clusterGone: Cause = { rule: 'cluster.unreachable', where: { cluster: 'cluster' } };
const sameBroker = { cluster: 'cluster', broker: 'broker' };
const brokerGone: Cause = { rule: 'broker.unreachable', where: sameBroker };

/** A broker that does not answer tells nothing of its disks: that they are not told does not mean that they are mended. */
const whileSilent = { metric: 'landbridge_broker_reachable' as const, when: (value: number) => value === 0 };

export const brokerRules: readonly Rule[] = [
  rule('brokers', {
    id: 'broker.unreachable',
    title: 'Broker does not answer',
    what: 'The broker does not answer the console, though others of its cluster do.',
    why: 'It is down, or not reachable from the console: what it led has moved or is offline, and its replicas fall behind. What follows from it is listed here, not told one by one.',
    steps: [
      'Look at its process and the end of its log.',
      'If it runs, look at its advertised listener and at the network from the console.',
      'Before you restart it: is it one of the last replicas in sync of something? Offline partitions are listed with this alert.',
    ],
    metric: 'landbridge_broker_reachable',
    measure: (value) => (value === 0 ? 1 : 0),
    levels: yes('ERROR'),
    forSeconds: 30,
    clearForSeconds: minute,
    causes: [clusterGone],
    say: ({ labels }) => `${broker(labels)} does not answer.`,
  }),
  rule('brokers', {
    id: 'broker.fenced',
    title: 'Broker is fenced',
    what: 'The controller keeps the broker out of service: its heartbeats are missing, or it has not caught up yet.',
    why: 'A fenced broker leads nothing and serves nobody, though its process may run.',
    steps: [
      'Look at its log: connections to the controller, long pauses, a log directory that cannot be read.',
      'After a start this is usual until its logs are recovered.',
    ],
    heldBy: whileSilent,
    metric: 'landbridge_broker_fenced',
    levels: yes('ERROR'),
    forSeconds: minute,
    clearForSeconds: minute,
    causes: [clusterGone, brokerGone],
    say: ({ labels }) => `${broker(labels)} is fenced by the controller.`,
  }),
  rule('brokers', {
    id: 'broker.flapping',
    title: 'Broker comes and goes',
    what: 'The broker went or came back several times within the window.',
    why: 'Each time leaders move and replicas fall behind; clients see errors again and again.',
    steps: [
      'Is it restarted in a loop (out of memory, failing health check)? Look at its supervisor.',
      'Look at its session with the controller: pauses longer than broker.session.timeout.ms.',
      'Stop it if it does more harm than good, and mend it in peace.',
    ],
    metric: 'landbridge_broker_state_changes_total',
    window: { kind: 'counter', seconds: 'window' },
    counted: 'change',
    thresholds: [
      step('WARN', 'count', 4, [2, 10_000], 'Times that it went or came back within the window.'),
      step('ERROR', 'count', 10, [2, 10_000], 'Times that it went or came back within the window.'),
      setting('window', 'seconds', 30 * minute, [minute, day], 'Over which they are counted.'),
    ],
    measure: (_, look) => look.grown(),
    unknown: 'the counter has been seen only once',
    forSeconds: 0,
    clearForSeconds: 5 * minute,
    causes: [clusterGone],
    say: ({ labels, value, window }) =>
      `${broker(labels)} went or came back ${plural(value, 'time')} within ${window}.`,
  }),
  rule('brokers', {
    id: 'broker.latency',
    title: 'Broker answers slowly',
    what: 'Even the quickest small request of a sweep takes long on this broker.',
    why: 'Its clients wait as well: it is overloaded, its disk is slow, or the network to it is.',
    steps: [
      'Compare it with the other brokers: one slow, or all of them?',
      'Look at CPU, request handler idle time, disk latency, and who sends it so much.',
    ],
    heldBy: whileSilent,
    metric: 'landbridge_broker_latency_seconds',
    unit: 'seconds',
    thresholds: [
      step('WARN', 'seconds', 0.5, [0.001, 60], 'Quickest small request of a sweep.'),
      step('ERROR', 'seconds', 2, [0.001, 60], 'Quickest small request of a sweep.'),
    ],
    clear: { share: 0.2 },
    forSeconds: 5 * minute,
    clearForSeconds: 5 * minute,
    causes: [clusterGone, brokerGone],
    say: ({ labels, shown }) => `${broker(labels)} takes ${shown} for a small request.`,
  }),
  rule('brokers', {
    id: 'broker.disk',
    title: 'Disk of a broker fills up',
    what: 'The volume of a log directory is filled beyond 70, 80 or 90 per cent, by whomever.',
    why: 'A full volume makes the broker give the log directory up: its partitions go offline there, all at once.',
    steps: [
      'Look which topics grew: shorten retention of the largest, or move partitions away.',
      'Look for what is not Kafka’s on that volume.',
      'Links to this cluster bring data as well: pause or throttle them if it is urgent.',
    ],
    heldBy: whileSilent,
    metric: 'landbridge_log_dir_used_bytes',
    uses: ['landbridge_log_dir_total_bytes'],
    unit: 'ratio',
    thresholds: [
      step('WARN', 'ratio', 0.7, [0.01, 1], 'Used share of the volume.'),
      step('ERROR', 'ratio', 0.8, [0.01, 1], 'Used share of the volume.'),
      step('CRITICAL', 'ratio', 0.9, [0.01, 1], 'Used share of the volume.'),
    ],
    measure: (used, look) => {
      const total = look.other('landbridge_log_dir_total_bytes');
      return total === null || total <= 0 ? null : used / total;
    },
    unknown: 'the size of the volume is not known',
    clear: { by: 0.02 },
    forSeconds: minute,
    clearForSeconds: 2 * minute,
    say: ({ labels, shown, limit }) => `${dir(labels)} is ${shown} full; ${limit} is the limit.`,
  }),
  rule('brokers', {
    id: 'broker.log-dir-offline',
    title: 'Log directory is offline',
    what: 'The broker has given a log directory up after an error of its disk.',
    why: 'All replicas on it are out of service until the disk is mended and the broker restarted.',
    steps: [
      'Look at the broker’s log for the first I/O error of that directory, and at the disk.',
      'Replace or mend it, and restart the broker; replicas are copied anew.',
    ],
    heldBy: whileSilent,
    metric: 'landbridge_log_dir_offline',
    levels: yes('CRITICAL'),
    forSeconds: 0,
    clearForSeconds: minute,
    causes: [clusterGone],
    say: ({ labels }) => `Log directory ${dir(labels)} is offline.`,
  }),
  rule('brokers', {
    id: 'broker.replicas-behind',
    title: 'Replicas of a broker are behind',
    what: 'Replicas on this broker have not been in sync for a while, though it answers.',
    why: 'It cannot keep up: it counts for neither availability nor acks=all.',
    steps: [
      'Just restarted? It catches up by itself; watch the number go down.',
      'Look at its disk and network, num.replica.fetchers, and throttles of a reassignment.',
    ],
    heldBy: whileSilent,
    metric: 'landbridge_broker_out_of_sync_replicas',
    counted: 'replica',
    thresholds: [step('WARN', 'count', 1, [1, 1_000_000], 'Replicas that are not in sync.')],
    forSeconds: 5 * minute,
    clearForSeconds: 2 * minute,
    causes: [
      clusterGone,
      brokerGone,
      { rule: 'broker.fenced', where: sameBroker },
      { rule: 'cluster.brokers-missing', where: { cluster: 'cluster' } },
    ],
    say: ({ labels, value }) =>
      `${plural(value, 'replica')} on broker ${labels.broker} of cluster ${labels.cluster} ${value === 1 ? 'is' : 'are'} not in sync.`,
  }),
  rule('brokers', {
    id: 'broker.leads-nothing',
    title: 'Broker leads nothing',
    what: 'The broker holds replicas and leads none of them.',
    why: 'It carries no client traffic, others carry its share; mostly leaders were not moved back after a restart.',
    steps: [
      'Elect preferred leaders: kafka-leader-election.sh --election-type preferred --all-topic-partitions.',
      'Look at auto.leader.rebalance.enable.',
    ],
    heldBy: whileSilent,
    metric: 'landbridge_broker_leaders',
    uses: ['landbridge_broker_replicas'],
    measure: (leaders, look) => {
      const replicas = look.other('landbridge_broker_replicas');
      return replicas === null ? null : replicas === 0 ? NONE : leaders === 0 ? 1 : 0;
    },
    unknown: 'its replicas are not known',
    levels: yes('INFO'),
    forSeconds: 30 * minute,
    clearForSeconds: minute,
    causes: [clusterGone, brokerGone, { rule: 'broker.fenced', where: sameBroker }],
    say: ({ labels }) => `${broker(labels)} holds replicas and leads nothing.`,
  }),
];
