// A change of a rule's thresholds at a place, as a form holds it: text until it is sent. What is left empty stays as it is in the wider scope. Pure.
import { exactAmount, typedAmount } from '@/components/health/amount';
import type { RuleInfo, RuleOverride, RuleScope, RuleThreshold } from '@/lib/contracts/monitoring/rules';

export type OverrideDraft = {
  enabled: '' | 'on' | 'off';
  thresholds: Record<string, string>;
  forSeconds: string;
  clearForSeconds: string;
};

export function draftOfOverride(rule: RuleInfo, override: RuleOverride | undefined): OverrideDraft {
  const seconds = (value: number | undefined) => (value === undefined ? '' : exactAmount(value, 'seconds'));
  return {
    enabled: override?.enabled === undefined ? '' : override.enabled ? 'on' : 'off',
    thresholds: Object.fromEntries(
      rule.thresholds.map(({ name, unit }) => {
        const value = override?.thresholds?.[name];
        return [name, value === undefined ? '' : exactAmount(value, unit)];
      }),
    ),
    forSeconds: seconds(override?.forSeconds),
    clearForSeconds: seconds(override?.clearForSeconds),
  };
}

/** @returns what is wrong, by the name of the threshold, forSeconds or clearForSeconds */
export function overrideProblems(rule: RuleInfo, draft: OverrideDraft): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const threshold of rule.thresholds) {
    const problem = thresholdProblem(threshold, draft.thresholds[threshold.name] ?? '');
    if (problem) problems[threshold.name] = problem;
  }
  for (const key of ['forSeconds', 'clearForSeconds'] as const) {
    const text = draft[key].trim();
    const value = typedAmount(text, 'seconds');
    if (text !== '' && (value === null || value < 0 || !Number.isInteger(value) || value > DURATION_MAX_S))
      problems[key] = 'Write a time of at most 30 days, such as 90 s, 10 min or 2 h.';
  }
  return problems;
}

const DURATION_MAX_S = 2_592_000;
const examples = { seconds: '90 s or 10 min', bytes: '500 MiB', ratio: '80 %', count: '3' };

function thresholdProblem({ unit, min, max }: RuleThreshold, text: string): string | null {
  if (text.trim() === '') return null;
  const value = typedAmount(text, unit);
  if (value === null) return `Write a number such as ${examples[unit]}.`;
  return value < min || value > max
    ? `Between ${exactAmount(min, unit)} and ${exactAmount(max, unit)}.`
    : null;
}

/** Of a draft without problems. One that says nothing takes back what was decided there. */
export function overrideOf(rule: RuleInfo, scope: RuleScope, draft: OverrideDraft): RuleOverride {
  const thresholds = rule.thresholds.flatMap(({ name, unit }) => {
    const value = typedAmount(draft.thresholds[name] ?? '', unit);
    return value === null ? [] : [[name, value] as const];
  });
  const forSeconds = typedAmount(draft.forSeconds, 'seconds');
  const clearForSeconds = typedAmount(draft.clearForSeconds, 'seconds');
  return {
    rule: rule.id,
    scope,
    ...(draft.enabled === '' ? {} : { enabled: draft.enabled === 'on' }),
    ...(thresholds.length === 0 ? {} : { thresholds: Object.fromEntries(thresholds) }),
    ...(forSeconds === null ? {} : { forSeconds }),
    ...(clearForSeconds === null ? {} : { clearForSeconds }),
  };
}

export const scopeKey = (scope: RuleScope): string =>
  scope.kind === 'everywhere'
    ? 'everywhere'
    : scope.kind === 'cluster'
      ? `cluster/${scope.cluster}`
      : scope.kind === 'console'
        ? `console/${scope.console}`
        : `link/${scope.destination}/${scope.link}`;

export const scopeWords = (scope: RuleScope): string =>
  scope.kind === 'everywhere'
    ? 'Everywhere'
    : scope.kind === 'cluster'
      ? `On cluster ${scope.cluster}`
      : scope.kind === 'console'
        ? `For console ${scope.console}`
        : `On link ${scope.link} to ${scope.destination}`;
