import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthSettingsInput } from '@/lib/contracts/monitoring/health-settings';
import { HealthWorld, hook, type Now, toOps } from './testing/health-world';

let world: HealthWorld;
beforeEach(() => {
  world = new HealthWorld();
});
afterEach(() => world.close());

const disk = (used: number): Now => ({
  landbridge_log_dir_used_bytes: used,
  landbridge_log_dir_total_bytes: 100,
});
const full = disk(95);
const empty = disk(10);

describe('the life of an alert', () => {
  it('begins with RAISED, ends with CLEAR of the same id, and stays in the history', async () => {
    await world.looks(7, full);
    const [raised] = world.sent;
    expect(raised).toMatchObject({
      kind: 'RAISED',
      severity: 'CRITICAL',
      title: 'Disk of a broker fills up',
    });
    expect(raised?.message).toBe('/data on broker 3 of cluster west is 95 % full; 90 % is the limit.');
    const { alerts, open } = world.health.alerts();
    expect(open).toEqual({ INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 1 });
    expect(alerts).toMatchObject([
      { id: raised?.id, status: 'RAISED', value: 0.95, threshold: 0.9, known: true },
    ]);
    await world.looks(13, empty);
    expect(world.sent[1]).toMatchObject({ kind: 'CLEAR', id: raised?.id });
    expect(world.health.alerts().alerts).toEqual([]);
    const { alerts: cleared } = world.health.alerts({ status: 'CLEARED' });
    expect(cleared).toMatchObject([
      { id: raised?.id, status: 'CLEARED', cleared: 'OVER', worst: 'CRITICAL' },
    ]);
    const detail = world.health.alert(raised?.id ?? '');
    expect(detail?.changes.map(({ kind }) => kind)).toEqual(['RAISED', 'CLEARED']);
  });

  it('is told again when it gets graver, and not when it gets milder', async () => {
    await world.looks(7, disk(75));
    await world.looks(7, disk(85));
    await world.looks(20, disk(72));
    expect(world.told()).toEqual(['RAISED ops WARN broker.disk', 'AGAIN ops ERROR broker.disk']);
    await world.looks(13, empty);
    expect(world.told()).toEqual(['CLEAR ops WARN broker.disk']);
  });

  it('knows that nothing is known of it now', async () => {
    await world.looks(7, full);
    const lastNumberAt = world.health.library().at;
    expect(world.health.alerts().alerts).toMatchObject([{ known: true, lastNumberAt: null }]);
    await world.looks(2, {}, { whole: false });
    expect(world.health.alerts().alerts).toMatchObject([{ status: 'RAISED', known: false, lastNumberAt }]);
    const rule = world.health.library({ rule: 'broker.disk' }).rules[0];
    expect(rule?.subjects).toMatchObject([{ state: 'RAISED', lastNumberAt }]);
  });

  it('begins only once the settings are there: the rule may be switched off', async () => {
    await world.close();
    world = new HealthWorld(null);
    await world.looks(8, full);
    expect(world.health.alerts().alerts).toEqual([]);
    world.health.setSettings({
      ...toOps,
      overrides: [{ rule: 'broker.disk', scope: { kind: 'everywhere' }, enabled: false }],
    });
    await world.looks(8, full);
    expect(world.health.alerts().alerts).toEqual([]);
  });

  it('ends when its cluster is registered no more', async () => {
    await world.looks(7, full);
    world.health.setSettings({ ...toOps, subjects: ['cluster/east'] });
    await world.look({}, { whole: false });
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
    expect(world.health.alerts({ status: 'CLEARED' }).alerts).toMatchObject([{ cleared: 'GONE' }]);
  });
});

describe('a cluster that is removed', () => {
  it('ends its alerts before another of its name is looked at', async () => {
    await world.looks(7, full);
    world.health.setSettings({ ...toOps, subjects: [] });
    world.health.setSettings({ ...toOps, subjects: ['cluster/west'] });
    expect(world.health.alerts().alerts).toEqual([]);
    expect(world.health.alerts({ status: 'CLEARED' }).alerts).toMatchObject([{ cleared: 'GONE' }]);
    await world.look(full);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
  });
});

