// The fence where markers may not be written: an empty transaction under the link's own transactional id. Its marker comes from the coordinator, carries
// the link's own producer id and its raised epoch, and fences as one of ours does. Needs no right that the link does not have.
import { addPartitionsToTxn } from '@/server/kafka/wire/apis/add-partitions-to-txn';
import { endTxn } from '@/server/kafka/wire/apis/end-txn';
import { ErrorCode, errorName, isRetriableCode, KafkaError } from '@/server/kafka/wire/errors';
import { transactionOf } from '../coordinator';
import { FILL_TIMEOUT_MS } from '../defaults';
import type { LinkContext } from '../link-context';

const RETRY_MS = 20;
const COMPLETE: ReadonlySet<string> = new Set(['CompleteAbort', 'CompleteCommit', 'Empty']);
/** The transaction was ended by an earlier request whose answer was lost. */
const INVALID_TXN_STATE = 48;

type Topics = { topic: string; partitions: number[] }[];

/**
 * One marker in each partition, all at the epoch that the link has now. A partition that is refused doesn't keep others from theirs: mirrors that
 * are stopped together share a transaction.
 * @returns the errors by partition name; to those nothing was appended
 * @throws KafkaError when its fate is not known: the ends of the logs tell
 */
export function fenceByTransaction(link: LinkContext, topics: Topics): Promise<Map<string, number>> {
  // A raise in the middle of it would end it, and look like another engine's.
  return link.identity.exclusively(async () => {
    const deadlineMs = performance.now() + FILL_TIMEOUT_MS;
    const { transactionalId, producerId, epoch: producerEpoch } = link.identity;
    const id = { transactionalId, producerId, producerEpoch };
    const refused = new Map<string, number>();
    for (let rest = topics; rest.length > 0; ) {
      const errors = await begin(link, id, rest, deadlineMs);
      if (errors.size === 0) {
        await end(link, id, deadlineMs);
        await complete(link, transactionalId, deadlineMs);
        return refused;
      }
      const named = [...errors].filter(([, code]) => code !== ErrorCode.OPERATION_NOT_ATTEMPTED);
      for (const [name, code] of named.length > 0 ? named : errors) refused.set(name, code);
      rest = without(rest, refused);
    }
    return refused;
  });
}

function without(topics: Topics, refused: ReadonlyMap<string, number>): Topics {
  const left = topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.filter((partition) => !refused.has(`${topic}-${partition}`)),
  }));
  return left.filter(({ partitions }) => partitions.length > 0);
}

type Id = { transactionalId: string; producerId: bigint; producerEpoch: number };

async function begin(
  link: LinkContext,
  id: Id,
  topics: Topics,
  deadlineMs: number,
): Promise<Map<string, number>> {
  return trying(deadlineMs, 'AddPartitionsToTxn', async () => {
    const connection = await coordinator(link, id.transactionalId);
    const added = await connection.request(
      addPartitionsToTxn,
      { ...id, topics },
      { timeoutMs: FILL_TIMEOUT_MS },
    );
    const errors = added.filter(({ errorCode }) => errorCode !== 0);
    if (errors.some(({ errorCode }) => isRetriableCode(errorCode))) return null;
    return new Map(errors.map((error) => [`${error.topic}-${error.partition}`, error.errorCode]));
  });
}

async function end(link: LinkContext, id: Id, deadlineMs: number): Promise<void> {
  await trying(deadlineMs, 'EndTxn', async () => {
    const connection = await coordinator(link, id.transactionalId);
    const { errorCode } = await connection.request(
      endTxn,
      { ...id, commit: false },
      { timeoutMs: FILL_TIMEOUT_MS },
    );
    if (errorCode === 0 || errorCode === INVALID_TXN_STATE) return true;
    if (isRetriableCode(errorCode)) return null;
    throw new KafkaError(`${id.transactionalId} at ${connection.where}: ${errorName(errorCode)}`, {
      retriable: false,
    });
  });
}

/** EndTxn is answered before the markers are written. */
async function complete(link: LinkContext, transactionalId: string, deadlineMs: number): Promise<void> {
  await trying(deadlineMs, 'the markers of a fence', async () => {
    const connection = await coordinator(link, transactionalId);
    const described = await transactionOf(connection, transactionalId, FILL_TIMEOUT_MS);
    return described && COMPLETE.has(described.state) ? true : null;
  });
}

async function trying<T>(deadlineMs: number, what: string, work: () => Promise<T | null>): Promise<T> {
  for (;;) {
    let last: string | null = null;
    try {
      const value = await work();
      if (value !== null) return value;
    } catch (error) {
      if (!(error instanceof KafkaError) || !error.retriable) throw error;
      last = error.message;
    }
    if (performance.now() > deadlineMs)
      throw new KafkaError(`${what}: ${last ?? 'not done in time'}`, { retriable: true });
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function coordinator(link: LinkContext, transactionalId: string) {
  return link.destination.connection(
    await link.destination.transactionCoordinator(transactionalId),
    'control',
  );
}

export const FENCED: ReadonlySet<number> = new Set([
  ErrorCode.INVALID_PRODUCER_EPOCH,
  ErrorCode.PRODUCER_FENCED,
]);
