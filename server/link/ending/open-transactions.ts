// Transactions that are open at the source and hold back what is behind them: found, named, aborted where that is wished, and listed where they are left.
import { describeProducers } from '@/server/kafka/wire/apis/describe-producers';
import { writeTxnMarkers } from '@/server/kafka/wire/apis/write-txn-markers';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, errorName, KafkaError } from '@/server/kafka/wire/errors';
import { readBatches } from '@/server/kafka/wire/record-batch';
import { fetchOne } from '../source-probe';
import type { SourcePartition } from './source-look';

export type OpenTransaction = {
  partition: number;
  producerId: bigint;
  producerEpoch: number;
  coordinatorEpoch: number;
  /** Offset of its first record here. */
  from: bigint;
  /** When it last wrote here (ms). */
  lastWroteMs: number;
};
export type LeftBehind = { from: bigint; to: bigint; producerId: bigint; producerEpoch: number };

/** How much of the source is read to say what is left behind; beyond that one range says the rest. */
const LIST_BYTES = 64 * 1024 * 1024;
const LIST_FETCH_BYTES = 1024 * 1024;

/** @returns null where the leader does not tell, with why. @throws KafkaError when it does not answer */
export async function openTransactions(
  source: ClusterClient,
  partitions: readonly SourcePartition[],
): Promise<{ open: OpenTransaction[]; untold: string | null }> {
  const open: OpenTransaction[] = [];
  let untold: string | null = null;
  for (const { at } of partitions) {
    const connection = await source.connection(at.leader, 'control');
    const topics = [{ topic: at.topic, partitions: [at.partition] }];
    const [answer] = await connection.request(describeProducers, { topics });
    if (answer?.errorCode !== 0) {
      untold = `${connection.where} does not tell whose they are (${errorName(answer?.errorCode ?? -1)})`;
      continue;
    }
    for (const producer of answer.producers) {
      if (producer.currentTxnStartOffset < 0n) continue;
      open.push({
        partition: at.partition,
        producerId: producer.producerId,
        producerEpoch: producer.producerEpoch,
        coordinatorEpoch: Math.max(0, producer.coordinatorEpoch),
        from: producer.currentTxnStartOffset,
        lastWroteMs: Number(producer.lastTimestamp),
      });
    }
  }
  return { open, untold };
}

export function namedTransactions(open: readonly OpenTransaction[], nowMs: number): string {
  const said = open.slice(0, 4).map(({ partition, producerId, producerEpoch, from, lastWroteMs }) => {
    const age = Math.max(0, Math.round((nowMs - lastWroteMs) / 1000));
    return `producer ${producerId} (epoch ${producerEpoch}) on partition ${partition} from offset ${from}, last written ${age} s ago`;
  });
  const rest = open.length - said.length;
  return `${said.join('; ')}${rest > 0 ? `; ${rest} more` : ''}`;
}

/**
 * Ends them as `kafka-transactions.sh abort` does: one abort marker in each partition, under their producer's own id.
 * @throws KafkaError naming the right that is missing, or what the broker said
 */
export async function abortTransactions(
  source: ClusterClient,
  partitions: ReadonlyMap<number, SourcePartition>,
  open: readonly OpenTransaction[],
): Promise<void> {
  for (const { partition, producerId, producerEpoch, coordinatorEpoch } of open) {
    const at = partitions.get(partition)?.at;
    if (!at) continue;
    const connection = await source.connection(at.leader, 'control');
    const topics = [{ topic: at.topic, partitions: [partition] }];
    const marker = { producerId, producerEpoch, coordinatorEpoch, commit: false, topics };
    const [answer] = await connection.request(writeTxnMarkers, { markers: [marker] });
    const code = answer?.errorCode ?? 0;
    if (code === 0) continue;
    const right =
      code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED
        ? ' The link’s principal needs ALTER on the source cluster (CLUSTER_ACTION before Kafka 3.9); grant it, or end the transaction with kafka-transactions.sh.'
        : '';
    throw new KafkaError(
      `the transaction of producer ${producerId} on ${at.topic} partition ${partition} can't be aborted at ${connection.where}: ${errorName(code)}.${right}`,
      { retriable: true },
    );
  }
}

/** Data behind the last stable offset, by producer: what a mirror does not hold that is stopped now. */
export async function leftBehind(source: ClusterClient, partition: SourcePartition): Promise<LeftBehind[]> {
  const left: LeftBehind[] = [];
  let bytes = 0;
  let next = partition.lastStable;
  while (next < partition.highWatermark) {
    if (bytes >= LIST_BYTES) {
      left.push({ from: next, to: partition.highWatermark, producerId: -1n, producerEpoch: -1 });
      break;
    }
    const fetched = await fetchOne(source, partition.at, next, {
      readCommitted: false,
      maxBytes: LIST_FETCH_BYTES,
    });
    const batches = readBatches(fetched.records).filter(({ lastOffset }) => lastOffset >= next);
    if (batches.length === 0) break;
    bytes += fetched.records.length;
    for (const batch of batches) {
      if (batch.baseOffset >= partition.highWatermark) break;
      next = batch.lastOffset + 1n;
      if (batch.control) continue;
      const { producerId, producerEpoch, baseOffset: from } = batch;
      const last = left.at(-1);
      if (last && last.to === from && last.producerId === producerId && last.producerEpoch === producerEpoch)
        last.to = next;
      else left.push({ from, to: next, producerId, producerEpoch });
    }
  }
  return left;
}
