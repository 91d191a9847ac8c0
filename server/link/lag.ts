// Lag of one mirror partition in the three units. One definition, everywhere; see docs/states.md.
import type { MirrorPartition } from './partition';

export type PartitionLag = { messages: bigint; bytes: bigint; seconds: number };

/** A mirror whose end wasn't read for this long is held against the source's newest end: it can't have moved without us. */
const MIRROR_FRESH_MS = 3_000;

/**
 * The source's ends that the mirror's end is held against: those of the same moment; the newest ones when the destination doesn't answer;
 * none (−1n) when the source doesn't, for what it holds now is not known.
 */
export function sourceEndsForLag(
  partition: MirrorPartition,
  sourceFresh: boolean,
): { lastStable: bigint; highWatermark: bigint } {
  if (!sourceFresh) return { lastStable: -1n, highWatermark: -1n };
  const fresh = performance.now() - partition.mirrorSeenMs < MIRROR_FRESH_MS && partition.lagSource >= 0n;
  return fresh
    ? { lastStable: partition.lagSource, highWatermark: partition.lagSourceHigh }
    : { lastStable: partition.sourceLastStable, highWatermark: partition.sourceHighWatermark };
}

/**
 * @param lastStable the source's end from sourceEndsForLag
 * @returns messages = source last stable offset − mirror high watermark; bytes = messages × measured bytes per offset; seconds = now − the time at
 * which the first record not yet mirrored was appended at the source. −1n and NaN where unknown.
 */
export function lagOf(
  partition: MirrorPartition,
  nowMs: number,
  lastStable: bigint = partition.lagSource,
): PartitionLag {
  const { mirrorHighWatermark } = partition;
  if (lastStable < 0n || mirrorHighWatermark < 0n || !partition.headDone)
    return { messages: -1n, bytes: -1n, seconds: Number.NaN };
  // The mirror's end may have been read a moment later than the source's: not behind is 0, never negative.
  const messages = lastStable > mirrorHighWatermark ? lastStable - mirrorHighWatermark : 0n;
  if (messages === 0n) return { messages, bytes: 0n, seconds: 0 };
  const bytes =
    partition.bytesPerOffset > 0 ? BigInt(Math.round(Number(messages) * partition.bytesPerOffset)) : -1n;
  return { messages, bytes, seconds: secondsBehind(partition, nowMs) };
}

function secondsBehind(partition: MirrorPartition, nowMs: number): number {
  const { growth, mirrorHighWatermark } = partition;
  // The newest sample at or below the mirror's end: the next record appeared right after it.
  let low = 0;
  let high = growth.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((growth[middle] as { offset: bigint }).offset <= mirrorHighWatermark) low = middle + 1;
    else high = middle;
  }
  const sample = growth[low - 1];
  if (sample) return Math.max(0, (nowMs - sample.atMs) / 1000);
  // Older than what was watched: the record's own time, when it has been fetched.
  if (partition.oldestPendingTimestamp !== null && partition.oldestPendingTimestamp > 0n) {
    return Math.max(0, (nowMs - Number(partition.oldestPendingTimestamp)) / 1000);
  }
  return Number.NaN;
}

/** Forgets growth samples that the mirror has passed, but the newest of them. */
export function trimGrowth(partition: MirrorPartition): void {
  const { growth, mirrorHighWatermark } = partition;
  let passed = 0;
  while (
    passed + 1 < growth.length &&
    (growth[passed + 1] as { offset: bigint }).offset <= mirrorHighWatermark
  )
    passed++;
  if (passed > 0) growth.splice(0, passed);
}

/** Until when (ms) the source had nothing that the mirror doesn't hold now, by what was watched; null when that isn't known. */
export function heldUntil(partition: MirrorPartition): number | null {
  let until: number | null = null;
  for (const { offset, atMs } of partition.growth) {
    if (offset > partition.mirrorHighWatermark) break;
    until = atMs;
  }
  return until;
}
