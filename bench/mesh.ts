// Six links among three clusters: by our engine in one process, and by six MirrorMaker 2 processes on the same brokers with the same data.
// What counts is memory: the peak of what all processes of a side together hold resident while they copy, and then follow live traffic.
import { setTimeout as sleep } from 'node:timers/promises';
import { type KafkaCluster, startCluster } from '@/harness/cluster';
import { startTraffic } from '@/harness/produce';
import { ClusterView, total } from './cluster-view';
import { startEngines } from './engine-side';
import { machine } from './machine';
import { startMirrorMaker } from './mirror-maker';
import type { MeshBenchOptions } from './options';
import { cpuSeconds, peakMemoryMb } from './process-cost';
import { progress } from './progress';
import { failureOf, type Side } from './side';
import { writeSource } from './source-data';

const BROKER_HEAP_MB = 512;
const NAMES = ['a', 'b', 'c'] as const;
const LOOK_EVERY_MS = 250;
const LIMIT_MS = 20 * 60_000;
const STEADY_RATE_PER_SECOND = 500;

type Node = { name: string; cluster: KafkaCluster; view: ClusterView; topic: string };
type Flow = { from: Node; to: Node };
/** One process, and the flows that it carries, with what their mirrors are called. */
type Running = { side: Side; flows: { flow: Flow; mirrorTopic: string }[] };

export async function benchMesh(options: MeshBenchOptions): Promise<object> {
  const facts = await machine();
  progress('starting three clusters');
  const nodes = await Promise.all(
    NAMES.map(async (name): Promise<Node> => {
      const cluster = await startCluster({
        name: `bench-${name}`,
        longRunning: true,
        heapMb: BROKER_HEAP_MB,
      });
      return { name, cluster, view: new ClusterView(name, cluster.bootstrap), topic: `mesh-${name}` };
    }),
  );
  const flows = nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to): Flow => ({ from, to })));
  try {
    for (const { cluster, view, topic } of nodes)
      await writeSource(cluster, view, topic, { ...options, replication: 1, batch: 16_384 });
    const engine = await measure('engine', nodes, options, () => startOurs(flows));
    const peer = options.peer
      ? await measure(options.peer, nodes, options, () => startTheirs(flows, options.peerHeapMb))
      : null;
    return {
      bench: 'mesh',
      at: new Date().toISOString(),
      ...(peer ? { ratios: { memory: round(peer.peakMemoryMb / engine.peakMemoryMb) } } : {}),
      engine,
      ...(peer ? { peer: { name: 'MirrorMaker 2', heapMb: options.peerHeapMb, ...peer } } : {}),
      workload: {
        ...{ clusters: nodes.length, links: flows.length, partitions: options.partitions },
        ...{ recordsPerTopic: options.records, recordBytes: options.size, codec: options.codec },
        ...{ steadySeconds: options.steadySeconds, steadyRecordsPerSecond: STEADY_RATE_PER_SECOND },
      },
      machine: facts,
    };
  } finally {
    for (const { view } of nodes) view.close();
    await Promise.all(nodes.map(({ cluster }) => cluster.stop()));
  }
}

async function startOurs(flows: readonly Flow[]): Promise<Running[]> {
  const named = flows.map((flow) => ({ flow, mirrorTopic: `ours.${flow.from.name}.${flow.from.topic}` }));
  const side = await startEngines(
    'mesh-engine',
    named.map(({ flow: { from, to }, mirrorTopic }) => ({
      ...{ source: from.cluster, destination: to.cluster, name: `mesh-${from.name}-${to.name}` },
      ...{ topic: from.topic, mirrorTopic, replication: 1 },
    })),
  );
  return [{ side, flows: named }];
}

function startTheirs(flows: readonly Flow[], heapMb: number): Promise<Running[]> {
  return Promise.all(
    flows.map(async (flow): Promise<Running> => {
      const { from, to } = flow;
      const side = await startMirrorMaker({
        ...{ source: from.cluster, destination: to.cluster, name: `mesh-${from.name}-${to.name}` },
        ...{ topic: from.topic, codec: 'none', replication: 1, heapMb },
      });
      return { side, flows: [{ flow, mirrorTopic: side.mirrorTopic }] };
    }),
  );
}

async function measure(
  label: string,
  nodes: readonly Node[],
  options: MeshBenchOptions,
  start: () => Promise<Running[]>,
) {
  progress(`${label}: starting`);
  const startedMs = performance.now();
  const running = await start();
  try {
    await copied(running);
    const seconds = round((performance.now() - startedMs) / 1000);
    progress(`${label}: all copied after ${seconds} s; following traffic for ${options.steadySeconds} s`);
    const traffics = await Promise.all(
      nodes.map(({ cluster, topic }) =>
        startTraffic({
          ...{ bootstrap: cluster.bootstrap, ratePerSecond: STEADY_RATE_PER_SECOND },
          records: { topic, valueBytes: options.size },
        }),
      ),
    );
    await sleep(options.steadySeconds * 1000);
    await Promise.all(traffics.map((traffic) => traffic.stop()));
    await copied(running);
    const peaks = await Promise.all(running.map(({ side }) => peakMemoryMb(side.pid)));
    const cpu = await Promise.all(running.map(({ side }) => cpuSeconds(side.pid)));
    return {
      peakMemoryMb: round(sum(peaks)),
      ...(peaks.length > 1 ? { peakMemoryMbOfEach: peaks.map((peak) => round(peak)) } : {}),
      processes: peaks.length,
      ...{ seconds, cpuSeconds: round(sum(cpu)) },
    };
  } finally {
    await Promise.all(running.map(({ side }) => side.stop()));
  }
}

/** Waits until every mirror ends where its source does. */
async function copied(running: readonly Running[]): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  for (const { side, flows } of running) {
    const failure = failureOf(side);
    for (const { flow, mirrorTopic } of flows) {
      for (;;) {
        const failed = failure();
        if (failed) throw new Error(failed);
        const [there, here] = await Promise.all([
          flow.from.view.ends(flow.from.topic),
          flow.to.view.ends(mirrorTopic),
        ]);
        if (there && here && total(there) === total(here)) break;
        if (performance.now() > deadline)
          throw new Error(`${mirrorTopic} did not hold all of ${flow.from.topic} in time.`);
        await sleep(LOOK_EVERY_MS);
      }
    }
  }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const round = (value: number) => Math.round(value * 10) / 10;