describe('a name that makes lines of its own, or turns them round', () => {
  it('is written out in what people are told', async () => {
    const dir = '/data\nCLEARED: all is well\u202e';
    await world.looks(7, {
      landbridge_log_dir_used_bytes: [[{ dir }, 95]],
      landbridge_log_dir_total_bytes: [[{ dir }, 100]],
    });
    const written = '/data\\nCLEARED: all is well\\u202e';
    expect(world.sent).toMatchObject([{ labels: { dir: written } }]);
    expect(world.sent[0]?.message).toMatch(/^[^\n\u202e]*$/);
    expect(world.sent[0]?.message).toContain(written);
    expect(world.health.alerts().alerts).toMatchObject([{ labels: { dir } }]);
  });
});

describe('a name under which another Kafka cluster answers', () => {
  it('is judged anew: what was known of the one before, and who had it, is over', async () => {
    await world.looks(7, full);
    const { id = '' } = world.health.alerts().alerts[0] ?? {};
    world.health.acknowledge(id, { by: 'Ada', why: 'A disk is on its way.' });
    world.health.clustersReplaced(['east']);
    expect(world.health.alerts().alerts).toMatchObject([{ id }]);
    world.health.clustersReplaced(['west']);
    await world.looks(7, full);
    const fullCluster = 'ops CRITICAL broker.disk';
    expect(world.told()).toEqual([`RAISED ${fullCluster}`, `CLEAR ${fullCluster}`, `RAISED ${fullCluster}`]);
    expect(world.health.alerts().alerts).toMatchObject([{ acknowledged: null }]);
  });

  it('has grown by nothing since the one before', async () => {
    const elections = (epoch: number): Now => ({ landbridge_quorum_epoch: epoch });
    await world.looks(7, elections(3));
    world.health.clustersReplaced(['west']);
    await world.looks(7, elections(400));
    expect(world.told()).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  const settings: HealthSettingsInput = {
    channels: [hook('ops'), { kind: 'pagerduty', id: 'pager', name: 'pager', routingKey: 'k'.repeat(32) }],
    routes: [{ id: 'all', matchers: [], channels: ['ops', 'pager'], repeatSeconds: 300 }],
  };

  it('says who and why, goes to PagerDuty, and ends repetitions', async () => {
    world.health.setSettings(settings);
    await world.looks(7, full);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'RAISED pager CRITICAL broker.disk']);
    await world.looks(31, full);
    expect(world.told()).toEqual(['AGAIN ops CRITICAL broker.disk', 'AGAIN pager CRITICAL broker.disk']);
    const id = world.health.alerts().alerts[0]?.id ?? '';
    world.health.acknowledge(id, { by: 'ada', why: 'new disk is on its way' });
    await world.looks(60, full);
    expect(world.told()).toEqual(['ACKNOWLEDGED pager CRITICAL broker.disk']);
    expect(world.health.alert(id)).toMatchObject({
      alert: { acknowledged: { by: 'ada', why: 'new disk is on its way' } },
      changes: [{ kind: 'RAISED' }, { kind: 'ACKNOWLEDGED', detail: 'ada: new disk is on its way' }],
    });
  });

  it('is the first one’s, who may say more of it, until somebody takes it over who knows from whom', async () => {
    await world.looks(7, full);
    const id = world.health.alerts().alerts[0]?.id ?? '';
    world.health.acknowledge(id, { by: 'ada', why: 'New disk is on its way.' });
    expect(() => world.health.acknowledge(id, { by: 'eve', why: 'I look at it.' })).toThrow(
      'ada has acknowledged it meanwhile: "New disk is on its way." Talk to each other before you take it over.',
    );
    world.health.acknowledge(id, { by: 'ada', why: 'It comes on Tuesday.' });
    world.health.acknowledge(id, { by: 'eve', why: 'Ada is on holiday.', from: 'ada' });
    expect(() => world.health.acknowledge(id, { by: 'bob', why: 'Mine.', from: 'ada' })).toThrow(/^eve has/);
    expect(world.health.alert(id)).toMatchObject({
      alert: { acknowledged: { by: 'eve', why: 'Ada is on holiday.' } },
      changes: [
        { kind: 'RAISED' },
        { kind: 'ACKNOWLEDGED', detail: 'ada: New disk is on its way.' },
        { kind: 'ACKNOWLEDGED', detail: 'ada: It comes on Tuesday.' },
        { kind: 'ACKNOWLEDGED', detail: 'eve: Ada is on holiday.' },
      ],
    });
  });

  it('of what is cleared, or another tenant’s, is refused', async () => {
    await world.looks(7, full);
    const id = world.health.alerts().alerts[0]?.id ?? '';
    expect(() => world.health.acknowledge(id, { by: 'eve', why: '' }, 'other')).toThrow(/no such alert/);
    await world.looks(13, empty);
    expect(() => world.health.acknowledge(id, { by: 'ada', why: '' })).toThrow(/no such alert/);
  });
});

