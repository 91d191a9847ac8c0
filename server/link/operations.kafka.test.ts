// What an operator does to a running link: pauses, resumes, throttles, gives it little memory, stops and restarts it under load.
// About 35 s on a loaded machine.
import { describe, expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link, same, transactions, atEnd } = linkSuite({ source, destination, name: 'operations' });

/** A topic under a load of transactions, of which some are aborted. */
async function underLoad(): Promise<{ topic: string; stop: () => Promise<unknown> }> {
  const topic = uniqueName('operations');
  await createTopic({ bootstrap: source().bootstrap, topic, partitions: 4 });
  return { topic, ...(await transactions(topic, 400)) };
}

describe('pausing', () => {
  it('one mirror in the middle of fills leaves the others running; resumed, it is exact', async () => {
    const [paused, other] = [await underLoad(), await underLoad()];
    const l = link({ topics: [paused.topic, other.topic] });
    const pause = (yes: boolean) =>
      l.change((desired) => {
        for (const mirror of desired.mirrors) if (mirror.topic === paused.topic) mirror.paused = yes;
      });
    for (let round = 0; round < 8; round++) {
      await l.goesOn([paused.topic], { by: 10n });
      pause(true);
      await l.until('it stands', () => {
        const mirror = l.mirror(paused.topic);
        return mirror.state === 'PAUSED' && mirror.partitions.every((p) => p.outstanding === 0);
      });
      const at = l.mirror(paused.topic).partitions.map((p) => p.acked);
      await l.goesOn([other.topic], { by: 10n });
      expect(l.mirror(paused.topic).partitions.map((p) => p.acked)).toEqual(at);
      pause(false);
    }
    await Promise.all([paused.stop(), other.stop()]);
    await l.caughtUp();
    await same(paused.topic);
    await same(other.topic);
  });

  it('the link stops all its mirrors until it is resumed', async () => {
    const { topic, stop } = await underLoad();
    const l = link({ topics: [topic] });
    await l.goesOn([topic], { by: 10n });
    const pause = (yes: boolean) =>
      l.change((desired) => {
        desired.settings['cluster.link.paused'] = yes;
      });
    pause(true);
    await l.until(
      'all stand',
      () =>
        l.mirror(topic).state === 'LINK_PAUSED' &&
        l.mirror(topic).partitions.every((p) => p.outstanding === 0),
    );
    const at = l.mirror(topic).partitions.map((p) => p.acked);
    await l.until('the source goes on', () =>
      l.mirror(topic).partitions.every((p, i) => p.sourceLastStable > (at[i] ?? 0n) + 50n),
    );
    expect(l.mirror(topic).partitions.map((p) => p.acked)).toEqual(at);
    pause(false);
    await stop();
    await l.caughtUp();
    await same(topic);
  });
});

describe('the throttle', () => {
  it('holds back a link while it is set', async () => {
    const topic = uniqueName('throttled');
    await createTopic({ bootstrap: source().bootstrap, topic });
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 2_000, valueBytes: 1_000 } });
    const began = Date.now();
    const l = link({ topics: [topic], settings: { 'link.throttle.bytes.per.second': 500_000 } });
    await l.caughtUp();
    // Two megabytes; the first answer is free, it is waited for afterwards.
    expect(Date.now() - began).toBeGreaterThan(1_500);
    l.change((desired) => {
      desired.settings['link.throttle.bytes.per.second'] = null;
    });
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 100, firstIndex: 2_000 } });
    await l.caughtUp();
    await same(topic);
  });
});

describe('memory', () => {
  it('stays within a small budget with 200 partitions and records of a megabyte', async () => {
    const bootstrap = source().bootstrap;
    const topic = uniqueName('memory');
    await createTopic({ bootstrap, topic, partitions: 200 });
    await produce({ bootstrap, records: { topic, count: 20_000, valueBytes: 500 } });
    await produce({
      bootstrap,
      batchBytes: 1_048_000,
      records: { topic, count: 60, firstIndex: 20_000, valueBytes: 1_000_000, incompressible: true },
    });
    const limit = 8_388_608;
    const l = link({ topics: [topic], settings: { 'link.memory.bytes': limit } });
    await l.until('it runs', () => true);
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, l.runner.context.budget.pool.inUseBytes);
    }, 5);
    atEnd(() => clearInterval(watch));
    await l.caughtUp();
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(limit);
    expect((await same(topic)).records).toBe(20_060);
  });
});

describe('stopping under load', () => {
  it('is quick and clean; the next engine goes on at once, five times', async () => {
    const { topic, stop } = await underLoad();
    // Whoever had to wait for requests of unknown fate would wait for longer than this test.
    const tuning = { unknownFateWaitMs: 3_600_000 };
    let l = link({ topics: [topic], tuning });
    for (let round = 0; round < 5; round++) {
      await l.goesOn([topic], { by: 10n });
      const began = Date.now();
      expect(await l.stop()).not.toBeNull();
      expect(Date.now() - began).toBeLessThan(5_000);
      l = link({ topics: [topic], tuning, facts: l });
    }
    await l.goesOn([topic], { by: 10n });
    await stop();
    await l.caughtUp();
    await same(topic);
  });
});
