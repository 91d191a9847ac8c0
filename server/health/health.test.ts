import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { disk, empty, full } from './testing/disks';
import { HealthWorld, type Now, toOps } from './testing/health-world';

let world: HealthWorld;
beforeEach(() => {
  world = new HealthWorld();
});
afterEach(() => world.close());

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
