import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HealthWorld, type Now } from './testing/health-world';

let world: HealthWorld;
beforeEach(() => {
  world = new HealthWorld();
});
afterEach(() => world.close());

describe('a broker that is down', () => {
  const brokers = (third: number): [Record<string, string>, number][] =>
    ['1', '2', '3'].map((broker) => [{ broker }, broker === '3' ? third : 1]);
  const down: Now = {
    landbridge_broker_reachable: brokers(0),
    landbridge_cluster_brokers_missing: 1,
    landbridge_cluster_under_replicated_partitions: 400,
    landbridge_cluster_under_min_isr_partitions: 37,
    landbridge_cluster_offline_partitions: 4,
    landbridge_cluster_sweep_interval_seconds: 10,
  };
  const up: Now = {
    landbridge_broker_reachable: brokers(1),
    landbridge_cluster_brokers_missing: 0,
    landbridge_cluster_under_replicated_partitions: 400,
    landbridge_cluster_under_min_isr_partitions: 0,
    landbridge_cluster_offline_partitions: 0,
  };

  it('is one message, as grave as the gravest that comes of it, with the rest listed under it', async () => {
    await world.looks(32, down);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.unreachable']);
    const { alerts, open } = world.health.alerts();
    expect(open).toEqual({ INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 1 });
    expect(alerts).toMatchObject([
      { rule: 'broker.unreachable', severity: 'CRITICAL', children: 4, labels: { broker: '3' } },
    ]);
    const { children } = world.health.alert(alerts[0]?.id ?? '') ?? {};
    expect(children?.map(({ rule }) => rule).sort()).toEqual([
      'cluster.brokers-missing',
      'cluster.offline-partitions',
      'cluster.under-min-isr',
      'cluster.under-replicated',
    ]);
    expect(children?.find(({ rule }) => rule === 'cluster.under-replicated')?.message).toContain(
      '400 partitions',
    );
    expect(world.health.alerts({ withChildren: true }).alerts).toHaveLength(5);
  });

  it('and holds sweeps up is one message, too: that they do not end is listed under it', async () => {
    await world.looks(4, { ...down, landbridge_cluster_sweep_age_seconds: 15 });
    await world.looks(8, { ...down, landbridge_cluster_sweep_age_seconds: 45 });
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.unreachable']);
    const [alert] = world.health.alerts().alerts;
    const { children } = world.health.alert(alert?.id ?? '') ?? {};
    expect(children?.map(({ rule }) => rule)).toContain('landbridge.sweep-unfinished');
  });

  it('has what follows from it in its message', async () => {
    const telling = world;
    await telling.looks(4, down);
    expect(telling.sent[0]?.message).toBe(
      'Broker 3 of cluster west does not answer. With it: 4 partitions of cluster west have no leader. ' +
        '37 partitions of cluster west have fewer replicas in sync than min.insync.replicas.',
    );
  });

  it('is cleared alone; what is over soon after it is never told, and what stays is told then', async () => {
    await world.looks(32, down);
    await world.looks(12, up);
    expect(world.told()).toEqual([
      'RAISED ops CRITICAL broker.unreachable',
      'CLEAR ops CRITICAL broker.unreachable',
    ]);
    await world.looks(30, up);
    expect(world.told()).toEqual(['RAISED ops WARN cluster.under-replicated']);
    await world.looks(14, { ...up, landbridge_cluster_under_replicated_partitions: 0 });
    expect(world.told()).toEqual(['CLEAR ops WARN cluster.under-replicated']);
  });

  it('takes what was told before it under itself, and that is still cleared', async () => {
    await world.looks(3, {
      ...down,
      landbridge_broker_reachable: brokers(1),
      landbridge_cluster_brokers_missing: 0,
    });
    expect(world.told()).toEqual(['RAISED ops CRITICAL cluster.offline-partitions']);
    await world.looks(5, down);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.unreachable']);
    await world.looks(12, up);
    expect(world.told().sort()).toEqual([
      'CLEAR ops CRITICAL broker.unreachable',
      'CLEAR ops CRITICAL cluster.offline-partitions',
    ]);
  });
});

