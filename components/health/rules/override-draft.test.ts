import { expect, it } from 'vitest';
import { aRule } from '@/components/health/testing/rule';
import { draftOfOverride, overrideOf, overrideProblems } from './override-draft';

const rule = aRule();
const scope = { kind: 'cluster', cluster: 'dc1' } as const;

it('a change survives being edited as text', () => {
  const override = {
    ...{ rule: rule.id, scope, enabled: true },
    ...{ thresholds: { warn: 5400, error: 86_400 }, forSeconds: 0 },
  };
  const draft = draftOfOverride(rule, override);
  expect(draft.thresholds).toEqual({ warn: '90 min', error: '1 d' });
  expect(overrideProblems(rule, draft)).toEqual({});
  expect(overrideOf(rule, scope, draft)).toEqual(override);
});

it('what is left empty is not sent, and nothing at all takes a change back', () => {
  expect(overrideOf(rule, scope, draftOfOverride(rule, undefined))).toEqual({ rule: rule.id, scope });
});

it('what cannot be is told at its field', () => {
  const draft = {
    ...draftOfOverride(rule, undefined),
    thresholds: { warn: 'soon', error: '400 d' },
    clearForSeconds: '31 d',
  };
  expect(Object.keys(overrideProblems(rule, draft))).toEqual(['warn', 'error', 'clearForSeconds']);
});
