/**
 * Judges one observation by all rules: (rules, settings, what is remembered, observation) → what is remembered, and what changed.
 * No clock, no I/O. What is unknown holds its state; what is gone from a subject that was seen whole is over after the clear duration.
 */
import type { ClearReason } from '@/lib/contracts/monitoring/alerts';
import type { MetricName } from '@/lib/monitoring/metrics';
import { type Labels, type Observation, type Series, subjectOf } from '@/lib/monitoring/observation';
import { atOnce, type Steps } from '@/server/steps';
import { countedMs, isIdle, type Judged, metLevel, newJudged, nextLevel, seen } from './judged';
import { keyOf, Numbers } from './numbers';
import { type Look, type Measured, NONE, type Rule } from './rule';
import type { Setting, Settings } from './settings';
import { grownOver, newWindow, push } from './window';

/** Rule → key of the subject → what is remembered of it. Owned by `evaluate`, which changes it in place. */
export type Memory = Map<string, Map<string, Judged>>;

export type Transition = {
  rule: Rule;
  key: string;
  labels: Labels;
  from: number;
  to: number;
  value: number | null;
  /** Why it is 0 now. */
  reason: ClearReason | null;
};
/** What must be stored, so that a restart goes on from here; null: nothing is remembered any more. */
export type Remembered = { rule: string; key: string; judged: Judged | null };
export type Evaluated = { numbers: Numbers; transitions: Transition[]; remembered: Remembered[] };

export type Circumstances = {
  rules: readonly Rule[];
  settings: Settings;
  /** How far observations are apart. */
  intervalMs: number;
  /** Clusters and links that there are; null: not known. */
  subjects: ReadonlySet<string> | null;
};

/** What is raised and has not been known for so long is taken for lost. */
export const lostAfterMs = 7 * 86_400_000;
/** What is there and has no number any more, or not a whole one, is held so long. */
export const heldWithoutNumberMs = 3_600_000;
/** Subjects between two steps. */
const perStep = 500;
/** While something is pending or about to clear, how long it has been so is stored this often. */
const storedEveryMs = 30_000;

export const evaluate = (memory: Memory, observation: Observation, at: Circumstances): Evaluated =>
  atOnce(evaluating(memory, observation, at));

/** In steps. Between them the memory says things that were not told yet: whoever begins does it to the end. */
export function* evaluating(memory: Memory, observation: Observation, at: Circumstances): Steps<Evaluated> {
  const run = new Run(new Numbers(observation), at);
  for (const rule of at.rules) yield* run.judge(rule, ownMap(memory, rule.id));
  return run;
}

class Run implements Evaluated {
  readonly numbers: Numbers;
  readonly transitions: Transition[] = [];
  readonly remembered: Remembered[] = [];
  readonly #at: Circumstances;
  readonly #look: SubjectLook;

  constructor(numbers: Numbers, at: Circumstances) {
    this.numbers = numbers;
    this.#at = at;
    this.#look = new SubjectLook(numbers);
  }

  *judge(rule: Rule, subjects: Map<string, Judged>): Steps<void> {
    if (this.#at.settings.isOff(rule)) {
      for (const [key, one] of subjects) this.#end(rule, subjects, key, one, 'OFF');
      return;
    }
    const { series, values, atMs } = this.numbers.observation;
    let done = 0;
    for (const index of this.numbers.of(rule.metric)) {
      if (++done % perStep === 0) yield;
      const one = series[index] as Series;
      const setting = this.#at.settings.of(rule, one.labels);
      const known = subjects.size === 0 && !rule.window ? undefined : subjects.get(keyOf(one));
      const judged = known ?? this.#fresh(rule, setting, one, subjects);
      const atLeast = this.#leavesOut(rule, one.labels, judged);
      const measured =
        atLeast && rule.window
          ? null
          : this.#measure(rule, setting, one.labels, judged, values[index] as number);
      if (!setting.enabled) {
        if (judged) this.#end(rule, subjects, keyOf(one), judged, 'OFF');
      } else if (judged) {
        const told = atLeast && !raisesOrKeeps(rule, setting, judged, measured) ? null : measured;
        this.#known(rule, setting, subjects, keyOf(one), judged, told);
      } else if (typeof measured === 'number' && metLevel(rule, setting, measured) > 0) {
        const begun = newJudged(rule, one.labels, subjectOf(one.labels));
        subjects.set(keyOf(one), begun);
        this.#known(rule, setting, subjects, keyOf(one), begun, measured);
      }
    }
    for (const [key, one] of subjects) {
      if (one.visitedAtMs !== atMs) this.#absent(rule, subjects, key, one);
      if (++done % perStep === 0) yield;
    }
  }

