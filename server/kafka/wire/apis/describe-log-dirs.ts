// DescribeLogDirs (key 35): the log directories of the broker that is asked, the size of each replica in them, and from v4 on (KIP-827) size and
// free space of their volumes.
//
// Request v2 => [topic [partition (int32)] TAGS] | null for all, TAGS
// Response v2 => throttle_time_ms [error_code log_dir [name [partition_index partition_size (int64) offset_lag (int64) is_future_key (bool) TAGS] TAGS] TAGS] TAGS
// v3 adds error_code behind throttle_time_ms: before it a missing right looks like no directories; v4 adds total_bytes, usable_bytes (int64) behind the topics.
import { keepShape } from '@/lib/keep-shape';
import type { Api } from '../api';
import type { Reader } from '../reader';

export type DescribedLogDir = {
  /** KAFKA_STORAGE_ERROR: the broker has given the directory up. */
  errorCode: number;
  path: string;
  /** In columns, as there may be very many: `sizes[i]` is of `partitions[i]`. Copies on their way from another directory are left out. */
  topics: { topic: string; partitions: ArrayLike<number>; sizes: ArrayLike<bigint> }[];
  /** Of the volume; −1 where it isn't told. */
  totalBytes: bigint;
  usableBytes: bigint;
};

export const describeLogDirs: Api<Record<string, never>, { errorCode: number; dirs: DescribedLogDir[] }> = {
  key: 35,
  name: 'DescribeLogDirs',
  minVersion: 2,
  maxVersion: 4,
  flexibleFrom: 2,
  throttle: 'first',
  encode: (w) => void w.uvarint(0).tags(),
  decode(r, version) {
    r.int32();
    const errorCode = version >= 3 ? r.int16() : 0;
    const replicas = new Replicas(r.remaining);
    const dirs = r.compactArray(() => {
      const dirError = r.int16();
      const path = r.compactString();
      const topics = r.compactArray(() => replicas.topicOf(r));
      const totalBytes = version >= 4 ? r.int64() : -1n;
      const usableBytes = version >= 4 ? r.int64() : -1n;
      r.tags();
      return { errorCode: dirError, path, topics, totalBytes, usableBytes };
    });
    r.tags();
    return { errorCode, dirs };
  },
};

const REPLICA_BYTES = 22;

/** The replicas of a whole answer; each topic has a view of its own. */
class Replicas {
  readonly #partitions: Int32Array;
  readonly #sizes: BigInt64Array;
  #count = 0;

  /** @param bytes of the answer that are left: no more replicas can be in it than fit */
  constructor(bytes: number) {
    const most = Math.ceil(bytes / REPLICA_BYTES);
    [this.#partitions, this.#sizes] = [new Int32Array(most), new BigInt64Array(most)];
  }

  topicOf(r: Reader): DescribedLogDir['topics'][number] {
    const topic = r.compactString();
    const from = this.#count;
    for (let left = r.compactCount(); left > 0; left--) this.#read(r);
    r.tags();
    return {
      topic,
      partitions: this.#partitions.subarray(from, this.#count),
      sizes: this.#sizes.subarray(from, this.#count),
    };
  }

  #read(r: Reader): void {
    const partition = r.int32();
    const size = r.int64();
    r.skip(8);
    const future = r.bool();
    r.tags();
    if (future) return;
    this.#partitions[this.#count] = partition;
    this.#sizes[this.#count++] = size;
  }
}

keepShape(new Replicas(0));
