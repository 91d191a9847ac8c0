// One broker of the source that this host alone cannot reach, while another tells its metadata. About 25 s.
import { describe, expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import { proxiedCluster, sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { snapshotOf } from './snapshot';

const { cluster: source, proxy } = proxiedCluster({ name: 'source', brokers: 2 });
const destination = sharedCluster({ name: 'destination' });
const { link, same, traffic } = linkSuite({ source, destination, name: 'silent-source' });

describe('a source broker that answers everybody but the link', () => {
  it('leaves its partitions without a lag instead of lag 0, is named, and all goes on once it answers', async () => {
    const { bootstrap } = source();
    const topic = uniqueName('silent');
    const assignments = [[1], [2]];
    await createTopic({ bootstrap, topic, assignments });
    const running = await traffic({ records: { topic }, ratePerSecond: 200 });
    const mirrored = link({
      topics: [topic],
      settings: { 'availability.check.ms': 2_000, 'availability.check.consecutive.failure.threshold': 4 },
    });
    const partitions = () => mirrored.runner.topics.get(topic)?.partitions ?? [];
    await mirrored.until(
      'both partitions run',
      () => partitions().length === 2 && partitions().every((p) => p.mode === 'RUNNING' && p.acked > 50n),
    );
    proxy(2).silence((client) => client.includes('landbridge'));
    const shown = () => {
      const { columns } = snapshotOf([mirrored.runner], Date.now());
      return { lagSeconds: [...columns.lagSeconds], ends: [...columns.sourceLastStable] };
    };
    await mirrored.until('the silence is named', () =>
      /Broker 2 of the source, which leads partition 1, has not answered/.test(
        mirrored.mirror(topic).explain ?? '',
      ),
    );
    expect(shown().ends[1]).toBe(-1n);
    expect(shown().lagSeconds[1]).toBeNaN();
    expect(shown().ends[0]).toBeGreaterThan(0n);
    await mirrored.until(
      'it is called unavailable',
      () => mirrored.mirror(topic).state === 'SOURCE_UNAVAILABLE',
    );
    proxy(2).speak();
    await running.stop();
    await mirrored.caughtUp();
    await mirrored.until('it is well again', () => {
      const { state, explain } = mirrored.mirror(topic);
      return state === 'ACTIVE' && explain === null;
    });
    expect((await same(topic)).records).toBeGreaterThan(500);
  });
});