describe('a silence', () => {
  const silent = (from: number, until: number): HealthSettingsInput => ({
    ...toOps,
    silences: [
      {
        id: 's1',
        from,
        until,
        by: 'ada',
        why: 'disk is replaced',
        matchers: [{ label: 'cluster', op: 'is', value: 'west' }],
      },
    ],
  });

  it('sends nothing, and what is still raised at its end then', async () => {
    world.health.setSettings(silent(world.nowMs, world.nowMs + 200_000));
    await world.looks(19, full);
    expect(world.told()).toEqual([]);
    expect(world.health.alerts().alerts).toMatchObject([{ silencedBy: ['s1'] }]);
    await world.looks(2, full);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });

  it('of something that is over before its end is never told', async () => {
    world.health.setSettings(silent(world.nowMs, world.nowMs + 900_000));
    await world.looks(10, full);
    await world.looks(20, empty);
    await world.wait(900);
    expect(world.told()).toEqual([]);
  });

  it('does not hold back the CLEAR of what was told', async () => {
    await world.looks(7, full);
    world.health.setSettings(silent(world.nowMs, world.nowMs + 900_000));
    await world.looks(13, empty);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
  });
});

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

describe('a restart', () => {
  it('forgets nothing, and tells nothing twice', async () => {
    await world.looks(7, full);
    await world.restart();
    await world.looks(5, full);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
    await world.looks(13, empty);
    expect(world.told()).toEqual(['CLEAR ops CRITICAL broker.disk']);
  });

  it('counts on with what was pending, without the time that it took', async () => {
    await world.looks(4, full);
    await world.restart();
    world.nowMs += 3_600_000 / 12;
    await world.looks(3, full);
    expect(world.told()).toEqual([]);
    await world.looks(1, full);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });

  it('goes on with a window that it has seen', async () => {
    const lag = (seconds: number): Now => ({ landbridge_link_max_lag_seconds: seconds });
    await world.looks(61, lag(40));
    await world.restart();
    await world.looks(14, lag(140));
    expect(world.told()).toEqual(['RAISED ops WARN link.lag-beyond-rpo', 'RAISED ops WARN link.lag-growing']);
  });

  it('after a crash sends what was queued and not taken', async () => {
    world.answers = () => ({ ok: false, said: 'no', refused: false });
    await world.looks(7, full);
    await world.crash();
    world.answers = () => ({ ok: true, said: 'yes', refused: false });
    await world.looks(13, empty);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
  });

  it('after a crash clears what is over meanwhile', async () => {
    await world.looks(7, full);
    await world.crash();
    await world.looks(13, empty);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
  });
});

