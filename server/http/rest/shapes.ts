// Links and mirrors in Confluent's shapes. Pure mappers; our own states and errors become the closest word of theirs.
import type { z } from 'zod';
import type {
  restCluster,
  restLink,
  restLinkConfig,
  restMirror,
  restMirrorError,
  restMirrorLags,
  restStateCategory,
} from '@/lib/contracts/kafka-rest';
import type { LinkRow, MirrorError, MirrorState } from '@/lib/contracts/link';
import { type LinkTask, linkTaskName } from '@/lib/contracts/link-task';
import type { OperationRow } from '@/lib/contracts/operation';
import type { CatalogLink } from '@/server/control/catalog';
import type { MirrorFact } from '@/server/control/mirror-facts';
import type { Frame } from '@/server/metrics/frame';
import { partitionLag } from '@/server/metrics/lag';

type MirrorLags = z.infer<typeof restMirrorLags>;
type StateCategory = z.infer<typeof restStateCategory>;

export const clusterUrl = (baseUrl: string, clusterId: string) =>
  `${baseUrl}/kafka/v3/clusters/${encodeURIComponent(clusterId)}`;
export const linkUrl = (baseUrl: string, clusterId: string, link: string) =>
  `${clusterUrl(baseUrl, clusterId)}/links/${encodeURIComponent(link)}`;
export const resourceName = (clusterId: string) => `crn:///kafka=${clusterId}`;

export function clusterShape(baseUrl: string, clusterId: string, controllerId: number | null) {
  const self = clusterUrl(baseUrl, clusterId);
  const related = (path: string) => ({ related: `${self}/${path}` });
  const shape: z.infer<typeof restCluster> = {
    kind: 'KafkaCluster',
    metadata: { self, resource_name: resourceName(clusterId) },
    cluster_id: clusterId,
    acls: related('acls'),
    brokers: related('brokers'),
    broker_configs: related('broker-configs'),
    consumer_groups: related('consumer-groups'),
    topics: related('topics'),
    partition_reassignments: related('topics/-/partitions/-/reassignment'),
  };
  return controllerId === null ? shape : { ...shape, controller: related(`brokers/${controllerId}`) };
}

export function linkShape(
  baseUrl: string,
  link: CatalogLink,
  row: LinkRow,
  tasks: LinkTask[] | null,
): z.infer<typeof restLink> {
  return {
    kind: 'KafkaLinkData',
    metadata: { self: linkUrl(baseUrl, link.destinationClusterId, link.name), resource_name: null },
    // Confluent's word for the other end depends on the mode.
    source_cluster_id: row.mode === 'BIDIRECTIONAL' ? null : link.sourceClusterId,
    destination_cluster_id: null,
    remote_cluster_id: row.mode === 'BIDIRECTIONAL' ? link.sourceClusterId : null,
    link_name: link.name,
    link_id: link.id,
    cluster_link_id: clusterLinkId(link.id),
    topic_names: [...link.mirrors.keys()],
    // Confluent has no word for a missing right; the message names it.
    link_error: row.error === 'AUTHORIZATION_ERROR' ? 'UNKNOWN' : row.error,
    link_error_message: row.message,
    link_state: row.state,
    tasks: tasks && linkTasks(tasks),
    category_counts: categoryCounts(row),
  };
}

/** Kafka writes a UUID as 22 characters of base64url. */
export function clusterLinkId(uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');
}

/** All four, in Confluent's order: what the engine has not told is unknown. */
function linkTasks(told: LinkTask[]): z.infer<typeof restLink>['tasks'] {
  return linkTaskName.options.map((task_name) => {
    const task = told.find(({ name }) => name === task_name);
    const errors = task?.errors ?? [];
    return {
      task_name,
      state: task?.state ?? 'UNKNOWN',
      errors: errors.map(({ code, message }) => ({ error_code: code, error_message: message })),
    };
  });
}

export function mirrorShape(
  baseUrl: string,
  link: CatalogLink,
  fact: MirrorFact,
  frame: Frame | null,
  /** The newest operation, where errors are asked for; null where they are not. */
  operations: readonly OperationRow[] | null,
): z.infer<typeof restMirror> {
  const clusterId = link.destinationClusterId;
  const self = `${linkUrl(baseUrl, clusterId, link.name)}/mirrors/${encodeURIComponent(fact.topic)}`;
  return {
    kind: 'KafkaMirrorData',
    metadata: { self, resource_name: resourceName(clusterId) },
    link_name: link.name,
    mirror_topic_name: fact.topic,
    source_topic_name: fact.sourceTopic,
    num_partitions: fact.partitions ?? 0,
    mirror_lags: mirrorLags(frame, link.id, fact.topic),
    mirror_status: fact.state,
    mirror_topic_error: mirrorErrors[fact.error],
    state_time_ms: fact.since,
    ...(operations ? { mirror_state_transition_errors: transitionErrors(fact, operations) } : {}),
  };
}

