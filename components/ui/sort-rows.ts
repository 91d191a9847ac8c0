// Sorts rows that are all in the browser, by a key of each. Pure.

export type SortKey = string | number | bigint | null;

/** Unknown values come last in both orders; equal ones stay in the order that they came in. */
export function sortRows<Row>(
  rows: readonly Row[],
  key: (row: Row) => SortKey,
  order: 'asc' | 'desc',
): Row[] {
  const sign = order === 'asc' ? 1 : -1;
  return rows
    .map((row) => ({ row, at: key(row) }))
    .sort((a, b) => {
      if (a.at === null || b.at === null) return Number(a.at === null) - Number(b.at === null);
      return a.at < b.at ? -sign : a.at > b.at ? sign : 0;
    })
    .map(({ row }) => row);
}

export const bigintOf = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
