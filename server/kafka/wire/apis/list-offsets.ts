// ListOffsets (key 2): log start (−2), end (−1) or the first offset at or after a time.
// replica_id −2 ("debugging consumer") answers the log end offset itself; −1 the high watermark, or the last stable offset at read_committed.
//
// Request v5 => replica_id (int32) isolation_level (int8) [name (string) [partition_index (int32) current_leader_epoch (int32) timestamp (int64)]]
// Response v5 => throttle_time_ms [name [partition_index error_code timestamp offset leader_epoch]]
import type { Api } from '../api';

export const OFFSET_LATEST = -1n;
export const OFFSET_EARLIEST = -2n;
export const REPLICA_CONSUMER = -1;
export const REPLICA_DEBUG = -2;

export type ListOffsetsRequest = {
  replicaId: number;
  readCommitted: boolean;
  topics: {
    topic: string;
    partitions: { partition: number; currentLeaderEpoch: number; timestamp: bigint }[];
  }[];
};
export type ListedOffset = {
  topic: string;
  partition: number;
  errorCode: number;
  timestamp: bigint;
  /** −1 when there is no such offset. */
  offset: bigint;
  leaderEpoch: number;
};

export const listOffsets: Api<ListOffsetsRequest, ListedOffset[]> = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 5,
  maxVersion: 5,
  flexibleFrom: 6,
  throttle: 'first',
  encode(w, request) {
    w.int32(request.replicaId).int8(request.readCommitted ? 1 : 0);
    w.array(request.topics, (topic) =>
      w
        .string(topic.topic)
        .array(topic.partitions, (p) => w.int32(p.partition).int32(p.currentLeaderEpoch).int64(p.timestamp)),
    );
  },
  decode(r) {
    r.int32();
    const offsets: ListedOffset[] = [];
    r.array(() => {
      const topic = r.string();
      return r.array(() =>
        offsets.push({
          topic,
          partition: r.int32(),
          errorCode: r.int16(),
          timestamp: r.int64(),
          offset: r.int64(),
          leaderEpoch: r.int32(),
        }),
      );
    });
    return offsets;
  },
};
