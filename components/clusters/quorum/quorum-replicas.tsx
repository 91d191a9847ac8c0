// Voters or observers of a metadata quorum: how each follows, and how far behind it is.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { Age } from '@/components/shell/age';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { QuorumReplica, QuorumView } from '@/lib/contracts/monitoring/brokers';
import { formatDuration, groupDigits } from '@/lib/format';
import { LookBadge } from '../observed/look';
import { brokerHref } from '../observed/paths';
import { useBrokers } from '../observed/queries';
import { replicaLook } from './quorum-words';

const untold = 'This release of Kafka does not tell it.';

export function QuorumReplicas({
  title,
  replicas,
  view,
  empty,
}: {
  title: 'Voters' | 'Observers';
  replicas: QuorumReplica[];
  view: QuorumView;
  empty: string;
}) {
  const { cluster, leader, clockOffsetSeconds } = view;
  const { data: page } = useBrokers(cluster);
  const rowAt = useCallback((index: number) => replicas[index], [replicas]);
  // Controllers that are no brokers have no page.
  const brokers = useMemo(() => new Set(page?.rows.map(({ id }) => id)), [page]);
  const columns = useMemo(
    () => replicaColumns({ cluster, leader, brokers, aheadMs: (clockOffsetSeconds ?? 0) * 1000 }),
    [cluster, leader, brokers, clockOffsetSeconds],
  );
  return (
    <Panel title={title} id={title.toLowerCase()}>
      <DataTable
        label={`${title} of ${cluster}`}
        columns={columns}
        count={replicas.length}
        rowAt={rowAt}
        still={replicas.length === 0}
        className="max-h-[432px]"
        empty={empty}
      />
    </Panel>
  );
}

const replicaColumns = ({
  cluster,
  leader,
  brokers,
  aheadMs,
}: {
  cluster: string;
  leader: number | null;
  brokers: ReadonlySet<number>;
  /** Of the leader's clock, by which it tells times. */
  aheadMs: number;
}) =>
  columnsOf<QuorumReplica>([
    [
      'id',
      'Node',
      (row) =>
        brokers.has(row.id) ? (
          <Link href={brokerHref(cluster, row.id)} className="font-mono hover:underline">
            {row.id}
          </Link>
        ) : (
          <span className="font-mono">{row.id}</span>
        ),
      { rowHeader: true, width: 'w-20' },
    ],
    ['state', 'State', (row) => <LookBadge look={replicaLook(row, leader)} />, { width: 'md:w-44' }],
    [
      'lag',
      'Lag, records',
      (row) => <CellValue value={row.lag} format={groupDigits} why={untold} />,
      { width: 'w-32 max-md:w-24', numeric: true, about: 'Metadata records behind the leader.' },
    ],
    [
      'behind',
      'Lag, time',
      (row) => <CellValue value={row.behindSeconds} format={formatDuration} why={untold} />,
      {
        ...{ width: 'w-28', numeric: true, wideOnly: true },
        about: 'Since when it has not been caught up, by the leader’s clock.',
      },
    ],
    [
      'caughtUp',
      'Last caught up',
      (row) => ago(row.lastCaughtUpMs, aheadMs, row.id === leader),
      { width: 'w-32', numeric: true, wideOnly: true },
    ],
    [
      'fetched',
      'Last fetch',
      (row) => ago(row.lastFetchMs, aheadMs, row.id === leader),
      { width: 'w-32', numeric: true, wideOnly: true },
    ],
    [
      'end',
      'Log end',
      (row) => (
        <span className="font-mono text-[13px]">
          <CellValue value={row.logEndOffset} format={groupDigits} why={untold} />
        </span>
      ),
      { width: 'w-36', numeric: true, wideOnly: true },
    ],
    [
      'directory',
      'Directory',
      (row) => (
        <span className="block truncate font-mono text-[13px]" title={row.directoryId ?? undefined}>
          <CellValue
            value={row.directoryId}
            format={String}
            why="Directory ids are told from Kafka 3.9 on."
          />
        </span>
      ),
      { wideOnly: true, about: 'Differs when a voter came back with an empty disk.' },
    ],
  ]);

const ago = (at: number | null, aheadMs: number, leads: boolean) =>
  leads ? (
    <span className="text-soft">leads</span>
  ) : at === null ? (
    <CellValue value={null} format={String} why={untold} />
  ) : (
    <Age at={Math.max(0, Math.round(at - aheadMs))} />
  );
