// Copies a topic from one real cluster to another, by our engine and, where asked, by MirrorMaker 2 on the same brokers with the same data.
// MB are 10^6 bytes of record batches as they stand in the source's log, for both; they take turns, and nothing of either side runs while the other is measured.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type KafkaCluster, startCluster } from '@/harness/cluster';
import { ClusterView } from './cluster-view';
import { startEngine } from './engine-side';
import { createLatencyTopic, type Latency, measureLatency } from './latency';
import { machine } from './machine';
import { type CopyCost, measureCopy } from './measure-copy';
import { startMirrorMaker } from './mirror-maker';
import type { MirrorBenchOptions } from './options';
import { peakMemoryMb } from './process-cost';
import { progress } from './progress';
import { failureOf, type Side } from './side';
import { type SourceData, writeSource } from './source-data';

const BULK = 'bench-bulk';
const STEADY = 'bench-steady';
const BROKER_HEAP_MB = 768;

type Bench = {
  options: MirrorBenchOptions;
  clusters: { source: KafkaCluster; destination: KafkaCluster };
  views: { source: ClusterView; destination: ClusterView };
  data: SourceData;
};
type Start = (topic: string, label: string) => Promise<Side>;
type Contender = { label: string; start: Start };
type Copy = CopyCost & { peakMemoryMb: number };

export async function benchMirror(options: MirrorBenchOptions): Promise<object> {
  const facts = await machine();
  progress(`starting two clusters of ${options.replication}`);
  const cluster = (name: string) =>
    startCluster({ name, brokers: options.replication, longRunning: true, heapMb: BROKER_HEAP_MB });
  const [source, destination] = await Promise.all([cluster('bench-source'), cluster('bench-destination')]);
  const views = {
    source: new ClusterView('source', source.bootstrap),
    destination: new ClusterView('destination', destination.bootstrap),
  };
  try {
    const data = await writeSource(source, views.source, BULK, options);
    if (options.latency) await createLatencyTopic(source, STEADY, options.replication);
    const bench: Bench = { options, clusters: { source, destination }, views, data };
    const ours = { label: 'engine', start: startEngineIn(bench) };
    const theirs = options.peer ? { label: options.peer, start: startPeerIn(bench) } : null;
    const copies = await measureCopies(bench, theirs ? [ours, theirs] : [ours]);
    const engine = await summaryOf(bench, ours, copies);
    const peer = theirs ? await summaryOf(bench, theirs, copies) : null;
    return {
      bench: 'mirror',
      at: new Date().toISOString(),
      ...(peer ? { ratios: ratios(engine, peer) } : {}),
      engine,
      ...(peer ? { peer: { name: 'MirrorMaker 2', heapMb: options.peerHeapMb, ...peer } } : {}),
      workload: {
        ...{ records: data.records, recordBytes: options.size, codec: options.codec },
        ...{ batches: data.batches, meanBatchBytes: Math.round(data.bytes / data.batches) },
        ...{ mb: round(data.bytes / 1e6), valueMb: round(data.valueBytes / 1e6) },
        ...{ partitions: options.partitions, replication: options.replication },
      },
      machine: facts,
    };
  } finally {
    views.source.close();
    views.destination.close();
    await Promise.all([source.stop(), destination.stop()]);
  }
}

function startEngineIn({ options, clusters }: Bench): Start {
  return (topic, label) =>
    startEngine({
      ...{ ...clusters, name: label, topic, mirrorTopic: `${label}.${topic}` },
      ...{ replication: options.replication, cpuProf: options.cpuProf, memoryBytes: options.memoryBytes },
      verifyPercent: options.verifyPercent,
    });
}

function startPeerIn({ options, clusters }: Bench): Start {
  return (topic, label) =>
    startMirrorMaker({
      ...{ ...clusters, name: label, topic, codec: options.codec },
      ...{ replication: options.replication, heapMb: options.peerHeapMb },
    });
}

