// Open alerts as problems of the overview, without those that the lists of links and clusters tell already. Pure.
import type { AlertRow } from '@/lib/contracts/monitoring/alerts';
import type { Severity } from '@/lib/contracts/monitoring/rules';
import type { Problem } from './problems';

const severities: Record<Severity, Problem['severity'] | null> = {
  CRITICAL: 'bad',
  ERROR: 'bad',
  WARN: 'warn',
  // Worth knowing, but nothing that is wrong.
  INFO: null,
};

/** What a rule finds that the page tells from a list; `of` is the id of the problem there. */
const toldBy: Record<string, (labels: Record<string, string>) => string> = {
  'link.failed': ({ destination, link }) => `link ${destination} ${link}`,
  'link.unavailable': ({ destination, link }) => `link ${destination} ${link}`,
  'link.unknown': ({ destination, link }) => `link ${destination} ${link}`,
  'link.lag-growing': ({ destination, link }) => `link ${destination} ${link} mirrors`,
  'mirror.failed': ({ destination, link }) => `link ${destination} ${link} mirrors`,
  'mirror.source-unavailable': ({ destination, link }) => `link ${destination} ${link} mirrors`,
  'mirror.ending-slow': ({ destination, link }) => `link ${destination} ${link} operation`,
  'cluster.unreachable': ({ cluster }) => `cluster ${cluster}`,
};

/** @param told ids of problems that are listed already */
export function alertProblems(alerts: readonly AlertRow[], told: ReadonlySet<string>): Problem[] {
  return alerts.flatMap((alert): Problem[] => {
    const severity = severities[alert.severity];
    if (severity === null || alert.parent !== null) return [];
    const elsewhere = toldBy[alert.rule]?.(alert.labels);
    if (elsewhere !== undefined && told.has(elsewhere)) return [];
    const notes = [
      alert.acknowledged ? `${alert.acknowledged.by} knows: ${alert.acknowledged.why}` : null,
      alert.silencedBy.length > 0 ? 'silenced' : null,
    ].filter((note) => note !== null);
    return [
      {
        id: `alert ${alert.id}`,
        severity,
        grave: alert.severity,
        title: alert.title,
        message: [alert.message, ...notes].join(' · '),
        since: alert.createdAt,
        target: { kind: 'alert', id: alert.id },
      },
    ];
  });
}
