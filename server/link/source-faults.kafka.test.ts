// Brokers of a three-broker source killed, paused and elected unclean under load.
// About 150 s on a loaded machine; LANDBRIDGE_FULL=1 plays more rounds, which takes several minutes.
import { afterEach, describe, expect, it } from 'vitest';
import { compareTopics } from '@/harness/compare';
import { type LinkOptions, LinkUnderTest } from '@/harness/link-under-test';
import { produce, startTraffic } from '@/harness/produce';
import { summarizeTopic } from '@/harness/records';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, describeTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const FULL = process.env.LANDBRIDGE_FULL === '1';
const source = suiteCluster({ name: 'three-sources', brokers: 3 });
const destination = sharedCluster({ name: 'destination' });

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const broker of source().brokers) broker.resume();
  for (const end of endings.splice(0).reverse()) await end();
  await Promise.all(source().brokers.map((broker) => broker.start()));
});

function link(options: Partial<LinkOptions> & { topics: string[] }): LinkUnderTest {
  const made = new LinkUnderTest({
    source: source(),
    destination: destination(),
    name: uniqueName('source-faults'),
    ...options,
  });
  endings.push(() => made.stop());
  return made;
}

async function load(topic: string, options: { transactions: boolean }) {
  const traffic = await startTraffic({
    bootstrap: source().bootstrap,
    records: { topic },
    ratePerSecond: options.transactions ? 300 : 2_000,
    lingerMs: 1,
    acks: 'all',
    ...(options.transactions ? { transactionalId: topic, recordsPerTransaction: 10, abortRatio: 0.3 } : {}),
  });
  let stopped: Promise<unknown> | null = null;
  const stop = () => {
    stopped ??= traffic.stop();
    return stopped;
  };
  endings.push(stop);
  return stop;
}

async function goesOn(l: LinkUnderTest, topic: string): Promise<void> {
  const before = l.mirror(topic).partitions.map((p) => p.mirrorHighWatermark);
  await l.until(
    'all partitions go on',
    () => l.mirror(topic).partitions.every((p, i) => p.mirrorHighWatermark > (before[i] ?? 0n) + 20n),
    180_000,
  );
}

function same(topic: string) {
  return compareTopics({
    source: { bootstrap: source().bootstrap, topic },
    mirror: { bootstrap: destination().bootstrap, topic },
  });
}

describe('a source broker', () => {
  for (const transactions of [false, true]) {
    it(`that is killed or stands still leaves mirrors of ${transactions ? 'transactions' : 'plain records'} exact`, async () => {
      const topic = uniqueName('source-fault');
      const bootstrap = source().bootstrap;
      await createTopic({
        bootstrap,
        topic,
        partitions: 3,
        replicationFactor: 3,
        configs: { 'min.insync.replicas': '2' },
      });
      const stop = await load(topic, { transactions });
      const l = link({ topics: [topic] });
      await l.until('it runs', () => l.mirror(topic).partitions.length === 3);
      for (let round = 0; round < (FULL ? 8 : 2); round++) {
        await goesOn(l, topic);
        const broker = source().broker(l.mirror(topic).partitions[round % 3]?.sourceLeader ?? -1);
        if (round % 2 === 0) await broker.kill();
        else broker.pause();
        await goesOn(l, topic);
        if (round % 2 === 0) await broker.start();
        else broker.resume();
      }
      await stop();
      await l.caughtUp();
      await same(topic);
    });
  }

  for (const regrown of [false, true]) {
    it(`that lost records in an unclean election ${regrown ? 'and has other ones by now ' : ''}is named, and the mirror keeps what it has`, async () => {
      const bootstrap = source().bootstrap;
      const topic = uniqueName('unclean');
      await createTopic({
        bootstrap,
        topic,
        assignments: [[1, 2]],
        configs: { 'unclean.leader.election.enable': 'true', 'min.insync.replicas': '1' },
      });
      await produce({ bootstrap, records: { topic, count: 500 } });
      await source().broker(2).kill();
      await produce({ bootstrap, records: { topic, count: 300, firstIndex: 500 } });
      const l = link({ topics: [topic] });
      await l.caughtUp();
      await source().broker(1).kill();
      await source().broker(2).launch();
      await waitFor(
        'an unclean leader',
        async () => (await describeTopic({ bootstrap, topic })).partitions[0]?.leader === 2,
        { limitMs: 120_000 },
      );
      if (regrown) await produce({ bootstrap, records: { topic, count: 900, firstIndex: 10_000 } });
      await l.until('the mirror fails', () => l.mirror(topic).state === 'FAILED', 120_000);
      expect(l.mirror(topic).error).toBe('UNEXPECTED_TRUNCATION');
      const mirror = await summarizeTopic({ bootstrap: destination().bootstrap, topic });
      expect(mirror.get(0)?.records).toBe(800);
      await source().broker(1).start();
      await source().broker(2).waitUntilReady();
    });
  }
});
