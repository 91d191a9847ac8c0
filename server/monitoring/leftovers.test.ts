import { expect, it } from 'vitest';
import { Leftovers } from './leftovers';

const mb = 1_000_000;

/** Each minute so much is left behind. @returns the minutes in which it was collected */
function collectedAt(minutes: number, leftAMinute: number): number[] {
  const at: number[] = [];
  let [minute, leftover] = [0, 0];
  const leftovers = new Leftovers({
    usedBytes: () => 20 * mb + leftover,
    collect: () => {
      at.push(minute);
      leftover = 0;
    },
  });
  for (; minute < minutes; minute++, leftover += leftAMinute) leftovers.tidy(minute * 60_000);
  return at;
}

it('collects what sweeps have left as soon as it is worth it, and not more often than every five minutes', () => {
  expect(collectedAt(20, 0.3 * mb)).toEqual([9, 18]);
  expect(collectedAt(18, 10 * mb)).toEqual([5, 10, 15]);
  expect(collectedAt(60, 0)).toEqual([]);
});

it('sees what comes after a collection of V8 itself', () => {
  let used = 30 * mb;
  let collections = 0;
  const leftovers = new Leftovers({ usedBytes: () => used, collect: () => collections++ });
  leftovers.tidy(0);
  used = 17 * mb;
  leftovers.tidy(60_000);
  used = 20 * mb;
  leftovers.tidy(300_000);
  expect(collections).toBe(1);
});

it('does not collect again and again what is in use', () => {
  let used = 20 * mb;
  let collections = 0;
  const leftovers = new Leftovers({ usedBytes: () => used, collect: () => collections++ });
  leftovers.tidy(0);
  used += 50 * mb;
  for (let minute = 1; minute < 30; minute++) leftovers.tidy(minute * 60_000);
  expect(collections).toBe(1);
});

it('does nothing in a process that may not collect', () => {
  let asked = 0;
  const leftovers = new Leftovers({ collect: null, usedBytes: () => asked++ });
  for (let minute = 0; minute < 30; minute++) leftovers.tidy(minute * 60_000);
  expect(asked).toBe(0);
});
