// Names of topics that belong to Kafka itself, or to us: never a source, never a mirror. Pure.

/**
 * Created by the brokers on first use (org.apache.kafka.common.internals.Topic and the tiered-storage metadata topic): on a
 * cluster where nobody has used a feature yet the topic isn't there, and a mirror of that name would break the feature for good.
 */
const KAFKAS_OWN: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
  '__cluster_metadata',
  '__remote_log_metadata',
]);
/** Before a link is created, the real sequence is tried on a topic of this prefix, which is deleted again. */
export const SCRATCH_PREFIX = 'landbridge-check-';

/** Why a topic of this name can't take part in mirroring, wherever it is; null when it can. */
export function reservedTopicMessage(topic: string): string | null {
  if (KAFKAS_OWN.has(topic)) return internalTopicMessage(topic);
  if (topic.startsWith(SCRATCH_PREFIX))
    return `${topic} can't be mirrored: names that begin with ${SCRATCH_PREFIX} belong to the checks of links.`;
  return null;
}

/** Kafka's own topics describe the cluster they are in: a copy would be read by the destination's brokers as theirs. */
export function internalTopicMessage(topic: string): string {
  return `${topic} is one of Kafka's own topics and can't be mirrored: each cluster has its own.`;
}
