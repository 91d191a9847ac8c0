import { expect, it } from 'vitest';
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';
import { Pace } from './pace';

const second = 1_000;
const paceOf = (mode: MonitoringMode, partitionsAreSent = false) =>
  new Pace({ mode, reportIntervalMs: 60_000, tickIntervalMs: 10_000, partitionsAreSent });
const observedOver = (pace: Pace, seconds: number, looksAt: readonly number[] = []) => {
  const at: number[] = [];
  for (let now = 0; now < seconds; now += 10) {
    if (looksAt.includes(now)) pace.watched(now * second);
    if (!pace.due(now * second)) continue;
    pace.observed(now * second);
    at.push(now);
  }
  return at;
};

it('in normal mode observes at each tick', () => {
  expect(observedOver(paceOf('normal'), 50)).toEqual([0, 10, 20, 30, 40]);
});

it('in reduced mode observes once a report, and at each tick only while somebody looks', () => {
  expect(observedOver(paceOf('reduced'), 200)).toEqual([0, 60, 120, 180]);
  expect(observedOver(paceOf('reduced'), 200, [80, 90])).toEqual([...[0, 60, 80, 90, 100, 110], 170]);
});

it('observes single partitions where somebody takes their numbers', () => {
  expect(paceOf('normal').withPartitions(0)).toBe(true);
  expect(paceOf('reduced', true).withPartitions(0)).toBe(true);
  const pace = paceOf('reduced');
  expect(pace.withPartitions(0)).toBe(false);
  pace.watched(60 * second);
  expect(pace.withPartitions(89 * second)).toBe(true);
  expect(pace.withPartitions(90 * second)).toBe(false);
  pace.scraped(100 * second);
  expect(pace.withPartitions(399 * second)).toBe(true);
  expect(pace.due(399 * second) && pace.intervalMs(399 * second)).toBe(60 * second);
  expect(pace.withPartitions(400 * second)).toBe(false);
});
