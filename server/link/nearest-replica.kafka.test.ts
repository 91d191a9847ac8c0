// Links that read a source of three racks from the replica near them: what arrives, which broker it came from, what is said of lag, and what happens when
// that replica falls behind, stands still or dies. About 90 s.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { waitUntilCompacted } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { openProducer, produce } from '@/harness/produce';
import type { SeenRequest } from '@/harness/tcp-proxy';
import { proxiedCluster, sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, describeTopic, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { partitionLag } from '@/server/metrics/lag';
import { snapshotOf } from './snapshot';

const FETCH = 1;
const [LEADER, OTHER, NEAR] = [1, 2, 3] as const;

const { cluster: source, proxy } = proxiedCluster({
  name: 'racks',
  brokers: 3,
  racks: ['a', 'b', 'c'],
  properties: { 'replica.lag.time.max.ms': '3000' },
});
const destination = sharedCluster({ name: 'destination' });
/** Nothing but records and questions for the nearest replica is fetched: verification reads leaders. */
const near = { 'client.rack': 'c', 'verify.budget.percent': 0 };
const { link, same, traffic, transactions, atEnd } = linkSuite({
  source,
  destination,
  name: 'nearest',
  settings: near,
  faulty: source,
});

/** What a link got in answer to fetches, by broker. */
const fetched = new Map<number, number>();
beforeEach(() => {
  fetched.clear();
  for (const id of [LEADER, OTHER, NEAR]) {
    proxy(id).speak();
    proxy(id).answered = ({ api, clientId }, bytes) => {
      if (api === FETCH && clientId.startsWith('landbridge-'))
        fetched.set(id, (fetched.get(id) ?? 0) + bytes);
    };
  }
});
const bytesFrom = (id: number) => fetched.get(id) ?? 0;

async function ledBy(leader: number, partitions = 1, configs: Record<string, string> = {}): Promise<string> {
  const topic = uniqueName('racks');
  const others = [LEADER, OTHER, NEAR].filter((id) => id !== leader);
  await createTopic({
    bootstrap: source().bootstrap,
    topic,
    assignments: Array.from({ length: partitions }, () => [leader, ...others]),
    configs: { 'min.insync.replicas': '1', ...configs },
  });
  return topic;
}
const readFrom = (l: LinkUnderTest, topic: string) =>
  l.mirror(topic).partitions.map((partition) => partition.source?.brokerId ?? -1);
const isReadFrom = (l: LinkUnderTest, topic: string, broker: number) =>
  l.until(`${topic} is read from broker ${broker}`, () => {
    const from = readFrom(l, topic);
    return from.length > 0 && from.every((id) => id === broker);
  });

/** Up to where a broker's cleaner has come in a topic of one partition, as it writes it down itself. */
async function cleanedTo(id: number, topic: string): Promise<number> {
  const file = join(source().broker(id).nodeDir, 'data', 'cleaner-offset-checkpoint');
  const lines = (await readFile(file, 'utf8')).split('\n');
  return Number(lines.find((line) => line.startsWith(`${topic} 0 `))?.split(' ')[2] ?? 0);
}

/** Every lag that is shown while a test runs: below zero it would be told as unknown, and as ahead. */
function watchLag(l: LinkUnderTest): { most: () => bigint; stop: () => void } {
  let most = 0n;
  const timer = setInterval(() => {
    const { columns } = snapshotOf([l.runner], Date.now());
    for (let at = 0; at < columns.mirrorEnd.length; at++) {
      const { messages, ahead } = partitionLag(columns, at);
      expect(ahead).toBe(false);
      if (messages !== null && messages > most) most = messages;
    }
  }, 20);
  atEnd(() => clearInterval(timer));
  return { most: () => most, stop: () => clearInterval(timer) };
}

describe('a link with client.rack', () => {
  it('reads records from the replica in its rack, transactions too, and they are equal', async () => {
    const [plain, transactional] = [await ledBy(LEADER, 3), await ledBy(OTHER)];
    const topics = [plain, transactional];
    const running = [
      await traffic({ records: { topic: plain }, ratePerSecond: 1_000 }),
      await transactions(transactional, 300),
    ];
    const l = link({ topics });
    await l.goesOn(topics);
    for (const topic of topics) await isReadFrom(l, topic, NEAR);
    const lag = watchLag(l);
    const before = new Map(fetched);
    await l.goesOn(topics, { by: 500n });
    for (const topic of topics) expect(new Set(readFrom(l, topic))).toEqual(new Set([NEAR]));
    // Leaders only say who is nearest. What is appended now may have been fetched before.
    const since = (id: number) => bytesFrom(id) - (before.get(id) ?? 0);
    await l.until('much has come from there', () => since(NEAR) > 100_000);
    expect(since(LEADER) + since(OTHER)).toBeLessThan(since(NEAR) / 5);
    await Promise.all(running.map((one) => one.stop()));
    await l.caughtUp();
    lag.stop();
    for (const topic of topics) expect((await same(topic)).records).toBeGreaterThan(300);
    expect(l.mirror(plain)).toMatchObject({ state: 'ACTIVE', explain: null });
  });

  it('reads leaders where none is in its rack, where the leader is, and once the setting is taken back', async () => {
    const [far, close] = [await ledBy(LEADER), await ledBy(NEAR)];
    for (const topic of [far, close])
      await produce({ bootstrap: source().bootstrap, records: { topic, count: 500 } });
    const l = link({ topics: [far, close], settings: { ...near, 'client.rack': 'nowhere' } });
    await l.caughtUp();
    expect([...readFrom(l, far), ...readFrom(l, close)]).toEqual([LEADER, NEAR]);
    l.change(({ settings }) => {
      settings['client.rack'] = 'b';
    });
    await isReadFrom(l, far, OTHER);
    await isReadFrom(l, close, OTHER);
    l.change(({ settings }) => {
      settings['client.rack'] = '';
    });
    await isReadFrom(l, far, LEADER);
    await isReadFrom(l, close, NEAR);
    await produce({ bootstrap: source().bootstrap, records: { topic: far, count: 500, firstIndex: 500 } });
    await l.caughtUp();
    for (const topic of [far, close]) await same(topic);
  });

  it('does not follow whom a leader names late, for a rack that is not set any more', async () => {
    const topic = await ledBy(LEADER);
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 100 } });
    const l = link({ topics: [topic], settings: { ...near, 'client.rack': '' } });
    await l.caughtUp();
    const rack = (name: string) =>
      l.change(({ settings }) => {
        settings['client.rack'] = name;
      });
    // Each look at the mirror is right behind one at the rack.
    const looks = async (count: number) => {
      for (let seen = 0, last = 0; seen < count; seen++) {
        last = l.mirror(topic).partitions[0]?.mirrorSeenMs ?? 0;
        await l.until('it is looked', () => (l.mirror(topic).partitions[0]?.mirrorSeenMs ?? 0) > last);
      }
    };
    await looks(1);
    let [asked, answered] = [0, 0];
    const isFetch = ({ api, clientId }: SeenRequest) => api === FETCH && clientId.startsWith('landbridge-');
    proxy(LEADER).fate = (request) => {
      if (!isFetch(request)) return 'arrives';
      asked++;
      return 'late';
    };
    atEnd(() => {
      proxy(LEADER).fate = () => 'arrives';
      proxy(LEADER).deliver();
    });
    rack('c');
    await l.until('records are asked for, and who is nearest', () => asked > 1);
    rack('');
    await looks(2);
    proxy(LEADER).fate = () => 'arrives';
    proxy(LEADER).answered = (request) => {
      if (isFetch(request)) answered++;
    };
    proxy(LEADER).deliver();
    await l.until('both are answered', () => answered > 1);
    await looks(2);
    expect(readFrom(l, topic)).toEqual([LEADER]);
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 100, firstIndex: 100 } });
    await l.caughtUp();
    await same(topic);
  });

  it('counts lag to the end of the leader, and leaves a follower that brings nothing until it is in step again', async () => {
    const topic = await ledBy(LEADER);
    // The leader is not asked in the meantime: it would say that the follower is not in sync any more.
    const l = link({ topics: [topic], settings: { ...near, 'metadata.max.age.ms': 10_000 } });
    await l.caughtUp();
    await isReadFrom(l, topic, NEAR);
    const lag = watchLag(l);
    // The follower answers the link, and gets nothing any more.
    for (const id of [LEADER, OTHER]) proxy(id).silence((client) => client.startsWith(`broker-${NEAR}-`));
    const running = await traffic({ records: { topic }, ratePerSecond: 500, acks: '1' });
    await isReadFrom(l, topic, LEADER);
    expect(lag.most()).toBeGreaterThan(100n);
    await l.goesOn([topic], { by: 500n });
    expect(readFrom(l, topic)).toEqual([LEADER]);
    for (const id of [LEADER, OTHER]) proxy(id).speak();
    await isReadFrom(l, topic, NEAR);
    await l.goesOn([topic]);
    await running.stop();
    await l.caughtUp();
    await same(topic);
  });

  it('goes on from leaders when the replica stands still or dies, comes back to it, and loses nothing when leaders move', async () => {
    const [plain, transactional] = [await ledBy(LEADER, 2), await ledBy(LEADER)];
    const topics = [plain, transactional];
    const running = [
      await traffic({ records: { topic: plain }, ratePerSecond: 1_000, acks: 'all' }),
      await transactions(transactional, 200),
    ];
    const l = link({ topics });
    await l.goesOn(topics);
    for (const topic of topics) await isReadFrom(l, topic, NEAR);
    const replica = source().broker(NEAR);
    replica.pause();
    for (const topic of topics) await isReadFrom(l, topic, LEADER);
    await l.goesOn(topics);
    replica.resume();
    for (const topic of topics) await isReadFrom(l, topic, NEAR);
    await replica.kill();
    for (const topic of topics) await isReadFrom(l, topic, LEADER);
    await l.goesOn(topics);
    await replica.start();
    for (const topic of topics) await isReadFrom(l, topic, NEAR);
    await source().broker(LEADER).kill();
    await waitFor('another leader', async () =>
      (await describeTopic({ bootstrap: source().bootstrap, topic: plain })).partitions.every(
        ({ leader }) => leader !== LEADER,
      ),
    );
    await l.goesOn(topics);
    await Promise.all(running.map((one) => one.stop()));
    await source().broker(LEADER).start();
    await l.caughtUp();
    for (const topic of topics) await same(topic);
  });

  it('promotes under load with transactions, by the ends of leaders: nothing is missing', async () => {
    const topic = await ledBy(LEADER, 2);
    const running = await transactions(topic, 500);
    const l = link({ topics: [topic] });
    await l.goesOn([topic]);
    await isReadFrom(l, topic, NEAR);
    l.end(topic, 'PROMOTE');
    await l.until('it waits for the producer', () =>
      /being written to/.test(
        l.operations.get(topic)?.steps.find(({ name }) => name === 'DRAIN')?.detail ?? '',
      ),
    );
    expect(readFrom(l, topic)).toEqual([NEAR, NEAR]);
    await running.stop();
    const { statement } = await l.ended(topic);
    expect(statement).toMatchObject({ missing: '0', notes: [] });
    const ends = await listOffsets({ bootstrap: source().bootstrap, topic, at: 'latest' });
    expect(statement.partitions.map(({ mirrorEnd }) => mirrorEnd)).toEqual([...ends.values()].map(String));
    expect((await same(topic, { expectMirrorEnd: 'any' })).records).toBeGreaterThan(20);
  });

  it('mirrors a compacted topic from a replica that is cleaned by itself', async () => {
    const { bootstrap } = source();
    const topic = await ledBy(LEADER, 1, {
      'cleanup.policy': 'compact',
      'segment.ms': '10000',
      'min.cleanable.dirty.ratio': '0.001',
    });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await isReadFrom(l, topic, NEAR);
    const pause = (paused: boolean) =>
      l.change(({ settings }) => {
        settings['cluster.link.paused'] = paused;
      });
    pause(true);
    await l.until('it stands still', () => l.mirror(topic).partitions[0]?.mode === 'STOPPED');
    const stepMs = 100;
    const timestampStart = Date.now() - 3_000 * stepMs - 30_000;
    const updates = { topic, keys: 100, nullValueRatio: 0.1, flushEvery: 40, timestampStepMs: stepMs };
    await produce({ bootstrap, records: { ...updates, count: 3_000, timestampStart } });
    const producer = await openProducer({ bootstrap });
    await producer.send(topic, [{ key: 'roll', value: 'roll', timestamp: Date.now() - 5_000 }]);
    await producer.close();
    await waitUntilCompacted({ bootstrap, topic });
    // Consumers read the leader: each replica has a cleaner of its own.
    await waitFor('the replica to be cleaned, too', async () => {
      const [there, here] = await Promise.all([cleanedTo(LEADER, topic), cleanedTo(NEAR, topic)]);
      return there > 0 && here >= there;
    });
    const before = bytesFrom(NEAR);
    pause(false);
    await l.caughtUp();
    expect(bytesFrom(NEAR) - before).toBeGreaterThan(10_000);
    expect(l.mirror(topic).partitions[0]?.fillMarkers).toBeGreaterThan(1_000n);
    await same(topic, { compacted: true, allow: { cleanedAtSource: true } });
  });
});
