// The part of the query string that a table of a cluster reads and writes: filter, order, switches. What does not parse is left at its default.
'use client';
import { useCallback, useMemo } from 'react';
import type { z } from 'zod';
import { useUrlState } from '@/components/shell/use-url-state';
import type { Sorting } from '@/components/ui/table-head';

type Query = { filter: string; sort: string; direction: 'asc' | 'desc' };

/**
 * @param schema   of the whole question, with defaults
 * @param standard order when the address names none
 */
export function useTableState<T extends Query>(
  schema: z.ZodObject<z.ZodRawShape>,
  standard: { sort: string; direction: 'asc' | 'desc' },
): { query: Omit<T, 'offset' | 'limit'>; sorting: Sorting } {
  const { params, patch } = useUrlState();
  const query = useMemo(() => {
    const parsed: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(schema.shape)) {
      if (key === 'offset' || key === 'limit') continue;
      const given = params.get(key) ?? (key in standard ? standard[key as keyof typeof standard] : undefined);
      const found = (part as z.ZodType).safeParse(given);
      parsed[key] = found.success
        ? found.data
        : (part as z.ZodType).parse(key in standard ? standard[key as keyof typeof standard] : undefined);
    }
    return parsed as Omit<T, 'offset' | 'limit'>;
  }, [params, schema, standard]);
  const onSort = useCallback(
    (sort: string, direction: 'asc' | 'desc') => {
      const same = sort === standard.sort && direction === standard.direction;
      patch({ sort: same ? null : sort, direction: same ? null : direction });
    },
    [patch, standard],
  );
  return { query, sorting: { key: query.sort, order: query.direction, onSort } };
}

/** The question as the API takes it; what is empty is left out. */
export function searchOf(query: Record<string, unknown>, offset: number, limit: number): string {
  const search = new URLSearchParams({ offset: String(offset), limit: String(limit) });
  for (const [key, value] of Object.entries(query)) if (value !== '') search.set(key, String(value));
  return search.toString();
}
