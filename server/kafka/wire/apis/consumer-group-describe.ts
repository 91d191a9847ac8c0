// ConsumerGroupDescribe (key 69): members of groups of the newer protocol (KIP-848).
//
// Request v0, v1 => [group_ids (compact string)] include_authorized_operations (bool) TAGS
// Response v0 => throttle_time_ms [error_code error_message group_id group_state group_epoch (int32) assignment_epoch (int32) assignor_name
//   [member_id instance_id rack_id member_epoch (int32) client_id client_host [subscribed_topic_names] subscribed_topic_regex
//    assignment target_assignment TAGS] authorized_operations (int32) TAGS] TAGS, where assignment => [topic_id (uuid) topic_name [partitions (int32)] TAGS] TAGS
// Response v1 adds member_type (int8) behind target_assignment.
import type { Api } from '../api';
import type { AssignedTopic } from '../consumer-protocol';
import type { Reader } from '../reader';
import { type DescribedGroup, OPERATIONS_UNKNOWN } from './describe-groups';

export const consumerGroupDescribe: Api<{ groups: readonly string[] }, DescribedGroup[]> = {
  key: 69,
  name: 'ConsumerGroupDescribe',
  minVersion: 0,
  maxVersion: 1,
  flexibleFrom: 0,
  throttle: 'first',
  encode: (w, { groups }) =>
    void w
      .compactArray(groups, (group) => w.compactString(group))
      .bool(false)
      .tags(),
  decode(r, version) {
    r.int32();
    const groups = r.compactArray(() => {
      const errorCode = r.int16();
      r.compactNullableString();
      const group = r.compactString();
      const state = r.compactString();
      r.int32();
      r.int32();
      r.compactString();
      const members = r.compactArray(() => {
        const memberId = r.compactString();
        const instanceId = r.compactNullableString();
        r.compactNullableString();
        r.int32();
        const client = { clientId: r.compactString(), clientHost: r.compactString() };
        r.compactArray(() => r.compactString());
        r.compactNullableString();
        const assignment = readAssignment(r);
        readAssignment(r);
        if (version >= 1) r.int8();
        r.tags();
        return { memberId, instanceId, ...client, assignment };
      });
      const bits = r.int32();
      r.tags();
      return { errorCode, group, state, members, operations: bits === OPERATIONS_UNKNOWN ? null : bits };
    });
    r.tags();
    return groups;
  },
};

/** Of share groups, too. */
export function readAssignment(r: Reader): AssignedTopic[] {
  const topics = r.compactArray(() => {
    r.uuid();
    const assigned = { topic: r.compactString(), partitions: r.compactArray(() => r.int32()) };
    r.tags();
    return assigned;
  });
  r.tags();
  return topics;
}
