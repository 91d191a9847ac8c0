import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthSettingsInput } from '@/lib/contracts/monitoring/health-settings';
import { empty, full } from './testing/disks';
import { HealthWorld, hook, toOps } from './testing/health-world';

let world: HealthWorld;
beforeEach(() => {
  world = new HealthWorld();
});
afterEach(() => world.close());

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
