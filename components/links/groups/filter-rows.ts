// The filters of consumer groups as a form holds them, and as the setting's JSON. Pure.
import { type NameFilter, nameFiltersText, parseNameFilters } from '@/lib/contracts/name-filters';

export type FilterRow = NameFilter & { id: number };

const ALL: NameFilter = { name: '*', patternType: 'LITERAL', filterType: 'INCLUDE' };

/** Where nothing is set yet, all groups are offered: what most links want. */
export function rowsOf(text: string): FilterRow[] {
  const stored = nameFiltersText('groupFilters').safeParse(text);
  const filters = stored.success ? parseNameFilters('groupFilters', text) : [];
  return (filters.length > 0 ? filters : [ALL]).map((filter, id) => ({ ...filter, id }));
}

export function textOf(rows: readonly FilterRow[]): string {
  if (rows.length === 0) return '';
  return JSON.stringify({
    groupFilters: rows.map(({ name, patternType, filterType }) => ({ name, patternType, filterType })),
  });
}

/** Null: it can be saved. */
export function problemOf(rows: readonly FilterRow[]): string | null {
  const checked = nameFiltersText('groupFilters').safeParse(textOf(rows));
  if (checked.success) return null;
  return rows.some(({ name }) => name === '')
    ? 'Each filter needs a name; * is all groups.'
    : (checked.error.issues[0]?.message ?? 'The filters are not valid.');
}
