/**
 * What monitoring costs in normal and in reduced mode, side by side on the same brokers: CPU, disk, memory, bytes sent. Mirroring is not part of it: each
 * mode is the data thread alone in processes, beside as many that only wait, whose memory is taken off.
 */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startCluster } from '@/harness/cluster';
import { bundleEngine } from '@/harness/engine-bundle';
import { GuardedProcess, temporaryDir } from '@/harness/guarded-process';
import { clusterConfig } from '@/lib/contracts/cluster';
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';
import { memoryArguments, memoryEnvironment } from '@/scripts/lib/memory.mjs';
import { defaultReportMetrics } from '@/server/health/reporter/report-metrics';
import type { MonitorStart } from '@/server/monitoring/monitor-start';
import { machine } from './machine';
import { clusterSize, fillCluster } from './many-partitions';
import { cpuSeconds } from './process-cost';
import { progress } from './progress';

const whole = z.coerce.number().int().positive();
const modesOptions = z.object({
  partitions: whole.default(80),
  groups: whole.default(10),
  mirrors: whole.default(20),
  minutes: whole.default(10),
  /** Processes of each mode, side by side: what is told is their median. */
  copies: whole.default(3),
});
type Options = z.infer<typeof modesOptions>;

/** Both have swept, kept and reported some times by then, and most of what they do is compiled: what follows is their daily work. */
const WARM_UP_MS = 310_000;
const REPORT_INTERVAL_MS = 60_000;
const HOUR_S = 3_600;
/** The commercial console's own sizing: 4 cores, 8 GB, 200 GB. */
const published = { cpuSecondsPerHour: 4 * HOUR_S, memoryMb: 8_000, diskMb: 200_000 };

type Sample = {
  cpuSeconds: number;
  writtenBytes: number;
  diskBytes: number;
  sentBytes: number;
};
type Run = { mode: MonitoringMode | 'idle'; process: GuardedProcess; dataDir: string; sent: () => number };

export async function benchModes(args: string[]): Promise<object> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { partitions: text, groups: text, mirrors: text, minutes: text, copies: text },
  });
  const options = modesOptions.parse(values);
  const before = await machine();
  const size = clusterSize.parse({
    partitions: options.partitions,
    groups: options.groups,
    commits: Math.min(100, options.partitions),
  });
  const cluster = await startCluster({ name: 'modes-bench', brokers: 1, heapMb: 1_024, longRunning: true });
  const folder = temporaryDir('landbridge-modes-');
  const endpoint = await receiver();
  const runs: Run[] = [];
  try {
    const config = clusterConfig.parse({ name: 'bench', bootstrapServers: cluster.bootstrap.split(',') });
    await fillCluster(cluster.bootstrap, config, size);
    const program = bundleEngine(
      'bench/monitor-process.ts',
      join(process.cwd(), '.cache/bench/monitor.cjs'),
      ['libsql'],
    );
    const startOne = async (mode: Run['mode'], copy: number) => {
      const name = `${mode}-${copy}`;
      const dataDir = join(folder.path, name);
      mkdirSync(dataDir);
      const wish =
        mode === 'idle'
          ? null
          : {
              start: startOf(mode, dataDir, `${endpoint.url}${name}`),
              cluster: config,
              mirrors: options.mirrors,
            };
      const process = await startProgram(program, folder.path, name, wish);
      runs.push({ mode, process, dataDir, sent: () => endpoint.received.get(`/${name}`) ?? 0 });
    };
    for (let copy = 1; copy <= options.copies; copy++) {
      await startOne('idle', copy);
      await startOne('normal', copy);
      await startOne('reduced', copy);
    }
    progress(`measuring for ${options.minutes} minutes, after a warm-up`);
    await sleep(WARM_UP_MS);
    return { bench: 'modes', ...options, ...(await measure(runs, options)), machine: before };
  } finally {
    for (const { process } of runs) process.signal('SIGTERM');
    await Promise.all(runs.map(({ process }) => process.waitForExit(10_000)));
    endpoint.server.close();
    await cluster.stop();
    await folder.remove();
  }
}

function startOf(mode: MonitoringMode, dataDir: string, url: string): MonitorStart {
  const report = {
    ...{
      consoleName: mode,
      endpoints: [{ url, proxy: null }],
      format: 'json' as const,
      token: 'of-the-bench',
    },
    ...{ ca: null, client: null, intervalMs: REPORT_INTERVAL_MS, topicNames: 'plain' as const },
    ...{ metrics: [...defaultReportMetrics], bufferBytes: 256 * 1_048_576 },
  };
  return {
    ...{ dataDir, mode, origin: 'http://127.0.0.1', historyLimitBytes: 4_096 * 1_048_576 },
    report:
      mode === 'reduced'
        ? { config: report, namesKey: Buffer.alloc(32).toString('base64'), version: 'bench' }
        : null,
    otlp: null,
  };
}

