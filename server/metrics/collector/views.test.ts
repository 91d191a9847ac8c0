// Pages over a sweep: every answer holds its contract, and what is not known is null.
import { describe, expect, it } from 'vitest';
import { clusterConfig } from '@/lib/contracts/cluster';
import {
  brokerDetail as brokerContract,
  brokersPage as brokersContract,
  quorumView as quorumContract,
} from '@/lib/contracts/monitoring/brokers';
import { clusterSummary as summaryContract } from '@/lib/contracts/monitoring/cluster-summary';
import { groupsPage as groupsContract, groupsQuery } from '@/lib/contracts/monitoring/groups';
import {
  topicDetail as detailContract,
  topicsPage as topicsContract,
  topicsQuery,
} from '@/lib/contracts/monitoring/topics';
import { clientFor } from '@/server/kafka/security';
import { BrokerLane } from './lane';
import type { Memory } from './run';
import { stateCode } from './series';
import type { QuorumReplicaSeen } from './sweep';
import { observe } from './testing/observe';
import { broker, configsWith, groupTold, TestCluster } from './testing/sweeps';
import { unreachable } from './unreachable';
import { brokerDetail, brokersPage, headroomOf, quorumView } from './views/brokers';
import { clusterSummary } from './views/cluster';
import { groupsPage } from './views/groups';
import { topicDetail, topicsPage } from './views/topics';

const voter = (id: number, behindSeconds: number | null): QuorumReplicaSeen => ({
  ...{ id, directoryId: null, logEndOffset: 10n, lag: 0n, lastFetchMs: 1, lastCaughtUpMs: 1, behindSeconds },
});
const three = [1, 2, 3];
const dir = {
  path: '/d',
  offline: false,
  totalBytes: 1_000n,
  usableBytes: 250n,
  logBytes: 700n,
  replicas: 1,
};
const cluster = new TestCluster();
const ends = {
  orders: [
    { start: 10n, end: 100n, high: 120n, bytes: 2_200n, replicas: three, inSync: three },
    { start: 0n, end: 50n, bytes: 500n, leader: 2, replicas: [2, 3, 1], inSync: [2] },
  ],
  clicks: [{ end: -1n, leader: -1, replicas: three, inSync: [3] }],
  __consumer_offsets: [{ end: 5n, bytes: 5n }],
};
const configs = { orders: configsWith({ minIsr: 2 }), clicks: null };
const groups = [groupTold('billing', { orders: { 0: 40n, 1: 50n } })];
cluster.sweep(0, ends, groups, { configs });
const sweep = cluster.sweep(10_000, ends, groups, {
  configs,
  brokers: [
    broker(1, {
      leaders: 2,
      disks: {
        dirs: [{ ...dir, largest: [{ topic: 'orders', partition: 0, bytes: 700n }] }],
        ...{ readMs: 10_000, current: true },
      },
    }),
    broker(2, { leaders: 1, reachable: false, trouble: 'broker 2 does not answer', latencyMs: null }),
    broker(3, { inService: false, fenced: true, reachable: false }),
    broker(4, { inService: false, fenced: null, reachable: false, host: null, port: null }),
  ],
  quorum: {
    leader: 1,
    epoch: 4,
    highWatermark: 10n,
    voters: [voter(1, 0), voter(2, 45), voter(3, 1)],
    observers: [],
    clockOffsetMs: 250,
  },
  finalizedFeatures: [{ name: 'metadata.version', level: 30 }],
  transactions: [
    {
      ...{ transactionalId: 'x', producerId: '7', state: 'Ongoing', coordinator: 1 },
      startedMs: 5_000,
      timeoutMs: 60_000,
      partitions: 1,
    },
  ],
  certificates: [{ certificate: 'broker/1', expiresMs: 20_000 }],
});
const topics = (query: object = {}) => topicsContract.parse(topicsPage(sweep, topicsQuery.parse(query)));

