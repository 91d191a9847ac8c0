// ListOffsets (key 2) for whole clusters: the same end of very many partitions in columns, without an object for each. Grammar in list-offsets.ts.
import type { Api } from '../api';
import { REPLICA_CONSUMER } from './list-offsets';

export type TopicEnds = {
  topic: string;
  /** `offsets[i]` and `errorCodes[i]` are of `partitions[i]`. */
  partitions: number[];
  errorCodes: number[];
  /** −1: there is no such offset. */
  offsets: bigint[];
};

/** `timestamp`: OFFSET_EARLIEST, or OFFSET_LATEST: the high watermark, at read_committed the last stable offset. Leaders are not fenced by epoch. */
export const topicEnds: Api<
  {
    timestamp: bigint;
    readCommitted: boolean;
    topics: readonly { topic: string; partitions: readonly number[] }[];
  },
  TopicEnds[]
> = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 5,
  maxVersion: 5,
  flexibleFrom: 6,
  throttle: 'first',
  encode(w, { timestamp, readCommitted, topics }) {
    w.int32(REPLICA_CONSUMER).int8(readCommitted ? 1 : 0);
    w.array(topics, ({ topic, partitions }) =>
      w.string(topic).array(partitions, (partition) => w.int32(partition).int32(-1).int64(timestamp)),
    );
  },
  decode(r) {
    r.int32();
    return r.array(() => {
      const ends: TopicEnds = { topic: r.string(), partitions: [], errorCodes: [], offsets: [] };
      r.each(() => {
        ends.partitions.push(r.int32());
        ends.errorCodes.push(r.int16());
        r.skip(8);
        ends.offsets.push(r.int64());
        r.skip(4);
      });
      return ends;
    });
  },
};
