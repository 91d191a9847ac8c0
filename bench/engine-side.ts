// Starts our engine in a process of its own, which takes memory as the server's does: bundled, with native packages left outside, and one link as its whole wish.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KafkaCluster } from '@/harness/cluster';
import { bundleEngine } from '@/harness/engine-bundle';
import { GuardedProcess } from '@/harness/guarded-process';
import { clusterConfig } from '@/lib/contracts/cluster';
import type { DesiredLink } from '@/lib/contracts/engine';
import { linkSettings } from '@/lib/contracts/link';
import { memoryArguments, memoryEnvironment } from '@/scripts/lib/memory.mjs';
import type { Side } from './side';

const root = fileURLToPath(new URL('..', import.meta.url));
export const workDir = join(root, '.cache', 'bench');
const STOP_LIMIT_MS = 15_000;

type EngineOptions = {
  source: KafkaCluster;
  destination: KafkaCluster;
  name: string;
  topic: string;
  mirrorTopic: string;
  replication: number;
  /** link.memory.bytes; the product's default when absent. */
  memoryBytes?: number | undefined;
  /** verify.budget.percent; the product's default when absent. */
  verifyPercent?: number | undefined;
  cpuProf: boolean;
};

export const startEngine = (options: EngineOptions): Promise<Side> =>
  startEngines(options.name, [options], options.cpuProf);

/** One process with as many links. */
export async function startEngines(
  name: string,
  links: readonly Omit<EngineOptions, 'cpuProf'>[],
  cpuProf = false,
): Promise<Side> {
  await mkdir(workDir, { recursive: true });
  const program = bundleEngine('bench/engine-process.ts', join(workDir, 'engine-process.cjs'));
  const wish = join(workDir, `${name}.json`);
  await writeFile(wish, JSON.stringify(links.map(wishOf)));
  const profile = cpuProf
    ? ['--cpu-prof', `--cpu-prof-dir=${join(workDir, 'profiles')}`, '--cpu-prof-interval=500']
    : [];
  const startedMs = performance.now();
  const child = await GuardedProcess.start({
    command: process.execPath,
    args: [...memoryArguments, ...profile, program, wish],
    env: memoryEnvironment,
    outputFile: join(workDir, `${name}.log`),
    orphanGraceSeconds: 0,
  });
  return {
    ...{ pid: child.pid, startedMs, mirrorTopic: links[0]?.mirrorTopic ?? '' },
    logFile: join(workDir, `${name}.log`),
    running: () => child.running,
    stop: async () => {
      child.signal('SIGTERM');
      if (!(await child.waitForExit(STOP_LIMIT_MS))) child.signal('SIGKILL');
    },
  };
}

/** One link with the product's default settings, but for memory and verification where asked. */
function wishOf(options: Omit<EngineOptions, 'cpuProf'>): DesiredLink {
  const { source, destination, name, topic, mirrorTopic, replication, memoryBytes, verifyPercent } = options;
  const config = (cluster: KafkaCluster) =>
    clusterConfig.parse({ name: cluster.name, bootstrapServers: cluster.bootstrap.split(',') });
  return {
    ...{ id: name, name, source: config(source), destination: config(destination) },
    ...{ sourceClusterId: source.clusterId, destinationClusterId: destination.clusterId },
    settings: linkSettings.parse({
      ...(memoryBytes ? { 'link.memory.bytes': memoryBytes } : {}),
      ...(verifyPercent === undefined ? {} : { 'verify.budget.percent': verifyPercent }),
    }),
    mirrors: [
      {
        ...{ topic: mirrorTopic, sourceTopic: topic, paused: false, created: false },
        options: { replicationFactor: replication, configs: {} },
        ...{ sourceTopicId: null, starts: null, consistentAt: null, advice: null, ending: null },
      },
    ],
    ...{ renamed: [], heldAcls: [], cleanStopEpoch: null },
  };
}
