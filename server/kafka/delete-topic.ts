// Deletes one topic for good: only the one with the id that was looked at, and not before every broker has forgotten it. What is created
// afterwards under its name is another topic.
import { deleteTopics } from './wire/apis/delete-topics';
import { metadata, NO_TOPIC_ID } from './wire/apis/metadata';
import type { ClusterClient } from './wire/cluster-client';
import { ErrorCode, errorName, KafkaError, ProtocolError } from './wire/errors';

const DELETE_TIMEOUT_MS = 30_000;
/** A broker that has not heard of the deletion by then is named, and it is tried again. */
const GONE_LIMIT_MS = 30_000;
const GONE_LOOK_MS = 50;

/** Another topic stands under the name: it is nobody's to delete here. */
export class TopicReplaced extends KafkaError {
  override name = 'TopicReplaced';
}

/**
 * Returns once no broker knows the topic any more; also where it was gone before. May be called again after whatever went wrong.
 * @throws TopicReplaced when a topic with another id stands under the name; nothing is deleted then
 * @throws ProtocolError with the broker's reason, such as a missing right; KafkaError when trying again may help
 */
export async function deleteTopic(
  client: ClusterClient,
  { topic, topicId }: { topic: string; topicId: string },
): Promise<void> {
  if (topicId === NO_TOPIC_ID)
    throw new KafkaError(`${client.name} gives its topics no ids: ${topic} can't be deleted safely by name`, {
      retriable: false,
    });
  const found = await client.metadata([topic]);
  const present = found.topics.find(({ name }) => name === topic);
  if (present && present.errorCode === 0) {
    if (present.topicId !== topicId) throw replaced(client, topic, topicId, present.topicId);
    await ask(client, found.controllerId, topic, topicId);
  } else if (present && present.errorCode !== ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    throw new ProtocolError(present.errorCode, client.name, 'Metadata', topic);
  await untilGone(client, topic, topicId);
}

async function ask(client: ClusterClient, controllerId: number, topic: string, topicId: string) {
  // With ZooKeeper only the controller does it; with KRaft whoever is asked passes it on.
  const known = client.brokers.some(({ id }) => id === controllerId);
  const connection = known ? await client.connection(controllerId, 'control') : await client.anyConnection();
  const [answer] = await connection.request(
    deleteTopics,
    { topicIds: [topicId], timeoutMs: DELETE_TIMEOUT_MS },
    { timeoutMs: DELETE_TIMEOUT_MS + 5_000 },
  );
  const code = answer?.errorCode ?? -1;
  // It is gone already: by an earlier call of unknown fate, or by somebody else.
  if (code === 0 || code === ErrorCode.UNKNOWN_TOPIC_ID || code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
    return;
  const said = answer?.errorMessage ? `${topic}: ${answer.errorMessage}` : topic;
  throw new ProtocolError(code, connection.where, 'DeleteTopics', said);
}

/** Every broker is asked by itself: one that has not heard of it yet would take records for the old topic, or tell a client of it. */
async function untilGone(client: ClusterClient, topic: string, topicId: string): Promise<void> {
  const limitMs = performance.now() + GONE_LIMIT_MS;
  let waiting = client.brokers.map(({ id }) => id);
  for (;;) {
    const knows = await Promise.all(waiting.map((id) => stillKnows(client, id, topic, topicId)));
    waiting = waiting.filter((_, index) => knows[index]);
    if (waiting.length === 0) return;
    if (performance.now() > limitMs)
      throw new KafkaError(
        `${topic} is deleted, but ${client.where(waiting[0] as number)} still names it after ${GONE_LIMIT_MS / 1000} s`,
        { retriable: true },
      );
    await new Promise((resolve) => setTimeout(resolve, GONE_LOOK_MS));
  }
}

/** @throws TopicReplaced, KafkaError when the broker doesn't answer */
async function stillKnows(client: ClusterClient, id: number, topic: string, topicId: string) {
  const connection = await client.connection(id, 'control');
  const { topics } = await connection.request(metadata, { topics: [topic] });
  const found = topics.find(({ name }) => name === topic);
  if (!found || found.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return false;
  if (found.errorCode !== 0 && found.topicId === NO_TOPIC_ID)
    throw new KafkaError(`${connection.where} says ${errorName(found.errorCode)} of ${topic}`, {
      retriable: true,
    });
  if (found.topicId !== topicId) throw replaced(client, topic, topicId, found.topicId);
  return true;
}

const replaced = (client: ClusterClient, topic: string, wanted: string, found: string) =>
  new TopicReplaced(
    `${topic} on ${client.name} is another topic than the one to be deleted (id ${wanted} → ${found}): somebody has created it anew`,
    { retriable: false },
  );
