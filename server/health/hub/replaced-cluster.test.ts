// A console tells which Kafka clusters it watches: another one under the same name does not go on with what was known of the first.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import type { HubAnswers } from '@/lib/contracts/monitoring/hub-thread';
import { hubIn } from './testing/hub-in';

const minute = 60_000;
let dir: string;
let one: ReturnType<typeof hubIn>;
let logged: string[];
const open = () => hubIn(dir, (level, message) => logged.push(`${level} ${message}`));
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'landbridge-replaced-'));
  logged = [];
  one = open();
});
afterEach(async () => {
  await one.stop();
  rmSync(dir, { recursive: true, force: true });
});

const consoles = new Map<string, string>();
const began = Date.now() - 9 * minute;
/** Cluster c does not answer; `id` null: an older console, which does not tell ids. */
async function report(
  name: string,
  minutes: number,
  id: string | null,
  at = minutes,
): Promise<HubAnswers['take']> {
  const consoleId = consoles.get(name) ?? randomUUID();
  consoles.set(name, consoleId);
  const body: HealthReport = {
    version: 1,
    id: randomUUID(),
    console: { id: consoleId, name, version: '1', mode: 'reduced' },
    ...{ at: began + minutes * minute, intervalMs: minute, dropped: 0, refused: 0, whole: ['cluster/c'] },
    ...(id === null ? {} : { clusterIds: { c: id } }),
    series: [{ metric: 'landbridge_cluster_reachable', labels: { cluster: 'c' }, values: [0] }],
  };
  return one.take(name, body, began + at * minute);
}

const points = (console: string) => {
  const answer = one.hub.answer({
    ...{ op: 'history', console },
    query: {
      metric: 'landbridge_cluster_reachable',
      fromMs: began - minute,
      toMs: Date.now(),
      maxPoints: 5_000,
    },
  }) as HubAnswers['history'];
  return answer.series.flatMap(({ values }) => values.filter((value) => value !== null)).length;
};
const alerts = (console: string) =>
  one.health
    .alerts({ console, status: 'ALL', withChildren: true })
    .alerts.map(({ rule, cleared }) => `${rule} ${cleared}`)
    .sort();

it('ends history and alerts of that cluster of that console, also over a restart, and of no other', async () => {
  for (const minutes of [0, 1, 2])
    for (const name of ['west', 'north', 'old']) await report(name, minutes, name === 'old' ? null : 'A');
  for (const name of ['west', 'north', 'old'])
    expect(alerts(name), name).toEqual(['cluster.unreachable null']);
  await one.stop();
  one = open();
  await report('north', 3, 'A');
  await report('old', 3, null);
  expect((await report('west', 3, 'B')).newSeries).toBeGreaterThan(10_000);
  expect(['west', 'north', 'old'].map(points)).toEqual([1, 4, 4]);
  expect(alerts('west')).toEqual(['cluster.unreachable GONE']);
  for (const name of ['north', 'old']) expect(alerts(name), name).toEqual(['cluster.unreachable null']);
  for (const minutes of [4, 5]) await report('west', minutes, 'B');
  expect(alerts('west')).toEqual(['cluster.unreachable GONE', 'cluster.unreachable null']);
  expect(points('west')).toBe(3);
  expect(logged).toEqual([expect.stringContaining('Cluster c is another Kafka cluster (B)')]);
});

it('ends nothing when a report comes late, or is of a console that tells ids for the first time', async () => {
  await report('west', 0, null);
  await report('west', 1, 'A');
  await report('west', 3, 'B');
  expect(await report('west', 2, 'A', 3)).toMatchObject({ taken: 'LATE' });
  expect(points('west')).toBe(2);
  await report('west', 4, 'B');
  expect(points('west')).toBe(3);
});

it('takes no more ids than clusters', async () => {
  expect(await one.take('west', bodyOfMany(1_001))).toMatchObject({
    refused: expect.stringContaining('1001 clusters and links; at most 1000'),
  });
});

function bodyOfMany(clusters: number): HealthReport {
  const names = Array.from({ length: clusters }, (_, i) => [`c${i}`, 'A']);
  return {
    version: 1,
    id: randomUUID(),
    console: { id: randomUUID(), name: 'west', version: '1', mode: 'reduced' },
    ...{ at: Date.now(), intervalMs: minute, dropped: 0, refused: 0, whole: [], series: [] },
    clusterIds: Object.fromEntries(names),
  };
}
