import { expect, it } from 'vitest';
import { affectedText, matcherText } from './words';

it('names what is affected as far as it is known, and counts the rest', () => {
  expect(affectedText({ count: 0, items: [] })).toBeNull();
  expect(affectedText({ count: 400, items: [] })).toBe('400');
  expect(affectedText({ count: 2, items: ['orders-0', 'orders-1'] })).toBe('orders-0, orders-1');
  expect(affectedText({ count: 4, items: ['a', 'b', 'c', 'd'] })).toBe('a, b, c, d');
  expect(affectedText({ count: 1401, items: ['a', 'b', 'c', 'd'] })).toBe('a, b, c and 1,398 more');
});

it('writes a matcher as it is read', () => {
  expect(matcherText({ label: 'topic', op: 'begins with', value: 'shop.' })).toBe('topic begins with shop.');
  expect(matcherText({ label: 'group', op: 'is not', value: '' })).toBe('group is not empty');
});
