// Lag of one commit against both ends of a log.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfLag, lagOf } from './lag';
import { shapeOf } from './shape';

const offset = fc.bigInt({ min: 0n, max: 1n << 62n });

describe('a lag', () => {
  it('is to the last stable offset, and never negative', () => {
    expect(lagOf(40n, 100n, 120n)).toEqual({ messages: 60n, beyondEnd: 0n });
    expect(lagOf(110n, 100n, 120n)).toEqual({ messages: 0n, beyondEnd: 0n });
    expect(lagOf(130n, 100n, 120n)).toEqual({ messages: 0n, beyondEnd: 10n });
  });
  it('is no sample where the end is not known, or nothing is committed', () => {
    expect(lagOf(40n, -1n, -1n)).toBeNull();
    expect(lagOf(-1n, 100n, 100n)).toBeNull();
  });
  it('and what is beyond the end are never both above 0, and tell the commit back', () => {
    fc.assert(
      fc.property(offset, offset, fc.nat(1_000), (commit, stable, held) => {
        const high = stable + BigInt(held);
        const lag = lagOf(commit, stable, high);
        expect(lag).not.toBeNull();
        const { messages, beyondEnd } = lag as NonNullable<typeof lag>;
        expect(messages === 0n || beyondEnd === 0n).toBe(true);
        expect(messages >= 0n && beyondEnd >= 0n).toBe(true);
        if (messages > 0n) expect(commit + messages).toBe(stable);
        if (beyondEnd > 0n) expect(commit - beyondEnd).toBe(high);
      }),
    );
  });
});

describe('bytes of a lag', () => {
  const { partitions } = shapeOf({
    topics: [
      {
        ...{ errorCode: 0, name: 't', topicId: '1', internal: false, operations: null },
        partitions: [{ errorCode: 0, partition: 0, leader: 1, leaderEpoch: 0, replicas: [1], inSync: [1] }],
      },
    ],
  });

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
