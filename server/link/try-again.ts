// Sets a partition that has failed going again, and says whether somebody has accepted what it has failed for. What it finds decides, as at a start.
import type { LinkCore } from './link-core';
import type { MirrorTopic } from './mirror-topic';
import type { MirrorPartition } from './partition';

/** From the last known place, as after a pause. */
export function tryAgain(core: LinkCore, topic: MirrorTopic, partition: MirrorPartition): void {
  partition.error = 'NO_ERROR';
  partition.message = null;
  partition.lost = null;
  partition.divergenceSeen = 0;
  partition.mode = 'STOPPED';
  if (!core.paused && !topic.desired.paused) core.context.recover(partition, 'resumed');
}

/** Somebody has accepted just this range as lost: no more than what the source lacks now, and no less. */
export function isAccepted(topic: MirrorTopic, partition: MirrorPartition, to: bigint): boolean {
  return (topic.desired.acceptedLosses ?? []).some(
    (loss) =>
      loss.partition === partition.index && BigInt(loss.from) <= partition.acked && BigInt(loss.to) === to,
  );
}
