// Failing back after a failover: where both sides part, what is saved, what is deleted and mirrored back, and what stays. About 60 s; LANDBRIDGE_FULL=1
// kills the engine at all points.
import { describe, expect, it } from 'vitest';
import { compareTopics } from '@/harness/compare';
import { linkSuite } from '@/harness/link-suite';
import { askToRemake, type LinkUnderTest, wantedMirror } from '@/harness/link-under-test';
import { openProducer, produce } from '@/harness/produce';
import { readRecords } from '@/harness/records';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import {
  commitGroupOffsets,
  createTopic,
  deleteTopic,
  describeTopic,
  listGroupOffsets,
  listOffsets,
} from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import type { PartingLook, RemakeOptions, RemakeRequest } from '@/lib/contracts/remake';
import { OFFSET_HEADER, PARTITION_HEADER } from './save';

// "a" was the primary; its mirrors on "b" are failed over.
const a = sharedCluster({ name: 'source' });
const b = sharedCluster({ name: 'destination' });
const { link, engine } = linkSuite({ source: a, destination: b, name: 'there' });
const FULL = process.env.LANDBRIDGE_FULL === '1';

const at = (cluster: typeof a, topic: string) => ({ bootstrap: cluster().bootstrap, topic });
const idOnA = async (topic: string) =>
  Buffer.from((await describeTopic(at(a, topic))).topicId, 'base64url').toString('hex');
const endsOf = (ends: ReadonlyMap<number, bigint>) =>
  Object.fromEntries([...ends].map(([partition, end]) => [String(partition), String(end)]));

type FailedOver = { topic: string; there: LinkUnderTest; ends: Record<string, string> };

/** Mirrored, then written to on A while the link stands still, and failed over. */
async function failedOver(
  options: { partitions?: number; before?: (topic: string) => Promise<unknown> } = {},
) {
  const { partitions = 1, before } = options;
  const topic = uniqueName('failed-over');
  await createTopic({ ...at(a, topic), partitions });
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 100 } });
  const there = link({ topics: [topic] });
  await there.caughtUp();
  const ends = endsOf(await listOffsets({ ...at(b, topic), at: 'latest' }));
  there.change((desired) => {
    for (const mirror of desired.mirrors) mirror.paused = true;
  });
  await there.until('it stands', () => there.mirror(topic).partitions.every((p) => p.mode === 'STOPPED'));
  await before?.(topic);
  there.end(topic, 'FAILOVER');
  await there.ended(topic);
  return { topic, there, ends } satisfies FailedOver;
}

/** Ten records, five in a transaction, and three that were aborted. */
async function diverge(topic: string): Promise<void> {
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 10, seed: 7, headers: 2, keys: 3 } });
  const producer = await openProducer({ bootstrap: a().bootstrap, transactionalId: uniqueName('diverging') });
  await producer.begin();
  await producer.send(
    topic,
    [1, 2, 3, 4, 5].map((n) => ({ key: null, value: `committed ${n}` })),
  );
  await producer.commit();
  await producer.begin();
  await producer.send(
    topic,
    [1, 2, 3].map((n) => ({ key: 'k', value: `aborted ${n}` })),
  );
  await producer.abort();
  await producer.close();
}

const back = (name: string) => link({ source: b(), destination: a(), name, topics: [] });

function failBack(
  l: { change: LinkUnderTest['change'] },
  topic: string,
  request: Omit<Partial<RemakeRequest>, 'options'> & {
    topicId: string | null;
    options?: Partial<RemakeOptions>;
  },
): void {
  l.change((desired) => {
    desired.mirrors.push(wantedMirror(topic, topic));
    askToRemake(desired, topic, 'FAILBACK', request);
  });
}
const parting = (there: LinkUnderTest, topic: string, ends: Record<string, string>): Promise<PartingLook> =>
  there.runner.lookAtParting({ op: 'lookAtParting', linkId: '', link: '', topic, sourceTopic: topic, ends });
const syncOf = (group: string) => ({
  'consumer.offset.sync.enable': true,
  'consumer.offset.sync.ms': 1_000,
  'consumer.offset.group.filters': JSON.stringify({
    groupFilters: [{ name: group, patternType: 'LITERAL', filterType: 'INCLUDE' }],
  }),
});
const stands = async (group: string, topic: string) =>
  (await listGroupOffsets({ bootstrap: a().bootstrap, group }))[topic]?.['0']?.offset;
const sameBack = (topic: string) => compareTopics({ source: at(b, topic), mirror: at(a, topic) });