  /** Rules with a window remember each subject, those without only what is not fine. */
  #fresh(rule: Rule, setting: Setting, series: Series, subjects: Map<string, Judged>): Judged | undefined {
    if (!rule.window || !setting.enabled) return undefined;
    const judged = newJudged(rule, series.labels, subjectOf(series.labels));
    judged.window = newWindow();
    subjects.set(keyOf(series), judged);
    return judged;
  }

  /** Whether its number is only the least that it may be; after an hour of that it is taken as it is, as it may never be whole again. */
  #leavesOut({ leavesOut, window }: Rule, labels: Labels, judged: Judged | undefined): boolean {
    if (leavesOut === null || !judged) return false;
    const { atMs } = this.numbers.observation;
    const count = this.numbers.at(leavesOut, labels) ?? 0;
    const was = judged.leftOut ?? null;
    const forMs = was ? was.forMs + countedMs(was.lastMs, atMs, this.#at.intervalMs) : 0;
    const isTaken = forMs >= heldWithoutNumberMs;
    // What was taken as it is compares with nothing that leaves out more, less or nothing.
    if (window && was && isTaken && was.count !== count) judged.window = newWindow();
    judged.leftOut = count === 0 ? null : { count, lastMs: atMs, forMs };
    return count > 0 && !isTaken;
  }

  #measure(
    rule: Rule,
    setting: Setting,
    labels: Labels,
    judged: Judged | undefined,
    value: number,
  ): Measured {
    if (rule.window && judged) {
      judged.window ??= newWindow();
      push(judged.window, rule.window.kind, value, this.numbers.observation.atMs, setting.windowMs);
    }
    return this.#look.measure(rule, setting, labels, judged, value);
  }

  #known(
    rule: Rule,
    setting: Setting,
    subjects: Map<string, Judged>,
    key: string,
    one: Judged,
    measured: Measured,
  ): void {
    const { atMs } = this.numbers.observation;
    one.visitedAtMs = atMs;
    if (measured === null) {
      this.#unknown(rule, subjects, key, one);
      return;
    }
    const before = phaseOf(one);
    const since = one.seenAtMs;
    seen(one, rule, setting, measured === NONE ? null : measured, atMs, this.#at.intervalMs);
    const to = nextLevel(one, setting);
    if (to !== one.level) this.#move(rule, key, one, to, to === 0 ? 'OVER' : null);
    const after = phaseOf(one);
    if (after === 'idle' && !rule.window) subjects.delete(key);
    const counts = after !== 'idle' && after !== 'raised';
    const due = counts && Math.floor(since / storedEveryMs) !== Math.floor(atMs / storedEveryMs);
    if (before !== after || due)
      this.remembered.push({ rule: rule.id, key, judged: after === 'idle' ? null : one });
  }

  #absent(rule: Rule, subjects: Map<string, Judged>, key: string, one: Judged): void {
    const { whole, atMs } = this.numbers.observation;
    const { subjects: there, settings, intervalMs } = this.#at;
    const setting = settings.of(rule, one.labels);
    const known = there === null || one.scope === 'landbridge' || there.has(one.scope);
    if (!setting.enabled) this.#end(rule, subjects, key, one, 'OFF');
    else if (!known) this.#end(rule, subjects, key, one, 'GONE');
    else if (whole.has(one.scope) && !this.#isHeld(rule, one)) {
      one.gone = {
        lastMs: atMs,
        forMs: one.gone ? one.gone.forMs + countedMs(one.gone.lastMs, atMs, intervalMs) : 0,
      };
      if (one.level === 0 || one.gone.forMs >= setting.clearForMs)
        this.#end(rule, subjects, key, one, 'GONE');
    } else this.#unknown(rule, subjects, key, one);
  }

  /** It is there, and cannot be measured now; for so long only, as it may never be measured again. */
  #isHeld({ heldBy }: Rule, one: Judged): boolean {
    const value = heldBy && this.numbers.at(heldBy.metric, one.labels);
    if (value === null || !heldBy?.when(value)) return false;
    const { atMs } = this.numbers.observation;
    return atMs - (one.unknownSinceMs ?? atMs) < heldWithoutNumberMs;
  }

  #unknown(rule: Rule, subjects: Map<string, Judged>, key: string, one: Judged): void {
    const { atMs } = this.numbers.observation;
    one.gone = null;
    one.unknownSinceMs ??= atMs;
    if (atMs - one.unknownSinceMs >= lostAfterMs) this.#end(rule, subjects, key, one, 'LOST');
  }

  #end(rule: Rule, subjects: Map<string, Judged>, key: string, one: Judged, reason: ClearReason): void {
    if (!isIdle(one)) this.remembered.push({ rule: rule.id, key, judged: null });
    if (one.level > 0) this.#move(rule, key, one, 0, reason);
    subjects.delete(key);
  }

  #move(rule: Rule, key: string, one: Judged, to: number, reason: ClearReason | null): void {
    this.transitions.push({ rule, key, labels: one.labels, from: one.level, to, value: one.value, reason });
    one.level = to;
    for (let level = to + 1; level <= one.over.length; level++) one.over[level - 1] = -1;
  }
}

