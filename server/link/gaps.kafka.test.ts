// Each kind of gap, codec and start point, mirrored between real brokers and compared by Kafka's own Java consumer.
import { describe, expect, it } from 'vitest';
import { compactedTopic, interleavedTransactions, topicWithDeletedHead } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import { type Codec, openProducer, produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, listOffsets } from '@/harness/topics';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link, same } = linkSuite({ source, destination, name: 'link' });

describe('codecs', () => {
  it('mirrors each codec, null keys and values, headers and empty values unchanged', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('codecs');
    await createTopic({ bootstrap, topic, partitions: 3 });
    let firstIndex = 0;
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] satisfies Codec[]) {
      await produce({
        bootstrap,
        codec,
        records: {
          topic,
          count: 2_000,
          firstIndex,
          keys: 40,
          headers: 2,
          nullKeyRatio: 0.1,
          nullValueRatio: 0.1,
          emptyValueRatio: 0.1,
          maxValueBytes: 3_000,
        },
      });
      firstIndex += 2_000;
    }
    const l = link({ topics: [topic] });
    await l.caughtUp();
    const result = await same(topic, { expectMirrorStart: 'equal' });
    expect(result.records).toBe(10_000);
  });
});

describe('transactions', () => {
  it('fills markers and aborted data of interleaved transactions, and follows an open one to its end', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('txn');
    await createTopic({ bootstrap, topic, partitions: 2 });
    const open = await interleavedTransactions({ bootstrap, topic, transactions: 60, leaveOpen: 1 });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await same(topic);
    await open[0]?.commit();
    const stable = await listOffsets({ bootstrap, topic, at: 'latest', isolation: 'read_committed' });
    await l.until('the committed transaction arrives', () =>
      l.mirror(topic).partitions.every((p) => p.mirrorHighWatermark >= (stable.get(p.index) ?? 0n)),
    );
    await same(topic);
  });
});

describe('heads', () => {
  it('fills a deleted head and lets the mirror begin where the source begins', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('head');
    await topicWithDeletedHead({ bootstrap, topic, partitions: 2, deleted: 30_000, kept: 500 });
    const l = link({ topics: [topic], tuning: { fillerRecords: 7_000 } });
    await l.caughtUp();
    await l.until('both logs agree', () =>
      l.mirror(topic).partitions.every((p) => p.mirrorStart === p.sourceStart),
    );
    await same(topic, { expectMirrorStart: 'equal' });
  });

  it('fills an empty partition whose start is not 0, and mirrors what comes', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('empty');
    await topicWithDeletedHead({ bootstrap, topic, partitions: 1, deleted: 1_234, kept: 0 });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    const producer = await openProducer({ bootstrap });
    await producer.send(topic, [{ partition: 0, value: 'first' }]);
    await producer.close();
    await l.until(
      'both logs agree',
      () =>
        l.mirror(topic).partitions[0]?.mirrorHighWatermark === 1_235n &&
        l.mirror(topic).partitions[0]?.mirrorStart === 1_234n,
    );
    await same(topic, { expectMirrorStart: 'equal' });
  });
});

describe('compaction', () => {
  for (const fill of ['markers', 'copies'] as const) {
    it(`fills holes of compacted batches with ${fill}`, async () => {
      const bootstrap = source().bootstrap;
      const topic = uniqueName('compacted');
      await compactedTopic({
        bootstrap,
        topic,
        updates: 3_000,
        keys: 400,
        tombstoneRatio: 0.05,
        codec: fill === 'copies' ? 'lz4' : 'none',
      });
      const l = link({ topics: [topic], settings: { 'compacted.gap.fill': fill } });
      await l.caughtUp();
      await same(topic, { compacted: true, ...(fill === 'copies' ? { allow: { copies: true } } : {}) });
    });
  }
});
