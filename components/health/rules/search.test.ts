import { expect, it } from 'vitest';
import { aRule } from '@/components/health/testing/rule';
import { countsOf, standing } from './counts';
import { matching, ruleFilterIn } from './search';

const none = { OK: 0, PENDING: 0, RAISED: 0, UNKNOWN: 0, OFF: 0 };
const override = { rule: 'link.paused-long', scope: { kind: 'everywhere' as const }, enabled: false };
const link = { area: 'links' as const, metrics: ['landbridge_link_state'] };
const entries = [
  aRule(),
  aRule({ ...link, id: 'link.failed', title: 'Link has failed', counts: { ...none, RAISED: 1, OK: 2 } }),
  aRule({ ...link, id: 'link.paused-long', title: 'Link has been paused', overrides: [override] }),
];
const ids = (query: string) =>
  matching(entries, ruleFilterIn(new URLSearchParams(query))).map(({ id }) => id);

it('rules are found by all of the words, in titles, explanations and metrics', () => {
  expect(ids('')).toHaveLength(entries.length);
  expect(ids('text=GROUP+behind')).toEqual(['group.lag-seconds']);
  expect(ids('text=landbridge_link_state+paused')).toEqual(['link.paused-long']);
  expect(ids('text=no-such-thing')).toEqual([]);
});

it('rules that find something wrong come first', () => {
  expect(ids('')[0]).toBe('link.failed');
});

it('rules are found by area, by how they stand and by whether something was decided', () => {
  expect(ids('state=RAISED')).toEqual(['link.failed']);
  expect(ids('area=groups')).toEqual(['group.lag-seconds']);
  expect(ids('state=CHANGED')).toEqual(['link.paused-long']);
  expect(ids('area=nowhere&state=nothing')).toHaveLength(entries.length);
});

it('a rule stands as badly as the worst that it finds, and judges nothing where it finds nothing', () => {
  expect(standing({ counts: { ...none, OK: 3, UNKNOWN: 1 } })).toBe('UNKNOWN');
  expect(standing({ counts: none })).toBeNull();
  expect(countsOf(entries)).toEqual({ ...none, RAISED: 1, OK: 4 });
});
