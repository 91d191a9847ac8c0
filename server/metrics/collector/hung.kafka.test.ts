// A broker of three hangs, with groups, transactions and leaders on it: no number is smaller for it, on pages or in series, in any sweep until it is
// back. It stays in service for a while, then the controller fences it and others take over. About 60 s.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HarnessProducer, openProducer } from '@/harness/produce';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { commitGroupOffsets, createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { clusterConfig } from '@/lib/contracts/cluster';
import { brokersPage as brokersContract } from '@/lib/contracts/monitoring/brokers';
import { clusterSummary as summaryContract } from '@/lib/contracts/monitoring/cluster-summary';
import { groupsPage as groupsContract, groupsQuery } from '@/lib/contracts/monitoring/groups';
import { topicDetail as topicContract } from '@/lib/contracts/monitoring/topics';
import { clientFor } from '@/server/kafka/security';
import { BrokerLane } from './lane';
import { oneTopicsConfigsLimitMs } from './limits';
import type { ClusterSweep } from './sweep';
import { ClusterSweeper } from './sweeper';
import { observe } from './testing/observe';
import { readTopicConfigs } from './topic-configs';
import { brokersPage } from './views/brokers';
import { clusterSummary } from './views/cluster';
import { groupsPage } from './views/groups';
import { topicDetail } from './views/topics';

const assignments = [
  [1, 2, 3],
  [2, 3, 1],
  [3, 1, 2],
];
const groups = Array.from({ length: 8 }, () => uniqueName('group')).sort();
const topic = uniqueName('hung');
const cluster = suiteCluster({
  ...{ name: 'has-a-hung-broker', brokers: 3 },
  properties: { 'broker.session.timeout.ms': '15000' },
});
const producers: HarnessProducer[] = [];
let sweeper: ClusterSweeper;

beforeAll(async () => {
  const { bootstrap } = cluster();
  sweeper = new ClusterSweeper(
    clusterConfig.parse({ name: 'east', bootstrapServers: bootstrap.split(',') }),
    () => {},
  );
  await createTopic({ bootstrap, topic, assignments });
  const records = [0, 1, 2].map((partition) => ({ partition, value: 'x' }));
  for (let i = 0; i < 8; i++) {
    const producer = await openProducer({ bootstrap, transactionalId: uniqueName('open') });
    await producer.begin();
    await producer.send(topic, records);
    producers.push(producer);
  }
  const offsets = new Map([0, 1, 2].map((partition) => [partition, 0n]));
  for (const group of groups) await commitGroupOffsets({ bootstrap, group, topic, offsets });
});
afterAll(async () => {
  sweeper.close();
  await Promise.all(producers.map((producer) => producer.abandon()));
});

async function swept(): Promise<ClusterSweep> {
  await sweeper.sweep(10_000);
  if (!sweeper.last) throw new Error(sweeper.trouble ?? 'no sweep');
  return sweeper.last;
}
const numberOf = (text: string | null) => (text === null ? null : Number(text));
/** Everything that is counted, summed or listed: as a whole, or null. */
function numbers(sweep: ClusterSweep) {
  const told = observe(sweep);
  const of = (name: string) => told.get(`landbridge_cluster_${name}{cluster="east"}`) ?? null;
  const summary = summaryContract.parse(clusterSummary(sweep));
  const page = groupsContract.parse(groupsPage(sweep, groupsQuery.parse({})));
  const row = topicContract.parse(topicDetail(sweep, topic)).topic;
  return {
    ...{ groups: of('groups'), openTransactions: of('open_transactions'), held: of('held_partitions') },
    ...{ topics: of('topics'), partitions: of('partitions'), logBytes: of('log_bytes') },
    ...{ shownGroups: summary.groups, shownTransactions: summary.openTransactions },
    ...{ shownHeld: summary.heldPartitions, shownBytes: numberOf(summary.logBytes) },
    listed: page.allListed ? page.total : null,
    ...{ groupsOfTopic: row.groups, messages: numberOf(row.messages) },
    ...{ leaderBytes: numberOf(row.leaderBytes), replicaBytes: numberOf(row.replicaBytes) },
  };
}

