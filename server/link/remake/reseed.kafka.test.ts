// After something went wrong with a mirror: looked at again once the cause is mended, a range declared lost, and the topic made anew. About 35 s; LANDBRIDGE_FULL=1 kills the engine at all points.
import { describe, expect, it } from 'vitest';
import { openConsumer } from '@/harness/consume';
import { linkSuite } from '@/harness/link-suite';
import { askToRemake } from '@/harness/link-under-test';
import { openProducer, produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, deleteRecords, deleteTopic, describeTopic, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });
const FULL = process.env.LANDBRIDGE_FULL === '1';
const { link, engine, same } = linkSuite({ source, destination, name: 'repair' });

async function topicWith(count: number, partitions = 1): Promise<string> {
  const topic = uniqueName('repaired');
  const { bootstrap } = source();
  await createTopic({ bootstrap, topic, partitions });
  if (count > 0) await produce({ bootstrap, records: { topic, count } });
  return topic;
}
const there = (topic: string) => ({ bootstrap: destination().bootstrap, topic });
const idThere = async (topic: string) => {
  const { topicId } = await describeTopic(there(topic));
  // Kafka's own tools write it as base64 without padding.
  return Buffer.from(topicId, 'base64url').toString('hex');
};

describe('checking again', () => {
  it('goes on once the source is back as it was, and not before', async () => {
    const topic = await topicWith(100);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    // As somebody who restores a topic in place of the one that was deleted.
    const { runner } = l;
    const mirror = runner.topics.get(topic);
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 10, firstIndex: 100 } });
    await l.caughtUp();
    mirror?.fail('SOURCE_TOPIC_MAY_BE_DELETED', 'It was gone.');
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 5, firstIndex: 110 } });
    expect(runner.checkAgain(topic)).toMatchObject({ topic: true });
    await l.caughtUp();
    expect((await same(topic)).records).toBe(115);
    expect(() => runner.checkAgain(topic)).toThrow('has failed');
  });

  it('fails a mirror anew for what still stands', async () => {
    const topic = await topicWith(50);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await produce({ bootstrap: destination().bootstrap, records: { topic, count: 1 } });
    await l.until('it fails', () => l.mirror(topic).state === 'FAILED');
    expect(l.runner.checkAgain(topic)).toMatchObject({ partitions: [0] });
    await l.until('it does not stand as FAILED', () => l.mirror(topic).partitions[0]?.mode !== 'FAILED');
    await l.until('it fails again', () => l.mirror(topic).state === 'FAILED');
    expect(l.mirror(topic).error).toBe('UNEXPECTED_WRITE');
  });

  it('leaves another topic of the name alone', async () => {
    const topic = await topicWith(50);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await deleteTopic(there(topic));
    await createTopic({ ...there(topic), partitions: 1 });
    await l.until('it fails', () => l.mirror(topic).state === 'FAILED');
    l.runner.checkAgain(topic);
    await l.until('it is looked at', () => l.mirror(topic).state !== 'FAILED');
    await l.until('it fails again', () => l.mirror(topic).state === 'FAILED');
    expect(l.mirror(topic).explain).toContain('created again by somebody else');
    expect([...(await listOffsets({ ...there(topic), at: 'latest' })).values()]).toEqual([0n]);
  });
});

it('a lost range that is accepted is filled, and just that one', async () => {
  const topic = await topicWith(100);
  const { bootstrap } = source();
  const l = link({ topics: [topic], settings: { 'source.range.lost': 'stop' } });
  await l.caughtUp();
  const pause = (paused: boolean) =>
    l.change((desired) => {
      for (const mirror of desired.mirrors) mirror.paused = paused;
    });
  pause(true);
  await l.until('it stands', () => l.mirror(topic).partitions.every((p) => p.mode === 'STOPPED'));
  await produce({ bootstrap, records: { topic, count: 100, firstIndex: 100 } });
  await deleteRecords({ bootstrap, topic, before: new Map([[0, 150n]]) });
  pause(false);
  await l.until('it fails', () => l.mirror(topic).error === 'SOURCE_RANGE_LOST');
  const lost = () => l.mirror(topic).partitions[0]?.lost;
  expect(lost()).toEqual({ from: 100n, to: 150n });
  const accept = (to: string) =>
    l.change((desired) => {
      const loss = { partition: 0, from: '100', to, at: Date.now(), by: 'somebody' };
      for (const mirror of desired.mirrors) mirror.acceptedLosses = [loss];
    });
  accept('140');
  await l.until('the wish is taken', () => l.runner.topics.get(topic)?.desired.acceptedLosses?.length === 1);
  expect(l.mirror(topic).error).toBe('SOURCE_RANGE_LOST');
  accept('150');
  await l.caughtUp();
  expect(
    l.events.some(({ to, message }) => to === 'SOURCE_RANGE_LOST' && message?.includes('100 to 149')),
  ).toBe(true);
  expect((await same(topic)).records).toBe(50);
});

