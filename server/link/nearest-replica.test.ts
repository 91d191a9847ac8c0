import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { codecsReady } from '@/server/kafka/wire/compression';
import { readBatches } from '@/server/kafka/wire/record-batch';
import { hasHole } from './intake';
import { heldUntil, lagOf } from './lag';
import { MirrorPartition } from './partition';
import { ReadReplica } from './read-replica';
import { endsBefore, noteLagSource, noteLeaderEnds } from './sweeps';
import { buildLog, logOps } from './testing/source-log';

beforeAll(codecsReady);

const NOW = 1_800_000_000_000;
const AGE_MS = 10_000;

function partition(set: Partial<MirrorPartition> = {}): MirrorPartition {
  const options = { linkId: 'l', topic: 't', sourceTopic: 't', sourceTopicId: '0', index: 0 };
  return Object.assign(new MirrorPartition(options), { headDone: true, mode: 'RUNNING' as const }, set);
}
const reader = (brokerId: number, silentMs = 0) => ({ brokerId, silentMs, trouble: null, heldBack: false });
/** A look at the leader that found these ends. */
const leaderTells = (p: MirrorPartition, stable: bigint, atMs: number, high = stable) =>
  noteLeaderEnds(p, endsBefore(p), { start: 0n, lastStable: stable, highWatermark: high }, atMs);

describe('the replica that a partition is read from', () => {
  it('is the leader until it names another one, and again when that was of no use', () => {
    const replica = new ReadReplica();
    expect(replica.follower).toBeNull();
    replica.take(3, 0, AGE_MS);
    expect([replica.follower, replica.askAtMs]).toEqual([3, AGE_MS]);
    replica.giveUp(500, AGE_MS);
    expect([replica.follower, replica.askAtMs]).toEqual([null, 500 + AGE_MS]);
    replica.take(3, 20_000, AGE_MS);
    replica.stay(30_000, AGE_MS);
    expect([replica.follower, replica.askAtMs]).toEqual([null, 40_000]);
  });

  it('is tried later each time that it is of no use, up to 32 times as late, and soon again once it was of use', () => {
    const replica = new ReadReplica();
    const waits = Array.from({ length: 8 }, () => {
      replica.take(3, 0, AGE_MS);
      replica.giveUp(0, AGE_MS);
      return replica.askAtMs / AGE_MS;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 32, 32]);
    // Named again after a while of being read.
    replica.take(3, 0, AGE_MS);
    replica.take(3, AGE_MS, AGE_MS);
    replica.giveUp(0, AGE_MS);
    expect(replica.askAtMs).toBe(AGE_MS);
    replica.forget();
    expect(replica.askAtMs).toBe(0);
  });
});

