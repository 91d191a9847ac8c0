// OffsetFetch (key 9) for whole clusters: all that groups have committed in columns, without an object for each partition. Grammar in offset-fetch.ts.
import type { Api } from '../api';
import type { Reader } from '../reader';
import { OFFSET_FETCH_BATCHED_FROM, offsetFetch } from './offset-fetch';

export type TopicCommits = {
  topic: string;
  /** `offsets[i]` is of `partitions[i]`; partitions without a commit are left out. */
  partitions: number[];
  offsets: bigint[];
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
    if (version < OFFSET_FETCH_BATCHED_FROM) {
      const topics = topicsOf(r);
      const errorCode = r.int16();
      r.tags();
      return [{ group: null, errorCode, topics }];
    }
    const groups = r.compactArray(() => {
      const group = r.compactString();
      const topics = topicsOf(r);
      const errorCode = r.int16();
      r.tags();
      return { group, errorCode, topics };
    });
    r.tags();
    return groups;
  },
};

function topicsOf(r: Reader): TopicCommits[] {
  return r.compactArray(() => {
    const commits: TopicCommits = { topic: r.compactString(), partitions: [], offsets: [] };
    r.compactArray(() => {
      const partition = r.int32();
      const offset = r.int64();
      r.skip(4);
      r.skip(Math.max(0, r.uvarint() - 1));
      const errorCode = r.int16();
      r.tags();
      if (errorCode !== 0 || offset < 0n) return;
      commits.partitions.push(partition);
      commits.offsets.push(offset);
    });
    r.tags();
    return commits;
  });
}
