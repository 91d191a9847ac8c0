/**
 * The alerts of one place: turns what the evaluator says of subjects into alerts of groups of them, and relates those to their causes. Keeps
 * its state in memory; whoever calls it stores what it notes as unsaved.
 */
import { randomUUID } from 'node:crypto';
import type { Affected, ClearReason } from '@/lib/contracts/monitoring/alerts';
import { formatDuration } from '@/lib/format';
import { amount } from '@/lib/monitoring/amount';
import { labelNames } from '@/lib/monitoring/metrics';
import { type Labels, type Observation, type Series, subjectOf } from '@/lib/monitoring/observation';
import type { Steps } from '@/server/steps';
import {
  type Circumstances,
  type Evaluated,
  evaluating,
  type Memory,
  type Remembered,
  type Transition,
} from './evaluate';
import { affectedItems, alertsPerConsole, orphanWaitMs } from './intervals';
import { isEbbing, type Judged } from './judged';
import { keyFrom, type Numbers } from './numbers';
import { clear, type OpenAlert, type Unsaved } from './open-alert';
import type { Place } from './place';
import { relate } from './relate';
import type { Rule } from './rule';
import type { Settings } from './settings';

/** Names of what an alert is about, where whoever gathers observations knows more than is in them; null: no more. */
export type NamesOf = (place: Place, rule: string, labels: Labels) => Affected | null;

export class Watch {
  readonly place: Place;
  readonly memory: Memory;
  /** Rule and subject → alert. */
  readonly open = new Map<string, OpenAlert>();
  numbers: Numbers | null = null;
  readonly #namesOf: NamesOf;
  /** Cleared a short time ago: what is raised now may still follow from them. */
  #past: OpenAlert[] = [];
  /** Raised, and one too many for this place. */
  readonly #crowdedOut = new Map<string, Transition>();
  /** What is raised, of rules whose alerts stand for many, as of the last observation: looked for once, not once an alert. */
  readonly #groups = new Map<Rule, ReadonlyMap<string, [string, Judged][]>>();

  constructor(place: Place, memory: Memory, namesOf: NamesOf) {
    this.place = place;
    this.memory = memory;
    this.#namesOf = namesOf;
  }

  /** In steps; what is to be saved is there after the last one. @returns what must be stored besides */
  *observing(
    observation: Observation,
    at: Circumstances,
    unsaved: () => Unsaved,
  ): Steps<{ remembered: Remembered[]; cleared: OpenAlert[] }> {
    const evaluated = yield* evaluating(this.memory, observation, at);
    return this.#settleAll(evaluated, observation, at, unsaved());
  }

