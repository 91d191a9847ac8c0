// Fails a mirror partition that somebody else wrote to, and names the writer: the batch at that offset says who it was, the leader whether it is still there.
import { describeProducers } from '@/server/kafka/wire/apis/describe-producers';
import { readBatches } from '@/server/kafka/wire/record-batch';
import type { LinkContext } from '../link-context';
import type { MirrorPartition } from '../partition';
import { fetchOne, type PartitionAt } from '../source-probe';

/** The partition stops at once; its writer is looked for this long before the failure is told. */
const NAMED_WITHIN_MS = 3_000;

/**
 * @param offset first offset that isn't the link's
 * @param seen what shows it, as a sentence
 */
export function failForeignWrite(
  link: LinkContext,
  partition: MirrorPartition,
  offset: bigint,
  seen: string,
): void {
  const place = `Somebody else wrote to ${partition.topic} partition ${partition.index}: ${seen}`;
  const advice =
    'Mirroring of this partition has stopped. Find and stop the other writer, then recreate the mirror.';
  partition.fail('UNEXPECTED_WRITE', `${place} ${advice}`);
  link.forgetRecovery(partition);
  link.fetchChanged(partition);
  const { generation } = partition;
  void within(NAMED_WITHIN_MS, writerAt(link, partition, offset)).then((writer) => {
    if (partition.generation !== generation || link.stopping) return;
    if (writer) partition.message = `${place} ${writer} ${advice}`;
    link.failed(partition);
  });
}

async function writerAt(
  link: LinkContext,
  partition: MirrorPartition,
  offset: bigint,
): Promise<string | null> {
  const leader = partition.mirrorLeader;
  const { topics } = await link.destination.metadata([partition.topic]);
  const topicId = topics.find((t) => t.name === partition.topic)?.topicId;
  if (topicId === undefined) return null;
  const at: PartitionAt = {
    topic: partition.topic,
    topicId,
    partition: partition.index,
    leader,
    leaderEpoch: -1,
  };
  const fetched = await fetchOne(link.destination, at, offset, { readCommitted: false, maxBytes: 1 });
  const batch = readBatches(fetched.records).find((b) => b.lastOffset >= offset);
  if (!batch) return null;
  const what = batch.control ? 'A transaction marker' : `A batch of ${batch.count} records`;
  const where = `stands at offset ${batch.baseOffset}`;
  const when = `(newest timestamp ${timeOf(batch.maxTimestamp)})`;
  if (batch.producerId < 0n)
    return `${what} ${when} ${where}, of a producer without an id: it isn't idempotent, so the broker can't name it.`;
  const still = await activity(link, leader, partition, batch.producerId);
  return `${what} ${when} ${where}, of producer id ${batch.producerId}, epoch ${batch.producerEpoch}${still}; the link's is ${link.identity.producerId}.`;
}

/** Whether the leader still remembers the producer. READ on the topic is enough; without an answer nothing is said. */
async function activity(
  link: LinkContext,
  leader: number,
  { topic, index }: MirrorPartition,
  producerId: bigint,
): Promise<string> {
  const connection = await link.destination.connection(leader, 'control');
  const answers = await connection
    .request(describeProducers, { topics: [{ topic, partitions: [index] }] })
    .catch(() => []);
  const producer = answers
    .find((answer) => answer.topic === topic && answer.partition === index && answer.errorCode === 0)
    ?.producers.find((known) => known.producerId === producerId);
  return producer
    ? ` (last sequence number ${producer.lastSequence}, last write ${timeOf(producer.lastTimestamp)})`
    : '';
}

function timeOf(ms: bigint): string {
  const date = new Date(Number(ms));
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    work.then(resolve, () => resolve(null)).finally(() => clearTimeout(timer));
  });
}
