// The shapes of /kafka/v3, as Confluent's REST API (v3) has them. Integers of 64 bits are raw JSON numbers on the wire and bigint on the server.
import { z } from 'zod';

export const int64 = z.union([z.bigint(), z.int()]);

export const restError = z.object({ error_code: z.int(), message: z.string().nullable() });

const resourceMetadata = z.object({ self: z.string(), resource_name: z.string().nullable().optional() });
const collectionMetadata = z.object({ self: z.string(), next: z.string().nullable() });
const related = z.object({ related: z.string() });

const listOf = <Kind extends string, Item extends z.ZodType>(kind: Kind, item: Item) =>
  z.object({ kind: z.literal(kind), metadata: collectionMetadata, data: z.array(item) });

export const restCluster = z.object({
  kind: z.literal('KafkaCluster'),
  metadata: resourceMetadata,
  cluster_id: z.string(),
  controller: related.optional(),
  acls: related,
  brokers: related,
  broker_configs: related,
  consumer_groups: related,
  topics: related,
  partition_reassignments: related,
});
export const restClusterList = listOf('KafkaClusterList', restCluster);

export const restLinkTask = z.object({
  task_name: z.string(),
  state: z.enum([
    'UNKNOWN',
    'ACTIVE',
    'IN_ERROR',
    'NOT_CONFIGURED',
    'LINK_FAILED',
    'LINK_UNAVAILABLE',
    'LINK_PAUSED',
  ]),
  errors: z.array(z.object({ error_code: z.string(), error_message: z.string() })),
});
export const restStateCategory = z.enum(['PAUSED', 'IN_ERROR', 'PENDING', 'ACTIVE', 'NOT_APPLICABLE']);

export const restLink = z.object({
  kind: z.literal('KafkaLinkData'),
  metadata: resourceMetadata,
  source_cluster_id: z.string().nullable(),
  destination_cluster_id: z.string().nullable(),
  remote_cluster_id: z.string().nullable(),
  link_name: z.string(),
  link_id: z.string(),
  cluster_link_id: z.string(),
  topic_names: z.array(z.string()),
  link_error: z.enum([
    'UNKNOWN',
    'NO_ERROR',
    'AUTHENTICATION_ERROR',
    'UNRESOLVABLE_BOOTSTRAP_ERROR',
    'INVALID_BOOTSTRAP_INTERNAL_ENDPOINT_ERROR',
    'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR',
    'TIMEOUT_ERROR',
  ]),
  link_error_message: z.string().nullable(),
  link_state: z.enum(['ACTIVE', 'FAILED', 'UNAVAILABLE', 'PAUSED', 'UNKNOWN']),
  tasks: z.array(restLinkTask).nullable(),
  category_counts: z.array(z.object({ state_category: restStateCategory, count: z.int() })).nullable(),
});
export const restLinkList = listOf('KafkaLinkDataList', restLink);

export const restMirrorStatus = z.enum([
  'ACTIVE',
  'FAILED',
  'LINK_FAILED',
  'LINK_PAUSED',
  'PAUSED',
  'PENDING_STOPPED',
  'SOURCE_UNAVAILABLE',
  'STOPPED',
  'PENDING_MIRROR',
  'PENDING_SYNCHRONIZE',
  'PENDING_SETUP_FOR_RESTORE',
  'PENDING_RESTORE',
]);
export const restMirrorError = z.enum([
  'UNKNOWN',
  'NOT_SET',
  'NO_ERROR',
  'SOURCE_TOPIC_MAY_BE_DELETED',
  'SOURCE_TOPIC_ID_CHANGED',
  'SOURCE_PARTITIONS_DECREASED',
  'NON_MONOTONIC_LOG_APPEND_EPOCH',
  'UNEXPECTED_TRUNCATION',
  'UNSUPPORTED_MESSAGE_FORMAT',
  'NON_MONOTONIC_SOURCE_EPOCH',
  'ILLEGAL_STATE',
  'UNSUPPORTED_MIRROR_STATE',
]);
/** Partitions whose lag is unknown are left out: the shape has no word for it. */
export const restMirrorLags = z.array(
  z.object({ partition: z.int(), lag: int64, last_source_fetch_offset: int64 }),
);
export const restMirror = z.object({
  kind: z.literal('KafkaMirrorData'),
  metadata: resourceMetadata,
  link_name: z.string(),
  mirror_topic_name: z.string(),
  source_topic_name: z.string(),
  num_partitions: z.int(),
  mirror_lags: restMirrorLags,
  mirror_status: restMirrorStatus,
  mirror_topic_error: restMirrorError,
  state_time_ms: int64,
  mirror_state_transition_errors: z
    .array(z.object({ error_code: z.string(), error_message: z.string() }))
    .optional(),
});
export const restMirrorList = listOf('KafkaMirrorDataList', restMirror);

export const restLinkConfig = z.object({
  kind: z.literal('KafkaLinkConfigData'),
  metadata: resourceMetadata,
  cluster_id: z.string(),
  name: z.string(),
  value: z.string(),
  is_default: z.boolean(),
  is_read_only: z.boolean(),
  is_sensitive: z.boolean(),
  source: z.literal('DYNAMIC_CLUSTER_LINK_CONFIG'),
  synonyms: z.array(z.string()),
  link_name: z.string(),
});
export const restLinkConfigList = listOf('KafkaLinkConfigDataList', restLinkConfig);

export const restAlteredMirrors = z.object({
  kind: z.literal('KafkaPromoteMirror'),
  metadata: collectionMetadata.extend({ resource_name: z.string().optional() }),
  data: z.array(
    z.object({
      kind: z.literal('AlterMirrorsData'),
      metadata: resourceMetadata,
      mirror_topic_name: z.string(),
      error_code: z.int().nullable(),
      error_message: z.string().nullable(),
      mirror_lags: restMirrorLags,
      messages_truncated: int64.nullable(),
      partition_level_truncation_data: z.array(
        z.object({ partition_id: z.int(), offset_truncated_to: int64, messages_truncated: int64 }),
      ),
    }),
  ),
});

const configData = z.object({ name: z.string(), value: z.string().nullable() });

export const restCreateLink = z.object({
  source_cluster_id: z.string().min(1).nullish(),
  destination_cluster_id: z.string().nullish(),
  remote_cluster_id: z.string().nullish(),
  cluster_link_id: z.string().nullish(),
  configs: z.array(configData).default([]),
});
export type RestCreateLink = z.infer<typeof restCreateLink>;

export const restCreateMirror = z.object({
  source_topic_name: z.string(),
  mirror_topic_name: z.string().nullish(),
  replication_factor: z.int().nullish(),
  configs: z.array(configData).default([]),
});

export const restUpdateConfig = z.object({ value: z.string() });
export const restAlterConfigs = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      value: z.string().nullish(),
      operation: z.enum(['SET', 'DELETE']).nullish(),
    }),
  ),
  validate_only: z.boolean().default(false),
});
export const restAlterMirrors = z.object({
  // As many as a link can hold; a name that no topic can have is answered in its row.
  mirror_topic_names: z.array(z.string().max(249)).max(10_000).optional(),
  mirror_topic_name_pattern: z.string().optional(),
});
