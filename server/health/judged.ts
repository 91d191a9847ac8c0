/**
 * What is remembered of a rule at one subject from one observation to the next: how long it has been so, or been over. Plain data, stored
 * as JSON. Only time between two observations that say the same counts: what was not seen is not time in a condition.
 */
import type { Labels } from '@/lib/monitoring/observation';
import type { Rule } from './rule';
import type { Setting } from './settings';
import type { Window } from './window';

export type Judged = {
  labels: Labels;
  /** `subjectOf` the labels. */
  scope: string;
  /** 0: not raised; otherwise the step, from 1. */
  level: number;
  /** For each step: ms that its condition has held, or has been over; −1: it does not hold, it is not over. */
  met: number[];
  over: number[];
  /** The last number, and when it was seen. */
  value: number | null;
  seenAtMs: number;
  /** The last observation that had a series of it, with a number to judge or without. */
  visitedAtMs: number;
  /** Since when there has been no number; null: there was one. */
  unknownSinceMs: number | null;
  /** While its number leaves something out (see `leavesOut` of a rule): how much, and for how long that was observed. */
  leftOut: { count: number; lastMs: number; forMs: number } | null;
  /** Since when it is not there any more, and how much of that was observed. */
  gone: { lastMs: number; forMs: number } | null;
  window: Window | null;
};

/** Two sights may be this many intervals apart, and the time between counts. */
const seenIntervals = 2.5;
/** What was pending before nothing was seen for longer than this, and than its for-duration, begins anew. */
const pendingKeptMs = 600_000;

export function newJudged(rule: Rule, labels: Labels, scope: string): Judged {
  const none = rule.levels.map(() => -1);
  return {
    labels,
    scope,
    level: 0,
    met: [...none],
    over: [...none],
    value: null,
    seenAtMs: 0,
    visitedAtMs: 0,
    unknownSinceMs: null,
    leftOut: null,
    gone: null,
    window: null,
  };
}

/** Nothing to remember: as if it had never been looked at. */
export const isIdle = (one: Judged): boolean => one.level === 0 && one.met.every((ms) => ms < 0);

/** Raised, and over or gone at the last look: it is cleared when it has been so for long enough. */
export const isEbbing = ({ level, over, gone, unknownSinceMs }: Judged): boolean =>
  gone !== null || (level > 0 && unknownSinceMs === null && (over[level - 1] as number) >= 0);

/** The gravest step whose condition holds; 0: none. */
export function metLevel(rule: Rule, setting: Setting, value: number): number {
  for (let level = setting.raise.length; level > 0; level--) {
    const at = setting.raise[level - 1] as number;
    if (rule.raisedWhen === 'above' ? value >= at : value <= at) return level;
  }
  return 0;
}

/** The gravest step that is not over: its condition holds, or the value is not far enough back. */
export function heldLevel(rule: Rule, setting: Setting, value: number): number {
  for (let level = setting.raise.length; level > 0; level--) {
    const at = setting.raise[level - 1] as number;
    const margin = setting.margin[level - 1] as number;
    if (rule.raisedWhen === 'above' ? value >= at - margin : value <= at + margin) return level;
  }
  return 0;
}

export const countedMs = (fromMs: number, atMs: number, intervalMs: number): number =>
  atMs > fromMs && atMs - fromMs <= intervalMs * seenIntervals ? atMs - fromMs : 0;

/** @param value null: the rule does not apply, so all of its steps are over */
export function seen(
  one: Judged,
  rule: Rule,
  setting: Setting,
  value: number | null,
  atMs: number,
  intervalMs: number,
): void {
  const counted = countedMs(one.seenAtMs, atMs, intervalMs);
  if (one.level === 0 && atMs - one.seenAtMs > Math.max(pendingKeptMs, setting.forMs)) one.met.fill(-1);
  const met = value === null ? 0 : metLevel(rule, setting, value);
  const held = value === null ? 0 : heldLevel(rule, setting, value);
  for (let level = 1; level <= one.met.length; level++) {
    const [was, wasOver] = [one.met[level - 1] as number, one.over[level - 1] as number];
    one.met[level - 1] = level > met ? -1 : was < 0 ? 0 : was + counted;
    one.over[level - 1] = level <= held || level > one.level ? -1 : wasOver < 0 ? 0 : wasOver + counted;
  }
  one.value = value;
  one.seenAtMs = atMs;
  one.unknownSinceMs = null;
  one.gone = null;
}

/** Where the subject now belongs: up as soon as a graver step has held long enough, down once its own has been over long enough. */
export function nextLevel(one: Judged, setting: Setting): number {
  for (let level = one.met.length; level > one.level; level--)
    if ((one.met[level - 1] as number) >= setting.forMs) return level;
  if (one.level === 0 || !isOver(one, one.level, setting)) return one.level;
  let level = one.level - 1;
  while (level > 0 && isOver(one, level, setting)) level--;
  return level;
}

function isOver(one: Judged, level: number, setting: Setting): boolean {
  const ms = one.over[level - 1] as number;
  return ms >= 0 && ms >= setting.clearForMs;
}
