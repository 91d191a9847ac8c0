// Finds out where the mirror partitions of one destination broker really stand. The rule: believe the log only when it holds still, all of it is safe,
// and one leader said so twice; then go on behind it under a raised epoch.
import { type ActiveProducer, describeProducers } from '@/server/kafka/wire/apis/describe-producers';
import {
  listOffsets,
  OFFSET_EARLIEST,
  OFFSET_LATEST,
  REPLICA_CONSUMER,
  REPLICA_DEBUG,
} from '@/server/kafka/wire/apis/list-offsets';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode, errorName } from '@/server/kafka/wire/errors';
import { nextSequence } from '@/server/kafka/wire/record-batch';
import { STABLE_LOOK_MS } from './defaults';
import type { LinkContext } from './link-context';
import type { MirrorPartition, PartitionMode } from './partition';
import { groupByTopic } from './partition-groups';

/** What a leader says of one partition. */
export type LogView = {
  errorCode: number;
  leaderEpoch: number;
  start: bigint;
  end: bigint;
  highWatermark: bigint;
  own: ActiveProducer | null;
  /** DescribeProducers needs READ on the topic; without it nothing is known of sequences. */
  producersKnown: boolean;
};

/**
 * Recovers partitions of one leader. Those that hold still get their positions and identity; the others are left in their mode.
 * @param mode RECOVERING, or ENDING where a mirror is being stopped: partitions in another one by then are left alone
 * @returns partitions that now know where they stand, and for the rest why not
 */
export async function recoverOnBroker(
  link: LinkContext,
  brokerId: number,
  partitions: MirrorPartition[],
  mode: PartitionMode = 'RECOVERING',
): Promise<{ recovered: MirrorPartition[]; failed: Map<MirrorPartition, string> }> {
  const generations = new Map(partitions.map((p) => [p, p.generation]));
  const beganMs = performance.now();
  const connection = await link.destination.connection(brokerId, 'control');
  const first = await look(connection, partitions, link.identity.producerId);
  await new Promise((resolve) => setTimeout(resolve, STABLE_LOOK_MS));
  // Raised between the looks: the second one is made under the identity that goes on.
  await link.identity.raise(beganMs);
  await link.takeOverFills();
  const lookedAtMs = performance.now();
  const second = await look(connection, partitions, link.identity.producerId);

  const recovered: MirrorPartition[] = [];
  const failed = new Map<MirrorPartition, string>();
  for (const partition of partitions) {
    if (generations.get(partition) !== partition.generation || partition.mode !== mode) continue;
    const reason =
      partition.mirrorLeader === brokerId
        ? unstable(first.get(partition), second.get(partition))
        : 'the leader changed';
    if (reason) failed.set(partition, reason);
    else {
      adopt(link, partition, second.get(partition) as LogView, lookedAtMs);
      recovered.push(partition);
    }
  }
  return { recovered, failed };
}

function unstable(a: LogView | undefined, b: LogView | undefined): string | null {
  if (!a || !b) return 'the leader left the partition out of its answer';
  if (a.errorCode !== 0 || b.errorCode !== 0) return errorName(a.errorCode || b.errorCode);
  if (a.leaderEpoch !== b.leaderEpoch) return 'the leader changed';
  if (a.end !== b.end) return `the log still moves (${a.end} → ${b.end})`;
  if (b.highWatermark !== b.end)
    return `its end ${b.end} is not yet on all in-sync replicas (${b.highWatermark})`;
  if (a.own && b.own && a.own.lastSequence !== b.own.lastSequence) return 'its last sequence still moves';
  return null;
}

function adopt(link: LinkContext, partition: MirrorPartition, view: LogView, lookedAtMs: number): void {
  partition.lookedAt(lookedAtMs);
  partition.mirrorLeaderEpoch = view.leaderEpoch;
  partition.mirrorStart = view.start;
  partition.mirrorHighWatermark = view.highWatermark;
  partition.placed = true;
  if (partition.takenUpAt === null || view.end < partition.takenUpAt) partition.takenUpAt = view.end;
  partition.acked = view.end;
  partition.sent = view.end;
  partition.planned = view.end;
  partition.fetchOffset = view.end;
  partition.targetEpoch = link.identity.epoch;
  partition.producerId = link.identity.producerId;
  partition.alone = true;
  partition.filling = false;
  if (view.own) {
    partition.listed = true;
    partition.epoch = view.own.producerEpoch;
    partition.sequence = view.own.lastSequence < 0 ? 0 : nextSequence(view.own.lastSequence, 1);
    partition.newestTimestamp = view.own.lastTimestamp;
  } else {
    partition.listed = false;
    partition.epoch = -1;
    partition.sequence = 0;
    partition.newestTimestamp = -1n;
  }
}

/** One look at partitions of a broker: ends as seen by the leader's log and by consumers, start, producers; pipelined, in this order. */
export async function look(
  connection: Connection,
  partitions: MirrorPartition[],
  producerId: bigint,
): Promise<Map<MirrorPartition, LogView>> {
  const at = (timestamp: bigint) =>
    groupByTopic(partitions, (p) => ({
      partition: p.index,
      currentLeaderEpoch: p.mirrorLeaderEpoch,
      timestamp,
    }));
  const [ends, safe, starts, producers] = await Promise.all([
    connection.request(listOffsets, {
      replicaId: REPLICA_DEBUG,
      readCommitted: false,
      topics: at(OFFSET_LATEST),
    }),
    connection.request(listOffsets, {
      replicaId: REPLICA_CONSUMER,
      readCommitted: false,
      topics: at(OFFSET_LATEST),
    }),
    connection.request(listOffsets, {
      replicaId: REPLICA_CONSUMER,
      readCommitted: false,
      topics: at(OFFSET_EARLIEST),
    }),
    connection.request(describeProducers, { topics: groupByTopic(partitions, (p) => p.index) }),
  ]);
  const index = <T extends { topic: string; partition: number }>(answers: T[]) =>
    new Map(answers.map((a) => [`${a.topic}-${a.partition}`, a]));
  const [endOf, safeOf, startOf, producersOf] = [index(ends), index(safe), index(starts), index(producers)];
  const views = new Map<MirrorPartition, LogView>();
  for (const partition of partitions) {
    const end = endOf.get(partition.name);
    const highWatermark = safeOf.get(partition.name);
    const start = startOf.get(partition.name);
    const known = producersOf.get(partition.name);
    if (!end || !highWatermark || !start || !known) continue;
    const producersKnown = known.errorCode === 0;
    const producerError = known.errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED ? 0 : known.errorCode;
    views.set(partition, {
      errorCode: end.errorCode || highWatermark.errorCode || start.errorCode || producerError,
      leaderEpoch:
        end.leaderEpoch >= 0
          ? Math.max(end.leaderEpoch, partition.mirrorLeaderEpoch)
          : partition.mirrorLeaderEpoch,
      start: start.offset,
      end: end.offset,
      highWatermark: highWatermark.offset,
      own: known.producers.find((p) => p.producerId === producerId) ?? null,
      producersKnown,
    });
  }
  return views;
}
