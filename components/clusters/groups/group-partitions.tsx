// Each partition that a group has committed: both ends of the lag, the lag in three units, whether it gets on, and who has it.
'use client';
import Link from 'next/link';
import { type CSSProperties, useMemo, useState } from 'react';
import { useSortedRows } from '@/components/shell/use-sorted-rows';
import { DataTable } from '@/components/ui/data-table';
import { Input, Select } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { bigintOf, sortRows } from '@/components/ui/sort-rows';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import {
  type GroupDetail,
  type GroupPartitionStatus,
  groupPartitionStatus,
  type MonitoredGroupPartition,
} from '@/lib/contracts/monitoring/groups';
import { formatDuration, formatEstimatedBytes, formatRate, groupDigits, plural } from '@/lib/format';
import { LookBadge } from '../observed/look';
import { topicHref } from '../observed/paths';
import { partitionStatusLook } from './group-words';

const severity: Record<GroupPartitionStatus, number> = {
  OK: 0,
  UNKNOWN: 1,
  FALLING_BEHIND: 2,
  LOST: 3,
  BEYOND_END: 4,
  STALLED: 5,
};
const keys = {
  partition: (row: MonitoredGroupPartition) => `${row.topic} ${String(row.partition).padStart(10, '0')}`,
  status: (row: MonitoredGroupPartition) => severity[row.status],
  commit: (row: MonitoredGroupPartition) => bigintOf(row.commit),
  end: (row: MonitoredGroupPartition) => bigintOf(row.end),
  lag: (row: MonitoredGroupPartition) => bigintOf(row.lag),
  seconds: (row: MonitoredGroupPartition) => row.lagSeconds,
  rate: (row: MonitoredGroupPartition) => row.commitRate,
};
/** What needs somebody first; beside each other, the furthest behind first. */
const standard = { key: 'status', order: 'desc' } as const;

export function GroupPartitions({ detail }: { detail: GroupDetail }) {
  const { cluster, partitions, row } = detail;
  const [text, setText] = useState('');
  const [status, setStatus] = useState<GroupPartitionStatus | ''>('');
  const shown = useMemo(() => {
    const needle = text.trim().toLowerCase();
    const found = partitions.filter(
      (one) => (status === '' || one.status === status) && one.topic.toLowerCase().includes(needle),
    );
    return sortRows(found, keys.lag, 'desc');
  }, [partitions, text, status]);
  const { rowAt, sorting } = useSortedRows(shown, keys, standard);
  const clients = useMemo(
    () => new Map(detail.members?.map(({ memberId, clientId }) => [memberId, clientId || memberId])),
    [detail.members],
  );
  const columns = useMemo(() => partitionColumns(cluster, clients), [cluster, clients]);
  const digits = useMemo(() => longest(partitions), [partitions]);
  const counts = useMemo(() => countsOf(partitions), [partitions]);
  return (
    <Panel
      title="Partitions"
      id="partitions"
      aside={<span className="text-[13px] text-soft">both ends of one sweep</span>}
    >
      {partitions.length > 12 || counts.size > 1 ? (
        <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
          <Input
            type="search"
            aria-label="Filter partitions by topic"
            placeholder={`Filter ${plural(partitions.length, 'partition')} by topic`}
            className="w-full sm:w-64"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Select
            aria-label="Status"
            className="w-auto"
            value={status}
            onChange={({ target: { value } }) =>
              setStatus(value === '' ? '' : groupPartitionStatus.parse(value))
            }
          >
            <option value="">Any status</option>
            {[...counts].map(([one, count]) => (
              <option key={one} value={one}>
                {partitionStatusLook(one).word} ({groupDigits(count)})
              </option>
            ))}
          </Select>
          <p role="status" className="text-soft sm:ml-auto">
            {shown.length === partitions.length
              ? ''
              : `${groupDigits(shown.length)} of ${groupDigits(partitions.length)}`}
          </p>
        </div>
      ) : null}
      <div
        className="[--offset-width:max(112px,calc(var(--digits)*8px+24px))]"
        style={{ '--digits': digits } as CSSProperties}
      >
        <DataTable
          label={`Partitions of ${row.group}`}
          columns={columns}
          count={shown.length}
          rowAt={rowAt}
          sorting={sorting}
          className="max-h-[60vh] md:[&_table]:min-w-[calc(1000px+3*var(--offset-width))] [&_th:first-child]:sticky [&_th:first-child]:left-0 [&_th:first-child]:bg-panel"
          empty={partitions.length === 0 ? 'It has committed no offsets.' : 'No partition matches.'}
        />
      </div>
    </Panel>
  );
}

