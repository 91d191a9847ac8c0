// Fetch (key 1), read_committed, with incremental sessions (KIP-227) and, from v13, topics named by id (KIP-516).
//
// Request v12 => replica_id max_wait_ms min_bytes max_bytes isolation_level session_id session_epoch
//   [topic (compact string; v13: topic_id uuid) [partition current_leader_epoch fetch_offset last_fetched_epoch log_start_offset partition_max_bytes TAGS] TAGS]
//   [forgotten topic (v13: topic_id) [partition] TAGS] rack_id TAGS
// Response v12 => throttle_time_ms error_code session_id
//   [topic (v13: topic_id) [partition_index error_code high_watermark last_stable_offset log_start_offset
//     [producer_id first_offset TAGS] preferred_read_replica records (compact bytes) TAGS{0: diverging_epoch}] TAGS] TAGS
import type { Api } from '../api';

export type FetchPartition = {
  partition: number;
  currentLeaderEpoch: number;
  fetchOffset: bigint;
  /** Epoch of the last batch we have, −1 unknown: lets the leader find a truncated log. */
  lastFetchedEpoch: number;
  maxBytes: number;
};
export type FetchTopic = { topic: string; topicId: string; partitions: FetchPartition[] };
export type FetchRequest = {
  maxWaitMs: number;
  minBytes: number;
  maxBytes: number;
  readCommitted: boolean;
  sessionId: number;
  sessionEpoch: number;
  topics: FetchTopic[];
  forgotten: { topic: string; topicId: string; partitions: number[] }[];
  rack: string;
};

export type AbortedTransaction = { producerId: bigint; firstOffset: bigint };
export type FetchedPartition = {
  partition: number;
  errorCode: number;
  highWatermark: bigint;
  lastStableOffset: bigint;
  logStartOffset: bigint;
  aborted: AbortedTransaction[];
  preferredReadReplica: number;
  /** End of the last epoch that both logs share, when they have parted; otherwise null. */
  divergingEndOffset: bigint | null;
  /** A view of the response; batches start at or before the asked offset, the last may be cut. */
  records: Buffer;
};
/** `topic` is the name up to v12, the id from v13. */
export type FetchResponse = {
  errorCode: number;
  sessionId: number;
  throttleMs: number;
  topics: { topic: string; partitions: FetchedPartition[] }[];
};

const EMPTY = Buffer.alloc(0);
export const FETCH_WITH_TOPIC_IDS = 13;

export const fetch: Api<FetchRequest, FetchResponse> = {
  key: 1,
  name: 'Fetch',
  minVersion: 12,
  maxVersion: 13,
  flexibleFrom: 12,
  throttle: 'first',
  encode(w, request, version) {
    const name = (topic: { topic: string; topicId: string }) =>
      version >= FETCH_WITH_TOPIC_IDS ? w.uuid(topic.topicId) : w.compactString(topic.topic);
    w.int32(-1).int32(request.maxWaitMs).int32(request.minBytes).int32(request.maxBytes);
    w.int8(request.readCommitted ? 1 : 0)
      .int32(request.sessionId)
      .int32(request.sessionEpoch);
    w.compactArray(request.topics, (topic) => {
      name(topic).compactArray(topic.partitions, (p) =>
        w
          .int32(p.partition)
          .int32(p.currentLeaderEpoch)
          .int64(p.fetchOffset)
          .int32(p.lastFetchedEpoch)
          .int64(-1n)
          .int32(p.maxBytes)
          .tags(),
      );
      w.tags();
    });
    w.compactArray(request.forgotten, (topic) => {
      name(topic).compactArray(topic.partitions, (p) => w.int32(p));
      w.tags();
    });
    w.compactString(request.rack).tags();
  },
  decode(r, version) {
    const throttleMs = r.int32();
    const errorCode = r.int16();
    const sessionId = r.int32();
    const topics = r.compactArray(() => {
      const topic = version >= FETCH_WITH_TOPIC_IDS ? r.uuid() : r.compactString();
      const partitions = r.compactArray(() => {
        const partition: FetchedPartition = {
          partition: r.int32(),
          errorCode: r.int16(),
          highWatermark: r.int64(),
          lastStableOffset: r.int64(),
          logStartOffset: r.int64(),
          aborted: r.compactArray(() => {
            const aborted = { producerId: r.int64(), firstOffset: r.int64() };
            r.tags();
            return aborted;
          }),
          preferredReadReplica: r.int32(),
          records: r.compactNullableBytes() ?? EMPTY,
          divergingEndOffset: null,
        };
        r.taggedFields((tag, field) => {
          if (tag !== 0) return;
          field.int32();
          partition.divergingEndOffset = field.int64();
        });
        return partition;
      });
      r.tags();
      return { topic, partitions };
    });
    r.tags();
    return { throttleMs, errorCode, sessionId, topics };
  },
};
