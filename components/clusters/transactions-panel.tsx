// Transactions that are open, the oldest first, and partitions whose last stable offset they hold. Says nothing where there is neither.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { Age } from '@/components/shell/age';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type {
  ClusterSummary,
  HeldPartition,
  OpenTransaction,
} from '@/lib/contracts/monitoring/cluster-summary';
import { formatDuration, groupDigits, plural } from '@/lib/format';
import { topicHref } from './observed/paths';
import { useClusterSummary } from './observed/queries';

export function TransactionsPanel({ name }: { name: string }) {
  const { data } = useClusterSummary(name);
  if (!data) return null;
  return (
    <>
      {data.held.length > 0 ? <Held summary={data} /> : null}
      {data.transactions.length > 0 ? <Open summary={data} /> : null}
    </>
  );
}

function Open({ summary: { cluster, transactions, openTransactions } }: { summary: ClusterSummary }) {
  const rowAt = useCallback((index: number) => transactions[index], [transactions]);
  return (
    <Panel
      title="Open transactions"
      id="transactions"
      aside={
        <span className="text-soft">
          {openTransactions === null
            ? 'not all were told'
            : openTransactions > transactions.length
              ? `the oldest ${transactions.length} of ${groupDigits(openTransactions)}`
              : 'the oldest first'}
        </span>
      }
    >
      <DataTable
        label={`Open transactions of ${cluster}`}
        columns={transactionColumns}
        count={transactions.length}
        rowAt={rowAt}
        still
        className="max-h-[360px]"
      />
    </Panel>
  );
}

const transactionColumns = columnsOf<OpenTransaction>([
  [
    'id',
    'Transactional id',
    (row) => (
      <span className="block truncate font-mono text-[13px]" title={row.transactionalId}>
        {row.transactionalId}
      </span>
    ),
    { rowHeader: true, width: 'max-md:w-[50%]' },
  ],
  ['state', 'State', (row) => row.state, { width: 'w-40', wideOnly: true }],
  [
    'started',
    'Open since',
    (row) =>
      row.startedMs === null ? (
        <CellValue value={null} format={String} why="Its coordinator has not told when it began." />
      ) : (
        <Age at={row.startedMs} />
      ),
    { width: 'w-32', numeric: true },
  ],
  [
    'timeout',
    'Time-out',
    (row) => (
      <CellValue
        value={row.timeoutMs === null ? null : row.timeoutMs / 1000}
        format={formatDuration}
        why="Its coordinator has not told it."
      />
    ),
    {
      width: 'w-28',
      numeric: true,
      wideOnly: true,
      about: 'After so long the coordinator aborts it by itself.',
    },
  ],
  [
    'partitions',
    'Partitions',
    (row) => (
      <CellValue value={row.partitions} format={groupDigits} why="Its coordinator has not told them." />
    ),
    { width: 'w-28', numeric: true, wideOnly: true },
  ],
  ['producer', 'Producer id', (row) => row.producerId, { width: 'w-40', numeric: true, wideOnly: true }],
]);

function Held({ summary: { cluster, held, heldPartitions } }: { summary: ClusterSummary }) {
  const rowAt = useCallback((index: number) => held[index], [held]);
  const columns = useMemo(() => heldColumns(cluster), [cluster]);
  return (
    <Panel
      title="Held by open transactions"
      id="held"
      aside={
        <span className="text-soft">
          {heldPartitions === null ? 'at least ' : ''}
          {plural(heldPartitions ?? held.length, 'partition')}: consumers with read_committed wait here
        </span>
      }
    >
      <DataTable
        label={`Partitions of ${cluster} that are held`}
        columns={columns}
        count={held.length}
        rowAt={rowAt}
        className="max-h-[360px]"
      />
    </Panel>
  );
}

const heldColumns = (cluster: string) =>
  columnsOf<HeldPartition>([
    [
      'place',
      'Partition',
      (row) => (
        <Link
          href={topicHref(cluster, row.topic)}
          className="flex min-w-0 font-mono text-[13px] hover:underline"
          title={`${row.topic}-${row.partition}`}
          aria-label={`${row.topic}-${row.partition}`}
        >
          <span className="truncate">{row.topic}</span>
          <span className="shrink-0">-{row.partition}</span>
        </Link>
      ),
      { rowHeader: true, width: 'max-md:w-[50%]' },
    ],
    [
      'blocked',
      'Offsets held back',
      (row) => groupDigits(row.blocked),
      { width: 'w-36', numeric: true, about: 'High watermark − last stable offset.' },
    ],
    [
      'producer',
      'Producer id, epoch',
      (row) => (
        <CellValue
          value={row.producerId === null ? null : `${row.producerId}, ${row.producerEpoch ?? '–'}`}
          format={String}
          why="Not asked, or the principal may not read the topic."
        />
      ),
      { width: 'w-48', numeric: true, wideOnly: true },
    ],
    [
      'lastWrite',
      'Last wrote',
      (row) =>
        row.lastWriteMs === null ? (
          <CellValue value={null} format={String} why="The leader has not told it." />
        ) : (
          <Age at={row.lastWriteMs} />
        ),
      { width: 'w-32', numeric: true, wideOnly: true },
    ],
  ]);
