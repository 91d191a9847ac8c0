// Verification between real brokers: what is equal is verified to its end, whatever the gaps, the cleaners and the retention; what differs is found at its offset.
import { describe, expect, it } from 'vitest';
import { compactedTopic, interleavedTransactions, topicWithDeletedHead } from '@/harness/generate';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { type Codec, openProducer, produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, deleteRecords, deleteTopic, describeProducers, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import type { LinkSettings } from '@/lib/contracts/link';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link, traffic } = linkSuite({
  source,
  destination,
  name: 'verify',
  tuning: { verifyLookMs: 100 },
});
const CODECS: Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const FAST: Partial<LinkSettings> = {
  'verify.floor.bytes.per.second': 100_000_000,
  'verify.interval.ms': 1_000,
};

const endOf = async (bootstrap: string, topic: string) =>
  (await listOffsets({ bootstrap, topic, at: 'latest' })).get(0);

const progressOf = (l: LinkUnderTest, topic: string, partition = 0) => {
  const found = l.mirror(topic).partitions[partition];
  if (!found) throw new Error(`${topic} has no partition ${partition} yet`);
  return { partition: found, ...l.runner.verifier.verification.of(found) };
};

/** Everything that the mirror holds is verified, from its first offset on. */
const verifiedToTheEnd = (l: LinkUnderTest, topic: string) =>
  l.mirror(topic).partitions.every((partition) => {
    const { verified, endCheckedMs } = l.runner.verifier.verification.of(partition);
    if (partition.mode === 'FAILED') throw new Error(`${partition.name}: ${partition.message}`);
    return (
      verified?.to === partition.mirrorHighWatermark &&
      verified.from === partition.mirrorStart &&
      (verified.from === verified.to || endCheckedMs > 0)
    );
  });

function sweep(l: LinkUnderTest, topic: string, id: string): void {
  l.change((desired) => {
    for (const mirror of desired.mirrors) if (mirror.topic === topic) mirror.sweep = { id };
  });
}
const ended = (l: LinkUnderTest, id: string) =>
  l.verified.find((message) => message.sweepEnded?.id === id)?.sweepEnded?.outcome ?? null;

describe('a mirror that is equal', () => {
  it('is verified to its end, with every kind of gap and every codec, by the background and by a sweep', async () => {
    const { bootstrap } = source();
    const [mixed, head, compacted, appended] = ['mixed', 'head', 'compacted', 'appended'].map(uniqueName) as [
      string,
      string,
      string,
      string,
    ];
    await Promise.all([
      createTopic({ bootstrap, topic: mixed, partitions: 3 }),
      createTopic({ bootstrap, topic: appended, configs: { 'message.timestamp.type': 'LogAppendTime' } }),
      topicWithDeletedHead({ bootstrap, topic: head, deleted: 3_000, kept: 500 }),
      compactedTopic({
        bootstrap,
        topic: compacted,
        updates: 1_500,
        keys: 200,
        tombstoneRatio: 0.1,
        codec: 'lz4',
      }),
    ]);
    for (const [turn, codec] of CODECS.entries()) {
      const records = { count: 300, seed: turn + 1, keys: 40, headers: 2, nullValueRatio: 0.1 };
      await produce({ bootstrap, codec, records: { topic: mixed, ...records } });
      await produce({ bootstrap, codec, records: { topic: appended, ...records } });
      await interleavedTransactions({ bootstrap, topic: mixed, transactions: 8, codec, seed: turn + 1 });
    }
    const topics = [mixed, head, compacted, appended];
    const l = link({ topics, settings: FAST });
    await l.caughtUp();
    for (const topic of topics) await l.until(`${topic} is verified`, () => verifiedToTheEnd(l, topic));
    await l.until('places were sampled', () =>
      topics.some((topic) =>
        l.mirror(topic).partitions.some((p) => l.runner.verifier.verification.of(p).samples > 0),
      ),
    );
    for (const topic of topics) sweep(l, topic, `sweep of ${topic}`);
    for (const topic of topics)
      await l.until(`${topic} is swept`, () => ended(l, `sweep of ${topic}`) === 'EQUAL');
    expect(l.verified.filter(({ difference }) => difference !== null)).toEqual([]);
  });

  it('stays so while both cleaners work on it, at their own times, and it goes on being written', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('cleaning');
    const configs = {
      'cleanup.policy': 'compact',
      'segment.ms': '400',
      'min.cleanable.dirty.ratio': '0.001',
      'delete.retention.ms': '60000',
    };
    await createTopic({ bootstrap, topic, configs });
    const { stop } = await traffic({
      records: { topic, keys: 30, nullValueRatio: 0.1, valueBytes: 50 },
      ratePerSecond: 400,
    });
    const l = link({ topics: [topic], settings: FAST });
    await l.goesOn([topic], { by: 500n });
    for (let round = 0; round < 4; round++) {
      sweep(l, topic, `round ${round}`);
      await l.goesOn([topic], { by: 300n });
      await l.until('it is swept', () => ended(l, `round ${round}`) !== null);
      expect(ended(l, `round ${round}`)).toBe('EQUAL');
    }
    await stop();
    await l.caughtUp();
    await l.until('it is verified', () => verifiedToTheEnd(l, topic));
  });

  it('stays so when retention overtakes a sweep, and an engine takes a sweep over from the one before', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('overtaken');
    await createTopic({ bootstrap, topic });
    await produce({ bootstrap, records: { topic, count: 20_000, incompressible: true }, lingerMs: 1 });
    const slow = { ...FAST, 'verify.budget.percent': 0, 'verify.sweep.bytes.per.second': 700_000 };
    const first = link({ topics: [topic], settings: slow });
    await first.caughtUp();
    sweep(first, topic, 'long');
    const begun = (l: LinkUnderTest) => {
      const partition = l.mirror(topic).partitions[0];
      const running = partition ? l.runner.verifier.verification.of(partition).sweep : null;
      return running === 'WANTED' ? null : running;
    };
    await first.until('the sweep is on its way', () => (begun(first)?.scan.settled ?? 0n) > 0n);
    const before = begun(first);
    await first.stop();
    expect(ended(first, 'long')).toBeNull();
    const next = link({ topics: [topic], facts: first });
    await next.until('it goes on', () => begun(next) !== null);
    expect(begun(next)?.startedMs).toBe(before?.startedMs);
    expect(begun(next)?.scan.cursor).toBe(before?.scan.settled);
    await deleteRecords({ bootstrap, topic, before: new Map([[0, 19_500n]]) });
    next.change((desired) => {
      desired.settings['verify.sweep.bytes.per.second'] = 100_000_000;
    });
    await next.until('the sweep ends', () => ended(next, 'long') !== null);
    expect(ended(next, 'long')).toBe('EQUAL');
    // Nothing is claimed of what nobody could compare.
    expect(progressOf(next, topic).verified?.from).toBe(19_500n);
  });

  it('is not verified at all while the budget is 0', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('off');
    await createTopic({ bootstrap, topic });
    await produce({ bootstrap, records: { topic, count: 100 } });
    const l = link({ topics: [topic], settings: { ...FAST, 'verify.budget.percent': 0 } });
    await l.caughtUp();
    sweep(l, topic, 'asked for');
    await l.until('a sweep works all the same', () => ended(l, 'asked for') === 'EQUAL');
    const { samples, endCheckedMs, verified } = progressOf(l, topic);
    expect({ samples, endCheckedMs, to: verified?.to }).toEqual({
      samples: 0,
      endCheckedMs: Number.NaN,
      to: 100n,
    });
  });
});

