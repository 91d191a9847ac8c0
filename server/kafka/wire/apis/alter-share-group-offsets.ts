// AlterShareGroupOffsets (key 91, KIP-932): where a share group is to begin. Brokers take it only while the group has no members (NON_EMPTY_GROUP otherwise).
//
// Request v0 => group_id (compact string) [topic_name [partition_index (int32) start_offset (int64) TAGS] TAGS] TAGS
// Response v0 => throttle_time_ms error_code error_message [topic_name topic_id (uuid) [partition_index error_code error_message TAGS] TAGS] TAGS
import type { Api } from '../api';

export type AlterShareGroupOffsetsRequest = {
  group: string;
  topics: { topic: string; partitions: { partition: number; offset: bigint }[] }[];
};

export const alterShareGroupOffsets: Api<
  AlterShareGroupOffsetsRequest,
  { errorCode: number; partitions: { topic: string; partition: number; errorCode: number }[] }
> = {
  key: 91,
  name: 'AlterShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  throttle: 'first',
  encode: (w, { group, topics }) =>
    void w
      .compactString(group)
      .compactArray(topics, ({ topic, partitions }) => {
        w.compactString(topic)
          .compactArray(partitions, ({ partition, offset }) => {
            w.int32(partition).int64(offset).tags();
          })
          .tags();
      })
      .tags(),
  decode(r) {
    r.int32();
    const errorCode = r.int16();
    r.compactNullableString();
    const partitions: { topic: string; partition: number; errorCode: number }[] = [];
    r.compactArray(() => {
      const topic = r.compactString();
      r.uuid();
      r.compactArray(() => {
        partitions.push({ topic, partition: r.int32(), errorCode: r.int16() });
        r.compactNullableString();
        r.tags();
      });
      r.tags();
    });
    r.tags();
    return { errorCode, partitions };
  },
};
