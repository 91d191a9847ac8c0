import { describe, expect, it } from 'vitest';
import { lonePoints, withGaps } from './gaps';

describe('gaps of a chart', () => {
  it('get an empty point where nothing was recorded, so that no line is drawn across', () => {
    expect(withGaps({ timesMs: [0, 10, 20, 90, 100], values: [[1, 2, 3, 4, 5]] }, null)).toEqual({
      timesMs: [0, 10, 20, 30, 90, 100],
      values: [[1, 2, 3, null, 4, 5]],
    });
  });

  it('are not made of one late tick', () => {
    const columns = { timesMs: [0, 10, 30, 40], values: [[1, 2, 3, 4]] };
    expect(withGaps(columns, null)).toEqual(columns);
  });

  it('are measured by the width of buckets where there are some', () => {
    expect(withGaps({ timesMs: [0, 100], values: [[1, 2]] }, 10).values).toEqual([[1, null, 2]]);
    expect(withGaps({ timesMs: [0, 100], values: [[1, 2]] }, 100).values).toEqual([[1, 2]]);
    expect(withGaps({ timesMs: [], values: [[]] }, null)).toEqual({ timesMs: [], values: [[]] });
  });

  it('leave points alone, which are drawn as dots', () => {
    expect(lonePoints([null, 1, null, 2, 3, null, 4])).toEqual([1, 6]);
    expect(lonePoints([1])).toEqual([0]);
    expect(lonePoints([1, undefined])).toEqual([0]);
  });
});
