// ShareGroupDescribe (key 77, KIP-932): members of share groups.
//
// Request v1 => [group_ids (compact string)] include_authorized_operations (bool) TAGS
// Response v1 => throttle_time_ms [error_code error_message group_id group_state group_epoch (int32) assignment_epoch (int32) assignor_name
//   [member_id rack_id member_epoch (int32) client_id client_host [subscribed_topic_names] assignment TAGS] authorized_operations (int32) TAGS] TAGS,
//   where assignment => [topic_id (uuid) topic_name [partitions (int32)] TAGS] TAGS
import type { Api } from '../api';
import { readAssignment } from './consumer-group-describe';
import { type DescribedGroup, OPERATIONS_UNKNOWN } from './describe-groups';

export const shareGroupDescribe: Api<{ groups: readonly string[] }, (DescribedGroup & { epoch: number })[]> =
  {
    key: 77,
    name: 'ShareGroupDescribe',
    minVersion: 1,
    maxVersion: 1,
    flexibleFrom: 1,
    throttle: 'first',
    encode: (w, { groups }) =>
      void w
        .compactArray(groups, (group) => w.compactString(group))
        .bool(false)
        .tags(),
    decode(r) {
      r.int32();
      const groups = r.compactArray(() => {
        const errorCode = r.int16();
        r.compactNullableString();
        const group = r.compactString();
        const state = r.compactString();
        const epoch = r.int32();
        r.int32();
        r.compactString();
        const members = r.compactArray(() => {
          const memberId = r.compactString();
          r.compactNullableString();
          r.int32();
          const client = { clientId: r.compactString(), clientHost: r.compactString() };
          r.compactArray(() => r.compactString());
          const assignment = readAssignment(r);
          r.tags();
          return { memberId, instanceId: null, ...client, assignment };
        });
        const bits = r.int32();
        r.tags();
        return {
          errorCode,
          group,
          state,
          epoch,
          members,
          operations: bits === OPERATIONS_UNKNOWN ? null : bits,
        };
      });
      r.tags();
      return groups;
    },
  };
