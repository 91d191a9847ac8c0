// Links beside and behind each other: chains, fan-out, both directions under one name, other names. About 15 s.
import { describe, expect, it } from 'vitest';
import { compareTopics } from '@/harness/compare';
import { linkSuite } from '@/harness/link-suite';
import { produce, startTraffic } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });
const third = sharedCluster({ name: 'third' });

const { link, transactions, atEnd } = linkSuite({ source, destination, name: 'topologies' });

const at = (cluster: () => { bootstrap: string }, topic: string) => ({
  bootstrap: cluster().bootstrap,
  topic,
});

/** Transactions, of which some are aborted, so that offsets are filled on each way. */
async function underLoad() {
  const topic = uniqueName('chain');
  await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
  return { topic, ...(await transactions(topic, 300)) };
}

describe('a chain of links', () => {
  it('keeps every offset over two of them, fills of the first included, and fans out beside it', async () => {
    const { topic, stop } = await underLoad();
    const first = link({ topics: [topic] });
    const second = link({ source: destination(), destination: third(), topics: [topic] });
    const beside = link({
      destination: third(),
      topics: [topic],
      settings: { 'cluster.link.prefix': 'direct.' },
    });
    await second.goesOn([topic], { by: 100n });
    await stop();
    await first.caughtUp();
    await second.caughtUp();
    await beside.caughtUp();
    const sides = { source: at(source, topic) };
    const { records } = await compareTopics({ ...sides, mirror: at(third, topic) });
    expect(records).toBeGreaterThan(100);
    expect((await compareTopics({ ...sides, mirror: at(third, `direct.${topic}`) })).records).toBe(records);
  });
});

describe('two links of one name in opposite directions', () => {
  it('work beside each other, each on topics of its own', async () => {
    const name = uniqueName('pair');
    const [there, back] = [uniqueName('there'), uniqueName('back')];
    for (const [cluster, topic] of [
      [source, there],
      [destination, back],
    ] as const) {
      await createTopic({ bootstrap: cluster().bootstrap, topic, partitions: 2 });
      await produce({ bootstrap: cluster().bootstrap, records: { topic, count: 500 } });
    }
    const traffic = await startTraffic({
      bootstrap: destination().bootstrap,
      records: { topic: back },
      ratePerSecond: 200,
    });
    atEnd(() => traffic.stop());
    const east = link({ name, topics: [there] });
    const west = link({ name, source: destination(), destination: source(), topics: [back] });
    await west.goesOn([back], { by: 100n });
    await traffic.stop();
    await Promise.all([east.caughtUp(), west.caughtUp()]);
    await compareTopics({ source: at(source, there), mirror: at(destination, there) });
    await compareTopics({ source: at(destination, back), mirror: at(source, back) });
    expect(east.runner.context.identity.transactionalId).not.toBe(
      west.runner.context.identity.transactionalId,
    );
  });
});

describe('a mirror under another name', () => {
  it('is equal to its source', async () => {
    const topic = uniqueName('original');
    await createTopic({ bootstrap: source().bootstrap, topic });
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 300 } });
    const l = link({ topics: [topic], rename: { [topic]: `${topic}-renamed` } });
    await l.caughtUp();
    await compareTopics({ source: at(source, topic), mirror: at(destination, `${topic}-renamed`) });
  });
});
