// Brokers of a three-broker source killed, paused and elected unclean under load.
// LANDBRIDGE_FULL=1 plays more rounds under more load, which takes several minutes.
import { describe, expect, it } from 'vitest';
import { waitUntilCompacted } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import { openProducer, produce } from '@/harness/produce';
import { readRecords, summarizeTopic } from '@/harness/records';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { alterConfig, createTopic, describeTopic, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { SOURCE_SWEEP_MS } from './defaults';

const FULL = process.env.LANDBRIDGE_FULL === '1';
const source = suiteCluster({ name: 'three-sources', brokers: 3 });
const destination = sharedCluster({ name: 'destination' });

const { link, same, traffic, transactions, atEnd } = linkSuite({
  source,
  destination,
  name: 'source-faults',
  faulty: source,
});

describe('a source broker', () => {
  it('that is killed or stands still leaves every mirror exact', async () => {
    const { bootstrap } = source();
    const [plain, transactional] = [uniqueName('plain'), uniqueName('txn')];
    for (const topic of [plain, transactional])
      await createTopic({
        bootstrap,
        topic,
        partitions: 3,
        replicationFactor: 3,
        configs: { 'min.insync.replicas': '2' },
      });
    const traffics = [
      await traffic({ records: { topic: plain }, ratePerSecond: FULL ? 2_000 : 800, acks: 'all' }),
      await transactions(transactional, 300),
    ];
    const topics = [plain, transactional];
    const l = link({ topics });
    for (let round = 0; round < (FULL ? 16 : 2); round++) {
      await l.goesOn(topics);
      const broker = source().broker(l.mirror(transactional).partitions[round % 3]?.sourceLeader ?? -1);
      if (round % 2 === 0) await broker.kill();
      else broker.pause();
      await l.goesOn(topics);
      if (round % 2 === 0) await broker.start();
      else broker.resume();
    }
    await Promise.all(traffics.map((running) => running.stop()));
    await l.caughtUp();
    for (const topic of topics) await same(topic);
  });

  // A source that is shorter than its mirror is met in the tests of restored sources, too, and sooner.
  for (const regrown of FULL ? [false, true] : [true]) {
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

  it('whose log was cut in the middle of what had been cleaned ends with a hole, which the mirror stands for', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('trailing-hole');
    await createTopic({
      bootstrap,
      topic,
      assignments: [[1, 2]],
      configs: {
        'cleanup.policy': 'compact',
        'segment.ms': '10000',
        'min.cleanable.dirty.ratio': '0.001',
        'unclean.leader.election.enable': 'true',
      },
    });
    const old = Date.now() - 3_600_000;
    // One producer for all: the cleaner leaves an empty batch in the place of a producer's last one, and the hole would be in front of it.
    const producer = await openProducer({ bootstrap });
    atEnd(() => producer.abandon());
    const write = (seconds: number, ...keys: string[]) => {
      const record = (key: string) => ({ key, value: `${key} ${seconds}`, timestamp: old + seconds * 1_000 });
      return producer.send(topic, keys.map(record), { batchEach: true });
    };
    // Broker 2 has the first four records only. On broker 1 the cleaner removes three of them for the sake of later ones …
    await write(0, 'stays', 'a', 'b', 'c');
    await source().broker(2).kill();
    await write(100, 'a', 'b', 'c');
    await write(200, 'roll');
    await waitUntilCompacted({ bootstrap, topic });
    // … which it then loses to an unclean leader, and leads again: offset 0 is its last record, 4 its end.
    const leads = (id: number) =>
      waitFor(
        `broker ${id} leads`,
        async () => (await describeTopic({ bootstrap, topic })).partitions[0]?.leader === id,
        {
          limitMs: 120_000,
        },
      );
    await source().broker(1).kill();
    await source().broker(2).launch();
    await leads(2);
    await source().broker(1).start();
    await waitFor(
      'broker 1 has followed',
      async () => (await describeTopic({ bootstrap, topic })).partitions[0]?.isr.length === 2,
    );
    await source().broker(2).kill();
    await leads(1);
    expect((await listOffsets({ bootstrap, topic, at: 'latest' })).get(0)).toBe(4n);

    // Kafka's own consumers stand in front of such a hole until something is written behind it; the link goes on.
    // Where no cleaner works, an empty answer proves nothing (a remote tier may be slow): the mirror waits.
    await alterConfig({ bootstrap, topic, configs: { 'cleanup.policy': 'delete' } });
    const l = link({ topics: [topic] });
    await l.until('the record is there', () => l.mirror(topic).partitions[0]?.acked === 1n);
    const waitingSince = Date.now();
    await waitFor('holes would have been looked for', () => Date.now() - waitingSince > 3 * SOURCE_SWEEP_MS);
    expect(l.mirror(topic).partitions[0]?.acked).toBe(1n);
    await alterConfig({ bootstrap, topic, configs: { 'cleanup.policy': 'compact' } });
    await l.caughtUp();
    const mirror = { bootstrap: destination().bootstrap, topic };
    expect((await listOffsets({ ...mirror, at: 'latest' })).get(0)).toBe(4n);
    expect((await readRecords(mirror)).map((r) => r.offset)).toEqual([0n]);
    const later = await openProducer({ bootstrap });
    await later.send(topic, [{ key: 'a', value: 'later', timestamp: Date.now() }]);
    await later.close();
    await l.caughtUp();
    await same(topic, { compacted: true });
  });
});
