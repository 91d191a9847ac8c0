// Rules about consumer groups.
import { plural } from '@/lib/format';
import { groupStates } from '@/lib/monitoring/metrics';
import type { Labels } from '@/lib/monitoring/observation';
import { type Cause, NONE, type Rule, rule, setting, step, yes } from '../rule';

const minute = 60;
const hour = 3_600;
const day = 86_400;

const group = (labels: Labels) => `Group ${labels.group} on cluster ${labels.cluster}`;
/** What keeps consumers from reading, whatever they do. */
const clusterTrouble: readonly Cause[] = [
  { rule: 'cluster.unreachable', where: { cluster: 'cluster' } },
  { rule: 'broker.unreachable', where: { cluster: 'cluster' } },
  { rule: 'cluster.offline-partitions', where: { cluster: 'cluster' } },
];
const rebalancing = ['PREPARING_REBALANCE', 'COMPLETING_REBALANCE', 'ASSIGNING', 'RECONCILING'] as const;
const rebalancingCodes = rebalancing.map((word) => groupStates.indexOf(word));

/** With commits there is a lag, known or not; without any there is none. */
const whileCommitted = { metric: 'landbridge_group_partitions' as const, when: (value: number) => value > 0 };

export const groupRules: readonly Rule[] = [
  rule('groups', {
    id: 'group.stalled',
    title: 'Consumer group is stalled',
    what: 'Partitions have lag and the group’s commits have not moved over the whole window, though it has members (Burrow’s rule).',
    why: 'Its consumers are alive and do nothing: stuck on a message, or committing nowhere.',
    steps: [
      'Look at the partitions that do not move: one message that always fails, or all of them?',
      'Look at the log of the member that owns them.',
    ],
    heldBy: whileCommitted,
    metric: 'landbridge_group_stalled_partitions',
    uses: ['landbridge_group_partitions'],
    unit: 'ratio',
    thresholds: [
      step(
        'WARN',
        'ratio',
        0.0001,
        [0.0001, 1],
        'Share of the group’s partitions that stand; the smallest means any.',
      ),
      step('ERROR', 'ratio', 1, [0.0001, 1], 'Share of the group’s partitions that stand.'),
    ],
    measure: (stalled, look) => {
      const partitions = look.other('landbridge_group_partitions');
      return partitions === null || partitions === 0 ? null : stalled / partitions;
    },
    unknown: 'the partitions of the group are not known',
    forSeconds: minute,
    clearForSeconds: 2 * minute,
    causes: clusterTrouble,
    say: ({ labels, shown }) =>
      `${group(labels)} does not move on ${shown} of its partitions, though they have lag.`,
  }),
  rule('groups', {
    id: 'group.falling-behind',
    title: 'Consumer group falls behind',
    what: 'The group’s commits move, and the lag of a large share of its partitions has grown over the whole window (Burrow’s rule).',
    why: 'It reads slower than others write: unless that changes, it is later each minute.',
    steps: [
      'Compare the topic’s messages a second with what the group commits: more traffic, or slower consumers?',
      'Add consumers as long as there are more partitions than members; look at what they wait for.',
      'Look at how long retention leaves the group.',
    ],
    heldBy: whileCommitted,
    metric: 'landbridge_group_falling_behind_partitions',
    uses: ['landbridge_group_partitions'],
    unit: 'ratio',
    thresholds: [step('WARN', 'ratio', 0.5, [0.0001, 1], 'Share of the group’s partitions whose lag grows.')],
    measure: (behind, look) => {
      const partitions = look.other('landbridge_group_partitions');
      return partitions === null || partitions === 0 ? null : behind / partitions;
    },
    unknown: 'the partitions of the group are not known',
    clear: { by: 0.2 },
    forSeconds: 10 * minute,
    clearForSeconds: 5 * minute,
    causes: [
      ...clusterTrouble,
      { rule: 'group.lag-seconds', where: { cluster: 'cluster', group: 'group' } },
      { rule: 'group.stalled', where: { cluster: 'cluster', group: 'group' } },
    ],
    say: ({ labels, shown }) => `${group(labels)} falls behind on ${shown} of its partitions.`,
  }),
  rule('groups', {
    id: 'group.lag-seconds',
    title: 'Consumer group is behind',
    what: 'The first message that is not yet committed, on the group’s worst partition, is old.',
    why: 'Whatever the application makes of its messages is that late.',
    steps: [
      'Look at the group’s chart: growing, shrinking, or a batch that runs once an hour?',
      'One partition or all? One: a slow key or message. All: too few consumers, or a slow store behind them.',
      'A group that may be this late gets other thresholds, or a silence.',
    ],
    heldBy: whileCommitted,
    metric: 'kafka_consumergroup_group_max_lag_seconds',
    unit: 'seconds',
    thresholds: [
      step('WARN', 'seconds', 10 * minute, [1, 365 * day], 'Age of the first message that is not committed.'),
      step('ERROR', 'seconds', hour, [1, 365 * day], 'Age of the first message that is not committed.'),
    ],
    clear: { share: 0.2 },
    forSeconds: 2 * minute,
    clearForSeconds: 2 * minute,
    causes: [...clusterTrouble, { rule: 'group.stalled', where: { cluster: 'cluster', group: 'group' } }],
    say: ({ labels, shown, limit }) => `${group(labels)} is ${shown} behind; ${limit} is the limit.`,
  }),
  rule('groups', {
    id: 'group.losing-messages',
    title: 'Consumer group loses messages',
    what: 'Retention has deleted messages in front of the group’s commit, within the window.',
    why: 'The group never reads them. It goes on behind the hole, or starts anew, as auto.offset.reset says.',
    steps: [
      'Raise retention of the topic now, so that no more is lost.',
      'Find out why the group is so far behind; a mirror elsewhere may still hold the messages.',
      'If the group is not used any more, delete it.',
    ],
    metric: 'landbridge_group_lost_messages_total',
    window: { kind: 'counter', seconds: 'window' },
    counted: 'message',
    thresholds: [
      step('ERROR', 'count', 1, [1, 1e15], 'Messages lost within the window.'),
      setting(
        'window',
        'seconds',
        6 * hour,
        [minute, 30 * day],
        'So long it stays raised after the last loss.',
      ),
    ],
    measure: (_, look) => look.grown(),
    unknown: 'the counter has been seen only once',
    forSeconds: 0,
    clearForSeconds: 0,
    say: ({ labels, value, window }) =>
      `${group(labels)} has lost ${plural(value, 'message')} to retention within ${window}.`,
  }),
  rule('groups', {
    id: 'group.about-to-lose-messages',
    title: 'Retention is about to overtake a group',
    what: 'At present rates retention deletes messages before the group has read them.',
    why: 'What is deleted before it is read is lost to the group.',
    steps: [
      'Raise retention.ms or retention.bytes of the topic now; put it back afterwards.',
      'Add consumers, or find out why it is slow.',
    ],
    heldBy: whileCommitted,
    metric: 'landbridge_group_retention_headroom_seconds',
    uses: ['kafka_consumergroup_group_max_lag_seconds'],
    unit: 'seconds',
    raisedWhen: 'below',
    // Where retention is short, little time is left even without lag: only who has used up half of it is at risk.
    measure: (headroom, look) => {
      const lag = look.other('kafka_consumergroup_group_max_lag_seconds');
      return lag === null ? null : lag < headroom ? NONE : headroom;
    },
    unknown: 'the lag of the group is not known in seconds',
    thresholds: [
      step('WARN', 'seconds', 4 * hour, [minute, 30 * day], 'Time that is left.'),
      step('ERROR', 'seconds', hour, [minute, 30 * day], 'Time that is left.'),
      step('CRITICAL', 'seconds', 15 * minute, [0, 30 * day], 'Time that is left.'),
    ],
    clear: { share: 0.2 },
    forSeconds: minute,
    clearForSeconds: 5 * minute,
    causes: [{ rule: 'group.losing-messages', where: { cluster: 'cluster', group: 'group' } }],
    say: ({ labels, shown }) =>
      `Retention overtakes group ${labels.group} on cluster ${labels.cluster} in ${shown}.`,
  }),
  rule('groups', {
    id: 'group.beyond-end',
    title: 'Group has committed beyond the end',
    what: 'The group’s commit is beyond the end of the log.',
    why: 'The topic was made anew or has lost records: the group skips what comes, or starts anew, as auto.offset.reset says.',
    steps: [
      'Was the topic deleted and created again? Then reset the group: kafka-consumer-groups.sh --reset-offsets.',
      'If not, look for an unclean election: records may be lost.',
    ],
    heldBy: whileCommitted,
    metric: 'landbridge_group_beyond_end_partitions',
    counted: 'partition',
    thresholds: [step('ERROR', 'count', 1, [1, 1_000_000], 'Partitions whose commit is beyond the end.')],
    forSeconds: minute,
    clearForSeconds: minute,
    causes: [{ rule: 'cluster.unclean-election', where: { cluster: 'cluster' } }],
    say: ({ labels, value }) =>
      `${group(labels)} has committed beyond the end of ${plural(value, 'partition')}.`,
  }),
  rule('groups', {
    id: 'group.nobody-reads',
    title: 'Group has lag and no members',
    what: 'The group has lag and has had no member for a while.',
    why: 'Its application is down, was forgotten, or reads under another name now.',
    steps: [
      'Is the application meant to run? Start it.',
      'Is the group not used any more? Delete it: kafka-consumer-groups.sh --delete --group.',
    ],
    metric: 'landbridge_group_members',
    uses: ['kafka_consumergroup_group_sum_lag'],
    measure: (members, look) => {
      const lag = look.other('kafka_consumergroup_group_sum_lag');
      return members > 0 ? 0 : lag === null ? null : lag > 0 ? 1 : NONE;
    },
    unknown: 'its lag is not known',
    levels: yes('WARN'),
    forSeconds: hour,
    clearForSeconds: minute,
    causes: clusterTrouble,
    say: ({ labels }) => `${group(labels)} has lag and nobody reads it.`,
  }),
  rule('groups', {
    id: 'group.rebalancing-long',
    title: 'Consumer group does not come to rest',
    what: 'The group has been rebalancing all the time for minutes.',
    why: 'Classic consumers read nothing while they rebalance; mostly one member joins and drops out again and again.',
    steps: [
      'Look for a member that is new at each look: restarts, or max.poll.interval.ms exceeded.',
      'Use static membership or the cooperative protocol for consumers that restart often.',
    ],
    metric: 'landbridge_group_state',
    measure: (value) => (rebalancingCodes.includes(value) ? 1 : 0),
    levels: yes('WARN'),
    forSeconds: 5 * minute,
    clearForSeconds: 2 * minute,
    causes: clusterTrouble,
    say: ({ labels }) => `${group(labels)} has been rebalancing for 5 minutes or longer.`,
  }),
];
