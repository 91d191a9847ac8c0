// Brokers of a three-broker destination killed, paused and slowed down under load, and a killed engine's markers that arrive late.
// LANDBRIDGE_FULL=1 plays more rounds under more load, which takes more than ten minutes.
import { describe, it } from 'vitest';
import type { EngineProcess } from '@/harness/engine-process';
import { interleavedTransactions } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import { produce } from '@/harness/produce';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const FULL = process.env.LANDBRIDGE_FULL === '1';
const source = sharedCluster({ name: 'source' });
const destination = suiteCluster({ name: 'three', brokers: 3 });

const { link, engine, same, traffic, transactions } = linkSuite({
  source,
  destination,
  name: 'broker-faults',
  replicationFactor: 3,
  faulty: destination,
});

/** Two topics under load: plain records and transactions of which some are aborted. */
async function load(): Promise<{ plain: string; transactional: string; stop: () => Promise<void> }> {
  const bootstrap = source().bootstrap;
  const plain = uniqueName('plain');
  const transactional = uniqueName('txn');
  await createTopic({ bootstrap, topic: plain, partitions: 6 });
  await createTopic({ bootstrap, topic: transactional, partitions: 3 });
  const traffics = [
    await traffic({ records: { topic: plain }, ratePerSecond: FULL ? 2_000 : 800 }),
    await transactions(transactional, 200),
  ];
  const stop = async () => void (await Promise.all(traffics.map((running) => running.stop())));
  return { plain, transactional, stop };
}

describe('a destination broker', () => {
  it('that is killed and comes back leaves every mirror exact', async () => {
    const { plain, transactional, stop } = await load();
    const l = link({ topics: [plain, transactional] });
    await l.caughtUp();
    for (let round = 0; round < (FULL ? 9 : 2); round++) {
      await l.goesOn([plain, transactional]);
      const leader = l.mirror(transactional).partitions[round % 3]?.mirrorLeader ?? -1;
      await destination().broker(leader).kill();
      await l.goesOn([plain, transactional]);
      await destination().broker(leader).start();
    }
    await stop();
    await l.caughtUp();
    await same(plain);
    await same(transactional);
  });

  it('that stands still and wakes up again leaves every mirror exact', async () => {
    const { plain, transactional, stop } = await load();
    // What is in flight must have been given up before the broker wakes up and reads it.
    const giveUpMs = FULL ? 20_000 : 4_000;
    const tuning = { produceTimeoutMs: giveUpMs, markersTimeoutMs: giveUpMs };
    const l = link({ topics: [plain, transactional], tuning });
    await l.caughtUp();
    for (let round = 0; round < (FULL ? 6 : 1); round++) {
      await l.goesOn([plain, transactional]);
      const leader = l.mirror(transactional).partitions[round % 3]?.mirrorLeader ?? -1;
      destination().broker(leader).pause();
      const pausedAt = Date.now();
      await l.until(
        'its partitions have other leaders',
        () =>
          [...l.mirror(plain).partitions, ...l.mirror(transactional).partitions].every(
            (p) => p.mirrorLeader !== leader,
          ) && Date.now() - pausedAt > giveUpMs + 1_000,
      );
      destination().broker(leader).resume();
      await l.goesOn([plain, transactional]);
    }
    await stop();
    await l.caughtUp();
    await same(plain);
    await same(transactional);
  });

  it('that stands still stalls no partition of the other brokers', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('stall');
    await createTopic({ bootstrap, topic, partitions: 3 });
    // One replica each, one partition on each broker: nobody can take over.
    await createTopic({
      bootstrap: destination().bootstrap,
      topic,
      assignments: [[1], [2], [3]],
    });
    const writing = await traffic({ records: { topic, valueBytes: 1_000 }, ratePerSecond: 3_000 });
    const l = link({ topics: [topic], settings: { 'link.memory.bytes': 8_388_608 } });
    await l.caughtUp();
    destination().broker(2).pause();
    for (let round = 0; round < 3; round++) await l.goesOn([topic], { which: (p) => p.mirrorLeader !== 2 });
    destination().broker(2).resume();
    await l.goesOn([topic]);
    await writing.stop();
    await l.caughtUp();
    await same(topic);
  });

  it('that follows slowly costs nothing, also when the engine is restarted while the log is not safe yet', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('slow');
    await createTopic({ bootstrap, topic, partitions: 1 });
    await createTopic({ bootstrap: destination().bootstrap, topic, assignments: [[1, 2]] });
    let l = link({ topics: [topic] });
    await l.caughtUp();
    for (let round = 0; round < (FULL ? 8 : 2); round++) {
      const wanted = BigInt(1_000 * (round + 1));
      // An in-sync follower can't be throttled, only stopped: until the controller gives it up, nothing more becomes safe.
      destination().broker(2).pause();
      await produce({ bootstrap, records: { topic, count: 1_000, firstIndex: 1_000 * round } });
      await l.until('all is appended', () => l.mirror(topic).partitions[0]?.acked === wanted);
      await l.stop();
      l = link({ topics: [topic], facts: l });
      destination().broker(2).resume();
      await l.caughtUp();
      await destination().broker(2).waitUntilReady();
    }
    await same(topic);
  });
});

describe('markers of a killed engine', () => {
  it('that arrive after its successor has started neither shift nor lose a record', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('late');
    await createTopic({ bootstrap, topic, partitions: 3 });
    const e = engine({ topics: [topic] });
    for (let round = 0; round < (FULL ? 12 : 3); round++) {
      const transactions = interleavedTransactions({
        bootstrap,
        topic,
        transactions: 40,
        maxRecords: 3,
        seed: round + 1,
      });
      e.start();
      const before = await acked(e);
      await waitFor('it mirrors transactions', async () => (await acked(e)) > before + 30n, {
        everyMs: 5,
      });
      // Markers and data are in the brokers' socket buffers when the engine dies; they are read when the brokers go on.
      for (const broker of destination().brokers) broker.pause();
      await e.kill();
      e.start();
      for (const broker of destination().brokers) broker.resume();
      await transactions;
      await e.caughtUp();
      await e.kill();
      await same(topic);
    }
  });
});

async function acked(e: EngineProcess): Promise<bigint> {
  const answer = await e.places();
  return answer?.places.reduce((sum, p) => sum + BigInt(p.acked), 0n) ?? 0n;
}