describe('a controller that is down', () => {
  const voters = (away: number, behindSeconds: number): Now => ({
    landbridge_quorum_voters: 3,
    landbridge_quorum_headroom: 0,
    landbridge_quorum_voter_behind_seconds: [1, 2, 3].map((id) => [
      { voter: String(id) },
      id === away ? behindSeconds : 0,
    ]),
  });
  const unreachable = (broker: string): Now => ({
    landbridge_broker_reachable: ['1', '2', '3'].map((id) => [{ broker: id }, id === broker ? 0 : 1]),
  });

  it('and is a broker as well is one message: that of the broker', async () => {
    await world.looks(12, { ...unreachable('3'), ...voters(3, 60) });
    expect(world.told()).toEqual(['RAISED ops ERROR broker.unreachable']);
    const [alert] = world.health.alerts().alerts;
    const { children } = world.health.alert(alert?.id ?? '') ?? {};
    expect(children?.map(({ rule, message }) => [rule, message])).toEqual([
      ['cluster.voter-behind', 'Voter 3 of the quorum of cluster west has been behind for 60 s.'],
      [
        'cluster.quorum-no-headroom',
        'The quorum of cluster west loses its majority with the next voter that fails.',
      ],
    ]);
  });

  it('beside a broker that is down is told apart, once, and again when the quorum has no headroom', async () => {
    await world.looks(12, { ...unreachable('3'), ...voters(2, 60) });
    expect(world.told()).toEqual([
      'RAISED ops WARN cluster.voter-behind',
      'RAISED ops ERROR broker.unreachable',
      'AGAIN ops ERROR cluster.voter-behind',
    ]);
  });
});

describe('a site that is lost', () => {
  const lost: Now = {
    landbridge_cluster_reachable: 0,
    landbridge_broker_reachable: ['1', '2', '3'].map((broker) => [{ broker }, 0]),
    landbridge_link_state: 2,
    landbridge_link_mirrors_unavailable: 40,
  };

  it('is one message: brokers, links and mirrors stand under the cluster, whatever they stand under besides', async () => {
    await world.looks(20, lost);
    expect(world.told()).toEqual(['RAISED ops CRITICAL cluster.unreachable']);
    const [alert] = world.health.alerts().alerts;
    const { children } = world.health.alert(alert?.id ?? '') ?? {};
    const rules = new Set(children?.map(({ rule }) => rule));
    expect([...rules].sort()).toEqual([
      'broker.unreachable',
      'link.unavailable',
      'mirror.source-unavailable',
    ]);
    expect(children).toHaveLength(5);
    expect(new Set(children?.map(({ parent }) => parent))).toEqual(new Set([alert?.id]));
  });
});

describe('a storm', () => {
  const groups = (stalled: number): Now => {
    const names = Array.from({ length: 40 }, (_, i) => `group-${String(i).padStart(2, '0')}`);
    return {
      landbridge_group_stalled_partitions: names.map((group) => [{ group }, stalled]),
      landbridge_group_partitions: names.map((group) => [{ group }, 6]),
    };
  };

  it('of forty groups is ten messages, and the rest listed under the first', async () => {
    await world.looks(9, groups(6));
    expect(world.told()).toHaveLength(10);
    const { alerts } = world.health.alerts();
    expect(alerts).toHaveLength(10);
    expect(alerts.map(({ children }) => children).sort((a, b) => a - b)).toEqual([...Array(9).fill(0), 30]);
    await world.looks(20, groups(0));
    expect(world.told()).toHaveLength(10);
    expect(world.health.alerts({ status: 'CLEARED', withChildren: true }).alerts).toHaveLength(40);
  });

  it('of mirrors of one link is one alert that names them', async () => {
    const topics = Array.from({ length: 130 }, (_, i) => `topic-${String(i).padStart(3, '0')}`);
    await world.looks(2, { landbridge_mirror_foreign_write: topics.map((topic) => [{ topic }, 1]) });
    expect(world.sent).toHaveLength(1);
    expect(world.sent[0]?.message).toContain(
      'Somebody else wrote to 130 mirrors of link l1 (west → east). Affected: topic-000, topic-001',
    );
    const [alert] = world.health.alerts().alerts;
    expect(alert?.affected.count).toBe(130);
    expect(alert?.affected.items).toHaveLength(100);
  });
});