/** What is at least so bad is as bad as what is raised. */
const raisesOrKeeps = (rule: Rule, setting: Setting, { level }: Judged, measured: Measured): boolean =>
  typeof measured === 'number' && metLevel(rule, setting, measured) >= Math.max(1, level);

/** Idle is not stored; what counts time is stored every now and then. */
function phaseOf(one: Judged): string {
  if (isIdle(one)) return 'idle';
  if (one.level === 0) return 'pending';
  const counting = one.over.some((ms) => ms >= 0) || one.met.some((ms, i) => ms >= 0 && i >= one.level);
  return counting ? `counting ${one.level}` : 'raised';
}

/** One object for all subjects of a run: there are thousands of them. */
export class SubjectLook implements Look {
  labels: Labels = {};
  readonly #numbers: Numbers;
  #rule: Rule | null = null;
  #setting: Setting | null = null;
  #judged: Judged | undefined;

  constructor(numbers: Numbers) {
    this.#numbers = numbers;
  }

  measure(rule: Rule, setting: Setting, labels: Labels, judged: Judged | undefined, value: number): Measured {
    this.labels = labels;
    this.#rule = rule;
    this.#setting = setting;
    this.#judged = judged;
    const measured = rule.measure(value, this);
    return typeof measured === 'number' && !Number.isFinite(measured) ? null : measured;
  }

  other(metric: MetricName): number | null {
    return this.#numbers.at(metric, this.labels);
  }

  grown(): number | null {
    const kind = this.#rule?.window?.kind;
    const window = this.#judged?.window;
    if (!kind || !window || !this.#setting) return null;
    return grownOver(window, kind, this.#numbers.observation.atMs, this.#setting.windowMs);
  }

  set(name: string): number {
    const value = this.#setting?.values[name];
    if (value === undefined) throw new Error(`${this.#rule?.id} has no threshold ${name}`);
    return value;
  }
}

function ownMap(memory: Memory, rule: string): Map<string, Judged> {
  let own = memory.get(rule);
  if (!own) {
    own = new Map();
    memory.set(rule, own);
  }
  return own;
}
