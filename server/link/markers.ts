// Fills by transaction markers under the link's own producer id: one request for all partitions of a broker. And the harmless look whether that is allowed.
import { type TxnMarker, writeTxnMarkers } from '@/server/kafka/wire/apis/write-txn-markers';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode } from '@/server/kafka/wire/errors';
import type { Fill } from './fill';
import { groupByTopic } from './partition-groups';

/** A partition that cannot exist: brokers look at the rights first, and then append nothing. */
export const NO_PARTITION = 0x7fffffff;

/** @returns the errors by partition name. Answers are merged per producer id: no error is no proof, the log's end is */
export async function writeMarkers(
  connection: Connection,
  fills: readonly Fill[],
  timeoutMs: number,
): Promise<Map<string, number>> {
  const answers = await connection.request(writeTxnMarkers, { markers: entriesOf(fills) }, { timeoutMs });
  const errors = new Map<string, number>();
  for (const answer of answers)
    if (answer.errorCode !== 0) errors.set(`${answer.topic}-${answer.partition}`, answer.errorCode);
  return errors;
}

/** Entry k names all partitions that need more than k markers. Partitions of different lives need entries of their own. */
function entriesOf(fills: readonly Fill[]): TxnMarker[] {
  const sorted = [...fills].sort((a, b) => b.count - a.count);
  const markers: TxnMarker[] = [];
  for (const life of new Set(sorted.map(lifeOf))) {
    const group = sorted.filter((f) => lifeOf(f) === life);
    const { producerId, epoch } = group[0] as Fill;
    for (let k = 0; ; k++) {
      while (group.length > 0 && (group.at(-1) as Fill).count <= k) group.pop();
      if (group.length === 0) break;
      const topics = groupByTopic(
        group.map((f) => f.partition),
        (p) => p.index,
      );
      markers.push({ producerId, producerEpoch: epoch, commit: false, coordinatorEpoch: 0, topics });
    }
  }
  return markers;
}

function lifeOf(fill: Fill): string {
  return `${fill.producerId}/${fill.epoch}`;
}

/** May the principal write markers (CLUSTER ALTER on Kafka 3.9 and newer, or CLUSTER_ACTION)? Appends nothing. @throws KafkaError when there is no answer */
export async function mayWriteMarkers(connection: Connection): Promise<boolean> {
  const topics = [{ topic: 'landbridge-no-such-topic', partitions: [NO_PARTITION] }];
  const marker = { producerId: 0n, producerEpoch: 0, commit: false, coordinatorEpoch: 0, topics };
  const answers = await connection.request(writeTxnMarkers, { markers: [marker] });
  return answers.every((a) => a.errorCode !== ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
}
