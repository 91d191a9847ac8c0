// What only the old primary has, where it is easily taken for nothing: each of it is counted, and saved where that was asked for. About 25 s.
import { expect, it } from 'vitest';
import { compareTopics } from '@/harness/compare';
import { linkSuite } from '@/harness/link-suite';
import { askToRemake, wantedMirror } from '@/harness/link-under-test';
import { openProducer, produce } from '@/harness/produce';
import { readRecords } from '@/harness/records';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createPartitions, createTopic, deleteRecords, describeTopic, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { clusterConfig } from '@/lib/contracts/cluster';
import { clientFor } from '@/server/kafka/security';
import { addPartitionsToTxn } from '@/server/kafka/wire/apis/add-partitions-to-txn';
import { endTxn } from '@/server/kafka/wire/apis/end-txn';
import { initProducerId } from '@/server/kafka/wire/apis/producer-id';

// "a" was the primary; its mirrors on "b" are failed over.
const a = sharedCluster({ name: 'source' });
const b = sharedCluster({ name: 'destination' });
const { link, engine } = linkSuite({ source: a, destination: b, name: 'there' });

const at = (cluster: typeof a, topic: string) => ({ bootstrap: cluster().bootstrap, topic });
const idOnA = async (topic: string) =>
  Buffer.from((await describeTopic(at(a, topic))).topicId, 'base64url').toString('hex');

/** A hundred records on both sides; then the mirror is failed over, and what follows is on one side each. */
async function failedOver(before?: (topic: string) => Promise<void>, configs = {}) {
  const topic = uniqueName('lost');
  await createTopic({ ...at(a, topic), configs });
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 100, keys: 100 } });
  await before?.(topic);
  const there = link({ topics: [topic] });
  await there.caughtUp();
  const ends = { '0': String((await listOffsets({ ...at(b, topic), at: 'latest' })).get(0)) };
  there.end(topic, 'FAILOVER');
  await there.ended(topic);
  return { topic, there, ends };
}
const onlyOnA = (topic: string, count: number, seed = 7) =>
  produce({ bootstrap: a().bootstrap, records: { topic, count, seed } });
async function abortedOnA(topic: string): Promise<void> {
  const producer = await openProducer({ bootstrap: a().bootstrap, transactionalId: uniqueName('aborted') });
  await producer.begin();
  await producer.send(topic, [{ value: 'never' }]);
  await producer.abort();
  await producer.close();
}
const parting = (there: Awaited<ReturnType<typeof failedOver>>['there'], topic: string, ends: object) =>
  there.runner.lookAtParting({
    ...{ op: 'lookAtParting', linkId: '', link: '', topic, sourceTopic: topic },
    ends: ends as Record<string, string>,
  });

async function failBack(topic: string, ends: Record<string, string>) {
  const l = link({ source: b(), destination: a(), name: uniqueName('back'), topics: [] });
  const topicId = await idOnA(topic);
  const saveTo = `${topic}.diverged-1`;
  l.change((desired) => {
    desired.mirrors.push(wantedMirror(topic, topic));
    askToRemake(desired, topic, 'FAILBACK', { topicId, ends, saveTo, options: { save: true } });
  });
  const { message } = await l.remade(topic);
  return { message, saved: await readRecords(at(b, saveTo)).catch(() => []) };
}

/** Open on A, with a partition of the topic and nothing written. */
async function silentTransaction(topic: string) {
  const client = clientFor(clusterConfig.parse({ name: 'a', bootstrapServers: [a().bootstrap] }), 'test');
  const transactionalId = uniqueName('silent');
  await client.metadata([topic]);
  let broker = -1;
  await waitFor('its coordinator is there', async () => {
    broker = await client.transactionCoordinator(transactionalId).catch(() => -1);
    return broker >= 0;
  });
  const coordinator = await client.connection(broker, 'control');
  const request = { transactionalId, transactionTimeoutMs: 600_000 };
  const { producerId, producerEpoch } = await coordinator.request(initProducerId, request);
  const own = { transactionalId, producerId, producerEpoch };
  const topics = [{ topic, partitions: [0] }];
  await waitFor('the partition is added', async () => {
    const [added] = await coordinator.request(addPartitionsToTxn, { ...own, topics });
    return added?.errorCode === 0;
  });
  const end = () => coordinator.request(endTxn, { ...own, commit: false });
  return { transactionalId, end, close: () => client.close() };
}

