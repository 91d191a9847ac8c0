import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allowance, budgetBytesPerSecond } from './allowance';

describe('what verification may read', () => {
  it('is its share of the throughput, never less than the floor, and nothing when it is off', () => {
    expect(budgetBytesPerSecond(100_000_000, 5, 1_000_000, null)).toBe(5_000_000);
    expect(budgetBytesPerSecond(0, 5, 1_000_000, null)).toBe(1_000_000);
    expect(budgetBytesPerSecond(100_000_000, 0, 1_000_000, null)).toBe(0);
  });

  it('is not more than its share of a throttle either', () => {
    expect(budgetBytesPerSecond(0, 5, 1_000_000, 2_000_000)).toBe(100_000);
  });

  it('is kept over any time, whatever the sizes of the reads, but for the last one', () => {
    const read = fc.record({
      bytes: fc.integer({ min: 1, max: 100_000 }),
      pauseMs: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(
        fc.array(read, { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1_000, max: 1_000_000 }),
        (reads, rate) => {
          const allowance = new Allowance();
          let now = 0;
          let before = 0;
          let last = 0;
          for (const { bytes, pauseMs } of reads) {
            now += pauseMs;
            if (allowance.waitMs(now) > 0) continue;
            before += last;
            last = bytes;
            expect(before).toBeLessThanOrEqual((now / 1000) * rate + 1);
            allowance.spend(bytes, rate, now);
          }
        },
      ),
    );
  });

  it('of one huge batch is not paid for hours', () => {
    const allowance = new Allowance();
    allowance.spend(1_000_000_000, 1_000, 0);
    expect(allowance.waitMs(0)).toBe(60_000);
  });
});
