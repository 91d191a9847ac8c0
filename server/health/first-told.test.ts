// When anybody hears of an alert for the first time: not of what is over by then, and not of what follows from a cause that is just over.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthSettingsInput } from '@/lib/contracts/monitoring/health-settings';
import { HealthWorld, type Now, toOps } from './testing/health-world';

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
const silentFor = (seconds: number): HealthSettingsInput => ({
  ...toOps,
  silences: [
    {
      ...{ id: 's1', matchers: [], by: 'ada', why: 'disk is replaced' },
      ...{ from: world.nowMs, until: world.nowMs + seconds * 1_000 },
    },
  ],
});

describe('what is about to clear when a silence ends', () => {
  it('is not told any more', async () => {
    world.decide(silentFor(200));
    await world.looks(19, full);
    await world.looks(30, empty);
    expect(world.told()).toEqual([]);
    expect(world.health.alerts({ status: 'CLEARED' }).alerts).toMatchObject([{ cleared: 'OVER' }]);
  });

  it('is told when it comes back instead', async () => {
    world.decide(silentFor(200));
    await world.looks(19, full);
    await world.looks(5, empty);
    expect(world.told()).toEqual([]);
    await world.look(full);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });

  it('is told when nothing is known of it', async () => {
    world.decide(silentFor(200));
    await world.looks(19, full);
    await world.looks(2, empty);
    await world.look({}, { whole: false });
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });
});

describe('after a restart', () => {
  beforeEach(async () => {
    world.decide(silentFor(100));
    await world.looks(8, full);
    world.nowMs += 100_000;
  });

  it('nobody is told of what is over by then', async () => {
    await world.restart();
    await world.looks(20, empty);
    expect(world.told()).toEqual([]);
  });

  it('what is seen to be still so is told', async () => {
    await world.restart();
    await world.wait(1);
    expect(world.told()).toEqual([]);
    await world.look(full);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });

  it('what cannot be seen is told after two minutes', async () => {
    await world.crash();
    await world.looks(12, {}, { whole: false });
    expect(world.told()).toEqual([]);
    await world.look({}, { whole: false });
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });
});

const broker = (answers: boolean, more: Now = {}): Now => ({
  landbridge_broker_reachable: ['1', '2', '3'].map((id) => [{ broker: id }, id === '3' && !answers ? 0 : 1]),
  ...more,
});
const behind = (partitions: number): Now => ({ landbridge_cluster_under_replicated_partitions: partitions });
const offline = (partitions: number): Now => ({ landbridge_cluster_offline_partitions: partitions });

describe('what follows from a broker that was away for a moment', () => {
  it('is never told when it is over together with it', async () => {
    await world.looks(3, broker(false, offline(4)));
    await world.looks(20, broker(true, offline(0)));
    expect(world.told()).toEqual([]);
    expect(world.health.alerts({ status: 'CLEARED', withChildren: true }).alerts).toMatchObject([
      { rule: 'cluster.offline-partitions' },
    ]);
  });

  it('is told when it stays', async () => {
    await world.looks(3, broker(false, offline(4)));
    await world.look(broker(true, offline(4)));
    expect(world.told()).toEqual(['RAISED ops CRITICAL cluster.offline-partitions']);
  });
});

