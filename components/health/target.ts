// What one must be an operator of to change something about an alert, a subject or a silence.
'use client';
import { useMemo } from 'react';
import { everywhere } from '@/components/access/use-me';
import { useLinks } from '@/components/links/queries';
import { useIsHub } from '@/components/shell/mode';
import type { RuleScope } from '@/lib/contracts/monitoring/rules';
import type { AlertMatcher } from '@/lib/contracts/monitoring/silences';
import type { Target } from '@/lib/grants';
import type { Labels } from './paths';

/** On a hub, its console. Elsewhere a link names both its clusters, because a role on both counts as a role on it: the source comes from the list of links. */
export function useTargetOf(): (labels: Labels) => Target {
  const { data } = useLinks();
  const isHub = useIsHub();
  return useMemo(
    () =>
      ({ link: name, destination, source, cluster, console }: Labels): Target => {
        if (isHub) return console ? { kind: 'console', console } : everywhere;
        if (name && destination) {
          const known = data?.links.find((one) => one.name === name && one.destination.name === destination);
          return { kind: 'link', source: known?.source.name ?? source ?? '', destination, name };
        }
        return cluster ? { kind: 'cluster', cluster } : everywhere;
      },
    [data, isHub],
  );
}

export const labelsOfScope = (scope: RuleScope): Labels =>
  scope.kind === 'link'
    ? { link: scope.link, destination: scope.destination }
    : scope.kind === 'cluster'
      ? { cluster: scope.cluster }
      : scope.kind === 'console'
        ? { console: scope.console }
        : {};

/** The labels that matchers pin to one value: what a silence is about, if it is about one thing. */
export const pinnedLabels = (matchers: readonly AlertMatcher[]): Labels =>
  Object.fromEntries(
    matchers
      .filter(({ op, label }) => op === 'is' && ['link', 'destination', 'cluster', 'console'].includes(label))
      .map(({ label, value }) => [label, value]),
  );
