// Rules about Landbridge itself: whoever watches must be watched.
import { plural } from '@/lib/format';
import { type Rule, rule, setting, step, yes } from '../rule';

const minute = 60;
const hour = 3_600;
const day = 86_400;
const mebibyte = 1_048_576;
const gibibyte = 1_073_741_824;
const tebibyte = 1_024 * gibibyte;

const same = { cluster: 'cluster' };
const unreachable = { rule: 'cluster.unreachable', where: same };
/** Sweeps wait for a broker that hangs, and for whoever asks it on their behalf. */
const brokerDown = ['broker.unreachable', 'broker.fenced', 'cluster.brokers-missing'].map((cause) => ({
  rule: cause,
  where: same,
}));

export const landbridgeRules: readonly Rule[] = [
  rule('landbridge', {
    id: 'landbridge.engine-silent',
    title: 'The link engine is silent',
    what: 'The engine that mirrors records does not answer.',
    why: 'Nothing is mirrored on any link, and the state of all links is unknown. It is started again by itself; if this stays, it fails at its start.',
    steps: [
      'Look into the console’s log: it says why the engine ended and when it is started again.',
      'Look at memory and CPU of the console’s machine.',
      'Restart the console; mirrors go on where they were.',
    ],
    metric: 'landbridge_engine_up',
    measure: (value) => (value === 0 ? 1 : 0),
    levels: yes('CRITICAL'),
    forSeconds: 15,
    clearForSeconds: 30,
    say: () => 'The link engine does not answer; the state of all links is unknown.',
  }),
  rule('landbridge', {
    id: 'landbridge.sweep-slow',
    title: 'Sweeps of a cluster are slow',
    what: 'A sweep of the cluster takes a large part of the time between two sweeps.',
    why: 'Numbers get older than they should; when a sweep takes longer than its interval, charts get holes.',
    steps: [
      'Look at the latency of the cluster’s brokers: one slow broker can hold a sweep up.',
      'Look at CPU and memory of the console’s machine, and at how many partitions and groups the cluster has.',
    ],
    metric: 'landbridge_cluster_sweep_seconds',
    uses: ['landbridge_cluster_sweep_interval_seconds'],
    unit: 'ratio',
    thresholds: [
      step('WARN', 'ratio', 0.6, [0.01, 10], 'Duration of a sweep ÷ interval.'),
      step('ERROR', 'ratio', 1, [0.01, 10], 'Duration of a sweep ÷ interval.'),
    ],
    measure: (seconds, look) => {
      const interval = look.other('landbridge_cluster_sweep_interval_seconds');
      return interval === null || interval <= 0 ? null : seconds / interval;
    },
    unknown: 'the interval of its sweeps is not known',
    clear: { share: 0.2 },
    forSeconds: 5 * minute,
    clearForSeconds: 5 * minute,
    causes: [unreachable, ...brokerDown],
    say: ({ labels, shown }) =>
      `Sweeps of cluster ${labels.cluster} take ${shown} of the time between two of them.`,
  }),
  rule('landbridge', {
    id: 'landbridge.sweep-unfinished',
    title: 'No sweep of a cluster has ended',
    what: 'The last sweep of the cluster that came to an end is several intervals old.',
    why: 'All that is shown of this cluster, and judged, is that old.',
    steps: [
      'Open the cluster: it says what the sweep under way is at, and since when.',
      'Look whether its brokers answer at all, and at the CPU of the console’s machine.',
    ],
    metric: 'landbridge_cluster_sweep_age_seconds',
    uses: ['landbridge_cluster_sweep_interval_seconds'],
    counted: 'interval',
    thresholds: [
      step('WARN', 'count', 3, [1.5, 1_000], 'Age of the last sweep ÷ interval.'),
      step('ERROR', 'count', 12, [1.5, 1_000], 'Age of the last sweep ÷ interval.'),
    ],
    measure: (age, look) => {
      const interval = look.other('landbridge_cluster_sweep_interval_seconds');
      return interval === null || interval <= 0 ? null : age / interval;
    },
    unknown: 'the interval of its sweeps is not known',
    forSeconds: 0,
    clearForSeconds: 30,
    causes: [unreachable, ...brokerDown],
    say: ({ labels, shown }) => `The last sweep of cluster ${labels.cluster} is ${shown} old.`,
  }),
  rule('landbridge', {
    id: 'landbridge.store-growing',
    title: 'The store grows fast',
    what: 'The store of links, people and audit has grown a lot within the window.',
    why: 'It only grows like that when something writes to the audit log without end, such as a script that fails in a loop.',
    steps: [
      'Look at the audit log: which actor, which action, how often?',
      'Stop that script or revoke its key; shorten the audit log’s retention if it is right.',
    ],
    metric: 'landbridge_store_bytes',
    unit: 'bytes',
    window: { kind: 'gauge', seconds: 'window' },
    thresholds: [
      step('WARN', 'bytes', 512 * mebibyte, [mebibyte, tebibyte], 'Growth within the window.'),
      step('ERROR', 'bytes', 4 * gibibyte, [mebibyte, tebibyte], 'Growth within the window.'),
      setting('window', 'seconds', day, [10 * minute, 30 * day], 'Over which growth is measured.'),
    ],
    measure: (_, look) => look.grown(),
    unknown: 'its size has not been known for a whole window yet',
    clear: { share: 0.2 },
    forSeconds: 10 * minute,
    clearForSeconds: 10 * minute,
    say: ({ shown, window }) => `The store has grown by ${shown} within ${window}.`,
  }),
  rule('landbridge', {
    id: 'landbridge.history-near-limit',
    title: 'History is near its limit',
    what: 'History takes up nearly all that it may on disk.',
    why: 'From there on its oldest numbers are dropped before their time: charts get shorter.',
    steps: [
      'Give history more room in the console’s settings if there is room on the disk.',
      'Or take it as it is: the newest numbers are always kept.',
    ],
    metric: 'landbridge_history_bytes',
    uses: ['landbridge_history_limit_bytes'],
    unit: 'ratio',
    thresholds: [step('INFO', 'ratio', 0.95, [0.1, 1], 'Share of what it may take up.')],
    measure: (bytes, look) => {
      const limit = look.other('landbridge_history_limit_bytes');
      return limit === null || limit <= 0 ? null : bytes / limit;
    },
    unknown: 'its limit is not known',
    clear: { by: 0.05 },
    forSeconds: 10 * minute,
    clearForSeconds: 10 * minute,
    say: ({ shown }) => `History takes up ${shown} of what it may; its oldest numbers are dropped soon.`,
  }),
  rule('landbridge', {
    id: 'landbridge.data-dir-full',
    title: 'The data directory is almost full',
    what: 'There is little free space where the data directory is.',
    why: 'When there is none, nothing can be decided, recorded or alerted any more. Records are still mirrored.',
    steps: [
      'Make room on that volume, or move the data directory to a larger one.',
      'history.db may be deleted while the console stands: only charts are lost. alerts.db and landbridge.db may not.',
    ],
    metric: 'landbridge_data_dir_free_bytes',
    unit: 'bytes',
    raisedWhen: 'below',
    thresholds: [
      step('WARN', 'bytes', 5 * gibibyte, [mebibyte, tebibyte], 'Free space.'),
      step('ERROR', 'bytes', gibibyte, [mebibyte, tebibyte], 'Free space.'),
      step('CRITICAL', 'bytes', 256 * mebibyte, [mebibyte, tebibyte], 'Free space.'),
    ],
    clear: { share: 0.1 },
    forSeconds: 30,
    clearForSeconds: minute,
    say: ({ shown }) => `There are ${shown} free where the data directory is.`,
  }),
  rule('landbridge', {
    id: 'landbridge.memory',
    title: 'Landbridge takes much memory',
    what: 'The process has taken much memory for a while.',
    why: 'The system may end it, and mirroring stops until it is up again.',
    steps: [
      'Compare with link.memory.bytes of all links: so much they may take.',
      'Look whether it keeps growing: then take a heap snapshot, and tell us.',
    ],
    metric: 'landbridge_process_memory_bytes',
    unit: 'bytes',
    thresholds: [
      step('WARN', 'bytes', 4 * gibibyte, [64 * mebibyte, tebibyte], 'Resident memory.'),
      step('ERROR', 'bytes', 8 * gibibyte, [64 * mebibyte, tebibyte], 'Resident memory.'),
    ],
    clear: { share: 0.1 },
    forSeconds: 10 * minute,
    clearForSeconds: 5 * minute,
    say: ({ shown }) => `Landbridge takes ${shown} of memory.`,
  }),
  rule('landbridge', {
    id: 'landbridge.endpoint-unreachable',
    title: 'An endpoint takes nothing',
    what: 'An address outside that receives health reports, or metrics over OTLP, does not take them.',
    why: 'Whoever watches there is blind. Health reports are kept for a day, then the oldest are dropped; of metrics over OTLP only the newest are kept.',
    steps: [
      'Look at Settings → Health endpoint of the console: it says what the endpoint answered.',
      'Look at name, proxy, certificate and token or headers, and at whoever runs the endpoint.',
    ],
    metric: 'landbridge_endpoint_reachable',
    measure: (value) => (value === 0 ? 1 : 0),
    levels: yes('ERROR'),
    forSeconds: 5 * minute,
    clearForSeconds: minute,
    say: ({ labels }) => `Endpoint ${labels.endpoint} takes nothing.`,
  }),
  rule('landbridge', {
    id: 'landbridge.reports-dropped',
    title: 'Health reports were dropped',
    what: 'Reports for the health endpoint were dropped within the window, because the buffer was full.',
    why: 'There is a hole in what the endpoint knows.',
    steps: [
      'Mend the way to the endpoint: it was not reachable for long.',
      'Give the buffer more room if such outages are usual.',
    ],
    metric: 'landbridge_reports_dropped_total',
    window: { kind: 'counter', seconds: 'window' },
    counted: 'report',
    thresholds: [
      step('WARN', 'count', 1, [1, 1e9], 'Reports dropped within the window.'),
      setting('window', 'seconds', hour, [minute, 30 * day], 'So long it stays raised after the last one.'),
    ],
    measure: (_, look) => look.grown(),
    unknown: 'the counter has been seen only once',
    forSeconds: 0,
    clearForSeconds: 0,
    say: ({ labels, value, window }) =>
      `${plural(value, 'report')} for health endpoint ${labels.endpoint} ${value === 1 ? 'was' : 'were'} dropped within ${window}.`,
  }),
  rule('landbridge', {
    id: 'landbridge.channel-failing',
    title: 'An alert channel takes no messages',
    what: 'Messages of alerts have failed on a channel for a while.',
    why: 'Whoever relies on it is not told what is wrong.',
    steps: [
      'Test the channel in Settings: it says exactly what happens.',
      'Mend address, credentials or network. What waits is sent by itself; what was given up can be sent again.',
    ],
    metric: 'landbridge_channel_failing_seconds',
    unit: 'seconds',
    thresholds: [
      step('WARN', 'seconds', 5 * minute, [10, 30 * day], 'Since when nothing gets through.'),
      step('ERROR', 'seconds', hour, [10, 30 * day], 'Since when nothing gets through.'),
    ],
    forSeconds: 0,
    clearForSeconds: 30,
    say: ({ labels, shown }) => `Alert channel ${labels.channel} has taken no message for ${shown}.`,
  }),
  rule('landbridge', {
    id: 'landbridge.console-silent',
    title: 'A console is silent',
    what: 'A console has not reported to this hub for longer than its reports should be apart. Only told on a hub.',
    why: 'Nothing is known of its clusters and links from then on.',
    steps: [
      'Look whether that console runs, and what its Settings → Health endpoint says.',
      'Look at the network between, and whether its key was revoked.',
    ],
    metric: 'landbridge_console_report_age_seconds',
    uses: ['landbridge_console_report_interval_seconds'],
    counted: 'interval',
    thresholds: [
      step('ERROR', 'count', 3, [1.5, 10_000], 'Intervals since the last report.'),
      step('CRITICAL', 'count', 60, [1.5, 10_000], 'Intervals since the last report.'),
    ],
    measure: (age, look) => {
      const interval = look.other('landbridge_console_report_interval_seconds');
      return interval === null || interval <= 0 ? null : age / interval;
    },
    unknown: 'the interval of its reports is not known',
    forSeconds: 0,
    clearForSeconds: 0,
    say: ({ shown }) => `The console has not reported for ${shown} of its reports.`,
  }),
];
