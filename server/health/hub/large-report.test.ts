// A report of tens of thousands of series is taken bit by bit: others are answered in between, and it counts as a whole or not at all.
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import type { HubAnswers } from '@/lib/contracts/monitoring/hub-thread';
import type { Health } from '@/server/health/health';
import type { Hub } from './hub';
import { hubIn as open } from './testing/hub-in';

const minute = 60_000;
const rows = 20_000;
let dir: string;
const started: (() => Promise<void>)[] = [];
const logged: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'landbridge-large-'));
});
afterEach(async () => {
  for (const stop of started.splice(0)) await stop();
  rmSync(dir, { recursive: true, force: true });
  expect(logged.splice(0)).toEqual([]);
});

function hubIn(folder: string) {
  const one = open(folder, (level, message) => logged.push(`${level} ${message}`));
  started.push(one.stop);
  return one;
}

const consoleId = randomUUID();
function reportOf(atMs: number, series: number, name = 'topic'): HealthReport {
  const topic = Array.from({ length: series }, (_, i) => `${name}-${i}`);
  return {
    version: 1,
    id: randomUUID(),
    console: { id: consoleId, name: 'west itself', version: '1', mode: 'reduced' },
    ...{ at: atMs, intervalMs: minute, dropped: 0, refused: 0, whole: ['link/y/l'] },
    series: [
      {
        metric: 'landbridge_mirror_foreign_write',
        labels: { link: 'l', source: 'x', destination: 'y', topic },
        values: topic.map(() => 1),
      },
    ],
  };
}

const slice = () => new Promise((wake) => setImmediate(wake));
const samples = (hub: Hub, topic: string) => {
  const query = { metric: 'landbridge_mirror_foreign_write' as const, labels: { topic }, maxPoints: 5_000 };
  const answer = hub.answer({
    ...{ op: 'history', console: 'west' },
    query: { ...query, fromMs: Date.now() - 10 * minute, toMs: Date.now() + minute },
  }) as HubAnswers['history'];
  return answer.series.flatMap(({ values }) => values.filter((value) => value !== null)).length;
};
const alertsOf = (health: Health) =>
  health
    .alerts({ status: 'ALL', withChildren: true })
    .alerts.map(({ rule, affected }) => [rule, affected.count]);

it('lets others be answered while a large one is taken', async () => {
  const { hub, take } = hubIn(dir);
  let done = false;
  const large = Promise.resolve(take('west', reportOf(Date.now(), rows))).then((answer) => {
    done = true;
    return answer;
  });
  let answered = 0;
  for (; !done; answered++) {
    expect(take('north', reportOf(Date.now() + answered, 5))).toMatchObject({ taken: 'NEW' });
    expect(hub.answer({ op: 'consoles', names: ['west'] })).toMatchObject([{ heardAt: null }]);
    await slice();
  }
  expect(answered).toBeGreaterThan(3);
  expect(await large).toEqual({ taken: 'NEW', newSeries: rows + 2 });
  expect(samples(hub, `topic-${rows - 1}`)).toBe(1);
}, 60_000);

it('takes those of one console in their order, each once', async () => {
  const { hub, take } = hubIn(dir);
  const nowMs = Date.now();
  const first = reportOf(nowMs - minute, rows);
  const answers = await Promise.all([
    take('west', first),
    take('west', reportOf(nowMs, 5)),
    take('west', first),
    take('west', reportOf(nowMs - minute / 2, 5)),
  ]);
  expect(answers.map((answer) => 'taken' in answer && answer.taken)).toEqual([
    'NEW',
    'NEW',
    'DUPLICATE',
    'LATE',
  ]);
  expect(samples(hub, 'topic-3')).toBe(3);
}, 60_000);

it.each([1, 3, 6, 12, 25])(
  'is as if it had not come when the process dies after %i slices',
  async (slices) => {
    const { take, stop } = hubIn(dir);
    await take('west', reportOf(Date.now() - 2 * minute, 5));
    const report = reportOf(Date.now(), rows);
    const large = Promise.resolve(take('west', report)).catch(() => 'not acknowledged');
    for (let i = 0; i < slices; i++) await slice();
    const after = mkdtempSync(join(tmpdir(), 'landbridge-dead-'));
    cpSync(dir, after, { recursive: true });
    await stop();
    // Where it was done by then, it was acknowledged.
    const known = (await large) === 'not acknowledged' ? 'NEW' : 'DUPLICATE';
    const next = hubIn(after);
    expect(await next.take('west', report)).toMatchObject({ taken: known });
    expect(samples(next.hub, 'topic-0')).toBe(2);
    expect(samples(next.hub, `topic-${rows - 1}`)).toBe(1);
    expect(alertsOf(next.health)).toEqual([['mirror.foreign-write', rows]]);
    await next.stop();
    rmSync(after, { recursive: true, force: true });
  },
  60_000,
);

it.each([2, 8, 20])(
  'is not acknowledged when the hub stops after %i slices, and is taken when it comes again',
  async (slices) => {
    const { take, stop } = hubIn(dir);
    const report = reportOf(Date.now(), rows);
    const large = Promise.resolve(take('west', report)).catch((error: Error) => error.message);
    for (let i = 0; i < slices; i++) await slice();
    await stop();
    const known = (await large) === 'The hub is being stopped.' ? 'NEW' : 'DUPLICATE';
    const next = hubIn(dir);
    expect(await next.take('west', report)).toMatchObject({ taken: known });
    expect(samples(next.hub, 'topic-9')).toBe(1);
    expect(alertsOf(next.health)).toEqual([['mirror.foreign-write', rows]]);
  },
  60_000,
);

it.each([0, 2, 8, 20])(
  'leaves nothing of a console that is removed after %i slices',
  async (slices) => {
    const { hub, health, take } = hubIn(dir);
    const large = take('west', reportOf(Date.now(), rows));
    for (let i = 0; i < slices; i++) await slice();
    hub.answer({ op: 'forget', console: 'west' });
    expect(await large).not.toMatchObject({ taken: 'LATE' });
    for (let i = 0; i < 5; i++) await slice();
    expect(existsSync(join(dir, 'consoles', 'west.history.db'))).toBe(false);
    expect(hub.answer({ op: 'consoles', names: ['west'] })).toEqual([]);
    expect(alertsOf(health)).toEqual([]);
  },
  60_000,
);
