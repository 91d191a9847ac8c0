// Rules about the controller and the KRaft quorum of a cluster.
import { plural } from '@/lib/format';
import { type Cause, NONE, type Rule, rule, setting, step, yes } from '../rule';

const minute = 60;
const hour = 3_600;
const day = 86_400;

const unreachable: Cause = { rule: 'cluster.unreachable', where: { cluster: 'cluster' } };
const noController: Cause = { rule: 'cluster.no-controller', where: { cluster: 'cluster' } };

export const quorumRules: readonly Rule[] = [
  rule('clusters', {
    id: 'cluster.no-controller',
    title: 'Cluster has no controller',
    what: 'The cluster names no controller: the metadata quorum has no leader.',
    why: 'Leaders are not replaced, topics and configs cannot be changed, brokers cannot come back.',
    steps: [
      'Look which controllers run, and whether they reach each other.',
      'Bring back as many as a majority needs; the quorum’s page shows who is missing.',
    ],
    metric: 'landbridge_cluster_controller_known',
    measure: (value) => (value === 0 ? 1 : 0),
    levels: yes('CRITICAL'),
    forSeconds: 30,
    clearForSeconds: minute,
    causes: [unreachable],
    say: ({ labels }) => `Cluster ${labels.cluster} has no controller.`,
  }),
  rule('clusters', {
    id: 'cluster.quorum-unstable',
    title: 'The quorum elects again and again',
    what: 'The epoch of the metadata quorum has risen several times within the window.',
    why: 'Each election stops changes of metadata; many of them mean that controllers lose each other.',
    steps: [
      'Look at network and disk latency of the controllers, and at long garbage collections.',
      'Look at controller.quorum.election.timeout.ms and fetch timeout if they were changed.',
    ],
    metric: 'landbridge_quorum_epoch',
    window: { kind: 'counter', seconds: 'window' },
    counted: 'election',
    thresholds: [
      step('WARN', 'count', 3, [1, 100_000], 'Elections within the window.'),
      step('ERROR', 'count', 10, [1, 100_000], 'Elections within the window.'),
      setting('window', 'seconds', 15 * minute, [minute, day], 'Over which elections are counted.'),
    ],
    measure: (_, look) => look.grown(),
    unknown: 'the epoch has been seen only once',
    forSeconds: 0,
    clearForSeconds: 5 * minute,
    causes: [noController, unreachable],
    say: ({ labels, value, window }) =>
      `The quorum of cluster ${labels.cluster} has elected ${plural(value, 'time')} within ${window}.`,
  }),
  rule('clusters', {
    id: 'cluster.voters-even',
    title: 'The quorum has an even number of voters',
    what: 'The metadata quorum has an even number of voters.',
    why: 'An even number survives no more failures than one voter fewer, and one more machine can fail.',
    steps: [
      'Was a controller replaced, and the old one never removed? kafka-metadata-quorum.sh remove-controller.',
      'Add or remove a voter, so that there are three or five.',
    ],
    metric: 'landbridge_quorum_voters',
    measure: (value) => (value > 0 && value % 2 === 0 ? 1 : 0),
    levels: yes('WARN'),
    forSeconds: 10 * minute,
    clearForSeconds: minute,
    say: ({ labels }) => `The quorum of cluster ${labels.cluster} has an even number of voters.`,
  }),
  rule('clusters', {
    id: 'cluster.quorum-no-headroom',
    title: 'No controller may fail any more',
    what: 'With one more voter lost, the metadata quorum has no majority. Not told of quorums of one or two, which never have any.',
    why: 'The next failure stops the whole cluster from replacing leaders.',
    steps: [
      'Bring the missing voters back before anything else is done to this cluster.',
      'Do not restart a controller now.',
    ],
    metric: 'landbridge_quorum_headroom',
    uses: ['landbridge_quorum_voters'],
    raisedWhen: 'below',
    levels: [{ severity: 'ERROR', at: 0 }],
    measure: (value, look) => {
      const voters = look.other('landbridge_quorum_voters');
      return voters === null ? null : voters < 3 ? NONE : value;
    },
    unknown: 'the number of voters is not known',
    forSeconds: minute,
    clearForSeconds: minute,
    causes: [noController, unreachable, { rule: 'cluster.voter-behind', where: { cluster: 'cluster' } }],
    say: ({ labels }) =>
      `The quorum of cluster ${labels.cluster} loses its majority with the next voter that fails.`,
  }),
  rule('clusters', {
    id: 'cluster.voter-behind',
    title: 'A voter of the quorum is behind',
    what: 'A voter has not been caught up with the leader for a while.',
    why: 'It does not count for the majority while it is behind: the quorum has less headroom than it seems.',
    steps: [
      'Look at that controller: process, disk of metadata.log.dir, network to the leader.',
      'A new voter may need time: watch whether its lag shrinks.',
    ],
    metric: 'landbridge_quorum_voter_behind_seconds',
    unit: 'seconds',
    thresholds: [
      step('WARN', 'seconds', 30, [1, day], 'Since when the voter is behind.'),
      step('ERROR', 'seconds', 5 * minute, [1, day], 'Since when the voter is behind.'),
    ],
    clear: { share: 0.2 },
    forSeconds: 30,
    clearForSeconds: minute,
    causes: [
      noController,
      unreachable,
      // A node that is broker and controller is down as both.
      { rule: 'broker.unreachable', where: { cluster: 'cluster', broker: 'voter' } },
      { rule: 'broker.fenced', where: { cluster: 'cluster', broker: 'voter' } },
    ],
    say: ({ labels, shown }) =>
      `Voter ${labels.voter} of the quorum of cluster ${labels.cluster} has been behind for ${shown}.`,
  }),
  rule('clusters', {
    id: 'cluster.observer-behind',
    title: 'A broker’s metadata is behind',
    what: 'An observer of the quorum, mostly a broker, has not been caught up with the metadata for a while.',
    why: 'It works with old leaders, topics and rights, and gets fenced when it stays behind.',
    steps: [
      'Look at that broker: long garbage collections, disk, network to the controllers.',
      'Observers of controllers that were taken away may be listed for a while; they go by themselves.',
    ],
    metric: 'landbridge_quorum_max_observer_behind_seconds',
    unit: 'seconds',
    thresholds: [
      step('WARN', 'seconds', minute, [1, day], 'Since when the slowest observer is behind.'),
      step('ERROR', 'seconds', hour, [1, day], 'Since when the slowest observer is behind.'),
    ],
    clear: { share: 0.2 },
    forSeconds: minute,
    clearForSeconds: minute,
    causes: [
      noController,
      unreachable,
      { rule: 'broker.unreachable', where: { cluster: 'cluster' } },
      { rule: 'broker.fenced', where: { cluster: 'cluster' } },
    ],
    say: ({ labels, shown }) =>
      `A broker of cluster ${labels.cluster} has been behind on metadata for ${shown}.`,
  }),
];
