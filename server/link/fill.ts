// One fill of one partition on its way: what is promised while it is in flight, and what it means for the partition when it is there.
import { ErrorCode, errorName } from '@/server/kafka/wire/errors';
import { RETRY_MS } from './defaults';
import type { FillStep, MirrorPartition } from './partition';

/**
 * MARKERS: under the link's own producer id, with a right on the cluster. TRANSACTIONS: by empty transactions under ids of their own, slower, without that right.
 * Both append one control batch for each offset.
 */
export type FillWay = 'MARKERS' | 'TRANSACTIONS';

export type Fill = {
  partition: MirrorPartition;
  generation: number;
  from: bigint;
  count: number;
  producerId: bigint;
  epoch: number;
};

/** Takes up to `limit` offsets of the partition's next step, and marks them as in flight. */
export function beginFill(partition: MirrorPartition, limit: number): Fill {
  const step = partition.peek() as FillStep;
  const count = step.count > BigInt(limit) ? limit : Number(step.count);
  partition.filling = true;
  partition.outstanding++;
  partition.sent = partition.acked + BigInt(count);
  return {
    partition,
    generation: partition.generation,
    from: partition.acked,
    count,
    producerId: partition.producerId,
    epoch: partition.targetEpoch,
  };
}

/** Its fate is known. @returns false when the partition has begun another life meanwhile */
export function settleFill({ partition, generation }: Fill): boolean {
  partition.outstanding--;
  if (partition.generation !== generation) return false;
  partition.filling = false;
  return true;
}

/** Nothing of it was appended: the step waits as before. */
export function undoFill({ partition, from }: Fill): void {
  partition.sent = from;
}

/** The log ends where it should. @returns whether the step is done */
export function acceptFill(fill: Fill, way: FillWay): boolean {
  const { partition } = fill;
  const filled = BigInt(fill.count);
  partition.acked = fill.from + filled;
  partition.sent = partition.acked;
  partition.fillMarkers += filled;
  partition.recoveryFailures = 0;
  partition.progressAtMs = performance.now();
  // A transaction's marker belongs to another producer id: it says nothing of our sequence, and fences nothing.
  if (way === 'MARKERS') takeIdentity(fill);
  const step = partition.peek();
  // The queue may have been dropped meanwhile, by a pause.
  if (step?.kind !== 'fill' || step.baseOffset !== fill.from) return false;
  step.baseOffset += filled;
  step.count -= filled;
  if (step.count > 0n) return false;
  partition.dequeue();
  return true;
}

function takeIdentity({ partition, epoch }: Fill): void {
  // A marker of a newer epoch begins a new sequence; of the same epoch, the sequence goes on behind it.
  if (partition.epoch !== epoch || !partition.listed) {
    partition.epoch = epoch;
    partition.sequence = 0;
    partition.listed = true;
  }
  // Markers carry the destination's clock.
  partition.newestTimestamp = BigInt(Date.now());
  partition.alone = false;
  partition.unsafeUntilMs = 0;
}

/** What a partition says that waits for a right without which its gaps can't be filled. */
export function missingFillRight(partition: MirrorPartition, code: number, transactionalId: string): string {
  const place = `${partition.topic} partition ${partition.index} at offset ${partition.acked}`;
  const again = `tried again every ${RETRY_MS / 1000} s.`;
  if (code === ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    return `${place}: the link's principal may not write (${errorName(code)}). Grant WRITE on the topic; ${again}`;
  const prefix = `${transactionalId}-fill-`;
  return (
    `${place}: the link's principal may neither write transaction markers nor use the transactional ids ${prefix}… that fill without them (${errorName(code)}). ` +
    `Grant ALTER on the cluster, or WRITE on transactional ids with the prefix ${prefix}; ${again}`
  );
}
