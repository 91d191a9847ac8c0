// What one commit and both ends of a log say about a lag. No I/O, no clock.
import type { PartitionColumns } from './sweep';

const NOT_KNOWN = -1n;

/**
 * Last stable offset − commit, never negative. A commit between the last stable offset and the high watermark is no fault: who reads uncommitted data
 * stands there.
 * @returns −1 when the end is not known: no sample
 */
export function lagOf(commit: bigint, lastStable: bigint): bigint {
  if (lastStable < 0n || commit < 0n) return NOT_KNOWN;
  return lastStable > commit ? lastStable - commit : 0n;
}

/** How far a commit is beyond the end of the log: counted apart, never as a negative lag. 0 where the end is not known. */
export function beyondEnd(commit: bigint, lastStable: bigint, highWatermark: bigint): bigint {
  const end = highWatermark < lastStable ? lastStable : highWatermark;
  return end >= 0n && commit > end ? commit - end : 0n;
}

/** Estimated from the bytes of an offset of that partition's log; null where they aren't known. */
export function bytesOfLag(lag: bigint, partitions: PartitionColumns, at: number): bigint | null {
  if (lag === 0n) return 0n;
  const bytes = partitions.leaderBytes[at] as bigint;
  const start = partitions.start[at] as bigint;
  const high = partitions.highWatermark[at] as bigint;
  if (bytes < 0n || start < 0n || high <= start) return null;
  const held = high - start;
  return (bytes * (lag < held ? lag : held)) / held;
}
