// Clusters as consoles reported them; what is old is dimmed and has its age.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { StateShape } from '@/components/links/state-badge';
import { Age } from '@/components/shell/age';
import { cn } from '@/components/ui/cn';
import { DataTable } from '@/components/ui/data-table';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { HubCluster } from '@/lib/contracts/hub';
import { formatByteRate, groupDigits } from '@/lib/format';
import { consoleHref } from './paths';

const unknown = 'The console has not reported that.';
const shownCount = (value: number | null, bad: boolean) => (
  <span className={bad && value !== null && value > 0 ? 'text-bad' : undefined}>
    <CellValue value={value} format={groupDigits} why={unknown} />
  </span>
);

export function ClusterTable({
  clusters,
  withConsole = false,
}: {
  clusters: HubCluster[];
  withConsole?: boolean;
}) {
  const rowAt = useCallback((index: number) => clusters[index], [clusters]);
  const columns = useMemo(
    () =>
      columnsOf<HubCluster>([
        ['name', 'Cluster', (one) => <span className={dimmed(one)}>{one.name}</span>, { rowHeader: true }],
        ...(withConsole
          ? ([
              [
                'console',
                'Console',
                (one: HubCluster) => (
                  <Link href={consoleHref(one.console)} className="font-mono hover:underline">
                    {one.console}
                  </Link>
                ),
              ],
            ] as Parameters<typeof columnsOf<HubCluster>>[0])
          : []),
        ['state', 'State', (one) => <Reachable cluster={one} />, { width: 'w-36' }],
        ['seen', 'Seen', (one) => <Age at={one.seenAt} />, { width: 'w-28', wideOnly: true }],
        [
          'brokers',
          'Brokers',
          (one) => shownCount(one.brokers, false),
          { width: 'w-24', numeric: true, wideOnly: true },
        ],
        [
          'topics',
          'Topics',
          (one) => shownCount(one.topics, false),
          { width: 'w-24', numeric: true, wideOnly: true },
        ],
        [
          'offline',
          'Offline',
          (one) => shownCount(one.offlinePartitions, true),
          { width: 'w-24', numeric: true, wideOnly: true },
        ],
        [
          'minIsr',
          'Under min ISR',
          (one) => shownCount(one.underMinIsrPartitions, true),
          { width: 'w-32', numeric: true, wideOnly: true },
        ],
        [
          'bytes',
          'Bytes in',
          (one) => <CellValue value={one.bytesInPerSecond} format={formatByteRate} why={unknown} />,
          { width: 'w-28', numeric: true, wideOnly: true },
        ],
      ]),
    [withConsole],
  );
  return (
    <DataTable
      label="Clusters"
      columns={columns}
      count={clusters.length}
      rowAt={rowAt}
      className="max-h-[60vh]"
    />
  );
}

const dimmed = ({ stale }: HubCluster) => cn('font-mono', stale && 'text-soft');

function Reachable({ cluster: { reachable, stale } }: { cluster: HubCluster }) {
  if (stale)
    return (
      <span
        className="inline-flex items-center gap-2 text-soft"
        title="The console is silent: this is how it was."
      >
        <StateShape shape="ring" /> unknown now
      </span>
    );
  if (reachable === null) return <CellValue value={null} format={String} why={unknown} />;
  return (
    <span className="inline-flex items-center gap-2">
      <StateShape shape={reachable ? 'circle' : 'square'} /> {reachable ? 'reachable' : 'unreachable'}
    </span>
  );
}
