// Failing mirrors over: without their source, after a restart too, with partitions that are offline, and out of states in which nothing is mirrored. About 30 s.
import { describe, expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import { produce } from '@/harness/produce';
import { readRecords } from '@/harness/records';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, deleteRecords, describeConfig, listOffsets } from '@/harness/topics';

const dying = suiteCluster({ name: 'dying-source' });
const source = sharedCluster({ name: 'source' });
const destination = suiteCluster({ name: 'three', brokers: 3 });

const { link, same } = linkSuite({ source, destination, name: 'failover', faulty: destination });

async function topicAt(bootstrap: string, partitions: number, count: number, configs = {}) {
  const topic = uniqueName('failed-over');
  await createTopic({ bootstrap, topic, partitions, configs });
  if (count > 0) await produce({ bootstrap, records: { topic, count } });
  return topic;
}
const ends = (bootstrap: string, topic: string) => listOffsets({ bootstrap, topic, at: 'latest' });

describe('a failover', () => {
  it('needs no source, before and after a restart, and says what is missing as far as it was ever seen', async () => {
    const { bootstrap } = dying();
    const configs = { 'retention.ms': '7200000' };
    const [first, second] = [
      await topicAt(bootstrap, 2, 400, configs),
      await topicAt(bootstrap, 2, 400, configs),
    ];
    const before = link({ source: dying(), topics: [first, second] });
    await before.caughtUp();
    before.change((desired) => {
      for (const mirror of desired.mirrors) mirror.paused = true;
    });
    await produce({ bootstrap, records: { topic: second, count: 60, firstIndex: 400 } });
    await before.until('it has seen them', () =>
      before.mirror(second).partitions.every((p) => p.sourceHighWatermark === 230n),
    );
    await dying().brokers[0]?.kill();
    before.end(first, 'FAILOVER');
    const own = await before.ended(first);
    expect(own.statement).toMatchObject({ kind: 'FAILOVER', missing: '0' });
    expect(own.steps.every(({ name }) => name !== 'DRAIN')).toBe(true);
    await before.stop();
    const after = link({ source: dying(), topics: [second], facts: before });
    after.end(second, 'FAILOVER');
    const { statement } = await after.ended(second);
    expect(statement.missing).toBe('60');
    expect(statement.knownAt).toBeLessThan(statement.at);
    const there = destination().bootstrap;
    for (const topic of [first, second]) {
      expect([...(await ends(there, topic)).values()]).toEqual([201n, 201n]);
      expect((await describeConfig({ bootstrap: there, topic }))['retention.ms']).toBe('7200000');
    }
  });

  it('names partitions that are offline and waits for them; by force it goes on without them', async () => {
    const topics = [await topicAt(source().bootstrap, 6, 600), await topicAt(source().bootstrap, 6, 600)];
    const [waiting, forced] = topics as [string, string];
    const l = link({ topics, replicationFactor: 1 });
    await l.caughtUp();
    const offline = l.mirror(waiting).partitions.flatMap((p) => (p.mirrorLeader === 3 ? [p.index] : []));
    expect(offline.length).toBeGreaterThan(0);
    await destination().broker(3).kill();
    l.end(waiting, 'FAILOVER');
    await l.until('it names them', () =>
      (l.mirror(waiting).explain ?? '').includes(
        `Without a leader on the destination: partitions ${offline.join(', ')}`,
      ),
    );
    l.end(forced, 'FAILOVER', { force: true });
    const { statement } = await l.ended(forced);
    expect(statement.missing).toBeNull();
    const without = statement.partitions.filter(({ fence }) => fence === null);
    expect(without.length).toBeGreaterThan(0);
    for (const one of without) expect(one).toMatchObject({ mirrorEnd: null, missing: null });
    expect(l.operations.get(waiting)?.outcome).toBeNull();
    await destination().broker(3).start();
    expect((await l.ended(waiting)).statement.missing).toBe('0');
    await same(waiting, { expectMirrorEnd: 'any' });
    expect([...(await ends(destination().bootstrap, waiting)).values()]).toEqual(Array(6).fill(101n));
  });

  it('in the middle of a head leaves none of its fillers', async () => {
    const { bootstrap } = source();
    const topic = await topicAt(bootstrap, 1, 100_000);
    await deleteRecords({ bootstrap, topic, before: new Map([[0, 99_990n]]) });
    const l = link({ topics: [topic], tuning: { fillerRecords: 50 } });
    await l.until('the head is being filled', () => {
      const [partition] = l.mirror(topic).partitions;
      return partition?.mode === 'HEAD' && partition.acked > 500n;
    });
    l.end(topic, 'FAILOVER');
    const { statement } = await l.ended(topic);
    const place = { bootstrap: destination().bootstrap, topic };
    const end = BigInt(statement.partitions[0]?.mirrorEnd ?? -1);
    expect(end).toBeLessThan(99_990n);
    expect((await listOffsets({ ...place, at: 'earliest' })).get(0)).toBe(end);
    expect(await readRecords({ ...place, isolation: 'read_uncommitted' })).toEqual([]);
  });

  it('is the way out for a mirror that somebody else wrote to, whose end says nothing of what is missing', async () => {
    const topic = await topicAt(source().bootstrap, 1, 50);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await produce({ bootstrap: destination().bootstrap, records: { topic, count: 1 } });
    await l.until('it fails', () => l.mirror(topic).state === 'FAILED');
    l.end(topic, 'PROMOTE');
    expect((await l.ended(topic, 'FAILED')).message).toContain('Somebody else wrote');
    l.operations.clear();
    l.end(topic, 'FAILOVER');
    const { statement } = await l.ended(topic);
    expect(statement.missing).toBeNull();
    expect(statement.partitions[0]?.note).toContain('It had failed before: Somebody else wrote');
  });
});
