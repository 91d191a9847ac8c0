// Another Kafka cluster under a name that was used before does not go on with the history of the first.
import { afterEach, describe, expect, it } from 'vitest';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { dayMs, hourMs } from './intervals';
import { RecentHistory } from './recent-history';
import { all, known, lag, observer, TestHistory } from './testing/test-history';

const begin = 20_000 * dayMs;
const opened: TestHistory[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.remove();
});
const onDisk = () => {
  const one = new TestHistory();
  opened.push(one);
  return one;
};
const ids = (kafkaId: string) => new Map([['east', kafkaId]]);
const east = observer(lag, 'east');
const west = observer(lag, 'west');
const ofEast = all({ labels: { cluster: 'east' } });
const ofWest = all({ labels: { cluster: 'west' } });

describe.each([
  ['on disk', () => onDisk().store],
  ['in memory', () => new RecentHistory({ keptMs: hourMs, tickMs: 10_000 })],
])('history %s', (_, open) => {
  it('goes on with the same Kafka cluster, also when it was away, and ends with another one', () => {
    const history = open();
    expect(history.replacedBy(ids('A'))).toEqual([]);
    history.identify(ids('A'));
    history.append(east({ atMs: begin, values: { g: 1 } }));
    history.append(west({ atMs: begin + 10_000, values: { g: 2 } }));
    expect(history.replacedBy(ids('A'))).toEqual([]);
    history.identify(ids('A'));
    history.append(east({ atMs: begin + 20_000, values: { g: 3 } }));
    expect(known(history.read(ofEast)).g).toEqual([
      [begin, 1],
      [begin + 20_000, 3],
    ]);
    expect(history.replacedBy(ids('B'))).toEqual(['east']);
    history.identify(ids('B'));
    expect(known(history.read(ofEast))).toEqual({});
    history.append(east({ atMs: begin + 30_000, values: { g: 4 } }));
    expect(known(history.read(ofEast)).g).toEqual([[begin + 30_000, 4]]);
    expect(known(history.read(ofWest)).g).toEqual([[begin + 10_000, 2]]);
  });

  it('of links from and to that cluster ends with it', () => {
    const history = open();
    const registry = new SeriesRegistry();
    const seconds = 'landbridge_link_max_lag_seconds';
    const observe = (atMs: number) => {
      const builder = new ObservationBuilder(registry);
      builder.add(seconds, ['a', 'east', 'west'], 1);
      builder.add(seconds, ['b', 'west', 'east'], 1);
      builder.add(seconds, ['c', 'west', 'north'], 1);
      return builder.build(atMs);
    };
    history.identify(ids('A'));
    history.append(observe(begin));
    history.identify(ids('B'));
    const links = () => history.series({ metric: seconds }).map(({ labels }) => labels.link);
    expect(links()).toEqual(['c']);
    history.append(observe(begin + 10_000));
    expect(links().sort()).toEqual(['a', 'b', 'c']);
  });
});

it('also ends what is sealed and rolled up, and stays so after a restart', () => {
  const one = onDisk();
  one.store.identify(ids('A'));
  for (const atMs of [begin - dayMs, begin, begin + hourMs])
    one.store.append(east({ atMs, values: { g: 1 } }));
  one.upkeep();
  one.restart();
  one.store.identify(ids('A'));
  expect(known(one.store.read(ofEast)).g).toHaveLength(3);
  one.store.identify(ids('B'));
  one.restart();
  expect(known(one.store.read(ofEast))).toEqual({});
  one.store.append(east({ atMs: begin + 2 * hourMs, values: { g: 2 } }));
  one.upkeep();
  one.restart();
  expect(known(one.store.read(ofEast)).g).toEqual([[begin + 2 * hourMs, 2]]);
  expect(one.logged).toHaveLength(1);
  expect(one.logged[0]).toContain('Cluster east is another Kafka cluster (B)');
});
