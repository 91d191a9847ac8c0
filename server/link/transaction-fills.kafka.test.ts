// Fills without a right on the cluster, by empty transactions: each is exactly one offset, whatever happens in between. About 40 s.
import { describe, expect, it } from 'vitest';
import { compactedTopic, interleavedTransactions } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import { startTraffic } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });
const { link, engine, same } = linkSuite({
  source,
  destination,
  name: 'slow-fills',
  tuning: { fillWay: 'TRANSACTIONS', unknownFateWaitMs: 500 },
});

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
    await l.caughtUp(120_000);
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
    for (let round = 0; round < 8; round++) {
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
        limitMs: 30_000,
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
