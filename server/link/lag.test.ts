import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lagOf, trimGrowth } from './lag';
import { MirrorPartition } from './partition';

const NOW = 1_800_000_000_000;

function partition(set: Partial<MirrorPartition> = {}): MirrorPartition {
  const p = new MirrorPartition({
    linkId: 'l',
    topic: 't',
    sourceTopic: 't',
    sourceTopicId: '0',
    index: 0,
  });
  return Object.assign(p, { headDone: true }, set);
}

describe('lag of a mirror partition', () => {
  it('is unknown, not 0, before both ends are known or while the head is filled', () => {
    const unknown = { messages: -1n, bytes: -1n, seconds: Number.NaN };
    expect(lagOf(partition(), NOW)).toEqual(unknown);
    expect(lagOf(partition({ lagSource: 5n }), NOW)).toEqual(unknown);
    expect(lagOf(partition({ lagSource: 5n, mirrorHighWatermark: 5n, headDone: false }), NOW)).toEqual(
      unknown,
    );
  });

  it('is 0 in all three units when the mirror is at the end, or was looked at a moment later', () => {
    for (const mirrorHighWatermark of [100n, 101n])
      expect(lagOf(partition({ lagSource: 100n, mirrorHighWatermark }), NOW)).toEqual({
        messages: 0n,
        bytes: 0n,
        seconds: 0,
      });
  });

  it('counts messages exactly, and bytes by the measured bytes per offset', () => {
    const p = partition({ lagSource: 2n ** 60n, mirrorHighWatermark: 2n ** 60n - 10n });
    expect(lagOf(p, NOW)).toMatchObject({ messages: 10n, bytes: -1n });
    p.bytesPerOffset = 120.4;
    expect(lagOf(p, NOW)).toMatchObject({ messages: 10n, bytes: 1_204n });
  });

  it('counts seconds from when the first missing record appeared at the source', () => {
    const p = partition({ mirrorHighWatermark: 150n });
    p.sourceSeen(0n, 100n, 100n, NOW - 60_000);
    p.sourceSeen(0n, 200n, 200n, NOW - 50_000);
    p.sourceSeen(0n, 300n, 300n, NOW - 20_000);
    p.lagSource = 300n;
    expect(lagOf(p, NOW)).toMatchObject({ messages: 150n, seconds: 50 });
    p.mirrorHighWatermark = 200n;
    expect(lagOf(p, NOW).seconds).toBe(20);
    p.mirrorHighWatermark = 250n;
    expect(lagOf(p, NOW).seconds).toBe(20);
  });

  it('takes the time of the record itself when the backlog is older than the watch', () => {
    const p = partition({ lagSource: 300n, mirrorHighWatermark: 50n });
    p.sourceSeen(0n, 100n, 100n, NOW - 60_000);
    p.sourceSeen(0n, 300n, 300n, NOW - 50_000);
    expect(lagOf(p, NOW).seconds).toBeNaN();
    p.oldestPendingTimestamp = BigInt(NOW - 7_200_000);
    expect(lagOf(p, NOW).seconds).toBe(7_200);
    p.oldestPendingTimestamp = BigInt(NOW + 5_000);
    expect(lagOf(p, NOW).seconds).toBe(0);
  });

  it('never is negative, and falls as the mirror goes on, for any growth of the source; trimming changes nothing', () => {
    const growth = fc.array(
      fc.record({ offsets: fc.integer({ min: 0, max: 50 }), ms: fc.integer({ min: 1, max: 5_000 }) }),
      {
        minLength: 1,
        maxLength: 50,
      },
    );
    fc.assert(
      fc.property(growth, fc.array(fc.nat(100), { maxLength: 10 }), (steps, marks) => {
        const p = partition();
        let [end, atMs] = [0n, NOW];
        for (const { offsets, ms } of steps) {
          end += BigInt(offsets);
          atMs += ms;
          p.sourceSeen(0n, end, end, atMs);
        }
        p.lagSource = end;
        const trimmed = partition({ lagSource: end });
        trimmed.growth.push(...p.growth);
        let last = Number.POSITIVE_INFINITY;
        for (const mark of [...marks].sort((a, b) => a - b)) {
          p.mirrorHighWatermark = (end * BigInt(mark)) / 100n;
          const lag = lagOf(p, atMs);
          expect(lag.messages).toBe(end - p.mirrorHighWatermark);
          if (!Number.isNaN(lag.seconds)) {
            expect(lag.seconds).toBeGreaterThanOrEqual(0);
            expect(lag.seconds).toBeLessThanOrEqual(last);
            last = lag.seconds;
          }
          trimmed.mirrorHighWatermark = p.mirrorHighWatermark;
          trimGrowth(trimmed);
          expect(lagOf(trimmed, atMs)).toEqual(lag);
        }
      }),
    );
  });

  it('keeps an hour of samples at most', () => {
    const p = partition();
    for (let i = 0; i < 5_000; i++) p.sourceSeen(0n, BigInt(i), BigInt(i), NOW + i * 1_000);
    expect(p.growth.length).toBeLessThanOrEqual(3_700);
    p.mirrorHighWatermark = 4_990n;
    trimGrowth(p);
    expect(p.growth[0]?.offset).toBe(4_990n);
  });
});

it('an instant at which the mirror held everything is whole milliseconds, and never later than it was', () => {
  const p = partition();
  p.heldAllAt(NOW + 0.7);
  expect(p.consistentAt).toBe(NOW);
});
