// What may already stand at the destination, and what else may happen there: adopted and refused topics, foreign writes, batches that are too large.
// About 40 s.
import { describe, expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { openProducer, produce, type RecordInput } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { alterConfig, createTopic, deleteRecords, describeConfig, listOffsets } from '@/harness/topics';
import { appendMarkers } from './testing/fillers';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link, same, traffic } = linkSuite({ source, destination, name: 'destinations' });

async function write(bootstrap: string, topic: string, records: RecordInput[]): Promise<void> {
  const producer = await openProducer({ bootstrap });
  await producer.send(topic, records);
  await producer.close();
}

async function failed(l: LinkUnderTest, topic: string) {
  await l.until('it fails', () => l.mirror(topic).state === 'FAILED');
  return l.mirror(topic);
}

const T0 = Date.parse('2026-01-01T00:00:00Z');
const record = (i: number): RecordInput => ({ key: `k${i}`, value: `v${i}`, timestamp: T0 + i });
const records = (count: number) => Array.from({ length: count }, (_, i) => record(i));

describe('a topic that exists at the destination', () => {
  async function both(there: RecordInput[], partitionsThere = 1): Promise<string> {
    const topic = uniqueName('exists');
    await createTopic({ bootstrap: source().bootstrap, topic });
    await createTopic({ bootstrap: destination().bootstrap, topic, partitions: partitionsThere });
    await write(source().bootstrap, topic, records(20));
    if (there.length > 0) await write(destination().bootstrap, topic, there);
    return topic;
  }

  it('is adopted when it is empty', async () => {
    const topic = await both([]);
    await link({ topics: [topic] }).caughtUp();
    expect((await same(topic)).records).toBe(20);
  });

  it('is adopted and continued when it is an exact prefix', async () => {
    const topic = await both(records(12));
    await link({ topics: [topic] }).caughtUp();
    expect((await same(topic)).records).toBe(20);
  });

  const altered = (i: number, change: Partial<RecordInput>) =>
    records(12).map((r, at) => (at === i ? { ...r, ...change } : r));
  for (const { what, there, offset } of [
    { what: 'one byte of a value', there: altered(7, { value: 'v8' }), offset: 7 },
    { what: 'a timestamp', there: altered(3, { timestamp: T0 + 4 }), offset: 3 },
    { what: 'an offset', there: records(12).slice(1), offset: 0 },
    { what: 'a header', there: altered(11, { headers: [['h', null]] }), offset: 11 },
  ]) {
    it(`is refused when it differs in ${what}, and the offset is named`, async () => {
      const topic = await both(there);
      const mirror = await failed(link({ topics: [topic] }), topic);
      expect([mirror.error, mirror.explain]).toEqual([
        'ILLEGAL_STATE',
        expect.stringContaining(`offset ${offset}:`),
      ]);
    });
  }

  it('is refused when it has a marker where the source has a record', async () => {
    const topic = await both(records(12));
    const producer = await openProducer({
      bootstrap: destination().bootstrap,
      transactionalId: uniqueName('marker'),
    });
    await producer.begin();
    await producer.send(topic, [record(12)]);
    await producer.commit();
    await producer.close();
    const mirror = await failed(link({ topics: [topic] }), topic);
    // 13 is the marker; until the coordinator has written it, the record before it is still open.
    expect(mirror.explain).toMatch(/offset 1[23]:/);
  });

  it('is refused when it is longer than the source, or has more partitions', async () => {
    const longer = await both(records(25));
    expect((await failed(link({ topics: [longer] }), longer)).explain).toContain(
      'it ends at 25, the source at 20',
    );
    const wider = await both([], 3);
    expect((await failed(link({ topics: [wider] }), wider)).explain).toContain('3 partitions');
  });
});

describe('a foreign write into a mirror', () => {
  it('under load stops that partition, names the offset, and lets the others go on', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('foreign');
    await createTopic({ bootstrap, topic, partitions: 3 });
    await traffic({ records: { topic }, ratePerSecond: 1_500 });
    const l = link({ topics: [topic] });
    await l.until('it runs', () => l.mirror(topic).partitions.some((p) => p.acked > 300n));
    await write(destination().bootstrap, topic, [{ partition: 1, value: 'foreign' }]);
    const mirror = await failed(l, topic);
    expect([mirror.error, mirror.explain]).toEqual([
      'UNEXPECTED_WRITE',
      expect.stringMatching(/partition 1.*\d+/),
    ]);
    const others = mirror.partitions.filter((p) => p.index !== 1);
    const before = others.map((p) => p.mirrorHighWatermark);
    await l.until('the others go on', () =>
      others.every((p, i) => p.mode === 'RUNNING' && p.mirrorHighWatermark > (before[i] ?? 0n) + 300n),
    );
  });

  it('is seen when nothing else is written', async () => {
    const topic = uniqueName('foreign-idle');
    await createTopic({ bootstrap: source().bootstrap, topic });
    await write(source().bootstrap, topic, records(5));
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await write(destination().bootstrap, topic, [{ value: 'foreign' }]);
    expect((await failed(l, topic)).error).toBe('UNEXPECTED_WRITE');
  });

  for (const { what, hidden } of [
    { what: 'of a record', hidden: false },
    { what: 'of an aborted transaction', hidden: true },
  ]) {
    it(`${what} while no engine ran costs no record: mirroring stops instead`, async () => {
      const topic = uniqueName('foreign-down');
      await createTopic({ bootstrap: source().bootstrap, topic });
      await write(source().bootstrap, topic, records(5));
      const l = link({ topics: [topic] });
      await l.caughtUp();
      await l.stop();
      const foreign = await openProducer({
        bootstrap: destination().bootstrap,
        ...(hidden ? { transactionalId: topic } : {}),
      });
      if (hidden) await foreign.begin();
      await foreign.send(topic, [{ value: 'foreign' }]);
      if (hidden) await foreign.abort();
      await foreign.close();
      await write(source().bootstrap, topic, records(50).slice(5));
      const mirror = await failed(link({ topics: [topic], facts: l }), topic);
      expect([mirror.error, mirror.explain]).toEqual([
        'UNEXPECTED_WRITE',
        expect.stringMatching(/somebody else wrote to the mirror at offset [56] \(producer id -?\d+\)/),
      ]);
      const ends = await listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' });
      expect(ends.get(0)).toBe(hidden ? 7n : 6n);
    });
  }

  it('of a bare marker while no engine ran costs no record: mirroring stops instead', async () => {
    const topic = uniqueName('foreign-marker');
    await createTopic({ bootstrap: source().bootstrap, topic });
    await write(source().bootstrap, topic, records(5));
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await l.stop();
    await write(source().bootstrap, topic, records(50).slice(5));
    await appendMarkers(destination(), topic, 1);
    const mirror = await failed(link({ topics: [topic], facts: l }), topic);
    expect([mirror.error, mirror.explain]).toEqual([
      'UNEXPECTED_WRITE',
      expect.stringMatching(/somebody else wrote to the mirror at offset [56] \(producer id -?\d+\)/),
    ]);
    const ends = await listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' });
    expect(ends.get(0)).toBe(6n);
  });
});

