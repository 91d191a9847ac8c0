// A network that loses what brokers answer, and brokers that fall silent: proxies between the engine and real brokers. About 35 s.
import { describe, expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import type { Fate } from '@/harness/tcp-proxy';
import { proxiedCluster, sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, describeProducers, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const source = sharedCluster({ name: 'source' });
const { cluster: destination, proxy } = proxiedCluster({ name: 'proxied', brokers: 2 });
const { link, same, transactions, atEnd } = linkSuite({ source, destination, name: 'lost-answers' });

const PRODUCE = 0;
const INIT_PRODUCER_ID = 22;
const engines = (clientId: string) => clientId.startsWith('landbridge-');

/** What becomes of the engine's next raise of the epoch, whichever broker coordinates. @returns how many are still to come */
function nextRaise(fate: Fate): () => number {
  let left = 1;
  const brokers = [proxy(1), proxy(2)];
  for (const broker of brokers)
    broker.fate = ({ api, clientId }) =>
      api === INIT_PRODUCER_ID && engines(clientId) && left-- > 0 ? fate : 'arrives';
  atEnd(() => {
    for (const broker of brokers) broker.fate = () => 'arrives';
  });
  return () => left;
}

async function underLoad(): Promise<{ topic: string; stop: () => Promise<unknown> }> {
  const topic = uniqueName('lost-answers');
  await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
  return { topic, ...(await transactions(topic, 200)) };
}

function pause(l: LinkUnderTest, topic: string, yes: boolean): void {
  l.change((desired) => {
    for (const mirror of desired.mirrors) if (mirror.topic === topic) mirror.paused = yes;
  });
}

/** Each broker knows the link under one producer id, and under the epoch that the engine thinks it has there. */
async function expectOneIdentity(l: LinkUnderTest, topic: string): Promise<void> {
  const { bootstrap } = destination();
  for (const partition of l.mirror(topic).partitions) {
    const known = await describeProducers({ bootstrap, topic, partition: partition.index });
    expect(known.map((p) => [p.producerId, p.producerEpoch])).toEqual([
      [partition.producerId, partition.epoch],
    ]);
  }
}

describe('a raise of the epoch', () => {
  for (const { fate, what } of [
    { fate: 'answerLost', what: 'whose answer never arrives' },
    { fate: 'answerReset', what: 'whose connection ends in place of the answer' },
  ] as const) {
    it(`${what} is made again, and nobody stands down`, async () => {
      const [first, second] = [await underLoad(), await underLoad()];
      const l = link({ topics: [first.topic, second.topic] });
      await l.goesOn([first.topic, second.topic]);
      const before = l.runner.context.identity.epoch;
      pause(l, second.topic, true);
      await l.until('it stands', () => l.mirror(second.topic).state === 'PAUSED');
      const left = nextRaise(fate);
      pause(l, second.topic, false);
      await l.goesOn([second.topic]);
      expect(left()).toBeLessThanOrEqual(0);
      expect(l.runner.context.identity.epoch).toBeGreaterThan(before + 1);
      // Long enough for the coordinator to be asked who is the newest.
      await l.goesOn([first.topic], { by: 100n });
      expect([l.runner.fatal, l.mirror(first.topic).state]).toEqual([false, 'ACTIVE']);

      await Promise.all([first.stop(), second.stop()]);
      await l.caughtUp();
      for (const { topic } of [first, second]) {
        await same(topic);
        await expectOneIdentity(l, topic);
      }
    });
  }

  it('that is the very first one and has no answer is made again', async () => {
    const { topic, stop } = await underLoad();
    const left = nextRaise('answerReset');
    const l = link({ topics: [topic] });
    await l.goesOn([topic]);
    expect(left()).toBeLessThanOrEqual(0);
    await stop();
    await l.caughtUp();
    await same(topic);
    await expectOneIdentity(l, topic);
  });

  it('that never reached the coordinator is not taken for the one of a successor', async () => {
    const { topic, stop } = await underLoad();
    const name = uniqueName('successor');
    const l = link({ topics: [topic], name });
    await l.goesOn([topic]);
    pause(l, topic, true);
    await l.until('it stands', () => l.mirror(topic).state === 'PAUSED');
    const left = nextRaise('dropped');
    pause(l, topic, false);
    await l.until('its raise is on its way', () => left() === 0);
    const successor = link({ topics: [topic], name });
    await l.until('the first one stands down', () => l.runner.fatal);
    await successor.goesOn([topic]);
    expect(successor.runner.fatal).toBe(false);
    await stop();
    await successor.caughtUp();
    await same(topic);
  });
});

describe('an append that the network holds back', () => {
  it('may arrive after its mirror was paused and resumed: it is there once, at its offset', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('late');
    await createTopic({ bootstrap, topic });
    await produce({ bootstrap, records: { topic, count: 10 } });
    const l = link({
      topics: [topic],
      tuning: { produceTimeoutMs: 1_500, halfCloseWaitMs: 500, unknownFateWaitMs: 20_000 },
    });
    await l.caughtUp();
    const brokers = [proxy(1), proxy(2)];
    let late = 0;
    for (const broker of brokers)
      broker.fate = ({ api, clientId }) =>
        api === PRODUCE && engines(clientId) && late < 2 && ++late > 0 ? 'late' : 'arrives';
    const deliver = () => {
      for (const broker of brokers) broker.deliver(1);
    };
    atEnd(() => {
      for (const broker of brokers) broker.fate = () => 'arrives';
      deliver();
      deliver();
    });
    await produce({ bootstrap, records: { topic, count: 1, firstIndex: 10 } });
    await l.until('it is on its way', () => late === 1);
    pause(l, topic, true);
    await l.until('it stands', () => l.mirror(topic).state === 'PAUSED');
    pause(l, topic, false);
    await l.until('the next one is on its way', () => late === 2);
    deliver();
    await waitFor('the first one has arrived', async () => {
      const ends = await listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' });
      return ends.get(0) === 11n;
    });
    deliver();
    await l.caughtUp();
    expect((await same(topic)).records).toBe(11);
    expect(l.mirror(topic).state).toBe('ACTIVE');
  });
});

describe('a broker that falls silent', () => {
  it('gives the memory back that it holds, and the partitions of others go on', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('silent');
    await createTopic({ bootstrap, topic, partitions: 2 });
    await createTopic({ bootstrap: destination().bootstrap, topic, assignments: [[1], [2]] });
    const limit = 8_388_608;
    const l = link({
      topics: [topic],
      settings: { 'link.memory.bytes': limit },
      tuning: { produceTimeoutMs: 5_000 },
    });
    const write = (count: number, firstIndex: number) => {
      const records = { topic, count, firstIndex, valueBytes: 1_000, incompressible: true };
      return produce({ bootstrap, batchBytes: 65_536, records });
    };
    await write(1_000, 0);
    await l.caughtUp();
    proxy(2).silence(engines);
    atEnd(() => proxy(2).speak());
    const before = l.mirror(topic).partitions[1]?.acked;
    const [spoken, silent] = l.mirror(topic).partitions;
    let held = 0;
    // It may be given up before all is written.
    const look = setInterval(() => {
      held = Math.max(held, silent?.outstandingBytes ?? 0);
    }, 20);
    atEnd(() => clearInterval(look));
    // Several times the link's memory, for each partition.
    await write(40_000, 1_000);
    await l.until(
      'the other partition has everything',
      () => spoken?.mirrorHighWatermark === spoken?.sourceLastStable && (spoken?.acked ?? 0n) >= 15_000n,
    );
    expect(silent?.acked).toBe(before);
    expect(held).toBeGreaterThan(0);
    await l.until('its memory is free again', () => l.runner.context.budget.pool.inUseBytes === 0);
    proxy(2).speak();
    await l.caughtUp();
    expect((await same(topic)).records).toBe(41_000);
  });
});
