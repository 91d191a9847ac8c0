// How the Grafana dashboard shows numbers: units, words for states, colours for severities and where they begin. Pure.
import type { LinkState, MirrorState } from '@/lib/contracts/link';
import type { LinkTaskState } from '@/lib/contracts/link-task';
import type { Severity } from '@/lib/contracts/monitoring/rules';
import { defOf, type groupStates, type MetricName, type Unit } from '@/lib/monitoring/metrics';
import { ruleNamed } from './query';

/** Grafana's ids of units. */
export const grafanaUnits: Record<Unit, string> = {
  ...{ count: 'locale', offset: 'locale', id: 'none', flag: 'none', code: 'none' },
  ...{ bytes: 'bytes', seconds: 's', bytesPerSecond: 'binBps', perSecond: 'cps', ratio: 'percentunit' },
};

/** What a number stands for; its place in a list is the number. */
export type Word = { text: string; color: string };

const grey = '#8e8e8e';
type State = LinkState | MirrorState | LinkTaskState | (typeof groupStates)[number];
const stateColours: Record<State, string> = {
  ...{ ACTIVE: 'green', STABLE: 'green', PAUSED: 'purple', LINK_PAUSED: 'purple', UNKNOWN: grey },
  ...{ UNAVAILABLE: 'orange', SOURCE_UNAVAILABLE: 'orange', LINK_UNAVAILABLE: 'orange', IN_ERROR: 'orange' },
  ...{
    FAILED: 'red',
    LINK_FAILED: 'red',
    PENDING_MIRROR: 'blue',
    STOPPED: 'dark-blue',
    NOT_CONFIGURED: grey,
  },
  ...{ PENDING_STOPPED: 'yellow', PENDING_SYNCHRONIZE: 'light-yellow', EMPTY: 'blue', DEAD: grey },
  ...{ PREPARING_REBALANCE: 'yellow', COMPLETING_REBALANCE: 'light-yellow', ASSIGNING: 'light-yellow' },
  ...{ RECONCILING: 'light-yellow', NOT_READY: 'orange' },
};
const severityColours: Record<Severity, string> = {
  INFO: 'blue',
  WARN: 'yellow',
  ERROR: 'orange',
  CRITICAL: 'red',
};
const fine = 'green';

/** The states of a metric, in the order of their codes. */
export const wordsOf = (name: MetricName): Word[] =>
  (defOf(name).words ?? []).map((text) => ({ text, color: stateColours[text as State] }));
/** @param good which of both is as it should be */
export const yesNo = (good: 0 | 1): Word[] => [
  { text: 'no', color: good === 0 ? fine : 'red' },
  { text: 'yes', color: good === 1 ? fine : 'red' },
];

/** `value` null: from below everything. Grafana takes the last step whose value is not above the number. */
export type Step = { color: string; value: number | null };
export const noSteps: Step[] = [{ color: 'text', value: null }];

/** Where the severities of a rule begin, as they are by default. */
export function stepsOf(id: string): Step[] {
  const rule = ruleNamed(id);
  const levels = rule.levels
    .map(({ severity, at }) => ({ color: severityColours[severity], at: numberOf(id, at) }))
    .sort((a, b) => a.at - b.at);
  if (rule.raisedWhen === 'above')
    return [{ color: fine, value: null }, ...levels.map(({ color, at }) => ({ color, value: at }))];
  // At its step such a rule is still raised; of what is counted the next number is the first that isn't.
  const first = rule.unit === 'count' ? 1 : 0;
  const above = levels.map(({ at }, i) => ({ color: levels[i + 1]?.color ?? fine, value: at + first }));
  return [{ color: levels[0]?.color ?? fine, value: null }, ...above];
}

function numberOf(id: string, at: string | number): number {
  if (typeof at === 'number') return at;
  const threshold = ruleNamed(id).thresholds.find(({ name }) => name === at);
  if (!threshold) throw new Error(`Rule ${id} has no threshold ${at}.`);
  return threshold.default;
}
