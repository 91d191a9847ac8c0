// Rules about links. Their numbers come from the engine; none of them asks a broker.
import { linkState } from '@/lib/contracts/link';
import { linkTaskState } from '@/lib/contracts/link-task';
import { plural } from '@/lib/format';
import type { Labels } from '@/lib/monitoring/observation';
import { type Cause, NONE, type Rule, rule, setting, step, yes } from '../rule';

const minute = 60;
const day = 86_400;

const link = (labels: Labels) => `Link ${labels.link} (${labels.source} → ${labels.destination})`;
const isLinkState = (word: (typeof linkState.options)[number]) => {
  const code = linkState.options.indexOf(word);
  return (value: number) => (value === code ? 1 : 0);
};
const inError = linkTaskState.options.indexOf('IN_ERROR');

const engineSilent: Cause = { rule: 'landbridge.engine-silent', where: {} };
const sourceGone: Cause = { rule: 'cluster.unreachable', where: { cluster: 'source' } };
const destinationGone: Cause = { rule: 'cluster.unreachable', where: { cluster: 'destination' } };
const sameLink = { link: 'link', destination: 'destination' };
const standing: readonly Cause[] = [
  { rule: 'link.failed', where: sameLink },
  { rule: 'link.unavailable', where: sameLink },
  sourceGone,
  destinationGone,
  engineSilent,
];

/** Its lag is not known while its source is away: that is no reason to clear anything. */
const linkIsThere = { metric: 'landbridge_link_state' as const, when: () => true };

