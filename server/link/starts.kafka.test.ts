// Start points, each exact: earliest, latest and a time, also inside a batch and with transactions around them; and look-ups by time on a mirror.
// About 35 s on a loaded machine.
import { describe, expect, it } from 'vitest';
import { interleavedTransactions } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { openProducer, produce, type RecordInput } from '@/harness/produce';
import { readRecords } from '@/harness/records';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, listOffsets } from '@/harness/topics';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link, same } = linkSuite({ source, destination, name: 'starts' });

const T0 = Date.parse('2026-06-01T12:00:00Z');

/** Records a second apart from T0 on, in batches of `batch`. */
async function secondApart(topic: string, count: number, batch: number): Promise<void> {
  const producer = await openProducer({ bootstrap: source().bootstrap, lingerMs: 200 });
  for (let at = 0; at < count; at += batch) {
    const records = Array.from(
      { length: batch },
      (_, i): RecordInput => ({ value: `${at + i}`, timestamp: T0 + (at + i) * 1_000 }),
    );
    await producer.send(topic, records);
  }
  await producer.close();
}

/** The mirror's log begins where it was asked to, and shows the source's records from there on. */
async function beginsAt(l: LinkUnderTest, topic: string, start: bigint, records: number): Promise<void> {
  await l.caughtUp();
  await l.until(`the mirror begins at ${start}`, () => l.mirror(topic).partitions[0]?.mirrorStart === start);
  expect((await same(topic)).records).toBe(records);
}

describe('a link that starts', () => {
  it('at the earliest offset has everything', async () => {
    const topic = uniqueName('earliest');
    await createTopic({ bootstrap: source().bootstrap, topic });
    await secondApart(topic, 40, 10);
    await beginsAt(link({ topics: [topic] }), topic, 0n, 40);
  });

  for (const { time, start, why } of [
    { time: T0 + 20_000, start: 20n, why: 'at the first record of a batch' },
    { time: T0 + 27_000, start: 27n, why: 'inside a batch' },
    { time: T0 + 26_001, start: 27n, why: 'between two records' },
    { time: T0 - 86_400_000, start: 0n, why: 'before the first record' },
    { time: T0 + 86_400_000, start: 40n, why: 'behind the last record' },
  ]) {
    it(`at a time ${why} has what is at and behind it`, async () => {
      const topic = uniqueName('time');
      await createTopic({ bootstrap: source().bootstrap, topic });
      await secondApart(topic, 40, 10);
      const settings = { 'mirror.start.offset.spec': new Date(time).toISOString() };
      const l = link({ topics: [topic], settings });
      await l.caughtUp();
      await produce({ bootstrap: source().bootstrap, records: { topic, count: 5 } });
      await l.until(
        'the new records arrive',
        () => l.mirror(topic).partitions[0]?.mirrorHighWatermark === 45n,
      );
      await beginsAt(l, topic, start, 45 - Number(start));
    });
  }

  it('at the latest offset begins at the first record of an open transaction', async () => {
    const topic = uniqueName('latest');
    await createTopic({ bootstrap: source().bootstrap, topic });
    await secondApart(topic, 10, 10);
    const open = await openProducer({ bootstrap: source().bootstrap, transactionalId: topic });
    await open.begin();
    await open.send(topic, [{ value: 'open' }]);
    await secondApart(topic, 10, 10);
    const l = link({ topics: [topic], settings: { 'mirror.start.offset.spec': 'latest' } });
    await l.until('it runs', () => l.mirror(topic).partitions[0]?.mode === 'RUNNING');
    await open.commit();
    await open.close();
    await l.until('all arrives', () => l.mirror(topic).partitions[0]?.mirrorHighWatermark === 22n);
    await beginsAt(l, topic, 10n, 11);
  });

  it('at any time of a transactional topic is exact', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('around');
    await createTopic({ bootstrap, topic });
    await interleavedTransactions({ bootstrap, topic, transactions: 30, abortRatio: 0.5 });
    const records = await readRecords({ bootstrap, topic, isolation: 'read_uncommitted' });
    for (const at of [0.2, 0.4, 0.6, 0.8]) {
      const time = records[Math.floor(records.length * at)]?.timestamp ?? 0;
      const expected = (await listOffsets({ bootstrap, topic, at: time, isolation: 'read_committed' })).get(
        0,
      );
      const l = link({
        topics: [topic],
        settings: { 'mirror.start.offset.spec': new Date(time).toISOString() },
      });
      const mirror = uniqueName('around-mirror');
      l.change((desired) => {
        desired.mirrors = desired.mirrors.map((m) => ({ ...m, topic: mirror }));
      });
      await l.caughtUp();
      await l.until('it begins there', () => l.mirror(mirror).partitions[0]?.mirrorStart === expected);
      await same(topic, { mirror: { bootstrap: destination().bootstrap, topic: mirror } });
      await l.stop();
    }
  });
});

describe('a look-up by time', () => {
  it('on a mirror is never later than on its source', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('lookup');
    await createTopic({ bootstrap, topic });
    await interleavedTransactions({ bootstrap, topic, transactions: 40, abortRatio: 0.4 });
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await same(topic);
    const records = await readRecords({ bootstrap, topic });
    expect(records.length).toBeGreaterThan(50);
    for (let i = 0; i < records.length; i += 4) {
      const at = records[i]?.timestamp ?? 0;
      const there = (await listOffsets({ bootstrap, topic, at })).get(0) ?? -1n;
      const here = (await listOffsets({ bootstrap: destination().bootstrap, topic, at })).get(0) ?? -1n;
      expect(here).toBeGreaterThanOrEqual(0n);
      expect(here).toBeLessThanOrEqual(there);
    }
  });
});
