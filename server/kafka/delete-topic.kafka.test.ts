// Deleting a topic for good, on a cluster of three brokers: by its id, until every broker has forgotten it. About 10 s.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, deleteTopic as deleteByName } from '@/harness/topics';
import { clusterConfig } from '@/lib/contracts/cluster';
import { deleteTopic, TopicReplaced } from './delete-topic';
import { clientFor } from './security';
import { metadata } from './wire/apis/metadata';
import type { ClusterClient } from './wire/cluster-client';
import { ErrorCode } from './wire/errors';

const three = suiteCluster({ name: 'deletes', brokers: 3 });
let client: ClusterClient;
beforeAll(() => {
  const bootstrapServers = three().bootstrap.split(',');
  client = clientFor(clusterConfig.parse({ name: 'east', bootstrapServers }), 'delete-test');
});
afterAll(() => client.close());

async function idOf(topic: string): Promise<string> {
  return (await client.metadata([topic])).topics[0]?.topicId ?? 'none';
}

it('returns when no broker knows the topic any more, also for the second who asks', async () => {
  const { bootstrap } = three();
  const topic = uniqueName('gone');
  await createTopic({ bootstrap, topic, partitions: 12, replicationFactor: 2 });
  const topicId = await idOf(topic);
  await deleteTopic(client, { topic, topicId });
  for (const { id } of client.brokers) {
    const connection = await client.connection(id, 'control');
    const { topics } = await connection.request(metadata, { topics: [topic] });
    expect(topics[0]?.errorCode).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  }
  await deleteTopic(client, { topic, topicId });
});

it('leaves a topic alone that somebody has created anew under the name', async () => {
  const { bootstrap } = three();
  const topic = uniqueName('anew');
  await createTopic({ bootstrap, topic });
  const topicId = await idOf(topic);
  await deleteByName({ bootstrap, topic });
  await createTopic({ bootstrap, topic });
  const anew = await idOf(topic);
  await expect(deleteTopic(client, { topic, topicId })).rejects.toThrow(TopicReplaced);
  expect(await idOf(topic)).toBe(anew);
});
