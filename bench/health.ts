/**
 * What health costs: a hub with many consoles, each of whose observations is judged by all rules, with alerts and messages in a real alerts.db. Numbers
 * wander as those of a healthy estate do; some consoles have trouble. No brokers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defOf, labelNames, type MetricName, metricNames } from '@/lib/monitoring/metrics';
import { type Observation, type Series, SeriesRegistry } from '@/lib/monitoring/observation';
import { Health } from '@/server/health/health';
import { machine } from './machine';

type Console = {
  registry: SeriesRegistry;
  series: Series[];
  values: Float64Array;
  whole: Set<string>;
  trouble: boolean;
};

const warmRounds = 3;

/** @param rounds minutes, in each of which every console reports once */
export async function benchHealth(consoles: number, seriesEach: number, rounds: number): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-bench-'));
  let now = Date.now();
  const health = new Health({
    file: join(folder, 'alerts.db'),
    log: () => undefined,
    now: () => now,
    intervalMs: 60_000,
    send: async () => ({ ok: true, said: 'taken', refused: false }),
  });
  health.start();
  health.setSettings({
    channels: [{ kind: 'webhook', id: 'ops', name: 'ops', url: 'https://hooks.example.com/', secret: null }],
    routes: [{ id: 'all', matchers: [], channels: ['ops'] }],
  });
  const all = Array.from({ length: consoles }, (_, i) => consoleOf(seriesEach, i % 10 === 0));
  const before = heapBytes();
  const times: number[] = [];
  let cpu = process.cpuUsage();
  for (let round = 0; round < rounds + warmRounds; round++) {
    if (round === warmRounds) cpu = process.cpuUsage();
    for (const [i, one] of all.entries()) {
      const observation = observed(one, now, round);
      const began = performance.now();
      health.observe(observation, { tenant: '', console: `console-${i}` });
      if (round >= warmRounds) times.push(performance.now() - began);
    }
    await health.pump();
    now += 60_000;
  }
  const { user, system } = process.cpuUsage(cpu);
  const after = heapBytes();
  const { open } = health.alerts();
  const { counts } = health.deliveries();
  const pages = {
    /** As the page of rules asks: of all consoles, of one, and of the alerts of all. */
    rulesOfAllMs: took(() => health.library()),
    rulesOfOneMs: took(() => health.library({ console: 'console-0' })),
    alertsOfAllMs: took(() => health.alerts({ withChildren: true })),
    removeOneMs: took(() => health.forget({ tenant: '', console: 'console-0' })),
  };
  await health.stop();
  rmSync(folder, { recursive: true, force: true });
  times.sort((a, b) => a - b);
  const at = (share: number) => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(3));
  return {
    bench: 'health',
    at: new Date().toISOString(),
    observeMs: {
      mean: Number((times.reduce((sum, ms) => sum + ms, 0) / times.length).toFixed(3)),
      p50: at(0.5),
      p99: at(0.99),
      max: at(0.9999),
    },
    /** Of one core, in a minute in which each console reports once; with the observations made by the bench itself. */
    cpuShareOfMinute: Number(((user + system) / 1e6 / (rounds * 60)).toFixed(4)),
    memoryMb: Number(((after - before) / 1e6).toFixed(1)),
    ...pages,
    open,
    messages: counts,
    workload: { consoles, series: all[0]?.series.length ?? 0, rounds },
    machine: await machine(),
  };
}

function took(work: () => unknown): number {
  const began = performance.now();
  work();
  return Number((performance.now() - began).toFixed(1));
}

/** What is in use, after a collection: with what is waste, health would look several times larger. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

/** A cluster, some links, and as many groups, brokers and mirrors as fit. */
function consoleOf(count: number, trouble: boolean): Console {
  const registry = new SeriesRegistry();
  const series: Series[] = [];
  const whole = new Set(['landbridge', 'cluster/west', 'cluster/east']);
  for (let copy = 0; series.length < count; copy++) {
    for (const metric of metricNames) {
      if (series.length >= count) break;
      const names = labelNames(metric);
      if (copy > 0 && (names.length === 0 || (names.length === 1 && copy > 1))) continue;
      const labels = names.map(
        (name) =>
          (name === 'cluster' ? ['west', 'east'][copy % 2] : `${name}-${Math.floor(copy / 2)}`) as string,
      );
      series.push(registry.series(metric, labels));
      if (names.includes('link'))
        whole.add(`link/${labels[names.indexOf('destination')]}/${labels[names.indexOf('link')]}`);
    }
  }
  return { registry, series, values: new Float64Array(series.length), whole, trouble };
}

function observed(one: Console, atMs: number, round: number): Observation {
  for (const [i, { metric }] of one.series.entries())
    one.values[i] = numberOf(metric, round, one.trouble && round % 20 >= 8);
  return { atMs, series: one.series, values: one.values.slice(), whole: one.whole };
}

const bad: Partial<Record<MetricName, number>> = {
  landbridge_broker_reachable: 0,
  landbridge_cluster_under_replicated_partitions: 400,
  landbridge_log_dir_used_bytes: 95,
  landbridge_group_stalled_partitions: 6,
};
const fine: Partial<Record<MetricName, number>> = {
  landbridge_log_dir_used_bytes: 40,
  landbridge_log_dir_total_bytes: 100,
  landbridge_group_partitions: 6,
  landbridge_quorum_voters: 3,
  landbridge_quorum_headroom: 1,
  landbridge_link_state: 0,
  landbridge_cluster_sweep_interval_seconds: 60,
};

function numberOf(metric: MetricName, round: number, trouble: boolean): number {
  const told = trouble ? (bad[metric] ?? fine[metric]) : fine[metric];
  if (told !== undefined) return told;
  const { unit, type, words } = defOf(metric);
  if (type === 'counter') return 5;
  if (words) return 0;
  if (
    metric.endsWith('headroom_seconds') ||
    metric.endsWith('expiry_seconds') ||
    metric.endsWith('free_bytes')
  )
    return 1e10;
  if (
    metric.endsWith('reachable') ||
    metric.endsWith('complete') ||
    metric.endsWith('known') ||
    metric.endsWith('_up')
  )
    return 1;
  if (
    unit === 'flag' ||
    metric.includes('partitions') ||
    metric.includes('missing') ||
    metric.includes('mirrors_')
  )
    return 0;
  if (unit === 'seconds') return 0.2 + (round % 3) * 0.1;
  return unit === 'ratio' ? 0.1 : unit === 'count' ? 0 : 10 + round;
}