describe('alerts.db', () => {
  it('that is damaged is told, and left as it is', async () => {
    await world.look(full);
    await world.health.stop();
    writeFileSync(world.file, 'this is no database, but it may be somebody’s only copy of one');
    const before = readFileSync(world.file);
    await world.restart();
    expect(world.health.problem).toContain('damaged');
    expect(world.health.problem).toContain('restore it from a backup');
    expect(() => world.health.alerts()).toThrow(/damaged/);
    await world.look(full);
    expect(readFileSync(world.file)).toEqual(before);
  });

  it('of a newer program is refused', async () => {
    await world.health.stop();
    const db = new Database(world.file);
    db.exec('pragma user_version = 99');
    db.close();
    await world.restart();
    expect(world.health.problem).toContain('newer Landbridge');
  });

  it('that takes no changes for a while delays messages and loses none', async () => {
    const other = new Database(world.file);
    other.exec('begin immediate');
    await world.looks(7, full);
    expect(world.health.problem).not.toBeNull();
    expect(world.told()).toEqual([]);
    other.exec('rollback');
    other.close();
    await world.look(full);
    expect(world.health.problem).toBeNull();
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  }, 60_000);

  it('keeps old alerts for 400 days, and does not believe the clock alone', async () => {
    const kept = () => {
      world.health.prune();
      return [
        world.health.alerts({ status: 'CLEARED' }).alerts.length,
        world.health.deliveries().deliveries.length,
      ];
    };
    await world.looks(7, full);
    await world.looks(13, empty);
    world.nowMs += 399 * 86_400_000;
    await world.looks(7, full);
    // Messages are kept for 90 days only.
    expect(kept()).toEqual([1, 1]);
    world.nowMs += 2 * 86_400_000;
    expect(kept()).toEqual([1, 1]);
    await world.looks(13, empty);
    expect(kept()).toEqual([1, 2]);
  });
});

