// Which rules are shown: by area, by how they stand, and by what was typed. Pure.
import {
  type LibraryEntry,
  type RuleArea,
  ruleArea,
  type SubjectState,
  subjectState,
} from '@/lib/contracts/monitoring/rules';
import { standing } from './counts';

export type RuleFilter = { text: string; area: RuleArea | null; state: SubjectState | 'CHANGED' | null };

export function ruleFilterIn(params: { get: (key: string) => string | null }): RuleFilter {
  const area = ruleArea.safeParse(params.get('area'));
  const state = params.get('state');
  const known = subjectState.safeParse(state);
  return {
    text: params.get('text') ?? '',
    area: area.success ? area.data : null,
    state: known.success ? known.data : state === 'CHANGED' ? 'CHANGED' : null,
  };
}

const first: (SubjectState | null)[] = ['RAISED', 'PENDING', 'UNKNOWN'];

/** What wants a look comes first; the rest stays in the order of the library. */
function placeOf(rule: LibraryEntry): number {
  const place = first.indexOf(standing(rule));
  return place < 0 ? first.length : place;
}

/** All words must occur, in any of its texts. */
export function matching(rules: readonly LibraryEntry[], { text, area, state }: RuleFilter): LibraryEntry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rules.filter((rule) => {
    if (area !== null && rule.area !== area) return false;
    if (state === 'CHANGED' && rule.overrides.length === 0) return false;
    if (state !== null && state !== 'CHANGED' && (rule.counts[state] ?? 0) === 0) return false;
    const all = [rule.id, rule.title, rule.what, rule.why, ...rule.metrics].join('\n').toLowerCase();
    return words.every((word) => all.includes(word));
  });
  return found.sort((a, b) => placeOf(a) - placeOf(b));
}
