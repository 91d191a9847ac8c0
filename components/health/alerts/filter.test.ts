import { expect, it } from 'vitest';
import { filterIn, isFiltered, searchOf, totalOf } from './filter';

const of = (query: string) => filterIn(new URLSearchParams(query));

it('the address keeps what the API takes and leaves out what it would refuse', () => {
  const filter = of(
    'atLeast=ERROR&area=nowhere&rule=link.failed&link=only-a-name&console=a/b&text=+shop+&nonsense=1',
  );
  expect(filter).toEqual({
    status: 'OPEN',
    values: { atLeast: 'ERROR', rule: 'link.failed', text: 'shop' },
    withChildren: false,
  });
  expect(searchOf(filter).toString()).toBe('status=OPEN&atLeast=ERROR&rule=link.failed&text=shop');
});

it('a link is asked for by its destination and its name', () => {
  expect(searchOf(of('status=CLEARED&link=cloud/dc1-to-cloud&withChildren=1')).toString()).toBe(
    'status=CLEARED&destination=cloud&link=dc1-to-cloud&withChildren=1',
  );
});

it('history alone is no filter', () => {
  expect(isFiltered(of('status=CLEARED'))).toBe(false);
  expect(isFiltered(of('cluster=dc1'))).toBe(true);
});

it('the total is known where counts by severity say it', () => {
  const open = { INFO: 1, WARN: 20, ERROR: 300, CRITICAL: 4_000 };
  expect(totalOf(of(''), open)).toBe(4_321);
  expect(totalOf(of('atLeast=ERROR&console=plant-7'), open)).toBe(4_300);
  expect(totalOf(of('atLeast=INFO'), {})).toBe(0);
  for (const query of [
    'text=shop',
    'area=links&atLeast=ERROR',
    'withChildren=1',
    'status=CLEARED',
    'link=a/b',
  ])
    expect(totalOf(of(query), open), query).toBeNull();
});
