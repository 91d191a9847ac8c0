// Brings a mirror topic into being: creates it with the configs that mirroring needs, or adopts an existing one that is empty or an exact prefix.
// Start offsets are resolved once and stored before the first append.
import type { DesiredMirror, DestinationWrite, TurnedMirror } from '@/lib/contracts/engine';
import type { LinkSettings } from '@/lib/contracts/link';
import type { ClusterAdmin, TopicConfig } from '@/server/kafka/admin';
import { alterTopicConfigs } from '@/server/kafka/wire/apis/alter-configs';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { adopt, refuseMorePartitions } from './adoption';
import { MirrorRefused } from './mirror-refused';
import { internalTopicMessage, reservedTopicMessage } from './reserved-topics';
import { resolveStarts, withNew } from './start-offsets';
import {
  configValue,
  isCompacted,
  mirrorConfigs,
  sameValue,
  WIDE_TIMESTAMPS_NEW,
  WIDE_TIMESTAMPS_OLD,
} from './topic-configs';
import { logStarts, takeOverTurned } from './turned';

export type SetupSides = {
  source: ClusterClient;
  destination: ClusterClient;
  sourceAdmin: ClusterAdmin;
  destinationAdmin: ClusterAdmin;
  wrote(write: DestinationWrite): void;
  /** The mirror topic as this run knows it; another one under its name is somebody else's. */
  knownId?: string | undefined;
};
export type SetupFacts = {
  sourceConfigs: TopicConfig[];
  destinationTopic: TopicMetadata;
  starts: Record<string, string> | null;
};

/**
 * Makes sure that the destination topic exists as a mirror needs it.
 * @returns what was found; `starts` when they had to be resolved now
 * @throws MirrorRefused when a person must decide, KafkaError when trying again may help
 */
export async function setUpMirror(
  sides: SetupSides,
  mirror: DesiredMirror,
  sourceTopic: TopicMetadata,
  settings: LinkSettings,
): Promise<SetupFacts> {
  const reserved = reservedTopicMessage(mirror.topic) ?? reservedTopicMessage(mirror.sourceTopic);
  if (reserved !== null) throw new MirrorRefused('ILLEGAL_STATE', reserved);
  if (sourceTopic.internal)
    throw new MirrorRefused('ILLEGAL_STATE', internalTopicMessage(mirror.sourceTopic));
  const sourceConfigs = (await sides.sourceAdmin.describeTopicConfigs([mirror.sourceTopic])).get(
    mirror.sourceTopic,
  );
  if (!sourceConfigs) {
    throw new KafkaError(
      `the configs of ${mirror.sourceTopic} on ${sides.source.name} can't be read; the link needs DESCRIBE_CONFIGS on the topic`,
      { retriable: true },
    );
  }
  const configs = mirrorConfigs(sourceConfigs, mirror.options.configs, settings['topic.config.sync.include']);
  let destinationTopic = await topicOf(sides.destination, mirror.topic);
  let adopted: Record<string, string> = {};
  if (!destinationTopic) {
    if (mirror.created || isTurned(mirror)) {
      throw new MirrorRefused(
        'ILLEGAL_STATE',
        `The mirror topic ${mirror.topic} was deleted on ${sides.destination.name}. Take the mirror off the link, or re-seed it to copy anew.`,
      );
    }
    await createMirrorTopic(sides.destinationAdmin, mirror, sourceTopic.partitions.length, configs);
    const after = { partitions: String(sourceTopic.partitions.length), ...configs };
    sides.wrote({ what: 'TOPIC_CREATED', items: [{ topic: mirror.topic, before: null, after }] });
    destinationTopic = await waitForTopic(sides.destination, mirror.topic, sourceTopic.partitions.length);
  } else {
    const { topicId } = destinationTopic;
    if (sides.knownId !== undefined && sides.knownId !== topicId) {
      const said = anotherTopicMessage(sides.destination.name, mirror.topic, sides.knownId, topicId);
      throw new MirrorRefused('ILLEGAL_STATE', said);
    }
    const compacted = isCompacted(configValue(sourceConfigs, 'cleanup.policy'));
    if (!mirror.created && isTurned(mirror))
      await takeOverTurned(sides, mirror, sourceTopic, destinationTopic, compacted);
    else if (!mirror.created) adopted = await adopt(sides, mirror, sourceTopic, destinationTopic, compacted);
    destinationTopic = await matchPartitions(sides, mirror, sourceTopic, destinationTopic);
    const present = (await sides.destinationAdmin.describeTopicConfigs([mirror.topic])).get(mirror.topic);
    // Each call is an entry in the destination's metadata log: none where all is as it must be.
    if (!present || !fits(present, configs)) {
      await alterConfigs(sides.destination, mirror.topic, configs);
      const change = configChange(mirror.topic, present ?? [], configs);
      sides.wrote({ what: 'CONFIGS_SET', items: [change] });
    }
  }
  // Retention went on until its configs were those of a mirror.
  if (!mirror.created && isTurned(mirror)) adopted = await logStarts(sides.destination, destinationTopic);
  const missing = sourceTopic.partitions.some((p) => mirror.starts?.[String(p.partition)] === undefined);
  const starts =
    mirror.starts === null
      ? {
          ...(await resolveStarts(sides.source, sourceTopic, settings['mirror.start.offset.spec'])),
          ...adopted,
        }
      : missing
        ? withNew(mirror.starts, sourceTopic)
        : null;
  return { sourceConfigs, destinationTopic, starts };
}

