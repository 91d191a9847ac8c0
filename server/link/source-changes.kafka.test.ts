// What a source does to its topics: deletes and recreates them, deletes records before they are mirrored, grows. Each is followed or named.
// About 50 s on a loaded machine.
import { describe, expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import {
  alterConfig,
  createPartitions,
  createTopic,
  deleteRecords,
  deleteTopic,
  describeConfig,
  describeTopic,
  listOffsets,
} from '@/harness/topics';
import { appendFillers } from './testing/fillers';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link, same } = linkSuite({ source, destination, name: 'changes' });

/** A topic of the source with so many records, one small batch after the other. */
async function topicWith(count: number, partitions = 1): Promise<string> {
  const topic = uniqueName('changes');
  await createTopic({ bootstrap: source().bootstrap, topic, partitions });
  if (count > 0) await add(topic, count, 0);
  return topic;
}
async function add(topic: string, count: number, firstIndex: number): Promise<void> {
  await produce({ bootstrap: source().bootstrap, batchBytes: 2_000, records: { topic, count, firstIndex } });
}
/** Another topic of that name, longer than the old one. */
async function recreate(topic: string): Promise<void> {
  const { bootstrap } = source();
  await deleteTopic({ bootstrap, topic });
  await createTopic({ bootstrap, topic });
  await add(topic, 700, 10_000);
}
async function deleteBefore(topic: string, offset: bigint): Promise<void> {
  await deleteRecords({ bootstrap: source().bootstrap, topic, before: new Map([[0, offset]]) });
}
async function failed(l: LinkUnderTest, topic: string) {
  await l.until('it fails', () => l.mirror(topic).state === 'FAILED');
  return l.mirror(topic);
}

