import { describe, expect, it } from 'vitest';
import { PartitionProgress, parseStored, restore, serialise } from './progress';
import { Scan } from './scan';

const ids = { sourceTopicId: 'a', mirrorTopicId: 'b', sweepId: 'sweep' };

function progressOf(from: bigint, to: bigint): PartitionProgress {
  const progress = new PartitionProgress();
  progress.verified = { from, to, sinceMs: 5 };
  progress.verifiedAtMs = 6;
  progress.scan = new Scan(to);
  return progress;
}

describe('progress', () => {
  it('comes back from the store as it was, the sweep and the difference too', () => {
    const progress = progressOf(3n, 9_007_199_254_740_993n);
    progress.sweep = { scan: new Scan(70n), from: 3n, target: 100n, startedMs: 7 };
    progress.difference = { offset: 80n, error: 'UNEXPECTED_WRITE', message: 'differs', atMs: 8 };
    const waiting = new PartitionProgress();
    waiting.sweep = 'WANTED';
    const stored = parseStored(
      serialise(ids, [
        [0, progress],
        [1, waiting],
        [2, new PartitionProgress()],
      ]),
    );
    const back = restore(stored, 0);
    expect(back).toMatchObject({
      verified: progress.verified,
      verifiedAtMs: 6,
      difference: progress.difference,
    });
    expect(back.sweep).toMatchObject({ from: 3n, target: 100n, startedMs: 7 });
    expect(back.sweep !== 'WANTED' && back.sweep?.scan.cursor).toBe(70n);
    expect(restore(stored, 1).sweep).toBe('WANTED');
    expect(restore(stored, 2)).toMatchObject({ verified: null, sweep: null });
  });

  it('that cannot be read claims nothing', () => {
    expect(parseStored('{"partitions":')).toBeNull();
    expect(parseStored('{"sourceTopicId":1}')).toBeNull();
    expect(restore(null, 0).verified).toBeNull();
  });

  it('claims nothing outside of what both logs hold', () => {
    const progress = progressOf(10n, 100n);
    progress.clamp(20n, 60n);
    expect(progress.verified).toMatchObject({ from: 20n, to: 60n });
    expect(progress.scan?.cursor).toBe(60n);
    progress.clamp(90n, 95n);
    expect(progress.verified).toMatchObject({ from: 90n, to: 90n });
  });

  it('of a sweep replaces an older claim, and keeps what was compared behind its end meanwhile', () => {
    const progress = progressOf(50n, 120n);
    progress.sweptThrough({ scan: new Scan(100n), from: 0n, target: 100n, startedMs: 9 }, 10);
    expect(progress.verified).toEqual({ from: 0n, to: 120n, sinceMs: 9 });
    const apart = progressOf(150n, 200n);
    apart.sweptThrough({ scan: new Scan(100n), from: 0n, target: 100n, startedMs: 9 }, 10);
    expect(apart.verified).toEqual({ from: 0n, to: 100n, sinceMs: 9 });
    expect(apart.scan?.cursor).toBe(100n);
  });
});
