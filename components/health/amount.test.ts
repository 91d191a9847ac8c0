import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactAmount, typedAmount } from './amount';

describe('a threshold', () => {
  it('is written in the largest unit that it is whole in', () => {
    expect(exactAmount(600, 'seconds')).toBe('10 min');
    expect(exactAmount(90, 'seconds')).toBe('90 s');
    expect(exactAmount(172_800, 'seconds')).toBe('2 d');
    expect(exactAmount(0, 'seconds')).toBe('0 s');
    expect(exactAmount(5 * 1024 ** 3, 'bytes')).toBe('5 GiB');
    expect(exactAmount(0.0001, 'ratio')).toBe('0.01 %');
    expect(exactAmount(0.8, 'ratio')).toBe('80 %');
    expect(exactAmount(3, 'count')).toBe('3');
  });

  it('is read as people type it', () => {
    expect(typedAmount('10min', 'seconds')).toBe(600);
    expect(typedAmount('2 hours', 'seconds')).toBe(7200);
    expect(typedAmount('1.5 h', 'seconds')).toBe(5400);
    expect(typedAmount('30', 'seconds')).toBe(30);
    expect(typedAmount('80', 'ratio')).toBe(0.8);
    expect(typedAmount('80 %', 'ratio')).toBe(0.8);
    expect(typedAmount('1,000', 'count')).toBe(1000);
    expect(typedAmount('20 GB', 'bytes')).toBe(20 * 1024 ** 3);
  });

  it('is refused where nobody can tell what is meant', () => {
    for (const text of ['', 'soon', '10 parsecs', '1..2', '%'])
      expect(typedAmount(text, 'seconds')).toBeNull();
    expect(typedAmount('10 min', 'bytes')).toBeNull();
  });

  it('survives being written and read', () => {
    const whole = fc.integer({ min: 0, max: 2_592_000 });
    fc.assert(
      fc.property(whole, (value) => {
        expect(typedAmount(exactAmount(value, 'seconds'), 'seconds')).toBe(value);
        expect(typedAmount(exactAmount(value, 'bytes'), 'bytes')).toBe(value);
        expect(typedAmount(exactAmount(value / 10_000, 'ratio'), 'ratio')).toBeCloseTo(value / 10_000, 9);
      }),
    );
  });
});
