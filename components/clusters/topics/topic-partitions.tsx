// Each partition of a topic: who leads it, who is in sync, where its log begins and ends. Exact offsets, never rounded.
'use client';
import Link from 'next/link';
import { type CSSProperties, useMemo } from 'react';
import { Lasting } from '@/components/shell/age';
import { useSortedRows } from '@/components/shell/use-sorted-rows';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { bigintOf } from '@/components/ui/sort-rows';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { SweepGap } from '@/lib/contracts/monitoring/seen';
import type { TopicDetail, TopicPartitionRow } from '@/lib/contracts/monitoring/topics';
import { formatBytes, formatRate, groupDigits } from '@/lib/format';
import { whyMissing } from '../observed/gaps';
import { LookBadge } from '../observed/look';
import { brokerHref } from '../observed/paths';
import { partitionLook } from './topic-words';

const severity: Record<TopicPartitionRow['status'], number> = {
  OK: 0,
  UNKNOWN: 1,
  UNDER_REPLICATED: 2,
  UNDER_MIN_ISR: 3,
  OFFLINE: 4,
};
const distance = (row: TopicPartitionRow): bigint | null =>
  row.start === null || row.highWatermark === null ? null : BigInt(row.highWatermark) - BigInt(row.start);
const keys = {
  partition: (row: TopicPartitionRow) => row.partition,
  status: (row: TopicPartitionRow) => severity[row.status],
  leader: (row: TopicPartitionRow) => row.leader,
  start: (row: TopicPartitionRow) => bigintOf(row.start),
  end: (row: TopicPartitionRow) => bigintOf(row.highWatermark),
  messages: distance,
  blocked: (row: TopicPartitionRow) => bigintOf(row.blocked),
  size: (row: TopicPartitionRow) => bigintOf(row.bytes),
  rate: (row: TopicPartitionRow) => row.messagesPerSecond,
};
const standard = { key: 'partition', order: 'asc' } as const;

export function TopicPartitions({ detail }: { detail: TopicDetail }) {
  const { cluster, partitions, gaps, topic } = detail;
  const { rowAt, sorting } = useSortedRows(partitions, keys, standard);
  const columns = useMemo(() => partitionColumns(cluster, gaps), [cluster, gaps]);
  const digits = useMemo(() => longest(partitions), [partitions]);
  return (
    <Panel
      title="Partitions"
      id="partitions"
      aside={<span className="text-[13px] text-soft">offsets of one moment</span>}
    >
      <div
        className="[--offset-width:max(112px,calc(var(--digits)*8px+24px))]"
        style={{ '--digits': digits } as CSSProperties}
      >
        <DataTable
          label={`Partitions of ${topic.name}`}
          columns={columns}
          count={partitions.length}
          rowAt={rowAt}
          sorting={sorting}
          className="max-h-[60vh] [&_table]:min-w-[calc(752px+4*var(--offset-width))] [&_th:first-child]:sticky [&_th:first-child]:left-0 [&_th:first-child]:bg-panel"
          empty="The topic has no partitions: it is being created or deleted."
        />
      </div>
    </Panel>
  );
}

/** As wide as the longest offset: offsets are never cut off. */
const wide = 'w-(--offset-width)';
const noRate = 'Rates take two sweeps: the next one tells.';