  #settleAll(
    { numbers, transitions, remembered }: Evaluated,
    observation: Observation,
    at: Circumstances,
    unsaved: Unsaved,
  ): { remembered: Remembered[]; cleared: OpenAlert[] } {
    this.numbers = numbers;
    this.#groups.clear();
    // Those for which there was no room are tried again.
    const touched = new Map(this.#crowdedOut);
    this.#crowdedOut.clear();
    for (const one of transitions) touched.set(alertKey(one.rule, one.labels), one);
    const cleared: OpenAlert[] = [];
    for (const [key, one] of touched) {
      const ended = this.#settle(key, one, at.settings, observation.atMs, unsaved);
      if (ended) cleared.push(ended);
    }
    for (const [key, alert] of this.open) {
      if (this.#refresh(alert, at.settings)) continue;
      // Stored by an earlier program, or by one that died in between: nothing would ever clear it.
      clear(alert, 'OFF', observation.atMs, unsaved);
      this.open.delete(key);
      cleared.push(alert);
    }
    this.#past = [...this.#past, ...cleared].filter((one) => isRecent(one, observation.atMs));
    relate([...this.open.values()], this.#past, observation.atMs, unsaved);
    return { remembered, cleared };
  }

  add(alert: OpenAlert): void {
    if (alert.body.clearedAtMs === null) this.open.set(alertKey(alert.rule, alert.body.labels), alert);
    else this.#past.push(alert);
  }

  /** Ends all of them, because nobody will observe this place any more. */
  clearAll(
    reason: ClearReason,
    atMs: number,
    unsaved: Unsaved,
  ): { remembered: Remembered[]; cleared: OpenAlert[] } {
    const cleared = [...this.open.values()];
    for (const alert of cleared) clear(alert, reason, atMs, unsaved);
    this.open.clear();
    const remembered = [...this.memory].flatMap(([rule, subjects]) =>
      [...subjects.keys()].map((key) => ({ rule, key, judged: null })),
    );
    this.memory.clear();
    this.#crowdedOut.clear();
    this.#groups.clear();
    return { remembered, cleared };
  }

  /** Ends what is about clusters and links that are no more: another of the same name begins anew. */
  keepOnly(
    isThere: (scope: string) => boolean,
    atMs: number,
    unsaved: Unsaved,
  ): { remembered: Remembered[]; cleared: OpenAlert[] } {
    const remembered: Remembered[] = [];
    for (const [rule, known] of this.memory)
      for (const [key, { scope }] of known) {
        if (isThere(scope)) continue;
        known.delete(key);
        remembered.push({ rule, key, judged: null });
      }
    this.#groups.clear();
    const cleared: OpenAlert[] = [];
    for (const [key, alert] of this.open) {
      if (isThere(subjectOf(alert.body.labels))) continue;
      clear(alert, 'GONE', atMs, unsaved);
      this.open.delete(key);
      cleared.push(alert);
    }
    return { remembered, cleared };
  }

  /** Of an alert, as of the last observation. */
  affectedBy(alert: OpenAlert): Affected {
    const { rule, body } = alert;
    const named = this.#namesOf(this.place, rule.id, body.labels);
    if (named) return named;
    const raised = this.#raised(rule, body.labels);
    const own = labelNames(rule.metric).filter((label) => !rule.groupBy.includes(label));
    if (own.length > 0)
      return bounded(raised.map(([, judged]) => own.map((label) => judged.labels[label]).join(' ')));
    if (!rule.affected || !this.numbers) return { count: 0, items: [] };
    const { metric, item, when } = rule.affected;
    const shared = labelNames(metric).filter((label) => body.labels[label] !== undefined && label !== item);
    const { series, values } = this.numbers.observation;
    const items = this.numbers.of(metric).flatMap((index) => {
      const { labels } = series[index] as Series;
      const same = shared.every((label) => labels[label] === body.labels[label]);
      return same && when(values[index] as number, body.value ?? 0) ? [labels[item] ?? ''] : [];
    });
    return bounded(items);
  }

  /** @returns the alert, if it was cleared */
  #settle(
    key: string,
    transition: Transition,
    settings: Settings,
    atMs: number,
    unsaved: Unsaved,
  ): OpenAlert | null {
    const { rule, labels, reason } = transition;
    const known = this.open.get(key);
    const raised = this.#raised(rule, labels);
    const worst = raised.at(0)?.[1];
    if (!worst) {
      if (!known) return null;
      clear(known, reason ?? 'OVER', atMs, unsaved);
      this.open.delete(key);
      return known;
    }
    if (!known && this.place.console !== '' && this.open.size >= alertsPerConsole) {
      this.#crowdedOut.set(key, transition);
      return null;
    }
    const own = rule.levels[worst.level - 1]?.severity ?? 'INFO';
    const heldMs = raised.reduce((most, [, { met }]) => Math.max(most, ...met), 0);
    const alert = known ?? newAlert(this.place, rule, labels, own, { atMs, heldMs });
    this.open.set(key, alert);
    const changed = alert.body.own !== own;
    alert.body.own = own;
    this.#refresh(alert, settings);
    alert.body.affected = this.affectedBy(alert);
    if (!known) unsaved.note(alert, 'RAISED', atMs);
    else if (changed) unsaved.alerts.add(alert);
    return null;
  }

  /**
   * Number and words as of now; not stored each time, because the next observation tells them again.
   * @returns false when nothing of it is raised
   */
  #refresh(alert: OpenAlert, settings: Settings): boolean {
    const { rule, body } = alert;
    const raised = this.#raised(rule, body.labels);
    const worst = raised[0]?.[1];
    if (!worst) return false;
    alert.known = raised.some(([, one]) => one.unknownSinceMs === null && one.gone === null);
    alert.ebbing = raised.every(([, one]) => isEbbing(one));
    const seenAtMs = Math.max(...raised.map(([, one]) => one.seenAtMs));
    alert.numberAtMs = seenAtMs > 0 ? seenAtMs : null;
    const setting = settings.of(rule, worst.labels);
    body.value = worst.value ?? body.value;
    body.threshold = setting.raise[worst.level - 1] ?? null;
    // While it ends, what it was stays said: "0 partitions have no leader" is nobody's alert.
    if (body.value === null || alert.ebbing) return true;
    body.message = rule.say({
      labels: worst.labels,
      value: body.value,
      shown: amount(body.value, rule.unit, rule.counted),
      limit: amount(body.threshold ?? 0, rule.unit, rule.counted),
      count: raised.length,
      window: formatDuration(setting.windowMs / 1_000),
    });
    return true;
  }

  /** Subjects of one alert that are raised, gravest first, and of those the one that is furthest off. */
  #raised(rule: Rule, labels: Labels): readonly [string, Judged][] {
    const subjects = this.memory.get(rule.id);
    if (!subjects) return [];
    const group = keyFrom(rule.groupBy, labels);
    if (rule.groupBy.length === labelNames(rule.metric).length) {
      const one = subjects.get(group);
      return one && one.level > 0 ? [[group, one]] : [];
    }
    let groups = this.#groups.get(rule);
    if (!groups) {
      groups = raisedByGroup(rule, subjects);
      this.#groups.set(rule, groups);
    }
    return groups.get(group) ?? [];
  }
}

