// The head of a table: sticky, with buttons where the owner can sort, and aria-sort where it does.
'use client';
import type { Header } from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { cn } from './cn';
import { edgeClass, type features, lastOnNarrow } from './table-columns';

export type Sorting = {
  key: string;
  order: 'asc' | 'desc';
  onSort: (key: string, order: 'asc' | 'desc') => void;
};

export function TableHead<T extends object>({
  headers,
  sorting,
}: {
  headers: Header<typeof features, T, unknown>[];
  sorting?: Sorting;
}) {
  const edge = lastOnNarrow(headers.map((header) => header.column.columnDef.meta ?? {}));
  return (
    <thead className="sticky top-0 z-[1] bg-panel">
      <tr aria-rowindex={1} className="h-9">
        {headers.map((header, at) => {
          const layout = header.column.columnDef.meta ?? {};
          const text = String(header.column.columnDef.header);
          const sorted = sorting && layout.sort === sorting.key ? sorting.order : null;
          return (
            <th
              key={header.id}
              scope="col"
              title={layout.about}
              aria-sort={sorted ? (sorted === 'asc' ? 'ascending' : 'descending') : undefined}
              className={cn(
                'truncate border-b text-left text-[13px] font-medium text-soft',
                edgeClass(at === edge),
                layout.width,
                layout.numeric && 'text-right',
                layout.wideOnly && 'max-md:hidden',
              )}
            >
              <div data-lines>
                {sorting && layout.sort ? (
                  <SortButton
                    text={text}
                    sortKey={layout.sort}
                    sorted={sorted}
                    numeric={layout.numeric}
                    sorting={sorting}
                  />
                ) : (
                  text
                )}
              </div>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function SortButton({
  text,
  sortKey,
  sorted,
  numeric = false,
  sorting,
}: {
  text: string;
  sortKey: string;
  sorted: 'asc' | 'desc' | null;
  numeric?: boolean;
  sorting: Sorting;
}) {
  const next = sorted === null ? (numeric ? 'desc' : 'asc') : sorted === 'asc' ? 'desc' : 'asc';
  const Arrow = sorted === 'asc' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={() => sorting.onSort(sortKey, next)}
      className={cn(
        'group inline-flex max-w-full items-center align-middle gap-1 hover:text-text',
        numeric && 'flex-row-reverse',
        sorted && 'text-text',
      )}
    >
      <span className="truncate">{text}</span>
      <Arrow
        aria-hidden
        size={13}
        className={cn(
          'shrink-0',
          !sorted && 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60',
        )}
      />
    </button>
  );
}
