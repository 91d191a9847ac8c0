import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { empty, full } from './testing/disks';
import { HealthWorld, hook, type Now, toOps } from './testing/health-world';

let world: HealthWorld;
beforeEach(() => {
  world = new HealthWorld();
});
afterEach(() => world.close());

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