describe('a mirror that somebody else changes', () => {
  it('stops where records are deleted from it, and names their range', async () => {
    const topic = uniqueName('taken');
    await createTopic({ bootstrap: source().bootstrap, topic });
    await write(source().bootstrap, topic, records(20));
    const l = link({ topics: [topic] });
    await l.caughtUp();
    await deleteRecords({ bootstrap: destination().bootstrap, topic, before: new Map([[0, 12n]]) });
    const mirror = await failed(l, topic);
    expect([mirror.error, mirror.explain]).toEqual([
      'ILLEGAL_STATE',
      expect.stringContaining('partition 0: offsets 0 to 11 are in the source and not in the mirror'),
    ]);
  });

  it('stops where its broker gives records another time, and has its configs set back', async () => {
    const topic = uniqueName('restamped');
    await createTopic({ bootstrap: source().bootstrap, topic });
    await write(source().bootstrap, topic, records(20));
    const l = link({ topics: [topic], settings: { 'metadata.max.age.ms': 60_000 } });
    await l.caughtUp();
    const place = { bootstrap: destination().bootstrap, topic };
    await alterConfig({ ...place, configs: { 'message.timestamp.type': 'LogAppendTime' } });
    await write(source().bootstrap, topic, records(21).slice(20));
    const mirror = await failed(l, topic);
    expect([mirror.error, mirror.explain]).toEqual([
      'ILLEGAL_STATE',
      expect.stringContaining('message.timestamp.type'),
    ]);
    await l.stop();
    // What was given another time stays so: the next engine finds it, and sets the config back.
    const next = link({ topics: [topic], facts: l });
    expect((await failed(next, topic)).error).toBe('UNEXPECTED_TRUNCATION');
    expect((await describeConfig(place))['message.timestamp.type']).toBe('CreateTime');
  });
});

describe('a batch that is larger than the mirror takes', () => {
  it('is let in by raising the limit, also when the source was allowed larger ones while it is mirrored', async () => {
    const topic = uniqueName('large');
    await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
    await write(source().bootstrap, topic, [
      { partition: 0, value: 'a' },
      { partition: 1, value: 'b' },
    ]);
    const l = link({ topics: [topic] });
    await l.caughtUp();
    const place = { bootstrap: destination().bootstrap, topic };
    await alterConfig({ ...place, configs: { 'max.message.bytes': '20000' } });
    await write(source().bootstrap, topic, [{ partition: 0, value: Buffer.alloc(50_000, 1) }]);
    await l.caughtUp();
    await alterConfig({
      bootstrap: source().bootstrap,
      topic,
      configs: { 'max.message.bytes': '5000000' },
    });
    await write(source().bootstrap, topic, [
      { partition: 0, value: Buffer.alloc(2_000_000, 2) },
      { partition: 1, value: 'c' },
    ]);
    await l.caughtUp();
    expect((await describeConfig(place))['max.message.bytes']).toBe('5000000');
    expect(l.mirror(topic)).toMatchObject({ state: 'ACTIVE', error: 'NO_ERROR' });
    expect((await same(topic)).records).toBe(5);
  });

  it('travels when it has a megabyte, in a topic of 40 partitions', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('forty');
    await createTopic({ bootstrap, topic, partitions: 40 });
    await produce({ bootstrap, records: { topic, count: 4_000, maxValueBytes: 4_000, headers: 1 } });
    await produce({
      bootstrap,
      batchBytes: 1_048_000,
      records: { topic, count: 40, firstIndex: 4_000, valueBytes: 1_000_000, incompressible: true },
    });
    const l = link({ topics: [topic], settings: { 'link.memory.bytes': 8_388_608 } });
    await l.caughtUp();
    expect(await same(topic)).toMatchObject({ partitions: 40, records: 4_040 });
  });
});
