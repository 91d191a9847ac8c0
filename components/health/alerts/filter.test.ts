import { expect, it } from 'vitest';
import { filterIn, isFiltered, searchOf } from './filter';

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
