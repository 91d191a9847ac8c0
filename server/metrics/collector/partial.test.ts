// What a sweep says in which a broker did not answer: unknown, never less than there is.
import { describe, expect, it } from 'vitest';
import { groupsQuery } from '@/lib/contracts/monitoring/groups';
import type { SweepPart } from '@/lib/contracts/monitoring/seen';
import { topicsQuery } from '@/lib/contracts/monitoring/topics';
import { Gaps } from './gaps';
import { heldPartitions } from './held';
import type { Memory } from './run';
import type { BrokerSeen, ClusterSweep } from './sweep';
import { observe } from './testing/observe';
import { broker, type Ends, groupTold, shapeWith, TestCluster } from './testing/sweeps';
import { unseenGroups } from './unseen-groups';
import { LeaderMoves, noteUnsettled } from './unsettled';
import { brokerDetail, brokersPage } from './views/brokers';
import { clusterSummary } from './views/cluster';
import { groupDetail, groupsPage } from './views/groups';
import { topicDetail, topicsPage } from './views/topics';

const partial = (...parts: SweepPart[]) => ({ partial: new Set(parts) });
const both = [1, 2];
/** Two partitions, led by one broker each. `end` null: broker 2 did not tell. */
const ends = (first: bigint, second: bigint | null): Ends => ({
  orders: [
    { end: first, bytes: first, leader: 1, replicas: both },
    { end: second ?? -1n, bytes: second ?? -1n, leader: 2, replicas: both },
  ],
});
const disks = (current: boolean, readMs = 0): Partial<BrokerSeen> => ({
  replicas: 2,
  disks: {
    ...{ readMs, current },
    dirs: [
      {
        ...{ path: '/d', offline: false, totalBytes: 100n, usableBytes: 40n, logBytes: 10n, replicas: 2 },
        largest: [],
      },
    ],
  },
});

const ofCluster = (sweep: ClusterSweep, ...names: string[]) => {
  const told = observe(sweep);
  return names.map((name) => told.get(`landbridge_cluster_${name}{cluster="east"}`));
};

describe('counts of what brokers list', () => {
  const lists = ['groups', 'open_transactions', 'oldest_transaction_seconds', 'held_partitions'];
  const transaction = {
    ...{ transactionalId: 'x', producerId: '7', state: 'Ongoing', coordinator: 1 },
    ...{ startedMs: 5_000, timeoutMs: 60_000, partitions: 1 },
  };
  const groups = [groupTold('billing', { orders: { 0: 5n } })];
  it('are told when all brokers have told', () => {
    const sweep = new TestCluster().sweep(10_000, ends(10n, 20n), groups, { transactions: [transaction] });
    expect(ofCluster(sweep, ...lists)).toEqual([1, 1, 5, 0]);
    expect(groupsPage(sweep, groupsQuery.parse({}))).toMatchObject({ total: 1, allListed: true });
  });
  it('are unknown when one did not: what it lists would be missing in them', () => {
    const sweep = new TestCluster().sweep(10_000, ends(10n, null), groups, {
      ...partial('GROUPS', 'TRANSACTIONS', 'OFFSETS'),
      ...{ transactions: [transaction], heldWhole: false },
    });
    expect(ofCluster(sweep, ...lists)).toEqual([undefined, undefined, undefined, undefined]);
    expect(clusterSummary(sweep)).toMatchObject({
      ...{ groups: null, openTransactions: null, oldestTransactionSeconds: null, heldPartitions: null },
      untold: 1,
    });
    expect(groupsPage(sweep, groupsQuery.parse({})).allListed).toBe(false);
    expect(topicsPage(sweep, topicsQuery.parse({})).rows[0]?.groups).toBeNull();
  });
  it('are unknown while a partition that keeps some has no leader, or another one than before', () => {
    const kept = (leader: number, leaderEpoch = 0) => ({
      __consumer_offsets: [{ end: 1n, leader, leaderEpoch, replicas: both }],
    });
    const cluster = new TestCluster();
    const moves = new LeaderMoves();
    let last = cluster.sweep(0, kept(1));
    const gapsAt = (leader: number, atMs = 0, leaderEpoch = 0) => {
      const gaps = new Gaps();
      const shape = shapeWith(kept(leader, leaderEpoch));
      moves.look(shape, last, atMs);
      noteUnsettled({ shape, memory: { last, moves } as Memory, gaps });
      last = cluster.sweep(atMs, kept(leader, leaderEpoch));
      return gaps.list().map(({ what, failure, reason }) => [what, failure, reason]);
    };
    expect(gapsAt(1)).toEqual([]);
    expect(gapsAt(-1)).toEqual([
      ['GROUPS', true, '1 partition of __consumer_offsets has no leader: groups kept there are not told.'],
    ]);
    const moved = [['GROUPS', true, expect.stringContaining('been given a leader')]];
    expect(gapsAt(2, 1_000)).toEqual(moved);
    // However soon the next sweep comes.
    expect(gapsAt(2, 1_100)).toEqual(moved);
    expect(gapsAt(2, 5_900)).toEqual(moved);
    expect(gapsAt(2, 6_000)).toEqual([]);
    // The same broker, after a restart between two sweeps.
    expect(gapsAt(2, 16_000, 2)).toEqual(moved);
    expect(gapsAt(2, 26_000, 2)).toEqual([]);
  });
});

