// What a principal may do with topics that do not exist yet. Brokers look at rights before they look for the partition, so calls to one that can't exist tell.

import type { AclOperation } from '@/lib/contracts/rights';
import { alterTopicConfigs } from '@/server/kafka/wire/apis/alter-configs';
import { deleteRecords } from '@/server/kafka/wire/apis/delete-records';
import { describeProducers } from '@/server/kafka/wire/apis/describe-producers';
import { produce } from '@/server/kafka/wire/apis/produce';
import { Codec } from '@/server/kafka/wire/compression';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { buildFiller } from '@/server/kafka/wire/record-batch';
import { NO_PARTITION } from './markers';

const TIMEOUT_MS = 10_000;
/** Topics in one request: requests and answers stay small. */
const TOPICS_AT_ONCE = 500;

/** @returns the operations that are refused, by topic; changes nothing, also where a topic comes into being meanwhile */
export async function refusedOperations(
  connection: Connection,
  names: readonly string[],
): Promise<Map<string, AclOperation[]>> {
  const refused = new Map<string, AclOperation[]>(names.map((name) => [name, []]));
  for (let at = 0; at < names.length; at += TOPICS_AT_ONCE)
    await probe(connection, names.slice(at, at + TOPICS_AT_ONCE), refused);
  return refused;
}

async function probe(
  connection: Connection,
  names: readonly string[],
  refused: Map<string, AclOperation[]>,
): Promise<void> {
  const records = buildFiller(1, 0n, Codec.NONE);
  const partitionsOf = <T>(partition: T) => names.map((topic) => ({ topic, partitions: [partition] }));
  const configs = names.map((topic) => ({ topic, configs: { 'retention.ms': '-1' } }));
  const [read, written, deleted, configured] = await Promise.all([
    connection.request(describeProducers, { topics: partitionsOf(NO_PARTITION) }),
    connection.request(produce, {
      acks: 1,
      timeoutMs: TIMEOUT_MS,
      topics: partitionsOf({ partition: NO_PARTITION, records }),
    }),
    connection.request(deleteRecords, {
      topics: partitionsOf({ partition: NO_PARTITION, offset: 0n }),
      timeoutMs: TIMEOUT_MS,
    }),
    connection.request(alterTopicConfigs, { topics: configs, validateOnly: true }),
  ]);
  const note = (operation: AclOperation, answers: { topic: string; errorCode: number }[]) => {
    for (const { topic, errorCode } of answers)
      if (errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED) refused.get(topic)?.push(operation);
  };
  note('WRITE', written);
  note('READ', read);
  note('DELETE', deleted);
  note('ALTER_CONFIGS', configured);
}