/** Nothing is written to a topic that was created under a mirror's name by somebody else. */
export const anotherTopicMessage = (cluster: string, topic: string, before: string, found: string): string =>
  `The mirror topic ${topic} was deleted on ${cluster} and created again by somebody else (id ${before} → ${found}). Nothing is written to it. Delete the mirror; to copy anew, delete that topic, too, and mirror it again.`;
const isTurned = (mirror: DesiredMirror): mirror is DesiredMirror & { turn: TurnedMirror } =>
  (mirror.turn ?? null) !== null;

/** What differs from what was there; of the timestamp limits, those that this broker knows. */
function configChange(topic: string, present: TopicConfig[], wanted: Record<string, string>) {
  const wide = Object.entries({ ...WIDE_TIMESTAMPS_NEW, ...WIDE_TIMESTAMPS_OLD });
  const known = wide.filter(([name]) => configValue(present, name) !== null);
  const changed = [...Object.entries(wanted), ...known].filter(
    ([name, value]) => configValue(present, name) !== value,
  );
  return {
    topic,
    before: Object.fromEntries(changed.map(([name]) => [name, configValue(present, name)])),
    after: Object.fromEntries(changed),
  };
}

function fits(present: TopicConfig[], wanted: Record<string, string>): boolean {
  const wide = { ...WIDE_TIMESTAMPS_NEW, ...WIDE_TIMESTAMPS_OLD };
  return (
    Object.entries(wanted).every(([name, value]) => sameValue(configValue(present, name), value)) &&
    // Which of the timestamp limits exist depends on the broker's version.
    Object.entries(wide).every(([name, value]) => (configValue(present, name) ?? value) === value)
  );
}

async function topicOf(client: ClusterClient, name: string): Promise<TopicMetadata | null> {
  const { topics } = await client.metadata([name], { operations: true });
  const topic = topics.find((t) => t.name === name);
  if (!topic || topic.errorCode === 3) return null;
  if (topic.errorCode !== 0) throw new ProtocolError(topic.errorCode, client.name, 'Metadata', name);
  return { ...topic, partitions: [...topic.partitions].sort((a, b) => a.partition - b.partition) };
}

