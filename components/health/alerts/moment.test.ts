import { expect, it } from 'vitest';
import { formatOf, isRate, seriesLabels, windowOf } from './moment';

const now = Date.parse('2026-11-30T12:00:00Z');
const minute = 60_000;

it('a chart of an alert that is open goes on, and begins some time before it was raised', () => {
  expect(windowOf(now - 20 * minute, null, now)).toEqual({ fromMs: now - 30 * minute, toMs: null });
  expect(windowOf(now - 400 * minute, null, now)).toEqual({ fromMs: now - 500 * minute, toMs: null });
});

it('a chart of one that is over stands still, once the time after it is over, too', () => {
  const [from, until] = [now - 300 * minute, now - 260 * minute];
  expect(windowOf(from, until, now)).toEqual({ fromMs: from - 10 * minute, toMs: until + 10 * minute });
  expect(windowOf(now - 40 * minute, now - minute, now).toMs).toBeNull();
});

it('only labels that the metric has are asked for', () => {
  expect(seriesLabels('landbridge_cluster_reachable', { cluster: 'dc1', console: 'x', task: 'y' })).toEqual({
    cluster: 'dc1',
  });
});

it('values are written as what they are', () => {
  expect(formatOf('landbridge_link_state')(0)).toMatch(/^[a-z ]+$/);
  expect(formatOf('landbridge_link_state')(0.5)).toBe('');
  expect(formatOf('landbridge_cluster_reachable')(1)).toBe('yes');
  expect(formatOf('landbridge_mirror_max_lag_seconds')(90)).toBe('90 s');
  expect(isRate('landbridge_mirror_lost_messages_total')).toBe(true);
});
