// Order of a table whose rows are all in the browser; it stands in the URL as sort and order.
'use client';
import { useCallback, useMemo } from 'react';
import { type SortKey, sortRows } from '@/components/ui/sort-rows';
import type { Sorting } from '@/components/ui/table-head';
import { useUrlState } from './use-url-state';

/**
 * @param keys     what rows can be put in order by; keep it stable
 * @param standard the first of keys, when the address names none
 */
export function useSortedRows<Row, Key extends string>(
  rows: readonly Row[],
  keys: Record<Key, (row: Row) => SortKey>,
  standard: { key: NoInfer<Key>; order: 'asc' | 'desc' },
): { rows: Row[]; rowAt: (index: number) => Row | undefined; sorting: Sorting } {
  const { params, patch } = useUrlState();
  const asked = params.get('sort');
  const key = asked !== null && Object.hasOwn(keys, asked) ? (asked as Key) : standard.key;
  const given = params.get('order');
  const order = given === 'asc' || given === 'desc' ? given : standard.order;
  const sorted = useMemo(() => sortRows(rows, keys[key], order), [rows, keys, key, order]);
  const rowAt = useCallback((index: number) => sorted[index], [sorted]);
  const { key: standardKey, order: standardOrder } = standard;
  const onSort = useCallback(
    (next: string, to: 'asc' | 'desc') => {
      const same = next === standardKey && to === standardOrder;
      patch({ sort: same ? null : next, order: same ? null : to });
    },
    [patch, standardKey, standardOrder],
  );
  return { rows: sorted, rowAt, sorting: { key, order, onSort } };
}