describe('a re-seed', () => {
  it('deletes the mirror topic that was looked at, and mirrors anew from the beginning', async () => {
    const topic = await topicWith(300, 3);
    const l = link({ topics: [topic], settings: { 'verify.budget.percent': 5 } });
    await l.caughtUp();
    await produce({ bootstrap: destination().bootstrap, records: { topic, count: 3 } });
    await l.until('it fails', () => l.mirror(topic).state === 'FAILED');
    const look = await l.runner.lookAtMirror(topic);
    expect(look).toMatchObject({ partitions: 3, offsets: '303', activeGroups: [], rightsMissing: null });
    expect(look?.topicId).toBe(await idThere(topic));
    l.change((desired) => askToRemake(desired, topic, 'RESEED', { topicId: look?.topicId ?? null }));
    const { message, steps } = await l.remade(topic);
    expect(message).toContain('303 offsets was deleted');
    expect(
      steps.every(({ state, since, endedAt }) => state === 'DONE' && since !== null && endedAt !== null),
    ).toBe(true);
    await l.caughtUp();
    expect(await idThere(topic)).not.toBe(look?.topicId);
    expect((await same(topic)).records).toBe(300);
    expect(l.writes.some(({ what }) => what === 'TOPIC_DELETED')).toBe(true);
  });

  it('is refused for another topic than the one that was looked at, and changes nothing', async () => {
    const topic = await topicWith(50);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    const before = await idThere(topic);
    l.change((desired) => askToRemake(desired, topic, 'RESEED', { topicId: 'f'.repeat(32) }));
    expect((await l.remade(topic, 'FAILED')).message).toContain('is not the topic that was looked at');
    await l.caughtUp();
    expect(await idThere(topic)).toBe(before);
    expect((await same(topic)).records).toBe(50);
  });

  it('is refused while consumers are active on the topic, unless they do not matter', async () => {
    const topic = await topicWith(50);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    const group = uniqueName('active');
    const { bootstrap } = there(topic);
    const consumer = await openConsumer({ bootstrap, group, topics: [topic], reset: 'earliest' });
    try {
      await consumer.poll(10);
      await consumer.commit();
      expect(await l.runner.lookAtMirror(topic)).toMatchObject({ activeGroups: [group] });
      const topicId = await idThere(topic);
      l.change((desired) => askToRemake(desired, topic, 'RESEED', { topicId }));
      expect((await l.remade(topic, 'FAILED')).message).toContain(`in the groups ${group}`);
      expect(await idThere(topic)).toBe(topicId);
      l.operations.clear();
      const options = { activeGroups: 'ignore' } as const;
      l.change((desired) => askToRemake(desired, topic, 'RESEED', { topicId, options }));
      await l.remade(topic);
      await l.caughtUp();
      await same(topic);
    } finally {
      await consumer.close();
    }
  });

  it('waits for transactions that are open on the topic, and is taken back until then', async () => {
    const topic = await topicWith(50);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    const producer = await openProducer({
      bootstrap: destination().bootstrap,
      transactionalId: uniqueName('open'),
    });
    await producer.begin();
    await producer.send(topic, [{ value: 'foreign' }]);
    await l.until('it fails', () => l.mirror(topic).state === 'FAILED');
    const topicId = await idThere(topic);
    l.change((desired) => askToRemake(desired, topic, 'RESEED', { topicId }));
    await l.until('it waits', () => (l.mirror(topic).explain ?? '').includes('Transactions are open'));
    l.change((desired) => {
      for (const { remake } of desired.mirrors) if (remake) remake.cancel = true;
    });
    expect((await l.remade(topic, 'CANCELLED')).message).toContain('before anything was deleted');
    await l.until('it stays failed', () => l.mirror(topic).state === 'FAILED');
    expect(await idThere(topic)).toBe(topicId);
    await producer.abort();
    await producer.close();
  });

  it('is carried on by each next engine, wherever the one before it died', async () => {
    const topic = await topicWith(200, 2);
    const e = engine({ topics: [topic] });
    e.start();
    await e.caughtUp();
    const before = await idThere(topic);
    askToRemake(e.desired, topic, 'RESEED', { topicId: before }, 'reseed-1');
    const cleared = ({ work }: Said) => work?.cleared === true;
    const begins = ({ fencing, work }: Said) => fencing && work?.cleared === false;
    /** The two that would show a topic deleted twice, or a name without one. */
    const hardest: Cut[] = [
      { what: 'when the store knows, before the deletion', stored: true, at: begins },
      { what: 'with a deletion that nobody knows of', stored: false, at: cleared },
    ];
    const cuts: Cut[] = FULL
      ? [
          { what: 'before the store knows', stored: false, at: begins },
          ...hardest,
          { what: 'when it is known to be gone', stored: true, at: (m) => cleared(m) && m.outcome === null },
          { what: 'when all is done and nobody knows', stored: false, at: (m) => m.outcome === 'DONE' },
        ]
      : hardest;
    const killedAt: string[] = [];
    await e.kill();
    for (const { what, stored, at } of cuts) {
      e.onOperation = (message) => {
        if (message.id === null || !at(message)) return 'answer';
        killedAt.push(what);
        void e.kill();
        return stored ? 'keep' : 'lose';
      };
      const count = killedAt.length;
      e.start();
      await waitFor(`the engine is killed ${what}`, () => killedAt.length > count);
      await e.kill();
    }
    e.onOperation = null;
    e.start();
    await waitFor('it is done', () => e.operations.get(topic)?.outcome === 'DONE');
    expect(killedAt).toHaveLength(cuts.length);
    await e.caughtUp();
    expect(await idThere(topic)).not.toBe(before);
    expect((await same(topic)).records).toBe(200);
  });
});

type Cut = { what: string; stored: boolean; at: (message: Said) => boolean };
type Said = { fencing: boolean; work?: { cleared: boolean } | undefined; outcome: string | null };
