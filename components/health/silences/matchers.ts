// Matchers as forms hold them: rows with keys of their own. Pure.
import { type AlertMatcher, alertMatcher } from '@/lib/contracts/monitoring/silences';

export type MatcherDraft = AlertMatcher & { key: number };

export const draftsOf = (matchers: readonly AlertMatcher[]): MatcherDraft[] =>
  matchers.map((matcher, key) => ({ ...matcher, key }));

export const matchersOf = (drafts: readonly MatcherDraft[]): AlertMatcher[] =>
  drafts.map(({ key: _, ...matcher }) => matcher);

export function matcherProblem({ key: _, ...matcher }: MatcherDraft): string | null {
  const parsed = alertMatcher.safeParse(matcher);
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'This cannot match anything.';
  return matcher.value === '' && matcher.op !== 'is not' ? 'Say what it is matched with.' : null;
}

/** Of the first that is wrong; null: they can be sent. */
export const matchersProblem = (drafts: readonly MatcherDraft[]): string | null =>
  drafts.map((draft) => matcherProblem(draft)).find((problem) => problem !== null) ?? null;

/** @param label that is asked for most: of a hub the console, elsewhere the cluster */
export const newMatcher = (others: readonly MatcherDraft[], label: string): MatcherDraft => ({
  key: Math.max(-1, ...others.map(({ key }) => key)) + 1,
  ...{ label, op: 'is', value: '' },
});
