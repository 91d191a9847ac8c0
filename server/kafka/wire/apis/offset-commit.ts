// OffsetCommit (key 8), as an admin client does it: without a member. Brokers take it only while the group has no members (UNKNOWN_MEMBER_ID otherwise).
//
// Request v8 => group_id (compact string) generation_id (int32) member_id (compact string) group_instance_id (compact nullable string)
//   [name [partition_index (int32) committed_offset (int64) committed_leader_epoch (int32) committed_metadata (compact nullable string) TAGS] TAGS] TAGS
// Response v8 => throttle_time_ms [name [partition_index error_code TAGS] TAGS] TAGS
import type { Api } from '../api';

const NO_GENERATION = -1;
const NO_MEMBER = '';
/** A source's epoch says nothing on another cluster: consumers that get one wait for a leader that never comes. */
const NO_LEADER_EPOCH = -1;

export type OffsetCommitRequest = {
  group: string;
  topics: { topic: string; partitions: { partition: number; offset: bigint; metadata: string }[] }[];
};

export const offsetCommit: Api<
  OffsetCommitRequest,
  { topic: string; partition: number; errorCode: number }[]
> = {
  key: 8,
  name: 'OffsetCommit',
  minVersion: 8,
  maxVersion: 8,
  flexibleFrom: 8,
  throttle: 'first',
  encode: (w, request) =>
    void w
      .compactString(request.group)
      .int32(NO_GENERATION)
      .compactString(NO_MEMBER)
      .compactNullableString(null)
      .compactArray(request.topics, ({ topic, partitions }) => {
        w.compactString(topic)
          .compactArray(partitions, ({ partition, offset, metadata }) => {
            w.int32(partition).int64(offset).int32(NO_LEADER_EPOCH).compactNullableString(metadata).tags();
          })
          .tags();
      })
      .tags(),
  decode(r) {
    r.int32();
    const answers: { topic: string; partition: number; errorCode: number }[] = [];
    r.compactArray(() => {
      const topic = r.compactString();
      r.compactArray(() => {
        answers.push({ topic, partition: r.int32(), errorCode: r.int16() });
        r.tags();
      });
      r.tags();
    });
    r.tags();
    return answers;
  },
};
