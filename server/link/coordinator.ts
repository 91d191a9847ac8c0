// What the destination's transaction coordinator knows of an id of ours. Changes nothing there.
import { type DescribedTransaction, describeTransactions } from '@/server/kafka/wire/apis/producer-id';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode, ProtocolError } from '@/server/kafka/wire/errors';

/**
 * @returns null when nobody has used the id for as long as the coordinator remembers
 * @throws ProtocolError (TRANSACTIONAL_ID_AUTHORIZATION_FAILED: the principal needs DESCRIBE on the id)
 */
export async function transactionOf(
  connection: Connection,
  transactionalId: string,
  timeoutMs: number,
): Promise<DescribedTransaction | null> {
  const request = { transactionalIds: [transactionalId] };
  const [described] = await connection.request(describeTransactions, request, { timeoutMs });
  if (!described || described.errorCode === ErrorCode.TRANSACTIONAL_ID_NOT_FOUND) return null;
  if (described.errorCode !== 0)
    throw new ProtocolError(described.errorCode, connection.where, 'DescribeTransactions', transactionalId);
  return described;
}
