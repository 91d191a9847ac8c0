// The metadata quorum as its leader tells it, through any broker: who is how far behind, and what time it is there.
import { type DescribedQuorum, describeQuorum } from '@/server/kafka/wire/apis/describe-quorum';
import type { Connection } from '@/server/kafka/wire/connection';
import { requestTimeoutMs } from './limits';
import type { QuorumReplicaSeen, QuorumSeen } from './sweep';

const NO_DIRECTORY = '0'.repeat(32);

export type QuorumAnswer = { errorCode: number; errorMessage: string | null; quorum: QuorumSeen | null };

/** @param before as it was seen the last time */
export async function askQuorum(
  connection: Connection,
  nowMs: () => number,
  before: QuorumSeen | null,
): Promise<QuorumAnswer> {
  const askedMs = nowMs();
  const described = await connection.request(describeQuorum, {}, { timeoutMs: requestTimeoutMs });
  const { errorCode, errorMessage } = described;
  const quorum = errorCode === 0 ? quorumOf(described, (askedMs + nowMs()) / 2, before) : null;
  return { errorCode, errorMessage, quorum };
}

/**
 * A leader knows nothing of who has not fetched from it, such as the leader before it that died: of that one, what was seen before still holds.
 *
 * @param midMs our clock in the middle between question and answer
 */
export function quorumOf(described: DescribedQuorum, midMs: number, before: QuorumSeen | null): QuorumSeen {
  const known = new Map(
    [...(before?.observers ?? []), ...(before?.voters ?? [])].map((one) => [keyOf(one), one]),
  );
  const leader = described.voters.find(({ id }) => id === described.leaderId);
  // Of itself the leader says its present time.
  const leaderMs = leader && leader.lastCaughtUpMs >= 0n ? Number(leader.lastCaughtUpMs) : null;
  const replica = (one: DescribedQuorum['voters'][number]): QuorumReplicaSeen => {
    const directoryId = one.directoryId === NO_DIRECTORY ? null : one.directoryId;
    const caughtUpMs =
      one.lastCaughtUpMs >= 0n
        ? Number(one.lastCaughtUpMs)
        : (known.get(keyOf({ id: one.id, directoryId }))?.lastCaughtUpMs ?? null);
    const lag =
      leader && one.logEndOffset >= 0n && leader.logEndOffset >= 0n
        ? leader.logEndOffset - one.logEndOffset
        : null;
    const behindMs = caughtUpMs === null || leaderMs === null ? null : leaderMs - caughtUpMs;
    return {
      id: one.id,
      directoryId,
      logEndOffset: one.logEndOffset,
      lag: lag !== null && lag < 0n ? 0n : lag,
      lastFetchMs: one.lastFetchMs < 0n ? null : Number(one.lastFetchMs),
      lastCaughtUpMs: caughtUpMs,
      behindSeconds: behindMs === null ? null : Math.max(0, behindMs / 1000),
    };
  };
  return {
    leader: described.leaderId,
    epoch: described.leaderEpoch,
    highWatermark: described.highWatermark,
    voters: described.voters.map(replica),
    observers: described.observers.map(replica),
    clockOffsetMs: leaderMs === null ? null : leaderMs - midMs,
  };
}

const keyOf = ({ id, directoryId }: Pick<QuorumReplicaSeen, 'id' | 'directoryId'>) => `${id}/${directoryId}`;