const partitionColumns = (cluster: string, gaps: readonly SweepGap[]) => {
  const offset = (row: TopicPartitionRow, value: string | null) => (
    <span className="font-mono text-[13px]">
      <CellValue
        value={value}
        format={groupDigits}
        why={
          row.leader === null
            ? 'The partition has no leader: nobody tells.'
            : whyMissing(gaps, ['OFFSETS'], 'The leader has not told.', row.leader)
        }
      />
    </span>
  );
  return columnsOf<TopicPartitionRow>([
    ['partition', 'Partition', (row) => row.partition, { sort: 'partition', rowHeader: true, width: 'w-24' }],
    ['status', 'State', (row) => <State row={row} />, { sort: 'status', width: 'w-[184px]' }],
    [
      'leader',
      'Leader',
      (row) =>
        row.leader === null ? (
          <CellValue value={null} format={String} why="There is none: the partition is offline." />
        ) : (
          <Link
            href={brokerHref(cluster, row.leader)}
            className="hover:underline"
            title={row.leaderEpoch === null ? undefined : `leader epoch ${row.leaderEpoch}`}
          >
            {row.leader}
            {row.replicas[0] === row.leader ? null : (
              <span className="text-soft" title="Another replica is preferred as leader.">
                {' '}
                · not preferred
              </span>
            )}
          </Link>
        ),
      { sort: 'leader', width: 'w-[136px]' },
    ],
    ['replicas', 'Replicas', (row) => <Replicas row={row} />, { width: 'w-[152px]' }],
    [
      'start',
      'Start',
      (row) => offset(row, row.start),
      { sort: 'start', width: wide, numeric: true, about: 'First offset that the log still has.' },
    ],
    [
      'lastStable',
      'Last stable',
      (row) => offset(row, row.lastStable),
      {
        ...{ width: wide, numeric: true },
        about:
          'Up to here no transaction is open: what consumers with read_committed see, and what a lag is measured against.',
      },
    ],
    [
      'end',
      'High watermark',
      (row) => offset(row, row.highWatermark),
      { sort: 'end', width: wide, numeric: true, about: 'Up to here all replicas in sync have it.' },
    ],
    [
      'messages',
      'Messages',
      (row) => offset(row, distance(row)?.toString() ?? null),
      { sort: 'messages', width: wide, numeric: true, about: 'High watermark − start, in offsets.' },
    ],
    [
      'blocked',
      'Blocked',
      (row) => (
        <CellValue value={row.blocked} format={groupDigits} why="One of the two ends has not been told." />
      ),
      {
        ...{ sort: 'blocked', width: 'w-24', numeric: true },
        about: 'Offsets behind the last stable one: an open transaction holds them back.',
      },
    ],
    [
      'size',
      'Size',
      (row) => (
        <CellValue
          value={row.bytes}
          format={formatBytes}
          why={whyMissing(gaps, ['LOG_DIRS'], 'The leader has not told the size of its log.', row.leader)}
        />
      ),
      { sort: 'size', width: 'w-[92px]', numeric: true },
    ],
    [
      'rate',
      'Messages/s',
      (row) => (
        <CellValue
          value={row.messagesPerSecond}
          format={formatRate}
          why={whyMissing(gaps, ['OFFSETS'], noRate, row.leader)}
        />
      ),
      { sort: 'rate', width: 'w-[104px]', numeric: true },
    ],
  ]);
};

/** Of one whose leader does not tell, since when. */
function State({ row }: { row: TopicPartitionRow }) {
  const look = partitionLook(row.status);
  if (row.status !== 'UNKNOWN') return <LookBadge look={look} />;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <LookBadge look={look} />
      {row.toldAt === null ? null : (
        <span className="shrink-0 text-[13px] text-soft">
          for <Lasting since={row.toldAt} />
        </span>
      )}
    </span>
  );
}

function Replicas({ row }: { row: TopicPartitionRow }) {
  const behind = row.replicas.filter((id) => !row.inSync.includes(id));
  return (
    <span
      title={
        behind.length === 0
          ? `All in sync: ${row.replicas.join(', ')}. The first is preferred as leader.`
          : `In sync: ${row.inSync.join(', ') || 'none'}. Not in sync: ${behind.join(', ')}.`
      }
    >
      {row.replicas.filter((id) => row.inSync.includes(id)).join(', ')}
      {behind.length > 0 ? <span className="text-warn"> not {behind.join(', ')}</span> : null}
    </span>
  );
}

/** Characters of the longest offset as it is shown, with its separators. */
const longest = (rows: readonly TopicPartitionRow[]): number =>
  Math.max(0, ...rows.map((row) => (row.highWatermark === null ? 0 : groupDigits(row.highWatermark).length)));
