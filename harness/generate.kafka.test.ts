// What the generators promise, seen with Kafka's own consumer; and the console consumer's view once, as people run it.
import { beforeAll, expect, test } from 'vitest';
import { compareTopics } from './compare';
import { consoleConsume } from './console-consumer';
import { describeCluster } from './describe-cluster';
import { compactedTopic, interleavedTransactions, topicWithDeletedHead } from './generate';
import { type Codec, openProducer, produce, startTraffic } from './produce';
import { readRecords, summarizeTopic } from './records';
import { suiteCluster } from './test-clusters';
import {
  alterConfig,
  commitGroupOffsets,
  createPartitions,
  createTopic,
  deleteTopic,
  describeConfig,
  describeProducers,
  describeTopic,
  listGroupOffsets,
  listOffsets,
} from './topics';
import { waitFor } from './wait-for';

const cluster = suiteCluster({ name: 'generate', brokers: 3 });
let bootstrap: string;
beforeAll(() => {
  bootstrap = cluster().bootstrap;
});

const CODECS: Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const T0 = 1_790_000_000_000;

test('a seed gives the same records with every codec, nulls, empties and headers among them', async () => {
  const spec = { count: 2000, keys: 100, headers: 2, nullKeyRatio: 0.1, nullValueRatio: 0.1, seed: 7 };
  for (const topic of CODECS) {
    await createTopic({ bootstrap, topic, partitions: 3 });
    const records = { topic, ...spec, emptyValueRatio: 0.1, timestampStart: T0 };
    const { acknowledged, partitions } = await produce({ bootstrap, codec: topic, records });
    expect([acknowledged, Object.keys(partitions).length]).toEqual([2000, 3]);
  }
  for (const topic of CODECS.slice(1))
    await compareTopics({ source: { bootstrap, topic: 'none' }, mirror: { bootstrap, topic } });
  const shown = await readRecords({ bootstrap, topic: 'zstd' });
  expect(shown.some((r) => r.key === null)).toBe(true);
  expect(shown.some((r) => r.value === null)).toBe(true);
  expect(shown.some((r) => r.value?.length === 0)).toBe(true);
  expect(shown.some((r) => r.headers.some(([, value]) => value === null))).toBe(true);
});

test('records of a megabyte pass where the topic allows them', async () => {
  await createTopic({ bootstrap, topic: 'large', configs: { 'max.message.bytes': '2000000' } });
  const records = { topic: 'large', count: 3, valueBytes: 1_048_576, incompressible: true };
  expect(await produce({ bootstrap, records })).toMatchObject({ acknowledged: 3 });
  const [first] = await readRecords({ bootstrap, topic: 'large', limit: 1 });
  expect(first?.value?.length).toBe(1_048_576);
});

test('interleaved transactions leave aborted data, markers and, where asked, an open one', async () => {
  const topic = 'transactions';
  await createTopic({ bootstrap, topic });
  const open = await interleavedTransactions({ bootstrap, topic, transactions: 15, leaveOpen: 1 });
  const committed = (await summarizeTopic({ bootstrap, topic })).get(0);
  const all = (await summarizeTopic({ bootstrap, topic, isolation: 'read_uncommitted' })).get(0);
  expect(committed?.stableEnd).toBeLessThan(committed?.end ?? 0n);
  expect(all?.records).toBeGreaterThan(committed?.records ?? 0);
  const producers = await describeProducers({ bootstrap, topic, partition: 0 });
  expect(producers.filter((p) => p.transactionStartOffset !== null)).toHaveLength(1);
  await open[0]?.commit();
  const closed = (await summarizeTopic({ bootstrap, topic })).get(0);
  expect(closed?.stableEnd).toBe(closed?.end);
  expect(closed?.records).toBe((committed?.records ?? 0) + 1);
});

test('a compacted topic has holes and one record for each key', async () => {
  const topic = 'compacted';
  await compactedTopic({ bootstrap, topic, updates: 2000, keys: 40, tombstoneRatio: 0.1, partitions: 2 });
  for (const { records, keys, tombstones, start, end } of (
    await summarizeTopic({ bootstrap, topic, countKeys: true })
  ).values()) {
    expect(records).toBe(keys);
    expect(tombstones).toBeGreaterThan(0);
    expect(Number(end - start)).toBeGreaterThan(10 * records);
  }
});

