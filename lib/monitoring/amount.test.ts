import { expect, it } from 'vitest';
import { amount } from './amount';

it('a number of an alert has its unit', () => {
  expect(amount(48.2, 'seconds', null)).toBe('48 s');
  expect(amount(-3600, 'seconds', null)).toBe('−1 h');
  expect(amount(0.823, 'ratio', null)).toBe('82 %');
  expect(amount(3 * 1024 ** 3, 'bytes', null)).toBe('3.0 GiB');
  expect(amount(1284091, 'count', 'message')).toBe('1,284,091 messages');
  expect(amount(1, 'count', 'partition')).toBe('1 partition');
  expect(amount(5.2912, 'count', 'interval')).toBe('5.29 intervals');
  expect(amount(2.4, 'count', '× the mean')).toBe('2.4 × the mean');
});

it('what is only yes or no counts nothing', () => {
  expect(amount(1, 'count', null)).toBe('1');
});
