// Columns of topics and partitions from one Metadata answer: everything that is not metadata is unknown in them yet. No I/O.
import type { MetadataResponse, TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import { type PartitionColumns, type TopicColumns, UNKNOWN } from './sweep';

export type Shape = { topics: Omit<TopicColumns, 'configs' | 'configsReadMs'>; partitions: PartitionColumns };

/** Topics that are being deleted are left out. */
export function shapeOf(answer: Pick<MetadataResponse, 'topics'>): Shape {
  const told = answer.topics.filter(({ errorCode, partitions }) => errorCode === 0 && partitions.length > 0);
  told.sort((a, b) => (a.name < b.name ? -1 : 1));
  const first = new Int32Array(told.length + 1);
  for (const [t, { partitions }] of told.entries()) first[t + 1] = (first[t] as number) + countOf(partitions);
  const total = first[told.length] as number;
  const partitions = emptyColumns(total, sum(told, 'replicas'), sum(told, 'inSync'));
  let [replicaAt, inSyncAt] = [0, 0];
  for (const [t, topic] of told.entries()) {
    const from = first[t] as number;
    partitions.topic.fill(t, from, first[t + 1]);
    const byNumber = topic.partitions.toSorted((a, b) => a.partition - b.partition);
    for (const p of byNumber) {
      const at = from + p.partition;
      partitions.leader[at] = p.leader;
      partitions.leaderEpoch[at] = p.leaderEpoch;
      partitions.replicas.set(p.replicas, replicaAt);
      partitions.inSync.set(p.inSync, inSyncAt);
      // Numbers that are left out would have none.
      partitions.replicasFrom[at] = replicaAt;
      partitions.inSyncFrom[at] = inSyncAt;
      replicaAt += p.replicas.length;
      inSyncAt += p.inSync.length;
      partitions.replicasFrom[at + 1] = replicaAt;
      partitions.inSyncFrom[at + 1] = inSyncAt;
    }
  }
  const topics = {
    names: told.map(({ name }) => name),
    ids: told.map(({ topicId }) => topicId),
    internal: Uint8Array.from(told, ({ internal }) => (internal ? 1 : 0)),
    first,
    byName: new Map(told.map(({ name }, t) => [name, t])),
  };
  return { topics, partitions };
}

/** Partitions are numbered from 0 on without gaps. */
const countOf = (partitions: TopicMetadata['partitions']): number =>
  partitions.reduce((most, { partition }) => Math.max(most, partition + 1), 0);

const sum = (topics: TopicMetadata[], of: 'replicas' | 'inSync'): number =>
  topics.reduce((all, { partitions }) => all + partitions.reduce((n, p) => n + p[of].length, 0), 0);

function emptyColumns(partitions: number, replicas: number, inSync: number): PartitionColumns {
  const offsets = () => new BigInt64Array(partitions).fill(UNKNOWN);
  const rates = () => new Float64Array(partitions).fill(Number.NaN);
  return {
    topic: new Int32Array(partitions),
    leader: new Int32Array(partitions).fill(-1),
    leaderEpoch: new Int32Array(partitions).fill(-1),
    start: offsets(),
    lastStable: offsets(),
    highWatermark: offsets(),
    leaderBytes: offsets(),
    replicaBytes: offsets(),
    replicasFrom: new Int32Array(partitions + 1),
    replicas: new Int32Array(replicas),
    inSyncFrom: new Int32Array(partitions + 1),
    inSync: new Int32Array(inSync),
    messageRate: rates(),
    byteRate: rates(),
  };
}
