// Promoting mirrors: what must be drained first, what the promoted topic holds, and who may write to it afterwards. About 25 s.
import { describe, expect, it } from 'vitest';
import type { KafkaCluster } from '@/harness/cluster';
import { linkSuite } from '@/harness/link-suite';
import { openProducer, produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createPartitions, createTopic, describeConfig, listOffsets } from '@/harness/topics';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import { clientFor } from '@/server/kafka/security';
import { produce as produceApi } from '@/server/kafka/wire/apis/produce';
import { buildBatch } from '@/server/kafka/wire/testing/batch-builder';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link, same, traffic, transactions, atEnd } = linkSuite({ source, destination, name: 'promote' });

async function topicWith(partitions: number, count: number, configs: Record<string, string> = {}) {
  const topic = uniqueName('promoted');
  const { bootstrap } = source();
  await createTopic({ bootstrap, topic, partitions, configs });
  if (count > 0) await produce({ bootstrap, records: { topic, count } });
  return topic;
}
const ends = (cluster: KafkaCluster, topic: string) =>
  listOffsets({ bootstrap: cluster.bootstrap, topic, at: 'latest' });
const step = (steps: readonly { name: string; state: string; detail: string | null }[], name: string) =>
  steps.find((one) => one.name === name);

/** One batch under a producer id of our choice. */
async function append(
  cluster: KafkaCluster,
  topic: string,
  producer: { id: bigint; epoch: number; sequence: number },
) {
  const config: ClusterConfig = clusterConfig.parse({
    name: 'raw',
    bootstrapServers: cluster.bootstrap.split(','),
  });
  const client = clientFor(config, 'raw');
  try {
    const { topics } = await client.metadata([topic]);
    const connection = await client.connection(topics[0]?.partitions[0]?.leader ?? -1, 'produce');
    const records = buildBatch({
      baseOffset: 0n,
      leaderEpoch: -1,
      records: [{ offset: 0n, timestamp: BigInt(Date.now()), key: null, value: Buffer.from('raw') }],
      producerId: producer.id,
      producerEpoch: producer.epoch,
      baseSequence: producer.sequence,
    });
    const partitions = [{ partition: 0, records }];
    const [answer] = await connection.request(produceApi, {
      ...{ acks: -1, timeoutMs: 10_000 },
      topics: [{ topic, partitions }],
    });
    return { code: answer?.errorCode, offset: answer?.baseOffset };
  } finally {
    client.close();
  }
}

