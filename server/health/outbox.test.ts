import fc from 'fast-check';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Route } from '@/lib/contracts/monitoring/channels';
import type { HealthSettingsInput } from '@/lib/contracts/monitoring/health-settings';
import type { AlertMatcher } from '@/lib/contracts/monitoring/silences';
import { HealthWorld, hook, type Now, type SentNotice, toOps } from './testing/health-world';
import { startMs } from './testing/series';

let world: HealthWorld;
beforeEach(() => {
  world = new HealthWorld();
});
afterEach(() => world.close());

const disk = (used: number, dir = '/data'): Now => ({
  landbridge_log_dir_used_bytes: [[{ dir }, used]],
  landbridge_log_dir_total_bytes: [[{ dir }, 100]],
});
const two = (used: number): Now => ({
  landbridge_log_dir_used_bytes: [
    [{ dir: '/a' }, used],
    [{ dir: '/b' }, used],
  ],
  landbridge_log_dir_total_bytes: [
    [{ dir: '/a' }, 100],
    [{ dir: '/b' }, 100],
  ],
});
const down = () => ({ ok: false, said: 'connection refused', refused: false });
const up = () => ({ ok: true, said: 'taken', refused: false });

const route = (
  id: string,
  channel: string,
  matchers: AlertMatcher[],
  atLeast: Route['atLeast'] = 'INFO',
): Route => ({
  ...{ id, matchers, atLeast, repeatSeconds: null },
  channels: [channel],
});

describe('routes', () => {
  it('choose channels by severity, rule, cluster and other labels', async () => {
    world.decide({
      channels: ['ops', 'west', 'east', 'grave', 'disks', 'none'].map((id) => hook(id)),
      routes: [
        route('1', 'ops', []),
        route('2', 'west', [{ label: 'cluster', op: 'is', value: 'west' }]),
        route('3', 'east', [{ label: 'cluster', op: 'is', value: 'east' }]),
        route('4', 'grave', [], 'CRITICAL'),
        route('5', 'disks', [
          { label: 'rule', op: 'begins with', value: 'broker.' },
          { label: 'dir', op: 'is not', value: '/other' },
        ]),
        route('6', 'none', [{ label: 'severity', op: 'is', value: 'INFO' }]),
      ],
    });
    await world.looks(7, disk(85));
    expect(world.told().sort()).toEqual(
      ['disks', 'ops', 'west'].map((id) => `RAISED ${id} ERROR broker.disk`),
    );
    await world.looks(7, disk(95));
    expect(world.told().sort()).toEqual([
      'AGAIN disks CRITICAL broker.disk',
      'AGAIN ops CRITICAL broker.disk',
      'AGAIN west CRITICAL broker.disk',
      'RAISED grave CRITICAL broker.disk',
    ]);
    await world.looks(13, disk(5));
    expect(
      world
        .told()
        .map((line) => line.split(' ').slice(0, 2).join(' '))
        .sort(),
    ).toEqual(['CLEAR disks', 'CLEAR grave', 'CLEAR ops', 'CLEAR west']);
  });

  it('that come later get what is raised then', async () => {
    world.decide({ channels: [hook('ops')], routes: [] });
    await world.looks(7, disk(95));
    expect(world.told()).toEqual([]);
    world.decide(toOps);
    await world.wait(1);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });
});

