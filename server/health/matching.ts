// Whether matchers of silences and routes mean an alert, and whether somebody may see it. Pure.
import type { Alert, VisibleAlerts } from '@/lib/contracts/monitoring/alerts';
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

/** Links are seen by whoever may see that link; what is about neither a link nor a cluster is about Landbridge. */
export function visibilityOf(visible: VisibleAlerts | undefined): (labels: Labels) => boolean {
  if (!visible) return () => true;
  const clusters = new Set(visible.clusters);
  const links = new Set(visible.links.map(({ destination, link }) => `${destination}/${link}`));
  return (labels) => {
    if (labels.link !== undefined) return links.has(`${labels.destination}/${labels.link}`);
    if (labels.cluster !== undefined) return clusters.has(labels.cluster);
    return visible.landbridge;
  };
}
