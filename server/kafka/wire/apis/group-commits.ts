// OffsetFetch (key 9) for whole clusters: all that groups have committed in columns, without an object for each partition. Grammar in offset-fetch.ts.
import { keepShape } from '@/lib/keep-shape';
import type { Api } from '../api';
import type { Reader } from '../reader';
import { OFFSET_FETCH_BATCHED_FROM, offsetFetch } from './offset-fetch';

export type TopicCommits = {
  topic: string;
  /** `offsets[i]` is of `partitions[i]`; partitions without a commit are left out. */
  partitions: ArrayLike<number>;
  offsets: ArrayLike<bigint>;
};
export type GroupCommits = {
  /** Null before v8: it is the one that was asked for. */
  group: string | null;
  errorCode: number;
  topics: TopicCommits[];
};

/** `groups` holds one where the broker doesn't speak v8. Offsets of open transactions are passed over. */
export const groupCommits: Api<{ groups: readonly string[] }, GroupCommits[]> = {
  key: offsetFetch.key,
  name: offsetFetch.name,
  minVersion: offsetFetch.minVersion,
  maxVersion: offsetFetch.maxVersion,
  flexibleFrom: offsetFetch.flexibleFrom,
  throttle: offsetFetch.throttle,
  encode: (w, { groups }, version) => offsetFetch.encode(w, { groups, requireStable: false }, version),
  decode(r, version) {
    r.int32();
    const commits = new Commits(r.remaining);
    if (version < OFFSET_FETCH_BATCHED_FROM) {
      const topics = commits.topicsOf(r);
      const errorCode = r.int16();
      r.tags();
      return [{ group: null, errorCode, topics }];
    }
    const groups = r.compactArray(() => {
      const group = r.compactString();
      const topics = commits.topicsOf(r);
      const errorCode = r.int16();
      r.tags();
      return { group, errorCode, topics };
    });
    r.tags();
    return groups;
  },
};

/** Numbers, the length of the metadata, and tags. */
const PARTITION_MIN_BYTES = 20;

/** The commits of a whole answer; each topic has a view of its own. */
class Commits {
  readonly #partitions: Int32Array;
  readonly #offsets: BigInt64Array;
  #count = 0;

  /** @param bytes of the answer that are left: no more commits can be in it than fit */
  constructor(bytes: number) {
    const most = Math.ceil(bytes / PARTITION_MIN_BYTES);
    [this.#partitions, this.#offsets] = [new Int32Array(most), new BigInt64Array(most)];
  }

  topicsOf(r: Reader): TopicCommits[] {
    return r.compactArray(() => {
      const topic = r.compactString();
      const from = this.#count;
      for (let left = r.compactCount(); left > 0; left--) this.#read(r);
      r.tags();
      return {
        topic,
        partitions: this.#partitions.subarray(from, this.#count),
        offsets: this.#offsets.subarray(from, this.#count),
      };
    });
  }

  #read(r: Reader): void {
    const partition = r.int32();
    const offset = r.int64();
    r.skip(4);
    r.skip(Math.max(0, r.uvarint() - 1));
    const errorCode = r.int16();
    r.tags();
    if (errorCode !== 0 || offset < 0n) return;
    this.#partitions[this.#count] = partition;
    this.#offsets[this.#count++] = offset;
  }
}

keepShape(new Commits(0));