describe('somebody else who writes to an idle mirror', () => {
  it.each([
    { kind: 'with an id', properties: {} as Record<string, string> },
    { kind: 'without one', properties: { 'enable.idempotence': 'false' } },
  ])('$kind is found, with offset and producer', async ({ properties }) => {
    const { bootstrap } = source();
    const topic = uniqueName('foreign');
    await createTopic({ bootstrap, topic });
    await produce({ bootstrap, records: { topic, count: 100 } });
    const l = link({ topics: [topic], settings: FAST });
    await l.caughtUp();
    const there = destination().bootstrap;
    await produce({ bootstrap: there, properties, records: { topic, count: 1 } });
    await l.until('it fails', () => l.events.some((e) => e.to === 'FAILED' && e.partition === 0));
    const { state, error, explain } = l.mirror(topic);
    expect({ state, error }).toEqual({ state: 'FAILED', error: 'UNEXPECTED_WRITE' });
    expect(explain).toMatch(/A batch of 1 records .* stands at offset 100/);
    const own = l.runner.context.identity.producerId;
    const foreign = (await describeProducers({ bootstrap: there, topic, partition: 0 })).find(
      ({ producerId }) => producerId !== own,
    );
    if (foreign)
      expect(explain).toContain(`of producer id ${foreign.producerId}, epoch 0 (last sequence number 0`);
    else expect(explain).toContain('of a producer without an id');
    expect(foreign === undefined).toBe('enable.idempotence' in properties);
  });
});

