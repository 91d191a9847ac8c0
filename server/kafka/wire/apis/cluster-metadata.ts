// Metadata (key 3) for whole clusters: all topics, their partitions in columns, without objects for each. Grammar in metadata.ts.
import { keepShape } from '@/lib/keep-shape';
import type { Api } from '../api';
import type { Reader } from '../reader';
import { type MetadataHead, metadata, readHead } from './metadata';

export type TopicHead = {
  errorCode: number;
  name: string;
  topicId: string;
  internal: boolean;
  /** Its partitions are the rows `from` … `to` − 1, in any order. */
  from: number;
  to: number;
};
/** Of row i, replicas are at replicasFrom[i] … replicasFrom[i + 1], and so are those in sync. */
export type PartitionRows = {
  partition: Int32Array;
  /** −1: none. */
  leader: Int32Array;
  leaderEpoch: Int32Array;
  replicasFrom: Int32Array;
  replicas: Int32Array;
  inSyncFrom: Int32Array;
  inSync: Int32Array;
};
export type ClusterMetadata = MetadataHead & { topics: TopicHead[]; partitions: PartitionRows };

export const clusterMetadata: Api<Record<string, never>, ClusterMetadata> = {
  key: metadata.key,
  name: metadata.name,
  minVersion: metadata.minVersion,
  maxVersion: metadata.maxVersion,
  flexibleFrom: metadata.flexibleFrom,
  throttle: metadata.throttle,
  encode: (w, _, version) => metadata.encode(w, { topics: null }, version),
  decode(r, version) {
    const head = readHead(r);
    const rows = new Rows(r.remaining);
    const topics = r.compactArray(() => {
      const errorCode = r.int16();
      const name = r.compactNullableString() ?? '';
      const topicId = r.uuid();
      const internal = r.bool();
      const from = rows.count;
      for (let left = r.compactCount(); left > 0; left--) rows.read(r);
      r.int32();
      r.tags();
      return { errorCode, name, topicId, internal, from, to: rows.count };
    });
    if (version <= 10) r.int32();
    r.tags();
    return { ...head, topics, partitions: rows.told() };
  },
};

/** Of a partition: its numbers, the lengths of three lists, and tags. */
const ROW_MIN_BYTES = 18;

class Rows {
  readonly #partition: Int32Array;
  readonly #leader: Int32Array;
  readonly #leaderEpoch: Int32Array;
  readonly #replicas: Nodes;
  readonly #inSync: Nodes;
  count = 0;

  /** @param bytes of the answer that are left: no more rows can be in it than fit */
  constructor(bytes: number) {
    const rows = Math.ceil(bytes / ROW_MIN_BYTES);
    [this.#partition, this.#leader, this.#leaderEpoch] = [
      new Int32Array(rows),
      new Int32Array(rows),
      new Int32Array(rows),
    ];
    [this.#replicas, this.#inSync] = [new Nodes(rows, bytes), new Nodes(rows, bytes)];
  }

  read(r: Reader): void {
    r.int16();
    const at = this.count++;
    this.#partition[at] = r.int32();
    this.#leader[at] = r.int32();
    this.#leaderEpoch[at] = r.int32();
    this.#replicas.read(r, at);
    this.#inSync.read(r, at);
    r.skip(4 * r.compactCount());
    r.tags();
  }

  told(): PartitionRows {
    const { count } = this;
    const [replicas, inSync] = [this.#replicas.told(count), this.#inSync.told(count)];
    return {
      partition: this.#partition.subarray(0, count),
      leader: this.#leader.subarray(0, count),
      leaderEpoch: this.#leaderEpoch.subarray(0, count),
      ...{ replicasFrom: replicas.from, replicas: replicas.ids },
      ...{ inSyncFrom: inSync.from, inSync: inSync.ids },
    };
  }
}

/** A list of brokers for each row. */
class Nodes {
  readonly #from: Int32Array;
  readonly #ids: Int32Array;
  #count = 0;

  constructor(rows: number, bytes: number) {
    this.#from = new Int32Array(rows + 1);
    this.#ids = new Int32Array(Math.ceil(bytes / 4));
  }

  read(r: Reader, row: number): void {
    for (let left = r.compactCount(); left > 0; left--) this.#ids[this.#count++] = r.int32();
    this.#from[row + 1] = this.#count;
  }

  told(rows: number): { from: Int32Array; ids: Int32Array } {
    return { from: this.#from.subarray(0, rows + 1), ids: this.#ids.subarray(0, this.#count) };
  }
}

keepShape(new Rows(0));
