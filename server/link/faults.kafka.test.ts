// The engine killed, stopped and doubled under load: nothing may be lost, doubled or shifted.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { compareTopics } from '@/harness/compare';
import { EngineProcess } from '@/harness/engine-process';
import { interleavedTransactions } from '@/harness/generate';
import type { LinkOptions } from '@/harness/link-under-test';
import { produce, startTraffic } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const engines: EngineProcess[] = [];
function engine(options: Partial<LinkOptions> & { topics: string[] }): EngineProcess {
  const made = new EngineProcess({
    source: source(),
    destination: destination(),
    name: uniqueName('fault'),
    ...options,
  });
  engines.push(made);
  return made;
}
afterEach(async () => {
  for (const e of engines.splice(0)) {
    e.resume();
    await e.kill();
  }
});

function same(topic: string) {
  return compareTopics({
    source: { bootstrap: source().bootstrap, topic },
    mirror: { bootstrap: destination().bootstrap, topic },
  });
}

describe('an engine that is killed', () => {
  it('goes on exactly after 20 kills under load, plain records and transactions', async () => {
    const bootstrap = source().bootstrap;
    const plain = uniqueName('kill');
    const transactional = uniqueName('kill-txn');
    await createTopic({ bootstrap, topic: plain, partitions: 4 });
    await createTopic({ bootstrap, topic: transactional, partitions: 2 });
    const traffic = await startTraffic({
      bootstrap,
      records: { topic: plain },
      ratePerSecond: 4_000,
      lingerMs: 1,
    });
    const e = engine({ topics: [plain, transactional], tuning: { unknownFateWaitMs: 500 } });
    let transactions: Promise<unknown> = Promise.resolve();
    for (let round = 0; round < 20; round++) {
      e.start();
      transactions = transactions.then(() =>
        interleavedTransactions({ bootstrap, topic: transactional, transactions: 8, seed: round + 1 }),
      );
      // Killed at another moment each time: in the middle of recovery, of a backlog, of steady traffic.
      const limit = Date.now() + 20_000;
      const before = await total(e, limit);
      await waitFor('some progress', async () => (await total(e, limit)) > before + BigInt(round * 20), {
        limitMs: 20_000,
        everyMs: 5,
      });
      await sleep((round * 37) % 120);
      await e.kill();
    }
    await traffic.stop();
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
      const before = await total(e, Date.now() + 20_000);
      await waitFor('some progress', async () => (await total(e, Date.now() + 20_000)) > before + 500n, {
        limitMs: 30_000,
        everyMs: 5,
      });
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
    const traffic = await startTraffic({ bootstrap, records: { topic }, ratePerSecond: 2_000, lingerMs: 1 });
    const name = uniqueName('both');
    const first = engine({ topics: [topic], name });
    const second = engine({ topics: [topic], name });
    first.start();
    await waitFor('the first one runs', async () => (await total(first, 0)) > 1_000n, { limitMs: 30_000 });
    second.start();
    await waitFor('the first one stands down', async () => (await first.places())?.link?.state === 'FAILED', {
      limitMs: 30_000,
    });
    expect((await first.places())?.link?.message).toMatch(/[Aa]nother engine runs this link/);
    const at = await total(second, 0);
    await waitFor('the second one goes on', async () => (await total(second, 0)) > at + 2_000n, {
      limitMs: 30_000,
    });
    await traffic.stop();
    await second.caughtUp();
    await same(topic);
  });

  it('an engine that was stopped and wakes up again stands down', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('sleeper');
    await createTopic({ bootstrap, topic, partitions: 2 });
    const traffic = await startTraffic({ bootstrap, records: { topic }, ratePerSecond: 2_000, lingerMs: 1 });
    const name = uniqueName('sleep');
    const first = engine({ topics: [topic], name });
    const second = engine({ topics: [topic], name, tuning: { unknownFateWaitMs: 500 } });
    first.start();
    await waitFor('the first one runs', async () => (await total(first, 0)) > 1_000n, { limitMs: 30_000 });
    first.pause();
    second.start();
    await waitFor('the second one goes on', async () => (await total(second, 0)) > 4_000n, {
      limitMs: 30_000,
    });
    first.resume();
    await waitFor('the first one stands down', async () => (await first.places())?.link?.state === 'FAILED', {
      limitMs: 30_000,
    });
    await traffic.stop();
    await second.caughtUp();
    await same(topic);
  });
});

/** Sum of what the mirrors safely hold, as the engine says. */
async function total(e: EngineProcess, waitUntil: number): Promise<bigint> {
  for (;;) {
    const answer = await e.places();
    const places = answer?.places.filter((p) => p.mode === 'RUNNING') ?? [];
    if (places.length > 0 || Date.now() >= waitUntil)
      return places.reduce((sum, p) => sum + BigInt(p.acked), 0n);
    await sleep(5);
  }
}
