// Clusters as consoles reported them; what is old is dimmed and has its age.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { StateShape } from '@/components/links/state-badge';
import { Age } from '@/components/shell/age';
import { DataTable } from '@/components/ui/data-table';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { HubCluster } from '@/lib/contracts/hub';
import { formatByteRate, groupDigits } from '@/lib/format';
import { consoleHref } from './paths';

const unknown = 'The console has not reported that.';
/** A number that is old is dimmed. */
const number = (
  { stale }: HubCluster,
  value: number | null,
  { format = groupDigits, bad = false }: { format?: (value: number) => string; bad?: boolean } = {},
) => (
  <span className={stale ? 'text-soft' : bad && value !== null && value > 0 ? 'text-bad' : undefined}>
    <CellValue value={value} format={format} why={unknown} />
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
        ['name', 'Cluster', (one) => <span className="font-mono">{one.name}</span>, { rowHeader: true }],
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
          (one) => number(one, one.brokers),
          { width: 'w-24', numeric: true, wideOnly: true },
        ],
        [
          'topics',
          'Topics',
          (one) => number(one, one.topics),
          { width: 'w-24', numeric: true, wideOnly: true },
        ],
        [
          'offline',
          'Offline partitions',
          (one) => number(one, one.offlinePartitions, { bad: true }),
          { width: 'w-36', numeric: true, wideOnly: true },
        ],
        [
          'minIsr',
          'Under min ISR',
          (one) => number(one, one.underMinIsrPartitions, { bad: true }),
          {
            width: 'w-32',
            numeric: true,
            wideOnly: true,
            about: 'Partitions with fewer replicas in sync than min.insync.replicas.',
          },
        ],
        [
          'bytes',
          'Bytes in',
          (one) => number(one, one.bytesInPerSecond, { format: formatByteRate }),
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
      <StateShape shape={reachable ? 'circle' : 'square'} /> {reachable ? 'reachable' : 'not reachable'}
    </span>
  );
}
