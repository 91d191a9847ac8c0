// Series of one sweep, as they go into an observation, by name and labels.
import { ObservationBuilder, SeriesRegistry, seriesKey } from '@/lib/monitoring/observation';
import { PartitionSeries } from '../partition-series';
import { addBroker, addCluster, addGroup } from '../series';
import type { ClusterSweep } from '../sweep';

export function observe(sweep: ClusterSweep): ReadonlyMap<string, number> {
  const builder = new ObservationBuilder(new SeriesRegistry());
  addCluster(builder, sweep, sweep.atMs);
  for (const broker of sweep.brokers) addBroker(builder, sweep.cluster, broker, true);
  for (const group of sweep.groups ?? []) addGroup(builder, sweep.cluster, group);
  const partitions = new PartitionSeries();
  partitions.addPartitions(builder, sweep);
  partitions.addTopics(builder, sweep);
  const { series, values } = builder.build(sweep.atMs);
  return new Map(series.map(({ metric, labels }, i) => [seriesKey(metric, labels), values[i] as number]));
}