describe('groups that nobody has listed', () => {
  const cluster = new TestCluster();
  const all = [
    groupTold('a', { orders: { 0: 5n } }, { coordinator: 1 }),
    groupTold('b', { orders: { 0: 5n } }, { coordinator: 2 }),
  ];
  const before = cluster.sweep(10_000, ends(10n, 20n), all);
  const listing = (toldBy: number[], settled = true, inService = both) => ({
    ...{ toldBy: new Set(toldBy), inService: new Set(inService), settled },
  });
  const names = (...told: Parameters<typeof listing>) =>
    unseenGroups(before, [], listing(...told)).map(({ name }) => name);
  it('are gone only when the broker that keeps them has listed all of its own', () => {
    expect(names([1, 2])).toEqual([]);
    expect(names([1])).toEqual(['b']);
    expect(names([])).toEqual(['a', 'b']);
    expect(names([1, 2], false)).toEqual(['a', 'b']);
    expect(unseenGroups(null, [], listing([]))).toEqual([]);
  });
  it('of a broker that has left are gone when all others have listed theirs, and not before they have read them', () => {
    expect(names([1], true, [1])).toEqual([]);
    expect(names([1], false, [1])).toEqual(['a', 'b']);
    expect(names([1], true, [1, 3])).toEqual(['b']);
  });
  it('stay on the pages, unknown since they were listed last, and have no series', () => {
    const unseen = unseenGroups(before, before.groups?.slice(0, 1) ?? [], listing([1]));
    const sweep = cluster.sweep(20_000, ends(11n, null), all.slice(0, 1), partial('GROUPS'));
    const shown = { ...sweep, groups: [...(sweep.groups ?? []), ...unseen] };
    expect(groupsPage(shown, groupsQuery.parse({}))).toMatchObject({
      ...{ total: 2, allListed: false, byState: { Stable: 1, Unknown: 1 } },
      rows: [
        { group: 'a', unknownSince: null },
        {
          ...{ group: 'b', unknownSince: 10_000, state: 'Unknown', members: null, partitions: null },
          ...{ lagMessages: null, commitRate: null, stalled: null },
          why: 'Broker 2, which keeps it, did not list its groups in the last sweep.',
        },
      ],
    });
    expect(groupDetail(shown, 'b')).toMatchObject({ members: null, partitions: [] });
    expect([...observe(shown).keys()].filter((key) => key.includes('group="b"'))).toEqual([]);
    // And so on, as long as nobody tells.
    const later = unseenGroups({ ...shown, atMs: 20_000 }, [], listing([1]));
    expect(later.map(({ name, unknownSinceMs }) => [name, unknownSinceMs])).toEqual([['b', 10_000]]);
  });
});

describe('a group with partitions whose end was not told', () => {
  const commits = { orders: { 0: 5n, 1: 5n } };
  it('has no count of those in trouble, no headroom, and is not left out of those that may be', () => {
    const cluster = new TestCluster();
    const told = groupTold('billing', commits, {
      members: [
        {
          ...{ memberId: 'm', instanceId: null, clientId: 'c', host: 'h' },
          assigned: [{ topic: 'orders', partitions: [0, 1] }],
        },
      ],
    });
    const whole = cluster.sweep(0, ends(10n, 20n), [told]);
    expect(groupDetail(whole, 'billing')).toMatchObject({
      row: { stalled: 0 },
      members: [{ lagMessages: '20' }],
    });
    expect(groupsPage(whole, groupsQuery.parse({ trouble: '1' })).matched).toBe(0);
    const sweep = cluster.sweep(10_000, ends(10n, null), [told], partial('OFFSETS'));
    expect(groupDetail(sweep, 'billing')).toMatchObject({
      row: { stalled: null, fallingBehind: null, beyondEnd: null, retentionHeadroomSeconds: null },
      members: [{ lagMessages: null }],
    });
    expect(groupsPage(sweep, groupsQuery.parse({ trouble: '1' })).matched).toBe(1);
    expect(topicDetail(sweep, 'orders')?.groups).toMatchObject([{ lagMessages: null }]);
  });
});

