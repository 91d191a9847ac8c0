// Filters on names between Confluent's JSON, which is what is stored, and the rows that people edit. Pure.
import {
  type FilterList,
  type NameFilter,
  nameFiltersText,
  parseNameFilters,
} from '@/lib/contracts/name-filters';

/** How a row reads. "Every name" is Confluent's "*" LITERAL. */
export type FilterScope = 'all' | 'exact' | 'prefix';
export type FilterRow = { type: NameFilter['filterType']; scope: FilterScope; name: string };

export const newRow: FilterRow = { type: 'INCLUDE', scope: 'exact', name: '' };

/** Null where the text is no list of filters. */
export function rowsOf(list: FilterList, text: string): FilterRow[] | null {
  if (!nameFiltersText(list).safeParse(text).success) return null;
  return parseNameFilters(list, text).map(({ name, patternType, filterType }) => {
    if (name === '*' && patternType === 'LITERAL') return { type: filterType, scope: 'all', name: '' };
    return { type: filterType, scope: patternType === 'LITERAL' ? 'exact' : 'prefix', name };
  });
}

/** Rows without a name say nothing yet and are left out. */
export function textOf(list: FilterList, rows: readonly FilterRow[]): string {
  const filters = rows
    .filter(({ scope, name }) => scope === 'all' || name !== '')
    .map(
      ({ type, scope, name }): NameFilter => ({
        name: scope === 'all' ? '*' : name,
        patternType: scope === 'prefix' ? 'PREFIXED' : 'LITERAL',
        filterType: type,
      }),
    );
  return filters.length === 0 ? '' : JSON.stringify({ [list]: filters });
}
