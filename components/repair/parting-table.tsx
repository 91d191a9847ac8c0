// Where the two sides of a topic part, partition by partition, and how many records stand on one of them only. What was not counted is unknown, never 0.
'use client';
import { useCallback } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { PartingPartition } from '@/lib/contracts/remake';
import { groupDigits } from '@/lib/format';

const notCounted = 'There is more than could be counted in time.';
const offset = (value: string) => <span className="font-mono text-[13px]">{groupDigits(value)}</span>;
const count = (value: string | null) => <CellValue value={value} format={groupDigits} why={notCounted} />;

const columns = columnsOf<PartingPartition>([
  ['partition', 'Partition', (row) => row.partition, { width: 'w-24 max-md:w-16', rowHeader: true }],
  [
    'parted',
    'Part at',
    (row) => (row.parted === null ? <span className="text-soft">nowhere</span> : offset(row.parted)),
    { width: 'w-48 max-md:w-44', numeric: true },
  ],
  [
    'records',
    'Old side only',
    (row) => (
      <span className={row.parted === null ? 'text-soft' : 'font-semibold text-bad'}>
        {count(row.records)}
      </span>
    ),
    { width: 'w-36 max-md:w-28', numeric: true },
  ],
  [
    'otherRecords',
    'New side only',
    (row) => (row.parted === null ? <span className="text-soft">–</span> : count(row.otherRecords)),
    { width: 'w-40', numeric: true, wideOnly: true },
  ],
  ['end', 'Old end', (row) => offset(row.end), { width: 'w-48', numeric: true, wideOnly: true }],
  ['otherEnd', 'New end', (row) => offset(row.otherEnd), { width: 'w-48', numeric: true, wideOnly: true }],
  [
    'note',
    'Note',
    (row) => (
      <span className="text-soft" title={row.note ?? undefined}>
        {row.note}
      </span>
    ),
    { wideOnly: true },
  ],
]);

export function PartingTable({ rows, label }: { rows: readonly PartingPartition[]; label: string }) {
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  return (
    <DataTable
      label={label}
      columns={columns}
      count={rows.length}
      still
      rowAt={rowAt}
      className="max-h-[50vh]"
      empty="There is nothing to compare."
    />
  );
}
