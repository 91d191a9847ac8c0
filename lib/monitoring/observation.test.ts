import { describe, expect, it } from 'vitest';
import { labelNames, metricNames } from './metrics';
import { ObservationBuilder, SeriesRegistry, seriesKey, subjectOf } from './observation';

describe('series', () => {
  it('are one object as long as they are used, and forgotten after', () => {
    const registry = new SeriesRegistry();
    const labels = ['dc1', 'orders', '0'];
    const first = registry.series('kafka_partition_latest_offset', labels);
    expect(registry.series('kafka_partition_latest_offset', [...labels])).toBe(first);
    expect(first.labels).toEqual({ cluster: 'dc1', topic: 'orders', partition: '0' });
    registry.endRound(2);
    registry.endRound(2);
    expect(registry.series('kafka_partition_latest_offset', labels)).toBe(first);
    for (let round = 0; round < 3; round++) registry.endRound(2);
    expect(registry.size).toBe(0);
    expect(registry.series('kafka_partition_latest_offset', labels)).not.toBe(first);
  });

  it('with other labels are other series', () => {
    const registry = new SeriesRegistry();
    expect(registry.series('landbridge_broker_fenced', ['a', '12'])).not.toBe(
      registry.series('landbridge_broker_fenced', ['a1', '2']),
    );
    expect(() => registry.series('landbridge_broker_fenced', ['a'])).toThrow('cluster, broker');
  });

  it('have a text that is the same wherever it is made', () => {
    expect(seriesKey('landbridge_broker_fenced', { broker: '1', cluster: 'a"b' })).toBe(
      'landbridge_broker_fenced{cluster="a\\"b",broker="1"}',
    );
  });

  it('belong to a cluster, a link, or Landbridge itself', () => {
    expect(subjectOf({ link: 'l', source: 'a', destination: 'b', topic: 't' })).toBe('link/b/l');
    expect(subjectOf({ cluster: 'a', group: 'g' })).toBe('cluster/a');
    expect(subjectOf({ channel: 'pager' })).toBe('landbridge');
  });
});

describe('an observation', () => {
  it('leaves out what is not known', () => {
    const builder = new ObservationBuilder(new SeriesRegistry());
    for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY, 0, 3])
      builder.add('landbridge_cluster_topics', ['a'], value);
    builder.whole('cluster/a');
    const seen = builder.build(7);
    expect([...seen.values]).toEqual([0, 3]);
    expect(seen.whole.has('cluster/a')).toBe(true);
  });
});

it('no metric names a label twice', () => {
  for (const name of metricNames) expect(new Set(labelNames(name)).size, name).toBe(labelNames(name).length);
});
