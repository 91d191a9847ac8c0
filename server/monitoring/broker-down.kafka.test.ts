// A broker dies on a real cluster, the one that leads the metadata quorum: one alert tells of it and of all that follows, and ends when the broker
// is back. Time runs ten times as fast for the rules, so that their durations are seconds. About 100 s.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteCluster } from '@/harness/test-clusters';
import { createTopic, describeTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { clusterConfig } from '@/lib/contracts/cluster';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import type { Notice } from '@/server/health/channels/notice';
import { Health } from '@/server/health/health';
import { hook } from '@/server/health/testing/health-world';
import { Collector } from '@/server/metrics/collector/collector';
import { affectedPartitions } from './affected';

const timesFaster = 10;
const tickMs = 10_000;
const assignments = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
];

const cluster = suiteCluster({ name: 'loses-a-broker', brokers: 3 });
const folder = mkdtempSync(join(tmpdir(), 'landbridge-broker-down-'));
const beganMs = Date.now();
const now = () => beganMs + (Date.now() - beganMs) * timesFaster;
const sent: Notice[] = [];
const logged: string[] = [];
const registry = new SeriesRegistry();
let collector: Collector;
let health: Health;
let timer: NodeJS.Timeout;

beforeAll(async () => {
  const { bootstrap } = cluster();
  // What is on one broker alone is offline without it; what needs all three takes no writes.
  await createTopic({ bootstrap, topic: 'alone', assignments: [[1], [2], [3]] });
  await createTopic({ bootstrap, topic: 'strict', assignments, configs: { 'min.insync.replicas': '3' } });
  await createTopic({ bootstrap, topic: 'usual', assignments });
  const log = (level: string, message: string) => void logged.push(`${level} ${message}`);
  collector = new Collector({ log, intervalMs: tickMs / timesFaster });
  collector.setClusters([clusterConfig.parse({ name: 'east', bootstrapServers: bootstrap.split(',') })]);
  health = new Health({
    ...{ file: join(folder, 'alerts.db'), log, now, intervalMs: tickMs },
    namesOf: (_, rule, labels) => affectedPartitions(collector.sweepOf(labels.cluster ?? ''), rule, labels),
    send: async (_, notice) => {
      sent.push(notice);
      return { ok: true, said: 'taken', refused: false };
    },
  });
  health.start();
  health.setSettings({
    channels: [hook('ops')],
    routes: [{ id: 'all', matchers: [], atLeast: 'INFO', channels: ['ops'] }],
    overrides: [
      // The brokers' own clocks do not run faster.
      { rule: 'cluster.voter-behind', scope: { kind: 'everywhere' }, thresholds: { warn: 3 } },
      // Two leaders are lost within what is a quarter of an hour here.
      {
        rule: 'cluster.quorum-unstable',
        scope: { kind: 'everywhere' },
        thresholds: { warn: 30, error: 300 },
      },
    ],
    subjects: ['cluster/east'],
  });
  collector.start();
  await waitFor('a whole sweep', () => collector.sweepOf('east')?.complete === true);
  timer = setInterval(() => {
    const builder = new ObservationBuilder(registry);
    collector.addTo(builder, Date.now());
    health.observe(builder.build(now()));
  }, tickMs / timesFaster);
});
afterAll(async () => {
  clearInterval(timer);
  await collector?.stop();
  await health?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const open = () => health.alerts({ withChildren: true }).alerts;
const allCleared = () =>
  waitFor('everything to be cleared', () => open().length === 0, { limitMs: 240_000 }).catch(
    (error: Error) => {
      const left = open().map(({ rule, severity, message }) => `${rule} ${severity} ${message}`);
      throw new Error(`${error.message} ${left.join(' | ')}`, { cause: error });
    },
  );
const isOpen = (rule: string) => open().some((alert) => alert.rule === rule);
const partitionsOn = async (broker: number): Promise<string[]> => {
  const topics = ['alone', 'strict', 'usual'];
  const described = await Promise.all(
    topics.map((topic) => describeTopic({ bootstrap: cluster().bootstrap, topic })),
  );
  return described.flatMap(({ partitions }, t) =>
    partitions
      .filter(({ replicas }) => replicas.includes(broker))
      .map(({ partition }) => `${topics[t]} partition ${partition}`),
  );
};

it('a broker that is down is one alert that names its partitions, with all that follows listed under it', async () => {
  const dead = collector.sweepOf('east')?.quorum?.leader ?? 0;
  const partitions = await partitionsOn(dead);
  await cluster().broker(dead).kill();
  const follows = [
    'broker.fenced',
    'cluster.brokers-missing',
    'cluster.offline-partitions',
    'cluster.under-min-isr',
    'cluster.voter-behind',
  ];
  for (const rule of follows) await waitFor(`${rule} to be raised`, () => isOpen(rule), { limitMs: 120_000 });

  const { alerts } = health.alerts();
  expect(alerts).toMatchObject([
    {
      ...{ rule: 'broker.unreachable', severity: 'CRITICAL' },
      labels: { cluster: 'east', broker: String(dead) },
      affected: { count: partitions.length, items: partitions },
    },
  ]);
  const id = alerts[0]?.id ?? '';
  const children = health.alert(id)?.children ?? [];
  // On a busy machine more may follow: replicas that are behind for long.
  expect(children.map(({ rule }) => rule)).toEqual(expect.arrayContaining(follows));
  expect(new Set(open().map(({ parent }) => parent))).toEqual(new Set([null, id]));
  const says = (rule: string) => children.find((child) => child.rule === rule)?.message;
  expect(says('cluster.offline-partitions')).toBe('1 partition of cluster east has no leader.');
  expect(says('cluster.under-min-isr')).toBe(
    '4 partitions of cluster east have fewer replicas in sync than min.insync.replicas.',
  );
  expect(says('cluster.voter-behind')).toContain(`Voter ${dead} of the quorum of cluster east`);

  const back = cluster().broker(dead).start();
  await allCleared();
  await back;
  await health.pump();
  expect(new Set(sent.map((notice) => notice.id))).toEqual(new Set([id]));
  const told = sent.map(({ kind, severity }) => `${kind} ${severity}`);
  // Told again at most once: when partitions turn out to be offline, and nobody knew it yet.
  expect(['RAISED CRITICAL', 'RAISED ERROR, AGAIN CRITICAL']).toContain(told.slice(0, -1).join(', '));
  expect(told.at(-1)).toMatch(/^CLEAR /);
  expect(sent[0]?.message).toContain(
    `Broker ${dead} of cluster east does not answer. Affected: ${partitions.slice(0, 10).join(', ')}`,
  );
  expect(logged.filter((line) => line.startsWith('error'))).toEqual([]);
});

it('a leader of the quorum that hangs is one alert at each moment, too, with all that follows under it', async () => {
  await waitFor('a whole sweep', () => collector.sweepOf('east')?.complete === true, { limitMs: 120_000 });
  const hung = collector.sweepOf('east')?.quorum?.leader ?? 0;
  await cluster().broker(hung).standStill();
  try {
    await waitFor('the broker to be told', () => isOpen('broker.unreachable'), { limitMs: 120_000 });
    await waitFor(
      'its voter to be behind',
      () => {
        const { alerts } = health.alerts();
        expect(alerts).toMatchObject([
          { rule: 'broker.unreachable', labels: { cluster: 'east', broker: String(hung) } },
        ]);
        return open().some(({ rule, parent }) => rule === 'cluster.voter-behind' && parent === alerts[0]?.id);
      },
      { limitMs: 120_000 },
    );
  } finally {
    cluster().broker(hung).resume();
  }
  await allCleared();
});
