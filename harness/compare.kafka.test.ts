// The comparer must find every kind of difference: a comparer that passes too much makes all other tests worthless.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CompareOptions, compareTopics, type Difference, TopicsDiffer } from './compare';
import { waitUntilCompacted } from './generate';
import { type HarnessProducer, openProducer, produce, type RecordInput } from './produce';
import { readRecords } from './records';
import { sharedCluster, uniqueName } from './test-clusters';
import { alterConfig, createTopic, deleteRecords } from './topics';

const cluster = sharedCluster();
let bootstrap: string;
let producer: HarnessProducer;
beforeAll(async () => {
  bootstrap = cluster().bootstrap;
  producer = await openProducer({ bootstrap });
});
afterAll(() => producer.close());

const T0 = 1_790_000_000_000;
const RECORDS: RecordInput[] = [
  { key: 'a', value: 'one', timestamp: T0, headers: [['h', 'x']] },
  { key: 'b', value: 'two', timestamp: T0 + 1 },
  { key: null, value: 'three', timestamp: T0 + 2 },
  { key: 'a', value: null, timestamp: T0 + 3 },
  { key: 'c', value: '', timestamp: T0 + 4, headers: [['n', null]] },
  { key: 'd', value: 'last', timestamp: T0 + 5 },
];

async function topicOf(records: RecordInput[], configs: Record<string, string> = {}): Promise<string> {
  const topic = uniqueName('compared');
  await createTopic({ bootstrap, topic, configs });
  if (records.length > 0) await producer.send(topic, records);
  return topic;
}

const at = (topic: string) => ({ bootstrap, topic });

async function differenceOf(
  source: string,
  mirror: string,
  options: Partial<CompareOptions> = {},
): Promise<Difference> {
  try {
    await compareTopics({ source: at(source), mirror: at(mirror), ...options });
  } catch (error) {
    if (error instanceof TopicsDiffer) return error.difference;
    throw error;
  }
  throw new Error('The comparer called two different topics equal.');
}

const without = (i: number) => RECORDS.filter((_, n) => n !== i);
const changed = (i: number, change: Partial<RecordInput>) =>
  RECORDS.map((r, n) => (n === i ? { ...r, ...change } : r));

test('equal topics are equal, and the counts say what was compared', async () => {
  const [source, mirror] = [await topicOf(RECORDS), await topicOf(RECORDS)];
  expect(await compareTopics({ source: at(source), mirror: at(mirror) })).toMatchObject({
    partitions: 1,
    records: 6,
    ranges: { 0: { from: 0n, to: 6n } },
  });
});

test.each<[string, RecordInput[], Pick<Difference, 'kind' | 'offset'>]>([
  ['a missing record', [...without(2), RECORDS[5]!], { kind: 'CHANGED', offset: 2n }],
  ['a missing last record', without(5), { kind: 'END', offset: 5n }],
  ['a doubled record', [...RECORDS.slice(0, 2), ...RECORDS.slice(1)], { kind: 'END', offset: 7n }],
  ['a shift by one', [RECORDS[0]!, ...RECORDS.slice(0, 5)], { kind: 'CHANGED', offset: 1n }],
  ['another timestamp', changed(1, { timestamp: T0 + 9 }), { kind: 'CHANGED', offset: 1n }],
  ['another key', changed(1, { key: 'B' }), { kind: 'CHANGED', offset: 1n }],
  ['a null key that became empty', changed(2, { key: '' }), { kind: 'CHANGED', offset: 2n }],
  ['a null value that became empty', changed(3, { value: '' }), { kind: 'CHANGED', offset: 3n }],
  ['an empty value that became null', changed(4, { value: null }), { kind: 'CHANGED', offset: 4n }],
  ['another value', changed(5, { value: 'lasT' }), { kind: 'CHANGED', offset: 5n }],
  ['a lost header', changed(0, { headers: [] }), { kind: 'CHANGED', offset: 0n }],
  ['another header name', changed(0, { headers: [['H', 'x']] }), { kind: 'CHANGED', offset: 0n }],
  ['a null header that became empty', changed(4, { headers: [['n', '']] }), { kind: 'CHANGED', offset: 4n }],
])('%s is found at its offset', async (_, records, expected) => {
  const [source, mirror] = [await topicOf(RECORDS), await topicOf(records)];
  expect(await differenceOf(source, mirror)).toMatchObject({ partition: 0, ...expected });
});