describe('a failback of a side that has diverged', () => {
  it('shows where, saves what only it has, and mirrors back', async () => {
    const { topic, there, ends } = await failedOver({ before: diverge });
    await produce({ bootstrap: b().bootstrap, records: { topic, count: 40, seed: 9 } });
    const look = await parting(there, topic, ends);
    expect(look).toMatchObject({ diverged: true, records: '15' });
    expect(look.partitions).toMatchObject([{ parted: '100', records: '15', otherRecords: '40', end: '120' }]);
    const lost = await readRecords({ ...at(a, topic), from: 100n, isolation: 'read_committed' });
    expect(lost).toHaveLength(15);

    const topicId = look.old?.topicId ?? '';
    const page = {
      op: 'recordsOfSource',
      linkId: '',
      link: '',
      topicId,
      sourceTopic: topic,
      partition: 0,
    } as const;
    const { ndjson, next } = await there.runner.recordsOfSource({
      ...page,
      from: '100',
      to: '120',
      compacted: false,
    });
    expect(next).toBe('120');
    const base64 = (bytes: Buffer | null) => bytes?.toString('base64') ?? null;
    expect(
      ndjson
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(
      lost.map(({ partition, offset, timestamp, key, value, headers }) => ({
        ...{ partition, offset: String(offset), timestamp: String(timestamp) },
        ...{ key: base64(key), value: base64(value) },
        headers: headers.map(([name, bytes]) => ({ key: name, value: base64(bytes) })),
      })),
    );

    const l = back(uniqueName('back'));
    const saveTo = `${topic}.diverged-1`;
    failBack(l, topic, { topicId, ends, saveTo, options: { save: true } });
    const { message, steps } = await l.remade(topic);
    expect(message).toContain(`15 records had diverged, saved in ${saveTo}`);
    expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['CHECK', 'QUIET', 'COMPARE', 'SAVE', 'DELETE', 'CREATE', 'MIRROR'].map((name) => `${name} DONE`),
    );
    const saved = await readRecords(at(b, saveTo));
    expect(saved.map(({ key, value, timestamp, headers }) => ({ key, value, timestamp, headers }))).toEqual(
      lost.map(({ key, value, timestamp, headers, offset }) => ({
        ...{ key, value, timestamp },
        headers: [
          ...headers,
          [PARTITION_HEADER, Buffer.from('0')],
          [OFFSET_HEADER, Buffer.from(String(offset))],
        ],
      })),
    );
    await produce({ bootstrap: b().bootstrap, records: { topic, count: 10, seed: 11 } });
    await waitForBack(l, topic);
    expect((await sameBack(topic)).records).toBe(150);
    expect(await idOnA(topic)).not.toBe(topicId);
  });

  it('brings groups back to where they stand on the other side, however far they had read what is gone', async () => {
    const { topic, ends } = await failedOver({ before: diverge });
    await produce({ bootstrap: b().bootstrap, records: { topic, count: 40, seed: 9 } });
    const group = uniqueName('group');
    await commitGroupOffsets({ ...at(a, topic), group, offsets: new Map([[0, 119n]]) });
    await commitGroupOffsets({ ...at(b, topic), group, offsets: new Map([[0, 110n]]) });
    const l = link({
      ...{ source: b(), destination: a(), name: uniqueName('back'), topics: [] },
      settings: syncOf(group),
    });
    failBack(l, topic, { topicId: await idOnA(topic), ends });
    await l.remade(topic);
    await l.until('the group stands where it stood', async () => (await stands(group, topic)) === 110n);
  });

  it('waits while somebody still writes to it, and for transactions that are open there', async () => {
    const { topic, ends } = await failedOver({
      before: (name) => produce({ bootstrap: a().bootstrap, records: { topic: name, count: 3 } }),
    });
    const producer = await openProducer({ bootstrap: a().bootstrap, transactionalId: uniqueName('open') });
    await producer.begin();
    await producer.send(topic, [{ value: 'not decided' }]);
    const l = back(uniqueName('back'));
    const topicId = await idOnA(topic);
    failBack(l, topic, { topicId, ends });
    const said = () => l.runner.topics.get(topic)?.remaking?.explain ?? '';
    await l.until('it waits', () => said().includes('Transactions are open'));
    expect(await idOnA(topic)).toBe(topicId);
    await producer.commit();
    await producer.close();
    expect((await l.remade(topic)).message).toContain('4 records had diverged.');
    await waitForBack(l, topic);
    await sameBack(topic);
  });

  it('is refused for a topic that somebody has created anew, and leaves no mirror behind', async () => {
    const { topic, ends } = await failedOver({ before: diverge });
    const topicId = await idOnA(topic);
    await deleteTopic(at(a, topic));
    await createTopic(at(a, topic));
    await produce({ bootstrap: a().bootstrap, records: { topic, count: 1 } });
    const anew = await idOnA(topic);
    const l = back(uniqueName('back'));
    failBack(l, topic, { topicId, ends });
    expect((await l.remade(topic, 'FAILED')).message).toContain('is not the topic that was looked at');
    expect(await idOnA(topic)).toBe(anew);
    expect(l.runner.topics.has(topic)).toBe(false);
    l.send();
    await l.until('the wish is followed', () => !l.runner.topics.has(topic));
  });
});

