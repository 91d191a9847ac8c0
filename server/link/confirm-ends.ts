// The look before a fill: may something be appended behind these logs' ends that has no sequence number to protect it?
import { REPLICA_CONSUMER, REPLICA_DEBUG } from '@/server/kafka/wire/apis/list-offsets';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode, errorName } from '@/server/kafka/wire/errors';
import { mirrorEnds } from './mirror-ends';
import type { MirrorPartition } from './partition';

export type ConfirmedEnds = {
  ready: MirrorPartition[];
  /** Some logs are not yet on all replicas in sync. */
  unsafe: boolean;
  /** Why a partition isn't where it is believed to be: recovery decides whether that was a leader change, an older request of ours, or somebody else. */
  wrong: Map<MirrorPartition, string>;
};

/** Its next step is a fill, and nothing of it is in flight. */
export function fillable(partition: MirrorPartition): boolean {
  return partition.peek()?.kind === 'fill' && partition.mode === 'RUNNING' && partition.outstanding === 0;
}

/**
 * Only where the log ends at the planned offset, and all of it is safe: a leader change must not move what a marker lands behind.
 * Partitions that changed meanwhile are left out.
 */
export async function confirmEnds(
  connection: Connection,
  partitions: MirrorPartition[],
): Promise<ConfirmedEnds> {
  const generations = new Map(partitions.map((p) => [p, p.generation]));
  const [ends, safe] = await Promise.all([
    mirrorEnds(connection, partitions, REPLICA_DEBUG),
    mirrorEnds(connection, partitions, REPLICA_CONSUMER),
  ]);
  const confirmed: ConfirmedEnds = { ready: [], unsafe: false, wrong: new Map() };
  for (const partition of partitions) {
    if (generations.get(partition) !== partition.generation || !fillable(partition)) continue;
    const end = ends.get(partition);
    const highWatermark = safe.get(partition);
    const code = end?.errorCode || highWatermark?.errorCode;
    if (!end || !highWatermark || code) {
      const error = errorName(code || ErrorCode.NOT_LEADER_OR_FOLLOWER);
      confirmed.wrong.set(partition, `ListOffsets: ${error}`);
    } else if (end.offset !== partition.acked) {
      confirmed.wrong.set(partition, `the mirror ends at ${end.offset}, not at ${partition.acked}`);
    } else if (highWatermark.offset < end.offset) {
      confirmed.unsafe = true;
    } else confirmed.ready.push(partition);
  }
  return confirmed;
}