describe('the page of topics', () => {
  it('leaves Kafka’s own topics out unless they are asked for', () => {
    expect(topics().rows.map(({ name }) => name)).toEqual(['clicks', 'orders']);
    expect(topics({ internal: '1' })).toMatchObject({ total: 3, matched: 3 });
  });
  it('sums over partitions, and half a sum is no sum', () => {
    const [clicks, orders] = topics().rows;
    expect(orders).toMatchObject({
      ...{ partitions: 2, replicationFactor: 3, startOffsets: '10', endOffsets: '170', messages: '160' },
      ...{
        leaderBytes: '2700',
        groups: 1,
        offline: 0,
        underReplicated: 1,
        underMinIsr: 1,
        cleanupPolicy: 'delete',
      },
    });
    expect(clicks).toMatchObject({
      messages: null,
      leaderBytes: null,
      offline: 1,
      underMinIsr: null,
      cleanupPolicy: null,
    });
  });
  it('puts trouble first, and finds it', () => {
    expect(topics({ sort: 'trouble', direction: 'desc' }).rows.map(({ name }) => name)).toEqual([
      'clicks',
      'orders',
    ]);
    expect(topics({ trouble: '1', filter: 'ord' }).rows.map(({ name }) => name)).toEqual(['orders']);
    for (const sort of ['partitions', 'size', 'messages', 'messageRate', 'byteRate', 'groups'])
      expect(topics({ sort }).rows).toHaveLength(2);
  });
  it('of one topic tells partitions and who consumes it', () => {
    const detail = detailContract.parse(topicDetail(sweep, 'orders'));
    expect(detail.partitions.map(({ status, blocked }) => [status, blocked])).toEqual([
      ['OK', '20'],
      ['UNDER_MIN_ISR', '0'],
    ]);
    expect(detail.groups).toMatchObject([{ group: 'billing', partitions: 2, lagMessages: '60' }]);
    expect(topicDetail(sweep, 'clicks')?.partitions[0]).toMatchObject({
      leader: null,
      status: 'OFFLINE',
      highWatermark: null,
    });
    expect(topicDetail(sweep, 'nothing')).toBeNull();
  });
});

describe('the page of brokers', () => {
  it('tells who serves, and of the others what is known', () => {
    const rows = brokersContract.parse(brokersPage(sweep)).rows;
    expect(rows.map(({ state }) => state)).toEqual(['SERVING', 'UNREACHABLE', 'FENCED', 'MISSING']);
    expect(rows.map(({ why }) => why === null)).toEqual([true, false, false, false]);
    expect(rows[0]).toMatchObject({ diskUsedRatio: 0.75, logBytes: '700', quorumRole: 'LEADER' });
    expect(rows[3]).toMatchObject({ host: null, dirs: null, logBytes: null, diskUsedRatio: null });
  });
  it('of one broker tells what is not in sync and what is large', () => {
    const detail = brokerContract.parse(brokerDetail(sweep, 3));
    expect(detail.outOfSync).toEqual([{ topic: 'orders', partition: 1 }]);
    expect(brokerDetail(sweep, 1)?.largest).toEqual([{ topic: 'orders', partition: 0, bytes: '700' }]);
    expect(brokerDetail(sweep, 99)).toBeNull();
  });
  it('tells the quorum, and how many voters may still fail', () => {
    const view = quorumContract.parse(quorumView(sweep));
    expect(view).toMatchObject({
      leader: 1,
      headroom: 0,
      evenVoters: false,
      fenced: [3],
      clockOffsetSeconds: 0.25,
      metadataVersion: '4.3',
    });
    expect(headroomOf([voter(1, 0), voter(2, 0), voter(3, 0)])).toBe(1);
    expect(headroomOf([voter(1, 0), voter(2, 99), voter(3, 99)])).toBe(-1);
    expect(headroomOf([voter(1, null)])).toBeNull();
  });
});

