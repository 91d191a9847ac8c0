// Whether matchers of silences and routes mean an alert, and whether somebody may see it. Pure.
import type { Alert, VisibleAlerts } from '@/lib/contracts/monitoring/alerts';
import type { RuleScope } from '@/lib/contracts/monitoring/rules';
import type { AlertMatcher, Silence } from '@/lib/contracts/monitoring/silences';
import type { Labels } from '@/lib/monitoring/observation';

export type Matchable = Pick<Alert, 'rule' | 'area' | 'severity' | 'labels'>;

export const matchesAll = (alert: Matchable, matchers: readonly AlertMatcher[]): boolean =>
  matchers.every((matcher) => matches(alert, matcher));

function matches({ rule, area, severity, labels }: Matchable, { label, op, value }: AlertMatcher): boolean {
  const own =
    label === 'rule'
      ? rule
      : label === 'area'
        ? area
        : label === 'severity'
          ? severity
          : (labels[label] ?? '');
  if (op === 'begins with') return own.startsWith(value);
  return (own === value) === (op === 'is');
}

/** Ids of the silences that hold now. */
export const silencedBy = (alert: Matchable, silences: readonly Silence[], nowMs: number): string[] =>
  silences
    .filter(({ from, until, matchers }) => from <= nowMs && nowMs < until && matchesAll(alert, matchers))
    .map(({ id }) => id);

/** @param console of whose observation it is: empty but on a hub */
export type Sees = (labels: Labels, console: string) => boolean;

/** Links are seen by whoever may see that link; what is about neither a link nor a cluster is about Landbridge. */
export function visibilityOf(visible: VisibleAlerts | undefined): Sees {
  if (!visible) return () => true;
  if (visible.consoles) {
    const consoles = new Set<string>(visible.consoles);
    return (_, console) => consoles.has(console);
  }
  const clusters = new Set(visible.clusters);
  const links = new Set(visible.links.map(({ destination, link }) => `${destination}/${link}`));
  return (labels) => {
    if (labels.link !== undefined) return links.has(`${labels.destination}/${labels.link}`);
    if (labels.cluster !== undefined) return clusters.has(labels.cluster);
    return visible.landbridge;
  };
}

/** Whether somebody may know that a rule was set for a place. */
export function seesScope(visible: VisibleAlerts | undefined, scope: RuleScope): boolean {
  if (!visible || scope.kind === 'everywhere') return true;
  if (scope.kind === 'console') return visible.consoles?.includes(scope.console) ?? false;
  if (visible.consoles) return false;
  if (scope.kind === 'cluster') return visible.clusters.includes(scope.cluster);
  return visible.links.some(
    ({ destination, link }) => destination === scope.destination && link === scope.link,
  );
}
