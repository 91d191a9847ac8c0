// Takes the partitions of a mirror out of mirroring, and puts them back. What is in flight is left to settle.
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';

export function stopFetching(core: LinkCore, topic: MirrorTopic): void {
  for (const partition of topic.partitions) {
    if (partition.mode !== 'ENDING') {
      core.context.forgetRecovery(partition);
      // Whatever looks for its place just now must not set it going again.
      partition.generation++;
      partition.dropQueue();
      partition.failedBefore = partition.mode === 'FAILED';
      partition.mode = 'ENDING';
    }
    core.context.stopFetching(partition);
    core.context.stopWriting(partition);
  }
}

/** The operation has come to nothing: mirroring goes on where it was, and what had failed stays failed for its reason. */
export function fetchAgain(core: LinkCore, topic: MirrorTopic): void {
  // Made for this operation, without knowledge of the source: the set-up makes them as they must be.
  if (topic.phase === 'NEW') topic.partitions = [];
  for (const partition of topic.partitions) {
    if (partition.mode !== 'ENDING') continue;
    partition.mode = partition.failedBefore ? 'FAILED' : 'STOPPED';
    if (partition.sourceLeader >= 0) core.context.startFetching(partition);
    if (partition.failedBefore) continue;
    if (!core.paused && !topic.halted && core.fatal === null) core.context.recover(partition, 'resumed');
  }
  core.context.refreshMetadata();
}
