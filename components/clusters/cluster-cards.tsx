// Clusters side by side: reachable or not, what they are, how many links touch them.
'use client';
import Link from 'next/link';
import { clusterHref } from '@/components/links/paths';
import type { ClusterView } from '@/lib/contracts/cluster';
import { plural } from '@/lib/format';
import { clusterSummary, Reachability } from './cluster-facts';

export function ClusterCards({ clusters }: { clusters: ClusterView[] }) {
  return (
    <ul className="grid grid-cols-1 gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {clusters.map((cluster) => (
        <li key={cluster.name} className="relative rounded-lg border bg-panel px-4 py-3 hover:border-edge">
          <div className="flex items-baseline justify-between gap-4">
            <Link
              href={clusterHref(cluster.name)}
              className="truncate font-mono font-medium after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              {cluster.name}
            </Link>
            <span className="shrink-0 text-[13px]">
              <Reachability cluster={cluster} />
            </span>
          </div>
          <p className="truncate text-[13px] text-soft">{clusterSummary(cluster)}</p>
          <p className="text-[13px] text-soft">
            {plural(cluster.linksFrom.length, 'link')} from here, {plural(cluster.linksTo.length, 'link')} to
            here
          </p>
        </li>
      ))}
    </ul>
  );
}
