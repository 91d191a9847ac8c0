// Sums of what rules find, and how whole rules stand. Pure.
import type { LibraryEntry, SubjectState } from '@/lib/contracts/monitoring/rules';

export type Counts = Record<SubjectState, number>;

export function countsOf(rules: readonly Pick<LibraryEntry, 'counts'>[]): Counts {
  const sum: Counts = { RAISED: 0, PENDING: 0, UNKNOWN: 0, OK: 0, OFF: 0 };
  for (const { counts } of rules)
    for (const state of Object.keys(sum) as SubjectState[]) sum[state] += counts[state] ?? 0;
  return sum;
}

/** The worst that it says of anything; null: it judges nothing here. */
export function standing({ counts }: Pick<LibraryEntry, 'counts'>): SubjectState | null {
  const order: SubjectState[] = ['RAISED', 'PENDING', 'UNKNOWN', 'OK', 'OFF'];
  return order.find((state) => (counts[state] ?? 0) > 0) ?? null;
}
