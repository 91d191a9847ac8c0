/**
 * Replication latency while the data thread sweeps a large cluster, and while it records and seals history, beside the latency with nothing of it.
 * All in one run, in turns: only the ratios say something on a machine that others use, too. The work goes on without a rest, where the product sweeps
 * for a part of ten seconds and seals for a part of an hour: its latency at a moment of a sweep or a seal is what is measured here.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startCluster } from '@/harness/cluster';
import { bundleEngine } from '@/harness/engine-bundle';
import { GuardedProcess } from '@/harness/guarded-process';
import { clusterConfig } from '@/lib/contracts/cluster';
import type { busyWish } from './busy-process';
import { ClusterView } from './cluster-view';
import { startEngine, workDir } from './engine-side';
import { createLatencyTopic, type Latency, measureLatency } from './latency';
import { machine } from './machine';
import { clusterSize, fillCluster } from './many-partitions';
import { progress } from './progress';

const STEADY = 'bench-steady';
const VALUE_BYTES = 1_000;
const whole = z.coerce.number().int().positive();
const besideOptions = z.object({
  partitions: whole.default(10_000),
  groups: whole.default(500),
  series: whole.default(20_000),
  seconds: whole.default(30),
  turns: whole.default(3),
});
type Work = 'nothing' | 'sweeps' | 'seals';
type Wish = z.input<typeof busyWish>;

export async function benchBeside(args: string[]): Promise<object> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { partitions: text, groups: text, series: text, seconds: text, turns: text },
  });
  const options = besideOptions.parse(values);
  const before = await machine();
  await mkdir(workDir, { recursive: true });
  const folder = await mkdtemp(join(workDir, 'beside-'));
  const cluster = (name: string, heapMb: number) => startCluster({ name, longRunning: true, heapMb });
  const [source, destination, large] = await Promise.all([
    cluster('bench-source', 768),
    cluster('bench-destination', 768),
    cluster('bench-large', 1_536),
  ]);
  const views = [
    new ClusterView('source', source.bootstrap),
    new ClusterView('mirror', destination.bootstrap),
  ];
  const [sourceView, mirrorView] = views as [ClusterView, ClusterView];
  try {
    const config = clusterConfig.parse({ name: 'large', bootstrapServers: large.bootstrap.split(',') });
    const size = clusterSize.parse({ partitions: options.partitions, groups: options.groups });
    await fillCluster(large.bootstrap, config, size);
    await createLatencyTopic(source, STEADY, 1);
    const wishes: Record<Work, Wish | null> = {
      nothing: null,
      sweeps: { work: 'sweeps', cluster: config },
      seals: { work: 'seals', file: join(folder, 'history.db'), series: options.series },
    };
    const measured: Record<Work, Latency[]> = { nothing: [], sweeps: [], seals: [] };
    const side = await startEngine({
      ...{ source, destination, name: 'beside', topic: STEADY, mirrorTopic: `beside.${STEADY}` },
      ...{ replication: 1, cpuProf: false },
    });
    try {
      for (let turn = 0; turn < options.turns; turn++)
        for (const work of Object.keys(wishes) as Work[]) {
          const busy = wishes[work] && (await startBusy(folder, wishes[work]));
          try {
            const latency = await measureLatency({
              source: { cluster: source, view: sourceView, topic: STEADY },
              mirror: { view: mirrorView },
              ...{ side, valueBytes: VALUE_BYTES, seconds: options.seconds },
            });
            if (busy && !busy.running) throw new Error(`The ${work} ended by themselves; see ${folder}.`);
            measured[work].push(latency);
            progress(`beside ${work}: p50 ${latency.p50} ms, p99 ${latency.p99} ms`);
          } finally {
            busy?.signal('SIGTERM');
            await busy?.waitForExit(5_000);
          }
        }
    } finally {
      await side.stop();
    }
    const p99 = (work: Work) => median(measured[work].map((latency) => latency.p99));
    return {
      ...{ bench: 'beside', at: new Date().toISOString(), workload: options },
      p99Ratio: { sweeps: ratio(p99('sweeps'), p99('nothing')), seals: ratio(p99('seals'), p99('nothing')) },
      medianP99Ms: { nothing: p99('nothing'), sweeps: p99('sweeps'), seals: p99('seals') },
      ...{ latencyMs: measured, machine: before },
    };
  } finally {
    for (const view of views) view.close();
    await Promise.all([source.stop(), destination.stop(), large.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function startBusy(folder: string, wish: Wish): Promise<GuardedProcess> {
  const program = bundleEngine('bench/busy-process.ts', join(workDir, 'busy-process.cjs'), ['libsql']);
  const file = join(folder, `${wish.work}.json`);
  await writeFile(file, JSON.stringify(wish));
  return GuardedProcess.start({
    ...{ command: process.execPath, args: [program, file] },
    ...{ outputFile: join(folder, `${wish.work}.log`), orphanGraceSeconds: 0 },
  });
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;
