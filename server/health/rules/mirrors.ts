// Rules about mirror topics. One alert for a link and rule, however many of its mirrors it is about.
import { mirrorState } from '@/lib/contracts/link';
import { plural } from '@/lib/format';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { Labels } from '@/lib/monitoring/observation';
import { type Cause, NONE, type Rule, rule, setting, step, type Told, yes } from '../rule';

const minute = 60;
const hour = 3_600;
const day = 86_400;

const of = (labels: Labels) => `link ${labels.link} (${labels.source} → ${labels.destination})`;
/** "Mirror orders of link l (a → b)", or "3 mirrors of link …". */
const mirrors = ({ labels, count }: Told) =>
  count === 1 && labels.topic
    ? `Mirror ${labels.topic} of ${of(labels)}`
    : `${plural(count, 'mirror')} of ${of(labels)}`;

const byLink = ['link', 'source', 'destination'];
const sameLink = { link: 'link', destination: 'destination' };
const linkDown: readonly Cause[] = [
  { rule: 'link.failed', where: sameLink },
  { rule: 'link.unavailable', where: sameLink },
  { rule: 'cluster.unreachable', where: { cluster: 'source' } },
  { rule: 'landbridge.engine-silent', where: {} },
];
const state = (word: (typeof mirrorState.options)[number]) => mirrorState.options.indexOf(word);
const inState = (metric: MetricName, word: (typeof mirrorState.options)[number]) => ({
  metric,
  item: 'topic',
  when: (value: number) => value === state(word),
});

const mirrorIsThere = { metric: 'landbridge_mirror_state' as const, when: () => true };

/** Where retention is short, little time is left even without lag: only what has used up half of its time is at risk. */
const ifFarBehind: Rule['measure'] = (headroom, look) => {
  const lag = look.other('landbridge_mirror_max_lag_seconds');
  return lag === null ? null : lag < headroom ? NONE : headroom;
};

