// Partitions in the shape that Kafka's requests have: grouped by topic.
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