it('records in front of where the other side begins by now count, and are saved', async () => {
  const { topic, there, ends } = await failedOver();
  await onlyOnA(topic, 20);
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 100, seed: 9 } });
  // Retention at the new primary.
  await deleteRecords({ ...at(b, topic), before: new Map([[0, 110n]]) });
  const look = await parting(there, topic, ends);
  const { message, saved } = await failBack(topic, ends);
  expect.soft(look.records).toBe('20');
  expect.soft(saved).toHaveLength(20);
  expect.soft(message).toContain('20 records had diverged, saved in');
});

it('all of the old side counts where the other one begins behind its end', async () => {
  const { topic, there, ends } = await failedOver();
  await onlyOnA(topic, 20);
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 100, seed: 9 } });
  await deleteRecords({ ...at(b, topic), before: new Map([[0, 150n]]) });
  const look = await parting(there, topic, ends);
  const { message, saved } = await failBack(topic, ends);
  expect(look.records).toBe('120');
  expect(saved).toHaveLength(120);
  expect(message).toContain('120 records had diverged, saved in');
});

it('a record of a compacted topic counts where nothing tells where the mirror ended', async () => {
  const { topic, there } = await failedOver(undefined, { 'cleanup.policy': 'compact' });
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 10, seed: 7, keys: 100 } });
  // As after a failover that went on by force without this partition.
  const look = await parting(there, topic, {});
  const { message, saved } = await failBack(topic, {});
  expect.soft(look.records).toBe('10');
  expect.soft(saved).toHaveLength(10);
  expect.soft(message).toContain('10 records had diverged, saved in');
});

it('records beside an open transaction of the other side count, and are saved', async () => {
  const { topic, there, ends } = await failedOver();
  // In the place of the fence there is no record.
  await abortedOnA(topic);
  await onlyOnA(topic, 10);
  const producer = await openProducer({ bootstrap: b().bootstrap, transactionalId: uniqueName('open') });
  await producer.begin();
  await producer.send(
    topic,
    Array.from({ length: 50 }, (_, n) => ({ value: `open ${n}` })),
  );
  const look = await parting(there, topic, ends);
  const { message, saved } = await failBack(topic, ends);
  await producer.commit();
  await producer.close();
  expect.soft(look.records).toBe('10');
  expect.soft(look.diverged).toBe(true);
  expect.soft(saved).toHaveLength(10);
  expect.soft(message).toContain('10 records had diverged, saved in');
});

it('what was written between the decision and the deletion, while no engine ran, is saved too', async () => {
  const { topic, ends } = await failedOver();
  await onlyOnA(topic, 10);
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 40, seed: 9 } });
  const e = engine({ source: b(), destination: a(), name: uniqueName('back'), topics: [] });
  const saveTo = `${topic}.diverged-1`;
  const topicId = await idOnA(topic);
  e.desired.mirrors.push(wantedMirror(topic, topic));
  askToRemake(e.desired, topic, 'FAILBACK', { topicId, ends, saveTo, options: { save: true } });
  let killed = false;
  e.onOperation = (message) => {
    if (message.id === null || !message.fencing || killed) return 'answer';
    killed = true;
    void e.kill();
    return 'keep';
  };
  e.start();
  await waitFor('the engine is killed', () => killed);
  await e.kill();
  await onlyOnA(topic, 7, 8);
  e.onOperation = null;
  e.start();
  await waitFor('it is done', () => (e.operations.get(topic)?.outcome ?? null) !== null, { limitMs: 90_000 });
  const said = e.operations.get(topic);
  expect.soft(said?.message).toContain('17 records had diverged');
  expect.soft(await readRecords(at(b, saveTo))).toHaveLength(17);
});