describe('ends of a source whose records come from a follower', () => {
  it("are the leader's: a follower's word only raises them, and leaves their age as it was", () => {
    const p = partition();
    p.sourceAtLeast(50n, 50n);
    expect(p.sourceLastStable).toBe(-1n);
    leaderTells(p, 100n, NOW, 120n);
    p.sourceAtLeast(90n, 110n);
    expect([p.sourceLastStable, p.sourceHighWatermark]).toEqual([100n, 120n]);
    p.sourceAtLeast(130n, 140n);
    expect([p.sourceStart, p.sourceLastStable, p.sourceHighWatermark, p.sourceSeenAt]).toEqual([
      ...[0n, 130n, 140n, NOW],
    ]);
  });

  it('are not set back by an answer that is older than what came meanwhile, but by one that is newer', () => {
    const p = partition();
    leaderTells(p, 100n, NOW);
    const before = endsBefore(p);
    p.sourceAtLeast(300n, 310n);
    noteLeaderEnds(p, before, { start: 0n, lastStable: 200n, highWatermark: 320n }, NOW + 1_000);
    expect([p.sourceLastStable, p.sourceHighWatermark]).toEqual([300n, 320n]);
    // An unclean leader has lost what a follower still showed.
    leaderTells(p, 250n, NOW + 2_000);
    expect([p.sourceLastStable, p.sourceHighWatermark]).toEqual([250n, 250n]);
  });

  it('are not taken from a leader that is none any more', () => {
    const p = partition({ sourceLeaderEpoch: 5 });
    const before = endsBefore(p);
    p.sourceLeaderEpoch = 6;
    noteLeaderEnds(p, before, { start: 0n, lastStable: 200n, highWatermark: 200n }, NOW);
    expect(p.sourceLastStable).toBe(-1n);
  });

  it('have grown at the earliest time that is possible: neither lag in seconds nor what is held is told too well', () => {
    const p = partition();
    leaderTells(p, 100n, NOW);
    p.sourceAtLeast(150n, 150n);
    leaderTells(p, 200n, NOW + 1_000);
    leaderTells(p, 300n, NOW + 2_000);
    p.mirrorHighWatermark = 120n;
    p.lagSource = 300n;
    expect(lagOf(p, NOW + 2_500)).toMatchObject({ messages: 180n, seconds: 2.5 });
    expect(heldUntil(p)).toBe(NOW);
    p.mirrorHighWatermark = 220n;
    expect(lagOf(p, NOW + 2_500).seconds).toBe(1.5);
    expect(heldUntil(p)).toBe(NOW + 1_000);
  });

  it('are known for as long as the leader was asked, by whoever the records come', () => {
    const p = partition({ sourceLeader: 1, source: reader(1) });
    expect(p.sourceKnownAt).toBe(0);
    p.sourceSeen(0n, 100n, 100n, NOW);
    // A leader's session tells what is new; its silence says nothing.
    expect(p.sourceKnownAt).toBeGreaterThan(Date.now() - 1_000);
    p.source = reader(1, 60_000);
    expect(Math.abs(Math.max(NOW, Date.now() - 60_000) - p.sourceKnownAt)).toBeLessThan(1_000);
    for (const change of [{ source: reader(3) }, { source: null }, { source: reader(1), throttled: true }])
      expect(partition({ sourceLeader: 1, sourceSeenAt: NOW, ...change }).sourceKnownAt).toBe(NOW);
  });
});

describe('a mirror that got records while its end was asked for', () => {
  it('is not ahead of its source, unless the source never showed them', () => {
    const p = partition({ mirrorHighWatermark: 150n });
    p.sourceSeen(0n, 200n, 200n, NOW);
    noteLagSource(p, { stable: 100n, high: 100n, knownAt: NOW - 1 });
    expect([p.lagSource, p.lagSourceHigh, p.lagSourceKnownAt]).toEqual([150n, 150n, NOW - 1]);
    p.sourceSeen(0n, 120n, 120n, NOW);
    noteLagSource(p, { stable: 100n, high: 130n, knownAt: NOW });
    expect([p.lagSource, p.lagSourceHigh]).toEqual([100n, 130n]);
    noteLagSource(p, undefined);
    expect([p.lagSource, p.lagSourceHigh]).toEqual([-1n, -1n]);
  });
});

describe('holes in what a follower answers', () => {
  it('are found wherever an offset stands for nothing, and only there', () => {
    fc.assert(
      fc.property(logOps, fc.nat(), (ops, at) => {
        const log = buildLog(ops, 0n);
        const all = log.batches.flatMap(({ bytes }) => readBatches(bytes));
        const first = all.length === 0 ? 0 : at % all.length;
        const batches = all.slice(first);
        const from = batches[0]?.baseOffset ?? 0n;
        let next = from;
        let whole = true;
        for (const batch of batches) {
          whole &&= batch.baseOffset === next && BigInt(batch.count) === batch.lastOffset - next + 1n;
          next = batch.lastOffset + 1n;
        }
        expect(hasHole(from, batches)).toBe(!whole);
        // Batches in front of the position are those of an answer that begins earlier.
        expect(hasHole(next, batches)).toBe(false);
        if (from > 0n) expect(hasHole(from - 1n, batches)).toBe(batches.length > 0);
      }),
      { numRuns: 200 },
    );
  });
});
