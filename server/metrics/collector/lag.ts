// What one commit and both ends of a log say about a lag. No I/O, no clock.
import type { PartitionColumns } from './sweep';

export type Lag = {
  /** Last stable offset − commit, never negative. */
  messages: bigint;
  /** How far the commit is beyond the high watermark: counted apart, never as a negative lag. */
  beyondEnd: bigint;
};

/**
 * A commit between the last stable offset and the high watermark is no fault: who reads uncommitted data stands there.
 * @returns null when the end is not known: no sample
 */
export function lagOf(commit: bigint, lastStable: bigint, highWatermark: bigint): Lag | null {
  if (lastStable < 0n || commit < 0n) return null;
  const end = highWatermark < lastStable ? lastStable : highWatermark;
  return {
    messages: lastStable > commit ? lastStable - commit : 0n,
    beyondEnd: commit > end ? commit - end : 0n,
  };
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