export const mirrorRules: readonly Rule[] = [
  rule('mirrors', {
    id: 'mirror.failed',
    title: 'Mirror topics have failed',
    what: 'Mirror topics of a link are FAILED: they cannot go on without a person.',
    why: 'They get older from now on, and retention at the source does not wait.',
    steps: [
      'Open the failed mirror: it names the partition, the offset and the reason.',
      'Choose one of the repairs that it offers; each says what it will do before it does it.',
    ],
    metric: 'landbridge_link_mirrors_failed',
    counted: 'mirror topic',
    thresholds: [step('ERROR', 'count', 1, [1, 1_000_000], 'Mirrors that have failed.')],
    forSeconds: 30,
    clearForSeconds: minute,
    causes: [
      { rule: 'link.failed', where: sameLink },
      { rule: 'landbridge.engine-silent', where: {} },
    ],
    affected: inState('landbridge_mirror_state', 'FAILED'),
    say: ({ labels, value }) =>
      `${plural(value, 'mirror topic')} of ${of(labels)} ${value === 1 ? 'has' : 'have'} FAILED.`,
  }),
  rule('mirrors', {
    id: 'mirror.source-unavailable',
    title: 'Source of mirrors is not available',
    what: 'Mirror topics cannot read their source, though the link as a whole may be up.',
    why: 'Their partitions have no leader that answers, or the topic is gone: what is written there does not come over.',
    steps: [
      'Look at the source topic’s partitions: leaders, offline partitions, brokers that do not answer.',
      'Look whether the topic still exists, and whether the link may read it.',
    ],
    metric: 'landbridge_link_mirrors_unavailable',
    counted: 'mirror topic',
    thresholds: [step('WARN', 'count', 1, [1, 1_000_000], 'Mirrors whose source cannot be reached.')],
    forSeconds: minute,
    clearForSeconds: 2 * minute,
    causes: [
      ...linkDown,
      { rule: 'cluster.offline-partitions', where: { cluster: 'source' } },
      { rule: 'broker.unreachable', where: { cluster: 'source' } },
    ],
    affected: inState('landbridge_mirror_state', 'SOURCE_UNAVAILABLE'),
    say: ({ labels, value }) =>
      `The source of ${plural(value, 'mirror topic')} of ${of(labels)} is not available.`,
  }),
  rule('mirrors', {
    id: 'mirror.blocked',
    title: 'Open transaction holds a mirror back',
    what: 'An open transaction at the source keeps its last stable offset where it is, and the mirror with it.',
    why: 'Readers at read_committed wait there as well, and everything behind the transaction is missing after a failover.',
    steps: [
      'Open the mirror: it names producer id, epoch and start of the transaction.',
      'Find that producer and let it commit or abort; kafka-transactions.sh --describe-producers shows it too.',
      'If it is dead for good, abort it: kafka-transactions.sh --abort.',
    ],
    heldBy: { metric: 'landbridge_mirror_lag_unknown_partitions', when: (partitions) => partitions > 0 },
    metric: 'landbridge_mirror_blocked_seconds',
    unit: 'seconds',
    groupBy: byLink,
    thresholds: [
      step(
        'WARN',
        'seconds',
        15 * minute,
        [minute, 30 * day],
        'Brokers end transactions after 15 minutes by default.',
      ),
      step('ERROR', 'seconds', hour, [minute, 30 * day], 'A transaction that hangs.'),
    ],
    forSeconds: 0,
    clearForSeconds: minute,
    causes: linkDown,
    say: (told) =>
      `${mirrors(told)} ${told.count === 1 ? 'is' : 'are'} held back by an open transaction, the longest for ${told.shown}.`,
  }),
  rule('mirrors', {
    id: 'mirror.source-range-at-risk',
    title: 'Retention is about to overtake mirrors',
    what: 'At present rates the source deletes records before they are mirrored.',
    why: 'What is deleted before it is mirrored is lost to the mirror for good.',
    steps: [
      'Raise retention.ms or retention.bytes of the source topic now; put it back afterwards.',
      'Find out why the mirror is behind: throttle, failed state, slow destination.',
    ],
    heldBy: mirrorIsThere,
    leavesOut: 'landbridge_mirror_lag_unknown_partitions',
    metric: 'landbridge_mirror_source_headroom_seconds',
    uses: ['landbridge_mirror_max_lag_seconds'],
    unit: 'seconds',
    raisedWhen: 'below',
    groupBy: byLink,
    measure: ifFarBehind,
    unknown: 'the lag of the mirror is not known',
    thresholds: [
      step('WARN', 'seconds', 4 * hour, [minute, 30 * day], 'Time that is left.'),
      step('ERROR', 'seconds', hour, [minute, 30 * day], 'Time that is left.'),
      step('CRITICAL', 'seconds', 15 * minute, [minute, 30 * day], 'Time that is left.'),
    ],
    clear: { share: 0.2 },
    forSeconds: minute,
    clearForSeconds: 5 * minute,
    say: (told) => `${mirrors(told)}: the source’s retention overtakes in ${told.shown}.`,
  }),
  rule('mirrors', {
    id: 'mirror.source-range-lost',
    title: 'Retention has overtaken mirrors',
    what: 'The source has deleted offsets before they were mirrored, within the window.',
    why: 'These records are not in the mirror and never will be.',
    steps: [
      'Open the mirror: its timeline names the exact range.',
      'Decide whether its consumers can do without; if not, look for the records elsewhere.',
      'Raise the source’s retention, or find out why the mirror was so far behind.',
    ],
    metric: 'landbridge_mirror_lost_messages_total',
    groupBy: byLink,
    window: { kind: 'counter', seconds: 'window' },
    counted: 'offset',
    thresholds: [
      step('ERROR', 'count', 1, [1, 1e15], 'Offsets lost within the window.'),
      setting('window', 'seconds', day, [minute, 30 * day], 'So long it stays raised after the last loss.'),
    ],
    measure: (_, look) => look.grown(),
    unknown: 'the counter has been seen only once',
    forSeconds: 0,
    clearForSeconds: 0,
    say: (told) =>
      `${mirrors(told)}: retention has deleted ${told.shown} before they were mirrored, within ${told.window}.`,
  }),
  rule('mirrors', {
    id: 'mirror.tombstones-at-risk',
    title: 'Deletes of compacted mirrors are at risk',
    what: 'A compacted mirror is behind for almost as long as the source keeps deletes (delete.retention.ms).',
    why: 'A delete that the source has compacted away is never seen: the mirror keeps a key that is gone, and FAILS with TOMBSTONES_EXPIRED.',
    steps: [
      'Raise delete.retention.ms of the source topic now.',
      'Find out why the mirror is behind, and let it catch up.',
    ],
    heldBy: mirrorIsThere,
    leavesOut: 'landbridge_mirror_lag_unknown_partitions',
    metric: 'landbridge_mirror_tombstone_headroom_seconds',
    uses: ['landbridge_mirror_max_lag_seconds'],
    unit: 'seconds',
    raisedWhen: 'below',
    groupBy: byLink,
    measure: ifFarBehind,
    unknown: 'the lag of the mirror is not known',
    thresholds: [
      step('WARN', 'seconds', 6 * hour, [minute, 30 * day], 'Time that is left.'),
      step('ERROR', 'seconds', hour, [minute, 30 * day], 'Time that is left.'),
    ],
    clear: { share: 0.2 },
    forSeconds: minute,
    clearForSeconds: 5 * minute,
    say: (told) => `${mirrors(told)}: deletes may be missed in ${told.shown}.`,
  }),
  rule('mirrors', {
    id: 'mirror.foreign-write',
    title: 'Somebody else wrote to a mirror',
    what: 'A record that is not the link’s stands in a mirror topic.',
    why: 'It has taken an offset of the source: from there on the mirror is not equal, and it has FAILED with UNEXPECTED_WRITE.',
    steps: [
      'Open the mirror: offset and producer id are named there.',
      'Stop that producer, and let the link lock the topic.',
      'Repair the mirror in one of the ways that it offers.',
    ],
    metric: 'landbridge_mirror_foreign_write',
    groupBy: byLink,
    levels: yes('CRITICAL'),
    forSeconds: 0,
    clearForSeconds: minute,
    say: (told) =>
      `Somebody else wrote to ${told.count === 1 ? `mirror ${told.labels.topic}` : plural(told.count, 'mirror')} of ${of(told.labels)}.`,
  }),
  rule('mirrors', {
    id: 'mirror.config-drift',
    title: 'Mirror configs differ from the source',
    what: 'Topic configs of mirrors differ from their source’s, though they should be the same.',
    why: 'Retention, compaction or size limits act differently at the destination: records may be gone, or be refused.',
    steps: [
      'Open the mirror’s configs: each that differs says why it could not be set.',
      'Give the link’s principal AlterConfigs, or take the config out of topic.config.sync.include.',
    ],
    metric: 'landbridge_mirror_config_drift',
    groupBy: byLink,
    counted: 'config',
    thresholds: [step('WARN', 'count', 1, [1, 1_000], 'Configs that differ.')],
    forSeconds: 10 * minute,
    clearForSeconds: minute,
    causes: linkDown,
    say: (told) =>
      `${mirrors(told)} ${told.count === 1 ? 'has' : 'have'} configs that differ from the source’s, ${plural(told.value, 'config')} on the worst.`,
  }),
  rule('mirrors', {
    id: 'mirror.ending-slow',
    title: 'Promote or failover does not end',
    what: 'Mirrors have been PENDING_STOPPED for long: a promote or failover is under way and not through.',
    why: 'Neither side takes writes for these topics while it lasts.',
    steps: [
      'Open the operation: the sub-step that it is at says what it waits for.',
      'Mend that, or take the operation back as far as it says that it can be.',
    ],
    metric: 'landbridge_mirror_state',
    measure: (value) =>
      value === state('PENDING_STOPPED') || value === state('PENDING_SYNCHRONIZE') ? 1 : 0,
    groupBy: byLink,
    levels: yes('WARN'),
    forSeconds: 30 * minute,
    clearForSeconds: 0,
    say: (told) =>
      `${mirrors(told)} ${told.count === 1 ? 'has' : 'have'} been stopping for 30 minutes or longer.`,
  }),
];
