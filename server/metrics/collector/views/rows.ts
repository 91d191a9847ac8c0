// What all questions for pages share: the words about the sweep in front, filter, order, and one page of many rows.
import type { Seen } from '@/lib/contracts/monitoring/seen';
import { type ClusterSweep, UNKNOWN } from '../sweep';

export function seenOf(sweep: ClusterSweep): Seen {
  const { cluster, atMs, tookMs, intervalMs, complete, gaps } = sweep;
  return { cluster, atMs, tookMs, intervalMs, complete, gaps: [...gaps] };
}

/** Decimal text; null where it isn't told. */
export const text = (value: bigint | null | undefined): string | null =>
  value === null || value === undefined || value === UNKNOWN ? null : value.toString();
export const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** Every word of the filter is somewhere in the name, in any case. */
export function matcher(filter: string): (name: string) => boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return (name) => {
    const lower = name.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}

/** What rows are put in order by. Null is at the end, whichever way. */
export type SortKey = string | number | bigint | null;

export function pageOf<Row>(
  rows: readonly Row[],
  key: (row: Row) => SortKey,
  name: (row: Row) => string,
  query: { direction: 'asc' | 'desc'; offset: number; limit: number },
): Row[] {
  const sign = query.direction === 'asc' ? 1 : -1;
  const keyed = rows.map((row) => ({ row, key: key(row) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) {
      if (a.key !== b.key) return a.key === null ? 1 : -1;
    } else if (a.key !== b.key) return a.key < b.key ? -sign : sign;
    return name(a.row) < name(b.row) ? -1 : 1;
  });
  return keyed.slice(query.offset, query.offset + query.limit).map(({ row }) => row);
}

/** Made once for a sweep, when somebody asks, and forgotten with it. */
export function oncePerSweep<T>(make: (sweep: ClusterSweep) => T): (sweep: ClusterSweep) => T {
  const made = new WeakMap<ClusterSweep, T>();
  return (sweep) => {
    let value = made.get(sweep);
    if (value === undefined) {
      value = make(sweep);
      made.set(sweep, value);
    }
    return value;
  };
}