function raisedByGroup(rule: Rule, subjects: ReadonlyMap<string, Judged>): Map<string, [string, Judged][]> {
  const groups = new Map<string, [string, Judged][]>();
  for (const subject of subjects) {
    if (subject[1].level === 0) continue;
    const group = keyFrom(rule.groupBy, subject[1].labels);
    const own = groups.get(group);
    if (own) own.push(subject);
    else groups.set(group, [subject]);
  }
  const sign = rule.raisedWhen === 'above' ? 1 : -1;
  for (const own of groups.values())
    own.sort(([, a], [, b]) => b.level - a.level || sign * ((b.value ?? 0) - (a.value ?? 0)));
  return groups;
}

export const alertKey = (rule: Rule, labels: Labels): string =>
  `${rule.id}\u0000${keyFrom(rule.groupBy, labels)}`;

/** The clock may have been set back since. */
const isRecent = ({ body }: OpenAlert, atMs: number): boolean =>
  body.clearedAtMs !== null && Math.abs(atMs - body.clearedAtMs) < orphanWaitMs;

const bounded = (items: string[]): Affected => ({
  count: items.length,
  items: items.sort().slice(0, affectedItems),
});

function newAlert(
  place: Place,
  rule: Rule,
  labels: Labels,
  own: OpenAlert['body']['own'],
  { atMs, heldMs }: { atMs: number; heldMs: number },
): OpenAlert {
  const body: OpenAlert['body'] = {
    id: randomUUID(),
    labels: Object.fromEntries(rule.groupBy.map((label) => [label, labels[label] ?? ''])),
    ...{ own, severity: own, worst: own, message: rule.what },
    ...{ value: null, threshold: null, affected: { count: 0, items: [] } },
    ...{ createdAtMs: atMs, changedAtMs: atMs, clearedAtMs: null, cleared: null, acknowledged: null },
    ...{ parent: null, orphanedAtMs: null, told: {}, changes: 0 },
  };
  return {
    ...{ place, rule, subject: keyFrom(rule.groupBy, labels), body },
    ...{ known: true, numberAtMs: null, ebbing: false, beganAtMs: atMs - heldMs },
  };
}
