// Transactions that are open, as their coordinators tell, and who holds a partition's last stable offset back.
import type { OpenTransaction } from '@/lib/contracts/monitoring/cluster-summary';
import { describeProducers } from '@/server/kafka/wire/apis/describe-producers';
import { listTransactions } from '@/server/kafka/wire/apis/list-transactions';
import { describeTransactions } from '@/server/kafka/wire/apis/producer-id';
import type { Connection } from '@/server/kafka/wire/connection';
import { requestTimeoutMs, transactionsARequest } from './limits';

const OPEN_STATES = ['Ongoing', 'PrepareCommit', 'PrepareAbort'];

/** Those that one broker coordinates. What is described of them is of a moment later: one that has ended by then is left out. */
export async function askTransactions(
  connection: Connection,
  coordinator: number,
): Promise<{ errorCode: number; open: OpenTransaction[] }> {
  const limit = { timeoutMs: requestTimeoutMs };
  const listed = await connection.request(listTransactions, { states: OPEN_STATES }, limit);
  const open: OpenTransaction[] = [];
  for (let at = 0; at < listed.transactions.length; at += transactionsARequest) {
    const some = listed.transactions.slice(at, at + transactionsARequest);
    const transactionalIds = some.map(({ transactionalId }) => transactionalId);
    const answers = await connection.request(describeTransactions, { transactionalIds }, limit);
    const described = new Map(answers.map((one) => [one.transactionalId, one]));
    for (const { transactionalId, producerId, state } of some) {
      const known = described.get(transactionalId);
      const told = known?.errorCode === 0 ? known : null;
      if (told && !OPEN_STATES.includes(told.state)) continue;
      open.push({
        transactionalId,
        producerId: producerId.toString(),
        state: told?.state ?? state,
        coordinator,
        startedMs: told && told.startedMs >= 0n ? Number(told.startedMs) : null,
        timeoutMs: told?.timeoutMs ?? null,
        partitions: told ? told.topics.reduce((sum, { partitions }) => sum + partitions.length, 0) : null,
      });
    }
  }
  return { errorCode: listed.errorCode, open };
}

export type Holder = { producerId: bigint; producerEpoch: number; lastWriteMs: number };

/** Of partitions that the broker leads: the producer whose open transaction began first. @returns by "topic/partition"; a number is an error */
export async function askHolders(
  connection: Connection,
  partitions: readonly { topic: string; partition: number }[],
): Promise<Map<string, Holder | number | null>> {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  const request = { topics: [...topics].map(([topic, of]) => ({ topic, partitions: of })) };
  const answers = await connection.request(describeProducers, request, { timeoutMs: requestTimeoutMs });
  return new Map(
    answers.map(({ topic, partition, errorCode, producers }) => {
      const open = producers.filter((p) => p.currentTxnStartOffset >= 0n);
      open.sort((a, b) => (a.currentTxnStartOffset < b.currentTxnStartOffset ? -1 : 1));
      const [first] = open;
      const holder = first && {
        producerId: first.producerId,
        producerEpoch: first.producerEpoch,
        lastWriteMs: Number(first.lastTimestamp),
      };
      return [`${topic}/${partition}`, errorCode !== 0 ? errorCode : (holder ?? null)];
    }),
  );
}
