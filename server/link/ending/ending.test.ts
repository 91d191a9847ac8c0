// The steps as an operator sees them, the drain's judgement, the statement and the final configs: all that is decided without a broker.
import { describe, expect, it } from 'vitest';
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import { MirrorPartition } from '../partition';
import { DrainWatch, type MirrorPlace } from './drain';
import { finalConfigs, rememberedConfigs } from './final-configs';
import type { SourceLook } from './source-look';
import { sourceKnown, statementOf } from './statement';
import { Steps } from './steps';
import { fetchAgain, stopFetching } from './stop-fetching';

describe('the steps of an operation', () => {
  it('show the one that is taken, and begin anew from where something has changed', () => {
    let now = 10;
    const steps = new Steps('PROMOTE', undefined, () => now++);
    steps.begin('REFRESH');
    steps.done('REFRESH', 'The same topic.');
    steps.begin('DRAIN');
    steps.say('DRAIN', '5 left');
    expect(steps.current).toMatchObject({ name: 'DRAIN', detail: '5 left', since: 12, endedAt: null });
    steps.done('DRAIN');
    steps.skip('SYNC_ACLS', 'Not switched on.');
    steps.again('DRAIN');
    expect(steps.current).toBeNull();
    expect(steps.list.map(({ state }) => state)).toEqual(['DONE', ...Array(9).fill('PENDING')]);
  });

  it('of a reverse are those of a promote and its own, and what an engine before has ended stays ended', () => {
    const names = new Steps('REVERSE').list.map(({ name }) => name);
    expect(names.filter((name) => new Steps('PROMOTE').list.some((step) => step.name === name))).toEqual(
      new Steps('PROMOTE').list.map(({ name }) => name),
    );
    const before = new Steps('REVERSE', undefined, () => 5);
    before.done('CHECK_BACK', 'Held.');
    before.begin('TURN');
    const after = new Steps('REVERSE', undefined, () => 9, before.list);
    expect(after.list[0]).toMatchObject({ name: 'CHECK_BACK', state: 'DONE', endedAt: 5 });
    expect(after.list.slice(1).every(({ state }) => state === 'PENDING')).toBe(true);
  });

  it('of a failover have none that asks the source', () => {
    const names = new Steps('FAILOVER').list.map(({ name }) => name);
    expect(names).toEqual(['SETTLE', 'FENCE', 'SYNC_OFFSETS', 'CONFIGS', 'UNLOCK', 'STOP']);
  });
});

const at = { topic: 't', topicId: 'id', leader: 1, leaderEpoch: 0 };
/** Partitions as [last stable, high watermark, log end]. */
const look = (atMs: number, ...partitions: [bigint, bigint, bigint][]): SourceLook => ({
  atMs,
  topicId: 'id',
  partitions: partitions.length,
  ends: new Map(
    partitions.map(([lastStable, highWatermark, logEnd], partition) => [
      partition,
      { start: 0n, lastStable, highWatermark, logEnd, at: { ...at, partition } },
    ]),
  ),
});
const mirror = (...ends: bigint[]): MirrorPlace[] =>
  ends.map((highWatermark, index) => ({ index, running: true, highWatermark, message: null }));
const wait = { quietMs: 1_000, leave: false };

describe('a drain', () => {
  it('is done when two looks say the same of all partitions, and nobody has written for long enough', () => {
    const watch = new DrainWatch();
    const judge = (ms: number) => watch.judge(look(ms, [9n, 9n, 9n], [4n, 4n, 4n]), mirror(9n, 4n), wait);
    expect(judge(0)).toMatchObject({
      drained: false,
      waits: expect.stringContaining('must be quiet for 1 s'),
    });
    expect(judge(1_000)).toMatchObject({ drained: false, waits: 'Looking a second time.' });
    expect(judge(1_300)).toMatchObject({
      drained: true,
      waits: null,
      ends: new Map([
        [0, 9n],
        [1, 4n],
      ]),
    });
  });

  it('names the partitions that still move, with their rate, and begins to wait anew', () => {
    const watch = new DrainWatch();
    watch.judge(look(0, [9n, 9n, 9n], [4n, 4n, 4n]), mirror(9n, 4n), wait);
    watch.judge(look(1_000, [9n, 9n, 9n], [4n, 4n, 4n]), mirror(9n, 4n), wait);
    const moved = watch.judge(look(1_500, [9n, 9n, 9n], [54n, 54n, 54n]), mirror(9n, 54n), wait);
    expect(moved).toMatchObject({ drained: false, waits: expect.stringContaining('partitions 1 (≈ 100/s)') });
    expect(watch.judge(look(2_000, [9n, 9n, 9n], [54n, 54n, 54n]), mirror(9n, 54n), wait).drained).toBe(
      false,
    );
  });

  it.each([
    ['what is not mirrored yet', [[9n, 9n, 9n]], mirror(5n), '4 offsets are still to be mirrored in 1 of 1'],
    [
      'what is not on all replicas at the source',
      [[9n, 9n, 12n]],
      mirror(9n),
      'partitions 0 (3) are not yet',
    ],
    [
      'partitions that the mirror has not',
      [
        [9n, 9n, 9n],
        [0n, 0n, 0n],
      ],
      mirror(9n),
      'has 2 partitions, the mirror 1',
    ],
    [
      'a partition that stands',
      [[9n, 9n, 9n]],
      [{ ...mirror(9n)[0]!, running: false, message: 'paused.' }],
      'paused.',
    ],
  ] as [string, [bigint, bigint, bigint][], MirrorPlace[], string][])(
    'waits for %s',
    (_, ends, places, said) => {
      const watch = new DrainWatch();
      for (const ms of [0, 2_000, 4_000])
        expect(watch.judge(look(ms, ...ends), places, wait)).toMatchObject({
          drained: false,
          waits: expect.stringContaining(said),
        });
    },
  );

  it('is held back by open transactions, unless they are left behind', () => {
    const open: [bigint, bigint, bigint] = [6n, 9n, 9n];
    const waiting = new DrainWatch();
    const leaving = new DrainWatch();
    for (const ms of [0, 2_000, 4_000]) {
      const verdict = waiting.judge(look(ms, open), mirror(6n), wait);
      expect(verdict.drained).toBe(false);
      expect(verdict.heldBack).toEqual(ms === 0 ? [] : [0]);
      const left = leaving.judge(look(ms, open), mirror(6n), { ...wait, leave: true });
      expect(left.drained).toBe(ms === 4_000);
      expect(left.ends.get(0)).toBe(6n);
    }
  });
});

