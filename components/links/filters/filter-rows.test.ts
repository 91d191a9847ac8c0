import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FilterRow, rowsOf, textOf } from './filter-rows';

describe('rows of filters', () => {
  it('say the same as the JSON that they become', () => {
    const row = fc.record({
      type: fc.constantFrom<FilterRow['type']>('INCLUDE', 'EXCLUDE'),
      scope: fc.constantFrom<FilterRow['scope']>('exact', 'prefix'),
      name: fc.stringMatching(/^[a-z._-]{1,20}$/),
    });
    const every: fc.Arbitrary<FilterRow> = fc.constant({ type: 'INCLUDE', scope: 'all', name: '' });
    fc.assert(
      fc.property(fc.array(fc.oneof(row, every)), (rows) => {
        expect(rowsOf('topicFilters', textOf('topicFilters', rows))).toEqual(rows);
      }),
    );
  });

  it('without a name are not sent, and no rows are no filters', () => {
    expect(textOf('topicFilters', [{ type: 'INCLUDE', scope: 'exact', name: '' }])).toBe('');
    expect(rowsOf('topicFilters', '')).toEqual([]);
  });

  it('are not made of what is no list of filters', () => {
    expect(rowsOf('topicFilters', '{"topicFilters":{}}')).toBeNull();
    expect(rowsOf('topicFilters', '[')).toBeNull();
  });
});