test('the error shows both records', async () => {
  const [source, mirror] = [await topicOf(RECORDS), await topicOf(changed(1, { value: 'zwei' }))];
  await expect(compareTopics({ source: at(source), mirror: at(mirror) })).rejects.toThrow(
    /CHANGED at partition 0, offset 1.*different value[\s\S]*source: .*"two"[\s\S]*mirror: .*"zwei"/,
  );
});

test('records moved to another partition are found', async () => {
  const place = async (partition: number) => {
    const topic = uniqueName('compared');
    await createTopic({ ...at(topic), partitions: 3 });
    await producer.send(topic, [{ partition, value: 'x', timestamp: T0 }]);
    return topic;
  };
  expect(await differenceOf(await place(1), await place(2))).toMatchObject({ kind: 'END', partition: 1 });
  const narrow = await topicOf(RECORDS);
  expect(await differenceOf(narrow, await place(0))).toMatchObject({ kind: 'PARTITIONS' });
});

async function transactional(steps: (p: HarnessProducer, topic: string) => Promise<void>): Promise<string> {
  const topic = await topicOf([]);
  const p = await openProducer({ bootstrap, transactionalId: topic });
  await steps(p, topic);
  // An open transaction stays open.
  await p.abandon();
  return topic;
}

test('aborted records that the mirror shows to read_uncommitted are found', async () => {
  const make = () =>
    transactional(async (p, topic) => {
      for (const end of [p.commit, p.abort, p.commit]) {
        await p.begin();
        await p.send(topic, RECORDS.slice(0, 2));
        await end();
      }
    });
  expect(await differenceOf(await make(), await make())).toMatchObject({
    kind: 'EXTRA',
    offset: 3n,
    isolation: 'read_uncommitted',
  });
});

test('markers of committed transactions are no difference, an open transaction in the mirror is', async () => {
  const make = (open: boolean) =>
    transactional(async (p, topic) => {
      await p.begin();
      await p.send(topic, RECORDS);
      await p.commit();
      if (!open) return;
      await p.begin();
      await p.send(topic, RECORDS);
    });
  const [source, equal, open] = [await make(false), await make(false), await make(true)];
  expect(await compareTopics({ source: at(source), mirror: at(equal) })).toMatchObject({ records: 6 });
  expect(await differenceOf(source, open, { expectMirrorEnd: 'any' })).toMatchObject({
    kind: 'OPEN_TRANSACTION',
    offset: 7n,
  });
  // The source's end is its last stable offset: what is still open there is not awaited.
  expect(await compareTopics({ source: at(open), mirror: at(equal) })).toMatchObject({ records: 6 });
});

test('only what both logs still have is compared, and the starts too where asked', async () => {
  const [source, mirror] = [await topicOf(RECORDS), await topicOf(changed(0, { value: 'other' }))];
  await deleteRecords({ ...at(source), before: new Map([[0, 2n]]) });
  expect(await compareTopics({ source: at(source), mirror: at(mirror) })).toMatchObject({ records: 4 });
  expect(await differenceOf(source, mirror, { expectMirrorStart: 'equal' })).toMatchObject({ kind: 'START' });
  const shorter = await topicOf(RECORDS.slice(0, 4));
  const atMost = { source: at(source), mirror: at(shorter), expectMirrorEnd: 'atMost' as const };
  expect(await compareTopics(atMost)).toMatchObject({ records: 2 });
});

/** An original with a record for every offset, and the same topic after its cleaner has run. */
async function originalAndCleaned(tombstoneRatio = 0): Promise<[original: string, cleaned: string]> {
  const cleaned = uniqueName('compared');
  const original = await topicOf([]);
  const place = { bootstrap, topic: cleaned };
  await createTopic({ ...place, configs: { 'segment.ms': '10000', 'min.cleanable.dirty.ratio': '0.001' } });
  const records = {
    count: 2000,
    keys: 60,
    nullValueRatio: tombstoneRatio,
    timestampStepMs: 100,
    flushEvery: 40,
  };
  for (const topic of [original, cleaned]) {
    await produce({ bootstrap, records: { topic, ...records, timestampStart: T0 } });
    await producer.send(topic, [{ key: 'roll', value: 'roll', timestamp: T0 + 300_000 }]);
  }
  await alterConfig({ ...place, configs: { 'cleanup.policy': 'compact' } });
  await waitUntilCompacted(place);
  return [original, cleaned];
}

