// Compacted topics whose mirrors are cleaned again, whose logs have large holes, whose deletes have expired; and topics with append times.
// About 30 s on a loaded machine.
import { describe, expect, it } from 'vitest';
import { compactedTopic, waitUntilCompacted } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { type Codec, openProducer, produce } from '@/harness/produce';
import { readRecords, summarizeTopic } from '@/harness/records';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { alterConfig, createTopic, deleteRecords, describeConfig } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link, same, traffic } = linkSuite({ source, destination, name: 'cleaned' });

/** Ends the active segments, so that the cleaner takes all before. */
async function roll(topic: string): Promise<void> {
  const producer = await openProducer({ bootstrap: source().bootstrap });
  await producer.send(topic, [{ key: 'roll-again', value: 'roll', timestamp: Date.now() + 30_000 }]);
  await producer.close();
}

function pause(l: LinkUnderTest, paused: boolean): void {
  l.change((desired) => {
    for (const mirror of desired.mirrors) mirror.paused = paused;
  });
}

describe('a compacted mirror', () => {
  it('keeps the tombstones of batches with a delete horizon when it is cleaned again', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('horizon');
    await compactedTopic({ bootstrap, topic, updates: 1_500, keys: 300, tombstoneRatio: 0.2 });
    const before = await summarizeTopic({ bootstrap, topic });
    expect(before.get(0)?.tombstones).toBeGreaterThan(10);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    // Twice the same keys, so that the mirror has something to clean, and a clean at which a forwarded horizon would have passed.
    await produce({ bootstrap, records: { topic, count: 600, keys: 300, firstIndex: 1_500 } });
    await roll(topic);
    await l.caughtUp();
    await waitUntilCompacted({ bootstrap: destination().bootstrap, topic });
    await same(topic, { compacted: true, allow: { cleanedAtSource: true } });
    await l.stop();
    // The log that was cleaned is still recognised, and goes on.
    const next = link({ topics: [topic], facts: l });
    await produce({ bootstrap, records: { topic, count: 100, keys: 50, firstIndex: 5_000 } });
    await next.caughtUp();
    await same(topic, { compacted: true, allow: { cleanedAtSource: true } });
  });

  it('that was behind for longer than the source keeps deletes says so', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('expired');
    await createTopic({
      bootstrap,
      topic,
      configs: { 'cleanup.policy': 'compact', 'delete.retention.ms': '2000' },
    });
    await produce({ bootstrap, records: { topic, count: 50, keys: 10 } });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await l.stop();
    const stoppedAt = Date.now();
    await produce({
      bootstrap,
      records: { topic, count: 50, keys: 10, nullValueRatio: 0.5, firstIndex: 50 },
    });
    await waitFor('deletes may have expired', () => Date.now() - stoppedAt > 3_000);
    const next = link({ topics: [topic], facts: l });
    await next.until('it fails', () => next.mirror(topic).state === 'FAILED');
    expect(next.mirror(topic).error).toBe('TOMBSTONES_EXPIRED');
  });

  it('whose source keeps deletes for a shorter time than when it was set up says so', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('shorter');
    await createTopic({ bootstrap, topic });
    await produce({ bootstrap, records: { topic, count: 50, keys: 10 } });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await alterConfig({
      bootstrap,
      topic,
      configs: { 'cleanup.policy': 'compact', 'delete.retention.ms': '2000' },
    });
    await waitFor(
      'the mirror follows',
      async () =>
        (await describeConfig({ bootstrap: destination().bootstrap, topic }))['delete.retention.ms'] ===
        '2000',
    );
    pause(l, true);
    await l.until('it stands', () => l.mirror(topic).partitions.every((p) => p.mode === 'STOPPED'));
    const pausedAt = Date.now();
    await produce({
      bootstrap,
      records: { topic, count: 50, keys: 10, nullValueRatio: 0.5, firstIndex: 50 },
    });
    // Set back: what expired meanwhile stays expired.
    await alterConfig({ bootstrap, topic, configs: { 'delete.retention.ms': '86400000' } });
    await waitFor('deletes may have expired', () => Date.now() - pausedAt > 3_000);
    pause(l, false);
    await l.until('it fails', () => l.mirror(topic).state === 'FAILED');
    expect(l.mirror(topic).error).toBe('TOMBSTONES_EXPIRED');
  });

  it('whose source begins to be compacted while it is mirrored is compacted, too, and still recognised', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('begins');
    await createTopic({ bootstrap, topic, configs: { 'segment.ms': '500' } });
    await produce({ bootstrap, records: { topic, count: 200, keys: 10 } });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    pause(l, true);
    await l.until('it stands', () => l.mirror(topic).partitions.every((p) => p.mode === 'STOPPED'));
    await alterConfig({
      bootstrap,
      topic,
      configs: { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.001', 'segment.ms': '500' },
    });
    await produce({ bootstrap, records: { topic, count: 20, keys: 10, firstIndex: 200 } });
    await roll(topic);
    await waitUntilCompacted({ bootstrap, topic });
    pause(l, false);
    await l.caughtUp();
    await same(topic, { compacted: true, allow: { cleanedAtSource: true } });
    expect(l.mirror(topic)).toMatchObject({ state: 'ACTIVE', error: 'NO_ERROR' });
    await waitFor(
      'the policy follows',
      async () =>
        (await describeConfig({ bootstrap: destination().bootstrap, topic }))['cleanup.policy'] === 'compact',
    );
  });

  it('that is steadily a little behind has not missed a delete', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('steady');
    await createTopic({
      bootstrap,
      topic,
      configs: { 'cleanup.policy': 'compact', 'delete.retention.ms': '6000' },
    });
    const l = link({ topics: [topic], settings: { 'link.throttle.bytes.per.second': 20_000 } });
    await l.caughtUp();
    // 16 of the 20 kB/s that the throttle lets through: each record waits a moment, none for long.
    const writing = await traffic({ ratePerSecond: 8, records: { topic, keys: 10, valueBytes: 2_000 } });
    const began = Date.now();
    await waitFor('deletes of the beginning would have expired', () => Date.now() - began > 12_000);
    await writing.stop();
    expect(l.mirror(topic)).toMatchObject({ error: 'NO_ERROR' });
  }, 120_000);

  it('begins where its source begins, also when only compaction is left in its policy', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('compact-start');
    await createTopic({
      bootstrap,
      topic,
      configs: { 'cleanup.policy': 'compact,delete', 'min.cleanable.dirty.ratio': '0.9' },
    });
    await produce({ bootstrap, records: { topic, count: 2_000, keys: 500 } });
    await deleteRecords({ bootstrap, topic, before: new Map([[0, 1_200n]]) });
    await alterConfig({ bootstrap, topic, configs: { 'cleanup.policy': 'compact' } });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await l.until('both logs agree', () => l.mirror(topic).partitions[0]?.mirrorStart === 1_200n);
    await waitFor(
      'the policy is the one of the source again',
      async () =>
        (await describeConfig({ bootstrap: destination().bootstrap, topic }))['cleanup.policy'] === 'compact',
    );
    await same(topic, { compacted: true, expectMirrorStart: 'equal' });
  });

  it('stands for a large hole', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('hole');
    await createTopic({
      bootstrap,
      topic,
      configs: {
        'cleanup.policy': 'compact',
        'segment.ms': '10000',
        'min.cleanable.dirty.ratio': '0.001',
      },
    });
    const old = Date.now() - 3_600_000;
    const producer = await openProducer({ bootstrap });
    await producer.send(topic, [{ key: 'first', value: 'stays', timestamp: old }]);
    const many = { topic, keys: 3, valueBytes: 1, timestampStart: old + 20_000 };
    await producer.generate({ ...many, count: 15_000 });
    await producer.send(topic, [{ key: 'middle', value: 'stays', timestamp: old + 2_000_000 }]);
    await producer.send(topic, [{ key: 'roll', value: 'roll', timestamp: Date.now() }]);
    await producer.close();
    await waitUntilCompacted({ bootstrap, topic });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await same(topic, { compacted: true });
  });
});

describe('a topic with append times', () => {
  it('keeps them, in each codec', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('append-time');
    await createTopic({
      bootstrap,
      topic,
      partitions: 2,
      configs: { 'message.timestamp.type': 'LogAppendTime' },
    });
    let firstIndex = 0;
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] satisfies Codec[]) {
      await produce({
        bootstrap,
        codec,
        records: { topic, count: 400, firstIndex, keys: 20, headers: 2, timestampStart: 1_000_000 },
      });
      firstIndex += 400;
    }
    const l = link({ topics: [topic] });
    await l.caughtUp();
    expect((await same(topic)).records).toBe(2_000);
    const [record] = await readRecords({ bootstrap: destination().bootstrap, topic, limit: 1 });
    expect(record?.timestamp).toBeGreaterThan(1_700_000_000_000);
  });
});
