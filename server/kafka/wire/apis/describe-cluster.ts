// DescribeCluster (key 60): the brokers that are in service, from v2 on those that the controller keeps out of it (KIP-1073), and what the
// principal may do with the cluster.
//
// Request v0 => include_cluster_authorized_operations (bool) TAGS; v1 adds endpoint_type (int8); v2 adds include_fenced_brokers (bool)
// Response v0 => throttle_time_ms error_code error_message (compact nullable string) cluster_id controller_id
//   [broker_id host port rack (compact nullable string) TAGS] cluster_authorized_operations (int32) TAGS
// v1 adds endpoint_type (int8) behind error_message; v2 adds is_fenced (bool) behind rack.
import type { Api } from '../api';
import { OPERATIONS_UNKNOWN } from './describe-groups';

export type DescribedBroker = {
  id: number;
  host: string;
  port: number;
  rack: string | null;
  /** Null before v2, which names only brokers that are in service. */
  fenced: boolean | null;
};
export type DescribedCluster = {
  errorCode: number;
  errorMessage: string | null;
  clusterId: string;
  /** With KRaft any broker that is in service; with ZooKeeper the controller. */
  controllerId: number;
  brokers: DescribedBroker[];
  /** Bits of AclOperation codes (KIP-430); null where it isn't told. */
  operations: number | null;
};

const ENDPOINT_BROKERS = 1;

export const describeCluster: Api<{ operations: boolean }, DescribedCluster> = {
  key: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 2,
  flexibleFrom: 0,
  throttle: 'first',
  encode(w, { operations }, version) {
    w.bool(operations);
    if (version >= 1) w.int8(ENDPOINT_BROKERS);
    if (version >= 2) w.bool(true);
    w.tags();
  },
  decode(r, version) {
    r.int32();
    const errorCode = r.int16();
    const errorMessage = r.compactNullableString();
    if (version >= 1) r.int8();
    const clusterId = r.compactString();
    const controllerId = r.int32();
    const brokers = r.compactArray(() => {
      const broker = {
        id: r.int32(),
        host: r.compactString(),
        port: r.int32(),
        rack: r.compactNullableString(),
        fenced: version >= 2 ? r.bool() : null,
      };
      r.tags();
      return broker;
    });
    const bits = r.int32();
    r.tags();
    const operations = bits === OPERATIONS_UNKNOWN ? null : bits;
    return { errorCode, errorMessage, clusterId, controllerId, brokers, operations };
  },
};
