/**
 * What a hub costs: simulated consoles report over HTTP, each once a minute, as evenly as consoles that were started at any time do; a dashboard
 * of all is asked for meanwhile. No brokers.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import type { HealthReport, ReportSeries } from '@/lib/contracts/monitoring/health-report';
import { defOf, labelNames, type MetricName, metricNames } from '@/lib/monitoring/metrics';
import { attack } from './hub-hostile';
import { machine } from './machine';

/** `hostile`: consoles besides those, that flood it. */
type Options = { consoles: number; series: number; seconds: number; hostile: number };
type Started = { origin: string; tokens: string[]; viewer: string };
type Cost = { cpuSeconds: number; memoryBytes: number; webThread: number; dataThread: number };

const intervalMs = 60_000;
const perMirror = metricNames.filter((name) => defOf(name).per === 'mirror');
const perLink = metricNames.filter((name) => defOf(name).per === 'link' && !defOf(name).labels);
const perCluster = metricNames.filter((name) => defOf(name).per === 'cluster' && !defOf(name).labels);
const topicsPerLink = 20;

export async function benchHub({ consoles, series, seconds, hostile }: Options): Promise<object> {
  const child = fork(new URL('./hub-process.ts', import.meta.url), [String(consoles + hostile)], {
    execArgv: process.execArgv,
  });
  const [started] = (await once(child, 'message')) as [Started];
  const all = started.tokens.slice(0, consoles).map((token, i) => ({
    token,
    id: randomUUID(),
    name: `console-${i}`,
    shape: shapeOf(series),
  }));
  let failed = 0;
  const post = (one: (typeof all)[number]) =>
    timed(async () => {
      if (!(await send(started.origin, one.token, reportOf(one)))) failed++;
    });
  for (const one of all) await post(one);
  const attackers = started.tokens.slice(consoles).map((token) => attack(started.origin, token));
  child.send('begin');
  const beganAt = Date.now();
  const [reports, dashboards]: [number[], number[]] = [[], []];
  const under: Promise<unknown>[] = [];
  const total = Math.round((consoles * seconds * 1000) / intervalMs);
  for (let i = 0; i < total; i++) {
    await until(beganAt + (i * intervalMs) / consoles);
    const one = all[i % consoles] as (typeof all)[number];
    under.push(post(one).then((ms) => reports.push(ms)));
    if (i % 40 === 0) under.push(timed(() => dashboard(started)).then((ms) => dashboards.push(ms)));
  }
  await Promise.all(under);
  const wallSeconds = (Date.now() - beganAt) / 1000;
  child.send('cost');
  const [cost] = (await once(child, 'message')) as [Cost];
  const attacks = await Promise.all(attackers.map((one) => one.end()));
  child.send('stop');
  await once(child, 'exit');
  return {
    bench: 'hub',
    ...{ consoles, seriesEach: seriesIn(all[0]?.shape ?? []), seconds: Math.round(wallSeconds) },
    reports: reports.length,
    notTaken: failed,
    reportMs: percentiles(reports),
    dashboardMs: percentiles(dashboards),
    cpuShareOfOneCore: share(cost.cpuSeconds / wallSeconds),
    ...{ webThreadBusy: share(cost.webThread), dataThreadBusy: share(cost.dataThread) },
    hostile: attacks,
    memoryMb: Math.round(cost.memoryBytes / 1e6),
    machine: await machine(),
  };
}

/** Links with mirrors until there are so many series. */
function shapeOf(series: number): ReportSeries[] {
  const links = Math.max(
    1,
    Math.round((series - 2 * perCluster.length) / (topicsPerLink * perMirror.length + perLink.length)),
  );
  const names = Array.from({ length: links }, (_, i) => `link-${i}`);
  const mirrors = names.flatMap((link) =>
    Array.from({ length: topicsPerLink }, (_, i) => [link, `business.topic-${i}`] as const),
  );
  const ends = { source: 'west', destination: 'east' };
  return [
    ...perCluster.map((metric) => column(metric, { cluster: ['west', 'east'] }, 2)),
    ...perLink.map((metric) => column(metric, { link: names, ...ends }, links)),
    ...perMirror.map((metric) =>
      column(
        metric,
        { link: mirrors.map(([link]) => link), ...ends, topic: mirrors.map(([, topic]) => topic) },
        mirrors.length,
      ),
    ),
  ];
}

function column(metric: MetricName, labels: ReportSeries['labels'], rows: number): ReportSeries {
  const own = Object.fromEntries(labelNames(metric).map((name) => [name, labels[name] ?? '']));
  const { words } = defOf(metric);
  const word = words?.includes('ACTIVE') ? 'ACTIVE' : words?.[0];
  return { metric, labels: own, values: Array.from({ length: rows }, () => word ?? 1) };
}

const share = (of: number) => Math.round(of * 1000) / 1000;

const seriesIn = (shape: readonly ReportSeries[]) =>
  shape.reduce((sum, { values }) => sum + values.length, 0);

function reportOf({ id, name, shape }: { id: string; name: string; shape: ReportSeries[] }): HealthReport {
  for (const { values } of shape)
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value === 'number') values[i] = Math.max(0, value + Math.random() - 0.5);
    }
  return {
    version: 1,
    id: randomUUID(),
    console: { id, name, version: 'bench', mode: 'reduced' },
    at: Date.now(),
    ...{
      intervalMs,
      dropped: 0,
      refused: 0,
      whole: ['landbridge', 'cluster/west', 'cluster/east'],
      series: shape,
    },
  };
}

/** @returns whether it was taken */
async function send(origin: string, token: string, report: HealthReport): Promise<boolean> {
  const answer = await fetch(`${origin}/api/health-reports`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-encoding': 'gzip',
      'x-landbridge-sent-at': String(Date.now()),
    },
    body: new Uint8Array(gzipSync(JSON.stringify(report))),
  });
  await answer.arrayBuffer();
  return answer.ok;
}

async function dashboard({ origin, viewer }: Started): Promise<void> {
  const answer = await fetch(`${origin}/api/hub/consoles`, {
    headers: { authorization: `Bearer ${viewer}` },
  });
  await answer.arrayBuffer();
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const until = (atMs: number) => new Promise((wake) => setTimeout(wake, Math.max(0, atMs - Date.now())));

function percentiles(values: number[]): { p50: number; p99: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
