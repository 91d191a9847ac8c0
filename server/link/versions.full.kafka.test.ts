// Other Kafka releases as source and as destination: every kind of gap, each codec, kills under load. About 40 s for
// each release.
import { describe, expect, it } from 'vitest';
import { compactedTopic, interleavedTransactions, topicWithDeletedHead } from '@/harness/generate';
import { OTHER_KAFKA_VERSIONS } from '@/harness/kafka-versions';
import { linkSuite } from '@/harness/link-suite';
import { type Codec, openProducer, produce } from '@/harness/produce';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] satisfies Codec[];

describe.each(OTHER_KAFKA_VERSIONS)('Kafka %s', (version) => {
  const newest = sharedCluster({ name: 'source' });
  const other = suiteCluster({ name: `kafka-${version}`, version });

  for (const { role, source, destination } of [
    { role: 'source', source: other, destination: newest },
    { role: 'destination', source: newest, destination: other },
  ]) {
    describe(`as ${role}`, () => {
      const { link, engine, same, traffic, transactions } = linkSuite({
        source,
        destination,
        name: 'versions',
      });

      it('keeps each codec, append time, header, null key and null value', async () => {
        const { bootstrap } = source();
        const [topic, appendTime] = [uniqueName('codecs'), uniqueName('append-time')];
        await createTopic({ bootstrap, topic, partitions: 2 });
        const configs = { 'message.timestamp.type': 'LogAppendTime' };
        await createTopic({ bootstrap, topic: appendTime, configs });
        const shape = { nullKeyRatio: 0.1, nullValueRatio: 0.1, maxValueBytes: 2_000 };
        let firstIndex = 0;
        for (const codec of CODECS) {
          for (const to of [topic, appendTime]) {
            const records = { topic: to, count: 600, firstIndex, keys: 40, headers: 2, ...shape };
            await produce({ bootstrap, codec, records });
          }
          firstIndex += 600;
        }
        await link({ topics: [topic, appendTime] }).caughtUp();
        expect((await same(topic, { expectMirrorStart: 'equal' })).records).toBe(3_000);
        expect((await same(appendTime)).records).toBe(3_000);
      });

      it('stands for aborted transactions and markers, and follows an open transaction to its end', async () => {
        const { bootstrap } = source();
        const topic = uniqueName('txn');
        await createTopic({ bootstrap, topic, partitions: 2 });
        const [open] = await interleavedTransactions({ bootstrap, topic, transactions: 60, leaveOpen: 1 });
        const l = link({ topics: [topic] });
        await l.caughtUp();
        await same(topic);
        await open?.commit();
        await l.caughtUp();
        await same(topic);
      });

      it('stands for deleted heads, also of an empty partition', async () => {
        const { bootstrap } = source();
        const [topic, empty] = [uniqueName('head'), uniqueName('empty')];
        await topicWithDeletedHead({ bootstrap, topic, partitions: 2, deleted: 30_000, kept: 500 });
        await topicWithDeletedHead({ bootstrap, topic: empty, deleted: 1_234, kept: 0 });
        const l = link({ topics: [topic, empty], tuning: { fillerRecords: 7_000 } });
        await l.caughtUp();
        const producer = await openProducer({ bootstrap });
        await producer.send(empty, [{ value: 'first' }]);
        await producer.close();
        await l.caughtUp();
        await l.until('the logs begin where those of the source do', () =>
          [topic, empty].every((t) => l.mirror(t).partitions.every((p) => p.mirrorStart === p.sourceStart)),
        );
        await same(topic, { expectMirrorStart: 'equal' });
        expect((await same(empty, { expectMirrorStart: 'equal' })).records).toBe(1);
      });

      for (const fill of ['markers', 'copies'] as const) {
        it(`stands for holes of compaction with ${fill}`, async () => {
          const { bootstrap } = source();
          const topic = uniqueName('compacted');
          const codec = fill === 'copies' ? 'lz4' : 'none';
          await compactedTopic({ bootstrap, topic, updates: 2_000, keys: 300, tombstoneRatio: 0.05, codec });
          await link({ topics: [topic], settings: { 'compacted.gap.fill': fill } }).caughtUp(120_000);
          await same(topic, { compacted: true, allow: { copies: fill === 'copies' } });
        });
      }

      it('stays exact when the engine is killed under load, five times', async () => {
        const { bootstrap } = source();
        const [plain, txn] = [uniqueName('kill'), uniqueName('kill-txn')];
        await createTopic({ bootstrap, topic: plain, partitions: 3 });
        await createTopic({ bootstrap, topic: txn, partitions: 2 });
        const traffics = [
          await traffic({ records: { topic: plain }, ratePerSecond: 2_000 }),
          await transactions(txn, 200),
        ];
        const e = engine({ topics: [plain, txn], tuning: { unknownFateWaitMs: 500 } });
        for (let round = 0; round < 5; round++) {
          e.start();
          await e.goesOn(20 * round + 1);
          await e.kill();
        }
        await Promise.all(traffics.map((running) => running.stop()));
        e.start();
        await e.caughtUp();
        expect((await same(plain)).records).toBeGreaterThan(500);
        await same(txn);
      });
    });
  }
});
