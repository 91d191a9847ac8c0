import { describe, expect, it } from 'vitest';
import { dashedShare, lineThicknessPx } from './line-geometry';

describe('the line of a link', () => {
  it('is a hairline without traffic or when the rate is unknown', () => {
    expect(lineThicknessPx(0)).toBe(2);
    expect(lineThicknessPx(null)).toBe(2);
  });

  it('grows with throughput up to a limit', () => {
    expect(lineThicknessPx(1e6)).toBeGreaterThan(lineThicknessPx(1e5));
    expect(lineThicknessPx(1e12)).toBe(12);
  });

  it('is solid in step and when the lag is unknown', () => {
    expect(dashedShare(0)).toBe(0);
    expect(dashedShare(0.4)).toBe(0);
    expect(dashedShare(null)).toBe(0);
  });

  it('has longer dashes with more lag, and never loses its solid part', () => {
    expect(dashedShare(60)).toBeGreaterThan(dashedShare(5));
    expect(dashedShare(1e9)).toBeCloseTo(0.9);
  });
});