/** Why it is not in the state that it should be in: its own error, and how the newest operation failed that was to change it. */
function transitionErrors(fact: MirrorFact, operations: readonly OperationRow[]) {
  const own =
    fact.error === 'NO_ERROR' ? [] : [{ error_code: fact.error, error_message: fact.message ?? fact.error }];
  const failed = operations
    .filter(({ outcome }) => outcome === 'FAILED')
    .map(({ kind, message }) => ({
      error_code: `${kind}_FAILED`,
      error_message: message ?? 'The operation has failed; the console shows its steps.',
    }));
  return [...own, ...failed];
}

export function mirrorLags(frame: Frame | null, linkId: string, topic: string): MirrorLags {
  const mirror = frame?.links.get(linkId)?.mirrors.get(topic)?.mirror;
  if (!frame || !mirror) return [];
  const lags: MirrorLags = [];
  for (let partition = 0; partition < mirror.partitions; partition++) {
    const index = mirror.first + partition;
    const { messages } = partitionLag(frame.columns, index);
    const end = frame.columns.mirrorEnd[index] ?? -1n;
    if (messages !== null) lags.push({ partition, lag: messages, last_source_fetch_offset: end });
  }
  return lags;
}

/** The errors that Confluent does not have; the exact one is in mirror_state_transition_errors. */
export const mirrorErrors: Record<MirrorError, z.infer<typeof restMirrorError>> = {
  NO_ERROR: 'NO_ERROR',
  SOURCE_TOPIC_MAY_BE_DELETED: 'SOURCE_TOPIC_MAY_BE_DELETED',
  SOURCE_TOPIC_ID_CHANGED: 'SOURCE_TOPIC_ID_CHANGED',
  SOURCE_PARTITIONS_DECREASED: 'SOURCE_PARTITIONS_DECREASED',
  UNEXPECTED_TRUNCATION: 'UNEXPECTED_TRUNCATION',
  UNSUPPORTED_MESSAGE_FORMAT: 'UNSUPPORTED_MESSAGE_FORMAT',
  ILLEGAL_STATE: 'ILLEGAL_STATE',
  TOMBSTONES_EXPIRED: 'ILLEGAL_STATE',
  UNEXPECTED_WRITE: 'ILLEGAL_STATE',
  SOURCE_RANGE_LOST: 'UNEXPECTED_TRUNCATION',
  RECORD_TOO_LARGE: 'UNSUPPORTED_MESSAGE_FORMAT',
  AUTHORIZATION_ERROR: 'UNKNOWN',
};

const stateCategories: Record<MirrorState, StateCategory> = {
  ACTIVE: 'ACTIVE',
  PAUSED: 'PAUSED',
  LINK_PAUSED: 'PAUSED',
  FAILED: 'IN_ERROR',
  LINK_FAILED: 'IN_ERROR',
  SOURCE_UNAVAILABLE: 'IN_ERROR',
  PENDING_MIRROR: 'PENDING',
  PENDING_STOPPED: 'PENDING',
  PENDING_SYNCHRONIZE: 'PENDING',
  STOPPED: 'NOT_APPLICABLE',
};

function categoryCounts(row: LinkRow): { state_category: StateCategory; count: number }[] {
  const counts = new Map<StateCategory, number>();
  for (const [state, category] of Object.entries(stateCategories)) {
    const count = Object.entries(row.mirrorsByState).find(([known]) => known === state)?.[1] ?? 0;
    if (count > 0) counts.set(category, (counts.get(category) ?? 0) + count);
  }
  return [...counts].map(([state_category, count]) => ({ state_category, count }));
}

export function configShape(
  baseUrl: string,
  link: CatalogLink,
  config: { name: string; value: string | null; isDefault: boolean; readOnly: boolean },
): z.infer<typeof restLinkConfig> {
  const clusterId = link.destinationClusterId;
  return {
    kind: 'KafkaLinkConfigData',
    metadata: {
      self: `${linkUrl(baseUrl, clusterId, link.name)}/configs/${encodeURIComponent(config.name)}`,
      resource_name: resourceName(clusterId),
    },
    cluster_id: clusterId,
    name: config.name,
    value: config.value ?? '',
    is_default: config.isDefault,
    is_read_only: config.readOnly,
    is_sensitive: false,
    source: 'DYNAMIC_CLUSTER_LINK_CONFIG',
    synonyms: [],
    link_name: link.name,
  };
}
