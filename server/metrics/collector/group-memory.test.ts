// What sweeps say of groups, case by case, without a broker.
import { describe, expect, it } from 'vitest';
import { groupsQuery } from '@/lib/contracts/monitoring/groups';
import { secondsSource, statusCode } from './sweep';
import { configsWith, groupTold, TestCluster } from './testing/sweeps';
import { groupDetail, groupsPage } from './views/groups';

const only = (cluster: TestCluster, ...args: Parameters<TestCluster['sweep']>) => {
  const group = cluster.sweep(...args).groups?.[0];
  if (!group) throw new Error('no group');
  return group;
};

describe('a group', () => {
  it('has a lag only where it has committed and the end is known', () => {
    const ends = { t: [{ end: 100n }, { end: -1n }, { end: 50n }] };
    const group = only(new TestCluster(), 0, ends, [groupTold('g', { t: { 0: 40n, 1: 5n } })]);
    expect(group.totals).toMatchObject({ topics: 1, partitions: 2, known: 1, lag: null, maxLag: null });
    expect([...(group.commits?.status ?? [])]).toEqual([statusCode.OK, statusCode.UNKNOWN]);
    expect(group.why).toBe('1 of 2 partitions did not tell where they end in this sweep.');
  });

  it('keeps its sums where a partition has no leader, and says that it is left out', () => {
    const ends = { t: [{ end: 100n }, { end: -1n, leader: -1 }] };
    const group = only(new TestCluster(), 0, ends, [groupTold('g', { t: { 0: 40n, 1: 5n } })]);
    expect(group.totals).toMatchObject({ known: 1, lag: 60n, maxLag: 60n });
    expect(group.why).toContain('as they have no leader: sums are without them');
  });

  it('loses what it has committed of topics and partitions that are gone', () => {
    const told = groupTold('g', { t: { 0: 40n, 9: 1n }, gone: { 0: 3n } });
    const group = only(new TestCluster(), 0, { t: [{ end: 100n }] }, [told]);
    expect(group.totals).toMatchObject({ partitions: 1, lag: 60n });
    expect(group.deletedTopics).toEqual(['gone']);
  });

  it('has no numbers where its commits were not told, and says why', () => {
    const group = only(new TestCluster(), 0, { t: [{ end: 1n }] }, [
      groupTold('g', null, { why: 'no right' }),
    ]);
    expect(group).toMatchObject({ commits: null, why: 'no right', totals: { lag: null, partitions: 0 } });
  });

  it('is as old as what it reads next, also where a record told its time', () => {
    const cluster = new TestCluster();
    const told = [groupTold('g', { t: { 0: 10n } })];
    const first = only(cluster, 100_000, { t: [{ end: 20n }] }, told);
    expect(first.totals.maxSeconds).toBeNaN();
    const [peek] = cluster.times.take();
    expect(peek).toMatchObject({ topic: 't', partition: 0, offset: 10n });
    if (peek) cluster.times.learn(peek, 100_000, { time: { atMs: 40_000, offset: 10n }, nothingUpTo: null });
    const second = only(cluster, 110_000, { t: [{ end: 30n }] }, told);
    expect([second.commits?.seconds[0], second.commits?.secondsFrom[0]]).toEqual([70, secondsSource.RECORD]);
    // Between the record and the first look at the end.
    const third = only(cluster, 120_000, { t: [{ end: 30n }] }, [groupTold('g', { t: { 0: 15n } })]);
    expect(third.commits?.seconds[0]).toBe(50);
    const fourth = only(cluster, 130_000, { t: [{ end: 30n }] }, [groupTold('g', { t: { 0: 29n } })]);
    expect([fourth.commits?.seconds[0], fourth.commits?.secondsFrom[0]]).toEqual([
      20.5,
      secondsSource.SAMPLES,
    ]);
  });

  it('is as old as the first message that is still there, where retention has overtaken its commit', () => {
    const cluster = new TestCluster();
    const told = [groupTold('g', { t: { 0: 10n } })];
    const ends = { t: [{ start: 40n, end: 100n }] };
    only(cluster, 100_000, ends, told);
    const [peek] = cluster.times.take();
    expect(peek).toMatchObject({ topic: 't', partition: 0, offset: 40n });
    if (peek) cluster.times.learn(peek, 100_000, { time: { atMs: 40_000, offset: 40n }, nothingUpTo: null });
    const group = only(cluster, 110_000, ends, told);
    expect(group).toMatchObject({ why: null, totals: { lag: 90n, maxSeconds: 70 } });
    expect(group.commits?.status[0]).toBe(statusCode.LOST);
  });

  it('is not old, nor stalled, in front of nothing that can be read', () => {
    const cluster = new TestCluster();
    const told = [groupTold('g', { t: { 0: 10n } })];
    for (let i = 0; i < 15; i++) only(cluster, i * 10_000, { t: [{ end: 12n }] }, told);
    const [peek] = cluster.times.take();
    if (peek) cluster.times.learn(peek, 150_000, { time: null, nothingUpTo: 12n });
    const group = only(cluster, 160_000, { t: [{ end: 12n }] }, told);
    expect(group.totals).toMatchObject({ lag: 2n, maxSeconds: 0, stalled: 0 });
    const more = only(cluster, 170_000, { t: [{ end: 13n }] }, told);
    expect(more.totals.stalled).toBe(1);
  });

  it('is not mixed up with a topic of the same name that was made anew', () => {
    const cluster = new TestCluster();
    only(cluster, 0, { t: [{ start: 0n, end: 100n }] }, [groupTold('g', { t: { 0: 90n } })]);
    const told = [groupTold('g', { t: { 0: 90n } })];
    const group = only(cluster, 10_000, { t: [{ start: 0n, end: 5n }] }, told, { ids: { t: 'anew' } });
    expect(group.totals).toMatchObject({ beyondEnd: 1, lag: 0n, lost: 0n });
    expect(group.commits?.status[0]).toBe(statusCode.BEYOND_END);
  });

  it('is remembered over a sweep in which nobody named it, and forgotten after a while', () => {
    const cluster = new TestCluster();
    const told = [groupTold('g', { t: { 0: 10n } })];
    only(cluster, 0, { t: [{ end: 100n }] }, told);
    only(cluster, 10_000, { t: [{ start: 30n, end: 100n }] }, told);
    const gap = cluster.sweep(20_000, { t: [{ start: 30n, end: 100n }] }, []);
    cluster.groups.forget(20_000, gap.topics);
    const back = only(cluster, 30_000, { t: [{ start: 40n, end: 100n }] }, told);
    expect(back).toMatchObject({ watchedSinceMs: 0, totals: { lost: 30n } });
    cluster.groups.forget(3_600_000, gap.topics);
    expect(only(cluster, 3_610_000, { t: [{ start: 40n, end: 100n }] }, told).watchedSinceMs).toBe(3_610_000);
  });
});

