import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letsThrough, type NameFilter, nameFiltersText, parseNameFilters } from './name-filters';

const include = (name: string, patternType: NameFilter['patternType'] = 'LITERAL'): NameFilter => ({
  name,
  patternType,
  filterType: 'INCLUDE',
});
const exclude = (name: string, patternType: NameFilter['patternType'] = 'LITERAL'): NameFilter => ({
  ...include(name, patternType),
  filterType: 'EXCLUDE',
});
const anyFilter = fc.record({
  name: fc.oneof(fc.constant('*'), fc.string({ minLength: 1, maxLength: 4 })),
  patternType: fc.constantFrom<NameFilter['patternType']>('LITERAL', 'PREFIXED'),
  filterType: fc.constantFrom<NameFilter['filterType']>('INCLUDE', 'EXCLUDE'),
});

describe('filters on names', () => {
  it('let nothing through without an include', () => {
    expect(letsThrough([], 'orders')).toBe(false);
    expect(letsThrough([exclude('x')], 'orders')).toBe(false);
  });

  it('take "*" LITERAL for everything, and as a prefix for what begins with an asterisk', () => {
    expect(letsThrough([include('*')], 'orders')).toBe(true);
    expect(letsThrough([include('*', 'PREFIXED')], 'orders')).toBe(false);
  });

  it('know literal names and prefixes', () => {
    expect(letsThrough([include('shop.', 'PREFIXED')], 'shop.orders')).toBe(true);
    expect(letsThrough([include('shop.')], 'shop.orders')).toBe(false);
    expect(letsThrough([include('shop.orders')], 'shop.orders')).toBe(true);
  });

  it('leave names that begin with "_" out unless they are named literally', () => {
    expect(letsThrough([include('*')], '_schemas')).toBe(false);
    expect(letsThrough([include('_', 'PREFIXED')], '_schemas')).toBe(false);
    expect(letsThrough([include('_schemas')], '_schemas')).toBe(true);
  });

  it('never let through what any exclude matches, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(anyFilter), fc.string({ minLength: 1, maxLength: 6 }), (filters, name) => {
        expect(letsThrough([...filters, exclude(name)], name)).toBe(false);
        expect(letsThrough([exclude(name.slice(0, 1), 'PREFIXED'), ...filters], name)).toBe(false);
        expect(letsThrough(filters, name)).toBe(letsThrough(filters.toReversed(), name));
      }),
    );
  });

  it('are read from the JSON that Confluent writes, and refused with what is wrong in it', () => {
    const text = '{"groupFilters": [{"name": "*","patternType": "LITERAL","filterType": "INCLUDE"}]}';
    expect(nameFiltersText('groupFilters').safeParse(text).success).toBe(true);
    expect(parseNameFilters('groupFilters', text)).toEqual([include('*')]);
    expect(parseNameFilters('groupFilters', '')).toEqual([]);
    for (const [bad, said] of [
      ['{', /not JSON/],
      ['[]', /groupFilters/],
      ['{"topicFilters": []}', /groupFilters/],
      [
        '{"groupFilters": [{"name": "a","patternType": "ANY","filterType": "INCLUDE"}]}',
        /LITERAL or PREFIXED/,
      ],
      ['{"groupFilters": [{"name": "","patternType": "LITERAL","filterType": "INCLUDE"}]}', /needs a name/],
    ] as const) {
      const result = nameFiltersText('groupFilters').safeParse(bad);
      expect(result.error?.issues[0]?.message, bad).toMatch(said);
    }
  });
});
