/**
 * What a health rule is: data, and small pure functions over the numbers of one observation. Text is for operators; evaluate.ts does
 * the judging, so a rule never keeps time, state or alerts.
 */
import type { RuleArea, RuleThreshold, RuleUnit, Severity } from '@/lib/contracts/monitoring/rules';
import { defOf, labelNames, type MetricName } from '@/lib/monitoring/metrics';
import type { Labels } from '@/lib/monitoring/observation';

/** What a rule may ask for about the subject that it judges. */
export type Look = {
  readonly labels: Labels;
  /** Another metric with labels of this subject; null: not known. */
  other(metric: MetricName): number | null;
  /** Growth of the rule's own metric over its window; null while fewer than two numbers, or too short a time, are known. */
  grown(): number | null;
  /** A threshold as it is set here. */
  set(name: string): number;
};

/** What is judged; null: not known, `NONE`: the rule does not apply here, which is as good as fine. */
export type Measured = number | null | typeof NONE;
export const NONE = Symbol('does not apply');

/** `at`: a threshold's name, or a fixed number of what is only yes or no. */
export type Step = { severity: Severity; at: string | number };

/** Rules whose alert stands for this one's; `where`: label of the cause → label here that has the same value. */
export type Cause = { rule: string; where: Readonly<Record<string, string>> };

export type RuleText = {
  id: string;
  /** At most 40 characters: title of its alerts. */
  title: string;
  what: string;
  why: string;
  steps: readonly [string, string, ...string[]];
};

export type Rule = RuleText & {
  area: RuleArea;
  /** One subject for each series of it. */
  metric: MetricName;
  /** Others that `measure` asks for. */
  uses: readonly MetricName[];
  unit: RuleUnit;
  /** Of unit `count` with steps: what is counted, in the singular, or "× …" of a multiple. */
  counted: string | null;
  raisedWhen: 'above' | 'below';
  levels: readonly Step[];
  thresholds: readonly RuleThreshold[];
  /** How far beyond its step a value must be back: share of the step, and in the rule's unit. */
  clear: { share: number; by: number };
  forSeconds: number;
  clearForSeconds: number;
  measure: (value: number, look: Look) => Measured;
  /** Why `measure` may know nothing. */
  unknown: string;
  /** While this metric says so of the subject, a missing number is unknown, not gone: the thing is there and cannot be measured. */
  heldBy: { metric: MetricName; when: (value: number) => boolean } | null;
  /**
   * While this metric is above 0 for the subject, the number leaves something out: a worst that is at least so bad. It raises, and it
   * neither ends nor lowers.
   */
  leavesOut: MetricName | null;
  /** Keeps numbers of each subject: growth of a counter, or of a gauge over the whole window. */
  window: { kind: 'counter' | 'gauge'; seconds: string } | null;
  /** Subjects that have these labels in common make one alert. */
  groupBy: readonly string[];
  causes: readonly Cause[];
  /** Series that an alert lists: those of `metric` with the alert's labels where `when` holds. */
  affected: { metric: MetricName; item: string; when: (value: number, judged: number) => boolean } | null;
  /** The sentence of the alert; `value` is as `measure` has it. */
  say: (told: Told) => string;
};

export type Told = {
  labels: Labels;
  value: number;
  /** With its unit. */
  shown: string;
  /** The step that was passed, with its unit. */
  limit: string;
  /** Subjects of the alert. */
  count: number;
  /** The window, such as "24 h". */
  window: string;
};

type Optional = {
  uses?: readonly MetricName[];
  unit?: RuleUnit;
  counted?: string;
  raisedWhen?: 'below';
  thresholds?: readonly RuleThreshold[];
  levels?: readonly Step[];
  clear?: { share?: number; by?: number };
  measure?: Rule['measure'];
  unknown?: string;
  heldBy?: NonNullable<Rule['heldBy']>;
  leavesOut?: MetricName;
  window?: NonNullable<Rule['window']>;
  groupBy?: readonly string[];
  causes?: readonly Cause[];
  affected?: NonNullable<Rule['affected']>;
};
type Needed = RuleText & {
  metric: MetricName;
  forSeconds: number;
  clearForSeconds: number;
  say: Rule['say'];
};

/** The metric's own number is what is judged. */
const asItIs = (value: number): number => value;

/** Steps can be drawn on the chart of the metric: both are the same kind of number. */
export const isDrawn = ({ measure, window, unit, metric }: Rule): boolean =>
  measure === asItIs && window === null && unit === defOf(metric).unit;

/** Fills in what most rules leave as it is: the metric's own number, raised above steps that thresholds name. */
export function rule(area: RuleArea, given: Needed & Optional): Rule {
  const thresholds = given.thresholds ?? [];
  const { share = 0, by = 0 } = given.clear ?? {};
  return {
    uses: [],
    unit: 'count',
    counted: null,
    raisedWhen: 'above',
    measure: asItIs,
    unknown: 'no number in the last sweep',
    heldBy: null,
    leavesOut: null,
    window: null,
    groupBy: labelNames(given.metric),
    causes: [],
    affected: null,
    ...given,
    area,
    thresholds,
    levels: given.levels ?? stepsOf(thresholds),
    clear: { share, by },
  };
}

/** Yes or no: raised while the metric, or what `measure` makes of it, is 1. */
export const yes = (severity: Severity): readonly Step[] => [{ severity, at: 1 }];

export function step(
  severity: Severity,
  unit: RuleUnit,
  value: number,
  [min, max]: readonly [number, number],
  help: string,
): RuleThreshold {
  return { name: severity.toLowerCase(), unit, default: value, min, max, help, severity };
}

/** A number of a rule that is no step, such as its window. */
export function setting(
  name: string,
  unit: RuleUnit,
  value: number,
  [min, max]: readonly [number, number],
  help: string,
): RuleThreshold {
  return { name, unit, default: value, min, max, help, severity: null };
}

const stepsOf = (thresholds: readonly RuleThreshold[]): Step[] =>
  thresholds.flatMap(({ severity, name }) => (severity ? [{ severity, at: name }] : []));
