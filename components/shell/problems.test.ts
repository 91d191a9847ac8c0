import { describe, expect, it } from 'vitest';
import type { ClusterView } from '@/lib/contracts/cluster';
import type { LinkRow } from '@/lib/contracts/link';
import type { AlertRow } from '@/lib/contracts/monitoring/alerts';
import { problemsOf as problemsAt } from './problems';

const NOW = 100_000;
const problemsOf = (links: LinkRow[], clusters: ClusterView[]) => problemsAt(links, clusters, NOW);

const link = (over: Partial<LinkRow>): LinkRow => ({
  id: 'l1',
  name: 'a-to-b',
  source: { name: 'a', clusterId: 'A', kafkaVersion: null, brokers: 1 },
  destination: { name: 'b', clusterId: 'B', kafkaVersion: null, brokers: 1 },
  state: 'ACTIVE',
  error: 'NO_ERROR',
  message: null,
  since: 1000,
  mirrors: 5,
  mirrorsByState: { ACTIVE: 5 },
  attention: 0,
  operations: { open: 0, longest: null },
  locks: { locked: 0, watched: 0 },
  bytesPerSecond: 0,
  recordsPerSecond: 0,
  worst: null,
  latencyMs: null,
  mode: 'DESTINATION',
  otherDirection: null,
  ...over,
});
const cluster = (reachable: boolean | null): ClusterView => ({
  name: 'b',
  bootstrapServers: ['127.0.0.1:9092'],
  security: { protocol: 'PLAINTEXT', saslMechanism: null, saslUsername: null, oauth: null, tls: null },
  managedBy: 'CONSOLE',
  probe:
    reachable === null
      ? null
      : {
          reachable,
          checkedAt: 500,
          clusterId: null,
          kafkaVersion: null,
          controllerId: null,
          brokers: [],
          topicCount: null,
          partitionCount: null,
          rttMs: null,
          checks: [{ stage: 'TCP', status: 'FAILED', message: 'Connection refused.', durationMs: 1 }],
        },
  linksFrom: [],
  linksTo: [],
  deletions: [],
});

describe('the list of problems', () => {
  it('is empty when all links flow and all clusters answer or were not asked yet', () => {
    expect(problemsOf([link({}), link({ state: 'PAUSED' })], [cluster(true), cluster(null)])).toEqual([]);
  });

  it('puts what has failed before what is unknown and what only lags', () => {
    const problems = problemsOf(
      [
        link({ attention: 2 }),
        link({ name: 'x', state: 'UNKNOWN' }),
        link({ name: 'y', state: 'UNAVAILABLE', message: 'No broker answers.' }),
      ],
      [],
    );
    expect(problems.map((p) => p.severity)).toEqual(['bad', 'unknown', 'warn']);
    expect(problems[0]).toMatchObject({
      title: 'Link y cannot reach its source',
      message: 'No broker answers.',
    });
  });

  it('tells failed mirrors from those that need attention', () => {
    const [problem] = problemsOf([link({ attention: 3, mirrorsByState: { ACTIVE: 4, FAILED: 1 } })], []);
    expect(problem?.title).toBe('1 mirror of a-to-b failed, 2 mirrors of a-to-b need attention');
    expect(problem?.severity).toBe('bad');
  });

  it('gives the failed stage of an unreachable cluster', () => {
    expect(problemsOf([], [cluster(false)])[0]).toMatchObject({ message: 'Connection refused.', since: 500 });
  });

  it('names a promote that has waited for more than a minute, with a way to its steps', () => {
    const waiting = (since: number) =>
      link({
        operations: {
          open: 3,
          longest: {
            ...{ id: 'o1', topic: 'orders', kind: 'PROMOTE', startedAt: 1, step: 'DRAIN', since },
            detail: 'The source is being written to.',
          },
        },
      });
    expect(problemsOf([waiting(NOW - 60_000)], [])).toEqual([]);
    expect(problemsOf([waiting(NOW - 60_001)], [])).toMatchObject([
      {
        severity: 'warn',
        title: 'Promote of orders waits at drain, and 2 others are under way',
        message: 'The source is being written to.',
        target: { kind: 'operation', link: 'a-to-b', id: 'o1' },
      },
    ]);
  });
});

describe('open alerts', () => {
  const alert = (over: Partial<AlertRow>): AlertRow => ({
    lastNumberAt: null,
    ...{ id: 'a1', tenant: '', console: '', rule: 'group.stalled', area: 'groups', status: 'RAISED' },
    ...{
      severity: 'ERROR',
      worst: 'ERROR',
      labels: {},
      title: 'Consumer group is stalled',
      message: 'It stands.',
    },
    ...{
      value: 1,
      threshold: 1,
      unit: 'ratio',
      counted: null,
      affected: { count: 0, items: [] },
      createdAt: 5,
      changedAt: 5,
    },
    ...{ clearedAt: null, cleared: null, acknowledged: null, parent: null },
    ...{ silencedBy: [], known: true, children: 0 },
    ...over,
  });
  const onLink = { labels: { link: 'a-to-b', source: 'a', destination: 'b' } };
  const ids = (links: LinkRow[], alerts: AlertRow[], clusters: ClusterView[] = []) =>
    problemsAt(links, clusters, NOW, alerts).map(({ id }) => id);

  it('are problems, the critical ones before everything, with a way in', () => {
    const problems = problemsAt([link({ state: 'FAILED' })], [], NOW, [
      alert({ severity: 'WARN', id: 'w' }),
      alert({ severity: 'CRITICAL', id: 'c', rule: 'cluster.offline-partitions' }),
    ]);
    expect(problems.map(({ id }) => id)).toEqual(['alert c', 'link b a-to-b', 'alert w']);
    expect(problems[0]).toMatchObject({ severity: 'bad', target: { kind: 'alert', id: 'c' } });
  });

  it('do not repeat what is said of a link, its mirrors or a cluster', () => {
    const failed = alert({ rule: 'link.failed', ...onLink });
    expect(ids([link({ state: 'FAILED' })], [failed])).toEqual(['link b a-to-b']);
    expect(ids([link({ attention: 1 })], [alert({ rule: 'mirror.failed', ...onLink })])).toEqual([
      'link b a-to-b mirrors',
    ]);
    const unreachable = alert({ rule: 'cluster.unreachable', labels: { cluster: 'b' } });
    expect(ids([], [unreachable], [cluster(false)])).toEqual(['cluster b']);
  });

  it('are told where the lists say nothing of it', () => {
    expect(ids([link({})], [alert({ rule: 'link.failed', ...onLink })])).toEqual(['alert a1']);
    expect(
      ids([link({ state: 'FAILED', name: 'other' })], [alert({ rule: 'link.failed', ...onLink })]),
    ).toEqual(['alert a1', 'link b other']);
  });

  it('for which another stands, or which are only worth knowing, are left to Health', () => {
    expect(ids([], [alert({ parent: 'p' }), alert({ severity: 'INFO' })])).toEqual([]);
  });

  it('say who knows, and that they are silenced', () => {
    const acknowledged = { at: 1, by: 'Ada', why: 'Disk is being replaced.' };
    const [problem] = problemsAt([], [], NOW, [alert({ acknowledged, silencedBy: ['s1'] })]);
    expect(problem?.message).toBe('It stands. · Ada knows: Disk is being replaced. · silenced');
  });
});
