import { expect, it } from 'vitest';
import { clusterConfig } from '@/lib/contracts/cluster';
import { Health } from '@/server/health/health';
import { noClusters } from '@/server/monitoring/cluster-watch';
import { Monitor } from '@/server/monitoring/monitor';
import { sweepOf } from '@/server/testing/sweeps';
import { RecentHistory } from './recent-history';
import { RecordedClusters } from './recorded-clusters';

const idsOf = (id: string) => new Map([['east', id]]);

it('ends once what is said of a cluster before history begins anew, also when history takes it only later', () => {
  const history = new RecentHistory({ keptMs: 3_600_000, tickMs: 10_000 });
  let takes = true;
  const done: string[] = [];
  const recorded = new RecordedClusters({
    replacedBy: (ids) => history.replacedBy(ids),
    identify: (ids) => {
      done.push(`history ${takes}`);
      return takes && history.identify(ids);
    },
  });
  const told = (id: string) => {
    recorded.identify(idsOf(id), ([name]) => done.push(`ended ${name}`));
    return done.splice(0);
  };
  expect(['A', 'A'].map(told)).toEqual([['history true'], []]);
  takes = false;
  expect(['B', 'B'].map(told)).toEqual([['ended east', 'history false'], ['history false']]);
  takes = true;
  expect(['B', 'B', 'A'].map(told)).toEqual([['history true'], [], ['ended east', 'history true']]);
});

it('ends it again after a kill before history knew', () => {
  const history = new RecentHistory({ keptMs: 3_600_000, tickMs: 10_000 });
  history.identify(idsOf('A'));
  const ended: string[][] = [];
  const killed = { replacedBy: history.replacedBy.bind(history), identify: () => false };
  for (const of of [killed, history])
    new RecordedClusters(of).identify(idsOf('B'), (names) => ended.push(names));
  expect(ended).toEqual([['east'], ['east']]);
  new RecordedClusters(history).identify(idsOf('B'), () => expect.unreachable());
});

it('begins the history of a cluster anew when another Kafka cluster answers under its name', () => {
  let kafkaId = 'A';
  const replaced: string[] = [];
  const health = new Health({ file: ':memory:', log: () => undefined });
  health.clustersReplaced = (clusters) => void replaced.push(...clusters);
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
