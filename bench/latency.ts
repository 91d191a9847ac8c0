// Replication latency: from a record's create time at the producer to the moment a long-polling consumer of the mirror has it.
// Create times are whole milliseconds, cut off, so every figure is up to 1 ms too high. The way into the source is part of it, and reported beside it.
import type { KafkaCluster } from '@/harness/cluster';
import { startTraffic } from '@/harness/produce';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { readBatches, readRecords, recordTimestamp } from '@/server/kafka/wire/record-batch';
import { type ClusterView, total } from './cluster-view';
import { progress } from './progress';
import { failureOf, type Side } from './side';

const RATE_PER_SECOND = 2_000;
const WARM_UP_MS = 10_000;
const POLL_MS = 500;
const PARTITIONS = 4;

export type Percentiles = { p50: number; p90: number; p99: number; samples: number };
/** `source`: the same records as seen by a consumer of the source, in the same seconds. */
export type Latency = Percentiles & { ratePerSecond: number; source: Percentiles };

export async function createLatencyTopic(cluster: KafkaCluster, topic: string, replicationFactor: number) {
  await createTopic({ bootstrap: cluster.bootstrap, topic, partitions: PARTITIONS, replicationFactor });
}

export async function measureLatency(options: {
  source: { cluster: KafkaCluster; view: ClusterView; topic: string };
  mirror: { view: ClusterView };
  side: Side;
  valueBytes: number;
  seconds: number;
}): Promise<Latency> {
  const { source, mirror, side } = options;
  const traffic = await startTraffic({
    bootstrap: source.cluster.bootstrap,
    lingerMs: 0,
    acks: 'all',
    ratePerSecond: RATE_PER_SECOND,
    records: { topic: source.topic, valueBytes: options.valueBytes },
  });
  try {
    const failure = failureOf(side);
    await waitFor(
      `${side.mirrorTopic} to follow ${source.topic}`,
      async () => {
        const failed = failure();
        if (failed) throw new Error(failed);
        const ends = await mirror.view.ends(side.mirrorTopic);
        const wanted = await source.view.ends(source.topic);
        return !!ends && !!wanted && total(wanted) > 0n && total(wanted) - total(ends) < RATE_PER_SECOND;
      },
      { limitMs: 180_000 },
    );
    progress(`latency: mirroring ${RATE_PER_SECOND} records/s; measuring for ${options.seconds} s`);
    const from = performance.now() + WARM_UP_MS;
    const window = { from, until: from + options.seconds * 1000 };
    const [atMirror, atSource] = await Promise.all([
      arrivals(mirror.view, side.mirrorTopic, window),
      arrivals(source.view, source.topic, window),
    ]);
    return { ...percentiles(atMirror), ratePerSecond: RATE_PER_SECOND, source: percentiles(atSource) };
  } finally {
    const { failed, failure } = await traffic.stop();
    if (failed > 0 || failure)
      progress(`latency: the producer lost ${failed} records (${failure ?? 'no failure'})`);
  }
}

/** Milliseconds from create time to arrival, of every record that arrives in the window. */
async function arrivals(
  view: ClusterView,
  topic: string,
  window: { from: number; until: number },
): Promise<number[]> {
  const [place, ends] = [await view.place(topic), await view.ends(topic)];
  if (!place || !ends) throw new Error(`${topic} is not there.`);
  const samples: number[] = [];
  await Promise.all(
    [...place.partitionsByLeader].map(async ([leader, led]) => {
      const positions = led.map((partition) => ({ partition, offset: ends.get(partition) ?? 0n }));
      while (performance.now() < window.until) {
        const fetched = await view.fetch(topic, leader, positions, POLL_MS);
        const at = performance.now();
        const clockMs = performance.timeOrigin + at;
        for (const { partition, records } of fetched) {
          const position = positions.find((p) => p.partition === partition);
          if (!position) continue;
          for (const batch of readBatches(records)) {
            if (batch.lastOffset < position.offset) continue;
            position.offset = batch.lastOffset + 1n;
            if (at < window.from) continue;
            for (const record of readRecords(batch))
              samples.push(clockMs - Number(recordTimestamp(batch, record)));
          }
        }
      }
    }),
  );
  return samples;
}

function percentiles(samples: number[]): Percentiles {
  if (samples.length === 0) throw new Error('No record arrived while the latency was measured.');
  samples.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round((samples[Math.min(samples.length - 1, Math.floor(samples.length * share))] as number) * 10) /
    10;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), samples: samples.length };
}
