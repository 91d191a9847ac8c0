// The small pure parts of a sweep: what is missing, who is worst, what counts when it is late, columns, sizes, elections, places of commits.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionLostError, ErrorCode, ProtocolError } from '@/server/kafka/wire/errors';
import { quorumOf } from './ask-quorum';
import { placesOf } from './commit-places';
import { compare } from './compare';
import { ConfigMemory } from './configs';
import { Gaps } from './gaps';
import { logDirsEverySweeps, peekAgainMs, peeksASweep, topicConfigsEveryMs } from './limits';
import { nothingToRead, pressing, RecordTimes } from './record-times';
import { shapeOf } from './shape';
import { Sizes } from './sizes';
import { step } from './step';
import { metadataOf, shapeWith, TestCluster } from './testing/sweeps';
import { headroomOf } from './views/brokers';
import { Worst } from './worst';

describe('gaps', () => {
  it('name the right that is missing once, with some of what it is missing on', () => {
    const gaps = new Gaps();
    for (const name of ['d', 'a', 'c', 'b'])
      for (const broker of [1, 2])
        gaps.code('OFFSETS', broker, ErrorCode.TOPIC_AUTHORIZATION_FAILED, { kind: 'topic', name });
    expect(gaps.list()).toEqual([
      {
        ...{ what: 'OFFSETS', broker: null, right: 'Describe on the topic', failure: true },
        reason:
          'The broker answered TOPIC_AUTHORIZATION_FAILED for topics a, b, c and 1 more. Grant Describe on the topic.',
      },
    ]);
  });
  it('tell errors of brokers apart, and what a release does not tell from a failure', () => {
    const gaps = new Gaps();
    gaps.failed('LOG_DIRS', 2, new ConnectionLostError('broker 2', 'no more'));
    gaps.failed('LOG_DIRS', 3, new ProtocolError(ErrorCode.NOT_COORDINATOR, 'broker 3', 'x'));
    gaps.notTold('QUORUM', 'It runs with ZooKeeper');
    gaps.unreadable('t');
    expect(gaps.list().map(({ what, broker, failure, right }) => [what, broker, failure, right])).toEqual([
      ['LOG_DIRS', 2, true, null],
      ['LOG_DIRS', 3, true, null],
      ['QUORUM', null, false, null],
      ['RECORD_TIMES', null, false, 'Read on the topic'],
    ]);
    expect(() => gaps.failed('LOG_DIRS', 1, new TypeError('a fault of ours'))).toThrow('a fault of ours');
  });
});

