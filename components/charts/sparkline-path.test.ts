import { expect, it } from 'vitest';
import { sparklinePaths } from './sparkline-path';

it('draws one run per stretch of known values, so that a gap stays a gap', () => {
  const { line } = sparklinePaths([0, 1, null, 2, 1], 80, 20);
  expect(line.match(/M/g)).toHaveLength(2);
});

it('draws a lone value as a dot', () => {
  const { line, dots } = sparklinePaths([null, 3, null], 80, 20);
  expect(line).toBe('');
  expect(dots).toBe('M40.0 1.5h0');
});

it('keeps a flat zero at the bottom instead of dividing by zero', () => {
  expect(sparklinePaths([0, 0], 80, 20).line).toBe('M0.0 18.5L80.0 18.5');
});

it('draws nothing for nothing', () => {
  expect(sparklinePaths([], 80, 20)).toEqual({ line: '', dots: '' });
});
