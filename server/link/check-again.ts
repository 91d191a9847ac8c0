// Lets what has failed of a mirror be looked at again, as a start would: what the cause was may have been mended. Nothing is believed; whatever still
// stands fails it again.
import type { CheckedAgain } from '@/lib/contracts/repair';
import type { LinkCore } from './link-core';
import type { MirrorTopic } from './mirror-topic';
import { tryAgain } from './try-again';
import { dropPartitions } from './wish';

/** @throws Error when there is nothing that has failed */
export function checkAgain(core: LinkCore, name: string): CheckedAgain {
  const topic = core.topics.get(name);
  if (!topic) throw new Error(`${name} is not a mirror that this link works on`);
  if (core.fatal) throw new Error(core.fatal);
  if (topic.ending || topic.remaking) throw new Error(`An operation on ${name} is under way`);
  if (topic.phase === 'FAILED') {
    setUpAgain(core, topic);
    return { topic: true, partitions: [], kept: [] };
  }
  const partitions: number[] = [];
  const kept: CheckedAgain['kept'] = [];
  for (const partition of topic.partitions) {
    if (partition.mode !== 'FAILED') continue;
    const differs = core.differs(partition);
    if (differs)
      kept.push({
        partition: partition.index,
        why: `${differs.message} Verification has found that: only a sweep that finds both sides equal takes it back.`,
      });
    else {
      tryAgain(core, topic, partition);
      partitions.push(partition.index);
    }
  }
  if (partitions.length === 0 && kept.length === 0) throw new Error(`Nothing of ${name} has failed`);
  return { topic: false, partitions, kept };
}

/** What is known of both topics stays: another topic under either name is refused as before. */
function setUpAgain(core: LinkCore, topic: MirrorTopic): void {
  dropPartitions(core, topic);
  topic.partitions = [];
  topic.phase = 'NEW';
  topic.error = 'NO_ERROR';
  topic.message = null;
  topic.missingLooks = 0;
  topic.mirrorMissingLooks = 0;
  topic.setUpNotBeforeMs = 0;
  core.context.refreshMetadata();
  core.context.stateChanged();
}