/** As wide as the longest offset: offsets are never cut off. */
const wide = 'w-(--offset-width)';
const offset = (value: string | null, why: string) => (
  <span className="font-mono text-[13px]">
    <CellValue value={value} format={groupDigits} why={why} />
  </span>
);
const endWhy = 'The leader has not told where the log ends.';

/** What the table is for stands first: on a phone it is seen without scrolling sideways. */
const partitionColumns = (cluster: string, clients: ReadonlyMap<string, string>) =>
  columnsOf<MonitoredGroupPartition>([
    [
      'partition',
      'Partition',
      (row) => (
        <Link
          href={topicHref(cluster, row.topic)}
          className="min-w-0 font-mono text-[13px] hover:underline md:flex"
          title={`${row.topic}-${row.partition}`}
          aria-label={`${row.topic}-${row.partition}`}
        >
          <span className="md:truncate">{row.topic}</span>
          <span className="shrink-0">-{row.partition}</span>
        </Link>
      ),
      { sort: 'partition', rowHeader: true, width: 'w-[220px] max-md:w-[142px]' },
    ],
    [
      'lag',
      'Lag, messages',
      (row) => (
        <span title={row.compacted ? 'The topic is compacted: at most this.' : undefined}>
          {row.compacted && row.lag !== null && row.lag !== '0' ? (
            <span className="text-soft">≤ </span>
          ) : null}
          <CellValue value={row.lag} format={groupDigits} why={row.why ?? endWhy} />
        </span>
      ),
      { sort: 'lag', width: `${wide} max-md:w-24`, numeric: true },
    ],
    [
      'seconds',
      'Lag, time',
      (row) => (
        <span
          title={
            row.secondsFrom === 'RECORD'
              ? 'From the time of the first record that is not committed.'
              : row.secondsFrom === 'SAMPLES'
                ? 'From when the log ended there, as seen by Landbridge.'
                : undefined
          }
        >
          <CellValue
            value={row.lagSeconds}
            format={formatDuration}
            why={row.why ?? 'The time of the first record that is not committed is not known.'}
          />
        </span>
      ),
      { sort: 'seconds', width: 'w-28 max-md:w-18', numeric: true },
    ],
    [
      'status',
      'Status',
      (row) => {
        const look = partitionStatusLook(row.status);
        return <LookBadge look={{ ...look, why: row.why ?? look.why }} />;
      },
      { sort: 'status', width: 'w-40 max-md:w-28' },
    ],
    [
      'bytes',
      'Lag, bytes',
      (row) => (
        <span className="text-soft">
          <CellValue
            value={row.lagBytes}
            format={formatEstimatedBytes}
            why="The bytes of an offset there are not known yet."
          />
        </span>
      ),
      { width: 'w-24', numeric: true },
    ],
    ['commit', 'Committed', (row) => offset(row.commit, ''), { sort: 'commit', width: wide, numeric: true }],
    [
      'end',
      'End',
      (row) => offset(row.end, row.why ?? endWhy),
      {
        sort: 'end',
        width: wide,
        numeric: true,
        about: 'Last stable offset: what a lag is measured against.',
      },
    ],
    [
      'blocked',
      'Blocked',
      (row) => (
        <span title="Offsets that an open transaction holds back: not in the lag.">
          <CellValue value={row.blocked} format={groupDigits} why={endWhy} />
        </span>
      ),
      { width: 'w-20', numeric: true },
    ],
    [
      'rate',
      'Commits/s',
      (row) => (
        <CellValue
          value={row.commitRate}
          format={formatRate}
          why="Rates take two sweeps: the next one tells."
        />
      ),
      { sort: 'rate', width: 'w-[104px]', numeric: true },
    ],
    [
      'member',
      'Assigned to',
      (row) => (
        <span className="block truncate" title={row.memberId ?? undefined}>
          <CellValue
            value={row.memberId === null ? null : (clients.get(row.memberId) ?? row.memberId)}
            format={String}
            why="No member is assigned to it, or the assignment is not told."
          />
        </span>
      ),
      { width: 'w-44' },
    ],
  ]);

function countsOf(rows: readonly MonitoredGroupPartition[]): Map<GroupPartitionStatus, number> {
  const counts = new Map<GroupPartitionStatus, number>();
  for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

/** Characters of the longest offset as it is shown, with its separators. */
const longest = (rows: readonly MonitoredGroupPartition[]): number =>
  rows.reduce(
    (most, row) =>
      Math.max(most, groupDigits(row.commit).length, row.end === null ? 0 : groupDigits(row.end).length),
    0,
  );
