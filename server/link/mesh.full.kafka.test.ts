// Six links among three clusters in one engine, each topic under the prefix of where it comes from. About a minute.
import { expect, it } from 'vitest';
import type { KafkaCluster } from '@/harness/cluster';
import { compareTopics } from '@/harness/compare';
import { desiredLink, sourceEnds } from '@/harness/link-under-test';
import { startTraffic } from '@/harness/produce';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import type { FromEngine } from '@/lib/contracts/engine';
import { Engine } from './engine';

const clusters = ['a', 'b', 'c'].map((name) => ({ name, cluster: suiteCluster({ name }) }));

it('three clusters mirror each other under load, all exact, in one process', async () => {
  const topics = new Map<string, string>();
  const traffics = [];
  for (const { name, cluster } of clusters) {
    const topic = uniqueName(name);
    topics.set(name, topic);
    await createTopic({ bootstrap: cluster().bootstrap, topic, partitions: 4 });
    traffics.push(
      await startTraffic({
        ...{ bootstrap: cluster().bootstrap, records: { topic }, ratePerSecond: 500 },
        ...{ transactionalId: topic, recordsPerTransaction: 10, abortRatio: 0.3 },
      }),
    );
  }
  const engine = new Engine((message: FromEngine) => {
    if (message.type === 'recallGroups')
      engine.receive({ type: 'groups', id: message.id, groups: [], error: null });
    if (message.type === 'persist' || message.type === 'aclsHeld' || message.type === 'keepGroups')
      queueMicrotask(() => engine.receive({ type: 'persisted', id: message.id, error: null }));
    if (message.type === 'stopped') stopped = true;
  });
  let stopped = false;
  const pairs = clusters.flatMap((from) =>
    clusters.filter((to) => to !== from).map((to): [typeof from, typeof to] => [from, to]),
  );
  const links = pairs.map(([from, to]) =>
    desiredLink({
      ...{ source: from.cluster(), destination: to.cluster(), name: `${from.name}-${to.name}` },
      topics: [topics.get(from.name) ?? ''],
      settings: { 'cluster.link.prefix': `${from.name}.` },
    }),
  );
  engine.start();
  engine.receive({ type: 'desired', links });
  try {
    const ends = () => [...engine.runners.values()].flatMap((runner) => [...runner.topics.values()]);
    const far = () =>
      ends().length === 6 &&
      ends().every((topic) => topic.partitions.length === 4 && topic.partitions.every((p) => p.acked > 500n));
    await waitFor('all six go on', far, { limitMs: 120_000 });
    await Promise.all(traffics.map((traffic) => traffic.stop()));
    for (const [at, [from, to]] of pairs.entries()) {
      const wish = links[at];
      if (!wish) continue;
      const wanted = await sourceEnds(wish, from.cluster());
      await waitFor(`${wish.name} holds all`, () => holds(wish.id, wanted), { limitMs: 120_000 });
      await equal(from.cluster(), to.cluster(), from.name);
    }
  } finally {
    engine.receive({ type: 'stop' });
    await waitFor('the engine stops', () => stopped, { limitMs: 30_000 });
  }

  function holds(id: string, wanted: Awaited<ReturnType<typeof sourceEnds>>): boolean {
    const mirrored = [...(engine.runners.get(id)?.topics.values() ?? [])];
    return mirrored.every((topic) =>
      topic.partitions.every((p) => p.mirrorHighWatermark >= (wanted.get(topic.name)?.get(p.index) ?? 0n)),
    );
  }

  async function equal(from: KafkaCluster, to: KafkaCluster, name: string): Promise<void> {
    const topic = topics.get(name) ?? '';
    const sides = {
      source: { bootstrap: from.bootstrap, topic },
      mirror: { bootstrap: to.bootstrap, topic: `${name}.${topic}` },
    };
    expect((await compareTopics(sides)).records).toBeGreaterThan(500);
  }
});
