// Sums of rates over partitions: half a sum is no sum. No I/O.
import type { BrokerSeen, PartitionColumns } from './sweep';

/**
 * Without partitions that have no rate and can have none: new ones, those without a leader, and of bytes those whose log is empty.
 * @param rates by partition; NaN: not known
 * @param tellers of bytes: brokers whose disks are known as of now
 * @returns NaN when a partition's leader did not tell, now or in the sweep before, or when no partition has a rate
 */
export function sumOfRates(
  p: PartitionColumns,
  rates: Float64Array,
  from: number,
  to: number,
  tellers: ReadonlySet<number> | null = null,
): number {
  let sum = 0;
  let known = 0;
  for (let at = from; at < to; at++) {
    const rate = rates[at] as number;
    if (!Number.isNaN(rate)) {
      sum += rate;
      known++;
    } else if (isMissing(p, at, tellers)) return Number.NaN;
  }
  return known > 0 ? sum : Number.NaN;
}

function isMissing(p: PartitionColumns, at: number, tellers: ReadonlySet<number> | null): boolean {
  const leader = p.leader[at] as number;
  if (leader < 0 || p.isNew[at] === 1) return false;
  return Number.isNaN(p.messageRate[at] as number) || (tellers !== null && !tellers.has(leader));
}

export const diskTellers = (brokers: readonly BrokerSeen[]): ReadonlySet<number> =>
  new Set(brokers.filter(({ disks }) => disks?.current).map(({ id }) => id));
