// Grey bars in the shape of what will stand there. The region around them says that it is loading.
import type { ReactNode } from 'react';
import { cn } from './cn';

export function Bar({ className }: { className?: string }) {
  return <span aria-hidden className={cn('block h-3 rounded-sm bg-raised', className)} />;
}

/** Rows with the heights and columns of the table that replaces them; each width is a class such as `w-24`. */
export function TableSkeleton({ widths, rows = 8 }: { widths: string[]; rows?: number }) {
  const rowIds = Array.from({ length: rows }, (_, row) => `row-${row}`);
  const columns = widths.map((width, column) => ({ id: `column-${column}`, width }));
  return (
    <div aria-hidden className="overflow-hidden">
      {rowIds.map((rowId) => (
        <div key={rowId} className="flex h-9 items-center gap-4 border-b px-4 last:border-b-0">
          {columns.map(({ id, width }) => (
            <Bar key={id} className={width} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** Announces loading once and holds the skeleton. */
export function Loading({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div aria-busy="true">
      <p className="sr-only">{label}</p>
      {children}
    </div>
  );
}
