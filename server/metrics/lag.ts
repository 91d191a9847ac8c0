/**
 * How far a mirror is behind, from the columns of one snapshot: both ends were read by the engine at the same moment.
 *
 * - messages = source last stable offset − mirror end. Either unknown (−1): null. Negative: null as well, counted as
 *   `ahead`, because a lag below zero means that the two reads do not belong together or the source lost records.
 * - Sums and maxima go over the known partitions; they are null only when no partition is known. How many were left out
 *   is said next to the number (`lagNote`), so that a sum is never taken for more than it is.
 */
import type { PartitionColumns } from '@/lib/contracts/engine';

export type LagNumbers = { messages: bigint | null; bytes: bigint | null; seconds: number | null };
export type LagSum = LagNumbers & {
  /** Partitions without a known lag in messages, and those of them where the mirror is ahead of the source. */
  unknown: number;
  ahead: number;
  /** Those whose lag is not known in bytes or in time, whether it is in messages or not: after a restart nobody knows how old what a paused mirror lacks is. */
  unknownBytes: number;
  unknownSeconds: number;
};

export function partitionLag(columns: PartitionColumns, index: number): LagNumbers & { ahead: boolean } {
  const stable = columns.sourceLastStable[index] ?? -1n;
  const end = columns.mirrorEnd[index] ?? -1n;
  if (stable < 0n || end < 0n) return { messages: null, bytes: null, seconds: null, ahead: false };
  const messages = stable - end;
  if (messages < 0n) return { messages: null, bytes: null, seconds: null, ahead: true };
  if (messages === 0n) return { messages, bytes: 0n, seconds: 0, ahead: false };
  const bytes = columns.lagBytes[index] ?? -1n;
  const seconds = columns.lagSeconds[index] ?? Number.NaN;
  return {
    messages,
    bytes: bytes < 0n ? null : bytes,
    seconds: Number.isFinite(seconds) && seconds >= 0 ? seconds : null,
    ahead: false,
  };
}

export function sumLag(columns: PartitionColumns, first: number, count: number): LagSum {
  const sum = emptyLag();
  for (let index = first; index < first + count; index++) {
    const lag = partitionLag(columns, index);
    if (lag.ahead) sum.ahead++;
    if (lag.messages === null) sum.unknown++;
    if (lag.bytes === null) sum.unknownBytes++;
    if (lag.seconds === null) sum.unknownSeconds++;
    addLag(sum, lag);
  }
  return sum;
}

export const emptyLag = (): LagSum => ({
  ...{ messages: null, bytes: null, seconds: null },
  ...{ unknown: 0, ahead: 0, unknownBytes: 0, unknownSeconds: 0 },
});

/** Adds messages and bytes and takes the higher seconds; null adds nothing. */
export function addLag(sum: LagNumbers, lag: LagNumbers): void {
  if (lag.messages !== null) sum.messages = (sum.messages ?? 0n) + lag.messages;
  if (lag.bytes !== null) sum.bytes = (sum.bytes ?? 0n) + lag.bytes;
  if (lag.seconds !== null) sum.seconds = Math.max(sum.seconds ?? 0, lag.seconds);
}

/** What the reader must know about a sum that leaves partitions out; null when it leaves out none. */
export function lagNote(lag: LagSum, partitions: number): string | null {
  const parts: string[] = [];
  const unread = lag.unknown - lag.ahead;
  if (unread > 0) parts.push(`${unread} of ${partitions} partitions unknown`);
  if (lag.ahead > 0) {
    parts.push(`${lag.ahead} of ${partitions} partitions ahead of the source's last stable offset`);
  }
  return parts.length === 0 ? null : `Lag leaves out ${parts.join(' and ')}.`;
}

/** Offsets that an open transaction holds back at the source; null when unknown. */
export function blockedOffsets(columns: PartitionColumns, index: number): bigint | null {
  const stable = columns.sourceLastStable[index] ?? -1n;
  const highWatermark = columns.sourceHighWatermark[index] ?? -1n;
  return stable < 0n || highWatermark < stable ? null : highWatermark - stable;
}
