// The single calls of the scratch sequence. Each tells a missing right (Refused) from everything else that can go wrong.
import type { FillCheck } from '@/lib/contracts/rights';
import { deleteRecords } from '@/server/kafka/wire/apis/delete-records';
import { describeProducers } from '@/server/kafka/wire/apis/describe-producers';
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
import { ErrorCode, errorName, ProtocolError } from '@/server/kafka/wire/errors';
import { buildFiller, restamp } from '@/server/kafka/wire/record-batch';

const MARKERS_MEASURED = 50;

/** The principal lacks the right for this step. */
export class Refused extends Error {}

export function isRefusal(error: unknown): boolean {
  if (error instanceof Refused) return true;
  if (error instanceof ProtocolError) return error.code === ErrorCode.TOPIC_AUTHORIZATION_FAILED;
  // kafkajs has its own errors; ClusterAdmin keeps their names in the message.
  return /(TOPIC|CLUSTER)_AUTHORIZATION_FAILED/.test((error as Error).message);
}

/** @throws Refused for a missing right, Error for everything else */
function require0(code: number | undefined, what: string): void {
  if (code === 0) return;
  const message = `${what}: ${errorName(code ?? -1)}.`;
  throw code === ErrorCode.TOPIC_AUTHORIZATION_FAILED ? new Refused(message) : new Error(message);
}

export async function leaderOf(client: ClusterClient, topic: string): Promise<Connection> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { topics } = await client.metadata([topic]);
    // Just created, it may not be known there yet; hidden it stays.
    if (topics[0]?.errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED)
      require0(topics[0].errorCode, 'Seeing the scratch topic');
    const leader = topics[0]?.partitions[0]?.leader ?? -1;
    if (leader >= 0) return client.connection(leader, 'control');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(
    `The scratch topic ${topic} got no leader within 5 s. Is a broker of ${client.name} overloaded?`,
  );
}

export type Producer = { producerId: bigint; producerEpoch: number };

export async function producerFor(client: ClusterClient, transactionalId: string): Promise<Producer> {
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
      throw new ProtocolError(answer.errorCode, connection.where, 'InitProducerId', transactionalId);
    } catch (error) {
      const denied =
        error instanceof ProtocolError && error.code === ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
      // The first use of transactions on a cluster creates their topic.
      if (denied || attempt > 50) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function append(
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
  require0(answer?.errorCode, 'Appending to the scratch topic');
  if (answer?.baseOffset !== expected)
    throw new Error(
      `The broker appended at offset ${answer?.baseOffset} instead of ${expected}: it does not keep the order that mirroring relies on.`,
    );
}

export async function read(connection: Connection, topic: string): Promise<void> {
  const [answer] = await connection.request(describeProducers, { topics: [{ topic, partitions: [0] }] });
  require0(answer?.errorCode, 'DescribeProducers');
}

/** One marker, then many at once: each must be one offset. */
export async function mark(connection: Connection, topic: string, producer: Producer): Promise<FillCheck> {
  const entry = { ...producer, commit: false, coordinatorEpoch: 0, topics: [{ topic, partitions: [0] }] };
  let end = await offsetOf(connection, topic, OFFSET_LATEST, REPLICA_DEBUG);
  const write = async (count: number): Promise<number> => {
    const beganMs = performance.now();
    const answers = await connection.request(writeTxnMarkers, { markers: Array(count).fill(entry) });
    const tookMs = performance.now() - beganMs;
    const failed = answers.find((a) => a.errorCode !== 0);
    if (failed) throw new Error(`Writing transaction markers: ${errorName(failed.errorCode)}.`);
    const now = await offsetOf(connection, topic, OFFSET_LATEST, REPLICA_DEBUG);
    if (now !== end + BigInt(count))
      throw new Error(
        `After ${count} transaction markers the log ends at ${now} instead of ${end + BigInt(count)}.`,
      );
    end = now;
    return tookMs;
  };
  const oneMs = await write(1);
  const manyMs = await write(MARKERS_MEASURED);
  return {
    way: 'MARKERS',
    gapsPerSecond: 1_000 / oneMs,
    offsetsPerSecond: (1_000 * MARKERS_MEASURED) / manyMs,
  };
}

export async function trim(connection: Connection, topic: string): Promise<void> {
  const [answer] = await connection.request(deleteRecords, {
    topics: [{ topic, partitions: [{ partition: 0, offset: 1n }] }],
    timeoutMs: 10_000,
  });
  require0(answer?.errorCode, 'DeleteRecords');
  const start = await offsetOf(connection, topic, OFFSET_EARLIEST, REPLICA_CONSUMER);
  if (start !== 1n) throw new Error(`After DeleteRecords up to 1 the log begins at ${start}.`);
}

export async function offsetOf(
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
  require0(answer?.errorCode, 'ListOffsets');
  return answer?.offset ?? -1n;
}
