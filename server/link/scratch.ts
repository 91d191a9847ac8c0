// Runs what mirroring does on a scratch topic of the destination: append, marker, append, DeleteRecords, and compares each offset with the plan.
import { randomBytes } from 'node:crypto';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { ClusterAdmin } from '@/server/kafka/admin';
import { clientFor } from '@/server/kafka/security';
import { deleteRecords } from '@/server/kafka/wire/apis/delete-records';
import {
  listOffsets,
  OFFSET_EARLIEST,
  OFFSET_LATEST,
  REPLICA_CONSUMER,
  REPLICA_DEBUG,
} from '@/server/kafka/wire/apis/list-offsets';
import { produce } from '@/server/kafka/wire/apis/produce';
import { initProducerId } from '@/server/kafka/wire/apis/producer-id';
import { writeTxnMarkers } from '@/server/kafka/wire/apis/write-txn-markers';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { Codec } from '@/server/kafka/wire/compression';
import type { Connection } from '@/server/kafka/wire/connection';
import { errorName } from '@/server/kafka/wire/errors';
import { buildFiller, restamp } from '@/server/kafka/wire/record-batch';

const CLIENT_ID = 'landbridge-check';

/** @returns what was seen. @throws Error that names the call that failed, and the right it needs */
export async function runScratchSequence(cluster: ClusterConfig, linkName: string): Promise<string> {
  const topic = `landbridge-check-${randomBytes(6).toString('hex')}`;
  const client = clientFor(cluster, CLIENT_ID);
  const admin = new ClusterAdmin(cluster, CLIENT_ID);
  let created = false;
  try {
    await admin.createTopic({
      topic,
      partitions: 1,
      replicationFactor: null,
      configs: { 'retention.ms': '-1', 'min.insync.replicas': '1' },
    });
    created = true;
    const connection = await leaderOf(client, topic);
    const producer = await producerFor(client, `landbridge-${linkName}-check`);
    await append(connection, topic, producer, 0, 0n);
    const markersMs = await mark(connection, topic, producer);
    await append(connection, topic, producer, 1, 2n);
    await trim(connection, topic);
    return `On a scratch topic: append, transaction marker (${markersMs.toFixed(1)} ms), append and DeleteRecords came out at the planned offsets.`;
  } finally {
    if (created) await admin.deleteTopic(topic).catch(() => {});
    await admin.close();
    client.close();
  }
}

async function leaderOf(client: ClusterClient, topic: string): Promise<Connection> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { topics } = await client.metadata([topic]);
    const leader = topics[0]?.partitions[0]?.leader ?? -1;
    if (leader >= 0) return client.connection(leader, 'control');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(
    `The scratch topic ${topic} got no leader within 5 s. Is a broker of ${client.name} overloaded?`,
  );
}

type Producer = { producerId: bigint; producerEpoch: number };

async function producerFor(client: ClusterClient, transactionalId: string): Promise<Producer> {
  for (let attempt = 0; ; attempt++) {
    try {
      const connection = await client.connection(
        await client.transactionCoordinator(transactionalId),
        'control',
      );
      const answer = await connection.request(initProducerId, {
        transactionalId,
        transactionTimeoutMs: 60_000,
      });
      if (answer.errorCode === 0) return answer;
      if (attempt > 50)
        throw new Error(
          `InitProducerId: ${errorName(answer.errorCode)}. The link needs WRITE on the transactional id ${transactionalId}.`,
        );
    } catch (error) {
      // The first use of transactions on a cluster creates their topic.
      if (attempt > 50) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function append(
  connection: Connection,
  topic: string,
  producer: Producer,
  sequence: number,
  expected: bigint,
): Promise<void> {
  const records = buildFiller(1, BigInt(Date.now()), Codec.NONE);
  restamp(records, producer.producerId, producer.producerEpoch, sequence);
  const [answer] = await connection.request(produce, {
    acks: -1,
    timeoutMs: 10_000,
    topics: [{ topic, partitions: [{ partition: 0, records }] }],
  });
  if (answer?.errorCode !== 0) {
    throw new Error(
      `Appending to the scratch topic: ${errorName(answer?.errorCode ?? -1)}. The link needs WRITE on its mirror topics.`,
    );
  }
  if (answer.baseOffset !== expected)
    throw new Error(
      `The broker appended at offset ${answer.baseOffset} instead of ${expected}: it does not keep the order that mirroring relies on.`,
    );
}

async function mark(connection: Connection, topic: string, producer: Producer): Promise<number> {
  const began = performance.now();
  const answers = await connection.request(writeTxnMarkers, {
    markers: [{ ...producer, commit: false, coordinatorEpoch: 0, topics: [{ topic, partitions: [0] }] }],
  });
  const failed = answers.find((a) => a.errorCode !== 0);
  if (failed)
    throw new Error(
      `Writing a transaction marker: ${errorName(failed.errorCode)}. The link needs ALTER (Kafka 3.9 and newer) or CLUSTER_ACTION on the cluster.`,
    );
  const end = await offsetOf(connection, topic, OFFSET_LATEST, REPLICA_DEBUG);
  if (end !== 2n) throw new Error(`After one record and one marker the log ends at ${end} instead of 2.`);
  return performance.now() - began;
}

async function trim(connection: Connection, topic: string): Promise<void> {
  const [answer] = await connection.request(deleteRecords, {
    topics: [{ topic, partitions: [{ partition: 0, offset: 1n }] }],
    timeoutMs: 10_000,
  });
  if (answer?.errorCode !== 0)
    throw new Error(
      `DeleteRecords: ${errorName(answer?.errorCode ?? -1)}. The link needs DELETE on its mirror topics.`,
    );
  const start = await offsetOf(connection, topic, OFFSET_EARLIEST, REPLICA_CONSUMER);
  if (start !== 1n) throw new Error(`After DeleteRecords up to 1 the log begins at ${start}.`);
}

async function offsetOf(
  connection: Connection,
  topic: string,
  timestamp: bigint,
  replicaId: number,
): Promise<bigint> {
  const [answer] = await connection.request(listOffsets, {
    replicaId,
    readCommitted: false,
    topics: [{ topic, partitions: [{ partition: 0, currentLeaderEpoch: -1, timestamp }] }],
  });
  if (answer?.errorCode !== 0) throw new Error(`ListOffsets: ${errorName(answer?.errorCode ?? -1)}.`);
  return answer.offset;
}