it('a transaction that has written nothing yet is waited for: its marker would come to the new topic', async () => {
  const { topic, ends } = await failedOver();
  await onlyOnA(topic, 5);
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 40, seed: 9 } });
  const { transactionalId, end, close } = await silentTransaction(topic);
  try {
    const l = link({ source: b(), destination: a(), name: uniqueName('back'), topics: [] });
    const topicId = await idOnA(topic);
    l.change((desired) => {
      desired.mirrors.push(wantedMirror(topic, topic));
      askToRemake(desired, topic, 'FAILBACK', { topicId, ends });
    });
    const said = () => l.runner.topics.get(topic)?.remaking?.explain ?? '';
    await l.until('it waits', () => said().includes(`Transactions are open: ${transactionalId}`));
    await end();
    await l.remade(topic);
    await produce({ bootstrap: b().bootstrap, records: { topic, count: 10, seed: 11 } });
    await l.caughtUp();
    expect(l.mirror(topic).state).toBe('ACTIVE');
    await compareTopics({ source: at(b, topic), mirror: at(a, topic) });
  } finally {
    close();
  }
});

it('a transaction that begins after the decision is waited for, too, though nothing of it can be seen in the topic', async () => {
  const { topic, ends } = await failedOver();
  await onlyOnA(topic, 5);
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 40, seed: 9 } });
  const e = engine({ source: b(), destination: a(), name: uniqueName('back'), topics: [] });
  e.desired.mirrors.push(wantedMirror(topic, topic));
  askToRemake(e.desired, topic, 'FAILBACK', { topicId: await idOnA(topic), ends });
  let killed = false;
  e.onOperation = (message) => {
    if (message.id === null || !message.fencing || killed) return 'answer';
    killed = true;
    void e.kill();
    return 'keep';
  };
  e.start();
  await waitFor('the engine is killed', () => killed);
  await e.kill();
  const { transactionalId, end, close } = await silentTransaction(topic);
  try {
    e.onOperation = null;
    e.start();
    const said = () => JSON.stringify(e.operations.get(topic)?.steps);
    await waitFor('it waits', () => said().includes(`Transactions are open: ${transactionalId}`));
    await end();
    await waitFor('it is done', () => e.operations.get(topic)?.outcome === 'DONE');
    await e.caughtUp();
    await compareTopics({ source: at(b, topic), mirror: at(a, topic) });
  } finally {
    close();
  }
});

it('a side that is made anew for aborted records is not said to have stayed', async () => {
  const { topic, ends } = await failedOver(abortedOnA);
  const before = await idOnA(topic);
  const { message } = await failBack(topic, ends);
  expect(await idOnA(topic)).not.toBe(before);
  expect(message).not.toMatch(/nothing was copied/);
});

it('a partition that only the old side has counts as a whole, and is saved', async () => {
  const { topic, there, ends } = await failedOver();
  await createPartitions({ ...at(a, topic), partitions: 2 });
  const look = async () => (await parting(there, topic, ends)).partitions.length;
  await waitFor('both partitions are seen', async () => (await look().catch(() => 0)) === 2);
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 30, seed: 7, partitions: [1] } });
  const seen = await parting(there, topic, ends);
  expect(seen.partitions[1]).toMatchObject({ partition: 1, parted: '0', records: '30' });
  const { message } = await failBack(topic, ends);
  expect(await readRecords({ ...at(b, `${topic}.diverged-1`), partition: 1 })).toHaveLength(30);
  expect(message).toContain('30 records had diverged, saved in');
});
