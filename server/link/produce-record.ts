// Appends a single record to a topic, acknowledged by all replicas in sync. For the server's own few records; mirrored ones take another way.
import type { EngineRequest } from '@/lib/contracts/engine';
import { clientFor } from '@/server/kafka/security';
import { produce } from '@/server/kafka/wire/apis/produce';
import { KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { buildRecord } from '@/server/kafka/wire/record-batch';

const PRODUCE_TIMEOUT_MS = 10_000;
const PARTITION = 0;

type Request = Extract<EngineRequest, { op: 'produceRecord' }>;

/** @throws KafkaError naming the topic, and ProtocolError with the broker's reason */
export async function produceRecord({ cluster, topic, key, value }: Request): Promise<{ offset: string }> {
  const client = clientFor(cluster, 'landbridge-anchor');
  try {
    const { topics } = await client.metadata([topic]);
    const leader = topics[0]?.partitions.find(({ partition }) => partition === PARTITION)?.leader ?? -1;
    if (leader < 0) {
      throw new KafkaError(
        `${topic} on ${cluster.name} does not exist, or partition ${PARTITION} has no leader. Create the topic, or correct its name.`,
        { retriable: true },
      );
    }
    const connection = await client.connection(leader, 'control');
    const records = buildRecord(Buffer.from(key), Buffer.from(value), BigInt(Date.now()));
    const [answer] = await connection.request(produce, {
      acks: -1,
      timeoutMs: PRODUCE_TIMEOUT_MS,
      topics: [{ topic, partitions: [{ partition: PARTITION, records }] }],
    });
    if (answer?.errorCode !== 0)
      throw new ProtocolError(answer?.errorCode ?? -1, connection.where, 'Produce', topic);
    return { offset: String(answer.baseOffset) };
  } finally {
    client.close();
  }
}
