// ListOffsets (key 2) for whole clusters: the same end of very many partitions in columns, without an object for each. Grammar in list-offsets.ts.
import type { Api } from '../api';
import { REPLICA_CONSUMER } from './list-offsets';

/** Of all topics in one: an answer about very many is kept until the others are there, and must be little until then. */
export type TopicEnds = {
  /** Those of topic t are at `first[t]` … `first[t + 1]`. */
  topics: string[];
  first: number[];
  /** `offsets[i]` and `errorCodes[i]` are of `partitions[i]`. */
  partitions: Int32Array;
  errorCodes: Int16Array;
  /** −1: there is no such offset. */
  offsets: BigInt64Array;
};

const PARTITION_BYTES = 26;

/** `timestamp`: OFFSET_EARLIEST, or OFFSET_LATEST: the high watermark, at read_committed the last stable offset. Leaders are not fenced by epoch. */
export const topicEnds: Api<
  {
    timestamp: bigint;
    readCommitted: boolean;
    topics: readonly { topic: string; partitions: readonly number[] }[];
  },
  TopicEnds
> = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 5,
  maxVersion: 5,
  flexibleFrom: 6,
  throttle: 'first',
  encode(w, { timestamp, readCommitted, topics }) {
    w.int32(REPLICA_CONSUMER).int8(readCommitted ? 1 : 0);
    w.int32(topics.length);
    for (const { topic, partitions } of topics) {
      w.string(topic).int32(partitions.length);
      for (const partition of partitions) w.int32(partition).int32(-1).int64(timestamp);
    }
  },
  decode(r) {
    r.int32();
    const most = Math.ceil(r.remaining / PARTITION_BYTES);
    const [partitions, errorCodes] = [new Int32Array(most), new Int16Array(most)];
    const offsets = new BigInt64Array(most);
    const topics: string[] = [];
    const first = [0];
    let at = 0;
    for (let topicsLeft = r.count(); topicsLeft > 0; topicsLeft--) {
      topics.push(r.string());
      for (let left = r.count(); left > 0; left--) {
        partitions[at] = r.int32();
        errorCodes[at] = r.int16();
        r.skip(8);
        offsets[at++] = r.int64();
        r.skip(4);
      }
      first.push(at);
    }
    return {
      topics,
      first,
      partitions: partitions.subarray(0, at),
      errorCodes: errorCodes.subarray(0, at),
      offsets: offsets.subarray(0, at),
    };
  },
};
