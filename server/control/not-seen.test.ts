import { expect, it } from 'vitest';
import { notSeen } from './not-seen';

it('never says that a group may be gone when the broker that has it did not answer', () => {
  const silent = {
    what: 'GROUPS',
    broker: 2,
    reason: 'broker 2 of dc did not answer.',
    right: null,
  } as const;
  const say = (gaps: Parameters<typeof notSeen>[2]['gaps']) =>
    notSeen('consumer group "orders"', 'GROUPS', { cluster: 'dc', gaps });
  expect(say([{ ...silent, failure: true }])).toBe(
    'The last look at cluster "dc" has seen no consumer group "orders", but it could not see all: broker 2 of dc did not answer.',
  );
  const gone =
    'The last look at cluster "dc" has seen no consumer group "orders". It may be gone, or not be there yet.';
  expect(say([])).toBe(gone);
  expect(say([{ ...silent, what: 'OFFSETS', failure: true }])).toBe(gone);
});
