import { expect, it } from 'vitest';
import { bigintOf, sortRows } from './sort-rows';

it('puts unknown values last in both orders, and compares offsets beyond 2^53 exactly', () => {
  const rows = ['9007199254740993', null, '9007199254740992', '-1'];
  expect(sortRows(rows, bigintOf, 'asc')).toEqual(['-1', '9007199254740992', '9007199254740993', null]);
  expect(sortRows(rows, bigintOf, 'desc')).toEqual(['9007199254740993', '9007199254740992', '-1', null]);
});

it('leaves equal rows in the order that they came in', () => {
  const rows = [
    { at: 1, name: 'b' },
    { at: 0, name: 'z' },
    { at: 1, name: 'a' },
  ];
  expect(sortRows(rows, (row) => row.at, 'desc').map(({ name }) => name)).toEqual(['b', 'a', 'z']);
});
