// The metadata quorum as its leader tells it, through any broker: who is how far behind, and what time it is there.
import { type DescribedQuorum, describeQuorum } from '@/server/kafka/wire/apis/describe-quorum';
import type { Connection } from '@/server/kafka/wire/connection';
import { requestTimeoutMs } from './limits';
import type { QuorumReplicaSeen, QuorumSeen } from './sweep';

const NO_DIRECTORY = '0'.repeat(32);

export type QuorumAnswer = { errorCode: number; errorMessage: string | null; quorum: QuorumSeen | null };

export async function askQuorum(connection: Connection, nowMs: () => number): Promise<QuorumAnswer> {
  const askedMs = nowMs();
  const described = await connection.request(describeQuorum, {}, { timeoutMs: requestTimeoutMs });
  const { errorCode, errorMessage } = described;
  const quorum = errorCode === 0 ? quorumOf(described, (askedMs + nowMs()) / 2) : null;
  return { errorCode, errorMessage, quorum };
}

/** @param midMs our clock in the middle between question and answer */
export function quorumOf(described: DescribedQuorum, midMs: number): QuorumSeen {
  const leader = described.voters.find(({ id }) => id === described.leaderId);
  // Of itself the leader says its present time.
  const leaderMs = leader && leader.lastCaughtUpMs >= 0n ? Number(leader.lastCaughtUpMs) : null;
  const replica = (one: DescribedQuorum['voters'][number]): QuorumReplicaSeen => {
    const caughtUpMs = one.lastCaughtUpMs < 0n ? null : Number(one.lastCaughtUpMs);
    const lag =
      leader && one.logEndOffset >= 0n && leader.logEndOffset >= 0n
        ? leader.logEndOffset - one.logEndOffset
        : null;
    const behindMs = caughtUpMs === null || leaderMs === null ? null : leaderMs - caughtUpMs;
    return {
      id: one.id,
      directoryId: one.directoryId === NO_DIRECTORY ? null : one.directoryId,
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
