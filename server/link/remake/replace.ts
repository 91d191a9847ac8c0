// From the deletion on: the old topic goes, what follows is the ordinary set-up of a mirror that has no topic yet.
import { deleteTopic, TopicReplaced } from '@/server/kafka/delete-topic';
import { KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { OperationFailed } from '../ending/interruptions';
import { pendingTransactions } from '../ending/pending-transactions';
import { SourceLooks } from '../ending/source-look';
import { resolveStarts } from '../start-offsets';
import type { Remake } from './remake';
import { findTopic } from './topic-look';

/** @returns false where the old side of a failback has got more since it was compared: nothing was deleted */
export async function deleteOld(remake: Remake): Promise<boolean> {
  const { core, topic, steps } = remake;
  const { old } = remake.work;
  let said = 'There was no topic.';
  if (old) {
    await remake.beginDeleting();
    let grown = false;
    await remake.until('DELETE', async () => {
      grown = await hasGrown(remake, old.topicId);
      if (!grown) said = await deleted(remake, old.topicId);
      return null;
    });
    if (grown) return false;
    const before = { id: old.topicId, partitions: String(old.partitions), offsets: old.offsets };
    core.ports.wrote({ what: 'TOPIC_DELETED', items: [{ topic: topic.name, before, after: {} }] });
  }
  await remake.until('DELETE', async () => {
    const starts = remake.kind === 'FAILBACK' ? await startsOf(remake) : null;
    await remake.clear(remake.work, { created: false, starts });
    return null;
  });
  if (old) steps.done('DELETE', said);
  else steps.skip('DELETE', said);
  return true;
}

/**
 * The engine that has decided it may have died long ago, or a broker was away: what came since was neither counted nor saved. A transaction that was begun
 * since has to end first, also where it has written nothing yet: its marker would come to the topic that takes the name.
 */
async function hasGrown({ core, topic, work }: Remake, topicId: string): Promise<boolean> {
  const { parting } = work;
  const { destination } = core.context;
  if (!parting) return false;
  const found = await findTopic(destination, topic.name);
  if (found?.topicId !== topicId) return false;
  const { partitions, ends } = await new SourceLooks(destination).look(topic.name);
  if (ends.size < partitions)
    throw new KafkaError(`the ends of ${topic.name} on ${destination.name} can't be read`, {
      retriable: true,
    });
  const longer = [...ends].some(
    ([index, { logEnd }]) => String(logEnd) !== parting.find(({ partition }) => partition === index)?.end,
  );
  return longer || (await pendingTransactions(destination, topic.name)).length > 0;
}

async function deleted({ core, topic }: Remake, topicId: string): Promise<string> {
  try {
    await deleteTopic(core.context.destination, { topic: topic.name, topicId });
    return `No broker of ${core.desired.destination.name} knows it any more.`;
  } catch (error) {
    // Ours is gone. What came in its place is judged by the set-up: an empty topic is taken, another one is refused.
    if (error instanceof TopicReplaced)
      return 'It is gone, and somebody has created another one of its name meanwhile.';
    if (error instanceof ProtocolError && !error.retriable)
      throw new OperationFailed(`It could not be deleted, and stays as it is: ${error.message}.`);
    throw error;
  }
}

/** All that the other side has, whatever the link's own setting says of new mirrors. */
async function startsOf({ core, topic }: Remake): Promise<Record<string, string>> {
  const { source } = core.context;
  const found = await findTopic(source, topic.desired.sourceTopic);
  if (!found)
    throw new OperationFailed(
      `${topic.desired.sourceTopic} is gone from ${source.name}: nothing can be mirrored.`,
    );
  return resolveStarts(source, found, 'earliest');
}

export async function createAnew(remake: Remake): Promise<void> {
  const { core, steps } = remake;
  await remake.until('CREATE', async () => {
    if (!remake.cleared) {
      const waits = await unsafe(remake);
      if (waits !== null) return waits;
      remake.cleared = true;
      core.context.refreshMetadata();
    }
    const { topic } = remake;
    if (topic.phase === 'FAILED')
      throw new OperationFailed(topic.message ?? 'The topic could not be set up.');
    if (topic.phase === 'READY') return null;
    if (core.paused || topic.desired.paused) return 'Paused: nothing is created before it is resumed.';
    return topic.message ?? 'Waiting for the topic and its leaders.';
  });
  steps.done('CREATE', `${remake.topic.partitions.length} partitions.`);
}

/** What was sent for the old topic carries its name only: until it is certain not to come any more, the name stays free. */
async function unsafe({ core, topic }: Remake): Promise<string | null> {
  if (topic.desired.created) return null;
  await core.context.identity.raise(performance.now());
  const earlier = core.previousStoppedClean() ? 0 : core.startedMs + core.context.tuning.unknownFateWaitMs;
  const leftMs = Math.max(earlier, core.lateUntilMs.get(topic.name) ?? 0) - performance.now();
  if (leftMs <= 0) return null;
  return `What an engine has sent for the old topic may still arrive for ${Math.ceil(leftMs / 1000)} s; the name is free until then.`;
}

export async function untilMirrored(remake: Remake): Promise<void> {
  await remake.until('MIRROR', async () => {
    const { partitions } = remake.topic;
    const failed = partitions.find(({ mode }) => mode === 'FAILED');
    if (failed) throw new OperationFailed(failed.message ?? `Partition ${failed.index} has failed.`);
    const waiting = partitions.filter(({ mode, headDone }) => mode !== 'RUNNING' || !headDone);
    if (waiting.length === 0) return null;
    const [first] = waiting;
    return first?.message ?? `${waiting.length} of ${partitions.length} partitions do not mirror yet.`;
  });
  remake.steps.done('MIRROR');
}
