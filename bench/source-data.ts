// The data that are copied: written before anything is measured, then read once to say what really stands in the source's log.
import type { KafkaCluster } from '@/harness/cluster';
import { produce } from '@/harness/produce';
import { createTopic } from '@/harness/topics';
import { readBatches } from '@/server/kafka/wire/record-batch';
import { type ClusterView, type Position, total } from './cluster-view';
import type { MirrorBenchOptions } from './options';
import { progress } from './progress';

export type SourceData = {
  records: number;
  batches: number;
  /** Bytes of all record batches, headers included: what travels. */
  bytes: number;
  /** Bytes of the records' values before compression. */
  valueBytes: number;
};

export async function writeSource(
  cluster: KafkaCluster,
  view: ClusterView,
  topic: string,
  options: Pick<MirrorBenchOptions, 'partitions' | 'replication' | 'records' | 'size' | 'codec' | 'batch'>,
): Promise<SourceData> {
  const { bootstrap } = cluster;
  const { partitions, replication: replicationFactor, records: count, size, codec, batch } = options;
  await createTopic({ bootstrap, topic, partitions, replicationFactor });
  progress(`writing ${count} records of ${size} bytes (${codec}, batch.size ${batch})`);
  // The linger only ends the very last batches; with `flushEvery` unset all others are full.
  await produce({
    bootstrap,
    codec,
    lingerMs: 2_000,
    batchBytes: batch,
    properties: { 'buffer.memory': String(256 * 1024 * 1024) },
    records: { topic, count, valueBytes: size },
  });
  const data = await readThrough(view, topic);
  if (data.records !== count)
    throw new Error(`The source holds ${data.records} records instead of ${count}; the data are not usable.`);
  progress(`source: ${data.batches} batches of ${Math.round(data.bytes / data.batches)} bytes on average`);
  return { ...data, valueBytes: count * size };
}

async function readThrough(view: ClusterView, topic: string): Promise<Omit<SourceData, 'valueBytes'>> {
  const place = await view.place(topic);
  const ends = await view.ends(topic);
  if (!place || !ends) throw new Error(`${topic} has no leader.`);
  const sum = { records: 0, batches: 0, bytes: 0 };
  for (const [leader, led] of place.partitionsByLeader) {
    let open: Position[] = led.map((partition) => ({ partition, offset: 0n }));
    while (open.length > 0) {
      for (const fetched of await view.fetch(topic, leader, open, 0)) {
        const position = open.find((p) => p.partition === fetched.partition);
        if (!position) continue;
        for (const found of readBatches(fetched.records)) {
          if (found.lastOffset < position.offset) continue;
          sum.records += found.count;
          sum.batches++;
          sum.bytes += found.bytes.length;
          position.offset = found.lastOffset + 1n;
        }
      }
      open = open.filter((p) => p.offset < (ends.get(p.partition) ?? 0n));
      // A broker fills an answer from the front: who was served goes to the end.
      open.push(...open.splice(0, 1));
    }
  }
  if (BigInt(sum.records) !== total(ends))
    throw new Error(`${topic} has holes: the bench counts records by offsets.`);
  return sum;
}