/** Everyone copies equally often, in turns, each time in a new process: what brokers and machine do meanwhile falls on all alike. */
async function measureCopies(bench: Bench, contenders: Contender[]): Promise<Map<Contender, Copy[]>> {
  const copies = new Map<Contender, Copy[]>(contenders.map((contender) => [contender, []]));
  for (let run = 1; run <= bench.options.repeat; run++) {
    // Who comes second in one turn comes first in the next.
    const turns = run % 2 === 1 ? [...copies] : [...copies].reverse();
    for (const [contender, done] of turns) {
      await writeBack();
      const side = await contender.start(BULK, `${contender.label}-copy-${run}`);
      try {
        const cost = await measureCopy({
          ...{ pid: side.pid, startedMs: side.startedMs, failure: failureOf(side) },
          source: { view: bench.views.source, topic: BULK },
          mirror: { view: bench.views.destination, topic: side.mirrorTopic },
        });
        done.push({ ...cost, peakMemoryMb: await peakMemoryMb(side.pid) });
        progress(
          `${contender.label}: ${round(bench.data.bytes / 1e6 / cost.seconds)} MB/s, ${round(bench.data.bytes / 1e6 / cost.cpuSeconds)} MB per CPU-second`,
        );
      } finally {
        await side.stop();
      }
    }
  }
  return copies;
}

/** What the brokers wrote for whoever copied last goes to disk now, not while the next one is measured. */
async function writeBack(): Promise<void> {
  await promisify(execFile)('sync');
}

/** The median copy and the highest memory; the latency is measured with a process of its own. */
async function summaryOf(bench: Bench, contender: Contender, measured: Map<Contender, Copy[]>) {
  const copies = measured.get(contender) ?? [];
  const perRun = copies.map((c) => round(bench.data.bytes / 1e6 / c.cpuSeconds));
  const byCost = copies.toSorted((a, b) => a.cpuSeconds - b.cpuSeconds);
  const median = byCost[Math.floor(byCost.length / 2)] as Copy;
  const latencyMs = bench.options.latency
    ? await steady(bench, await contender.start(STEADY, `${contender.label}-steady`))
    : null;
  return {
    ...figures(bench.data, median, Math.max(...copies.map((c) => c.peakMemoryMb))),
    ...(copies.length > 1 ? { mbPerCpuSecondOfEachRun: perRun } : {}),
    latencyMs,
  };
}

async function steady({ clusters, views, options }: Bench, side: Side): Promise<Latency> {
  try {
    return await measureLatency({
      source: { cluster: clusters.source, view: views.source, topic: STEADY },
      mirror: { view: views.destination },
      ...{ side, valueBytes: options.size, seconds: options.latencySeconds },
    });
  } finally {
    await side.stop();
  }
}

function figures(data: SourceData, cost: CopyCost, memoryMb: number) {
  return {
    mbPerSecond: round(data.bytes / 1e6 / cost.seconds),
    mbPerCpuSecond: round(data.bytes / 1e6 / cost.cpuSeconds),
    warmMbPerCpuSecond: round((data.bytes * cost.warm.share) / 1e6 / cost.warm.cpuSeconds),
    valueMbPerCpuSecond: round(data.valueBytes / 1e6 / cost.cpuSeconds),
    recordsPerSecond: Math.round(data.records / cost.seconds),
    recordsPerCpuSecond: Math.round(data.records / cost.cpuSeconds),
    peakMemoryMb: round(memoryMb),
    seconds: round(cost.seconds, 100),
    cpuSeconds: round(cost.cpuSeconds, 100),
    startSeconds: round(cost.startSeconds, 100),
  };
}

type Figures = ReturnType<typeof figures>;

/** How many times better the engine is. */
function ratios(engine: Figures, peer: Figures) {
  return {
    mbPerCpuSecond: round(engine.mbPerCpuSecond / peer.mbPerCpuSecond),
    recordsPerCpuSecond: round(engine.recordsPerCpuSecond / peer.recordsPerCpuSecond),
    memory: round(peer.peakMemoryMb / engine.peakMemoryMb),
    mbPerSecond: round(engine.mbPerSecond / peer.mbPerSecond),
  };
}

function round(value: number, steps = 10): number {
  return Math.round(value * steps) / steps;
}