describe('the page of groups', () => {
  const cluster = new TestCluster();
  const ends = { a: [{ end: 100n, bytes: 1_000n }], b: [{ end: 10n, bytes: 20n }] };
  const member = {
    memberId: 'm',
    instanceId: null,
    clientId: 'c',
    host: '/1',
    assigned: [{ topic: 'a', partitions: [0] }],
  };
  const sweep = cluster.sweep(0, ends, [
    groupTold('orders-eu', { a: { 0: 10n }, b: { 0: 9n } }, { members: [member] }),
    groupTold('orders-us', { a: { 0: 90n } }, { state: 'Empty' }),
    groupTold('silent', null, { why: 'no right' }),
  ]);
  const ask = (query: object) => groupsPage(sweep, groupsQuery.parse(query));

  it('filters by words, state and topic, and counts all states', () => {
    expect(ask({}).byState).toEqual({ Stable: 2, Empty: 1 });
    expect(ask({ filter: 'ORDERS eu' }).rows.map((row) => row.group)).toEqual(['orders-eu']);
    expect(ask({ state: 'Empty' }).rows.map((row) => row.group)).toEqual(['orders-us']);
    expect(ask({ topic: 'b' }).rows.map((row) => row.group)).toEqual(['orders-eu']);
    expect(ask({ topic: 'gone' }).rows).toEqual([]);
  });
  it('puts what is not known at the end, whichever way', () => {
    const names = (direction: string) => ask({ sort: 'lagMessages', direction }).rows.map((row) => row.group);
    expect(names('desc')).toEqual(['orders-eu', 'orders-us', 'silent']);
    expect(names('asc')).toEqual(['orders-us', 'orders-eu', 'silent']);
  });
  it('tells one page, and how many there are', () => {
    expect(ask({ offset: 1, limit: 1 })).toMatchObject({
      total: 3,
      matched: 3,
      rows: [{ group: 'orders-us' }],
    });
  });
  it('tells the lag in messages and bytes, and of a member what it has to read', () => {
    const detail = groupDetail(sweep, 'orders-eu');
    expect(detail?.row).toMatchObject({ lagMessages: '91', lagBytes: '902', topicNames: ['a', 'b'] });
    expect(detail?.members).toMatchObject([{ memberId: 'm', lagMessages: '90' }]);
    expect(detail?.partitions.map(({ memberId }) => memberId)).toEqual(['m', null]);
    expect(groupDetail(sweep, 'nobody')).toBeNull();
  });
  it('says of a compacted topic that its lag is an upper bound', () => {
    const compacted = cluster.sweep(10_000, ends, [groupTold('g', { a: { 0: 99n } })], {
      configs: { a: configsWith({ compacted: true, cleanupPolicy: 'compact' }) },
    });
    expect(groupDetail(compacted, 'g')?.partitions[0]).toMatchObject({ lag: '1', compacted: true });
  });
});
