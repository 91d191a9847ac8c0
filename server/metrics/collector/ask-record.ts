// One small fetch at groups' commits in partitions of one leader: the time of what each reads next, or that there is nothing to read. Needs Read.
import { type FetchedPartition, type FetchRequest, fetch } from '@/server/kafka/wire/apis/fetch';
import type { Connection } from '@/server/kafka/wire/connection';
import { DecodeError } from '@/server/kafka/wire/errors';
import { type NextRecord, nextRecord } from './first-readable';
import { peekAllBytes, peekMaxBytes, requestTimeoutMs } from './limits';
import type { Peek } from './record-times';

export type PeekAnswer = {
  peek: Peek;
  errorCode: number;
  /** Null: an error, or records in a format that is read no more. */
  next: NextRecord | null;
  lastStable: bigint;
};

/**
 * Brokers answer with a batch that is larger than what was asked for only in the first partition: others are empty then, and have to be
 * asked for first the next time.
 */
export async function askRecords(connection: Connection, peeks: readonly Peek[]): Promise<PeekAnswer[]> {
  const answer = await connection.request(fetch, requestOf(peeks), { timeoutMs: requestTimeoutMs });
  const told = new Map<string, FetchedPartition>();
  for (const { topic, partitions } of answer.topics)
    for (const partition of partitions) told.set(`${topic}/${partition.partition}`, partition);
  return peeks.flatMap((peek) => {
    // By id or by name, as the version has it.
    const fetched =
      told.get(`${peek.topicId}/${peek.partition}`) ?? told.get(`${peek.topic}/${peek.partition}`);
    return fetched ? [answerOf(peek, fetched)] : [];
  });
}

function answerOf(peek: Peek, fetched: FetchedPartition): PeekAnswer {
  const { errorCode, records, aborted, lastStableOffset } = fetched;
  const answer = { peek, errorCode, lastStable: lastStableOffset };
  if (errorCode !== 0) return { ...answer, next: null };
  try {
    return { ...answer, next: nextRecord(records, aborted, peek.offset) };
  } catch (error) {
    if (error instanceof DecodeError) return { ...answer, next: null };
    throw error;
  }
}

function requestOf(peeks: readonly Peek[]): FetchRequest {
  const topics = new Map<string, FetchRequest['topics'][number]>();
  for (const { topic, topicId, partition, offset } of peeks) {
    const of = topics.get(topicId) ?? { topic, topicId, partitions: [] };
    topics.set(topicId, of);
    of.partitions.push({
      ...{ partition, currentLeaderEpoch: -1, fetchOffset: offset },
      ...{ lastFetchedEpoch: -1, maxBytes: peekMaxBytes },
    });
  }
  return {
    ...{ maxWaitMs: 0, minBytes: 0, maxBytes: peekAllBytes, readCommitted: true },
    ...{ sessionId: 0, sessionEpoch: -1, forgotten: [], rack: '' },
    topics: [...topics.values()],
  };
}
