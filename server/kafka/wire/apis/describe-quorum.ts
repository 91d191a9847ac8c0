// DescribeQuorum (key 55): who leads the metadata quorum of a KRaft cluster, its voters and observers, and how far each is. Any broker passes the
// question on to the leader.
//
// Request v0 => [topic_name [partition_index TAGS] TAGS] TAGS
// Response v0 => error_code [topic_name [partition_index error_code leader_id leader_epoch high_watermark (int64) [replica] [replica] TAGS] TAGS] TAGS,
//   where replica => replica_id log_end_offset (int64) TAGS; the first list is of voters, the second of observers
// v1 (KIP-836) adds last_fetch_timestamp, last_caught_up_timestamp (int64) to replica.
// v2 (KIP-853) adds error_message (compact nullable string) behind both error codes, replica_directory_id (uuid) behind replica_id, and behind the topics
//   [node_id [name host port (uint16) TAGS] TAGS].
import type { Api } from '../api';
import type { Reader } from '../reader';

export type QuorumReplicaState = {
  id: number;
  /** Null before v2. */
  directoryId: string | null;
  /** −1: not known. */
  logEndOffset: bigint;
  /** By the leader's clock; −1 where it isn't told. Of the leader itself, lastCaughtUpMs is the present time, and lastFetchMs −1. */
  lastFetchMs: bigint;
  lastCaughtUpMs: bigint;
};
export type DescribedQuorum = {
  errorCode: number;
  errorMessage: string | null;
  /** −1: none is known. */
  leaderId: number;
  leaderEpoch: number;
  highWatermark: bigint;
  voters: QuorumReplicaState[];
  observers: QuorumReplicaState[];
};

const METADATA_TOPIC = '__cluster_metadata';

export const describeQuorum: Api<Record<string, never>, DescribedQuorum> = {
  key: 55,
  name: 'DescribeQuorum',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  throttle: null,
  encode: (w) =>
    void w
      .compactArray([METADATA_TOPIC], (topic) => {
        w.compactString(topic).compactArray([0], (partition) => w.int32(partition).tags());
        w.tags();
      })
      .tags(),
  decode(r, version) {
    const errorCode = r.int16();
    const errorMessage = version >= 2 ? r.compactNullableString() : null;
    let described: DescribedQuorum | null = null;
    r.compactArray(() => {
      r.compactString();
      r.compactArray(() => {
        described = partitionOf(r, version);
      });
      r.tags();
    });
    if (version >= 2)
      r.compactArray(() => {
        r.int32();
        r.compactArray(() => {
          r.compactString();
          r.compactString();
          r.skip(2);
          r.tags();
        });
        r.tags();
      });
    r.tags();
    if (described !== null && errorCode === 0) return described;
    return {
      ...{ errorCode, errorMessage, leaderId: -1, leaderEpoch: -1, highWatermark: -1n },
      ...{ voters: [], observers: [] },
    };
  },
};

function partitionOf(r: Reader, version: number): DescribedQuorum {
  r.int32();
  const replica = () => {
    const state = {
      id: r.int32(),
      directoryId: version >= 2 ? r.uuid() : null,
      logEndOffset: r.int64(),
      lastFetchMs: version >= 1 ? r.int64() : -1n,
      lastCaughtUpMs: version >= 1 ? r.int64() : -1n,
    };
    r.tags();
    return state;
  };
  const described = {
    errorCode: r.int16(),
    errorMessage: version >= 2 ? r.compactNullableString() : null,
    leaderId: r.int32(),
    leaderEpoch: r.int32(),
    highWatermark: r.int64(),
    voters: r.compactArray(replica),
    observers: r.compactArray(replica),
  };
  r.tags();
  return described;
}