test('a deleted head moves the start, and an empty partition may start above 0', async () => {
  const options = { bootstrap, partitions: 2, deleted: 500 };
  await topicWithDeletedHead({ ...options, topic: 'head', kept: 10 });
  await topicWithDeletedHead({ ...options, topic: 'empty', kept: 0 });
  expect((await summarizeTopic({ bootstrap, topic: 'head' })).get(1)).toMatchObject({
    start: 500n,
    end: 510n,
  });
  expect((await summarizeTopic({ bootstrap, topic: 'empty' })).get(0)).toMatchObject({
    start: 500n,
    end: 500n,
    records: 0,
  });
});

test('a topic with hundreds of partitions is there and readable when creation returns', async () => {
  const topic = 'wide';
  await createTopic({ bootstrap, topic, partitions: 400 });
  await produce({ bootstrap, records: { topic, count: 800, valueBytes: 10 } });
  const partitions = await summarizeTopic({ bootstrap, topic });
  expect([...partitions.values()].filter((p) => p.records === 2)).toHaveLength(400);
  await deleteTopic({ bootstrap, topic });
});

test('topics, settings and group offsets can be changed and are seen at once', async () => {
  const topic = 'managed';
  await createTopic({ bootstrap, topic, assignments: [[2, 3]] });
  await createPartitions({ bootstrap, topic, partitions: 2 });
  expect((await describeTopic({ bootstrap, topic })).partitions).toMatchObject([{ replicas: [2, 3] }, {}]);
  await alterConfig({ bootstrap, topic, configs: { 'retention.ms': '1234', 'cleanup.policy': null } });
  expect(await describeConfig({ bootstrap, topic })).toMatchObject({ 'retention.ms': '1234' });
  const offsets = new Map([[0, 42n]]);
  await commitGroupOffsets({ bootstrap, topic, group: 'g', offsets, metadata: 'mine' });
  expect(await listGroupOffsets({ bootstrap, group: 'g' })).toEqual({
    [topic]: { 0: { offset: 42n, metadata: 'mine', leaderEpoch: -1 } },
  });
});

test('traffic goes on while a broker is killed, says exactly what was acknowledged, and the broker comes back', async () => {
  const topic = 'busy';
  await createTopic({
    ...{ bootstrap, topic, partitions: 3, replicationFactor: 3 },
    configs: { 'min.insync.replicas': '2' },
  });
  const traffic = await startTraffic({ bootstrap, ratePerSecond: 1000, records: { topic, keys: 20 } });
  await waitFor('the first records', async () => (await traffic.soFar()).acknowledged > 500);
  const victim = (await describeTopic({ bootstrap, topic })).partitions[0]?.leader ?? 1;
  const killed = cluster().broker(victim);
  await killed.kill();
  expect(killed.running).toBe(false);
  const atKill = (await traffic.soFar()).acknowledged;
  await waitFor('writing to go on', async () => (await traffic.soFar()).acknowledged > atKill + 3000);
  const { sent, acknowledged, failed, partitions } = await traffic.stop();
  expect([acknowledged, failed]).toEqual([sent, 0]);
  for (const [p, end] of await listOffsets({ bootstrap, topic, at: 'latest' }))
    expect(end).toBe(BigInt(partitions[p]?.count ?? 0));
  const { port } = killed;
  await killed.start();
  expect(await describeCluster('127.0.0.1', port, 5000)).toEqual({
    clusterId: cluster().clusterId,
    brokerIds: [1, 2, 3],
  });
});

test("Kafka's console consumer shows what the harness reads", async () => {
  const topic = 'console';
  await createTopic({ bootstrap, topic });
  const producer = await openProducer({ bootstrap });
  await producer.send(topic, [
    { key: 'k', value: 'v', timestamp: T0, headers: [['h', 'x']] },
    { value: null },
  ]);
  const lines = await consoleConsume({ bootstrap, topic, partition: 0, maxMessages: 2 });
  expect(lines[0]).toBe(`CreateTime:${T0}\tPartition:0\tOffset:0\th:x\tk\tv`);
  expect(lines[1]).toMatch(/Offset:1\tNO_HEADERS\tnull\tnull$/);
});