describe('a channel that is dead', () => {
  const both: HealthSettingsInput = {
    channels: [hook('dead'), hook('ops')],
    routes: [{ id: 'all', matchers: [], channels: ['dead', 'ops'] }],
  };

  it('delays no other, even when it never answers', async () => {
    world.decide(both);
    let answer: (() => void) | undefined;
    world.answers = ({ id }) =>
      id === 'ops'
        ? up()
        : new Promise((resolve) => {
            answer = () => resolve(down());
          });
    await world.looks(7, disk(95), { sends: false });
    const pumped = world.health.pump();
    await vi.waitFor(() => expect(world.sent).toHaveLength(1), 10_000);
    await world.looks(13, disk(5), { sends: false });
    void world.health.pump();
    await vi.waitFor(() => expect(world.sent).toHaveLength(2), 10_000);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
    answer?.();
    await pumped;
  });

  it('is tried again and again with longer pauses, and told as failing', async () => {
    const tries: number[] = [];
    world.answers = () => {
      tries.push((world.nowMs - startMs) / 1_000);
      return down();
    };
    await world.looks(7, disk(95));
    for (let i = 0; i < 700; i++) await world.wait(1);
    const pauses = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(pauses.slice(1, 7)).toEqual([4, 8, 16, 32, 64, 128]);
    expect(world.health.channelsFailing()[0]?.seconds).toBeGreaterThan(690);
    const [delivery] = world.health.deliveries().deliveries;
    expect(delivery).toMatchObject({ state: 'WAITING', said: 'connection refused', attempts: tries.length });
    world.answers = up;
    await world.wait(600);
    expect(world.health.channelsFailing()).toEqual([{ channel: 'ops', seconds: 0 }]);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });

  it('gets what waits at once when its settings change', async () => {
    world.answers = down;
    await world.looks(7, disk(95));
    for (let i = 0; i < 6; i++) await world.wait(60);
    world.answers = up;
    world.decide({ ...toOps, channels: [hook('ops', { name: 'ops, new address' })] });
    await world.health.pump();
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });

  it('for a day gets nothing more of that message, until somebody sends it again', async () => {
    world.answers = down;
    await world.looks(7, disk(95));
    for (let i = 0; i < 300; i++) await world.wait(300);
    const [dead] = world.health.deliveries({ state: 'DEAD' }).deliveries;
    expect(dead).toMatchObject({ kind: 'RAISED', said: 'connection refused', nextAt: null });
    world.answers = up;
    await world.wait(60);
    expect(world.told()).toEqual([]);
    expect(() => world.health.sendAgain(dead?.id ?? '', 'other')).toThrow(/no such message/);
    world.health.sendAgain(dead?.id ?? '');
    await world.health.pump();
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });

  it('that is deleted gets nothing more, and a new one of that id begins anew', async () => {
    world.answers = down;
    await world.looks(7, disk(95));
    world.decide({ channels: [], routes: [] });
    expect(world.health.deliveries().deliveries).toMatchObject([
      { state: 'CANCELLED', said: 'The channel was deleted.' },
    ]);
    world.answers = up;
    world.decide(toOps);
    await world.wait(1);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });

  it('and switched off for a while gets what waits when it is on again', async () => {
    world.answers = down;
    await world.looks(7, disk(95));
    world.answers = up;
    world.decide({ ...toOps, channels: [hook('ops', { enabled: false })] });
    await world.wait(3_600);
    expect(world.told()).toEqual([]);
    world.decide(toOps);
    await world.wait(1);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });
});

describe('a channel that is deleted', () => {
  const nobody: HealthSettingsInput = { channels: [], routes: [] };
  const states = () => world.health.deliveries().deliveries.map(({ state, said }) => [state, said]);

  it.each([
    ['fails', down(), [['CANCELLED', 'The channel was deleted.']]],
    ['arrives', up(), [['DELIVERED', 'taken']]],
  ])('while a message is on its way that %s leaves nothing waiting', async (_, answer, expected) => {
    let give: (sent: ReturnType<typeof up>) => void = () => undefined;
    world.answers = () =>
      new Promise((resolve) => {
        give = resolve;
      });
    await world.looks(7, disk(95), { sends: false });
    const pumped = world.health.pump();
    world.decide(nobody);
    give(answer);
    await pumped;
    expect(states()).toEqual(expected);
  });

  it('while the server was away leaves nothing waiting', async () => {
    world.answers = down;
    await world.looks(7, disk(95));
    await world.crash(nobody);
    expect(states()).toEqual([['CANCELLED', 'The channel was deleted.']]);
  });

  it('takes no message that was given up again', async () => {
    world.answers = () => ({ ...down(), refused: true });
    await world.looks(7, disk(95));
    for (let i = 0; i < 30; i++) await world.wait(10);
    world.decide(nobody);
    const [{ id = '' } = {}] = world.health.deliveries({ state: 'DEAD' }).deliveries;
    expect(() => world.health.sendAgain(id)).toThrow('The channel of this message was deleted');
    expect(world.health.deliveries().counts).toMatchObject({ DEAD: 1, WAITING: 0 });
  });
});

