// Where mirror partitions of one destination broker end, as their leader says.
import {
  type ListedOffset,
  listOffsets,
  OFFSET_LATEST,
  type REPLICA_CONSUMER,
  type REPLICA_DEBUG,
} from '@/server/kafka/wire/apis/list-offsets';
import type { Connection } from '@/server/kafka/wire/connection';
import type { MirrorPartition } from './partition';
import { groupByTopic } from './partition-groups';

export type MirrorEnds = Map<MirrorPartition, ListedOffset>;

/** @param replicaId REPLICA_DEBUG for the log's own end, REPLICA_CONSUMER for the high watermark. Partitions that the leader leaves out are missing. */
export async function mirrorEnds(
  connection: Connection,
  partitions: MirrorPartition[],
  replicaId: typeof REPLICA_DEBUG | typeof REPLICA_CONSUMER,
): Promise<MirrorEnds> {
  if (partitions.length === 0) return new Map();
  const topics = groupByTopic(partitions, (p) => ({
    partition: p.index,
    currentLeaderEpoch: p.mirrorLeaderEpoch,
    timestamp: OFFSET_LATEST,
  }));
  const answers = await connection.request(listOffsets, { replicaId, readCommitted: false, topics });
  const byName = new Map(answers.map((a) => [`${a.topic}-${a.partition}`, a]));
  const found: MirrorEnds = new Map();
  for (const partition of partitions) {
    const answer = byName.get(partition.name);
    if (answer) found.set(partition, answer);
  }
  return found;
}