describe('a promote', () => {
  it('waits for producers that still write, names them, and then hands over an exact topic with its own configs', async () => {
    const topic = await topicWith(3, 3_000, {
      'retention.ms': '3600000',
      'message.timestamp.type': 'CreateTime',
    });
    const running = await traffic({ records: { topic }, ratePerSecond: 500 });
    const l = link({ topics: [topic] });
    await l.goesOn([topic]);
    // A producer on a busy machine may pause for longer than half a second.
    l.end(topic, 'PROMOTE', { configs: { 'segment.ms': '1234567' }, quietMs: 2_000 });
    await l.until('it says who writes', () =>
      /being written to: partitions 0 \(≈/.test(
        step(l.operations.get(topic)?.steps ?? [], 'DRAIN')?.detail ?? '',
      ),
    );
    expect(l.mirror(topic).state).toBe('PENDING_STOPPED');
    await createPartitions({ bootstrap: source().bootstrap, topic, partitions: 4 });
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 50, partitions: [3] } });
    await running.stop();
    const { statement, steps } = await l.ended(topic);
    expect(statement).toMatchObject({ missing: '0', kind: 'PROMOTE', notes: [] });
    expect(steps.filter(({ state }) => state === 'DONE').map(({ name }) => name)).toEqual([
      ...['REFRESH', 'DRAIN', 'SYNC_CONFIGS', 'SETTLE', 'FENCE', 'CONFIGS', 'STOP'],
    ]);
    expect(l.events.some((event) => event.topic === topic && event.to === 'STOPPED')).toBe(true);
    const [at, there] = [await ends(source(), topic), await ends(destination(), topic)];
    expect(statement.partitions.map(({ mirrorEnd, fence }) => [mirrorEnd, fence])).toEqual(
      [...at.values()].map((end) => [String(end), String(end)]),
    );
    expect([...there.values()]).toEqual([...at.values()].map((end) => end + 1n));
    expect((await same(topic, { expectMirrorEnd: 'any' })).partitions).toBe(4);
    expect(await describeConfig({ bootstrap: destination().bootstrap, topic })).toMatchObject({
      ...{ 'retention.ms': '3600000', 'segment.ms': '1234567', 'message.timestamp.type': 'CreateTime' },
    });
    // An ordinary producer goes on right behind the fence.
    const producer = await openProducer({ bootstrap: destination().bootstrap });
    atEnd(() => producer.close());
    expect(await producer.send(topic, [{ partition: 0, value: 'first' }])).toEqual([(at.get(0) ?? 0n) + 1n]);
  });

  it('lets nobody write under what an engine of the link still knows, and everybody else, whatever id they had at the source', async () => {
    const topic = await topicWith(1, 0);
    const id = 424_242n;
    for (const sequence of [0, 1, 2]) await append(source(), topic, { id, epoch: 0, sequence });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    const [partition] = l.mirror(topic).partitions;
    const own = { id: partition?.producerId ?? 0n, epoch: partition?.epoch ?? 0 };
    const sequence = partition?.sequence ?? 0;
    l.end(topic, 'PROMOTE');
    await l.ended(topic);
    const end = (await ends(destination(), topic)).get(0);
    expect(await append(destination(), topic, { ...own, sequence })).toMatchObject({ code: 47 });
    expect((await ends(destination(), topic)).get(0)).toBe(end);
    // The same numbers that this producer had used at the source.
    expect(await append(destination(), topic, { id, epoch: 0, sequence: 0 })).toEqual({
      code: 0,
      offset: 4n,
    });
    expect(await append(destination(), topic, { id, epoch: 0, sequence: 1 })).toEqual({
      code: 0,
      offset: 5n,
    });
  });

  it('names an open transaction and waits for it; a commit lets it go on', async () => {
    const topic = await topicWith(2, 100);
    const producer = await openProducer({
      bootstrap: source().bootstrap,
      transactionalId: uniqueName('open'),
    });
    atEnd(() => producer.close());
    await producer.begin();
    const [first] = await producer.send(topic, [{ partition: 1, value: 'held' }]);
    const l = link({ topics: [topic] });
    l.end(topic, 'PROMOTE');
    await l.until('it names the transaction', () =>
      new RegExp(`producer \\d+ \\(epoch 0\\) on partition 1 from offset ${first},`).test(
        step(l.operations.get(topic)?.steps ?? [], 'DRAIN')?.detail ?? '',
      ),
    );
    await producer.commit();
    const { statement } = await l.ended(topic);
    expect(statement).toMatchObject({ missing: '0' });
    expect((await same(topic, { expectMirrorEnd: 'any' })).records).toBe(101);
  });

  it('aborts open transactions at the source where that is wished', async () => {
    const topic = await topicWith(1, 10);
    const producer = await openProducer({
      ...{ bootstrap: source().bootstrap, transactionalId: uniqueName('hanging') },
      properties: { 'transaction.timeout.ms': '600000' },
    });
    await producer.begin();
    await producer.send(topic, [{ value: 'never' }]);
    await producer.abandon();
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 10, firstIndex: 10 } });
    const l = link({ topics: [topic] });
    l.end(topic, 'PROMOTE', { openTransactions: 'abort' });
    const { statement } = await l.ended(topic);
    expect(statement.missing).toBe('0');
    expect(statement.notes.join()).toContain('Aborted a transaction at the source: producer');
    expect((await same(topic, { expectMirrorEnd: 'any' })).records).toBe(20);
  });

  it('leaves open transactions behind where that is wished, with the list of what is left', async () => {
    const topic = await topicWith(1, 10);
    const producer = await openProducer({
      bootstrap: source().bootstrap,
      transactionalId: uniqueName('left'),
    });
    atEnd(() => producer.close());
    await producer.begin();
    await producer.send(topic, [{ value: 'a' }, { value: 'b' }]);
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 5, firstIndex: 10 } });
    const l = link({ topics: [topic] });
    l.end(topic, 'PROMOTE', { openTransactions: 'leave' });
    const { statement } = await l.ended(topic);
    expect(statement).toMatchObject({ missing: '7', partitions: [{ mirrorEnd: '10', fence: '10' }] });
    expect(statement.partitions[0]?.left.map(({ from, to }) => [from, to])).toEqual([
      ['10', '12'],
      ['12', '17'],
    ]);
  });

  it('of a mirror with aborted transactions behind slow fills is exact, and taken back in between changes nothing', async () => {
    const topic = uniqueName('transactional');
    await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
    const running = await transactions(topic, 200);
    const l = link({ topics: [topic], tuning: { fillWay: 'TRANSACTIONS' } });
    await l.goesOn([topic], { by: 5n });
    l.end(topic, 'PROMOTE');
    await l.until('it drains', () => l.mirror(topic).state === 'PENDING_STOPPED');
    l.change((desired) => {
      const ending = desired.mirrors[0]?.ending;
      if (ending) ending.cancel = true;
    });
    await l.ended(topic, 'CANCELLED');
    await l.until('it mirrors again', () => l.mirror(topic).state === 'ACTIVE');
    await l.goesOn([topic], { by: 5n });
    l.operations.clear();
    l.end(topic, 'PROMOTE');
    await running.stop();
    const { statement } = await l.ended(topic);
    expect(statement.missing).toBe('0');
    await same(topic, { expectMirrorEnd: 'any' });
    const there = await ends(destination(), topic);
    expect([...there.values()].map(String)).toEqual(
      statement.partitions.map(({ fence }) => String(BigInt(fence ?? -9) + 1n)),
    );
  });
});
