import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlabPool } from '@/server/kafka/wire/slab';
import { MirrorPartition, type QueuedStep } from './partition';

function partition(): MirrorPartition {
  return new MirrorPartition({
    linkId: 'l',
    topic: 'mirror',
    sourceTopic: 'source',
    sourceTopicId: '0',
    index: 3,
  });
}

function append(base: bigint, size: number, pool: SlabPool | null): QueuedStep {
  return {
    kind: 'append',
    baseOffset: base,
    count: 1,
    bytes: Buffer.alloc(size),
    maxTimestamp: 1_000n + base,
    copies: 0,
    slab: pool?.take(size) ?? null,
    head: false,
  };
}

describe('the queue of a mirror partition', () => {
  it('gives steps back in order and counts their bytes, however long it runs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 2_000 }), (moves) => {
        const p = partition();
        const model: QueuedStep[] = [];
        let offset = 0n;
        for (const move of moves) {
          for (let i = 0; i < move; i++) {
            const step: QueuedStep =
              offset % 3n === 0n
                ? { kind: 'fill', baseOffset: offset, count: 1n }
                : append(offset, Number(offset % 50n), null);
            offset += 1n;
            p.enqueue(step);
            model.push(step);
          }
          for (let i = 0; i > move && model.length > 0; i--) {
            expect(p.peek()).toBe(model[0]);
            expect(p.dequeue()).toBe(model.shift());
          }
          expect(p.queueLength).toBe(model.length);
          const bytes = model.reduce((sum, s) => sum + (s.kind === 'append' ? s.bytes.length : 0), 0);
          expect(p.queuedBytes).toBe(bytes);
        }
        expect(p.peek()).toBe(model[0]);
      }),
      { numRuns: 50 },
    );
  });

  it('runs through thousands of steps without keeping those that are gone', () => {
    const p = partition();
    for (let i = 0n; i < 5_000n; i++) p.enqueue({ kind: 'fill', baseOffset: i, count: 1n });
    for (let i = 0n; i < 5_000n; i++) expect(p.dequeue().baseOffset).toBe(i);
    expect([p.queueLength, p.peek()]).toEqual([0, undefined]);
  });

  it('releases the memory of what it forgets, once, and will fetch it again from what was sent', () => {
    const pool = new SlabPool(0);
    const p = partition();
    p.sent = 40n;
    p.planned = 44n;
    p.lastFetchedEpoch = 5;
    for (let i = 40n; i < 44n; i++) p.enqueue(append(i, 100, pool));
    const gone = p.dequeue();
    expect(pool.inUseBytes).toBe(4 * 65_536);
    p.dropQueue();
    expect(pool.inUseBytes).toBe(65_536);
    expect([p.queueLength, p.queuedBytes, p.planned, p.fetchOffset, p.lastFetchedEpoch]).toEqual([
      0,
      0,
      40n,
      40n,
      -1,
    ]);
    p.dropQueue();
    if (gone.kind === 'append') gone.slab?.release();
    expect(pool.inUseBytes).toBe(0);
  });

  it('remembers the time of the first record that waits, not of a filler of the head', () => {
    const p = partition();
    p.enqueue({ ...append(1n, 10, null), head: true } as QueuedStep);
    expect(p.oldestPendingTimestamp).toBeNull();
    p.enqueue(append(2n, 10, null));
    p.enqueue(append(3n, 10, null));
    expect(p.oldestPendingTimestamp).toBe(1_002n);
  });
});

describe('a mirror partition', () => {
  it('hands out sequence numbers that wrap as the broker counts them', () => {
    const p = partition();
    p.sequence = 2_147_483_640;
    expect([p.takeSequence(5), p.takeSequence(10), p.takeSequence(1)]).toEqual([
      2_147_483_640, 2_147_483_645, 7,
    ]);
  });

  it('counts what was appended without rounding', () => {
    const p = partition();
    p.count(9_007_199_254_740_991, 3);
    expect([p.bytesTotal, p.recordsTotal]).toEqual([9_007_199_254_740_991n, 3n]);
    p.count(2, 1);
    p.count(2, 1);
    expect([p.bytesTotal, p.recordsTotal]).toEqual([9_007_199_254_740_995n, 5n]);
  });

  it('begins a new life at what was acknowledged, with another generation', () => {
    const p = partition();
    Object.assign(p, { acked: 10n, sent: 25n, planned: 30n, filling: true, alone: false, mode: 'RUNNING' });
    const { generation } = p;
    p.beginRecovery();
    expect(p).toMatchObject({ mode: 'RECOVERING', sent: 10n, planned: 10n, fetchOffset: 10n });
    expect([p.generation > generation, p.alone, p.filling]).toEqual([true, true, false]);
  });

  it('says why it failed, and forgets what it had planned', () => {
    const p = partition();
    Object.assign(p, { acked: 10n, sent: 25n, planned: 30n });
    p.fail('UNEXPECTED_WRITE', 'somebody else wrote at offset 10');
    expect(p).toMatchObject({
      mode: 'FAILED',
      error: 'UNEXPECTED_WRITE',
      message: 'somebody else wrote at offset 10',
      planned: 10n,
      name: 'mirror-3',
    });
  });

  it('is unguarded until the broker lists us, and when our newest record is older than its memory', () => {
    const p = partition();
    const [now, oldest] = [1_800_000_000_000n, 1_799_913_600_000n];
    p.newestTimestamp = now;
    expect(p.unguarded(oldest)).toBe(true);
    p.listed = true;
    expect(p.unguarded(oldest)).toBe(false);
    p.newestTimestamp = oldest - 1n;
    expect(p.unguarded(oldest)).toBe(true);
  });

  it('is unguarded below an epoch whose first append may still come, until the log was looked at behind that time', () => {
    const p = partition();
    Object.assign(p, { listed: true, epoch: 4, newestTimestamp: 1_800_000_000_000n, unsafeUntilMs: 500 });
    p.unsafeBelowEpoch = 5;
    expect(p.unguarded(0n)).toBe(true);
    p.lookedAt(499);
    expect(p.unguarded(0n)).toBe(true);
    p.lookedAt(500);
    expect(p.unguarded(0n)).toBe(false);
    p.unsafeBelowEpoch = 5;
    p.epoch = 5;
    expect(p.unguarded(0n)).toBe(false);
  });

  it('has proved nothing of the log when a new life begins, and begins its epoch alone', () => {
    const p = partition();
    Object.assign(p, { epoch: 3, targetEpoch: 4, sequence: 12, alone: false, provenAtMs: 900 });
    p.lookedAt(1_000);
    expect([p.provenAtMs, p.raising]).toEqual([Number.NEGATIVE_INFINITY, true]);
    p.beginEpoch();
    expect(p).toMatchObject({ epoch: 4, sequence: 0, alone: true, listed: true, raising: false });
  });

  it('notes when the source grew, at most once a second, and keeps its ends', () => {
    const p = partition();
    p.sourceSeen(5n, 100n, 120n, 10_000);
    expect(p.growth).toEqual([]);
    p.sourceSeen(5n, 110n, 120n, 10_500);
    p.sourceSeen(5n, 120n, 130n, 10_900);
    p.sourceSeen(6n, 120n, 130n, 12_000);
    p.sourceSeen(6n, 130n, 130n, 12_100);
    expect(p.growth).toEqual([
      { offset: 100n, atMs: 10_500 },
      { offset: 120n, atMs: 12_100 },
    ]);
    expect(p).toMatchObject({ sourceStart: 6n, sourceLastStable: 130n, sourceHighWatermark: 130n });
  });
});