/** Creates the topic; brokers before 3.6 know other names for the timestamp limits. */
async function createMirrorTopic(
  admin: ClusterAdmin,
  mirror: DesiredMirror,
  partitions: number,
  configs: Record<string, string>,
): Promise<void> {
  const topic = { topic: mirror.topic, partitions, replicationFactor: mirror.options.replicationFactor };
  try {
    await admin.createTopic({ ...topic, configs: { ...configs, ...WIDE_TIMESTAMPS_NEW } });
  } catch (error) {
    if (!/INVALID_CONFIG/.test((error as Error).message)) throw refusal(error);
    try {
      await admin.createTopic({ ...topic, configs: { ...configs, ...WIDE_TIMESTAMPS_OLD } });
    } catch (second) {
      throw refusal(second);
    }
  }
}

function refusal(error: unknown): unknown {
  const message = (error as Error).message;
  if (
    /INVALID_REPLICATION_FACTOR|INVALID_CONFIG|POLICY_VIOLATION|INVALID_PARTITIONS|INVALID_TOPIC/.test(
      message,
    )
  )
    return new MirrorRefused('ILLEGAL_STATE', `${message}.`);
  return error;
}

async function alterConfigs(
  client: ClusterClient,
  topic: string,
  configs: Record<string, string>,
): Promise<void> {
  const connection = await client.anyConnection();
  for (const wide of [WIDE_TIMESTAMPS_NEW, WIDE_TIMESTAMPS_OLD]) {
    const [answer] = await connection.request(alterTopicConfigs, {
      topics: [{ topic, configs: { ...configs, ...wide } }],
      validateOnly: false,
    });
    if (!answer || answer.errorCode === 0) return;
    if (answer.errorCode !== 40)
      throw new ProtocolError(
        answer.errorCode,
        connection.where,
        'IncrementalAlterConfigs',
        `${topic}: ${answer.errorMessage ?? ''}`,
      );
    if (wide === WIDE_TIMESTAMPS_OLD)
      throw new MirrorRefused(
        'ILLEGAL_STATE',
        `The configs of ${topic} can't be set: ${answer.errorMessage}.`,
      );
  }
}

/** Sets configs of one topic and leaves the others. @throws ProtocolError */
export async function setTopicConfigs(
  client: ClusterClient,
  topic: string,
  configs: Record<string, string>,
): Promise<void> {
  const connection = await client.anyConnection();
  const [answer] = await connection.request(alterTopicConfigs, {
    topics: [{ topic, configs }],
    validateOnly: false,
  });
  if (answer && answer.errorCode !== 0) {
    throw new ProtocolError(
      answer.errorCode,
      connection.where,
      'IncrementalAlterConfigs',
      `${topic}: ${answer.errorMessage ?? ''}`,
    );
  }
}

async function waitForTopic(client: ClusterClient, name: string, partitions: number): Promise<TopicMetadata> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const topic = await topicOf(client, name);
    if (topic && topic.partitions.length >= partitions && topic.partitions.every((p) => p.leader >= 0))
      return topic;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new KafkaError(`${name} was created on ${client.name}, but has no leaders yet`, { retriable: true });
}

async function matchPartitions(
  sides: SetupSides,
  mirror: DesiredMirror,
  sourceTopic: TopicMetadata,
  destinationTopic: TopicMetadata,
): Promise<TopicMetadata> {
  const wanted = sourceTopic.partitions.length;
  if (destinationTopic.partitions.length > wanted)
    refuseMorePartitions(sides, mirror, sourceTopic, destinationTopic);
  if (destinationTopic.partitions.length === wanted) return destinationTopic;
  await sides.destinationAdmin.createPartitions(mirror.topic, wanted);
  const before = { partitions: String(destinationTopic.partitions.length) };
  const item = { topic: mirror.topic, before, after: { partitions: String(wanted) } };
  sides.wrote({ what: 'PARTITIONS_ADDED', items: [item] });
  return waitForTopic(sides.destination, mirror.topic, wanted);
}