describe('a mirror that differs', () => {
  const AT = 1_700_000_000_000;

  /** A link whose mirror topic was replaced behind its back by one that `write` makes, between two runs of the engine. */
  async function replaced(
    topic: string,
    settings: Partial<LinkSettings>,
    write: (bootstrap: string) => Promise<unknown>,
  ): Promise<LinkUnderTest> {
    const first = link({ topics: [topic], settings });
    await first.caughtUp();
    await first.stop();
    const { bootstrap } = destination();
    await deleteTopic({ bootstrap, topic });
    await createTopic({ bootstrap, topic });
    await write(bootstrap);
    return link({ topics: [topic], facts: first });
  }

  const part = (bootstrap: string, topic: string, firstIndex: number, count: number) =>
    produce({
      bootstrap,
      records: { topic, count, firstIndex, timestampStart: AT, timestampStepMs: 1 },
    });

  it('is found by a sweep at its exact offset, stays failed over a restart, and goes on once both sides are equal', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('altered');
    await createTopic({ bootstrap, topic });
    await part(bootstrap, topic, 0, 3_000);
    const off = { ...FAST, 'verify.budget.percent': 0 };
    const l = await replaced(topic, off, async (there) => {
      await part(there, topic, 0, 1_234);
      const producer = await openProducer({ bootstrap: there });
      await producer.send(topic, [{ key: null, value: 'not the same', timestamp: AT + 1_234 }]);
      await producer.close();
      await part(there, topic, 1_235, 1_765);
    });
    // The end is equal: the start of the engine notices nothing.
    await l.caughtUp();
    sweep(l, topic, 'first');
    await l.until('the sweep ends', () => ended(l, 'first') !== null);
    expect(ended(l, 'first')).toBe('DIFFERENT');
    const { state, error, explain } = l.mirror(topic);
    expect({ state, error }).toEqual({ state: 'FAILED', error: 'UNEXPECTED_WRITE' });
    expect(explain).toContain('differs from its source at offset 1234:');
    const report = l.verified.find(({ difference }) => difference)?.difference;
    expect(report).toMatchObject({
      partition: 0,
      foundBy: 'SWEEP',
      comparedFrom: '1234',
      comparedTo: '3000',
      more: false,
      records: [{ offset: '1234', kind: 'DIFFERENT', mirror: { timestamp: String(AT + 1_234) } }],
    });
    expect(JSON.stringify(report)).not.toContain('not the same');
    await l.stop();

    const next = link({ topics: [topic], facts: l });
    await next.until('it is failed again', () => next.mirror(topic).state === 'FAILED');
    expect(next.mirror(topic).explain).toContain('differs from its source at offset 1234:');
    // Gone on both sides: nothing differs any more.
    for (const at of [bootstrap, destination().bootstrap])
      await deleteRecords({ bootstrap: at, topic, before: new Map([[0, 2_000n]]) });
    sweep(next, topic, 'second');
    await next.until('the sweep ends', () => ended(next, 'second') !== null);
    expect(ended(next, 'second')).toBe('EQUAL');
    await part(bootstrap, topic, 3_000, 10);
    await next.caughtUp();
  });

  it('is found by the background, too', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('missing');
    await createTopic({ bootstrap, topic });
    await part(bootstrap, topic, 0, 500);
    const l = await replaced(topic, FAST, async (there) => {
      await part(there, topic, 0, 100);
      // A marker in the place of a record: committed, and empty.
      const producer = await openProducer({ bootstrap: there, transactionalId: topic });
      await producer.begin();
      await producer.send(topic, [{ key: null, value: 'x', timestamp: AT }]);
      await producer.commit();
      await producer.close();
      // The coordinator writes it after it has answered.
      await waitFor('the marker', async () => (await endOf(there, topic)) === 102n);
      await part(there, topic, 102, 398);
    });
    await l.until('it fails', () => l.mirror(topic).state === 'FAILED');
    expect(l.mirror(topic).explain).toContain('differs from its source at offset 100:');
    await l.until('the report is there', () => l.verified.some(({ difference }) => difference));
    const records = l.verified.find(({ difference }) => difference)?.difference?.records;
    expect(records?.map(({ offset, kind }) => [offset, kind])).toEqual([
      ['100', 'DIFFERENT'],
      ['101', 'MISSING'],
    ]);
  });

  it('at read_uncommitted only is found: aborted data that consumers at read_committed do not see', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('levels');
    await createTopic({ bootstrap, topic });
    /** 20 plain records, a committed transaction of one, an aborted one, 20 plain records. */
    const write = async (at: string) => {
      await part(at, topic, 0, 20);
      const producer = await openProducer({ bootstrap: at, transactionalId: `${topic}-producer` });
      for (const [index, end] of [producer.commit, producer.abort].entries()) {
        await producer.begin();
        await producer.send(topic, [{ key: 'k', value: `v${index}`, timestamp: AT + index }]);
        await end();
      }
      await producer.close();
      await part(at, topic, 24, 20);
    };
    await write(bootstrap);
    const l = await replaced(topic, { ...FAST, 'verify.budget.percent': 0 }, write);
    await l.caughtUp();
    sweep(l, topic, 'levels');
    await l.until('the sweep ends', () => ended(l, 'levels') !== null);
    expect(ended(l, 'levels')).toBe('DIFFERENT');
    // The committed transaction at 20 is the same for everybody.
    const report = l.verified.find(({ difference }) => difference)?.difference;
    expect(report?.records.map(({ offset, kind }) => [offset, kind])).toContainEqual(['22', 'TRANSACTIONAL']);
    expect(report?.comparedFrom).toBe('22');
  });
});
