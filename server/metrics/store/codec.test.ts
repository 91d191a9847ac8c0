import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeValues, encodeValues } from './values-codec';
import { decodeWholeNumbers, encodeWholeNumbers } from './whole-numbers';

const value = fc.oneof(
  fc.constant(Number.NaN),
  fc.integer(),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => number + 0),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((number) => number / 1000),
  fc.maxSafeInteger(),
  fc.integer({ min: 2 ** 50, max: 2 ** 52 }),
);
/** What is alike compresses in another way than what is mixed. */
const values = fc.oneof(
  fc.array(value, { maxLength: 400 }),
  fc.tuple(value, fc.integer({ min: 1, max: 400 })).map(([one, count]) => new Array<number>(count).fill(one)),
  fc.array(fc.oneof(fc.constant(Number.NaN), fc.integer()), { maxLength: 400 }),
  fc.array(
    fc.integer({ min: 0, max: 1e6 }).map((number) => number / 1000),
    { maxLength: 400 },
  ),
);
/** −0 is the same number. */
const plain = (numbers: readonly number[]) => numbers.map((number) => (number === 0 ? 0 : number));

describe('the values of a series', () => {
  it('come back exactly, gaps included', () => {
    fc.assert(
      fc.property(values, (numbers) => {
        const bytes = encodeValues(Float64Array.from(numbers));
        expect(plain([...decodeValues(bytes, numbers.length)])).toEqual(plain(numbers));
      }),
      { numRuns: 1_000 },
    );
  });

  it('take 9 bytes when they do not change, and about one each when they change little', () => {
    expect(encodeValues(new Float64Array(360).fill(3.7)).length).toBe(9);
    const lags = Float64Array.from({ length: 360 }, (_, i) => 1_000_000_000 + ((i * 7_919) % 31));
    expect(encodeValues(lags).length).toBeLessThan(400);
  });

  it('that are cut off are an error, not other values', () => {
    const bytes = encodeValues(Float64Array.from({ length: 50 }, (_, i) => Math.sqrt(i)));
    expect(() => decodeValues(bytes.subarray(0, 40), 50)).toThrow();
  });
});

describe('a list of whole numbers', () => {
  it('comes back, in any order', () => {
    const number = fc.integer({ min: -(2 ** 51), max: 2 ** 51 });
    fc.assert(
      fc.property(fc.array(number), (numbers) => {
        expect(plain(decodeWholeNumbers(encodeWholeNumbers(numbers)))).toEqual(plain(numbers));
      }),
    );
  });
});