describe('rates', () => {
  const named = ['messages_in_per_second', 'bytes_in_per_second'];
  const brokers = [broker(1, disks(true)), broker(2, disks(true))];
  it('of a cluster or topic are unknown as soon as one leader did not tell, and in the sweep after it', () => {
    const cluster = new TestCluster();
    cluster.sweep(0, ends(10n, 20n));
    const whole = cluster.sweep(10_000, ends(20n, 40n), [], { brokers });
    expect(ofCluster(whole, 'messages_in_per_second')).toEqual([3]);
    const hung = cluster.sweep(20_000, ends(30n, null), [], { brokers });
    expect(ofCluster(hung, ...named)).toEqual([undefined, undefined]);
    expect(observe(hung).has('landbridge_topic_messages_in_per_second{cluster="east",topic="orders"}')).toBe(
      false,
    );
    expect(ofCluster(cluster.sweep(30_000, ends(40n, 80n), [], { brokers }), ...named)).toEqual([
      undefined,
      undefined,
    ]);
    expect(ofCluster(cluster.sweep(40_000, ends(50n, 100n), [], { brokers }), ...named)[0]).toBe(3);
  });
  it('go on when a topic is made', () => {
    const cluster = new TestCluster();
    cluster.sweep(0, ends(10n, 20n));
    const more = { ...ends(20n, 40n), fresh: [{ end: 7n }] };
    expect(ofCluster(cluster.sweep(10_000, more), 'messages_in_per_second')).toEqual([3]);
  });
});

describe('partitions led by a broker that did not tell', () => {
  const cluster = new TestCluster();
  cluster.sweep(10_000, ends(10n, 20n));
  cluster.sweep(20_000, ends(10n, null));
  const sweep = cluster.sweep(30_000, ends(10n, null), [], partial('OFFSETS'));
  it('are unknown since their leader told last, not well', () => {
    expect(topicDetail(sweep, 'orders')?.partitions).toMatchObject([
      { status: 'OK', toldAt: 30_000 },
      { status: 'UNKNOWN', toldAt: 10_000 },
    ]);
    expect(topicsPage(sweep, topicsQuery.parse({ trouble: '1' })).rows).toMatchObject([
      { name: 'orders', untold: 1, offline: 0 },
    ]);
  });
  it('keep what the cluster says of them when that is worse', () => {
    const lagging = { ...ends(10n, null) };
    lagging.orders = lagging.orders?.map((one) => ({ ...one, inSync: [2] })) ?? [];
    expect(topicDetail(new TestCluster().sweep(0, lagging), 'orders')?.partitions[1]?.status).toBe(
      'UNDER_REPLICATED',
    );
  });
});

describe('partitions that a transaction holds back', () => {
  const held = (before: Ends | null, now: Ends) => {
    const cluster = new TestCluster();
    const last = before && cluster.sweep(0, before);
    const { topics, partitions } = cluster.sweep(10_000, now);
    const found = heldPartitions({ shape: { topics, partitions }, memory: { last } as Memory });
    return [found.held.length, found.whole];
  };
  const at = (end: bigint, high: bigint): Ends => ({ orders: [{ end, high }] });
  it('are counted where both looks have told both ends', () => {
    expect(held(at(5n, 9n), at(5n, 9n))).toEqual([1, true]);
    expect(held(at(5n, 9n), at(6n, 9n))).toEqual([0, true]);
    expect(held(null, at(9n, 9n))).toEqual([0, true]);
  });
  it('are not all known after one look, or where a leader did not tell', () => {
    expect(held(null, at(5n, 9n))).toEqual([0, false]);
    expect(held(at(-1n, -1n), at(5n, 9n))).toEqual([0, false]);
    expect(held(at(5n, 9n), at(-1n, -1n))).toEqual([0, false]);
    expect(held({}, at(5n, 9n))).toEqual([0, true]);
  });
});

describe('disks of a broker that did not tell when it was asked', () => {
  const sweep = new TestCluster().sweep(60_000, ends(10n, null), [], {
    brokers: [broker(1, disks(true, 60_000)), broker(2, disks(false, 20_000))],
  });
  it('are shown with the time when they were read', () => {
    const [first, second] = brokersPage(sweep).rows;
    expect(first).toMatchObject({ logBytes: '10', disksOldSince: null });
    expect(second).toMatchObject({ logBytes: '10', disksOldSince: 20_000 });
    expect(brokerDetail(sweep, 2)?.broker.disksOldSince).toBe(20_000);
  });
  it('have no series, and the cluster no sum', () => {
    const told = [...observe(sweep).keys()].filter((key) => /log_(bytes|dir)/.test(key));
    expect(told.filter((key) => !key.includes('broker="1"'))).toEqual([]);
    expect(clusterSummary(sweep).logBytes).toBeNull();
  });
  it('are in no sum either when it is out of service and holds replicas', () => {
    const gone = { ...disks(false, 20_000), inService: false };
    const logBytes = (more: Partial<BrokerSeen>) =>
      new TestCluster().sweep(0, ends(1n, 1n), [], {
        brokers: [broker(1, disks(true)), broker(2, { ...gone, ...more })],
      }).totals.logBytes;
    expect([logBytes({}), logBytes({ replicas: 0 })]).toEqual([null, 10n]);
  });
});
