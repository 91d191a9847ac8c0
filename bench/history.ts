/**
 * The history of metrics: a day is recorded as fast as it goes, with its hours sealed and the day rolled up in between; then it is read.
 * On a real disk: a tick is written through.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Database from 'libsql';
import { z } from 'zod';
import type { HistoryAnswer } from '@/lib/monitoring/history';
import { defOf } from '@/lib/monitoring/metrics';
import type { Series } from '@/lib/monitoring/observation';
import { HistoryStore } from '@/server/metrics/store/history-store';
import { dayMs, hourMs } from '@/server/metrics/store/intervals';
import { HistoryLoad } from './history-load';
import { machine } from './machine';
import { progress } from './progress';

const whole = z.coerce.number().int().positive();
const options = z.object({
  series: whole.default(20_000),
  hours: whole.default(24),
  weekSeries: whole.default(200),
});
const tickMs = 10_000;
const midnight = 20_000 * dayMs;
const readings = 200;

export async function benchHistory(args: string[]): Promise<object> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { series: text, hours: text, 'week-series': text } });
  const { series, hours, weekSeries } = options.parse({ ...values, weekSeries: values['week-series'] });
  mkdirSync('.cache/bench', { recursive: true });
  const dir = mkdtempSync('.cache/bench/history-');
  // The week is only read: written through to a disk it would take long.
  const weekDir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'landbridge-bench-'));
  const before = await machine();
  try {
    progress(`${series} series, ${hours} hours`);
    const day = await record(`${dir}/day.db`, series, hours);
    progress(`${weekSeries} series, a week`);
    const week = await record(`${weekDir}/week.db`, weekSeries, 7 * 24);
    const result = {
      bench: 'history',
      at: new Date().toISOString(),
      workload: { series, hours, tickMs },
      ...sizes(day, series, hours),
      tickMs: spread(day.tickTimesMs),
      /** The first tick names all series. */
      firstTickMs: round(day.firstTickMs),
      upkeep: {
        secondsPerHour: round(sum(day.slicesMs) / 1000 / hours),
        sliceMs: spread(day.slicesMs),
        slices: day.slicesMs.length,
      },
      readMs: {
        oneSeries24h: readMany(day, hours * hourMs, 1_000),
        oneSeries24hAllTicks: readMany(day, hours * hourMs, 10_000),
        oneSeries7dOf5Minutes: readMany(week, 7 * dayMs, 2_100),
        openAgain: reopen(day),
      },
      /** What others do on the machine makes waits longer, but not this. */
      cpu: {
        tickMs: round(day.cpu.ticksMs / (day.tickTimesMs.length + 1)),
        upkeepSecondsPerHour: round(sum(day.cpu.slicesMs) / 1000 / hours),
        sliceMs: spread(day.cpu.slicesMs),
      },
      memoryMb: round(day.residentMb),
      machine: before,
    };
    day.store.close();
    week.store.close();
    return result;
  } finally {
    for (const each of [dir, weekDir]) rmSync(each, { recursive: true, force: true });
  }
}

type Recorded = Awaited<ReturnType<typeof record>>;

async function record(file: string, count: number, hours: number) {
  const slicesMs: number[] = [];
  const cpu = { ticksMs: 0, slicesMs: [] as number[] };
  let waiting = 0;
  const later = (slice: () => void) => {
    waiting++;
    setImmediate(() => {
      waiting--;
      const begin = performance.now();
      const used = process.cpuUsage();
      slice();
      cpu.slicesMs.push(cpuMsSince(used));
      slicesMs.push(performance.now() - begin);
    });
  };
  const newStore = () =>
    new HistoryStore({
      file,
      limitBytes: 1e12,
      log: (_, message) => progress(message),
      later,
      now: () => midnight,
    });
  const store = newStore();
  const load = new HistoryLoad(count);
  const tickTimesMs: number[] = [];
  let residentMb = 0;
  // One hour beyond the end: then all of it is sealed and rolled up.
  for (let atMs = midnight; atMs <= midnight + hours * hourMs; atMs += tickMs) {
    const observation = load.observe(
      atMs === midnight + hours * hourMs ? Math.max(atMs, midnight + dayMs) : atMs,
    );
    const begin = performance.now();
    const used = process.cpuUsage();
    store.append(observation);
    cpu.ticksMs += cpuMsSince(used);
    tickTimesMs.push(performance.now() - begin);
    // As many slices between two ticks as there is time for: ten seconds hold about 350.
    await new Promise((resolve) => setImmediate(resolve));
    if (atMs % hourMs === 0) residentMb = Math.max(residentMb, process.memoryUsage.rss() / 1e6);
  }
  while (waiting > 0) await new Promise((resolve) => setImmediate(resolve));
  const firstTickMs = tickTimesMs.shift() ?? 0;
  return { file, store, newStore, series: load.series, tickTimesMs, firstTickMs, slicesMs, cpu, residentMb };
}

function sizes({ file }: Recorded, series: number, hours: number) {
  const { ticks, rollUps } = bytesOf(file);
  const samples = (series * hours * hourMs) / tickMs;
  return {
    bytesPerSample: round(ticks / samples),
    rollUpBytesPerSeriesDay: round(rollUps / series),
    weekGb: round(((ticks + rollUps) * ((7 * 24) / hours)) / 1e9),
    ninetyDaysOfRollUpsGb: round((rollUps * ((90 * 24) / hours)) / 1e9),
  };
}

/** Of the pages that are used, each kind has the share that its rows have of all rows' bytes. */
function bytesOf(file: string) {
  const db = new Database(file);
  const number = (sql: string) => (db.prepare(sql).raw().all([])[0] as [number])[0];
  const pages = number('pragma page_count') - number('pragma freelist_count');
  const chunks = number('select total(length(vals)) from chunk');
  const rollUps = number('select total(length(vals)) from rollup');
  const bytes = pages * number('pragma page_size');
  db.close();
  const share = bytes / (chunks + rollUps);
  return { ticks: chunks * share, rollUps: rollUps * share };
}

function readMany({ store, series }: Recorded, rangeMs: number, maxPoints: number) {
  const times: number[] = [];
  for (let i = 0; i < readings; i++) {
    const { metric, labels } = series[Math.floor((i * series.length) / readings)] as Series;
    const begin = performance.now();
    const rate = defOf(metric).type === 'counter';
    const answer: HistoryAnswer = store.read({
      metric,
      labels,
      fromMs: midnight,
      toMs: midnight + rangeMs - 1,
      maxPoints,
      rate,
    });
    times.push(performance.now() - begin);
    if (answer.series[0]?.latest === null || answer.total !== 1) throw new Error(`${metric} was not kept.`);
  }
  return spread(times);
}

/** From the start of a process until the first answer. */
function reopen({ store, newStore, series }: Recorded): number {
  store.close();
  const begin = performance.now();
  const again = newStore();
  const { metric, labels } = series[0] as Series;
  again.read({ metric, labels, fromMs: midnight, toMs: midnight + dayMs, maxPoints: 1_000 });
  const passed = performance.now() - begin;
  again.close();
  return round(passed);
}

function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const round = (value: number): number => Math.round(value * 100) / 100;

function spread(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
