// One small fetch at a group's commit: the time of what it reads next, or that there is nothing to read. Needs Read on the topic.
import { type FetchRequest, fetch } from '@/server/kafka/wire/apis/fetch';
import type { Connection } from '@/server/kafka/wire/connection';
import { type NextRecord, nextRecord } from './first-readable';
import { peekMaxBytes, requestTimeoutMs } from './limits';
import type { Peek } from './record-times';

export type PeekAnswer =
  | { errorCode: 0; next: NextRecord; lastStable: bigint }
  | { errorCode: number; next: null; lastStable: bigint };

/** @throws DecodeError for message formats before v2, other KafkaErrors as the connection does */
export async function askRecord(connection: Connection, peek: Peek): Promise<PeekAnswer> {
  const answer = await connection.request(fetch, requestOf(peek), { timeoutMs: requestTimeoutMs });
  const fetched = answer.topics[0]?.partitions[0];
  if (answer.errorCode !== 0 || !fetched)
    return { errorCode: answer.errorCode || -1, next: null, lastStable: -1n };
  if (fetched.errorCode !== 0) return { errorCode: fetched.errorCode, next: null, lastStable: -1n };
  const next = nextRecord(fetched.records, fetched.aborted, peek.offset);
  return { errorCode: 0, next, lastStable: fetched.lastStableOffset };
}

function requestOf({ topic, topicId, partition, offset }: Peek): FetchRequest {
  const at = {
    ...{ partition, currentLeaderEpoch: -1, fetchOffset: offset },
    ...{ lastFetchedEpoch: -1, maxBytes: peekMaxBytes },
  };
  return {
    ...{ maxWaitMs: 0, minBytes: 0, maxBytes: peekMaxBytes, readCommitted: true },
    ...{ sessionId: 0, sessionEpoch: -1, forgotten: [], rack: '' },
    topics: [{ topic, topicId, partitions: [at] }],
  };
}
