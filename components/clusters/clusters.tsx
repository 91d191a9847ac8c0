// All registered clusters.
'use client';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { useCallback } from 'react';
import { GuardedLink } from '@/components/access/guarded-button';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import { clusterHref } from '@/components/links/paths';
import { AsOf } from '@/components/shell/freshness';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { DataTable } from '@/components/ui/data-table';
import { Empty } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { ClusterView } from '@/lib/contracts/cluster';
import { formatMillis, groupDigits } from '@/lib/format';
import { Reachability } from './cluster-facts';
import { useClusters } from './queries';

const notReached = 'The cluster has not answered yet.';
const columns = columnsOf<ClusterView>([
  [
    'name',
    'Name',
    (c) => (
      <Link href={clusterHref(c.name)} className="font-mono hover:underline">
        {c.name}
      </Link>
    ),
    { rowHeader: true },
  ],
  ['state', 'State', (c) => <Reachability cluster={c} />, { width: 'w-44' }],
  [
    'version',
    'Kafka',
    (c) => <CellValue value={c.probe?.kafkaVersion ?? null} format={String} why={notReached} />,
    { width: 'w-20', wideOnly: true },
  ],
  [
    'brokers',
    'Brokers',
    (c) => (
      <CellValue
        value={c.probe?.reachable ? c.probe.brokers.length : null}
        format={groupDigits}
        why={notReached}
      />
    ),
    { width: 'w-20', numeric: true, wideOnly: true },
  ],
  [
    'topics',
    'Topics',
    (c) => <CellValue value={c.probe?.topicCount ?? null} format={groupDigits} why={notReached} />,
    { width: 'w-24', numeric: true, wideOnly: true },
  ],
  [
    'rtt',
    'Round trip',
    (c) => <CellValue value={c.probe?.rttMs ?? null} format={formatMillis} why={notReached} />,
    { width: 'w-24', numeric: true, wideOnly: true },
  ],
  [
    'links',
    'Links from, to',
    (c) => `${groupDigits(c.linksFrom.length)}, ${groupDigits(c.linksTo.length)}`,
    { width: 'w-32', numeric: true, wideOnly: true },
  ],
  [
    'managed',
    'Kept in',
    (c) => (c.managedBy === 'FILE' ? 'file' : 'console'),
    { width: 'w-24', wideOnly: true },
  ],
]);

export function Clusters() {
  const query = useClusters();
  const mayNotConnect = useWhyNot()('administrator', everywhere);
  return (
    <Page>
      <PageHeader
        title="Clusters"
        actions={
          <>
            {query.data ? <AsOf asOf={query.data.asOf} /> : null}
            <GuardedLink kind="primary" href="/clusters/new" whyNot={mayNotConnect}>
              <Plus aria-hidden size={15} />
              Connect a cluster
            </GuardedLink>
          </>
        }
      />
      <QueryView
        query={query}
        what="the clusters"
        snapshotOf={(data) => data}
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={4} widths={['w-40', 'w-28', 'w-16', 'w-16']} />
          </div>
        }
      >
        {({ clusters }) =>
          clusters.length === 0 ? (
            <Empty title="No clusters yet">
              A link needs two: the one to copy from and the one to copy to. Connect the first with its
              bootstrap servers.
            </Empty>
          ) : (
            <ClusterTable clusters={clusters} />
          )
        }
      </QueryView>
    </Page>
  );
}

function ClusterTable({ clusters }: { clusters: ClusterView[] }) {
  const rowAt = useCallback((index: number) => clusters[index], [clusters]);
  return (
    <div className="overflow-clip rounded-lg border bg-panel">
      <DataTable label="Clusters" columns={columns} count={clusters.length} rowAt={rowAt} />
    </div>
  );
}
