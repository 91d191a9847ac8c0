import { expect, it } from 'vitest';
import { Pace } from './pace';

const second = 1_000;
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
  expect(observedOver(new Pace('normal', 60_000, 10_000), 50)).toEqual([0, 10, 20, 30, 40]);
});

it('in reduced mode observes once a report, and at each tick only while somebody looks', () => {
  expect(observedOver(new Pace('reduced', 60_000, 10_000), 200)).toEqual([0, 60, 120, 180]);
  expect(observedOver(new Pace('reduced', 60_000, 10_000), 200, [80, 90])).toEqual([
    ...[0, 60, 80, 90, 100, 110],
    170,
  ]);
});
