// How far mirror partitions safely are, asked of their leaders now: what committed offsets may name. Or why nothing may be committed for one.
import {
  listOffsets,
  OFFSET_EARLIEST,
  OFFSET_LATEST,
  REPLICA_CONSUMER,
} from '@/server/kafka/wire/apis/list-offsets';
import { errorName } from '@/server/kafka/wire/errors';
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import type { MirrorPartition } from '../partition';
import { groupByTopic } from '../partition-groups';
import { placeKey } from './group-memory';
import type { Bounds, BoundsOf } from './group-plan';

/** @param final the mirror is being stopped: what can be read of it counts, whatever state it is in */
export async function mirrorBounds(
  core: LinkCore,
  topics: Iterable<MirrorTopic>,
  { final }: { final: boolean },
): Promise<BoundsOf> {
  const bounds = new Map<string, Bounds | string>();
  const byLeader = new Map<number, MirrorPartition[]>();
  for (const topic of topics)
    for (const partition of topic.partitions) {
      const why = final ? null : notReady(topic, partition);
      if (why !== null) bounds.set(partition.name, why);
      else if (partition.mirrorLeader < 0)
        bounds.set(
          partition.name,
          `${partition.topic} partition ${partition.index} has no leader on the destination.`,
        );
      else {
        const led = byLeader.get(partition.mirrorLeader);
        if (led) led.push(partition);
        else byLeader.set(partition.mirrorLeader, [partition]);
      }
    }
  await Promise.all(
    [...byLeader].map(async ([broker, partitions]) => {
      try {
        for (const [name, found] of await ask(core, broker, partitions)) bounds.set(name, found);
      } catch (error) {
        for (const { name } of partitions)
          if (!bounds.has(name))
            bounds.set(name, `Where the mirror ends is not known: ${(error as Error).message}.`);
      }
    }),
  );
  return (topic, partition) =>
    bounds.get(placeKey(topic, partition)) ?? `The mirror topic ${topic} has no partition ${partition} yet.`;
}

function notReady(topic: MirrorTopic, partition: MirrorPartition): string | null {
  if (topic.phase === 'FAILED' || partition.mode === 'FAILED')
    return `The mirror ${topic.name} has failed: its offsets may not be the source's any more.`;
  if (!partition.headDone)
    return `${partition.topic} partition ${partition.index} is not ready to be read yet.`;
  return null;
}

async function ask(
  core: LinkCore,
  broker: number,
  partitions: MirrorPartition[],
): Promise<Map<string, Bounds | string>> {
  const connection = await core.context.destination.connection(broker, 'groups');
  const at = async (timestamp: bigint) => {
    const topics = groupByTopic(partitions, (p) => ({
      partition: p.index,
      currentLeaderEpoch: -1,
      timestamp,
    }));
    const answers = await connection.request(listOffsets, {
      replicaId: REPLICA_CONSUMER,
      readCommitted: false,
      topics,
    });
    return new Map(answers.map((answer) => [placeKey(answer.topic, answer.partition), answer]));
  };
  // The end first: a start that moves in between makes the range smaller, never wrong.
  const ends = await at(OFFSET_LATEST);
  const starts = await at(OFFSET_EARLIEST);
  return new Map(
    partitions.map((partition): [string, Bounds | string] => {
      const [end, start] = [ends.get(partition.name), starts.get(partition.name)];
      const code = end?.errorCode || start?.errorCode || 0;
      if (!end || !start || code !== 0)
        return [
          partition.name,
          `Where ${partition.topic} partition ${partition.index} ends is not known (${errorName(code)}).`,
        ];
      // In front of its start a mirror holds fillers for a while.
      const first = start.offset > partition.start ? start.offset : partition.start;
      return [partition.name, { start: first, end: end.offset }];
    }),
  );
}
