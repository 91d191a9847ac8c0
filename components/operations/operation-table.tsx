// Promotes and failovers in rows: of a link, newest first; of a group, worst first.
'use client';
import Link from 'next/link';
import { useCallback, useMemo } from 'react';
import { Age, Lasting } from '@/components/shell/age';
import { DataTable } from '@/components/ui/data-table';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { OperationRow } from '@/lib/contracts/operation';
import { formatDateTime, formatDuration, groupDigits } from '@/lib/format';
import { OperationBadge, stepAt } from './operation-badge';
import { groupHref, operationHref } from './paths';
import { kindNoun } from './words';

/** Of a group all have one kind, one asker and one time: those columns say nothing there. */
const groupColumns = ['topic', 'state', 'said', 'missing', 'took'];

const operationColumns = (destination: string, link: string) =>
  columnsOf<OperationRow>([
    [
      'topic',
      'Mirror topic',
      (row) => (
        <Link
          href={operationHref(destination, link, row.id)}
          className="font-mono text-[13px] hover:underline"
          title={row.topic}
        >
          {row.topic}
        </Link>
      ),
      { rowHeader: true, width: 'max-md:w-[45%] md:w-[18%]' },
    ],
    ['kind', 'Kind', (row) => kindNoun[row.kind], { width: 'w-24', wideOnly: true }],
    [
      'state',
      'State',
      (row) => <OperationBadge operation={row} className="max-w-full align-middle" />,
      { width: 'w-48 max-md:w-auto' },
    ],
    [
      'said',
      'Waits for, or said',
      (row) => {
        const said = row.outcome === null ? (stepAt(row)?.detail ?? null) : row.message;
        return (
          <span className="text-soft" title={said ?? undefined}>
            {said}
          </span>
        );
      },
      { wideOnly: true },
    ],
    [
      'missing',
      'Missing',
      (row) =>
        row.outcome === 'DONE' && row.missing === null ? (
          <span title="The source was not seen to tell the end of every partition.">unknown</span>
        ) : (
          <CellValue value={row.missing} format={groupDigits} why="There is no statement yet." />
        ),
      { width: 'w-28', numeric: true, wideOnly: true },
    ],
    [
      'took',
      'Took',
      (row) =>
        row.endedAt === null ? (
          <Lasting since={row.startedAt} />
        ) : (
          formatDuration(Math.max(0, Math.round((row.endedAt - row.startedAt) / 100) / 10))
        ),
      { width: 'w-24', numeric: true },
    ],
    [
      'asked',
      'Asked',
      (row) => (
        <Link
          href={groupHref(destination, link, row.auditOperationId)}
          className="text-soft hover:underline"
          title={`${formatDateTime(row.startedAt)}${row.reason ? `: ${row.reason}` : ''}. Shows all that were asked for together.`}
        >
          {row.actor} · <Age at={row.startedAt} />
        </Link>
      ),
      { width: 'w-56', numeric: true, wideOnly: true },
    ],
  ]);

export function OperationTable({
  destination,
  link,
  operations,
  label,
  grouped = false,
  empty,
}: {
  destination: string;
  link: string;
  operations: OperationRow[];
  label: string;
  /** All of them are of one kind and were asked for at once. */
  grouped?: boolean;
  empty: string;
}) {
  const columns = useMemo(() => {
    const all = operationColumns(destination, link);
    return grouped ? all.filter(({ id }) => groupColumns.includes(id ?? '')) : all;
  }, [destination, link, grouped]);
  const rowAt = useCallback((index: number) => operations[index], [operations]);
  return (
    <DataTable<OperationRow>
      label={label}
      columns={columns}
      count={operations.length}
      rowAt={rowAt}
      className="max-h-[max(432px,calc(100dvh-320px))]"
      empty={empty}
    />
  );
}
