// Metadata (key 3): brokers, and for each topic its id, partitions, leaders and leader epochs.
//
// Request v11 => [topic_id (uuid) name (compact nullable string) TAGS] | null for all, allow_auto_topic_creation (bool) include_topic_authorized_operations (bool) TAGS
// Response v11 => throttle_time_ms [node_id host port rack TAGS] cluster_id controller_id
//   [error_code name topic_id is_internal [error_code partition_index leader_id leader_epoch [replica_nodes] [isr_nodes] [offline_replicas] TAGS] topic_authorized_operations TAGS] TAGS
import type { Api } from '../api';
import type { Reader } from '../reader';

export type BrokerAddress = { id: number; host: string; port: number; rack: string | null };
export type PartitionMetadata = {
  errorCode: number;
  partition: number;
  /** −1 when there is none. */
  leader: number;
  leaderEpoch: number;
  replicas: number[];
  inSync: number[];
};
export type TopicMetadata = {
  errorCode: number;
  name: string;
  topicId: string;
  internal: boolean;
  partitions: PartitionMetadata[];
  /** What the principal may do with the topic, as bits of AclOperation codes (KIP-430); null where it wasn't asked for or isn't told. */
  operations: number | null;
};
export type MetadataHead = {
  brokers: BrokerAddress[];
  clusterId: string | null;
  controllerId: number;
};
export type MetadataResponse = MetadataHead & { topics: TopicMetadata[] };

export const NO_TOPIC_ID = '0'.repeat(32);

const OPERATIONS_UNKNOWN = -2_147_483_648;

/** `topics` null asks for all. */
export const metadata: Api<{ topics: string[] | null; operations?: boolean }, MetadataResponse> = {
  key: 3,
  name: 'Metadata',
  minVersion: 10,
  maxVersion: 11,
  flexibleFrom: 9,
  throttle: 'first',
  encode(w, request, version) {
    if (request.topics === null) w.uvarint(0);
    else w.compactArray(request.topics, (name) => w.uuid(NO_TOPIC_ID).compactNullableString(name).tags());
    w.bool(false);
    if (version <= 10) w.bool(false);
    w.bool(request.operations ?? false).tags();
  },
  decode(r, version) {
    const head = readHead(r);
    const topics = r.compactArray(() => {
      const errorCode = r.int16();
      const name = r.compactNullableString() ?? '';
      const topicId = r.uuid();
      const internal = r.bool();
      const partitions = r.compactArray(() => {
        const partition = {
          errorCode: r.int16(),
          partition: r.int32(),
          leader: r.int32(),
          leaderEpoch: r.int32(),
          replicas: r.compactArray(() => r.int32()),
          inSync: r.compactArray(() => r.int32()),
        };
        r.compactArray(() => r.int32());
        r.tags();
        return partition;
      });
      const operations = r.int32();
      r.tags();
      const told = operations === OPERATIONS_UNKNOWN || errorCode !== 0 ? null : operations;
      return { errorCode, name, topicId, internal, partitions, operations: told };
    });
    if (version <= 10) r.int32();
    r.tags();
    return { ...head, topics };
  },
};

/** What stands in front of the topics. */
export function readHead(r: Reader): MetadataHead {
  r.int32();
  const brokers = r.compactArray(() => {
    const broker = {
      id: r.int32(),
      host: r.compactString(),
      port: r.int32(),
      rack: r.compactNullableString(),
    };
    r.tags();
    return broker;
  });
  const clusterId = r.compactNullableString();
  const controllerId = r.int32();
  return { brokers, clusterId, controllerId };
}
