// Appends by the wire client what Kafka's own clients can't: batches of many empty records, bare transaction markers. Only tests import it.
import type { KafkaCluster } from '@/harness/cluster';
import { clusterConfig } from '@/lib/contracts/cluster';
import { clientFor } from '@/server/kafka/security';
import { produce } from '@/server/kafka/wire/apis/produce';
import { initProducerId } from '@/server/kafka/wire/apis/producer-id';
import { writeTxnMarkers } from '@/server/kafka/wire/apis/write-txn-markers';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { Codec } from '@/server/kafka/wire/compression';
import { buildFiller, restamp } from '@/server/kafka/wire/record-batch';

/** Appends `count` empty records to partition 0, `batchRecords` of them in a batch. */
export async function appendFillers(
  cluster: KafkaCluster,
  topic: string,
  count: number,
  batchRecords: number,
): Promise<void> {
  await withLeader(cluster, topic, async (client, leader) => {
    const connection = await client.connection(leader, 'produce');
    for (let left = count; left > 0; left -= batchRecords) {
      const records = buildFiller(Math.min(left, batchRecords), BigInt(Date.now()), Codec.ZSTD);
      restamp(records, -1n, -1, -1);
      const topics = [{ topic, partitions: [{ partition: 0, records }] }];
      const [answer] = await connection.request(produce, { acks: -1, timeoutMs: 30_000, topics });
      if (answer?.errorCode !== 0) throw new Error(`${topic}: fillers were refused (${answer?.errorCode})`);
    }
  });
}

/** Appends `count` markers of a producer of its own to partition 0. */
export async function appendMarkers(cluster: KafkaCluster, topic: string, count: number): Promise<void> {
  await withLeader(cluster, topic, async (client, leader) => {
    const transactionalId = `markers-${topic}`;
    const coordinator = await client.connection(
      await client.transactionCoordinator(transactionalId),
      'control',
    );
    const { producerId, producerEpoch } = await coordinator.request(initProducerId, {
      transactionalId,
      transactionTimeoutMs: 10_000,
    });
    const connection = await client.connection(leader, 'markers');
    const topics = [{ topic, partitions: [0] }];
    const marker = { producerId, producerEpoch, commit: false, coordinatorEpoch: 0, topics };
    const answers = await connection.request(writeTxnMarkers, { markers: Array(count).fill(marker) });
    const refused = answers.find((answer) => answer.errorCode !== 0);
    if (refused) throw new Error(`${topic}: markers were refused (${refused.errorCode})`);
  });
}

async function withLeader(
  cluster: KafkaCluster,
  topic: string,
  work: (client: ClusterClient, leader: number) => Promise<void>,
): Promise<void> {
  const client = clientFor(
    clusterConfig.parse({ name: cluster.name, bootstrapServers: cluster.bootstrap.split(',') }),
    'fillers',
  );
  try {
    const { topics } = await client.metadata([topic]);
    await work(client, topics[0]?.partitions[0]?.leader ?? -1);
  } finally {
    client.close();
  }
}
