import { expect, it } from 'vitest';
import { windowOf } from './windows';

const now = Date.parse('2026-11-30T12:00');

it('lasts from now on for as long as was chosen', () => {
  expect(windowOf('1h', { from: '', until: '' }, now)).toEqual({ until: now + 3_600_000 });
});

it('lasts from a time to a time', () => {
  const own = { from: '2026-11-30T22:00', until: '2026-12-01T02:00' };
  expect(windowOf('own', own, now)).toEqual({ from: Date.parse(own.from), until: Date.parse(own.until) });
});

it('is none where it would be over, or end before it begins', () => {
  expect(windowOf('own', { from: '', until: '2026-11-30T11:59' }, now)).toBeNull();
  expect(windowOf('own', { from: '2026-12-02T00:00', until: '2026-12-01T00:00' }, now)).toBeNull();
  expect(windowOf('own', { from: '', until: '' }, now)).toBeNull();
});
