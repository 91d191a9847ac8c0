// The topics of the demo's shop on its source cluster, and the history they have before the first look at them.
import kafkajs, { type Admin, type ITopicConfig, type Kafka, type Message, type Producer } from 'kafkajs';
import type { Shop } from './shop';

const { CompressionTypes } = kafkajs;
const MB = 1_048_576;

export const TOPICS = ['orders', 'payments', 'customers', 'clicks', 'shipments'] as const;

const topic = (name: string, partitions: number, configs: Record<string, string | number>): ITopicConfig => ({
  topic: name,
  numPartitions: partitions,
  replicationFactor: 1,
  configEntries: Object.entries(configs).map(([key, value]) => ({ name: key, value: String(value) })),
});

/** Sizes are bounded, so that a demo left running for days does not fill the disk. */
const definitions: ITopicConfig[] = [
  topic('orders', 6, { 'retention.bytes': 256 * MB, 'segment.bytes': 32 * MB }),
  topic('payments', 3, { 'retention.bytes': 128 * MB, 'segment.bytes': 16 * MB }),
  topic('customers', 3, {
    'cleanup.policy': 'compact',
    'segment.bytes': 2 * MB,
    'segment.ms': 60_000,
    'min.cleanable.dirty.ratio': 0.2,
  }),
  topic('clicks', 8, { 'retention.bytes': 64 * MB, 'segment.bytes': 16 * MB }),
  topic('shipments', 2, { 'retention.bytes': 64 * MB, 'segment.bytes': 4 * MB }),
];

/** Creates what is missing. @returns true when the topics are new, and have no history yet */
export async function createTopics(admin: Admin): Promise<boolean> {
  const existing = new Set(await admin.listTopics());
  const missing = definitions.filter((definition) => !existing.has(definition.topic));
  if (missing.length > 0) await admin.createTopics({ topics: missing, waitForLeaders: true });
  return missing.length > 0;
}

/** Some history for each topic; the head of `shipments` is deleted again, as retention would have done. */
export async function writeHistory(kafka: Kafka, admin: Admin, shop: Shop): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  try {
    await sendMany(producer, 'orders', 10_000, () => shop.order());
    await sendMany(producer, 'customers', 20_000, () => shop.customer());
    await sendMany(producer, 'clicks', 100_000, () => shop.click());
    await sendMany(producer, 'shipments', 60_000, () => shop.shipment());
  } finally {
    await producer.disconnect();
  }
  const ends = await admin.fetchTopicOffsets('shipments');
  await admin.deleteTopicRecords({
    topic: 'shipments',
    partitions: ends.map(({ partition, high }) => ({
      partition,
      offset: String((BigInt(high) * 4n) / 5n + BigInt(partition)),
    })),
  });
}

async function sendMany(producer: Producer, name: string, count: number, make: () => Message): Promise<void> {
  const batch = 2_500;
  for (let sent = 0; sent < count; sent += batch) {
    const messages = Array.from({ length: Math.min(batch, count - sent) }, make);
    await producer.send({ topic: name, messages, compression: CompressionTypes.LZ4, acks: 1 });
  }
}
