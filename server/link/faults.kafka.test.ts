// The engine killed, stopped and doubled under load: nothing may be lost, doubled or shifted.
// LANDBRIDGE_FULL=1 kills it more often, and under more load: each record in a batch of its own is what costs.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { EngineProcess } from '@/harness/engine-process';
import { interleavedTransactions } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const FULL = process.env.LANDBRIDGE_FULL === '1';
const kills = FULL ? 20 : 8;
const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { engine, same, traffic } = linkSuite({ source, destination, name: 'fault' });

describe('an engine that is killed', () => {
  it(`goes on exactly after ${kills} kills under load, plain records and transactions`, async () => {
    const bootstrap = source().bootstrap;
    const plain = uniqueName('kill');
    const transactional = uniqueName('kill-txn');
    await createTopic({ bootstrap, topic: plain, partitions: 4 });
    await createTopic({ bootstrap, topic: transactional, partitions: 2 });
    const writing = await traffic({ records: { topic: plain }, ratePerSecond: FULL ? 4_000 : 1_500 });
    const e = engine({ topics: [plain, transactional], tuning: { unknownFateWaitMs: 500 } });
    let transactions: Promise<unknown> = Promise.resolve();
    for (let round = 0; round < kills; round++) {
      e.start();
      transactions = transactions.then(() =>
        interleavedTransactions({ bootstrap, topic: transactional, transactions: 8, seed: round + 1 }),
      );
      // Killed at another moment each time: in the middle of recovery, of a backlog, of steady traffic.
      await e.goesOn((round * 400) / kills + 1, [plain]);
      await sleep((round * 37) % 120);
      await e.kill();
    }
    await writing.stop();
    await transactions;
    e.start();
    await e.caughtUp();
    const result = await same(plain);
    expect(result.records).toBeGreaterThan(10_000);
    await same(transactional);
  });

  it('resumes a backfill of records older than the producer-id expiry after a kill in the middle', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('old');
    await createTopic({ bootstrap, topic, partitions: 1 });
    const timestampStart = Date.now() - 40 * 86_400_000;
    await produce({
      bootstrap,
      batchBytes: 1_000,
      lingerMs: 0,
      records: { topic, count: 30_000, valueBytes: 100, timestampStart, timestampStepMs: 10 },
    });
    const e = engine({ topics: [topic], tuning: { unknownFateWaitMs: 500 } });
    for (let round = 0; round < 3; round++) {
      e.start();
      await e.goesOn(500);
      await e.kill();
    }
    e.start();
    await e.caughtUp();
    expect((await same(topic)).records).toBe(30_000);
  });
});

describe('two engines by mistake', () => {
  it('the last one started wins, the other stands down and says so', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('two');
    await createTopic({ bootstrap, topic, partitions: 3 });
    const writing = await traffic({ records: { topic }, ratePerSecond: FULL ? 2_000 : 700 });
    const name = uniqueName('both');
    const first = engine({ topics: [topic], name });
    // Longer than the first one may go on for.
    const second = engine({ topics: [topic], name, tuning: { unknownFateWaitMs: 15_000 } });
    first.start();
    await first.goesOn(1_000);
    second.start();
    expect(await standsDown(first)).toMatch(/[Aa]nother engine runs this link/);
    await second.goesOn(2_000);
    // Then it raises the epoch.
    await sleep(15_000);
    await second.goesOn(2_000);
    await writing.stop();
    await second.caughtUp();
    await same(topic);
  });

  it('the second one, which looked when the mirror was empty, does not append behind that look', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('stale-look');
    await createTopic({ bootstrap, topic, partitions: 1 });
    const name = uniqueName('stale');
    const first = engine({ topics: [topic], name });
    const second = engine({ topics: [topic], name, tuning: { unknownFateWaitMs: 12_000 } });
    first.start();
    await first.caughtUp();
    second.start();
    await second.caughtUp();
    // Both have it, and nobody's sequence is known: the second one waits, and the first one still appends unless it has stood down by now.
    await produce({ bootstrap, records: { topic, count: 500 } });
    await second.caughtUp();
    await same(topic);
    await produce({ bootstrap, records: { topic, count: 500, firstIndex: 500 } });
    await second.caughtUp();
    expect((await same(topic)).records).toBe(1_000);
  });

  it('an engine that was stopped and wakes up again stands down', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('sleeper');
    await createTopic({ bootstrap, topic, partitions: 2 });
    const writing = await traffic({ records: { topic }, ratePerSecond: FULL ? 2_000 : 700 });
    const name = uniqueName('sleep');
    const first = engine({ topics: [topic], name });
    const second = engine({ topics: [topic], name, tuning: { unknownFateWaitMs: 500 } });
    first.start();
    await first.goesOn(1_000);
    first.pause();
    second.start();
    await second.goesOn(2_000);
    first.resume();
    await standsDown(first);
    await writing.stop();
    await second.caughtUp();
    await same(topic);
  });
});

/** @returns what it says of it */
async function standsDown(e: EngineProcess): Promise<string | null> {
  let message: string | null = null;
  await waitFor('the first one stands down', async () => {
    const link = (await e.places())?.link;
    message = link?.message ?? null;
    return link?.state === 'FAILED';
  });
  return message;
}
