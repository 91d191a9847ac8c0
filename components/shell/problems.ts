// Is anything wrong? Reads it from what the lists already say; worst first. Pure.
import type { ClusterView } from '@/lib/contracts/cluster';
import type { LinkRow } from '@/lib/contracts/link';
import { plural } from '@/lib/format';

export type Problem = {
  id: string;
  severity: 'bad' | 'warn' | 'unknown';
  title: string;
  message: string | null;
  /** Null when the start is not known. */
  since: number | null;
  /** What the way in leads to. */
  target:
    | { kind: 'link'; destination: string; name: string; attention: boolean }
    | { kind: 'cluster'; name: string };
};

const rank = { bad: 0, unknown: 1, warn: 2 } as const;

export function problemsOf(links: LinkRow[], clusters: ClusterView[]): Problem[] {
  return [...links.flatMap(linkProblems), ...clusters.flatMap(clusterProblems)].sort(
    (a, b) => rank[a.severity] - rank[b.severity] || (a.since ?? 0) - (b.since ?? 0),
  );
}

const linkWords = {
  FAILED: { severity: 'bad', text: 'has failed' },
  UNAVAILABLE: { severity: 'bad', text: 'cannot reach its source' },
  UNKNOWN: { severity: 'unknown', text: 'is unknown' },
} as const;

function linkProblems(link: LinkRow): Problem[] {
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