function startProgram(
  program: string,
  folder: string,
  name: string,
  wish: object | null,
): Promise<GuardedProcess> {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(wish));
  return GuardedProcess.start({
    command: process.execPath,
    args: [...memoryArguments, program, file],
    env: memoryEnvironment,
    outputFile: join(folder, `${name}.log`),
    orphanGraceSeconds: 0,
  });
}

async function measure(runs: readonly Run[], { minutes }: Options): Promise<object> {
  const began = performance.now();
  const first = await Promise.all(runs.map(sample));
  const memory = runs.map(() => [] as number[]);
  while (performance.now() - began < minutes * 60_000) {
    await sleep(2_000);
    for (const [at, run] of runs.entries()) memory[at]?.push(await residentMb(run.process.pid));
  }
  const last = await Promise.all(runs.map(sample));
  const hours = (performance.now() - began) / 3_600_000;
  const idle = memory.filter((_, at) => runs[at]?.mode === 'idle').map(mean);
  const idleMb = middleOf(idle);
  const costs = runs.map((_, at): Cost => {
    const [a, b] = [first[at] as Sample, last[at] as Sample];
    return {
      cpuSecondsPerHour: (b.cpuSeconds - a.cpuSeconds) / hours,
      writtenMbPerHour: (b.writtenBytes - a.writtenBytes) / hours / 1e6,
      diskMb: b.diskBytes / 1e6,
      diskGrowthMbPerHour: (b.diskBytes - a.diskBytes) / hours / 1e6,
      memoryMbAboveIdle: mean(memory[at] ?? []) - idleMb,
      peakMemoryMb: Math.max(...(memory[at] ?? [])),
      sentMbPerHour: (b.sentBytes - a.sentBytes) / hours / 1e6,
    };
  });
  const of = (mode: MonitoringMode) => costs.filter((_, at) => runs[at]?.mode === mode);
  const [normal, reduced] = [medianOf(of('normal')), medianOf(of('reduced'))];
  return {
    ...{ idleMemoryMb: rounded(idleMb), normal, reduced, ratios: ratiosOf(normal, reduced) },
    ofEach: {
      idleMemoryMb: idle.map(rounded),
      normal: of('normal').map(inShort),
      reduced: of('reduced').map(inShort),
    },
  };
}

type Cost = {
  cpuSecondsPerHour: number;
  writtenMbPerHour: number;
  diskMb: number;
  diskGrowthMbPerHour: number;
  memoryMbAboveIdle: number;
  peakMemoryMb: number;
  sentMbPerHour: number;
};

/** Of each figure by itself. */
function medianOf(costs: readonly Cost[]): Cost {
  const of = (key: keyof Cost) => rounded(middleOf(costs.map((cost) => cost[key])));
  return {
    cpuSecondsPerHour: of('cpuSecondsPerHour'),
    writtenMbPerHour: of('writtenMbPerHour'),
    diskMb: of('diskMb'),
    diskGrowthMbPerHour: of('diskGrowthMbPerHour'),
    memoryMbAboveIdle: of('memoryMbAboveIdle'),
    peakMemoryMb: of('peakMemoryMb'),
    sentMbPerHour: of('sentMbPerHour'),
  };
}

const inShort = (cost: Cost) => ({
  cpuSecondsPerHour: rounded(cost.cpuSecondsPerHour),
  memoryMbAboveIdle: rounded(cost.memoryMbAboveIdle),
});

/** Shares that reduced mode saves, and how many times less than the published sizing each takes. */
function ratiosOf(normal: Cost, reduced: Cost): object {
  const less = (key: keyof Cost) => rounded(1 - reduced[key] / normal[key]);
  const published_ = (cost: Cost) => ({
    cpu: rounded(published.cpuSecondsPerHour / cost.cpuSecondsPerHour),
    memory: rounded(published.memoryMb / cost.peakMemoryMb),
    disk: rounded(published.diskMb / Math.max(cost.diskMb, 0.001)),
  });
  return {
    less: {
      cpu: less('cpuSecondsPerHour'),
      disk: less('diskMb'),
      written: less('writtenMbPerHour'),
      memory: less('memoryMbAboveIdle'),
    },
    publishedSizingTimes: { normal: published_(normal), reduced: published_(reduced) },
  };
}

async function sample({ process: { pid }, dataDir, sent }: Run): Promise<Sample> {
  const io = await readFile(`/proc/${pid}/io`, 'utf8');
  return {
    cpuSeconds: await cpuSeconds(pid),
    writtenBytes: Number(/^write_bytes: (\d+)$/m.exec(io)?.[1]),
    diskBytes: bytesIn(dataDir),
    sentBytes: sent(),
  };
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024) / 1e6;
}

function bytesIn(dir: string): number {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Takes every report, and counts its bytes by the path that it is sent to. */
async function receiver(): Promise<{ server: Server; url: string; received: ReadonlyMap<string, number> }> {
  const received = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => {
      received.set(path, (received.get(path) ?? 0) + bytes);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received };
}

/** The median; of an even number the upper one. */
const middleOf = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const rounded = (value: number) => Math.round(value * 100) / 100;
