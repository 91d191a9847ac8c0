// What was filled in front of a mirror's start is visible until it is deleted: no topic is handed over with it.
import { deleteRecords } from '@/server/kafka/wire/apis/delete-records';
import { ErrorCode, errorName } from '@/server/kafka/wire/errors';
import type { MirrorPartition } from '../partition';
import type { Ending } from './ending';

const TIMEOUT_MS = 20_000;

/** @returns null when nothing of it is left, otherwise what it waits for. @throws KafkaError */
export async function clearHead(ending: Ending, partition: MirrorPartition): Promise<string | null> {
  const { core, topic, parts } = ending;
  const start = BigInt(topic.desired.starts?.[String(partition.index)] ?? '0');
  const wanted = start < partition.acked ? start : partition.acked;
  if (partition.mirrorStart >= wanted) return null;
  const connection = await core.context.destination.connection(partition.mirrorLeader, 'control');
  const [answer] = await connection.request(deleteRecords, {
    topics: [{ topic: topic.name, partitions: [{ partition: partition.index, offset: wanted }] }],
    timeoutMs: TIMEOUT_MS,
  });
  const code = answer?.errorCode ?? ErrorCode.NOT_LEADER_OR_FOLLOWER;
  if (answer && code === 0) {
    partition.mirrorStart = answer.lowWatermark;
    return answer.lowWatermark >= wanted ? null : 'filled offsets in front of its start are being deleted';
  }
  if (code === ErrorCode.POLICY_VIOLATION) {
    // Set anew: the policy was set back by a person, or by an engine before this one.
    topic.deletable = false;
    await parts.heads.makeDeletable(topic);
    return 'filled offsets in front of its start are being deleted';
  }
  return `filled offsets in front of its start can't be deleted (${errorName(code)}); the link's principal needs DELETE on the topic`;
}
