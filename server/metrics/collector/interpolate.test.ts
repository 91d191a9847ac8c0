// When a record was appended: against logs that are known to the millisecond.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendedBetween, appendedByRecords } from './interpolate';

describe('the time between two looks', () => {
  it('is spread evenly over what was appended', () => {
    const before = { atMs: 1_000, offset: 100n };
    const after = { atMs: 2_000, offset: 110n };
    expect(appendedBetween(100n, before, after)).toBe(1_050);
    expect(appendedBetween(109n, before, after)).toBe(1_950);
  });

  it('lies between the two, and rises with the offset', () => {
    const count = fc.bigInt({ min: 1n, max: 10_000_000_000n });
    fc.assert(
      fc.property(
        count,
        fc.nat(1_000_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (appended, overMs, share) => {
          const before = { atMs: 5_000, offset: 1n << 40n };
          const after = { atMs: 5_000 + overMs, offset: before.offset + appended };
          const offset = before.offset + BigInt(Math.floor(Number(appended - 1n) * share));
          const at = appendedBetween(offset, before, after);
          expect(at).toBeGreaterThanOrEqual(before.atMs);
          expect(at).toBeLessThanOrEqual(after.atMs);
          if (offset + 1n < after.offset)
            expect(appendedBetween(offset + 1n, before, after)).toBeGreaterThanOrEqual(at);
        },
      ),
    );
  });

  it('is never further off than half a look from a steady writer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(4_999), (perLook, k) => {
        const within = k % perLook;
        const trueMs = ((within + 0.5) / perLook) * 10_000;
        const at = appendedBetween(
          BigInt(within),
          { atMs: 0, offset: 0n },
          { atMs: 10_000, offset: BigInt(perLook) },
        );
        expect(Math.abs(at - trueMs)).toBeLessThan(1);
      }),
    );
  });
});

describe('the time from records', () => {
  const times = [
    { atMs: 1_000, offset: 10n },
    { atMs: 3_000, offset: 30n },
  ];
  const oldest = { atMs: 9_000, offset: 60n };

  it('is that of the record itself where it is known', () => {
    expect(appendedByRecords(30n, times, oldest)).toBe(3_000);
  });
  it('lies between two records, or between the last and the oldest look', () => {
    expect(appendedByRecords(20n, times, oldest)).toBe(2_000);
    expect(appendedByRecords(45n, times, oldest)).toBe(6_000);
  });
  it('is not known in front of all of them', () => {
    expect(appendedByRecords(5n, times, oldest)).toBeNull();
    expect(appendedByRecords(5n, [], oldest)).toBeNull();
  });
  it('never runs backwards with times that producers made up', () => {
    const odd = [{ atMs: 50_000, offset: 10n }];
    expect(appendedByRecords(40n, odd, oldest)).toBe(50_000);
  });
});
