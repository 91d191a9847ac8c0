// The one table of the console: fixed columns, virtual rows, sorting asked of its owner. Screen readers are told the
// full number of rows and where each visible one stands; rows that have not arrived keep their place.
'use client';
import { type Row, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { cn } from './cn';
import { cutText } from './cut-text';
import { Bar } from './skeleton';
import { type ColumnLayout, type Columns, edgeClass, features, lastOnNarrow } from './table-columns';
import { type Sorting, TableHead } from './table-head';

const ROW_PX = 36;
const OVERSCAN = 12;

export function DataTable<T extends object>({
  label,
  columns,
  count,
  rowAt,
  sorting,
  onRange,
  busy = false,
  still = false,
  className,
  empty,
}: {
  label: string;
  columns: Columns<T>;
  count: number;
  /** The row at an index, or undefined while it has not arrived. Keep the function stable. */
  rowAt: (index: number) => T | undefined;
  sorting?: Sorting;
  /** Told which rows are on the screen, so that their owner can load them. */
  onRange?: (first: number, last: number) => void;
  /** The rows shown belong to an earlier question. */
  busy?: boolean;
  /** Its rows and head hold nothing that takes the focus: then its frame does, so that keys can scroll it. */
  still?: boolean;
  /** Limits the height: `max-h-…`. */
  className?: string;
  empty?: ReactNode;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    // What is drawn before the element has been measured.
    initialRect: { width: 0, height: ROW_PX * 20 },
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= 0) onRange?.(first, last);
  }, [first, last, onRange]);

  const loaded = useMemo(() => {
    const indexes: number[] = [];
    const data: T[] = [];
    for (let index = first; index <= last; index++) {
      const row = rowAt(index);
      if (!row) continue;
      indexes.push(index);
      data.push(row);
    }
    return { indexes, data };
  }, [first, last, rowAt]);
  const table = useTable({ features, columns, data: loaded.data });
  const rows = table.getRowModel().rows;
  const byIndex = new Map(loaded.indexes.map((index, at) => [index, rows[at]]));
  const above = first * ROW_PX;
  const below = Math.max(0, (count - last - 1) * ROW_PX);
  const layouts = columns.map((column) => column.meta ?? {});

  return (
    <div
      ref={scroller}
      {...(still && { tabIndex: 0, role: 'region', 'aria-label': label })}
      className={cn('relative overflow-auto focus-visible:-outline-offset-2', className)}
    >
      <table
        aria-label={label}
        aria-rowcount={count + 1}
        aria-busy={busy || undefined}
        className="w-full table-fixed border-separate border-spacing-0"
        {...cutText}
      >
        <TableHead headers={table.getHeaderGroups()[0]?.headers ?? []} sorting={sorting} />
        <tbody data-stale={busy || undefined}>
          <Space px={above} />
          {items.map(({ index }) => (
            <TableRow key={index} index={index} row={byIndex.get(index)} layouts={layouts} />
          ))}
          <Space px={below} />
        </tbody>
      </table>
      {count === 0 ? <div className="px-4 py-6 text-soft">{empty ?? 'Nothing to show.'}</div> : null}
    </div>
  );
}

/** Stands for the rows that are scrolled away. One cell only: spanning columns that are hidden would bring them back. */
function Space({ px }: { px: number }) {
  if (px === 0) return null;
  return (
    <tr aria-hidden>
      <td style={{ height: px, padding: 0 }} />
    </tr>
  );
}

function TableRow<T extends object>({
  index,
  row,
  layouts,
}: {
  index: number;
  row: Row<typeof features, T> | undefined;
  layouts: ColumnLayout[];
}) {
  const edge = lastOnNarrow(layouts);
  return (
    <tr aria-rowindex={index + 2} className="h-9 last:*:border-b-0 hover:bg-raised/60">
      {row
        ? row.getAllCells().map((cell, at) => {
            const layout = layouts[at] ?? {};
            const content = (cell.column.columnDef.cell as (context: unknown) => ReactNode)(
              cell.getContext(),
            );
            return layout.rowHeader ? (
              <th
                key={cell.id}
                scope="row"
                className={cn(cellClass(layout, at === edge), 'text-left font-normal')}
              >
                <div data-lines>{content}</div>
              </th>
            ) : (
              <td key={cell.id} className={cellClass(layout, at === edge)}>
                <div data-lines>{content}</div>
              </td>
            );
          })
        : layouts.map((layout, at) => (
            <td key={`waiting-${layouts.indexOf(layout, at)}`} className={cellClass(layout, at === edge)}>
              <Bar className={cn('w-2/3', layout.numeric && 'ml-auto')} />
            </td>
          ))}
    </tr>
  );
}

const cellClass = (layout: ColumnLayout, atEdge: boolean): string =>
  cn(
    'h-9 truncate border-b',
    edgeClass(atEdge),
    layout.numeric && 'text-right',
    layout.wideOnly && 'max-md:hidden',
  );
