// Single questions to a source leader outside the fetch session: ends, start points by time, and one fetch of one partition.
import { type FetchedPartition, type FetchRequest, fetch } from '@/server/kafka/wire/apis/fetch';
import {
  type ListedOffset,
  listOffsets,
  OFFSET_EARLIEST,
  OFFSET_LATEST,
  REPLICA_CONSUMER,
  REPLICA_DEBUG,
} from '@/server/kafka/wire/apis/list-offsets';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import type { Connection } from '@/server/kafka/wire/connection';
import { ProtocolError } from '@/server/kafka/wire/errors';

export type PartitionAt = {
  topic: string;
  topicId: string;
  partition: number;
  leader: number;
  leaderEpoch: number;
};
export type Ends = { start: bigint; lastStable: bigint; highWatermark: bigint };

export function placesOf(topic: TopicMetadata): PartitionAt[] {
  return topic.partitions.map((p) => ({
    topic: topic.name,
    topicId: topic.topicId,
    partition: p.partition,
    leader: p.leader,
    leaderEpoch: p.leaderEpoch,
  }));
}

/**
 * Start, last stable offset and high watermark of partitions, each from its leader. Partitions whose leader answers with an error are left out.
 * @returns by "topic-partition"
 */
export async function endsOf(client: ClusterClient, partitions: PartitionAt[]): Promise<Map<string, Ends>> {
  const ends = new Map<string, Ends>();
  await Promise.all(
    [...byLeader(partitions)].map(async ([leader, group]) => {
      if (leader < 0) return;
      const connection = await client.connection(leader, 'control');
      const [starts, stable, high] = await Promise.all([
        list(connection, group, OFFSET_EARLIEST, false),
        list(connection, group, OFFSET_LATEST, true),
        list(connection, group, OFFSET_LATEST, false),
      ]);
      for (const p of group) {
        const key = `${p.topic}-${p.partition}`;
        const [a, b, c] = [starts.get(key), stable.get(key), high.get(key)];
        if (!a || !b || !c || a.errorCode || b.errorCode || c.errorCode) continue;
        ends.set(key, { start: a.offset, lastStable: b.offset, highWatermark: c.offset });
      }
    }),
  );
  return ends;
}

/** End of the leader's log itself, which may be ahead of the high watermark; null when the leader doesn't say. */
export async function logEndOf(client: ClusterClient, at: PartitionAt): Promise<bigint | null> {
  const connection = await client.connection(at.leader, 'control');
  const partitions = [
    { partition: at.partition, currentLeaderEpoch: at.leaderEpoch, timestamp: OFFSET_LATEST },
  ];
  const [answer] = await connection.request(listOffsets, {
    replicaId: REPLICA_DEBUG,
    readCommitted: false,
    topics: [{ topic: at.topic, partitions }],
  });
  return answer?.errorCode === 0 ? answer.offset : null;
}

/** The same of many, by "topic-partition"; those whose leader answers with an error are left out. */
export async function logEndsOf(
  client: ClusterClient,
  partitions: PartitionAt[],
): Promise<Map<string, bigint>> {
  const ends = new Map<string, bigint>();
  await Promise.all(
    [...byLeader(partitions)].map(async ([leader, group]) => {
      if (leader < 0) return;
      const connection = await client.connection(leader, 'control');
      for (const [key, answer] of await list(connection, group, OFFSET_LATEST, false, REPLICA_DEBUG))
        if (answer.errorCode === 0) ends.set(key, answer.offset);
    }),
  );
  return ends;
}

/** First offset whose record is at or after `timeMs`; −1 when there is none. Errors leave a partition out. */
export async function offsetsAt(
  client: ClusterClient,
  partitions: PartitionAt[],
  timeMs: bigint,
): Promise<Map<string, bigint>> {
  const found = new Map<string, bigint>();
  for (const [leader, group] of byLeader(partitions)) {
    if (leader < 0) continue;
    const connection = await client.connection(leader, 'control');
    for (const [key, answer] of await list(connection, group, timeMs, true))
      if (answer.errorCode === 0) found.set(key, answer.offset);
  }
  return found;
}

async function list(
  connection: Connection,
  partitions: PartitionAt[],
  timestamp: bigint,
  readCommitted: boolean,
  replicaId: number = REPLICA_CONSUMER,
): Promise<Map<string, ListedOffset>> {
  const topics = new Map<
    string,
    { topic: string; partitions: { partition: number; currentLeaderEpoch: number; timestamp: bigint }[] }
  >();
  for (const p of partitions) {
    const entry = { partition: p.partition, currentLeaderEpoch: p.leaderEpoch, timestamp };
    const topic = topics.get(p.topic);
    if (topic) topic.partitions.push(entry);
    else topics.set(p.topic, { topic: p.topic, partitions: [entry] });
  }
  const answers = await connection.request(listOffsets, {
    replicaId,
    readCommitted,
    topics: [...topics.values()],
  });
  return new Map(answers.map((a) => [`${a.topic}-${a.partition}`, a]));
}

function byLeader(partitions: PartitionAt[]): Map<number, PartitionAt[]> {
  const leaders = new Map<number, PartitionAt[]>();
  for (const p of partitions) {
    const group = leaders.get(p.leader);
    if (group) group.push(p);
    else leaders.set(p.leader, [p]);
  }
  return leaders;
}

/**
 * Fetches one partition from its leader, at least one batch if there is one. The records are the caller's to keep: control connections have no slabs.
 * @throws ProtocolError for an error of the partition
 */
export async function fetchOne(
  client: ClusterClient,
  at: PartitionAt,
  offset: bigint,
  options: { readCommitted?: boolean; maxBytes?: number } = {},
): Promise<FetchedPartition> {
  const connection = await client.connection(at.leader, 'control');
  const maxBytes = options.maxBytes ?? 65_536;
  const request: FetchRequest = {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes,
    readCommitted: options.readCommitted ?? true,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic: at.topic,
        topicId: at.topicId,
        partitions: [
          {
            partition: at.partition,
            currentLeaderEpoch: at.leaderEpoch,
            fetchOffset: offset,
            lastFetchedEpoch: -1,
            maxBytes,
          },
        ],
      },
    ],
    forgotten: [],
    rack: '',
  };
  let response = await connection.request(fetch, request);
  // A quota answers with nothing at all, and reads the next question later.
  while (response.throttleMs > 0 && response.topics.length === 0 && response.errorCode === 0)
    response = await connection.request(fetch, request);
  if (response.errorCode !== 0) throw new ProtocolError(response.errorCode, connection.where, 'Fetch');
  const fetched = response.topics[0]?.partitions[0];
  if (!fetched)
    throw new ProtocolError(-1, connection.where, 'Fetch', 'the partition is missing from the answer');
  if (fetched.errorCode !== 0) {
    throw new ProtocolError(
      fetched.errorCode,
      connection.where,
      'Fetch',
      `${at.topic} partition ${at.partition} at ${offset}`,
    );
  }
  return fetched;
}
