// Each partition of a mirror: where both ends stand, how far apart, who leads. Exact offsets, never rounded.
'use client';
import { type CSSProperties, useCallback, useMemo } from 'react';
import { useUrlState } from '@/components/shell/use-url-state';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { PartitionRow } from '@/lib/contracts/link';
import { formatDuration, formatEstimatedBytes, formatRate, groupDigits } from '@/lib/format';
import { partitionSort, sortPartitions } from './partition-sorting';
import { StateBadge } from './state-badge';
import { errorWord } from './states';
import { verifiedTitle } from './verified';

const noSource = 'The source has not answered for this partition.';
const noMirror = 'The destination has not answered for this partition.';
const offset = (value: string | null, why: string) => (
  <span className="font-mono text-[13px]">
    <CellValue value={value} format={groupDigits} why={why} />
  </span>
);
/** As wide as the longest offset: offsets are never cut off. The variable is set on the table's frame. */
const wide = 'w-(--offset-width)';

const readsFollower = ({ sourceLeader, sourceReadFrom }: PartitionRow) =>
  sourceReadFrom !== null && sourceReadFrom !== sourceLeader;
const leadersTitle = (row: PartitionRow) =>
  `Broker that leads at the source → at the destination${readsFollower(row) ? `. Records are read from broker ${row.sourceReadFrom}, a replica near the link (client.rack)` : ''}`;

/** What the table is for stands first: on a phone it is seen without scrolling sideways. */
const columns = columnsOf<PartitionRow>([
  ['partition', 'Partition', (row) => row.partition, { width: 'w-24', sort: 'partition', rowHeader: true }],
  [
    'lagMessages',
    'Lag, messages',
    (row) => <CellValue value={row.lag.messages} format={groupDigits} why={noSource} />,
    { width: 'w-36 max-md:w-23', numeric: true, sort: 'lagMessages' },
  ],
  [
    'lagSeconds',
    'Lag, time',
    (row) => <CellValue value={row.lag.seconds} format={formatDuration} why={noSource} />,
    { width: 'w-24 max-md:w-18', numeric: true, sort: 'lagSeconds' },
  ],
  [
    'state',
    'State',
    (row) => (
      <StateBadge
        state={row.state}
        detail={row.error === 'NO_ERROR' ? null : errorWord(row.error)}
        title={row.message ?? undefined}
        className="max-w-full align-middle"
      />
    ),
    { width: 'w-40 max-md:w-24', sort: 'state' },
  ],
  [
    'lagBytes',
    'Lag, bytes',
    (row) => (
      <span className="text-soft">
        <CellValue
          value={row.lag.bytes}
          format={formatEstimatedBytes}
          why="No record has been measured yet."
        />
      </span>
    ),
    { width: 'w-24', numeric: true },
  ],
  ['sourceStart', 'Source start', (row) => offset(row.sourceStart, noSource), { width: wide, numeric: true }],
  ['mirrorStart', 'Mirror start', (row) => offset(row.mirrorStart, noMirror), { width: wide, numeric: true }],
  [
    'lastStable',
    'Last stable',
    (row) => offset(row.sourceLastStable, noSource),
    { width: wide, numeric: true },
  ],
  ['mirrorEnd', 'Mirror end', (row) => offset(row.mirrorEnd, noMirror), { width: wide, numeric: true }],
  [
    'verified',
    'Verified up to',
    (row) => (
      <span title={verifiedTitle(row.verification)}>
        {offset(row.verification.verified?.to ?? null, 'Nothing has been compared yet.')}
      </span>
    ),
    { width: wide, numeric: true },
  ],
  [
    'highWatermark',
    'High watermark',
    (row) => offset(row.sourceHighWatermark, noSource),
    { width: wide, numeric: true },
  ],
  [
    'blocked',
    'Blocked',
    (row) => (
      <span title="Offsets held back by an open transaction at the source.">
        <CellValue value={row.blocked} format={groupDigits} why={noSource} />
      </span>
    ),
    { width: 'w-24', numeric: true, sort: 'blocked' },
  ],
  [
    'leaders',
    'Leaders',
    (row) => (
      <span title={leadersTitle(row)}>
        <CellValue value={row.sourceLeader} format={String} why="The source has no leader for it now." />
        {readsFollower(row) ? <span className="text-soft"> via {row.sourceReadFrom}</span> : null} →{' '}
        <CellValue value={row.mirrorLeader} format={String} why="The destination has no leader for it now." />
      </span>
    ),
    { width: 'w-32', numeric: true },
  ],
  [
    'fills',
    'Filled: markers, head, copies',
    (row) =>
      `${groupDigits(row.fills.markers)}, ${groupDigits(row.fills.head)}, ${groupDigits(row.fills.copies)}`,
    { width: 'w-56', numeric: true },
  ],
  [
    'records',
    'Records/s',
    (row) => (
      <CellValue value={row.recordsPerSecond} format={formatRate} why="No rate has been measured yet." />
    ),
    { width: 'w-28', numeric: true, sort: 'recordsPerSecond' },
  ],
]);

export function PartitionTable({ partitions, topic }: { partitions: PartitionRow[]; topic: string }) {
  const { params, patch } = useUrlState();
  const key = partitionSort.catch('partition').parse(params.get('sort'));
  const order = params.get('order') === 'desc' ? 'desc' : 'asc';
  const rows = useMemo(() => sortPartitions(partitions, key, order), [partitions, key, order]);
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  const onSort = useCallback(
    (sort: string, next: 'asc' | 'desc') =>
      patch({ sort: sort === 'partition' ? null : sort, order: next === 'asc' ? null : next }),
    [patch],
  );
  const digits = useMemo(() => longestOffset(partitions), [partitions]);
  return (
    <Panel
      title="Partitions"
      id="partitions"
      aside={<span className="text-[13px] text-soft">both ends of one moment</span>}
    >
      <div
        className="[--offset-width:max(124px,calc(var(--digits)*8px+24px))] [--table-width:calc(1104px+6*var(--offset-width))]"
        style={{ '--digits': digits } as CSSProperties}
      >
        <DataTable
          label={`Partitions of ${topic}`}
          columns={columns}
          count={rows.length}
          rowAt={rowAt}
          sorting={{ key, order, onSort }}
          className="max-h-[70vh] md:[&_table]:min-w-(--table-width) [&_th:first-child]:sticky [&_th:first-child]:left-0 [&_th:first-child]:bg-panel"
          empty="No partitions are known yet: the source's metadata has not been read."
        />
      </div>
    </Panel>
  );
}

/** Characters of the longest offset as it is shown, with its separators. */
function longestOffset(partitions: PartitionRow[]): number {
  const lengths = partitions.flatMap((row) =>
    [row.sourceHighWatermark, row.sourceLastStable, row.mirrorEnd, row.sourceStart, row.mirrorStart].map(
      (value) => (value === null ? 0 : groupDigits(value).length),
    ),
  );
  return Math.max(0, ...lengths);
}
