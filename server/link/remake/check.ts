// The first step: whatever would keep the topic from being made anew is found while it still stands.
import type { OldTopicLook } from '@/lib/contracts/remake';
import { OperationFailed } from '../ending/interruptions';
import { destinationSide, sourceSide } from './looks';
import type { Remake } from './remake';
import { findTopic, lookAtTopic, requireLeaders } from './topic-look';

/** @throws OperationFailed; nothing has been changed then */
export async function checkBefore(remake: Remake): Promise<void> {
  const { core, topic, steps } = remake;
  await remake.until('CHECK', async () => {
    if (core.paused || topic.desired.paused)
      return `${core.paused ? `Link ${core.desired.name}` : 'The mirror'} is paused: nothing is created before it is resumed.`;
    const { sourceTopic } = topic.desired;
    const { client } = sourceSide(core);
    const source = await findTopic(client, sourceTopic);
    if (!source)
      throw new OperationFailed(
        `${sourceTopic} does not exist on ${client.name}: there is nothing to mirror. Nothing was deleted.`,
      );
    requireLeaders(client, source);
    const look = await lookAtTopic(destinationSide(core), topic.name);
    requireThat(remake, look);
    remake.work = { ...remake.work, old: look && oldOf(look) };
    const found = look
      ? `${look.partitions} partitions, ${look.offsets} offsets, id ${look.topicId}`
      : `There is no topic ${topic.name} to delete`;
    steps.done('CHECK', `${found}.`);
    return null;
  });
}

function requireThat({ core, topic, wish }: Remake, look: OldTopicLook | null): void {
  const cluster = core.desired.destination.name;
  const { request } = wish;
  if (!look) return;
  if (look.topicId !== request.topicId)
    throw new OperationFailed(
      `${topic.name} on ${cluster} is not the topic that was looked at (id ${request.topicId ?? 'none'}, now ${look.topicId}): somebody has created it anew. Nothing was deleted; look at it, and ask again.`,
    );
  if (look.rightsMissing) throw new OperationFailed(`${look.rightsMissing} Nothing was deleted.`);
  if (look.activeGroups.length > 0 && request.options.activeGroups === 'refuse')
    throw new OperationFailed(
      `Consumers of ${topic.name} are active on ${cluster}, in the groups ${look.activeGroups.join(', ')}. Nothing was deleted; stop them, or ask again and say that they do not matter.`,
    );
  const brokers = core.context.destination.brokers.length;
  const wanted = topic.desired.options.replicationFactor ?? 1;
  if (brokers < wanted)
    throw new OperationFailed(
      `${cluster} has ${brokers} brokers now, and the topic is to have ${wanted} replicas: it could not be created. Nothing was deleted.`,
    );
}

const oldOf = ({ topicId, partitions, replicationFactor, offsets }: OldTopicLook) => ({
  ...{ topicId, partitions, replicationFactor, offsets },
});