describe('a message that was given up', () => {
  const refuse = (...kinds: string[]) => {
    world.answers = (_, { kind }) => (kinds.includes(kind) ? { ...down(), refused: true } : up());
  };
  const again = async (kind: string) => {
    world.answers = up;
    const { deliveries } = world.health.deliveries({ state: 'DEAD' });
    world.health.sendAgain(deliveries.find((one) => one.kind === kind)?.id ?? '');
    await world.wait(1);
  };

  it('and is sent again when all is over is followed by the CLEAR, as another message', async () => {
    refuse('RAISED');
    await world.looks(20, disk(95));
    await world.looks(13, disk(5));
    expect(world.told()).toEqual(['CLEAR ops CRITICAL broker.disk']);
    await again('RAISED');
    const [raised, clear] = world.sent;
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
    expect(Number(clear?.delivery)).toBeGreaterThan(Number(raised?.delivery) + 1);
    expect(world.health.deliveries().counts).toEqual({ WAITING: 0, DELIVERED: 3, DEAD: 0, CANCELLED: 0 });
  });

  it('takes the CLEAR with it that was given up, too', async () => {
    refuse('RAISED', 'CLEAR');
    await world.looks(20, disk(95));
    await world.looks(40, disk(5));
    expect(world.health.deliveries().counts).toMatchObject({ DEAD: 2 });
    await again('RAISED');
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'CLEAR ops CRITICAL broker.disk']);
    expect(world.health.deliveries().counts).toEqual({ WAITING: 0, DELIVERED: 2, DEAD: 0, CANCELLED: 0 });
  });

  it('does not make an alert seem milder than it is', async () => {
    refuse('RAISED');
    await world.looks(20, disk(75));
    await world.looks(7, disk(95));
    expect(world.told()).toEqual(['AGAIN ops CRITICAL broker.disk']);
    await again('RAISED');
    expect(world.told()).toEqual(['RAISED ops WARN broker.disk', 'AGAIN ops CRITICAL broker.disk']);
  });

  it('after a weekend without power has its attempts before that', async () => {
    world.answers = down;
    await world.looks(7, disk(95));
    await world.crash();
    world.nowMs += 3 * 86_400_000;
    await world.look(disk(95));
    for (let i = 0; i < 60; i++) await world.wait(60);
    expect(world.health.deliveries().deliveries).toMatchObject([{ state: 'WAITING' }]);
    world.answers = up;
    await world.wait(600);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
  });
});

describe('a clock that is set back', () => {
  it.each(['goes on', 'restart', 'crash'] as const)('delays no message: %s', async (how) => {
    world.answers = down;
    await world.looks(7, disk(95));
    world.nowMs -= 40 * 86_400_000;
    if (how !== 'goes on') await world[how]();
    world.answers = up;
    await world.wait(how === 'goes on' ? 1 : 60);
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
    await world.looks(14, disk(5));
    expect(world.told()).toEqual(['CLEAR ops CRITICAL broker.disk']);
    expect(world.health.channelsFailing()).toEqual([{ channel: 'ops', seconds: 0 }]);
  });

  it('does not make attempts come quicker', async () => {
    world.answers = down;
    await world.looks(7, disk(95));
    world.nowMs -= 86_400_000;
    for (let i = 0; i < 600; i++) await world.wait(1);
    const [{ attempts = 0 } = {}] = world.health.deliveries().deliveries;
    expect(attempts).toBeLessThan(12);
    expect(attempts).toBeGreaterThan(5);
  });

  it('ends no repetition', async () => {
    world.decide({ ...toOps, routes: [{ ...route('all', 'ops', []), repeatSeconds: 300 }] });
    await world.looks(7, disk(95));
    world.nowMs -= 86_400_000;
    await world.looks(31, disk(95));
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk', 'AGAIN ops CRITICAL broker.disk']);
  });
});

describe('alerts.db that takes no changes', () => {
  it('does not make a message that has arrived be sent again and again', async () => {
    await world.looks(7, disk(95), { sends: false });
    let posts = 0;
    const other = new Database(world.file);
    world.answers = () => {
      posts++;
      if (posts === 1) other.exec('begin immediate');
      return up();
    };
    for (let i = 0; i < 5; i++) await world.wait(10);
    expect(posts).toBe(1);
    other.exec('rollback');
    other.close();
    await world.wait(60);
    expect(posts).toBe(1);
    expect(world.health.deliveries().deliveries).toMatchObject([{ state: 'DELIVERED', attempts: 1 }]);
  });
});