describe('what somebody is shown', () => {
  it('is what he may see', async () => {
    await world.looks(7, { ...full, landbridge_link_mirrors_failed: 1, landbridge_engine_up: 0 });
    const seen = (visible: Parameters<typeof world.health.alerts>[0]) =>
      world.health
        .alerts(visible)
        .alerts.map(({ rule }) => rule)
        .sort();
    expect(seen({ withChildren: true })).toEqual([
      'broker.disk',
      'landbridge.engine-silent',
      'mirror.failed',
    ]);
    const visible = { landbridge: false, clusters: ['west'], links: [] };
    expect(seen({ withChildren: true, visible })).toEqual(['broker.disk']);
    const linkOnly = { landbridge: false, clusters: [], links: [{ destination: 'east', link: 'l1' }] };
    expect(seen({ withChildren: true, visible: linkOnly })).toEqual(['mirror.failed']);
    // It stands under what he may not see: for him it stands by itself.
    const his = world.health.alerts({ visible: linkOnly });
    expect(his.open).toEqual({ INFO: 0, WARN: 0, ERROR: 1, CRITICAL: 0 });
    expect(his.alerts).toMatchObject([{ rule: 'mirror.failed', parent: null }]);
    expect(world.health.alert(his.alerts[0]?.id ?? '', { visible: linkOnly })?.alert.parent).toBeNull();
    const all = world.health.alerts();
    expect(all.alerts.map(({ rule, children }) => [rule, children]).sort()).toEqual([
      ['broker.disk', 0],
      ['landbridge.engine-silent', 1],
    ]);
    const landbridgeOnly = { landbridge: true, clusters: [], links: [] };
    expect(world.health.alerts({ visible: landbridgeOnly }).alerts).toMatchObject([{ children: 0 }]);
    await world.looks(30, { ...empty, landbridge_link_mirrors_failed: 0, landbridge_engine_up: 1 });
    const over = { status: 'CLEARED', visible: linkOnly } as const;
    expect(world.health.alerts(over).alerts).toMatchObject([{ rule: 'mirror.failed', parent: null }]);
    expect(world.health.alerts({ status: 'CLEARED' }).alerts).toHaveLength(2);
    const [{ id = '' } = {}] = world.health.alerts({ status: 'CLEARED', rule: 'broker.disk' }).alerts;
    expect(world.health.alert(id, { visible: linkOnly })).toBeNull();
    const library = world.health.library({ visible: linkOnly });
    expect(library.rules.find((one) => one.id === 'broker.disk')?.subjects).toEqual([]);
  });

  it('is found by filters and in pages', async () => {
    const dirs = Array.from({ length: 7 }, (_, i) => `/data${i}`);
    const all = (used: number): Now => ({
      landbridge_log_dir_used_bytes: dirs.map((dir) => [{ dir }, used]),
      landbridge_log_dir_total_bytes: dirs.map((dir) => [{ dir }, 100]),
    });
    await world.looks(7, all(95));
    expect(world.health.alerts({ text: '/DATA3' }).alerts).toHaveLength(1);
    expect(world.health.alerts({ cluster: 'east' }).alerts).toHaveLength(0);
    expect(world.health.alerts({ area: 'brokers', atLeast: 'ERROR', cluster: 'west' }).alerts).toHaveLength(
      7,
    );
    await world.looks(13, all(10));
    await world.looks(7, { ...all(10), ...full });
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = world.health.alerts({ status: 'ALL', limit: 3, ...(after ? { after } : {}) });
      ids.push(...page.alerts.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after);
    expect(ids).toHaveLength(8);
    expect(new Set(ids).size).toBe(8);
  });

  it('of a console that reports each five minutes is judged by that interval', async () => {
    const place = { tenant: '', console: 'slow' };
    for (let i = 0; i < 3; i++) {
      await world.look(full, { place, intervalMs: 300_000 });
      world.nowMs += 290_000;
    }
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
    const other = { tenant: '', console: 'quick' };
    for (let i = 0; i < 3; i++) {
      await world.look(full, { place: other });
      world.nowMs += 290_000;
    }
    expect(world.told()).toEqual([]);
  });

  it('of one tenant is nothing of another’s', async () => {
    const place = { tenant: 'acme', console: 'paris' };
    world.health.setSettings({ ...toOps, channels: [hook('ops', { name: 'acme ops' })] }, 'acme');
    await world.looks(7, full, { place });
    expect(world.health.alerts().alerts).toEqual([]);
    const [alert] = world.health.alerts({ tenant: 'acme' }).alerts;
    expect(alert).toMatchObject({ console: 'paris', labels: { console: 'paris', cluster: 'west' } });
    expect(world.health.alert(alert?.id ?? '')).toBeNull();
    expect(world.health.deliveries().deliveries).toEqual([]);
    expect(world.health.deliveries({ tenant: 'acme' }).deliveries).toMatchObject([
      { channelName: 'acme ops' },
    ]);
    world.health.forget(place);
    expect(world.health.alerts({ tenant: 'acme', status: 'ALL' }).alerts).toEqual([]);
    await world.wait(1);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
    await world.restart();
    expect(world.health.alerts({ tenant: 'acme', status: 'ALL', withChildren: true }).alerts).toEqual([]);
  });
});

describe('the library', () => {
  it('tells of each rule what it judges, with number, limit and state', async () => {
    await world.looks(2, {
      ...full,
      landbridge_engine_up: 1,
      landbridge_quorum_headroom: 1,
      landbridge_log_dir_used_bytes: [
        [{}, 95],
        [{ dir: '/x' }, 5],
      ],
    });
    const { at, rules } = world.health.library();
    expect(at).toBe(world.nowMs - 10_000);
    const state = (id: string) =>
      rules
        .find((one) => one.id === id)
        ?.subjects.map((one) => [one.state, one.value, one.threshold, one.heldSeconds]);
    expect(state('broker.disk')).toEqual([
      ['PENDING', 0.95, 0.9, 10],
      ['UNKNOWN', null, 0.7, null],
    ]);
    expect(state('landbridge.engine-silent')).toEqual([['OK', 0, 1, null]]);
    expect(rules.find((one) => one.id === 'cluster.quorum-no-headroom')?.subjects[0]).toMatchObject({
      state: 'UNKNOWN',
      why: 'the number of voters is not known',
    });
    await world.looks(6, full);
    expect(world.health.library({ rule: 'broker.disk' }).rules[0]).toMatchObject({
      counts: { RAISED: 1 },
      subjects: [{ state: 'RAISED', severity: 'CRITICAL' }],
    });
  });
});
