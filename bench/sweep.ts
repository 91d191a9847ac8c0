/**
 * What a sweep of a large cluster costs: three real brokers with very many partitions, each with records, and groups that are behind everywhere.
 * Sweeps follow each other at once, and their clock is ten seconds further each time, so that an hour of history fills in minutes.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startCluster } from '@/harness/cluster';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import { groupsQuery } from '@/lib/contracts/monitoring/groups';
import { topicsQuery } from '@/lib/contracts/monitoring/topics';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { PartitionSeries } from '@/server/metrics/collector/partition-series';
import { addCluster, addGroup } from '@/server/metrics/collector/series';
import type { ClusterSweep } from '@/server/metrics/collector/sweep';
import { ClusterSweeper } from '@/server/metrics/collector/sweeper';
import { groupsPage } from '@/server/metrics/collector/views/groups';
import { topicsPage } from '@/server/metrics/collector/views/topics';
import { machine } from './machine';
import { clusterSize, fillCluster } from './many-partitions';
import { progress } from './progress';

const whole = z.coerce.number().int().positive();
const sweepOptions = clusterSize.extend({ sweeps: whole.default(100), heapMb: whole.default(1_536) });
type Options = z.infer<typeof sweepOptions>;

const INTERVAL_MS = 10_000;

export async function benchSweep(args: string[]): Promise<object> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { partitions: text, groups: text, commits: text, records: text, sweeps: text, 'heap-mb': text },
  });
  const options = sweepOptions.parse({ ...values, heapMb: values['heap-mb'] });
  const before = await machine();
  const properties = { 'num.io.threads': '4', 'offsets.topic.num.partitions': '12' };
  const cluster = await startCluster({
    ...{ name: 'sweep-bench', brokers: 3, heapMb: options.heapMb, longRunning: true, properties },
  });
  try {
    const config = clusterConfig.parse({ name: 'large', bootstrapServers: cluster.bootstrap.split(',') });
    await fillCluster(cluster.bootstrap, config, options);
    return { bench: 'sweep', ...options, ...(await measure(config, options)), machine: before };
  } finally {
    await cluster.stop();
  }
}

async function measure(config: ClusterConfig, { sweeps }: Options): Promise<object> {
  let clockMs = Date.now();
  const sweeper = new ClusterSweeper(
    config,
    (_level, message) => progress(message),
    () => clockMs,
  );
  const rssBefore = process.memoryUsage().rss;
  const took: number[] = [];
  const cpuMs: number[] = [];
  let rssPeak = 0;
  const blocked = longestBlock();
  let last: ClusterSweep | null = null;
  for (let i = 0; i < sweeps; i++) {
    const cpu = process.cpuUsage();
    await sweeper.sweep(INTERVAL_MS);
    const used = process.cpuUsage(cpu);
    last = sweeper.last;
    took.push(last?.tookMs ?? Number.NaN);
    cpuMs.push((used.user + used.system) / 1000);
    rssPeak = Math.max(rssPeak, process.memoryUsage().rss);
    clockMs += INTERVAL_MS;
    if (i % 10 === 0)
      progress(
        `sweep ${i}: ${Math.round(last?.tookMs ?? 0)} ms, ${Math.round(cpuMs.at(-1) ?? 0)} ms of a core`,
      );
  }
  sweeper.close();
  if (!last) throw new Error(sweeper.trouble ?? 'no sweep');
  const half = (values: number[]) => values.slice(Math.floor(values.length / 2));
  return {
    ...{
      seenPartitions: last.partitions.leader.length,
      seenGroups: last.groups?.length ?? 0,
      complete: last.complete,
    },
    gaps: last.gaps,
    pairs: last.groups?.reduce((sum, { totals }) => sum + totals.partitions, 0),
    firstSweepMs: took[0],
    sweepMs: spread(half(took)),
    cpuMsASweep: spread(half(cpuMs)),
    cores: round(median(half(cpuMs)) / INTERVAL_MS),
    longestBlockMs: blocked(),
    memoryMb: Math.round((rssPeak - rssBefore) / 1e6),
    ...asked(last),
  };
}

/** What the sweep is for: an observation, and pages. */
function asked(sweep: ClusterSweep): object {
  const timed = <T>(work: () => T): [number, T] => {
    const began = performance.now();
    const value = work();
    return [round(performance.now() - began), value];
  };
  const series = new PartitionSeries();
  const registry = new SeriesRegistry();
  const observe = () => {
    const builder = new ObservationBuilder(registry);
    addCluster(builder, sweep, sweep.atMs);
    for (const group of sweep.groups ?? []) addGroup(builder, sweep.cluster, group);
    series.addPartitions(builder, sweep);
    series.addTopics(builder, sweep);
    return builder.build(sweep.atMs);
  };
  observe();
  const [observeMs, observation] = timed(observe);
  const [topicsFirstMs] = timed(() => topicsPage(sweep, topicsQuery.parse({})));
  const [topicsMs] = timed(() => topicsPage(sweep, topicsQuery.parse({ sort: 'size', filter: '1' })));
  const [groupsMs] = timed(() => groupsPage(sweep, groupsQuery.parse({ sort: 'lagMessages' })));
  return { series: observation.series.length, observeMs, topicsFirstMs, topicsMs, groupsMs };
}

/** Longest time in which nothing else got its turn in the thread. */
function longestBlock(): () => number {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  return () => {
    clearInterval(timer);
    return round(longest);
  };
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;
const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const spread = (values: number[]) => ({ p50: round(median(values)), max: round(Math.max(...values)) });
