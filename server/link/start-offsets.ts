// Where mirroring of each partition begins. Resolved once, stored, and never looked up again.
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { KafkaError } from '@/server/kafka/wire/errors';
import { endsOf, offsetsAt, placesOf } from './source-probe';

/** Where mirroring begins, per partition: the log start, the last stable offset, or the first record at or after a time. */
export async function resolveStarts(
  source: ClusterClient,
  topic: TopicMetadata,
  spec: string,
): Promise<Record<string, string>> {
  const places = placesOf(topic);
  const ends = await endsOf(source, places);
  const byTime =
    spec === 'earliest' || spec === 'latest'
      ? null
      : await offsetsAt(source, places, BigInt(Date.parse(spec)));
  const starts: Record<string, string> = {};
  for (const at of places) {
    const key = `${at.topic}-${at.partition}`;
    const end = ends.get(key);
    if (!end)
      throw new KafkaError(
        `the ends of ${at.topic} partition ${at.partition} on ${source.name} can't be read yet`,
        { retriable: true },
      );
    let start = end.start;
    if (spec === 'latest') start = end.lastStable;
    else if (byTime) {
      const found = byTime.get(key);
      if (found === undefined)
        throw new KafkaError(
          `${source.name} doesn't say which offset of ${at.topic} partition ${at.partition} stands at ${spec}`,
          { retriable: true },
        );
      start = found < 0n ? end.lastStable : found;
    }
    starts[String(at.partition)] = String(start);
  }
  return starts;
}

/** Partitions that came later are mirrored from their beginning. */
export function withNew(starts: Record<string, string>, topic: TopicMetadata): Record<string, string> {
  const all = { ...starts };
  for (const { partition } of topic.partitions) all[String(partition)] ??= '0';
  return all;
}