describe('a statement', () => {
  const facts = { topic: 't', sourceTopic: 't', atMs: 100, notes: [], configs: {} };
  const end = (index: number, mirrorEnd: bigint | null, high: bigint | null, atMs = 50) => ({
    ...{ index, mirrorEnd, fence: mirrorEnd, epoch: 1, left: [], note: null, comparable: true },
    source: high === null ? null : { stable: high, high, atMs },
  });

  it('adds up what is missing, and says how old that knowledge is', () => {
    const statement = statementOf({
      kind: 'FAILOVER',
      ...facts,
      partitions: [end(1, 5n, 9n, 40), end(0, 7n, 7n)],
    });
    expect(statement).toMatchObject({ missing: '4', knownAt: 40 });
    expect(statement.partitions.map(({ partition, missing }) => [partition, missing])).toEqual([
      [0, '0'],
      [1, '4'],
    ]);
  });

  it('never makes 0 of what is not known', () => {
    for (const unknown of [end(1, 5n, null), end(1, null, 9n), { ...end(1, 5n, 5n), comparable: false }]) {
      const statement = statementOf({ kind: 'FAILOVER', ...facts, partitions: [end(0, 7n, 7n), unknown] });
      expect(statement.missing).toBeNull();
      expect(statement.partitions[1]?.missing).toBeNull();
    }
  });

  it('falls back on what an earlier engine has seen, with its age', () => {
    const advice = { at: 30, configs: {}, ends: { '0': { stable: '3', high: '4' } } };
    expect(sourceKnown({ stable: -1n, high: -1n, atMs: 0 }, 0, advice)).toEqual({
      stable: 3n,
      high: 4n,
      atMs: 30,
    });
    expect(sourceKnown({ stable: 5n, high: 6n, atMs: 99 }, 0, advice)).toEqual({
      stable: 5n,
      high: 6n,
      atMs: 99,
    });
    expect(sourceKnown({ stable: -1n, high: -1n, atMs: 0 }, 1, advice)).toBeNull();
  });
});

describe('the configs of a stopped topic', () => {
  const config = (name: string, value: string | null, overridden = true) => ({ name, value, overridden });
  const limits = {
    old: 'message.timestamp.difference.max.ms',
    before: 'message.timestamp.before.max.ms',
    after: 'message.timestamp.after.max.ms',
  };

  it('are in force at the source, also where they are its defaults, and of the operator where there is a wish', () => {
    const source = rememberedConfigs([
      config('retention.ms', '604800000', false),
      config('cleanup.policy', 'compact'),
      config('segment.ms', '5'),
    ]);
    expect(source).toEqual({ 'retention.ms': '604800000', 'cleanup.policy': 'compact' });
    expect(finalConfigs(source, [], { 'segment.ms': '9' }, { 'retention.ms': '1' })).toEqual({
      ...{ 'retention.ms': '1', 'cleanup.policy': 'compact', 'segment.ms': '9' },
    });
  });

  it('have the timestamp limits that the destination knows, from whichever the source knows', () => {
    const present = (names: string[]) => names.map((name) => config(name, '9223372036854775807'));
    expect(finalConfigs({ [limits.old]: '7' }, present([limits.before, limits.after, limits.old]))).toEqual({
      ...{ [limits.before]: '7', [limits.after]: '7' },
    });
    expect(finalConfigs({ [limits.before]: '9', [limits.after]: '4' }, present([limits.old]))).toEqual({
      [limits.old]: '4',
    });
  });
});

describe('an operation that is taken back', () => {
  it('lets what mirrored go on, and leaves what had failed as it was, with its reason', () => {
    const partitions = [0, 1].map(
      (index) =>
        new MirrorPartition({ linkId: 'l', topic: 't', sourceTopic: 't', sourceTopicId: 's', index }),
    );
    const [good, bad] = partitions as [MirrorPartition, MirrorPartition];
    good.mode = 'RUNNING';
    bad.fail('UNEXPECTED_WRITE', 'Verification found a difference.');
    const recovered: number[] = [];
    const nothing = () => undefined;
    const context = {
      ...{ forgetRecovery: nothing, stopFetching: nothing, stopWriting: nothing, startFetching: nothing },
      ...{ refreshMetadata: nothing, recover: ({ index }: MirrorPartition) => recovered.push(index) },
    };
    const core = { context, paused: false, fatal: null } as unknown as LinkCore;
    const topic = { partitions, phase: 'READY', desired: { paused: false } } as unknown as MirrorTopic;
    // Each round of an operation does it again.
    stopFetching(core, topic);
    stopFetching(core, topic);
    expect(partitions.map(({ mode }) => mode)).toEqual(['ENDING', 'ENDING']);
    fetchAgain(core, topic);
    expect(recovered).toEqual([0]);
    expect(bad).toMatchObject({
      ...{ mode: 'FAILED', error: 'UNEXPECTED_WRITE', message: 'Verification found a difference.' },
    });
  });
});
