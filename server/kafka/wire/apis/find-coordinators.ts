// FindCoordinator (key 10) for groups: the broker that keeps each group's offsets. Many groups a request from v4 on, one before.
//
// Request v3 => key (compact string) key_type (int8) TAGS
// Request v4 => key_type (int8) [coordinator_keys (compact string)] TAGS
// Response v3 => throttle_time_ms error_code error_message (compact nullable string) node_id host port TAGS
// Response v4 => throttle_time_ms [key node_id host port error_code error_message TAGS] TAGS
import type { Api } from '../api';

export const COORDINATOR_GROUP = 0;
/** From this version on a request may name many groups. */
export const COORDINATORS_BATCHED_FROM = 4;

export type FoundCoordinator = {
  /** Null before v4: it is the one that was asked for. */
  key: string | null;
  nodeId: number;
  errorCode: number;
  errorMessage: string | null;
};

/** `keys` holds one group where the broker doesn't speak v4. */
export const findCoordinators: Api<{ keys: readonly string[] }, FoundCoordinator[]> = {
  key: 10,
  name: 'FindCoordinator',
  minVersion: 3,
  maxVersion: 4,
  flexibleFrom: 3,
  throttle: 'first',
  encode(w, { keys }, version) {
    if (version < COORDINATORS_BATCHED_FROM) {
      const [key = ''] = keys;
      if (keys.length !== 1)
        throw new RangeError(`FindCoordinator v${version} takes one group, got ${keys.length}`);
      w.compactString(key).int8(COORDINATOR_GROUP).tags();
    } else
      w.int8(COORDINATOR_GROUP)
        .compactArray(keys, (key) => w.compactString(key))
        .tags();
  },
  decode(r, version) {
    r.int32();
    if (version < COORDINATORS_BATCHED_FROM) {
      const errorCode = r.int16();
      const errorMessage = r.compactNullableString();
      const nodeId = r.int32();
      r.compactString();
      r.int32();
      r.tags();
      return [{ key: null, nodeId, errorCode, errorMessage }];
    }
    const found = r.compactArray(() => {
      const key = r.compactString();
      const nodeId = r.int32();
      r.compactString();
      r.int32();
      const coordinator = { key, nodeId, errorCode: r.int16(), errorMessage: r.compactNullableString() };
      r.tags();
      return coordinator;
    });
    r.tags();
    return found;
  },
};