export const linkRules: readonly Rule[] = [
  rule('links', {
    id: 'link.failed',
    title: 'Link has failed',
    what: 'The link is FAILED: it does not go on by itself.',
    why: 'Nothing is mirrored on it until a person has mended it, and the lag of every mirror grows.',
    steps: [
      'Open the link: its error names the cluster and the stage that failed.',
      'Run the link’s checks on both ends, and mend what the failing stage says (address, certificate, sign-in, rights).',
      'Look at Lag: it says how long the source’s retention leaves you.',
    ],
    metric: 'landbridge_link_state',
    measure: isLinkState('FAILED'),
    levels: yes('CRITICAL'),
    forSeconds: 30,
    clearForSeconds: minute,
    causes: [engineSilent],
    say: ({ labels }) => `${link(labels)} has FAILED and does not go on by itself.`,
  }),
  rule('links', {
    id: 'link.unavailable',
    title: 'Source of a link is not reachable',
    what: 'The link is UNAVAILABLE: its source has not answered for as long as availability.check.ms and its threshold say.',
    why: 'Nothing new reaches the destination. It recovers by itself when the source is back; if it does not come back, a failover is near.',
    steps: [
      'Look whether the source cluster answers others: Clusters shows each broker as seen from here.',
      'If only the console cannot reach it, look at the network, names and advertised listeners between the two.',
      'If the source is lost, go through the runbook “A lost site” before you fail over.',
    ],
    metric: 'landbridge_link_state',
    measure: isLinkState('UNAVAILABLE'),
    levels: yes('ERROR'),
    forSeconds: minute,
    clearForSeconds: 2 * minute,
    causes: [sourceGone, destinationGone, engineSilent],
    say: ({ labels }) => `${link(labels)} cannot reach its source.`,
  }),
  rule('links', {
    id: 'link.paused-long',
    title: 'Link has been paused for long',
    what: 'The link has been PAUSED for a day.',
    why: 'A paused link is often forgotten, and retention at the source does not wait for it.',
    steps: [
      'Ask whoever paused it: the link’s timeline and the audit log say who and why.',
      'Resume it, or delete it when it is not needed any more.',
    ],
    metric: 'landbridge_link_state',
    measure: isLinkState('PAUSED'),
    levels: yes('WARN'),
    forSeconds: day,
    clearForSeconds: 0,
    say: ({ labels }) => `${link(labels)} has been paused for a day or longer.`,
  }),
  rule('links', {
    id: 'link.unknown',
    title: 'State of a link is not known',
    what: 'The link is UNKNOWN: the engine says nothing about it.',
    why: 'Nobody can tell whether records are mirrored.',
    steps: [
      'Look whether the engine is silent as a whole: Health says so.',
      'Look into the console’s log for the name of the link.',
    ],
    metric: 'landbridge_link_state',
    measure: isLinkState('UNKNOWN'),
    levels: yes('ERROR'),
    forSeconds: 2 * minute,
    clearForSeconds: minute,
    causes: [engineSilent],
    say: ({ labels }) => `${link(labels)} has an unknown state.`,
  }),
  rule('links', {
    id: 'link.task-in-error',
    title: 'Task of a link is in error',
    what: 'A periodic task of the link (offset sync, mirror creation, ACL sync or config sync) is IN_ERROR.',
    why: 'Records are still mirrored, but what the task brings over gets old: after a failover, groups or rights may be missing.',
    steps: [
      'Open the link’s tasks: the error names the topic, group or right.',
      'Mend it at the cluster it names, then run the task once by hand.',
    ],
    metric: 'landbridge_link_task_state',
    measure: (value) => (value === inError ? 1 : 0),
    levels: yes('WARN'),
    forSeconds: 5 * minute,
    clearForSeconds: 2 * minute,
    causes: standing,
    say: ({ labels }) => `Task ${labels.task} of ${link(labels)} is in error.`,
  }),
  rule('links', {
    id: 'link.lag-beyond-rpo',
    title: 'Lag is beyond what may be lost',
    what: 'The worst mirror of the link is further behind its source, in seconds, than the recovery point objective allows.',
    why: 'If the source were lost now, more than the agreed time of records would be lost with it.',
    steps: [
      'Open the link, worst mirrors first: one topic behind is a matter of that topic, all of them of network or destination.',
      'Compare the throughput with link.throttle.bytes.per.second and with what the source takes in.',
      'Look for an open transaction at the source, slow brokers at the destination, and full disks.',
    ],
    heldBy: linkIsThere,
    leavesOut: 'landbridge_link_lag_unknown_partitions',
    metric: 'landbridge_link_max_lag_seconds',
    unit: 'seconds',
    thresholds: [
      step('WARN', 'seconds', minute, [1, 30 * day], 'Lag that needs a look.'),
      step('ERROR', 'seconds', 5 * minute, [1, 30 * day], 'Your recovery point objective.'),
      step('CRITICAL', 'seconds', 15 * minute, [1, 30 * day], 'Far beyond it.'),
    ],
    clear: { share: 0.1 },
    forSeconds: minute,
    clearForSeconds: 2 * minute,
    causes: standing,
    affected: {
      metric: 'landbridge_mirror_max_lag_seconds',
      item: 'topic',
      when: (value, judged) => value >= judged * 0.5,
    },
    say: ({ labels, shown, limit }) =>
      `${link(labels)} is ${shown} behind its source; ${limit} is the limit.`,
  }),
  rule('links', {
    id: 'link.lag-growing',
    title: 'Lag of a link keeps growing',
    what: 'The worst lag of the link in seconds has grown over the window, and is above the floor.',
    why: 'The link is slower than its source: it will not catch up unless something changes.',
    steps: [
      'Compare records in at the source with records mirrored: more traffic, or a slower link?',
      'Look at the throttle, at latency and disks of the destination’s brokers, and at the CPU of the console’s machine.',
      'Look at “Time until retention overtakes” of the worst mirrors: so long you have.',
    ],
    heldBy: linkIsThere,
    leavesOut: 'landbridge_link_lag_unknown_partitions',
    metric: 'landbridge_link_max_lag_seconds',
    unit: 'seconds',
    window: { kind: 'gauge', seconds: 'window' },
    thresholds: [
      step('WARN', 'seconds', minute, [1, day], 'Growth of the lag over the window.'),
      step('ERROR', 'seconds', 5 * minute, [1, day], 'Growth of the lag over the window.'),
      setting('window', 'seconds', 10 * minute, [minute, day], 'Over which growth is measured.'),
      setting('floor', 'seconds', 30, [0, day], 'A lag below it is not worth a look, however it moves.'),
    ],
    measure: (value, look) => (value < look.set('floor') ? 0 : look.grown()),
    unknown: 'the lag has not been known for a whole window yet',
    clear: { share: 0.5 },
    forSeconds: 2 * minute,
    clearForSeconds: 5 * minute,
    causes: standing,
    affected: { metric: 'landbridge_mirror_max_lag_seconds', item: 'topic', when: (value) => value >= 30 },
    say: ({ labels, shown, window }) => `The lag of ${link(labels)} has grown by ${shown} within ${window}.`,
  }),
  rule('links', {
    id: 'link.stands-still',
    title: 'Link is behind and mirrors nothing',
    what: 'Mirrors of the link have lag, and not one record is mirrored.',
    why: 'Something holds the link though its state is ACTIVE: an open transaction, a broker that takes no writes, or a fault of ours.',
    steps: [
      'Look at the mirrors with lag: “blocked” names an open transaction and its producer.',
      'Look whether their partitions have leaders at both ends, and enough replicas in sync at the destination.',
      'Look into the console’s log for the name of the link.',
    ],
    heldBy: linkIsThere,
    metric: 'landbridge_link_records_per_second',
    uses: ['landbridge_link_lag_messages', 'landbridge_link_state'],
    measure: (rate, look) => {
      const lag = look.other('landbridge_link_lag_messages');
      const state = look.other('landbridge_link_state');
      if (lag === null || state === null) return null;
      if (state !== linkState.options.indexOf('ACTIVE')) return NONE;
      return lag > 0 && rate === 0 ? 1 : 0;
    },
    unknown: 'lag or state of the link is not known',
    levels: yes('ERROR'),
    forSeconds: 5 * minute,
    clearForSeconds: minute,
    causes: standing,
    affected: { metric: 'landbridge_mirror_sum_lag_messages', item: 'topic', when: (value) => value > 0 },
    say: ({ labels }) => `${link(labels)} has lag and mirrors nothing.`,
  }),
  rule('links', {
    id: 'link.latency',
    title: 'Replication latency is high',
    what: 'The 99th percentile of the time from a record’s timestamp to its acknowledgement at the destination is high.',
    why: 'Consumers of the mirror see records late, and a failover loses more.',
    steps: [
      'Look whether producers at the source set old timestamps: then this number is theirs, not ours.',
      'Look at the latency of brokers at both ends, and at the network between.',
      'Look at the throttle, and whether verification or a fill takes the bandwidth.',
    ],
    metric: 'landbridge_link_latency_p99_seconds',
    unit: 'seconds',
    thresholds: [
      step('WARN', 'seconds', 5, [0.01, day], '99th percentile of replication latency.'),
      step('ERROR', 'seconds', 30, [0.01, day], '99th percentile of replication latency.'),
    ],
    clear: { share: 0.2 },
    forSeconds: 5 * minute,
    clearForSeconds: 5 * minute,
    causes: [...standing, { rule: 'link.lag-beyond-rpo', where: sameLink }],
    say: ({ labels, shown, limit }) =>
      `Replication latency of ${link(labels)} is ${shown} (p99); ${limit} is the limit.`,
  }),
  rule('links', {
    id: 'link.not-verified',
    title: 'Mirrors have not been verified for long',
    what: 'A mirror of the link has not been compared with its source for the given time.',
    why: 'That a mirror is equal is only known up to where it was compared. Before a promotion it should be known to the end.',
    steps: [
      'Open the link’s mirrors, oldest verification first: trouble of verification is said there.',
      'Raise verify.budget.percent, or start a sweep of the mirror.',
    ],
    heldBy: linkIsThere,
    metric: 'landbridge_link_verified_age_seconds',
    unit: 'seconds',
    thresholds: [
      step('WARN', 'seconds', day, [minute, 365 * day], 'Age of the oldest verification.'),
      step('ERROR', 'seconds', 7 * day, [minute, 365 * day], 'Age of the oldest verification.'),
    ],
    forSeconds: 5 * minute,
    clearForSeconds: minute,
    causes: standing,
    affected: {
      metric: 'landbridge_mirror_verified_age_seconds',
      item: 'topic',
      when: (value, judged) => value >= judged * 0.5,
    },
    say: ({ labels, shown }) => `A mirror of ${link(labels)} was last verified ${shown} ago.`,
  }),
  rule('links', {
    id: 'link.lock-missing',
    title: 'Mirror topics are not locked',
    what: 'Others may write to mirror topics of the link, though they should be locked.',
    why: 'A single foreign record takes an offset that belongs to the source: the mirror fails and must be repaired.',
    steps: [
      'Open a mirror: the lock says what is missing, mostly the right to alter ACLs or an authorizer.',
      'Give the link’s principal that right, or set mirror.lock to watch if nobody else can write anyway.',
    ],
    metric: 'landbridge_link_mirrors_unlocked',
    counted: 'mirror topic',
    thresholds: [step('WARN', 'count', 1, [1, 1_000_000], 'Mirror topics without a lock.')],
    forSeconds: 10 * minute,
    clearForSeconds: minute,
    causes: standing,
    say: ({ labels, value }) =>
      `${plural(value, 'mirror topic')} of ${link(labels)} can be written to by others.`,
  }),
  rule('links', {
    id: 'link.groups-not-synced',
    title: 'Consumer groups are not synced',
    what: 'Groups that the link should sync have no, or an old, position at the destination.',
    why: 'After a failover their consumers would begin at the wrong place, and read again or skip.',
    steps: [
      'Open the link’s groups: each says why it is not synced (in use at the destination, no right, no mirror).',
      'Stop consumers that use the group at the destination, or leave the group out of the filters.',
    ],
    heldBy: linkIsThere,
    metric: 'landbridge_link_groups_behind',
    counted: 'group',
    thresholds: [
      step('WARN', 'count', 1, [1, 1_000_000], 'Groups that should be synced and are not.'),
      step('ERROR', 'count', 50, [1, 1_000_000], 'Groups that should be synced and are not.'),
    ],
    forSeconds: 5 * minute,
    clearForSeconds: 2 * minute,
    causes: standing,
    say: ({ labels, value }) =>
      `${plural(value, 'consumer group')} of ${link(labels)} ${value === 1 ? 'is' : 'are'} not synced.`,
  }),
  rule('links', {
    id: 'link.throttled',
    title: 'Link is held back by its throttle',
    what: 'The link has lag and mirrors as fast as link.throttle.bytes.per.second allows.',
    why: 'The source brings more than the throttle lets through: the lag grows until it is raised.',
    steps: [
      'Compare the source’s bytes in with the throttle.',
      'Raise link.throttle.bytes.per.second: it takes effect at once.',
    ],
    metric: 'landbridge_link_throttle_ratio',
    uses: ['landbridge_link_lag_messages'],
    unit: 'ratio',
    thresholds: [step('WARN', 'ratio', 0.95, [0.1, 1], 'Throughput ÷ throttle.')],
    measure: (value, look) => {
      const lag = look.other('landbridge_link_lag_messages');
      return lag === null ? null : lag > 0 ? value : 0;
    },
    unknown: 'the lag of the link is not known',
    clear: { by: 0.1 },
    forSeconds: 15 * minute,
    clearForSeconds: 5 * minute,
    causes: standing,
    say: ({ labels, shown }) => `${link(labels)} is behind and runs at ${shown} of its throttle.`,
  }),
];
