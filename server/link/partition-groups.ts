// Partitions in groups: by topic, as Kafka's requests have them, or by anything else.
import type { MirrorPartition } from './partition';

export function groupByTopic<T>(
  partitions: Iterable<MirrorPartition>,
  entry: (partition: MirrorPartition) => T,
): { topic: string; partitions: T[] }[] {
  const topics = new Map<string, { topic: string; partitions: T[] }>();
  for (const partition of partitions) {
    const topic = topics.get(partition.topic);
    if (topic) topic.partitions.push(entry(partition));
    else topics.set(partition.topic, { topic: partition.topic, partitions: [entry(partition)] });
  }
  return [...topics.values()];
}

export function groupBy<K>(
  partitions: Iterable<MirrorPartition>,
  keyOf: (partition: MirrorPartition) => K,
): Map<K, MirrorPartition[]> {
  const groups = new Map<K, MirrorPartition[]>();
  for (const partition of partitions) {
    const key = keyOf(partition);
    const group = groups.get(key);
    if (group) group.push(partition);
    else groups.set(key, [partition]);
  }
  return groups;
}
