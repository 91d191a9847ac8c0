// The rule library as of the last observation: each rule at each thing that it judges, with number, limit and state. Changes nothing.
import type { LibraryEntry, RuleOverride, RuleSubject, SubjectState } from '@/lib/contracts/monitoring/rules';
import type { Labels, Series } from '@/lib/monitoring/observation';
import { infoOf } from './catalog';
import { type Memory, SubjectLook } from './evaluate';
import { heldLevel, isIdle, type Judged, metLevel } from './judged';
import type { Sees } from './matching';
import { keyOf, type Numbers } from './numbers';
import { NONE, type Rule } from './rule';
import type { Setting, Settings } from './settings';

export type LibraryPlace = {
  /** Empty but on a hub. */
  console: string;
  settings: Settings;
  memory: Memory;
  /** Null: nothing was observed yet. */
  numbers: Numbers | null;
};
export type LibraryAsk = {
  places: readonly LibraryPlace[];
  /** False: only what is raised or about to be. Of hundreds of consoles, everything would take seconds. */
  whole: boolean;
  visible: Sees;
  overridesOf: (rule: string) => RuleOverride[];
  /** Subjects listed of each rule, worst first. */
  limit: number;
};

const order: readonly SubjectState[] = ['RAISED', 'PENDING', 'UNKNOWN', 'OK', 'OFF'];

export function libraryEntry(rule: Rule, ask: LibraryAsk): LibraryEntry {
  const subjectsOf = ask.whole ? allSubjectsOf : troubledSubjectsOf;
  const subjects = ask.places.flatMap((place) => subjectsOf(rule, place, ask.visible)).sort(worstFirst);
  const counts: Record<SubjectState, number> = { OK: 0, PENDING: 0, RAISED: 0, UNKNOWN: 0, OFF: 0 };
  for (const one of subjects) counts[one.state]++;
  return {
    ...infoOf(rule),
    unit: rule.unit,
    counts,
    subjects: subjects.slice(0, ask.limit),
    more: Math.max(0, subjects.length - ask.limit),
    overrides: ask.overridesOf(rule.id),
  };
}

function troubledSubjectsOf(
  rule: Rule,
  { console, settings, memory }: LibraryPlace,
  sees: Sees,
): RuleSubject[] {
  return [...(memory.get(rule.id)?.values() ?? [])].flatMap((judged) => {
    if (isIdle(judged) || !sees(judged.labels, console)) return [];
    const unknown = judged.unknownSinceMs !== null || judged.gone !== null;
    const labels = labelsOf(judged.labels, console);
    const setting = settings.of(rule, judged.labels);
    const why = unknown ? 'no number in the last report' : null;
    return [subject(rule, setting, labels, judged, unknown ? null : judged.value, unknown, why)];
  });
}

const labelsOf = (labels: Labels, console: string): Labels =>
  console === '' ? labels : { ...labels, console };

function allSubjectsOf(
  rule: Rule,
  { console, settings, memory, numbers }: LibraryPlace,
  sees: Sees,
): RuleSubject[] {
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
      if (!sees(one.labels, console)) continue;
      const judged = own?.get(key);
      const setting = settings.of(rule, one.labels);
      const measured = look.measure(rule, setting, one.labels, judged, values[index] as number);
      const value = measured === NONE ? null : measured;
      const why = measured === null ? rule.unknown : measured === NONE ? 'does not apply here' : null;
      const labels = labelsOf(one.labels, console);
      found.push(subject(rule, setting, labels, judged, value, measured === null, why));
    }
  }
  for (const [key, judged] of own ?? []) {
    if (told.has(key) || !sees(judged.labels, console)) continue;
    const setting = settings.of(rule, judged.labels);
    const labels = labelsOf(judged.labels, console);
    found.push(subject(rule, setting, labels, judged, null, true, 'no number in the last sweep'));
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
    lastNumberAt: unknown && judged && judged.seenAtMs > 0 ? judged.seenAtMs : null,
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