describe('a source topic', () => {
  it('that is deleted leaves the mirror as it is, FAILED', async () => {
    const topic = await topicWith(500);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await deleteTopic({ bootstrap: source().bootstrap, topic });
    const mirror = await failed(l, topic);
    expect(mirror.error).toBe('SOURCE_TOPIC_MAY_BE_DELETED');
    expect((await listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' })).get(0)).toBe(
      500n,
    );
  });

  it('that is deleted and created again is not taken for the old one', async () => {
    const topic = await topicWith(500);
    const other = await topicWith(500);
    const l = link({ topics: [topic, other] });
    await l.caughtUp();
    await recreate(topic);
    expect((await failed(l, topic)).error).toBe('SOURCE_TOPIC_ID_CHANGED');
    expect((await listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' })).get(0)).toBe(
      500n,
    );
    await add(other, 300, 500);
    await l.until('the other topic goes on', () =>
      l.mirror(other).partitions.every((p) => p.mirrorHighWatermark === 800n),
    );
    await same(other);
  });

  it('that was recreated while nobody looked is not taken for the old one', async () => {
    const topic = await topicWith(500);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await l.stop();
    await recreate(topic);
    expect((await failed(link({ topics: [topic], facts: l }), topic)).error).toBe('SOURCE_TOPIC_ID_CHANGED');
  });

  it('that was recreated is found by its records when the store has forgotten its id', async () => {
    const topic = await topicWith(500);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await l.stop();
    await recreate(topic);
    l.change((desired) => {
      for (const mirror of desired.mirrors) mirror.sourceTopicId = null;
    });
    const mirror = await failed(link({ topics: [topic], facts: l }), topic);
    expect(mirror.error).toBe('UNEXPECTED_TRUNCATION');
    expect((await listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' })).get(0)).toBe(
      500n,
    );
  });

  it('that gets more partitions is followed', async () => {
    const topic = await topicWith(500, 2);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await createPartitions({ bootstrap: source().bootstrap, topic, partitions: 5 });
    await add(topic, 1_000, 500);
    await l.until('five partitions are mirrored', () => l.mirror(topic).partitions.length === 5);
    await l.caughtUp();
    expect((await same(topic, { expectMirrorStart: 'equal' })).partitions).toBe(5);
    expect(l.events.filter(({ to }) => to === 'PARTITIONS_ADDED').map(({ message }) => message)).toEqual([
      expect.stringContaining('has 5 partitions, the mirror had 2'),
    ]);
  });
});

describe('a mirror topic', () => {
  it('that is deleted is not created again by itself', async () => {
    const topic = await topicWith(500);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await deleteTopic({ bootstrap: destination().bootstrap, topic });
    const mirror = await failed(l, topic);
    expect([mirror.error, mirror.explain]).toEqual(['ILLEGAL_STATE', expect.stringContaining('was deleted')]);
    await l.stop();
    const next = await failed(link({ topics: [topic], facts: l }), topic);
    expect([next.error, next.explain]).toEqual(['ILLEGAL_STATE', expect.stringContaining('was deleted')]);
  });

  it('that is deleted and created by somebody else is not written to', async () => {
    const topic = await topicWith(500);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await deleteTopic({ bootstrap: destination().bootstrap, topic });
    const { topicId } = await createTopic({ bootstrap: destination().bootstrap, topic });
    const mirror = await failed(l, topic);
    expect([mirror.error, mirror.explain]).toEqual([
      'ILLEGAL_STATE',
      expect.stringContaining('created again'),
    ]);
    expect((await describeTopic({ bootstrap: destination().bootstrap, topic })).topicId).toBe(topicId);
    expect((await listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' })).get(0)).toBe(0n);
  });

  it('follows the configs that are chosen, keeps its own of the others, and says where it differs', async () => {
    const topic = await topicWith(10);
    const l = link({
      topics: [topic],
      settings: { 'topic.config.sync.ms': 1_000, 'topic.config.sync.include': 'segment.ms' },
    });
    await l.caughtUp();
    const here = () => describeConfig({ bootstrap: destination().bootstrap, topic });
    const configs = {
      'segment.ms': '700000',
      'index.interval.bytes': '8192',
      'max.message.bytes': '3000000',
    };
    await alterConfig({ bootstrap: source().bootstrap, topic, configs });
    const row = (name: string) => l.runner.mirrorConfigs(topic)?.rows.find((each) => each.name === name);
    const followed = () => row('segment.ms')?.source === '700000' && row('segment.ms')?.same === true;
    await l.until('it is chosen and the same', followed);
    expect(await here()).toMatchObject({ 'segment.ms': '700000', 'max.message.bytes': '3000000' });
    expect((await here())['index.interval.bytes']).toBe('4096');
    const differs = { source: '8192', mirror: '4096', same: false };
    expect(row('index.interval.bytes')).toMatchObject({ ...differs, rule: 'NOT_CHOSEN', holds: 'MIRROR' });
    expect(row('retention.ms')).toMatchObject({ mirror: '-1', same: true, rule: 'HELD' });
    expect(l.runner.tasks.find(({ name }) => name === 'TopicConfigsSync')?.state).toBe('ACTIVE');

    await alterConfig({ bootstrap: destination().bootstrap, topic, configs: { 'segment.ms': '800000' } });
    await l.until(
      'what somebody else has set is set back',
      async () => (await here())['segment.ms'] === '700000',
    );
    l.change((desired) => {
      desired.settings['topic.config.sync.include'] = 'segment.ms,index.interval.bytes';
    });
    await l.until(
      'what is chosen now travels',
      async () => (await here())['index.interval.bytes'] === '8192',
    );
  });

  it('is created with the replication factor and configs that were chosen, and those that mirroring needs', async () => {
    const topic = uniqueName('configs');
    await createTopic({
      bootstrap: source().bootstrap,
      topic,
      configs: { 'max.message.bytes': '2000000', 'segment.bytes': '1048576', 'retention.ms': '86400000' },
    });
    const l = link({ topics: [topic], configs: { 'segment.bytes': '2097152', 'min.insync.replicas': '1' } });
    await l.caughtUp();
    expect(await describeConfig({ bootstrap: destination().bootstrap, topic })).toMatchObject({
      'max.message.bytes': '2000000',
      'segment.bytes': '2097152',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'compression.type': 'producer',
    });
    const impossible = await topicWith(10);
    const refused = await failed(link({ topics: [impossible], replicationFactor: 3 }), impossible);
    expect(refused.explain).toMatch(/replication.factor/i);
  });
});

describe('retention that overtakes the mirror', () => {
  for (const { size, mirrored, lost } of [
    { size: 'small', mirrored: 1_000, lost: 1_500 },
    { size: 'large', mirrored: 1_000, lost: 2_500_000 },
  ]) {
    it(`is followed over a ${size} gap, which is named exactly`, async () => {
      const topic = await topicWith(mirrored);
      const l = link({ topics: [topic] });
      await l.caughtUp();
      await l.stop();
      if (size === 'large') await appendFillers(source(), topic, lost, 100_000);
      else await add(topic, lost, mirrored);
      await add(topic, 800, mirrored + lost);
      const start = BigInt(mirrored + lost);
      await deleteBefore(topic, start);
      const next = link({ topics: [topic], facts: l });
      await next.caughtUp();
      await next.until('the mirror begins where the source does', () =>
        next.mirror(topic).partitions.every((p) => p.mirrorStart === start),
      );
      const named = next.events.filter((e) => e.to === 'SOURCE_RANGE_LOST').map((e) => e.message);
      expect(named).toEqual([expect.stringContaining(`offsets ${mirrored} to ${start - 1n} of`)]);
      expect((await same(topic, { expectMirrorStart: 'equal' })).records).toBe(800);
    });
  }

  it('is followed while the link runs, from the middle of a batch', async () => {
    const topic = await topicWith(2_000);
    const l = link({ topics: [topic], settings: { 'link.throttle.bytes.per.second': 40_000 } });
    await l.until('some is mirrored', () => l.mirror(topic).partitions.some((p) => p.acked > 100n));
    await deleteBefore(topic, 1_903n);
    l.change((desired) => {
      desired.settings['link.throttle.bytes.per.second'] = null;
    });
    await l.caughtUp();
    await l.until('the mirror begins where the source does', () =>
      l.mirror(topic).partitions.every((p) => p.mirrorStart === 1_903n),
    );
    await same(topic, { expectMirrorStart: 'equal' });
  });

  it('stops the mirror where that is wished, names the range, and is followed once that is wished', async () => {
    const topic = await topicWith(400);
    const l = link({ topics: [topic], settings: { 'source.range.lost': 'stop' } });
    await l.caughtUp();
    await l.stop();
    await add(topic, 600, 400);
    await deleteBefore(topic, 700n);
    const second = link({ topics: [topic], facts: l });
    const mirror = await failed(second, topic);
    expect([mirror.error, mirror.explain]).toEqual([
      'SOURCE_RANGE_LOST',
      expect.stringContaining('deleted offsets 400 to 699 of'),
    ]);
    await second.stop();
    second.change((desired) => {
      desired.settings['source.range.lost'] = 'follow';
    });
    const third = link({ topics: [topic], facts: second });
    await third.caughtUp();
    await same(topic);
  });
});
