// Failback: finds out by reading whether the old side has diverged. Where it has not, it stays and is mirrored on; otherwise what only it has may be
// saved before it is deleted.
import type { PartingPartition } from '@/lib/contracts/remake';
import { adopt } from '../adoption';
import { OperationFailed } from '../ending/interruptions';
import { SourceLooks } from '../ending/source-look';
import { MirrorRefused } from '../mirror-refused';
import { resolveStarts } from '../start-offsets';
import { isOutOfRange } from '../verify/read-pair';
import { anyCompacted, destinationSide, partingsOf, sourceSide } from './looks';
import { movedPartitions, type Quiet } from './quiet';
import type { Remake } from './remake';
import { saveDiverged } from './save';
import { findTopic, groupsOn, type TopicSide } from './topic-look';

/** @returns true where nothing is to be deleted: there is no topic, or it is an exact prefix of the one that took its place */
export async function compareSides(remake: Remake, quiet: Quiet): Promise<boolean> {
  const { core, topic, steps } = remake;
  if (!quiet) {
    steps.skip('COMPARE', 'There is nothing to compare.');
    steps.skip('SAVE', 'There is nothing to save.');
    return true;
  }
  let stays = false;
  await remake.until('COMPARE', async () => {
    const [old, other] = [destinationSide(core), sourceSide(core)];
    const { sourceTopic } = topic.desired;
    const [oldTopic, otherTopic] = await Promise.all([
      findTopic(old.client, topic.name),
      findTopic(other.client, sourceTopic),
    ]);
    if (!oldTopic || !otherTopic)
      throw new OperationFailed('One of the two topics is gone. Nothing was deleted by this operation.');
    const compacted = await anyCompacted(old, topic.name, other, sourceTopic);
    const parting = await partingsOf(
      { ...old, topic: oldTopic },
      { ...other, topic: otherTopic },
      remake.wish.request.ends,
      {
        compacted,
        untilMs: Number.POSITIVE_INFINITY,
        said: (partition) => {
          remake.check();
          steps.say('COMPARE', `Reading partition ${partition} of ${oldTopic.partitions.length}.`);
        },
      },
    );
    const diverged = parting.filter(({ parted }) => parted !== null);
    if (diverged.length > 0) {
      remake.work = { ...remake.work, parting };
      steps.done('COMPARE', partedText(diverged));
      return null;
    }
    steps.say('COMPARE', 'No record differs; reading both sides as a whole, to be sure.');
    const sides = { source: other.client, destination: old.client };
    const mirror = topic.desired;
    const exact = await adopt(sides, mirror, otherTopic, oldTopic, compacted).catch((error: unknown) => {
      if (error instanceof MirrorRefused) return error.message;
      throw error;
    });
    if (typeof exact === 'string') {
      // Not a record is lost by it: what keeps it from staying is hidden from consumers at read_committed.
      remake.work = { ...remake.work, parting };
      steps.done('COMPARE', `No record differs, but it cannot stay as it is: ${exact}`);
      return null;
    }
    await handGroupsOver(remake);
    const starts = { ...(await resolveStarts(other.client, otherTopic, 'earliest')), ...exact };
    await remake.clear({ ...remake.work, parting }, { created: true, starts });
    steps.done(
      'COMPARE',
      'It is an exact prefix of the topic that took its place: it stays, and nothing is copied.',
    );
    steps.skip('SAVE', 'Nothing has diverged.');
    steps.skip('DELETE', 'It stays.');
    stays = true;
    return null;
  });
  return stays;
}

/** @returns false where the old side was written to since it was compared: all of it is done again */
export async function saveSide(remake: Remake, quiet: Quiet): Promise<boolean> {
  const { core, topic, steps, wish } = remake;
  const { saveTo, options } = wish.request;
  const parting = remake.work.parting ?? [];
  const diverged = parting.some(({ records }) => records !== null && records !== '0');
  if (!options.save || saveTo === null) steps.skip('SAVE', 'Not asked for.');
  else if (!diverged) steps.skip('SAVE', 'No record has diverged.');
  else {
    await remake.until('SAVE', async () => {
      const [from, to] = [destinationSide(core), sourceSide(core)];
      const replicationFactor = await replicasOf(to, topic.desired.sourceTopic);
      const compacted = await anyCompacted(from, topic.name, to, topic.desired.sourceTopic);
      const records = await saveDiverged({
        from: { ...from, topic: topic.name },
        to: { ...to, topic: saveTo, replicationFactor },
        ...{ partings: parting, compacted },
        check: () => remake.check(),
        said: (text) => steps.say('SAVE', text),
      }).catch((error: unknown) => {
        if (!isOutOfRange(error)) throw error;
        throw new OperationFailed(
          `Retention has taken records of ${topic.name} on ${from.client.name} while they were saved (${(error as Error).message}). Nothing was deleted by this operation: set its retention.ms to -1 until you have failed back, delete ${saveTo}, and ask again.`,
        );
      });
      requireAll(parting, records, saveTo);
      remake.work = { ...remake.work, saved: { topic: saveTo, records: String(records) } };
      await remake.persist(null, null);
      steps.done('SAVE', `${records} records, in ${saveTo} on ${to.client.name}.`);
      return null;
    });
  }
  const now = await new SourceLooks(core.context.destination).look(topic.name);
  return quiet !== null && movedPartitions(quiet, now).length === 0;
}

async function replicasOf({ client }: TopicSide, name: string): Promise<number> {
  const found = await findTopic(client, name);
  return Math.max(1, ...(found?.partitions ?? []).map(({ replicas }) => replicas.length));
}

/** More than was counted would mean that something was copied twice, less that something is missing: neither may go unnoticed. */
function requireAll(parting: readonly PartingPartition[], saved: bigint, saveTo: string): void {
  const counted = parting.reduce((sum, { records }) => sum + BigInt(records ?? 0), 0n);
  if (saved >= counted) return;
  throw new OperationFailed(
    `${saveTo} holds ${saved} records, and ${counted} have diverged. Nothing was deleted; delete ${saveTo} and ask again.`,
  );
}

function partedText(diverged: readonly PartingPartition[]): string {
  const named = diverged
    .slice(0, 5)
    .map(
      ({ partition, parted, records }) => `partition ${partition} from offset ${parted} (${records} records)`,
    );
  const more = diverged.length > named.length ? `; ${diverged.length - named.length} more partitions` : '';
  return `Parted: ${named.join('; ')}${more}.`;
}

/** Groups moved over with the failover: where they stood here is history, and may be overwritten once by where they stand now. */
async function handGroupsOver({ core, topic, operationId }: Remake): Promise<void> {
  const { settings, destination } = core.context;
  if (!settings['consumer.offset.sync.enable'] || settings['consumer.group.prefix.enable']) return;
  await core.groupsStood(topic.name, operationId, await groupsOn(destination, topic.name));
}
