// Records of transactions that were open at the source, and that the mirror therefore does not hold: where exactly, and whose.
'use client';
import { useCallback } from 'react';
import { DataTable } from '@/components/ui/data-table';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { StatementPartition } from '@/lib/contracts/operation';
import { groupDigits, plural } from '@/lib/format';

export type LeftRow = StatementPartition['left'][number] & { partition: number };

const notTold = 'The source did not tell which producer it is.';
const mono = (text: string) => <span className="font-mono text-[13px]">{text}</span>;

const columns = columnsOf<LeftRow>([
  ['partition', 'Partition', (row) => row.partition, { width: 'w-24', rowHeader: true }],
  ['from', 'From offset', (row) => mono(groupDigits(row.from)), { numeric: true }],
  ['to', 'Up to, not with', (row) => mono(groupDigits(row.to)), { numeric: true }],
  [
    'producer',
    'Producer id',
    (row) => <CellValue value={row.producerId} format={String} why={notTold} />,
    { numeric: true, wideOnly: true },
  ],
  [
    'epoch',
    'Epoch',
    (row) => <CellValue value={row.producerEpoch} format={String} why={notTold} />,
    { width: 'w-24', numeric: true, wideOnly: true },
  ],
]);

export function LeftBehind({ rows }: { rows: LeftRow[] }) {
  const rowAt = useCallback((index: number) => rows[index], [rows]);
  return (
    <section aria-labelledby="left-behind" className="border-b">
      <h3 id="left-behind" className="px-4 py-2 font-medium">
        Left behind: {plural(rows.length, 'range')} of open transactions
      </h3>
      <DataTable
        label="Ranges left behind"
        columns={columns}
        count={rows.length}
        still
        rowAt={rowAt}
        className="max-h-[30vh]"
      />
    </section>
  );
}
