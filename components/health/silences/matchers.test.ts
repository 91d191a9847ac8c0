import { expect, it } from 'vitest';
import { draftsOf, matchersOf, matchersProblem, newMatcher } from './matchers';

const matchers = [
  { label: 'cluster', op: 'is' as const, value: 'dc1' },
  { label: 'group', op: 'is not' as const, value: '' },
];

it('matchers survive being edited', () => {
  expect(matchersOf(draftsOf(matchers))).toEqual(matchers);
  expect(matchersProblem(draftsOf(matchers))).toBeNull();
});

it('a new row has a key that no other has', () => {
  const drafts = draftsOf(matchers);
  expect(drafts.map(({ key }) => key)).not.toContain(newMatcher(drafts, 'cluster').key);
});

it('what cannot match is told', () => {
  expect(matchersProblem(draftsOf([{ label: 'Cluster!', op: 'is', value: 'x' }]))).toContain('A label is');
  expect(matchersProblem(draftsOf([{ label: 'topic', op: 'begins with', value: '' }]))).toContain(
    'matched with',
  );
});
