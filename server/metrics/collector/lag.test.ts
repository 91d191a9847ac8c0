// Lag of one commit against both ends of a log.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyondEnd, bytesOfLag, lagOf } from './lag';
import { shapeWith } from './testing/sweeps';

const offset = fc.bigInt({ min: 0n, max: 1n << 62n });

describe('a lag', () => {
  it('is to the last stable offset, and never negative', () => {
    expect([lagOf(40n, 100n), beyondEnd(40n, 100n, 120n)]).toEqual([60n, 0n]);
    expect([lagOf(110n, 100n), beyondEnd(110n, 100n, 120n)]).toEqual([0n, 0n]);
    expect([lagOf(130n, 100n), beyondEnd(130n, 100n, 120n)]).toEqual([0n, 10n]);
  });
  it('is no sample where the end is not known, or nothing is committed', () => {
    expect([lagOf(40n, -1n), beyondEnd(40n, -1n, -1n), lagOf(-1n, 100n)]).toEqual([-1n, 0n, -1n]);
  });
  it('and what is beyond the end are never both above 0, and tell the commit back', () => {
    fc.assert(
      fc.property(offset, offset, fc.nat(1_000), (commit, stable, held) => {
        const high = stable + BigInt(held);
        const [lag, beyond] = [lagOf(commit, stable), beyondEnd(commit, stable, high)];
        expect(lag === 0n || beyond === 0n).toBe(true);
        expect(lag >= 0n && beyond >= 0n).toBe(true);
        if (lag > 0n) expect(commit + lag).toBe(stable);
        if (beyond > 0n) expect(commit - beyond).toBe(high);
      }),
    );
  });
});

describe('bytes of a lag', () => {
  const { partitions } = shapeWith({ t: [{ start: -1n }] });

  it('are not known before the size is', () => {
    expect(bytesOfLag(10n, partitions, 0)).toBeNull();
    expect(bytesOfLag(0n, partitions, 0)).toBe(0n);
  });
  it('are by the bytes of an offset, and no more than the log has', () => {
    [partitions.start[0], partitions.highWatermark[0], partitions.leaderBytes[0]] = [100n, 200n, 5_000n];
    expect(bytesOfLag(10n, partitions, 0)).toBe(500n);
    expect(bytesOfLag(150n, partitions, 0)).toBe(5_000n);
  });
});
