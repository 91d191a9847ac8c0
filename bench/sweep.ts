/**
 * What a sweep of a large cluster costs: three real brokers with very many partitions, each with records, and groups that are behind everywhere.
 * Sweeps follow each other at once, and their clock is ten seconds further each time, so that an hour of history fills in minutes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { z } from 'zod';
import { startCluster } from '@/harness/cluster';
import { clusterConfig } from '@/lib/contracts/cluster';
import { groupsQuery } from '@/lib/contracts/monitoring/groups';
import { topicsQuery } from '@/lib/contracts/monitoring/topics';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { commitOffsets, coordinatorsOf } from '@/server/kafka/groups';
import { clientFor } from '@/server/kafka/security';
import { PartitionSeries } from '@/server/metrics/collector/partition-series';
import { addCluster, adder, addGroup } from '@/server/metrics/collector/series';
import type { ClusterSweep } from '@/server/metrics/collector/sweep';
import { ClusterSweeper } from '@/server/metrics/collector/sweeper';
import { groupsPage } from '@/server/metrics/collector/views/groups';
import { topicsPage } from '@/server/metrics/collector/views/topics';
import { machine } from './machine';
import { progress } from './progress';

const whole = z.coerce.number().int().positive();
export const sweepOptions = z.object({
  partitions: whole.default(40_000),
  groups: whole.default(2_000),
  /** Partitions that each group has committed. */
  commits: whole.default(100),
  /** In each partition; groups have read one of them. */
  records: whole.default(5),
  sweeps: whole.default(100),
  heapMb: whole.default(1_536),
});
export type Options = z.infer<typeof sweepOptions>;

const PARTITIONS_A_TOPIC = 40;
const INTERVAL_MS = 10_000;
const topicName = (t: number) => `topic-${String(t).padStart(4, '0')}`;

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
    await createTopics(cluster.bootstrap, options);
    await allLed(config, options);
    await fill(cluster.bootstrap, options);
    await commit(config, options);
    return { bench: 'sweep', ...options, ...(await measure(config, options)), machine: before };
  } finally {
    await cluster.stop();
  }
}

const kafkaAt = (bootstrap: string) =>
  new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING, requestTimeout: 120_000 });

export async function createTopics(bootstrap: string, { partitions }: Options): Promise<void> {
  const kafka = kafkaAt(bootstrap);
  const topics = Math.ceil(partitions / PARTITIONS_A_TOPIC);
  const admin = kafka.admin();
  await admin.connect();
  for (let from = 0; from < topics; from += 25) {
    const some = Array.from({ length: Math.min(25, topics - from) }, (_, i) => ({
      ...{ topic: topicName(from + i), numPartitions: PARTITIONS_A_TOPIC, replicationFactor: 1 },
    }));
    await admin.createTopics({ topics: some, waitForLeaders: false, timeout: 120_000 });
    if (from % 250 === 0) progress(`${from} of ${topics} topics`);
  }
  await admin.disconnect();
}

/** Leaders of new partitions do not answer at once. */
export async function allLed(
  config: Parameters<typeof clientFor>[0],
  { partitions }: Options,
): Promise<void> {
  const sweeper = new ClusterSweeper(config, () => {});
  for (;;) {
    await sweeper.sweep(INTERVAL_MS);
    if (sweeper.last?.complete && sweeper.last.partitions.leader.length >= partitions) break;
    await sleep(1_000);
  }
  sweeper.close();
  progress('all partitions have leaders');
}

export async function fill(bootstrap: string, { partitions, records }: Options): Promise<void> {
  const topics = Math.ceil(partitions / PARTITIONS_A_TOPIC);
  const producer = kafkaAt(bootstrap).producer();
  await producer.connect();
  for (let from = 0; from < topics; from += 20) {
    const topicMessages = Array.from({ length: Math.min(20, topics - from) }, (_, i) => ({
      topic: topicName(from + i),
      messages: Array.from({ length: PARTITIONS_A_TOPIC * records }, (_, n) => ({
        ...{ partition: n % PARTITIONS_A_TOPIC, value: 'x'.repeat(100) },
      })),
    }));
    await producer.sendBatch({ topicMessages, timeout: 120_000 });
  }
  await producer.disconnect();
  progress('all partitions have records');
}

/** Group g has committed the partitions behind g × commits, all around. */
export async function commit(config: Parameters<typeof clientFor>[0], options: Options): Promise<void> {
  const client = clientFor(config, 'landbridge-bench', { requestTimeoutMs: 120_000 });
  const names = Array.from({ length: options.groups }, (_, g) => `group-${String(g).padStart(4, '0')}`);
  const requests = new Map(
    names.map((group, g) => {
      const topics = new Map<string, { partition: number; offset: bigint; metadata: string }[]>();
      for (let i = 0; i < options.commits; i++) {
        const at = (g * options.commits + i) % options.partitions;
        const topic = topicName(Math.floor(at / PARTITIONS_A_TOPIC));
        const place = { partition: at % PARTITIONS_A_TOPIC, offset: 1n, metadata: '' };
        topics.set(topic, [...(topics.get(topic) ?? []), place]);
      }
      return [group, { group, topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) }];
    }),
  );
  // Coordinators of a new cluster are still being made.
  for (let left = names, tries = 0; left.length > 0; tries++) {
    if (tries === 30) throw new Error(`${left.length} of ${names.length} groups could not commit`);
    const found = await coordinatorsOf(client, left);
    const at = [...found].flatMap(([name, { value }]): [string, number][] =>
      value === null ? [] : [[name, value]],
    );
    const answers = await commitOffsets(client, new Map(at), requests);
    left = left.filter((name) => answers.get(name)?.value?.size !== 0);
    if (left.length > 0) await sleep(1_000);
  }
  client.close();
  progress('all groups have committed');
}

async function measure(config: Parameters<typeof clientFor>[0], { sweeps }: Options): Promise<object> {
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
    const add = adder(builder);
    addCluster(add, sweep, sweep.atMs);
    for (const group of sweep.groups ?? []) addGroup(add, sweep.cluster, group);
    series.add(add, sweep);
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
