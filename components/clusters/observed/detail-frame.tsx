// What the page of one thing in a cluster stands in: where it is, what it is called, how it is, how old that is.
'use client';
import type { ReactNode } from 'react';
import { clusterHref } from '@/components/links/paths';
import { Page, PageHeader } from '@/components/shell/page-header';
import { ReducedNote } from '@/components/shell/reduced-note';
import { Bar, TableSkeleton } from '@/components/ui/skeleton';
import type { Seen } from '@/lib/contracts/monitoring/seen';
import { NoSuchCluster } from '../no-such-cluster';
import { useClusters } from '../queries';
import { type ClusterPart, partHref, partWords } from './paths';
import { SweepAge } from './sweep-age';

export function DetailFrame({
  cluster,
  part,
  title,
  status,
  seen,
  children,
}: {
  cluster: string;
  part: ClusterPart;
  /** A name that is typed elsewhere, unless it is a broker's. */
  title: string;
  status?: ReactNode;
  seen: Seen | undefined;
  children: ReactNode;
}) {
  const { data } = useClusters();
  const gone = data && !data.clusters.some(({ name }) => name === cluster);
  return (
    <Page>
      <PageHeader
        title={title}
        mono={part !== 'brokers'}
        crumbs={[
          { href: '/clusters', label: 'Clusters' },
          { href: clusterHref(cluster), label: cluster },
          { href: partHref(cluster, part), label: partWords[part] },
        ]}
        status={status}
        actions={<SweepAge seen={seen} />}
      />
      {gone ? (
        <NoSuchCluster name={cluster} />
      ) : (
        <>
          <ReducedNote of="cluster" />
          {children}
        </>
      )}
    </Page>
  );
}

/** Figures above a table. */
export function DetailSkeleton({ widths, rows = 8 }: { widths: string[]; rows?: number }) {
  return (
    <div className="flex flex-col gap-4">
      <div className="grid h-[92px] grid-cols-2 gap-4 rounded-lg border bg-panel p-4 md:grid-cols-5">
        {['w-24', 'w-20', 'w-28', 'w-16', 'w-32'].map((width) => (
          <Bar key={width} className={`${width} h-6`} />
        ))}
      </div>
      <div className="overflow-clip rounded-lg border bg-panel">
        <TableSkeleton rows={rows} widths={widths} />
      </div>
    </div>
  );
}
