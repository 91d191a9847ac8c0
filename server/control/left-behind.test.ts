import { expect, test } from 'vitest';
import { leftBehind } from './link-operations';

test('topics that still mirrored keep the configs of a mirror, and that is said of them alone', () => {
  expect(leftBehind('east', 2)).toMatch(
    /^The 2 topics stay on "east".*Topic configs are still those of a mirror/,
  );
  expect(leftBehind('east', 3, 1)).toMatch(/Configs of 2 of them, which still mirrored, are still those/);
});

test('of topics that were promoted before, nothing is said about configs', () => {
  expect(leftBehind('east', 1, 1)).toBe(
    'The topic stays on "east" as it is; what the link knows of it is forgotten.',
  );
  expect(leftBehind('east', 2, 2)).not.toContain('configs');
});
