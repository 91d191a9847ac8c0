// How columns are described for every table of the console: TanStack Table's model, with our own layout facts.
import { type ColumnDef, createColumnHelper, metaHelper, tableFeatures } from '@tanstack/react-table';
import type { ReactNode } from 'react';
import { cn } from './cn';

export type ColumnLayout = {
  /** Tailwind width class; columns without one share the rest. */
  width?: string;
  /** Numbers stand at the right. */
  numeric?: boolean;
  /** Left out on narrow screens. */
  wideOnly?: boolean;
  /** Key by which the owner of the data can sort. */
  sort?: string;
  /** The cell that names the row. */
  rowHeader?: boolean;
  /** Only there when it is chosen. */
  extra?: boolean;
  /** What the menu of columns calls it, where the head is too short to say it. */
  menu?: string;
  /** Explains the head on hover. */
  about?: string;
};

/** Rows arrive filtered, sorted and cut: the table itself only has columns. */
export const features = tableFeatures({ columnMeta: metaHelper<ColumnLayout>() });

export type Columns<T extends object> = ColumnDef<typeof features, T>[];

/** The column that ends at the right edge where those of wide screens are left out. */
export const lastOnNarrow = (layouts: readonly ColumnLayout[]): number =>
  layouts.findLastIndex((layout) => !layout.wideOnly);
export const edgeClass = (isLastOnNarrow: boolean): string =>
  cn('px-2 first:pl-4 last:pr-4', isLastOnNarrow && 'max-md:pr-4');

/** Collects columns: `columnsOf<Row>([['topic', 'Mirror topic', (row) => …, { rowHeader: true }]])`. */
export function columnsOf<T extends object>(
  list: [id: string, header: string, cell: (row: T) => ReactNode, layout?: ColumnLayout][],
): Columns<T> {
  const helper = createColumnHelper<typeof features, T>();
  return helper.columns(
    list.map(([id, header, cell, meta = {}]) =>
      helper.display({ id, header, cell: (context) => cell(context.row.original), meta }),
    ),
  ) as Columns<T>;
}
