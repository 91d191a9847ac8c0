// Sweeps of older releases: what they do not tell is said to be so and is no failure, the rest is the same. About 30 s for each release.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OTHER_KAFKA_VERSIONS } from '@/harness/kafka-versions';
import { produce } from '@/harness/produce';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { commitGroupOffsets, createTopic } from '@/harness/topics';
import { clusterConfig } from '@/lib/contracts/cluster';
import { ClusterSweeper } from './sweeper';
import { brokersPage, quorumView } from './views/brokers';
import { clusterSummary } from './views/cluster';
import { groupDetail } from './views/groups';
import { topicDetail } from './views/topics';

/** Parts that a release does not tell, and how it names itself. */
const NOT_TOLD: Record<
  (typeof OTHER_KAFKA_VERSIONS)[number],
  { parts: string[]; version: string; diskSize: boolean }
> = {
  '4.1.0': { parts: [], version: '4.1', diskSize: true },
  '4.0.0': { parts: [], version: '4.0', diskSize: true },
  '3.9.1': { parts: ['BROKERS'], version: '3.9', diskSize: true },
  '3.3.2': { parts: ['BROKERS'], version: '3.3', diskSize: true },
  '3.0.2': { parts: ['BROKERS', 'QUORUM'], version: '2.7 or newer', diskSize: false },
};

describe.each(OTHER_KAFKA_VERSIONS)('Kafka %s', (version) => {
  const cluster = suiteCluster({ name: `swept-${version}`, version });
  let sweeper: ClusterSweeper;
  beforeAll(() => {
    const bootstrapServers = cluster().bootstrap.split(',');
    sweeper = new ClusterSweeper(clusterConfig.parse({ name: 'east', bootstrapServers }), () => {});
  });
  afterAll(() => sweeper.close());

  it('is swept whole, twice the same, without what it does not tell', async () => {
    const { bootstrap } = cluster();
    const [topic, group] = [uniqueName('swept'), uniqueName('group')];
    await createTopic({ bootstrap, topic, partitions: 2 });
    await produce({ bootstrap, records: { topic, count: 100, partitions: [0] } });
    await commitGroupOffsets({ bootstrap, group, topic, offsets: new Map([[0, 30n]]) });
    await sweeper.sweep(10_000);
    await sweeper.sweep(10_000);
    const sweep = sweeper.last;
    if (!sweep) throw new Error(sweeper.trouble ?? 'no sweep');
    const expected = NOT_TOLD[version];
    expect(sweep.gaps.filter(({ failure }) => failure)).toEqual([]);
    expect(sweep.gaps.map(({ what }) => what).sort()).toEqual(expected.parts);
    expect(sweep).toMatchObject({
      complete: true,
      whole: true,
      controllerId: 1,
      kafkaVersion: expected.version,
    });
    expect(groupDetail(sweep, group)?.row).toMatchObject({
      lagMessages: '70',
      partitions: 1,
      state: 'Empty',
    });
    expect(topicDetail(sweep, topic)?.topic).toMatchObject({ messages: '100', cleanupPolicy: 'delete' });
    const [broker] = brokersPage(sweep).rows;
    expect(broker).toMatchObject({ state: 'SERVING', outOfSync: 0 });
    expect(broker?.dirs?.[0]?.totalBytes !== null).toBe(expected.diskSize);
    expect(quorumView(sweep)).toMatchObject({ told: !expected.parts.includes('QUORUM'), leader: 1 });
    expect(clusterSummary(sweep)).toMatchObject({ openTransactions: 0, underMinIsr: 0, offline: 0 });
  });
});
