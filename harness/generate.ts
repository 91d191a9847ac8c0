// Topics with the histories that are hard to mirror: transactions, aborted data, compaction, deleted heads, empty logs
// that don't start at 0. All from a seed: the same seed writes the same records in the same order.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Codec, type GeneratedRecords, type HarnessProducer, openProducer, produce } from './produce';
import { summarizeTopic } from './records';
import { seededRandom } from './seeded-random';
import { createTopic, deleteRecords, listOffsets, type PartitionOffsets } from './topics';

const CLEANER_LIMIT_MS = 60_000;
const CLEANER_POLL_MS = 100;

type NewTopic = {
  bootstrap: string;
  topic: string;
  partitions?: number;
  replicationFactor?: number;
  configs?: Record<string, string>;
  seed?: number;
};

/**
 * A compacted topic whose holes the cleaner has made: keyed updates over many segments, then a wait until no key
 * stands twice. One record per partition with the key "roll" ends it, so that all before it is in closed segments.
 * Tombstones stay (delete.retention.ms is a day unless given), their batches carry a delete horizon.
 */
export async function compactedTopic(
  options: NewTopic & {
    updates: number;
    keys: number;
    tombstoneRatio?: number;
    valueBytes?: number;
    codec?: Codec;
  },
): Promise<void> {
  const { bootstrap, topic, seed = 1 } = options;
  const segmentMs = 10_000;
  const stepMs = 100;
  await createTopic({
    ...options,
    configs: {
      'cleanup.policy': 'compact',
      'segment.ms': String(segmentMs),
      'min.cleanable.dirty.ratio': '0.001',
      ...options.configs,
    },
  });
  const timestampStart = Date.now() - options.updates * stepMs - 3 * segmentMs;
  await produce({
    bootstrap,
    codec: options.codec,
    records: {
      topic,
      count: options.updates,
      keys: options.keys,
      seed,
      valueBytes: options.valueBytes ?? 100,
      nullValueRatio: options.tombstoneRatio ?? 0,
      // Segments are rolled by record time, between batches.
      timestampStart,
      timestampStepMs: stepMs,
      flushEvery: 40,
    },
  });
  await closeSegments(options, Date.now() - segmentMs / 2);
  await waitUntilCompacted(options);
}

async function closeSegments(options: NewTopic, timestamp: number): Promise<void> {
  const producer = await openProducer({ bootstrap: options.bootstrap });
  const partitions = Array.from({ length: options.partitions ?? 1 }, (_, partition) => partition);
  await producer.send(
    options.topic,
    partitions.map((partition) => ({ partition, key: 'roll', value: 'roll', timestamp })),
  );
  await producer.close();
}

/** Waits until no key stands twice in any partition. */
export async function waitUntilCompacted(place: { bootstrap: string; topic: string }): Promise<void> {
  const deadline = Date.now() + CLEANER_LIMIT_MS;
  for (;;) {
    const partitions = await summarizeTopic({ ...place, countKeys: true });
    if ([...partitions.values()].every(({ records, keys }) => records === keys)) return;
    if (Date.now() > deadline)
      throw new Error(
        `The cleaner has not finished ${place.topic} after ${CLEANER_LIMIT_MS} ms; see log-cleaner in the broker's server.log.`,
      );
    await sleep(CLEANER_POLL_MS);
  }
}

export type OpenTransaction = {
  commit(): Promise<void>;
  abort(): Promise<void>;
  /** As after a crash of the producer: it stays open until `transaction.timeout.ms`. */
  abandon(): Promise<void>;
};

/**
 * Transactions of several producers interleaved in one topic, with plain records between them.
 * @returns transactions that were left open on request; end each of them one way or the other
 */
export async function interleavedTransactions(options: {
  bootstrap: string;
  topic: string;
  transactions: number;
  producers?: number;
  /** Records of one transaction: 1 to so many. Default 5. */
  maxRecords?: number;
  abortRatio?: number;
  /** So many transactions stay open at the end, each with one record. At most `producers`. */
  leaveOpen?: number;
  valueBytes?: number;
  codec?: Codec;
  seed?: number;
}): Promise<OpenTransaction[]> {
  const { bootstrap, topic, codec, seed = 1, maxRecords = 5, abortRatio = 0.3 } = options;
  const random = seededRandom(seed);
  const ids = Array.from({ length: options.producers ?? 3 }, (_, n) => `${topic}-${seed}-${n}`);
  const writers = await Promise.all(
    ids.map(async (transactionalId) => ({
      producer: await openProducer({ bootstrap, codec, transactionalId, lingerMs: 0 }),
      left: 0,
    })),
  );
  const plain = await openProducer({ bootstrap, codec, lingerMs: 0 });
  let index = 0;
  const write = (producer: HarnessProducer, count: number) => {
    const records: GeneratedRecords = { topic, count, seed, firstIndex: index, keys: 50 };
    index += count;
    return producer.generate({ ...records, valueBytes: options.valueBytes ?? 80 });
  };
  let begun = 0;
  while (begun < options.transactions || writers.some((w) => w.left > 0)) {
    const writer = writers[random.below(writers.length)] as (typeof writers)[number];
    if (writer.left > 0) {
      const count = 1 + random.below(writer.left);
      await write(writer.producer, count);
      writer.left -= count;
      if (writer.left === 0)
        await (random.next() < abortRatio ? writer.producer.abort() : writer.producer.commit());
    } else if (begun < options.transactions) {
      begun++;
      await writer.producer.begin();
      writer.left = 1 + random.below(maxRecords);
    }
    if (random.next() < 0.2) await write(plain, 1);
  }
  await plain.close();
  const kept = writers.slice(0, options.leaveOpen ?? 0).map((w) => w.producer);
  await Promise.all(writers.slice(kept.length).map((w) => w.producer.close()));
  for (const producer of kept) {
    await producer.begin();
    await write(producer, 1);
  }
  return kept.map((producer) => ({
    commit: () => producer.commit().then(producer.close),
    abort: () => producer.abort().then(producer.close),
    abandon: producer.abandon,
  }));
}

/**
 * A topic whose head retention has deleted: `deleted` records a partition are gone, `kept` are there.
 * With `kept` 0 the partitions are empty and start where they end.
 */
export async function topicWithDeletedHead(
  options: NewTopic & { deleted: number; kept: number; valueBytes?: number; codec?: Codec },
): Promise<PartitionOffsets> {
  const { bootstrap, topic, codec, partitions = 1 } = options;
  await createTopic(options);
  const records = { topic, seed: options.seed ?? 1, valueBytes: options.valueBytes ?? 50 };
  const write = (count: number, firstIndex: number) =>
    produce({ bootstrap, codec, batchBytes: 65_536, records: { ...records, count, firstIndex } });
  // Written apart: the new start is the start of a batch, as it is when retention deletes whole segments.
  await write(options.deleted * partitions, 0);
  const ends = await listOffsets({ bootstrap, topic, at: 'latest' });
  if (options.kept > 0) await write(options.kept * partitions, options.deleted * partitions);
  return deleteRecords({ bootstrap, topic, before: ends });
}
