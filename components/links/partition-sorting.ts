// Sorts the partitions of a mirror; all of them are in the browser, offsets are compared as whole numbers. Pure.
import { z } from 'zod';
import type { PartitionRow } from '@/lib/contracts/link';

export const partitionSort = z.enum([
  'partition',
  'state',
  'lagMessages',
  'lagSeconds',
  'blocked',
  'recordsPerSecond',
]);
type Key = z.infer<typeof partitionSort>;
type Comparable = bigint | number | string | null;

const value: Record<Key, (row: PartitionRow) => Comparable> = {
  partition: (row) => row.partition,
  state: (row) => row.state,
  lagMessages: (row) => toBigint(row.lag.messages),
  lagSeconds: (row) => row.lag.seconds,
  blocked: (row) => toBigint(row.blocked),
  recordsPerSecond: (row) => row.recordsPerSecond,
};

const toBigint = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

/** Unknown values come last in both orders; equal ones stay in the order of their partitions. */
export function sortPartitions(rows: PartitionRow[], key: Key, order: 'asc' | 'desc'): PartitionRow[] {
  const read = value[key];
  const sign = order === 'asc' ? 1 : -1;
  return [...rows].sort((a, b) => {
    const x = read(a);
    const y = read(b);
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a.partition - b.partition;
    return (x < y ? -sign : x > y ? sign : 0) || a.partition - b.partition;
  });
}