it('a side that has not diverged stays, transactions and all, and nothing is copied', async () => {
  const topic = uniqueName('prefix');
  await createTopic(at(a, topic));
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 100 } });
  const producer = await openProducer({ bootstrap: a().bootstrap, transactionalId: uniqueName('committed') });
  await producer.begin();
  await producer.send(topic, [{ value: 'one' }, { value: 'two' }]);
  await producer.commit();
  await producer.close();
  const there = link({ topics: [topic] });
  await there.caughtUp();
  const ends = endsOf(await listOffsets({ ...at(b, topic), at: 'latest' }));
  there.end(topic, 'FAILOVER');
  await there.ended(topic);
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 30, seed: 3 } });
  const topicId = await idOnA(topic);
  expect(await parting(there, topic, ends)).toMatchObject({ diverged: false, records: '0' });
  // As its consumers have left it when they moved over, and where they stand now.
  const group = uniqueName('moved');
  await commitGroupOffsets({ ...at(a, topic), group, offsets: new Map([[0, 60n]]) });
  await commitGroupOffsets({ ...at(b, topic), group, offsets: new Map([[0, 110n]]) });
  const l = link({
    ...{ source: b(), destination: a(), name: uniqueName('back'), topics: [] },
    settings: syncOf(group),
  });
  failBack(l, topic, { topicId, ends, saveTo: `${topic}.diverged`, options: { save: true } });
  const { message, steps } = await l.remade(topic);
  expect(message).toContain('nothing had diverged');
  expect(steps.filter(({ state }) => state === 'SKIPPED').map(({ name }) => name)).toEqual([
    'SAVE',
    'DELETE',
  ]);
  await waitForBack(l, topic);
  expect(await idOnA(topic)).toBe(topicId);
  expect((await sameBack(topic)).records).toBe(132);
  expect(l.mirror(topic).partitions[0]?.recordsTotal).toBe(30n);
  await l.until('the group stands where it stood', async () => (await stands(group, topic)) === 110n);
});

it('a side with aborted records is made anew, although no committed record differs', async () => {
  const topic = uniqueName('aborted');
  await createTopic(at(a, topic));
  await produce({ bootstrap: a().bootstrap, records: { topic, count: 20 } });
  const producer = await openProducer({ bootstrap: a().bootstrap, transactionalId: uniqueName('aborted') });
  await producer.begin();
  await producer.send(topic, [{ value: 'never' }]);
  await producer.abort();
  await producer.close();
  const there = link({ topics: [topic] });
  await there.caughtUp();
  const ends = endsOf(await listOffsets({ ...at(b, topic), at: 'latest' }));
  there.end(topic, 'FAILOVER');
  await there.ended(topic);
  const l = back(uniqueName('back'));
  failBack(l, topic, { topicId: await idOnA(topic), ends });
  const { steps } = await l.remade(topic);
  expect(steps.find(({ name }) => name === 'COMPARE')?.detail).toContain('it cannot stay as it is');
  await waitForBack(l, topic);
  expect((await sameBack(topic)).records).toBe(20);
});

it('is carried on by each next engine, wherever the one before it died', async () => {
  const { topic, ends } = await failedOver({ partitions: 2, before: diverge });
  await produce({ bootstrap: b().bootstrap, records: { topic, count: 40, seed: 9 } });
  const lost = await readRecords({
    ...at(a, topic),
    from: BigInt(ends[0] ?? 0),
    isolation: 'read_committed',
  });
  const topicId = await idOnA(topic);
  const e = engine({ source: b(), destination: a(), name: uniqueName('back'), topics: [] });
  const saveTo = `${topic}.diverged-1`;
  e.desired.mirrors.push(wantedMirror(topic, topic));
  askToRemake(e.desired, topic, 'FAILBACK', { topicId, ends, saveTo, options: { save: true } });
  const hardest: Cut[] = [
    {
      what: 'with a copy that nobody knows of',
      stored: false,
      at: ({ work, fencing }) => Boolean(work?.saved) && !fencing,
    },
    { what: 'with a deletion that nobody knows of', stored: false, at: ({ work }) => work?.cleared === true },
  ];
  const cuts: Cut[] = FULL
    ? [
        ...hardest,
        {
          what: 'when it is known to be gone',
          stored: true,
          at: ({ work, outcome }) => work?.cleared === true && outcome === null,
        },
        { what: 'when all is done and nobody knows', stored: false, at: ({ outcome }) => outcome === 'DONE' },
      ]
    : hardest;
  const killedAt: string[] = [];
  for (const { what, stored, at: isAt } of cuts) {
    e.onOperation = (message) => {
      if (message.id === null || !isAt(message)) return 'answer';
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
  await sameBack(topic);
  const saved = await readRecords(at(b, saveTo));
  expect(saved.map(({ value }) => String(value))).toEqual(lost.map(({ value }) => String(value)));
});

type Cut = { what: string; stored: boolean; at: (message: Said) => boolean };
type Said = {
  fencing: boolean;
  work?: { cleared: boolean; saved: object | null } | undefined;
  outcome: string | null;
};

async function waitForBack(l: LinkUnderTest, topic: string): Promise<void> {
  await l.until('A holds all of B', async () => {
    const ends = await listOffsets({ ...at(b, topic), at: 'latest', isolation: 'read_committed' });
    return l.mirror(topic).partitions.every((p) => p.mirrorHighWatermark >= (ends.get(p.index) ?? 0n));
  });
}
