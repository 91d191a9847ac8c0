// Which groups have committed offsets of which topic, in a sweep. Pure.
import type { ClusterSweep } from '../sweep';
import { oncePerSweep } from './rows';

/** Place of the topic → places of groups. */
export const groupsOfTopics = oncePerSweep((sweep: ClusterSweep): ReadonlyMap<number, number[]> => {
  const found = new Map<number, number[]>();
  for (let index = 0; index < (sweep.groups?.length ?? 0); index++)
    for (const topic of topicsOf(sweep, index)) {
      const groups = found.get(topic);
      if (groups) groups.push(index);
      else found.set(topic, [index]);
    }
  return found;
});

/** Places of the topics that a group has committed offsets of, rising. */
export function topicsOf(sweep: ClusterSweep, group: number): number[] {
  const topics: number[] = [];
  for (const at of sweep.groups?.[group]?.commits?.at ?? []) {
    const topic = sweep.partitions.topic[at] as number;
    if (topics.at(-1) !== topic) topics.push(topic);
  }
  return topics;
}