describe('the worst', () => {
  const pick = (worst: Worst, scores: Record<string, number>) =>
    worst.pick<string>((top) => {
      for (const [key, score] of Object.entries(scores))
        if (top.takes(0, score, 0)) top.offer(0, score, 0, key, key);
    });
  it('are all where there is room, else those at the top', () => {
    expect(pick(new Worst(3, 2), { a: 1, b: 3, c: 2 })).toEqual(['b', 'c', 'a']);
    expect(pick(new Worst(3, 2), { a: 1, b: 3, c: 2, d: 0 })).toEqual(['b', 'c']);
  });
  it('keep their place until they are out of the first ones', () => {
    const worst = new Worst(3, 2);
    pick(worst, { a: 9, b: 8, c: 2, d: 1 });
    expect(pick(worst, { a: 9, b: 3, c: 8, d: 1 })).toEqual(['a', 'c', 'b']);
    expect(pick(worst, { a: 9, b: 0, c: 8, d: 7 })).toEqual(['a', 'c']);
    expect(pick(worst, { a: 9, b: 7, c: 8, d: 6 })).toEqual(['a', 'c']);
  });
  it('are never more than the limit, and always those at the top', () => {
    const scores = fc.array(fc.dictionary(fc.string({ maxLength: 2 }), fc.nat(20), { maxKeys: 90 }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(scores, (rounds) => {
        const worst = new Worst(10, 7);
        for (const round of rounds) {
          const picked = pick(worst, round);
          expect(picked.length).toBeLessThanOrEqual(10);
          const highest = Object.values(round).sort((a, b) => b - a);
          const found = picked.map((key) => round[key] as number);
          expect(found.slice(0, 7)).toEqual(highest.slice(0, 7));
          expect(found).toEqual(found.toSorted((a, b) => b - a));
        }
      }),
    );
  });
});

describe('a step', () => {
  const asked = (waitedFor: boolean, work: Promise<() => void>) => {
    const late: string[] = [];
    return { late, one: { waitedFor, work, late: () => void late.push('late') } };
  };
  it('takes what comes in time, waits for nobody who was silent before, and leaves out what is late', async () => {
    const taken: string[] = [];
    let answer: (take: () => void) => void = () => {};
    const slow = asked(
      true,
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    const silent = asked(false, new Promise(() => {}));
    const quick = asked(
      true,
      Promise.resolve(() => void taken.push('quick')),
    );
    await step([quick.one, slow.one, silent.one], 20);
    answer(() => void taken.push('slow'));
    await slow.one.work;
    expect([taken, slow.late, silent.late, quick.late]).toEqual([['quick'], ['late'], ['late'], []]);
    const began = performance.now();
    await step([silent.one], 60_000);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
  it('throws what is a fault of ours', async () => {
    const broken = asked(
      true,
      Promise.resolve(() => {
        throw new TypeError('ours');
      }),
    );
    await expect(step([broken.one], 1_000)).rejects.toThrow('ours');
  });
});

describe('columns', () => {
  const partition = (number: number, replicas: number[], inSync: number[]) => ({
    ...{ partition: number, leader: inSync[0] ?? -1, leaderEpoch: 3, replicas, inSync },
  });
  it('hold topics by name and partitions by number, whatever the order they came in', () => {
    const topic = (name: string, errorCode = 0) => ({ errorCode, name, topicId: name });
    const { topics, partitions } = shapeOf(
      metadataOf([
        { ...topic('b'), partitions: [partition(1, [1, 2], [2]), partition(0, [3, 1], [])] },
        { ...topic('gone', 3), partitions: [] },
        { ...topic('a'), partitions: [partition(0, [2], [2])] },
      ]),
    );
    expect([topics.names, [...topics.first]]).toEqual([
      ['a', 'b'],
      [0, 1, 3],
    ]);
    expect([...partitions.leader]).toEqual([2, -1, 2]);
    expect([[...partitions.replicas], [...partitions.replicasFrom]]).toEqual([
      [2, 3, 1, 1, 2],
      [0, 1, 3, 5],
    ]);
    expect([[...partitions.inSync], [...partitions.inSyncFrom]]).toEqual([
      [2, 2],
      [0, 1, 1, 2],
    ]);
    expect([...partitions.start]).toEqual([-1n, -1n, -1n]);
  });
  it('give each commit its place, rising, and none to what is gone', () => {
    const { topics } = shapeWith({ a: [{}, {}], b: [{}] });
    const commits = [
      { topic: 'b', partitions: [0], offsets: [7n] },
      { topic: 'gone', partitions: [0], offsets: [1n] },
      { topic: 'a', partitions: [5, 1, 0], offsets: [9n, 2n, 1n] },
    ];
    expect(placesOf(commits, topics)).toEqual({
      at: Int32Array.of(0, 1, 2),
      commit: BigInt64Array.of(1n, 2n, 7n),
      deletedTopics: ['gone'],
    });
  });
});

describe('elections', () => {
  const inSync = [1, 2, 3];
  const before = new TestCluster().sweep(0, { t: [{ end: 100n, leader: 1, replicas: [1, 2, 3] }] });
  const electing = (end: bigint, leader: number, isr: number[]) =>
    compare(shapeWith({ t: [{ end, leader, replicas: inSync, inSync: isr }] }), 10_000, before);
  it('are counted when the leader is another one, clean when it was in sync', () => {
    expect(electing(100n, 1, inSync)).toEqual({ leaderChanges: 0, uncleanElections: 0 });
    expect(electing(100n, 2, [2, 3])).toEqual({ leaderChanges: 1, uncleanElections: 0 });
    expect(electing(100n, -1, [1])).toEqual({ leaderChanges: 0, uncleanElections: 0 });
  });
  it('are unclean when nobody that was in sync is any more, or the log is shorter', () => {
    const one = new TestCluster().sweep(0, { t: [{ end: 100n, leader: 1, replicas: inSync, inSync: [1] }] });
    const now = (end: bigint, isr: number[]) =>
      compare(shapeWith({ t: [{ end, leader: 2, replicas: inSync, inSync: isr }] }), 10_000, one)
        .uncleanElections;
    expect(now(90n, [2])).toBe(1);
    expect(now(110n, [2, 3])).toBe(1);
    expect(now(90n, [2, 1])).toBe(1);
    // It caught up and was elected between two looks.
    expect(now(110n, [2, 1])).toBe(0);
  });
  it('of a topic that was made anew are none', () => {
    const anew = shapeWith({ t: [{ end: 5n, leader: 9 }] }, { t: 'another' });
    expect(compare(anew, 10_000, before)).toEqual({ leaderChanges: 0, uncleanElections: 0 });
    expect(anew.partitions.messageRate[0]).toBeNaN();
  });
});

describe('sizes on disk', () => {
  const dir = (size: bigint) => ({
    ...{ errorCode: 0, path: '/d', totalBytes: 100n, usableBytes: 40n },
    topics: [{ topic: 't', partitions: [0], sizes: [size] }],
  });
  const both = new Set([1, 2]);
  const seen = (
    sizes: Sizes,
    atMs: number,
    ends: { start: bigint; end: bigint },
    rate: number,
    told = both,
  ) => {
    const shape = shapeWith({ t: [{ ...ends, leader: 1, replicas: [1, 2] }] });
    shape.partitions.leaderBytes[0] = shape.partitions.replicaBytes[0] = -1n;
    shape.partitions.messageRate[0] = rate;
    sizes.settle(both, both, told);
    sizes.fill(shape, atMs);
    sizes.rates(shape, [null], atMs, told);
    return shape.partitions;
  };
  it('are the leader’s and all replicas’, and grow by what was not deleted', () => {
    const sizes = new Sizes();
    sizes.told(1, 0, 0, [dir(1_000n)]);
    sizes.told(2, 0, 0, [dir(900n)]);
    const first = seen(sizes, 0, { start: 0n, end: 100n }, Number.NaN);
    expect([first.leaderBytes[0], first.replicaBytes[0], first.byteRate[0]]).toEqual([
      1_000n,
      1_900n,
      Number.NaN,
    ]);
    sizes.told(1, 1, 10_000, [dir(3_000n)]);
    expect(seen(sizes, 10_000, { start: 0n, end: 300n }, 20).byteRate[0]).toBe(200);
    // Something was deleted: by the bytes of an offset.
    sizes.told(1, 2, 20_000, [dir(2_000n)]);
    expect(seen(sizes, 20_000, { start: 200n, end: 400n }, 10).byteRate[0]).toBe(100);
  });
  it('of a broker that did not tell when it was asked are not known, and nothing grows by them', () => {
    const sizes = new Sizes();
    for (const broker of [1, 2]) sizes.told(broker, 0, 0, [dir(1_000n)]);
    seen(sizes, 0, { start: 0n, end: 100n }, Number.NaN);
    sizes.told(2, 1, 10_000, [dir(1_000n)]);
    const hung = seen(sizes, 10_000, { start: 0n, end: 100n }, 20, new Set([2]));
    expect([hung.leaderBytes[0], hung.replicaBytes[0], hung.byteRate[0]]).toEqual([-1n, -1n, Number.NaN]);
    expect([1, 2].map((id) => sizes.disksOf(id, 10_000))).toMatchObject([
      { readMs: 0, current: false },
      { readMs: 10_000, current: true },
    ]);
  });
  it('do not let bytes come in where no end is known', () => {
    const sizes = new Sizes();
    for (const at of [0, 10_000]) {
      for (const broker of [1, 2]) sizes.told(broker, 0, at, [dir(1_000n)]);
      if (at === 0) seen(sizes, at, { start: 0n, end: 100n }, Number.NaN);
    }
    expect(seen(sizes, 10_000, { start: 0n, end: -1n }, Number.NaN).byteRate[0]).toBeNaN();
  });
  it('of large clusters are read now and then, and are not known any more when they are old', () => {
    const sizes = new Sizes();
    expect(sizes.due(1, 0, 40_000)).toBe(true);
    sizes.told(1, 0, 0, [dir(1n)]);
    expect([sizes.due(1, 1, 40_000), sizes.due(1, 1, 100), sizes.due(1, logDirsEverySweeps, 40_000)]).toEqual(
      [false, true, true],
    );
    expect(sizes.disksOf(1, 60_000)).toMatchObject({
      dirs: [{ path: '/d', logBytes: 1n, replicas: 1 }],
      readMs: 0,
    });
    expect(sizes.disksOf(1, 3_600_000)).toBeNull();
    sizes.refused(1, 7, 31);
    expect([sizes.disksOf(1, 60_000), sizes.refusalOf(1)]).toEqual([null, 31]);
  });
});

describe('configs of topics', () => {
  const shape = shapeWith({ a: [{}], b: [{}] });
  const answer = (topic: string, value: string, errorCode = 0) => ({
    ...{ topic, errorCode, errorMessage: null },
    configs: errorCode === 0 ? [{ name: 'cleanup.policy', value, source: 1 }] : [],
  });
  it('are asked for once, again after a while, and kept once where they are alike', () => {
    const memory = new ConfigMemory();
    expect(memory.due(shape, 0)).toEqual([['a', 'b']]);
    expect(memory.learn(shape, [answer('a', 'compact,delete'), answer('b', 'compact,delete')], 0).size).toBe(
      0,
    );
    const [a, b] = memory.of(shape).configs;
    expect(a).toBe(b);
    expect(a).toMatchObject({
      compacted: true,
      deleted: true,
      minIsr: null,
      cleanupPolicy: 'compact,delete',
    });
    expect([memory.due(shape, 1_000), memory.due(shape, topicConfigsEveryMs)]).toEqual([[], [['a', 'b']]]);
    expect(memory.due(shapeWith({ a: [{}] }, { a: 'anew' }), 1_000)).toEqual([['a']]);
  });
  it('have the time when each was read, which may be minutes before the sweep', () => {
    const memory = new ConfigMemory();
    memory.learn(shape, [answer('a', 'compact')], 1_000);
    memory.learn(shape, [answer('b', 'delete')], 61_000);
    expect(memory.of(shape).configsReadMs).toEqual([1_000, 61_000]);
  });
  it('that failed are asked for at once, those that were refused later', () => {
    const memory = new ConfigMemory();
    expect([...memory.learn(shape, [answer('a', '', 29), answer('b', '', 15)], 0)]).toEqual([['b', 15]]);
    expect(memory.due(shape, 1_000)).toEqual([['b']]);
    expect([memory.refused(), memory.of(shape)]).toEqual([
      ['a'],
      { configs: [null, null], configsReadMs: [null, null] },
    ]);
  });
});

describe('the quorum', () => {
  it('tells how far each is behind by the leader’s clock, and what that clock says', () => {
    const replica = (id: number, logEndOffset: bigint, lastCaughtUpMs: bigint) => ({
      ...{ id, directoryId: null, logEndOffset, lastFetchMs: -1n, lastCaughtUpMs },
    });
    const quorum = quorumOf(
      {
        ...{ errorCode: 0, errorMessage: null, leaderId: 2, leaderEpoch: 7, highWatermark: 90n },
        voters: [replica(1, 95n, 7_000n), replica(2, 100n, 10_000n), replica(3, -1n, -1n)],
        observers: [replica(4, 100n, 9_999n)],
      },
      4_000,
      null,
    );
    expect(quorum).toMatchObject({ leader: 2, epoch: 7, clockOffsetMs: 6_000 });
    expect(quorum.voters.map(({ lag, behindSeconds }) => [lag, behindSeconds])).toEqual([
      [5n, 3],
      [0n, 0],
      [null, null],
    ]);
    expect(quorum.observers[0]).toMatchObject({ lag: 0n, behindSeconds: 0.001 });
  });

  it('remembers of a leader that died when it was last caught up: the next one has never heard of it', () => {
    const replica = (id: number, lastCaughtUpMs: bigint) => ({
      ...{ id, directoryId: null, logEndOffset: 100n, lastFetchMs: -1n, lastCaughtUpMs },
    });
    const described = (leaderId: number, voters: ReturnType<typeof replica>[]) => ({
      ...{ errorCode: 0, errorMessage: null, leaderId, leaderEpoch: 7, highWatermark: 90n, observers: [] },
      voters,
    });
    const before = quorumOf(
      described(1, [replica(1, 10_000n), replica(2, 9_500n), replica(3, 9_900n)]),
      0,
      null,
    );
    const voters = [replica(1, -1n), replica(2, 45_000n), replica(3, 44_900n)];
    const after = quorumOf(described(2, voters), 0, before);
    expect(after.voters.map(({ behindSeconds }) => behindSeconds)).toEqual([35, 0, 0.1]);
    const later = quorumOf(described(2, [replica(1, -1n), replica(2, 60_000n)]), 0, after);
    expect(later.voters.map(({ behindSeconds }) => behindSeconds)).toEqual([50, 0]);
    const unheard = quorumOf(described(2, voters), 0, null);
    expect(unheard.voters.map(({ behindSeconds }) => behindSeconds)).toEqual([null, 0, 0.1]);
    expect([before, after, unheard].map((one) => headroomOf(one.voters))).toEqual([1, 0, 0]);
  });
});

describe('records whose time is read', () => {
  const peek = { topic: 't', topicId: '1', partition: 0, offset: 5n, leader: 1, compacted: false };
  const wanted = (partition: number, more: object = {}) => ({
    ...{ ...peek, partition, stalled: false, unknown: true, members: true, lag: 10n },
    ...more,
  });
  const timesOf = (times: RecordTimes) => times.topic('1').get(0)?.times ?? [];
  const nothing = (times: RecordTimes, partition: number, end: bigint) =>
    nothingToRead(times.topic('1').get(partition), 5n, end);
  const taken = (times: RecordTimes) => times.take().map(({ partition }) => partition);

  it('are bounded, the most pressing first, each partition once', () => {
    const times = new RecordTimes();
    for (let i = 0; i < 100; i++) times.want(wanted(i, { lag: BigInt(i) }), 0);
    times.want(wanted(99, { offset: 6n }), 0);
    times.want(wanted(200, { stalled: true, unknown: false }), 0);
    times.want(wanted(201, { leader: -1 }), 0);
    times.want(wanted(202, { members: false, lag: 1_000n }), 0);
    const found = taken(times);
    expect(found).toHaveLength(peeksASweep);
    expect(found.slice(0, 3)).toEqual([200, 99, 98]);
    expect(found).not.toContain(202);
    expect(times.take()).toEqual([]);
  });
  it('are the same where those are passed over that are less pressing than very many others', () => {
    const lag = fc.nat(1_000);
    fc.assert(
      fc.property(fc.array(fc.record({ lag, stalled: fc.boolean() }), { minLength: 900 }), (all) => {
        const [every, some] = [new RecordTimes(), new RecordTimes()];
        for (const [i, { lag, stalled }] of all.entries()) {
          // No two are alike: which of those is read does not matter.
          const one = wanted(i, { lag: BigInt(lag * 10_000 + i), stalled });
          every.want(one, 0);
          if (some.takes(pressing(stalled, true, true), one.lag)) some.want(one, 0);
        }
        expect(some.takes(0, 0n)).toBe(false);
        expect(taken(some)).toEqual(taken(every));
        expect(some.takes(0, 0n)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
  it('are read once for a commit that stands, and not soon for one that moves', () => {
    const times = new RecordTimes();
    times.learn(peek, 0, { time: { atMs: -100, offset: 7n }, nothingUpTo: null });
    expect(timesOf(times)).toMatchObject([
      { atMs: -100, offset: 5n },
      { atMs: -100, offset: 7n },
    ]);
    times.want(wanted(0), 3_600_000);
    times.want(wanted(0, { offset: 8n, unknown: false }), 10_000);
    expect(taken(times)).toEqual([]);
    times.want(wanted(0, { offset: 8n, unknown: false }), peekAgainMs);
    expect(taken(times)).toEqual([0]);
    times.keep(new Set());
    expect(timesOf(times)).toEqual([]);
  });
  it('are not read where that was refused', () => {
    const times = new RecordTimes();
    times.refused('t', 0, true);
    times.want(wanted(1), 10_000);
    expect([taken(times), times.unreadable(10_000), times.unreadable(3_600_000)]).toEqual([[], ['t'], []]);
  });
  it('are not believed when they are ahead of the clock', () => {
    const times = new RecordTimes();
    times.learn(peek, 1_000, { time: { atMs: 9_000, offset: 5n }, nothingUpTo: null });
    expect(timesOf(times)).toEqual([]);
  });
  it('keep those that were learnt last, so that a group far behind does not push out its own', () => {
    const times = new RecordTimes();
    for (let i = 0; i < 20; i++)
      times.learn({ ...peek, offset: BigInt(100 - i) }, i, {
        time: { atMs: 0, offset: BigInt(100 - i) },
        nothingUpTo: null,
      });
    expect(timesOf(times).map(({ offset }) => offset)).toEqual([81n, 82n, 83n, 84n, 85n, 86n, 87n, 88n]);
  });
  it('that do not fit are asked for first, and what is still not there is a hole of a compacted log', () => {
    const times = new RecordTimes();
    const hole = { ...peek, compacted: true };
    times.nothingCame(hole, 0, 9n);
    times.want(wanted(1, { lag: 99n }), 0);
    times.want(wanted(0), 0);
    expect(taken(times)).toEqual([0, 1]);
    expect(nothing(times, 0, 9n)).toBe(false);
    times.nothingCame(hole, 0, 9n);
    expect(nothing(times, 0, 9n)).toBe(true);
    expect(nothing(times, 0, 10n)).toBe(false);
    const slow = { ...peek, partition: 3 };
    for (let i = 0; i < 2; i++) times.nothingCame(slow, 0, 9n);
    expect(nothing(times, 3, 9n)).toBe(false);
  });
});
