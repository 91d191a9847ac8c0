// Fills without a right on the cluster, by empty transactions: each is exactly one offset, whatever happens in between. About 20 s.
import { afterEach, describe, expect, it } from 'vitest';
import { compactedTopic, interleavedTransactions } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import { startTraffic } from '@/harness/produce';
import { seededRandom } from '@/harness/seeded-random';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { clusterConfig } from '@/lib/contracts/cluster';
import { clientFor } from '@/server/kafka/security';
import { addPartitionsToTxn } from '@/server/kafka/wire/apis/add-partitions-to-txn';
import { endTxn } from '@/server/kafka/wire/apis/end-txn';
import { initProducerId } from '@/server/kafka/wire/apis/producer-id';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { FillTransaction } from './fill-transaction';

const FULL = process.env.LANDBRIDGE_FULL === '1';
const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });
const { link, engine, same } = linkSuite({
  source,
  destination,
  name: 'slow-fills',
  tuning: { fillWay: 'TRANSACTIONS', unknownFateWaitMs: 500 },
});

describe('one transactional id that fills', () => {
  let client: ClusterClient;
  const opened = () => {
    const config = { name: 'cloud', bootstrapServers: [destination().bootstrap] };
    client = clientFor(clusterConfig.parse(config), 'fills');
    return client;
  };
  afterEach(() => client.close());
  const end = async (topic: string) => [
    ...(await listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' })).values(),
  ];

  it('appends exactly one offset to each partition that it names, and none to others, side by side', async () => {
    const topic = uniqueName('one');
    await createTopic({ bootstrap: destination().bootstrap, topic, partitions: 4 });
    const random = seededRandom(7);
    const name = uniqueName('one-fill');
    const ids = [0, 1, 2, 3, 4].map(
      (n) => new FillTransaction(opened(), `${name}-${n}`, n, () => Promise.resolve()),
    );
    await Promise.all(ids.map(ready));
    const expected = [0n, 0n, 0n, 0n];
    for (let round = 0; round < 40; round++) {
      await Promise.all(
        ids.map(async (id) => {
          const partitions = [0, 1, 2, 3].filter(() => random.next() < 0.5);
          if (partitions.length === 0) return;
          expect(await append(id, topic, partitions)).toBe('DONE');
          for (const p of partitions) expected[p] = (expected[p] ?? 0n) + 1n;
        }),
      );
      if (round % 8 === 0) expect(await end(topic)).toEqual(expected);
    }
    expect(await end(topic)).toEqual(expected);
    expect(expected.reduce((a, b) => a + b)).toBeGreaterThan(200n);
  });

  it('is taken over with what its dead engine left open: one offset, and nothing later', async () => {
    const topic = uniqueName('left-open');
    await createTopic({ bootstrap: destination().bootstrap, topic, partitions: 2 });
    const transactionalId = uniqueName('left-open-fill');
    const old = opened();
    await ready(new FillTransaction(old, transactionalId, 0, () => Promise.resolve()));
    const connection = await old.connection(await old.transactionCoordinator(transactionalId), 'control');
    const { errorCode, producerId, producerEpoch } = await connection.request(initProducerId, {
      transactionalId,
      transactionTimeoutMs: 60_000,
    });
    expect(errorCode).toBe(0);
    const id = { transactionalId, producerId, producerEpoch };
    const added = await connection.request(addPartitionsToTxn, {
      ...id,
      topics: [{ topic, partitions: [1] }],
    });
    expect(added).toMatchObject([{ partition: 1, errorCode: 0 }]);
    expect(await end(topic)).toEqual([0n, 0n]);

    const next = new FillTransaction(old, transactionalId, 0, () => Promise.resolve());
    await next.takeOver();
    expect(await end(topic)).toEqual([0n, 1n]);
    // What the dead engine has in a queue is refused from now on.
    const late = await connection.request(addPartitionsToTxn, {
      ...id,
      topics: [{ topic, partitions: [0] }],
    });
    expect([47, 90]).toContain(late[0]?.errorCode);
    expect([47, 90]).toContain((await connection.request(endTxn, { ...id, commit: true })).errorCode);
    expect(await append(next, topic, [0])).toBe('DONE');
    expect(await end(topic)).toEqual([1n, 1n]);
  });

  it('does not know the fate of what another engine fenced, and fills again behind its barrier', async () => {
    const topic = uniqueName('fenced');
    await createTopic({ bootstrap: destination().bootstrap, topic, partitions: 1 });
    const transactionalId = uniqueName('fenced-fill');
    const both = opened();
    const [first, second] = [0, 1].map(
      (n) => new FillTransaction(both, transactionalId, n, () => Promise.resolve()),
    ) as [FillTransaction, FillTransaction];
    expect(await append(first, topic, [0])).toBe('DONE');
    await second.takeOver();
    expect(await append(first, topic, [0])).toBe('UNKNOWN');
    await ready(first);
    expect(await end(topic)).toEqual([1n]);
    expect(await append(first, topic, [0])).toBe('DONE');
    expect(await end(topic)).toEqual([2n]);
  });
});

/** The first use of transactions on a cluster creates their topic: it takes some tries. */
function ready(id: FillTransaction): Promise<void> {
  const untilMs = performance.now() + 30_000;
  return id.barrier(
    () => performance.now() > untilMs,
    () => {},
  );
}

async function append(id: FillTransaction, topic: string, partitions: number[]): Promise<string> {
  return (await id.append([{ topic, partitions }])).kind;
}

describe('fills by empty transactions', () => {
  it('stand for markers, aborted data and an open transaction that ends', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('txn');
    await createTopic({ bootstrap, topic, partitions: 3 });
    const [open] = await interleavedTransactions({ bootstrap, topic, transactions: 60, leaveOpen: 1 });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await same(topic);
    await open?.commit();
    await l.caughtUp();
    await same(topic);
    expect(l.runner.message).toContain('may not write transaction markers');
  });

  it('stand for the holes of a compacted topic', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('compacted');
    await compactedTopic({ bootstrap, topic, updates: 400, keys: 60 });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await same(topic, { compacted: true });
  });

  it('go on exactly after kills in the middle of them', async () => {
    const { bootstrap } = source();
    const [plain, topic] = [uniqueName('kill'), uniqueName('kill-txn')];
    await createTopic({ bootstrap, topic: plain, partitions: 2 });
    await createTopic({ bootstrap, topic, partitions: 2 });
    const traffic = await startTraffic({ bootstrap, records: { topic: plain }, ratePerSecond: 1_000 });
    const e = engine({ topics: [plain, topic] });
    let transactions: Promise<unknown> = Promise.resolve();
    for (let round = 0; round < (FULL ? 20 : 5); round++) {
      transactions = transactions.then(() =>
        interleavedTransactions({
          bootstrap,
          topic,
          transactions: 12,
          maxRecords: 8,
          abortRatio: 0.6,
          seed: round + 1,
        }),
      );
      e.start();
      const before = await ends(e, topic);
      await waitFor('some fills', async () => (await ends(e, topic)) > before + BigInt(round * 4), {
        everyMs: 3 + round,
      });
      await e.kill();
    }
    await traffic.stop();
    await transactions;
    e.start();
    await e.caughtUp();
    await same(topic);
    await same(plain);
  });
});

/** Sum of what the mirror holds, as the engine says; 0 until it answers. */
async function ends(e: ReturnType<typeof engine>, topic: string): Promise<bigint> {
  const places = (await e.places())?.places.filter((p) => p.topic === topic) ?? [];
  return places.reduce((sum, p) => sum + BigInt(p.acked), 0n);
}
