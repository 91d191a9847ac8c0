import { describe, expect, it } from 'vitest';
import { changesOf } from './diff';
import { filterIn, inputOf, searchOf } from './filter';

describe('before and after', () => {
  it('are compared value by value, at any depth', () => {
    const before = { servers: ['a', 'b'], security: { protocol: 'SSL', sasl: { password: 'secret' } } };
    const after = {
      servers: ['a'],
      security: { protocol: 'SSL', sasl: { password: 'secret (changed)' } },
      x: 1,
    };
    expect(changesOf(before, after)).toEqual([
      { path: 'servers', before: 'a, b', after: 'a', changed: true },
      { path: 'security.protocol', before: 'SSL', after: 'SSL', changed: false },
      { path: 'security.sasl.password', before: 'secret', after: 'secret (changed)', changed: true },
      { path: 'x', before: undefined, after: '1', changed: true },
    ]);
  });

  it('tell what was made and what was removed', () => {
    expect(changesOf(null, { state: 'ACTIVE' })).toMatchObject([{ before: undefined, after: 'ACTIVE' }]);
    expect(changesOf({ state: 'ACTIVE' }, null)).toMatchObject([{ before: 'ACTIVE', after: undefined }]);
    expect(changesOf(null, null)).toEqual([]);
  });

  it('tell an empty value from none', () => {
    expect(changesOf({ a: null, b: '' }, { b: '' })).toEqual([
      { path: 'a', before: 'null', after: undefined, changed: true },
      { path: 'b', before: '', after: '', changed: false },
    ]);
  });
});

describe('the filter in the address', () => {
  it('keeps what the API takes and leaves out what it would refuse', () => {
    const params = new URLSearchParams(
      'text=x&outcome=WRONG&from=yesterday&actor=+ada+&nonsense=1&range=day',
    );
    const filter = filterIn(params);
    expect(filter).toEqual({ values: { text: 'x', actor: 'ada' }, range: 'day' });
    expect(searchOf(filter, 100_000_000).toString()).toBe('actor=ada&text=x&from=13600000');
  });

  it('fills the fields for an own range of time', () => {
    const at = new Date(2026, 10, 23, 18, 42).getTime();
    expect(inputOf(String(at))).toBe('2026-11-23T18:42');
    expect(inputOf(undefined)).toBe('');
  });
});
