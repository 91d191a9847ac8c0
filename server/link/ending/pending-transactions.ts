// Transactions of the source that have partitions of a topic, written to or only added: as long as they are open, their coordinator may still append a
// marker there. Found by asking the coordinators; ended through them, so that no marker comes later.
import { listTransactions } from '@/server/kafka/wire/apis/list-transactions';
import { describeTransactions, initProducerId } from '@/server/kafka/wire/apis/producer-id';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, errorName, KafkaError } from '@/server/kafka/wire/errors';

export type PendingTransaction = {
  transactionalId: string;
  producerId: bigint;
  state: string;
  partitions: number[];
};

/** Of these a marker can still come. */
const UNFINISHED = ['Ongoing', 'PrepareCommit', 'PrepareAbort', 'PrepareEpochFence'];
const ABORT_TIMEOUT_MS = 60_000;

/**
 * Those that the principal may describe (DESCRIBE on the transactional id): others are hidden, and brokers before 3.0 tell of none.
 * @throws KafkaError
 */
export async function pendingTransactions(
  source: ClusterClient,
  topic: string,
): Promise<PendingTransaction[]> {
  const pending: PendingTransaction[] = [];
  for (const broker of source.brokers) {
    const connection = await source.connection(broker.id, 'control');
    if (connection.versionOf(listTransactions) === null) return [];
    const listed = await connection.request(listTransactions, { states: UNFINISHED });
    if (listed.errorCode !== 0)
      throw new KafkaError(
        `${connection.where} does not list its transactions: ${errorName(listed.errorCode)}`,
        {
          retriable: true,
        },
      );
    if (listed.transactions.length === 0) continue;
    const transactionalIds = listed.transactions.map(({ transactionalId }) => transactionalId);
    for (const one of await connection.request(describeTransactions, { transactionalIds })) {
      const partitions = one.topics.find((added) => added.topic === topic)?.partitions ?? [];
      if (one.errorCode === 0 && partitions.length > 0 && UNFINISHED.includes(one.state)) {
        const { transactionalId, producerId, state } = one;
        pending.push({ transactionalId, producerId, state, partitions });
      }
    }
  }
  return pending;
}

export function namedPending(pending: readonly PendingTransaction[]): string {
  const said = pending
    .slice(0, 4)
    .map(
      ({ transactionalId, producerId, state, partitions }) =>
        `${transactionalId} (producer ${producerId}, ${state}) with partitions ${partitions.slice(0, 4).join(', ')}`,
    );
  const rest = pending.length - said.length;
  return `${said.join('; ')}${rest > 0 ? `; ${rest} more` : ''}`;
}

/**
 * Lets their coordinators end them, as a producer that takes the id up would: theirs is fenced, and nothing of them comes later.
 * @throws KafkaError naming the right that is missing
 */
export async function endPending(
  source: ClusterClient,
  pending: readonly PendingTransaction[],
): Promise<void> {
  for (const { transactionalId, state } of pending) {
    if (state !== 'Ongoing') continue;
    const connection = await source.connection(
      await source.transactionCoordinator(transactionalId),
      'control',
    );
    const request = { transactionalId, transactionTimeoutMs: ABORT_TIMEOUT_MS };
    const { errorCode } = await connection.request(initProducerId, request);
    // It is being aborted: looked at again.
    if (errorCode === 0 || errorCode === ErrorCode.CONCURRENT_TRANSACTIONS) continue;
    const right =
      errorCode === ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
        ? ' The link’s principal needs WRITE on that transactional id; grant it, or end the transaction by its application.'
        : '';
    throw new KafkaError(
      `the transaction ${transactionalId} can't be aborted at ${connection.where}: ${errorName(errorCode)}.${right}`,
      { retriable: true },
    );
  }
}
