// Columns of topics and partitions from one Metadata answer: everything that is not metadata is unknown in them yet. No I/O.
import type { ClusterMetadata, PartitionRows, TopicHead } from '@/server/kafka/wire/apis/cluster-metadata';
import { type PartitionColumns, type TopicColumns, UNKNOWN } from './sweep';

export type Shape = { topics: Omit<TopicColumns, 'configs' | 'configsReadMs'>; partitions: PartitionColumns };

type Told = Pick<ClusterMetadata, 'topics' | 'partitions'>;

/** Topics that are being deleted are left out. */
export function shapeOf({ topics: all, partitions: rows }: Told): Shape {
  const told = all.filter(({ errorCode, from, to }) => errorCode === 0 && to > from);
  told.sort((a, b) => (a.name < b.name ? -1 : 1));
  const first = new Int32Array(told.length + 1);
  for (const [t, topic] of told.entries()) first[t + 1] = (first[t] as number) + countOf(rows, topic);
  const columns = new Columns(first[told.length] as number, rows);
  for (const [t, topic] of told.entries()) columns.add(t, topic, first[t] as number);
  const topics = {
    names: told.map(({ name }) => name),
    ids: told.map(({ topicId }) => topicId),
    internal: Uint8Array.from(told, ({ internal }) => (internal ? 1 : 0)),
    first,
    byName: new Map(told.map(({ name }, t) => [name, t])),
  };
  return { topics, partitions: columns.all };
}

/** Partitions are numbered from 0 on without gaps. */
function countOf({ partition }: PartitionRows, { from, to }: TopicHead): number {
  let most = 0;
  for (let row = from; row < to; row++) most = Math.max(most, (partition[row] as number) + 1);
  return most;
}

class Columns {
  readonly all: PartitionColumns;
  readonly #rows: PartitionRows;
  #replicas = 0;
  #inSync = 0;

  constructor(partitions: number, rows: PartitionRows) {
    this.#rows = rows;
    this.all = emptyColumns(partitions, rows.replicas.length, rows.inSync.length);
  }

  /** Without pairs and iterators: where sweeps are rare it is interpreted, and each would be an object. */
  add(t: number, { from, to }: TopicHead, first: number): void {
    const { all } = this;
    const rows = this.#rows;
    const ordered = byNumber(rows, from, to);
    for (let k = 0; k < ordered.length; k++) {
      const row = ordered[k] as number;
      const at = first + (rows.partition[row] as number);
      all.topic[at] = t;
      all.leader[at] = rows.leader[row] as number;
      all.leaderEpoch[at] = rows.leaderEpoch[row] as number;
      // Numbers that are left out would have none.
      all.replicasFrom[at] = this.#replicas;
      all.inSyncFrom[at] = this.#inSync;
      const replicasTo = rows.replicasFrom[row + 1] as number;
      for (let i = rows.replicasFrom[row] as number; i < replicasTo; i++)
        all.replicas[this.#replicas++] = rows.replicas[i] as number;
      const inSyncTo = rows.inSyncFrom[row + 1] as number;
      for (let i = rows.inSyncFrom[row] as number; i < inSyncTo; i++)
        all.inSync[this.#inSync++] = rows.inSync[i] as number;
      all.replicasFrom[at + 1] = this.#replicas;
      all.inSyncFrom[at + 1] = this.#inSync;
    }
  }
}

/** Rows of a topic, as brokers may tell them in any order. */
function byNumber({ partition }: PartitionRows, from: number, to: number): Int32Array {
  const rows = new Int32Array(to - from);
  let rising = true;
  for (let i = 0; i < rows.length; i++) {
    rows[i] = from + i;
    if (i > 0 && (partition[from + i] as number) < (partition[from + i - 1] as number)) rising = false;
  }
  return rising ? rows : rows.sort((a, b) => (partition[a] as number) - (partition[b] as number));
}

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
    isNew: new Uint8Array(partitions).fill(1),
    toldMs: rates(),
  };
}
