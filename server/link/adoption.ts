// Takes an existing topic of the destination over as a mirror, or refuses to. Reads both sides; changes nothing.
import type { DesiredMirror } from '@/lib/contracts/engine';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { KafkaError } from '@/server/kafka/wire/errors';
import { MirrorRefused } from './mirror-refused';
import { endsOf, type PartitionAt, placesOf } from './source-probe';
import { comparePrefix } from './tail-check';

type Sides = { source: ClusterClient; destination: ClusterClient };

/**
 * An existing topic is taken over only when it's empty, or when reading it shows that it already is an exact prefix of the source.
 * @returns where its partitions begin, as far as they hold records: those stay, wherever mirroring was asked to start
 */
export async function adopt(
  sides: Sides,
  mirror: DesiredMirror,
  sourceTopic: TopicMetadata,
  destinationTopic: TopicMetadata,
  compacted: boolean,
): Promise<Record<string, string>> {
  const starts: Record<string, string> = {};
  if (destinationTopic.partitions.length > sourceTopic.partitions.length)
    refuseMorePartitions(sides, mirror, sourceTopic, destinationTopic);
  const ends = await endsOf(sides.destination, placesOf(destinationTopic));
  const sourceEnds = await endsOf(sides.source, placesOf(sourceTopic));
  for (const at of placesOf(destinationTopic)) {
    const there = ends.get(`${at.topic}-${at.partition}`);
    const here = sourceEnds.get(`${sourceTopic.name}-${at.partition}`);
    if (!there || !here)
      throw new KafkaError(`the ends of ${mirror.topic} partition ${at.partition} can't be read yet`, {
        retriable: true,
      });
    if (there.highWatermark === 0n) continue;
    const refuse = (why: string) =>
      new MirrorRefused(
        'ILLEGAL_STATE',
        `${mirror.topic} already exists on ${sides.destination.name} and is not an exact prefix of the source: partition ${at.partition}, ${why}. Choose another name, or delete that topic first.`,
      );
    if (there.highWatermark > here.highWatermark)
      throw refuse(`it ends at ${there.highWatermark}, the source at ${here.highWatermark}`);
    const from = placesOf(sourceTopic).find((p) => p.partition === at.partition) as PartitionAt;
    const verdict = await comparePrefix(
      { client: sides.source, at: from },
      { client: sides.destination, at },
      there.start,
      there.highWatermark,
      here.start,
      compacted,
    );
    if (!verdict.equal) throw refuse(`offset ${verdict.offset}: ${verdict.message}`);
    if (there.start === there.highWatermark) continue;
    // What the source has deleted can't be compared, and would be deleted here: only what overlaps proves anything.
    if (verdict.checkedOffset === null && there.start < here.start)
      throw refuse(
        `it holds offsets ${there.start} to ${there.highWatermark - 1n}, of which the source has none any more to compare`,
      );
    starts[String(at.partition)] = String(there.start);
  }
  return starts;
}

export function refuseMorePartitions(
  sides: Sides,
  mirror: DesiredMirror,
  sourceTopic: TopicMetadata,
  destinationTopic: TopicMetadata,
): never {
  throw new MirrorRefused(
    'ILLEGAL_STATE',
    `${mirror.topic} has ${destinationTopic.partitions.length} partitions on ${sides.destination.name}, the source ${sourceTopic.name} has ${sourceTopic.partitions.length}: a mirror has the same number.`,
  );
}
