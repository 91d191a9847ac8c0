// The rule library as of the last observation: each rule at each thing that it judges, with number, limit and state. Changes nothing.
import type { LibraryEntry, RuleSubject, SubjectState } from '@/lib/contracts/monitoring/rules';
import type { Labels, Series } from '@/lib/monitoring/observation';
import { infoOf } from './catalog';
import { type Memory, SubjectLook } from './evaluate';
import { heldLevel, type Judged, metLevel } from './judged';
import { keyOf, type Numbers } from './numbers';
import { NONE, type Rule } from './rule';
import type { Setting, Settings } from './settings';

export type LibraryAsk = {
  settings: Settings;
  memory: Memory;
  /** Null: nothing was observed yet. */
  numbers: Numbers | null;
  visible: (labels: Labels) => boolean;
  /** Subjects listed of each rule, worst first. */
  limit: number;
};

const order: readonly SubjectState[] = ['RAISED', 'PENDING', 'UNKNOWN', 'OK', 'OFF'];

export function libraryEntry(rule: Rule, ask: LibraryAsk): LibraryEntry {
  const subjects = subjectsOf(rule, ask).sort(worstFirst);
  const counts: Record<SubjectState, number> = { OK: 0, PENDING: 0, RAISED: 0, UNKNOWN: 0, OFF: 0 };
  for (const one of subjects) counts[one.state]++;
  return {
    ...infoOf(rule),
    unit: rule.unit,
    counts,
    subjects: subjects.slice(0, ask.limit),
    more: Math.max(0, subjects.length - ask.limit),
    overrides: ask.settings.overrides.filter((one) => one.rule === rule.id),
  };
}

function subjectsOf(rule: Rule, { settings, memory, numbers, visible }: LibraryAsk): RuleSubject[] {
  const own = memory.get(rule.id);
  const found: RuleSubject[] = [];
  const told = new Set<string>();
  if (numbers) {
    const look = new SubjectLook(numbers);
    const { series, values } = numbers.observation;
    for (const index of numbers.of(rule.metric)) {
      const one = series[index] as Series;
      const key = keyOf(one);
      told.add(key);
      if (!visible(one.labels)) continue;
      const judged = own?.get(key);
      const setting = settings.of(rule, one.labels);
      const measured = look.measure(rule, setting, one.labels, judged, values[index] as number);
      const value = measured === NONE ? null : measured;
      const why = measured === null ? rule.unknown : measured === NONE ? 'does not apply here' : null;
      found.push(subject(rule, setting, one.labels, judged, value, measured === null, why));
    }
  }
  for (const [key, judged] of own ?? []) {
    if (told.has(key) || !visible(judged.labels)) continue;
    const setting = settings.of(rule, judged.labels);
    found.push(subject(rule, setting, judged.labels, judged, null, true, 'no number in the last sweep'));
  }
  return found;
}

function subject(
  rule: Rule,
  setting: Setting,
  labels: Labels,
  judged: Judged | undefined,
  value: number | null,
  unknown: boolean,
  why: string | null,
): RuleSubject {
  const raised = judged?.level ?? 0;
  const met = value === null ? 0 : metLevel(rule, setting, value);
  const state = stateOf(setting, raised, met, unknown);
  const level = raised > 0 ? raised : met;
  const ms = raised > 0 ? -1 : (judged?.met[Math.max(0, met - 1)] ?? -1);
  const held = value !== null && raised > 0 && heldLevel(rule, setting, value) < raised;
  return {
    labels: { ...labels },
    state,
    severity: level > 0 ? (rule.levels[level - 1]?.severity ?? null) : null,
    value,
    threshold: setting.raise[Math.max(0, level - 1)] as number,
    why:
      state === 'OFF'
        ? 'switched off here'
        : state === 'RAISED' && unknown
          ? `no number now: ${why}`
          : held
            ? 'about to clear'
            : why,
    heldSeconds: ms < 0 ? null : ms / 1_000,
    forSeconds: setting.forMs / 1_000,
  };
}

function stateOf(setting: Setting, raised: number, met: number, unknown: boolean): SubjectState {
  if (!setting.enabled) return 'OFF';
  if (raised > 0) return 'RAISED';
  if (unknown) return 'UNKNOWN';
  return met > 0 ? 'PENDING' : 'OK';
}

function worstFirst(a: RuleSubject, b: RuleSubject): number {
  const byState = order.indexOf(a.state) - order.indexOf(b.state);
  if (byState !== 0) return byState;
  const nearness = (one: RuleSubject) => (one.value === null ? -1 : Math.abs(one.value - one.threshold));
  return nearness(a) - nearness(b);
}