describe('messages', () => {
  it('of one alert never overtake each other', async () => {
    world.answers = down;
    await world.looks(7, disk(75));
    await world.looks(7, disk(95));
    await world.looks(13, disk(5));
    world.answers = up;
    for (let i = 0; i < 20; i++) await world.wait(30);
    expect(world.told()).toEqual([
      'RAISED ops WARN broker.disk',
      'AGAIN ops CRITICAL broker.disk',
      'CLEAR ops CRITICAL broker.disk',
    ]);
  });

  it('that are refused are given up after five attempts, and hold up no others', async () => {
    world.answers = (_, { labels }) =>
      labels.dir === '/a' ? { ok: false, said: 'HTTP 400', refused: true } : up();
    await world.looks(7, two(95));
    expect(world.told()).toEqual(['RAISED ops CRITICAL broker.disk']);
    for (let i = 0; i < 30; i++) await world.wait(10);
    expect(world.health.deliveries({ state: 'DEAD' }).deliveries).toMatchObject([
      { attempts: 5, said: 'HTTP 400' },
    ]);
  });

  it('that the sender itself fails at are tried again, and said so', async () => {
    world.answers = () => {
      throw new Error('Invalid character in header');
    };
    await world.looks(7, disk(95));
    expect(world.health.deliveries().deliveries).toMatchObject([
      { state: 'WAITING', said: 'Invalid character in header' },
    ]);
  });

  it('are listed newest first, in pages, with how many there are of each state', async () => {
    await world.looks(7, two(95));
    await world.looks(13, two(5));
    const first = world.health.deliveries({ limit: 3 });
    expect(first.deliveries.map(({ kind }) => kind)).toEqual(['CLEAR', 'CLEAR', 'RAISED']);
    expect(first.counts).toEqual({ WAITING: 0, DELIVERED: 4, DEAD: 0, CANCELLED: 0 });
    const second = world.health.deliveries({ limit: 3, after: first.next ?? '' });
    expect(second.deliveries).toHaveLength(1);
    expect(second.next).toBeNull();
  });
});

describe('whatever dies, fails, and is set wrong', () => {
  const step = fc.record({
    used: fc.constantFrom(5, 75, 95, 95),
    looks: fc.integer({ min: 1, max: 15 }),
    channel: fc.constantFrom(up, up, down),
    end: fc.constantFrom('none', 'none', 'restart', 'crash', 'dies while sending'),
    silent: fc.boolean(),
    /** Hours by which somebody sets the clock. */
    clock: fc.constantFrom(0, 0, 0, -1, -70, 2),
  });

  it('each RAISED arrives at least once, before its CLEAR, and each has one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 9 }), async (steps) => {
        const own = new HealthWorld();
        try {
          for (const { used, looks, channel, end, silent, clock } of steps) {
            own.answers = channel;
            own.nowMs += clock * 3_600_000;
            const silence = {
              id: 's',
              from: 0,
              until: own.nowMs + 80_000,
              by: 'ada',
              why: 'quiet',
              matchers: [],
            };
            own.decide(silent ? { ...toOps, silences: [silence] } : toOps);
            await own.looks(looks, disk(used));
            if (end === 'restart') await own.restart();
            if (end === 'crash') await own.crash();
            if (end === 'dies while sending') await own.look(disk(used), { dies: true });
          }
          own.answers = up;
          own.decide(toOps);
          await own.looks(14, disk(5));
          for (let i = 0; i < 30; i++) await own.wait(60);
          expect(own.health.alerts().alerts).toEqual([]);
          expect(own.health.deliveries({ state: 'WAITING' }).deliveries).toEqual([]);
          for (const messages of byAlert(own.sent)) {
            expect(messages[0]).toBe('RAISED');
            expect(messages.at(-1)).toBe('CLEAR');
            expect(messages.lastIndexOf('RAISED')).toBeLessThan(messages.indexOf('CLEAR'));
          }
        } finally {
          await own.close();
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

/** Kinds in the order of their arrival; what arrived twice counts twice. */
function byAlert(sent: readonly SentNotice[]): string[][] {
  const alerts = new Map<string, string[]>();
  for (const { id, kind } of sent) alerts.set(id, [...(alerts.get(id) ?? []), kind]);
  return [...alerts.values()];
}
