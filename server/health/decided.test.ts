// What happens to alerts that are open when people change thresholds, switch rules off, or take clusters away.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthSettingsInput } from '@/lib/contracts/monitoring/health-settings';
import type { RuleOverride } from '@/lib/contracts/monitoring/rules';
import { HealthWorld, type Now, toOps } from './testing/health-world';

let world: HealthWorld;
beforeEach(async () => {
  world = new HealthWorld();
  await world.looks(7, disk(85));
  expect(world.told()).toEqual(['RAISED ops ERROR broker.disk']);
});
afterEach(() => world.close());

const disk = (used: number): Now => ({
  landbridge_log_dir_used_bytes: used,
  landbridge_log_dir_total_bytes: 100,
});
const decide = (override: Partial<RuleOverride>, more: HealthSettingsInput = {}) =>
  world.decide({
    ...toOps,
    ...more,
    overrides: [{ rule: 'broker.disk', scope: { kind: 'everywhere' }, ...override }],
  });

describe('a threshold that is changed while its alert is open', () => {
  it('so that it is graver by it is told again, after its duration', async () => {
    decide({ thresholds: { critical: 0.84 } });
    await world.looks(6, disk(85));
    expect(world.told()).toEqual([]);
    await world.look(disk(85));
    expect(world.sent).toMatchObject([
      {
        kind: 'AGAIN',
        severity: 'CRITICAL',
        message: expect.stringContaining('85 % full; 84 % is the limit.'),
      },
    ]);
  });

  it('so that it is milder by it is not told, and its CLEAR comes', async () => {
    decide({ thresholds: { error: 0.89 } });
    await world.looks(13, disk(85));
    expect(world.told()).toEqual([]);
    expect(world.health.alerts().alerts).toMatchObject([
      { severity: 'WARN', worst: 'ERROR', threshold: 0.7 },
    ]);
    await world.looks(13, disk(10));
    expect(world.told()).toEqual(['CLEAR ops WARN broker.disk']);
  });

  it('so that nothing is wrong by it is cleared after its duration', async () => {
    decide({ thresholds: { warn: 0.88, error: 0.9, critical: 0.95 } });
    await world.looks(12, disk(85));
    expect(world.told()).toEqual([]);
    await world.look(disk(85));
    expect(world.told()).toEqual(['CLEAR ops ERROR broker.disk']);
    expect(world.health.alerts({ status: 'CLEARED' }).alerts).toMatchObject([{ cleared: 'OVER' }]);
  });

  it('for another cluster changes nothing', async () => {
    decide({
      scope: { kind: 'cluster', cluster: 'east' },
      thresholds: { warn: 0.97, error: 0.98, critical: 0.99 },
    });
    await world.looks(30, disk(85));
    expect(world.told()).toEqual([]);
    expect(world.health.alerts().alerts).toHaveLength(1);
  });
});

it('a rule that is switched off clears its alerts at once, and raises them anew when it is on again', async () => {
  decide({ enabled: false });
  await world.look(disk(85));
  expect(world.told()).toEqual(['CLEAR ops ERROR broker.disk']);
  const [{ id: before = '' } = {}] = world.health.alerts({ status: 'CLEARED' }).alerts;
  expect(world.health.alert(before)).toMatchObject({ alert: { cleared: 'OFF' } });
  world.decide(toOps);
  await world.looks(7, disk(85));
  expect(world.sent).toMatchObject([{ kind: 'RAISED', severity: 'ERROR' }]);
  expect(world.sent[0]?.id).not.toBe(before);
});

describe('a cluster that is taken away while alerts are open', () => {
  const without: HealthSettingsInput = { ...toOps, subjects: ['cluster/east', 'landbridge'] };
  const withIt: HealthSettingsInput = { ...toOps, subjects: ['cluster/east', 'cluster/west', 'landbridge'] };

  it('has them cleared as gone, also while messages wait, and one of its name begins anew', async () => {
    world.answers = () => ({ ok: false, said: 'connection refused', refused: false });
    await world.looks(7, disk(95));
    world.decide(without);
    await world.look({}, { whole: false });
    expect(world.health.alerts().alerts).toEqual([]);
    const [{ id: before = '' } = {}] = world.health.alerts({ status: 'CLEARED' }).alerts;
    expect(world.health.alert(before)).toMatchObject({
      alert: { cleared: 'GONE', message: expect.stringContaining('95 % full') },
    });
    world.answers = () => ({ ok: true, said: 'taken', refused: false });
    for (let i = 0; i < 10; i++) await world.wait(60);
    expect(world.told()).toEqual(['AGAIN ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
    world.decide(withIt);
    await world.looks(7, disk(85));
    expect(world.sent).toMatchObject([{ kind: 'RAISED' }]);
    expect(world.sent[0]?.id).not.toBe(before);
  });

  it.each(['restart', 'crash'] as const)('while the server was away has them cleared: %s', async (how) => {
    await world[how](without);
    await world.looks(2, {}, { whole: false });
    expect(world.told()).toEqual(['CLEAR ops ERROR broker.disk']);
    expect(world.health.alerts({ withChildren: true }).alerts).toEqual([]);
  });
});
