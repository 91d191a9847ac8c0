// The form of the group filters: what is read from the setting, and what is written back.
import { describe, expect, it } from 'vitest';
import { problemOf, rowsOf, textOf } from './filter-rows';

const setting = '{"groupFilters":[{"name":"a","patternType":"PREFIXED","filterType":"EXCLUDE"}]}';

describe('the form of the group filters', () => {
  it('gives back the setting that it was opened with', () => {
    expect(textOf(rowsOf(setting))).toBe(setting);
  });

  it('offers all groups where nothing is set, or something unreadable', () => {
    for (const text of ['', '{', '{"groupFilters":[]}'])
      expect(rowsOf(text)).toMatchObject([{ name: '*', patternType: 'LITERAL', filterType: 'INCLUDE' }]);
  });

  it('says what keeps it from being saved', () => {
    const [row] = rowsOf('');
    expect(problemOf(row ? [row] : [])).toBeNull();
    expect(problemOf(row ? [{ ...row, name: '' }] : [])).toContain('needs a name');
  });
});