it('sums a cluster up', () => {
  const summary = summaryContract.parse(clusterSummary(sweep));
  expect(summary).toMatchObject({
    ...{ reachable: true, brokers: 2, brokersMissing: 2, offline: 1, underReplicated: 2, underMinIsr: null },
    ...{ singleReplica: 1, logBytes: null, openTransactions: 1, oldestTransactionSeconds: 5.25, groups: 1 },
  });
  groupsContract.parse(groupsPage(sweep, groupsQuery.parse({ sort: 'trouble' })));
});

describe('series', () => {
  it('hold what is known and nothing else', () => {
    const told = observe(sweep);
    expect(told.get('landbridge_cluster_offline_partitions{cluster="east"}')).toBe(1);
    expect(told.has('landbridge_cluster_under_min_isr_partitions{cluster="east"}')).toBe(false);
    expect(
      told.get('landbridge_cluster_certificate_expiry_seconds{cluster="east",certificate="broker/1"}'),
    ).toBe(10);
    expect(told.get('landbridge_log_dir_used_bytes{cluster="east",broker="1",dir="/d"}')).toBe(750);
    expect(told.get('landbridge_broker_fenced{cluster="east",broker="3"}')).toBe(1);
    expect(told.has('landbridge_broker_fenced{cluster="east",broker="4"}')).toBe(false);
    expect(told.get('landbridge_quorum_max_voter_behind_seconds{cluster="east"}')).toBe(45);
    expect(told.get('landbridge_quorum_voter_behind_seconds{cluster="east",voter="2"}')).toBe(45);
    expect(told.get('kafka_consumergroup_group_sum_lag{cluster="east",group="billing"}')).toBe(60);
    expect(told.get('landbridge_group_state{cluster="east",group="billing"}')).toBe(2);
    expect(told.has('kafka_partition_latest_offset{cluster="east",topic="clicks",partition="0"}')).toBe(
      false,
    );
    expect([...told.values()].every(Number.isFinite)).toBe(true);
  });
  it('are bounded, with the worst in them', () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, t) => [
        `t${String(t).padStart(2, '0')}`,
        Array.from({ length: 20 }, () => ({ end: 100n })),
      ]),
    );
    many.bad = [{ end: 5_000n }];
    const told = observe(
      new TestCluster().sweep(0, many, [groupTold('g', { t00: { 0: 100n }, bad: { 0: 1n } })]),
    );
    const partitions = [...told.keys()].filter((key) => key.startsWith('kafka_partition_latest_offset'));
    expect(partitions.length).toBeLessThanOrEqual(200);
    expect(partitions[0]).toContain('topic="bad"');
  });
  it('know the states of groups by Kafka’s words', () => {
    expect(['Stable', 'PreparingRebalance', 'NotReady', 'Something'].map(stateCode)).toEqual([2, 3, 8, 0]);
  });
});

describe('when nobody answers', () => {
  const lane = new BrokerLane(
    1,
    clientFor(clusterConfig.parse({ name: 'east', bootstrapServers: ['h:1'] }), 'test'),
  );
  lane.is(true, null, 0);
  const memory = { lanes: new Map([[1, lane]]), last: sweep } as unknown as Memory;
  const left = unreachable(memory, 'no broker answers.', 60_000);

  it('what was seen stays, with its age, and brokers are told to be unreachable since now', () => {
    expect(left).toMatchObject({ atMs: sweep.atMs, complete: false, whole: false, topics: sweep.topics });
    expect(left?.gaps).toMatchObject([{ what: 'METADATA', failure: true, reason: 'no broker answers.' }]);
    expect(left?.brokers[0]).toMatchObject({
      reachable: false,
      latencyMs: null,
      sinceMs: 60_000,
      stateChanges: 1,
    });
    if (left)
      expect(brokersPage(left).rows[0]).toMatchObject({ state: 'UNREACHABLE', why: 'no broker answers.' });
  });
  it('before the first sweep there is nothing', () => {
    expect(unreachable({ ...memory, last: null }, 'no broker answers.', 60_000)).toBeNull();
  });
});
