// ListGroups (key 16): the groups that one broker coordinates, with state (KIP-518) and type (KIP-848). Groups that the principal may not
// describe are left out without a word: an empty list can be a missing right.
//
// Request v4 => [states_filter (compact string)] TAGS; v5 => [states_filter] [types_filter] TAGS
// Response v4 => throttle_time_ms error_code [group_id protocol_type group_state TAGS] TAGS; v5 adds group_type behind group_state
import type { Api } from '../api';

export type ListedGroup = {
  group: string;
  /** "consumer" for consumers, "" for offsets that an admin client has committed; others are no consumers. */
  protocolType: string;
  state: string;
  /** classic, consumer, share or streams; null before v5. */
  type: string | null;
};

export const listGroups: Api<Record<string, never>, { errorCode: number; groups: ListedGroup[] }> = {
  key: 16,
  name: 'ListGroups',
  minVersion: 4,
  maxVersion: 5,
  flexibleFrom: 3,
  throttle: 'first',
  encode(w, _request, version) {
    w.compactArray([], () => {});
    if (version >= 5) w.compactArray([], () => {});
    w.tags();
  },
  decode(r, version) {
    r.int32();
    const errorCode = r.int16();
    const groups = r.compactArray(() => {
      const group = {
        group: r.compactString(),
        protocolType: r.compactString(),
        state: r.compactString(),
        type: version >= 5 ? r.compactString() : null,
      };
      r.tags();
      return group;
    });
    r.tags();
    return { errorCode, groups };
  },
};
