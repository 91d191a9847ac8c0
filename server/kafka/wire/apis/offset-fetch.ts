// OffsetFetch (key 9): what groups have committed, on all topics that the principal may describe. Many groups a request from v8 on, one before.
//
// Request v7 => group_id (compact string) [name [partition_indexes]] | null for all, require_stable (bool) TAGS
// Request v8 => [group_id [name [partition_indexes] TAGS] | null for all TAGS] require_stable (bool) TAGS
// Response v7 => throttle_time_ms [name [partition_index committed_offset (int64) committed_leader_epoch (int32) metadata (compact nullable string) error_code TAGS] TAGS] error_code TAGS
// Response v8 => throttle_time_ms [group_id [the same topics] error_code TAGS] TAGS
import type { Api } from '../api';
import type { Reader } from '../reader';

/** From this version on a request may name many groups. */
export const OFFSET_FETCH_BATCHED_FROM = 8;

export type CommittedOffset = {
  topic: string;
  partition: number;
  /** −1: nothing is committed. */
  offset: bigint;
  /** −1: the client did not say. */
  leaderEpoch: number;
  metadata: string;
  /** UNSTABLE_OFFSET_COMMIT: a transaction that commits this offset is open. */
  errorCode: number;
};
export type GroupOffsets = {
  /** Null before v8: it is the one that was asked for. */
  group: string | null;
  errorCode: number;
  offsets: CommittedOffset[];
};

/** `groups` holds one where the broker doesn't speak v8. `requireStable` tells of open transactions instead of passing over them. */
export const offsetFetch: Api<{ groups: readonly string[]; requireStable: boolean }, GroupOffsets[]> = {
  key: 9,
  name: 'OffsetFetch',
  minVersion: 7,
  maxVersion: 8,
  flexibleFrom: 6,
  throttle: 'first',
  encode(w, { groups, requireStable }, version) {
    if (version < OFFSET_FETCH_BATCHED_FROM) {
      const [group = ''] = groups;
      if (groups.length !== 1)
        throw new RangeError(`OffsetFetch v${version} takes one group, got ${groups.length}`);
      w.compactString(group).uvarint(0);
    } else
      w.compactArray(groups, (group) => {
        w.compactString(group).uvarint(0).tags();
      });
    w.bool(requireStable).tags();
  },
  decode(r, version) {
    r.int32();
    if (version < OFFSET_FETCH_BATCHED_FROM) {
      const offsets = offsetsOf(r);
      const errorCode = r.int16();
      r.tags();
      return [{ group: null, errorCode, offsets }];
    }
    const groups = r.compactArray(() => {
      const group = r.compactString();
      const offsets = offsetsOf(r);
      const errorCode = r.int16();
      r.tags();
      return { group, errorCode, offsets };
    });
    r.tags();
    return groups;
  },
};

function offsetsOf(r: Reader): CommittedOffset[] {
  const offsets: CommittedOffset[] = [];
  r.compactArray(() => {
    const topic = r.compactString();
    r.compactArray(() => {
      offsets.push({
        topic,
        partition: r.int32(),
        offset: r.int64(),
        leaderEpoch: r.int32(),
        metadata: r.compactNullableString() ?? '',
        errorCode: r.int16(),
      });
      r.tags();
    });
    r.tags();
  });
  return offsets;
}
