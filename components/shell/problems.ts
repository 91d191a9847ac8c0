// Is anything wrong? Reads it from what the lists already say; worst first. Pure.
import { kindNoun, stepWord } from '@/components/operations/words';
import type { ClusterView } from '@/lib/contracts/cluster';
import type { LinkRow } from '@/lib/contracts/link';
import type { AlertRow } from '@/lib/contracts/monitoring/alerts';
import type { Severity } from '@/lib/contracts/monitoring/rules';
import { plural } from '@/lib/format';
import { alertProblems } from './alert-problems';
import { OPERATION_WAITS_LONG_MS } from './intervals';

export type Problem = {
  id: string;
  severity: 'bad' | 'warn' | 'unknown';
  /** Of an alert, how grave it says it is. */
  grave?: Severity;
  title: string;
  message: string | null;
  /** Null when the start is not known. */
  since: number | null;
  /** What the way in leads to. */
  target:
    | { kind: 'link'; destination: string; name: string; attention: boolean }
    | { kind: 'operation'; destination: string; link: string; id: string }
    | { kind: 'cluster'; name: string }
    | { kind: 'alert'; id: string };
};

const rank = { bad: 0, unknown: 1, warn: 2 } as const;

/**
 * @param now of the snapshot: what waits is judged by it
 * @param alerts that are open; what they say of links and clusters that are listed already is not said twice
 */
export function problemsOf(
  links: LinkRow[],
  clusters: ClusterView[],
  now: number | null,
  alerts: readonly AlertRow[] = [],
): Problem[] {
  const listed = [...links.flatMap((link) => linkProblems(link, now)), ...clusters.flatMap(clusterProblems)];
  const found = alertProblems(alerts, new Set(listed.map(({ id }) => id)));
  return [...listed, ...found].sort((a, b) => placeOf(a) - placeOf(b) || (a.since ?? 0) - (b.since ?? 0));
}

/** What is CRITICAL goes before everything. */
const placeOf = ({ severity, grave }: Problem): number => (grave === 'CRITICAL' ? -1 : rank[severity]);

const linkWords = {
  FAILED: { severity: 'bad', text: 'has failed' },
  UNAVAILABLE: { severity: 'bad', text: 'cannot reach its source' },
  UNKNOWN: { severity: 'unknown', text: 'is unknown' },
} as const;

function linkProblems(link: LinkRow, now: number | null): Problem[] {
  const found: Problem[] = [];
  const target = {
    kind: 'link',
    destination: link.destination.name,
    name: link.name,
    attention: false,
  } as const;
  const id = `link ${link.destination.name} ${link.name}`;
  if (link.state === 'FAILED' || link.state === 'UNAVAILABLE' || link.state === 'UNKNOWN') {
    const { severity, text } = linkWords[link.state];
    found.push({
      id,
      severity,
      title: `Link ${link.name} ${text}`,
      message: link.message,
      since: link.since,
      target,
    });
  }
  if (link.attention > 0 && link.state === 'ACTIVE') {
    const failed = link.mirrorsByState.FAILED ?? 0;
    const behind = link.attention - failed;
    const title = [
      failed > 0 ? `${plural(failed, 'mirror')} of ${link.name} failed` : null,
      behind > 0
        ? `${plural(behind, 'mirror')} of ${link.name} ${behind === 1 ? 'needs' : 'need'} attention`
        : null,
    ];
    found.push({
      id: `${id} mirrors`,
      severity: failed > 0 ? 'bad' : 'warn',
      title: title.filter(Boolean).join(', '),
      message: link.worst ? `Furthest behind: ${link.worst.topic}` : null,
      since: null,
      target: { ...target, attention: true },
    });
  }
  const { longest, open } = link.operations;
  const waitsSince = longest === null ? null : (longest.since ?? longest.startedAt);
  if (longest && waitsSince !== null && now !== null && now - waitsSince > OPERATION_WAITS_LONG_MS) {
    const others =
      open > 1 ? `, and ${plural(open - 1, 'other')} ${open === 2 ? 'is' : 'are'} under way` : '';
    found.push({
      id: `${id} operation`,
      severity: 'warn',
      title: `${kindNoun[longest.kind]} of ${longest.topic} waits${longest.step ? ` at ${stepWord[longest.step].toLowerCase()}` : ' for the engine'}${others}`,
      message: longest.detail,
      since: waitsSince,
      target: { kind: 'operation', destination: link.destination.name, link: link.name, id: longest.id },
    });
  }
  return found;
}

function clusterProblems(cluster: ClusterView): Problem[] {
  if (!cluster.probe || cluster.probe.reachable) return [];
  const failed = cluster.probe.checks.find((check) => check.status === 'FAILED');
  return [
    {
      id: `cluster ${cluster.name}`,
      severity: 'bad',
      title: `Cluster ${cluster.name} cannot be reached`,
      message: failed?.message ?? null,
      since: cluster.probe.checkedAt,
      target: { kind: 'cluster', name: cluster.name },
    },
  ];
}