test('a compacted mirror may lack what a later record of its key supersedes', async () => {
  const [original, cleaned] = await originalAndCleaned(0.1);
  const { records, superseded } = await compareTopics({
    source: at(original),
    mirror: at(cleaned),
    compacted: true,
  });
  expect(records).toBe(2001);
  expect(superseded).toBeGreaterThan(1800);
  // By offset the same two are different.
  expect(await differenceOf(original, cleaned)).toMatchObject({ kind: 'MISSING' });
});

test('what the source has cleaned away may not show in the mirror, unless the test expects it', async () => {
  const [original, cleaned] = await originalAndCleaned();
  expect(await differenceOf(cleaned, original, { compacted: true })).toMatchObject({ kind: 'EXTRA' });
  const allowed = await compareTopics({
    source: at(cleaned),
    mirror: at(original),
    compacted: true,
    allow: { cleanedAtSource: true },
  });
  expect(allowed.cleanedAtSource).toBeGreaterThan(1800);
  await expect(
    compareTopics({ source: at(cleaned), mirror: at(original), compacted: true, allow: { copies: true } }),
  ).rejects.toThrow('EXTRA');
});

test('copies of the next record and tombstones of the reserved key pass only where they are allowed', async () => {
  const [, cleaned] = await originalAndCleaned();
  const shown = await readRecords({ ...at(cleaned), limit: 10_000 });
  const end = Number(shown.at(-1)?.offset);
  const dense = (fill: (next: RecordInput) => RecordInput) => {
    const records: RecordInput[] = [];
    for (const { offset, key, value, timestamp } of shown) {
      const real = { key, value, timestamp };
      while (records.length < Number(offset)) records.push(fill(real));
      records.push(real);
    }
    return topicOf(records);
  };
  const fillKey = Buffer.from('reserved');
  for (const [mirror, allow] of [
    [await dense((next) => next), { copies: true }],
    [await dense(({ timestamp }) => ({ key: fillKey, value: null, timestamp })), { fillKey }],
  ] as const) {
    expect(await differenceOf(cleaned, mirror, { compacted: true })).toMatchObject({ kind: 'EXTRA' });
    const { fills } = await compareTopics({
      source: at(cleaned),
      mirror: at(mirror),
      compacted: true,
      allow,
    });
    expect(fills).toBe(end + 1 - shown.length);
  }
});

test('a compacted mirror with a lost last value or another one is found', async () => {
  const keyed: RecordInput[] = ['a', 'b', 'a', 'c'].map((key, i) => ({
    key,
    value: `v${i}`,
    timestamp: T0 + i,
  }));
  const source = await topicOf(keyed);
  const compacted = { compacted: true, expectMirrorEnd: 'any' as const };
  const otherValue = await topicOf([...keyed.slice(0, 3), { ...keyed[3]!, value: 'x' }]);
  expect(await differenceOf(source, otherValue, compacted)).toMatchObject({ kind: 'CHANGED', offset: 3n });
  const otherKey = await topicOf([...keyed.slice(0, 3), { ...keyed[3]!, key: 'd' }]);
  expect(await differenceOf(source, otherKey, compacted)).toMatchObject({ kind: 'CHANGED', offset: 3n });

  // The mirror's own cleaner took records away because of one that the source doesn't have.
  const [original, cleaned] = await originalAndCleaned();
  const foreign = await readRecords({ ...at(original), from: 1990n, limit: 1 });
  const superseding: RecordInput[] = [
    { key: foreign[0]!.key, value: 'foreign', timestamp: T0 + 310_001 },
    { key: 'roll2', value: 'roll', timestamp: T0 + 400_000 },
  ];
  await producer.send(cleaned, superseding, { batchEach: true });
  await waitUntilCompacted({ bootstrap, topic: cleaned });
  expect(await differenceOf(original, cleaned, compacted)).toMatchObject({ kind: 'MISSING' });
});

test('three hundred thousand small records are compared in seconds', async () => {
  const source = await topicOf([]);
  const mirror = await topicOf([]);
  const records = { count: 300_000, valueBytes: 100, keys: 1000, headers: 1, timestampStart: T0 };
  for (const topic of [source, mirror])
    await produce({ bootstrap, records: { topic, ...records }, batchBytes: 65_536 });
  const { records: compared } = await compareTopics({ source: at(source), mirror: at(mirror) });
  expect(compared).toBe(300_000);
});
