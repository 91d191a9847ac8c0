// Topics of mirrors that an approver wants deleted: whether they are what they are taken for, and their deletion, each by its id.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { DeletedTopic, EngineRequest, TopicLook } from '@/lib/contracts/engine';
import { deleteTopic, TopicReplaced } from '@/server/kafka/delete-topic';
import { clientFor } from '@/server/kafka/security';
import { NO_TOPIC_ID, type TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, errorName, KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { allows, grantCommand } from './rights';

type Look = Extract<EngineRequest, { op: 'lookAtTopics' }>;
type Delete = Extract<EngineRequest, { op: 'deleteTopics' }>;

const AT_ONCE = 8;

/**
 * @param running the ids of the topics that the running link writes to, by name; of the others the store may know: another one under the name is somebody else's
 * @throws KafkaError when the cluster does not answer, or is another one
 */
export function lookAtTopics(
  { cluster, clusterId, topics }: Look,
  running: ReadonlyMap<string, string>,
): Promise<TopicLook[]> {
  return onCluster(cluster, clusterId, async (client) => {
    const { topics: found } = await client.metadata(
      topics.map(({ topic }) => topic),
      { operations: true },
    );
    const byName = new Map(found.map((topic) => [topic.name, topic]));
    return topics.map(({ topic, mirroredId }): TopicLook => {
      const there = byName.get(topic);
      if (!there || there.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
        return { topic, topicId: null, refusal: null };
      return {
        topic,
        topicId: there.topicId,
        refusal: refusalOf(cluster, there, running.get(topic) ?? mirroredId),
      };
    });
  });
}

function refusalOf(cluster: ClusterConfig, there: TopicMetadata, mirrored: string | null): string | null {
  const { name, errorCode, topicId, operations } = there;
  if (errorCode !== 0) return `${name} on ${cluster.name} can't be looked at: ${errorName(errorCode)}.`;
  if (topicId === NO_TOPIC_ID)
    return `${cluster.name} gives its topics no ids, so ${name} can't be deleted safely. Delete it with kafka-topics.sh.`;
  if (mirrored === null)
    return `It is not known whether ${name} on ${cluster.name} is the topic that was mirrored to: the link has not looked at it since the server was brought up to date. Resume the mirror or the link once, or keep the topic and delete it with kafka-topics.sh.`;
  if (mirrored !== topicId)
    return `${name} on ${cluster.name} is another topic than the mirror (id ${mirrored} → ${topicId}): somebody has created it anew. It is left alone.`;
  if (operations !== null && !allows(operations, 'DELETE'))
    return `The link's principal may not delete ${name}: ${grantCommand(cluster, 'TOPIC', ['DELETE'], [name])}`;
  return null;
}

/** One answer a topic; a topic that fails keeps the others from nothing. */
export function deleteTopics({ cluster, clusterId, topics }: Delete): Promise<DeletedTopic[]> {
  return onCluster(cluster, clusterId, async (client) => {
    const answers: DeletedTopic[] = [];
    const line = topics.values();
    const work = async () => {
      for (const one of line) answers.push(await deleteOne(client, one));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return answers;
  });
}

async function deleteOne(client: ClusterClient, one: Delete['topics'][number]): Promise<DeletedTopic> {
  const { topic } = one;
  try {
    await deleteTopic(client, one);
    return { topic, outcome: 'GONE', message: `${topic} is deleted.` };
  } catch (error) {
    if (error instanceof TopicReplaced)
      return {
        topic,
        outcome: 'GONE',
        message: `${topic} is gone; another topic stands under its name by now, and was left alone.`,
      };
    if (!(error instanceof KafkaError)) throw error;
    const later = error.retriable || !(error instanceof ProtocolError);
    return { topic, outcome: later ? 'LATER' : 'REFUSED', message: error.message };
  }
}

async function onCluster<T>(
  cluster: ClusterConfig,
  clusterId: string,
  work: (client: ClusterClient) => Promise<T>,
): Promise<T> {
  const client = clientFor(cluster, 'landbridge-removal');
  try {
    await client.metadata([]);
    if (client.clusterId !== clusterId)
      throw new KafkaError(
        `${cluster.name} now is cluster ${client.clusterId}, not ${clusterId}: nothing is deleted there. Check its bootstrap servers`,
        { retriable: true },
      );
    return await work(client);
  } finally {
    client.close();
  }
}
