import { expect, it } from 'vitest';
import { clusterConfig } from '@/lib/contracts/cluster';
import { Health } from '@/server/health/health';
import { RecentHistory } from '@/server/metrics/store/recent-history';
import { sweepOf } from '@/server/testing/sweeps';
import { noClusters } from './cluster-watch';
import { Monitor } from './monitor';
import { RecordedClusters } from './recorded-clusters';

it('tells once under which names another Kafka cluster answers, also when history takes it only later', () => {
  const answers = ['SAME', null, 'ANOTHER'] as const;
  let asked = 0;
  const recorded = new RecordedClusters({ belongsTo: () => answers[asked++] ?? null });
  recorded.setClusters(['east']);
  const told = ['A', 'A', 'B', 'B', 'B'].map((id) => recorded.identify(() => id));
  recorded.identify(() => null);
  expect(told).toEqual([[], [], [], ['east'], []]);
  expect(asked).toBe(3);
});

it('begins the history of a cluster anew when another Kafka cluster answers under its name', () => {
  let kafkaId = 'A';
  const replaced: string[] = [];
  const health = new Health({ file: ':memory:', log: () => undefined });
  health.clusterReplaced = (cluster) => replaced.push(cluster);
  const history = new RecentHistory({ keptMs: 3_600_000, tickMs: 10_000 });
  const monitor = new Monitor({
    ...{ mode: 'normal', reportIntervalMs: 60_000, send: () => {}, history, health },
    collector: {
      ...noClusters,
      sweepOf: (cluster) => ({ ...sweepOf({ cluster }), clusterId: kafkaId }),
      addTo: (builder) => builder.add('landbridge_cluster_topics', ['east'], kafkaId === 'A' ? 7 : 1),
    },
  });
  const clusters = [clusterConfig.parse({ name: 'east', bootstrapServers: ['h:1'] })];
  monitor.receive({ type: 'desired', clusters, health: {}, consoles: [] } as never);
  const values = () =>
    history
      .read({ metric: 'landbridge_cluster_topics', fromMs: 0, toMs: 60_000, maxPoints: 100 })
      .series.flatMap(({ values }) => values.filter((value) => value !== null));
  monitor.tick(10_000);
  monitor.tick(20_000);
  expect(values()).toEqual([7, 7]);
  kafkaId = 'B';
  monitor.tick(30_000);
  expect(values()).toEqual([1]);
  expect(replaced).toEqual(['east']);
});
