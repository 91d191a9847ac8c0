// A cluster with very many partitions for benchmarks: each with records, and groups that are behind everywhere. Knows nothing of what is measured on it.
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { z } from 'zod';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { commitOffsets, coordinatorsOf } from '@/server/kafka/groups';
import { clientFor } from '@/server/kafka/security';
import { ClusterSweeper } from '@/server/metrics/collector/sweeper';
import { progress } from './progress';

const whole = z.coerce.number().int().positive();
export const clusterSize = z.object({
  partitions: whole.default(40_000),
  groups: whole.default(2_000),
  /** Partitions that each group has committed. */
  commits: whole.default(100),
  /** In each partition; groups have read one of them. */
  records: whole.default(5),
});
export type ClusterSize = z.infer<typeof clusterSize>;

const PARTITIONS_A_TOPIC = 40;
const SWEEP_INTERVAL_MS = 10_000;
const topicName = (t: number) => `topic-${String(t).padStart(4, '0')}`;

/** Makes all of it on a cluster that is empty. */
export async function fillCluster(
  bootstrap: string,
  config: ClusterConfig,
  size: ClusterSize,
): Promise<void> {
  await createTopics(bootstrap, size);
  await allLed(config, size);
  await fill(bootstrap, size);
  await commit(config, size);
}

const kafkaAt = (bootstrap: string) =>
  new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING, requestTimeout: 120_000 });

async function createTopics(bootstrap: string, { partitions }: ClusterSize): Promise<void> {
  const kafka = kafkaAt(bootstrap);
  const topics = Math.ceil(partitions / PARTITIONS_A_TOPIC);
  const admin = kafka.admin();
  await admin.connect();
  for (let from = 0; from < topics; from += 25) {
    const some = Array.from({ length: Math.min(25, topics - from) }, (_, i) => ({
      ...{ topic: topicName(from + i), numPartitions: PARTITIONS_A_TOPIC, replicationFactor: 1 },
    }));
    await admin.createTopics({ topics: some, waitForLeaders: false, timeout: 120_000 });
    if (from % 250 === 0) progress(`${from} of ${topics} topics`);
  }
  await admin.disconnect();
}

/** Leaders of new partitions do not answer at once. */
async function allLed(config: ClusterConfig, { partitions }: ClusterSize): Promise<void> {
  const sweeper = new ClusterSweeper(config, () => {});
  for (;;) {
    await sweeper.sweep(SWEEP_INTERVAL_MS);
    if (sweeper.last?.complete && sweeper.last.partitions.leader.length >= partitions) break;
    await sleep(1_000);
  }
  sweeper.close();
  progress('all partitions have leaders');
}

async function fill(bootstrap: string, { partitions, records }: ClusterSize): Promise<void> {
  const topics = Math.ceil(partitions / PARTITIONS_A_TOPIC);
  const producer = kafkaAt(bootstrap).producer();
  await producer.connect();
  for (let from = 0; from < topics; from += 20) {
    const topicMessages = Array.from({ length: Math.min(20, topics - from) }, (_, i) => ({
      topic: topicName(from + i),
      messages: Array.from({ length: PARTITIONS_A_TOPIC * records }, (_, n) => ({
        ...{ partition: n % PARTITIONS_A_TOPIC, value: 'x'.repeat(100) },
      })),
    }));
    await producer.sendBatch({ topicMessages, timeout: 120_000 });
  }
  await producer.disconnect();
  progress('all partitions have records');
}

/** Group g has committed the partitions behind g × commits, all around. */
async function commit(config: ClusterConfig, size: ClusterSize): Promise<void> {
  const client = clientFor(config, 'landbridge-bench', { requestTimeoutMs: 120_000 });
  const names = Array.from({ length: size.groups }, (_, g) => `group-${String(g).padStart(4, '0')}`);
  const requests = new Map(
    names.map((group, g) => {
      const topics = new Map<string, { partition: number; offset: bigint; metadata: string }[]>();
      for (let i = 0; i < size.commits; i++) {
        const at = (g * size.commits + i) % size.partitions;
        const topic = topicName(Math.floor(at / PARTITIONS_A_TOPIC));
        const place = { partition: at % PARTITIONS_A_TOPIC, offset: 1n, metadata: '' };
        topics.set(topic, [...(topics.get(topic) ?? []), place]);
      }
      return [group, { group, topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) }];
    }),
  );
  // Coordinators of a new cluster are still being made.
  for (let left = names, tries = 0; left.length > 0; tries++) {
    if (tries === 30) throw new Error(`${left.length} of ${names.length} groups could not commit`);
    const found = await coordinatorsOf(client, left);
    const at = [...found].flatMap(([name, { value }]): [string, number][] =>
      value === null ? [] : [[name, value]],
    );
    const answers = await commitOffsets(client, new Map(at), requests);
    left = left.filter((name) => answers.get(name)?.value?.size !== 0);
    if (left.length > 0) await sleep(1_000);
  }
  client.close();
  progress('all groups have committed');
}