it('tells nothing less while a broker hangs: what it would have told is unknown, with the time since when', async () => {
  await waitFor('a whole sweep that has seen all', async () => {
    const { complete, groups: seen, held, brokers } = await swept();
    return complete && seen?.length === groups.length && held.length === 3 && brokers.every((b) => b.disks);
  });
  const before = await swept();
  const whole = numbers(before);
  expect(whole).toMatchObject({ groups: 8, openTransactions: 8, held: 3, shownHeld: 3, groupsOfTopic: 8 });
  const coordinators = new Set(before.groups?.map(({ coordinator }) => coordinator));
  // The leader of the quorum would make an election of it; any other that keeps groups does.
  const hung = [...coordinators].find((id) => id !== before.quorum?.leader) ?? 0;
  const kept = before.groups?.filter(({ coordinator }) => coordinator === hung).map(({ name }) => name) ?? [];
  const led = assignments.findIndex(([leader]) => leader === hung);

  await cluster().broker(hung).standStill();
  const said = { unknown: 0, fenced: 0 };
  try {
    await waitFor(
      'others to have taken over',
      async () => {
        const sweep = await swept();
        for (const [name, value] of Object.entries(numbers(sweep)))
          if (value !== null)
            expect(value, name).toBeGreaterThanOrEqual(whole[name as keyof typeof whole] ?? 0);
        expect(sweep.groups?.map(({ name }) => name)).toEqual(groups);
        const reachable = `landbridge_broker_reachable{cluster="east",broker="${hung}"}`;
        expect(observe(sweep).get(reachable)).toBe(0);
        const brokers = brokersContract.parse(brokersPage(sweep)).rows;
        expect(brokers.find(({ id }) => id === hung)).toMatchObject({
          disksOldSince: before.brokers.find(({ id }) => id === hung)?.disks?.readMs,
        });
        const { partitions } = topicContract.parse(topicDetail(sweep, topic));
        if (partitions[led]?.leader !== hung) {
          said.fenced++;
          return numbers(sweep).groups !== null;
        }
        said.unknown++;
        expect(partitions[led]).toMatchObject({ status: 'UNKNOWN', toldAt: before.atMs, bytes: null });
        expect(numbers(sweep)).toMatchObject({
          ...{ groups: null, openTransactions: null, held: null, logBytes: null, listed: null },
          ...{ groupsOfTopic: null, messages: null, leaderBytes: null, replicaBytes: null },
        });
        const { rows } = groupsPage(sweep, groupsQuery.parse({}));
        const unknown = rows.filter(({ unknownSince }) => unknownSince === before.atMs);
        expect(unknown.map(({ group }) => group)).toEqual(kept);
        return false;
      },
      { limitMs: 120_000 },
    );
  } finally {
    cluster().broker(hung).resume();
  }
  expect(said.unknown).toBeGreaterThan(0);
  expect(said.fenced).toBeGreaterThan(0);
  await waitFor('everything to be told again', async () => {
    const { complete } = await swept();
    const now = numbers(await swept());
    return (
      complete && Object.entries(now).every(([name, value]) => value === whole[name as keyof typeof whole])
    );
  });
});

it('tells all configs of a topic although the broker that is asked first hangs, before any sweep has noticed', async () => {
  const config = clusterConfig.parse({ name: 'east', bootstrapServers: cluster().bootstrap.split(',') });
  const client = clientFor(config, 'opens-a-topic');
  try {
    const { brokers } = await client.metadata([]);
    const lanes = brokers.map(({ id }) => new BrokerLane(id, client));
    const first = cluster().broker(lanes[0]?.id ?? 0);
    await first.standStill();
    const began = performance.now();
    const view = await readTopicConfigs({ client, lanes, topic, now: Date.now }).finally(() =>
      first.resume(),
    );
    expect(view?.configs.length).toBeGreaterThan(30);
    expect(performance.now() - began).toBeGreaterThan(oneTopicsConfigsLimitMs - 100);
  } finally {
    client.close();
  }
});
