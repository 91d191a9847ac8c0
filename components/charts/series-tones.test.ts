import { expect, it } from 'vitest';
import { tonesOf } from './series-tones';

it('gives a series the same colour whatever order the series come in, and no colour twice among eight', () => {
  const names = ['shop.orders-0', 'shop.orders-1', 'billing', 'a', 'b', 'c', 'd', 'e'];
  const tones = tonesOf(names);
  expect(new Set(tones.values()).size).toBe(8);
  expect(tonesOf([...names].reverse())).toEqual(tones);
});

it('keeps the colour of a lone series when another comes beside it that wants another colour', () => {
  const alone = tonesOf(['billing']).get('billing');
  const other = ['x', 'y', 'z', 'w'].find((name) => tonesOf([name]).get(name) !== alone)!;
  expect(tonesOf(['billing', other]).get('billing')).toBe(alone);
});
