// What holds for a rule at a place: defaults, and what people have changed of them. A link's override beats a cluster's, that one everywhere.
import { type RuleOverride, type RuleScope, ruleAreas, severities } from '@/lib/contracts/monitoring/rules';
import type { AlertMatcher } from '@/lib/contracts/monitoring/silences';
import type { Labels } from '@/lib/monitoring/observation';
import type { Rule } from './rule';
import { ruleOf, rules } from './rules/all';

export type Setting = {
  enabled: boolean;
  /** Of each step, from mild to grave. */
  raise: readonly number[];
  /** How far back beyond it, so that the step counts as over. */
  margin: readonly number[];
  values: Readonly<Record<string, number>>;
  forMs: number;
  clearForMs: number;
  windowMs: number;
};

type OfRule = { everywhere: Setting; places: Map<string, Setting> | null };

export class Settings {
  readonly #rules = new Map<string, OfRule>();

  /** @param overrides of one console of a hub at most, behind those for everywhere */
  constructor(rules: readonly Rule[], overrides: readonly RuleOverride[] = []) {
    const byRule = grouped(overrides, (one) => one.rule);
    for (const rule of rules) this.#rules.set(rule.id, settingsOf(rule, byRule.get(rule.id) ?? []));
  }

  of(rule: Rule, labels: Labels): Setting {
    const { everywhere, places } = this.#rules.get(rule.id) as OfRule;
    if (places === null) return everywhere;
    for (const place of placesOf(labels)) {
      const own = places.get(place);
      if (own) return own;
    }
    return everywhere;
  }

  everywhere(rule: Rule): Setting {
    return (this.#rules.get(rule.id) as OfRule).everywhere;
  }

  /** No place has a setting of its own, and the rule is off. */
  isOff(rule: Rule): boolean {
    const { everywhere, places } = this.#rules.get(rule.id) as OfRule;
    return !everywhere.enabled && places === null;
  }
}

/** Narrowest first. A cluster's override holds for links that lead to it. */
function placesOf(labels: Labels): string[] {
  if (labels.link === undefined) return labels.cluster === undefined ? [] : [`cluster/${labels.cluster}`];
  return [`link/${labels.destination}/${labels.link}`, `cluster/${labels.destination}`];
}

const placeOf = (scope: RuleScope): string => {
  if (scope.kind === 'link') return `link/${scope.destination}/${scope.link}`;
  return scope.kind === 'cluster' ? `cluster/${scope.cluster}` : '';
};

function settingsOf(rule: Rule, overrides: readonly RuleOverride[]): OfRule {
  const byPlace = grouped(overrides, (one) => placeOf(one.scope));
  const everywhere = settingOf(rule, byPlace.get('') ?? []);
  const places = new Map<string, Setting>();
  for (const [place, own] of byPlace) {
    if (place === '') continue;
    const [kind, destination] = place.split('/');
    const wider = kind === 'link' ? (byPlace.get(`cluster/${destination}`) ?? []) : [];
    places.set(place, settingOf(rule, [...(byPlace.get('') ?? []), ...wider, ...own]));
  }
  return { everywhere, places: places.size === 0 ? null : places };
}

function settingOf(rule: Rule, overrides: readonly RuleOverride[]): Setting {
  const values: Record<string, number> = {};
  for (const one of rule.thresholds) values[one.name] = one.default;
  let { forSeconds, clearForSeconds } = rule;
  let enabled = true;
  for (const one of overrides) {
    for (const [name, value] of Object.entries(one.thresholds ?? {}))
      if (name in values) values[name] = value;
    forSeconds = one.forSeconds ?? forSeconds;
    clearForSeconds = one.clearForSeconds ?? clearForSeconds;
    enabled = one.enabled ?? enabled;
  }
  const raise = rule.levels.map(({ at }) => (typeof at === 'number' ? at : (values[at] as number)));
  return {
    enabled,
    raise,
    margin: raise.map((at) => rule.clear.by + rule.clear.share * Math.abs(at)),
    values,
    forMs: forSeconds * 1_000,
    clearForMs: clearForSeconds * 1_000,
    windowMs: rule.window ? (values[rule.window.seconds] as number) * 1_000 : 0,
  };
}

/** Null when the override fits its rule; otherwise what is wrong, for whoever writes it. */
export function overrideProblem(override: RuleOverride): string | null {
  const rule = ruleOf(override.rule);
  if (!rule) return `There is no rule ${override.rule}.`;
  if (override.scope.kind === 'link' && rule.area !== 'links' && rule.area !== 'mirrors')
    return `${rule.id} is not about links: set it for a cluster, or everywhere.`;
  for (const [name, value] of Object.entries(override.thresholds ?? {})) {
    const known = rule.thresholds.find((one) => one.name === name);
    if (!known) return `${rule.id} has no threshold ${name}.`;
    if (!Number.isFinite(value) || value < known.min || value > known.max)
      return `${name} of ${rule.id} is between ${known.min} and ${known.max}.`;
  }
  const { raise } = settingOf(rule, [override]);
  const inOrder = raise.every(
    (at, i) => i === 0 || (rule.raisedWhen === 'above' ? at >= raise[i - 1]! : at <= raise[i - 1]!),
  );
  return inOrder ? null : `The steps of ${rule.id} do not go from mild to grave: ${raise.join(', ')}.`;
}

const alertLabels = [...new Set(rules.flatMap(({ groupBy }) => groupBy))].sort();
/** What may stand behind `is` and `is not`. */
const knownValues: Readonly<Record<string, readonly string[]>> = {
  rule: rules.map(({ id }) => id),
  area: ruleAreas,
  severity: severities,
};

/** Null when they can mean an alert; otherwise what is wrong. A label that no alert has matches none, or with `is not` all of them. */
export function matcherProblem(matchers: readonly AlertMatcher[]): string | null {
  const labels = [...Object.keys(knownValues), ...alertLabels, 'console'];
  for (const { label, op, value } of matchers) {
    if (!labels.includes(label)) return `No alert has a label "${label}". There are ${labels.join(', ')}.`;
    const known = knownValues[label];
    if (known && op !== 'begins with' && !known.includes(value))
      return `There is no ${label} "${value}"${known.length > 10 ? '' : `, but ${known.join(', ')}`}.`;
  }
  return null;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
