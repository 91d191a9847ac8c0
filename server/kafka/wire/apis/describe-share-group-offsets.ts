// DescribeShareGroupOffsets (key 90, KIP-932): where a share group begins in each partition, which is all the position it has.
//
// Request v0 => [group_id (compact string) [topic_name [partitions]] | null for all TAGS] TAGS
// Response v0 => throttle_time_ms [group_id [topic_name topic_id (uuid) [partition_index start_offset (int64) leader_epoch (int32) error_code error_message TAGS] TAGS]
//   error_code error_message TAGS] TAGS
import type { Api } from '../api';

export type ShareGroupOffsets = {
  group: string;
  errorCode: number;
  offsets: { topic: string; partition: number; errorCode: number; start: bigint }[];
};

export const describeShareGroupOffsets: Api<{ groups: readonly string[] }, ShareGroupOffsets[]> = {
  key: 90,
  name: 'DescribeShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  throttle: 'first',
  encode: (w, { groups }) =>
    void w
      .compactArray(groups, (group) => {
        w.compactString(group).uvarint(0).tags();
      })
      .tags(),
  decode(r) {
    r.int32();
    const groups = r.compactArray(() => {
      const group = r.compactString();
      const offsets: ShareGroupOffsets['offsets'] = [];
      r.compactArray(() => {
        const topic = r.compactString();
        r.uuid();
        r.compactArray(() => {
          const partition = r.int32();
          const start = r.int64();
          r.int32();
          offsets.push({ topic, partition, errorCode: r.int16(), start });
          r.compactNullableString();
          r.tags();
        });
        r.tags();
      });
      const errorCode = r.int16();
      r.compactNullableString();
      r.tags();
      return { group, errorCode, offsets };
    });
    r.tags();
    return groups;
  },
};