describe('what is raised when its cause was just cleared, and began before that', () => {
  const cause = ['RAISED ops ERROR broker.unreachable', 'CLEAR ops ERROR broker.unreachable'];
  /** The broker is away for 200 s; replicas need longer. */
  beforeEach(async () => {
    await world.looks(20, broker(false, behind(400)));
    await world.looks(8, broker(true, behind(400)));
    expect(world.told()).toEqual(cause);
  });
  const isUnderTheCause = () => {
    const [child] = world.health.alerts({ withChildren: true }).alerts;
    const [parent] = world.health.alerts({ status: 'CLEARED' }).alerts;
    expect(child).toMatchObject({ rule: 'cluster.under-replicated', parent: parent?.id });
    expect(parent).toMatchObject({ rule: 'broker.unreachable', labels: { broker: '3' } });
    // Nobody is told of it yet, and whoever looks sees it.
    const { alerts, open } = world.health.alerts();
    expect(alerts.map(({ rule }) => rule)).toEqual(['cluster.under-replicated']);
    expect(open).toMatchObject({ WARN: 1, ERROR: 0 });
  };

  it('is listed under it, and never told when it is over soon', async () => {
    await world.looks(10, broker(true, behind(12)));
    isUnderTheCause();
    await world.looks(60, broker(true, behind(0)));
    expect(world.told()).toEqual([]);
  });

  it.each(['restart', 'crash'] as const)('is so after a %s, too', async (how) => {
    await world[how]();
    await world.looks(10, broker(true, behind(12)));
    isUnderTheCause();
    await world.looks(60, broker(true, behind(0)));
    expect(world.told()).toEqual([]);
  });

  it('has a reason of its own when it stays for five minutes', async () => {
    await world.looks(28, broker(true, behind(12)));
    expect(world.told()).toEqual([]);
    await world.looks(2, broker(true, behind(12)));
    expect(world.told()).toEqual(['RAISED ops WARN cluster.under-replicated']);
  });
});

it('what has lost its cause waits five minutes and no longer, also when the clock is set back', async () => {
  await world.looks(32, broker(false, behind(400)));
  await world.looks(8, broker(true, behind(12)));
  expect(world.told()).toEqual(['RAISED ops ERROR broker.unreachable', 'CLEAR ops ERROR broker.unreachable']);
  world.nowMs -= 86_400_000;
  await world.looks(30, broker(true, behind(12)));
  expect(world.told()).toEqual([]);
  await world.looks(2, broker(true, behind(12)));
  expect(world.told()).toEqual(['RAISED ops WARN cluster.under-replicated']);
});

it('what begins after its cause was cleared is told at once', async () => {
  await world.looks(10, broker(false));
  await world.looks(10, broker(true));
  expect(world.told()).toHaveLength(2);
  await world.looks(3, broker(true, offline(4)));
  expect(world.told()).toEqual(['RAISED ops CRITICAL cluster.offline-partitions']);
});

it('a CLEAR says what was so, not what is fine', async () => {
  await world.looks(7, full);
  await world.looks(2, disk(97));
  await world.looks(13, empty);
  expect(world.sent.map(({ kind, message }) => [kind, message])).toEqual([
    ['RAISED', '/data on broker 3 of cluster west is 95 % full; 90 % is the limit.'],
    ['CLEAR', '/data on broker 3 of cluster west is 97 % full; 90 % is the limit.'],
  ]);
});

describe('whatever comes and goes, and dies in between', () => {
  const step = fc.record({
    answers: fc.boolean(),
    offlineNow: fc.constantFrom(0, 0, 3),
    behindNow: fc.constantFrom(0, 400),
    looks: fc.integer({ min: 1, max: 34 }),
    end: fc.constantFrom('none', 'none', 'restart', 'crash'),
  });

  it('nobody is told first of what is not so at that look, and all that was told is cleared', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const own = new HealthWorld();
        const first = new Set<string>();
        const cleared = new Set<string>();
        const hear = (isSo: Record<string, boolean>) => {
          for (const { kind, id, rule } of own.sent.splice(0)) {
            if (kind === 'CLEAR') cleared.add(id);
            if (kind !== 'RAISED' || first.has(id)) continue;
            expect([rule, isSo[rule]]).toEqual([rule, true]);
            first.add(id);
          }
        };
        try {
          for (const { answers, offlineNow, behindNow, looks, end } of steps) {
            const now = broker(answers, { ...offline(offlineNow), ...behind(behindNow) });
            for (let i = 0; i < looks; i++) {
              await own.look(now);
              hear({
                'broker.unreachable': !answers,
                'cluster.offline-partitions': offlineNow > 0,
                'cluster.under-replicated': behindNow > 0,
              });
            }
            if (end !== 'none') await own[end]();
          }
          await own.looks(60, broker(true, { ...offline(0), ...behind(0) }));
          hear({});
          expect(own.health.alerts({ withChildren: true }).alerts).toEqual([]);
          expect(cleared).toEqual(first);
        } finally {
          await own.close();
        }
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});
