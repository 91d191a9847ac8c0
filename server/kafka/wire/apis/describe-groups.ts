// DescribeGroups (key 15): members of classic groups, and what the principal may do with a group, existing or not.
// A group of another type is answered as one that doesn't exist.
//
// Request v5, v6 => [groups (compact string)] include_authorized_operations (bool) TAGS
// Response v5 => throttle_time_ms [error_code group_id group_state protocol_type protocol_data
//   [member_id group_instance_id client_id client_host member_metadata (bytes) member_assignment (bytes) TAGS] authorized_operations (int32) TAGS] TAGS
// Response v6 adds error_message (compact nullable string) behind error_code, and answers GROUP_ID_NOT_FOUND where v5 says state "Dead".
import type { Api } from '../api';
import { type AssignedTopic, consumerAssignment } from '../consumer-protocol';

export type GroupMember = {
  memberId: string;
  /** group.instance.id of a static member. */
  instanceId: string | null;
  clientId: string;
  clientHost: string;
  /** Null: not in the form that consumers use. */
  assignment: AssignedTopic[] | null;
};
export type DescribedGroup = {
  errorCode: number;
  group: string;
  state: string;
  members: GroupMember[];
  /** Bits of AclOperation codes (KIP-430); null where it isn't told. */
  operations: number | null;
};

export const OPERATIONS_UNKNOWN = -2_147_483_648;

export const describeGroups: Api<{ groups: readonly string[]; operations?: boolean }, DescribedGroup[]> = {
  key: 15,
  name: 'DescribeGroups',
  minVersion: 5,
  maxVersion: 6,
  flexibleFrom: 5,
  throttle: 'first',
  encode: (w, { groups, operations }) =>
    void w
      .compactArray(groups, (group) => w.compactString(group))
      .bool(operations ?? false)
      .tags(),
  decode(r, version) {
    r.int32();
    const groups = r.compactArray(() => {
      const errorCode = r.int16();
      if (version >= 6) r.compactNullableString();
      const group = r.compactString();
      const state = r.compactString();
      const protocolType = r.compactString();
      r.compactString();
      const members = r.compactArray(() => {
        const memberId = r.compactString();
        const instanceId = r.compactNullableString();
        const client = { clientId: r.compactString(), clientHost: r.compactString() };
        r.compactNullableBytes();
        const bytes = r.compactNullableBytes();
        r.tags();
        const assignment = bytes && protocolType === 'consumer' ? consumerAssignment(bytes) : null;
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
