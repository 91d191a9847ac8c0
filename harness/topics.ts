// Topics, offsets, settings and groups of a harness cluster, through Kafka's own admin client. Each call returns when
// what it changed can be seen.
import { z } from 'zod';
import { callJava } from './java-service';

const offset = z.string().transform((text) => BigInt(text));
/** Partition → offset. */
export type PartitionOffsets = Map<number, bigint>;
const partitionOffsets = z
  .record(z.string(), offset)
  .transform((o) => new Map(Object.entries(o).map(([p, value]) => [Number(p), value])));
const done = z.object({});

const topicDescription = z.object({
  topicId: z.string(),
  partitions: z.array(
    z.object({
      partition: z.number(),
      leader: z.number(),
      replicas: z.array(z.number()),
      isr: z.array(z.number()),
    }),
  ),
});
export type TopicDescription = z.infer<typeof topicDescription>;

type Place = { bootstrap: string };
type TopicPlace = Place & { topic: string };

/**
 * Waits until every partition has a leader that answers. `assignments`: replica ids of each partition.
 * Retention is off unless asked for: generated records are often older than Kafka's seven days.
 */
export function createTopic(
  options: TopicPlace & {
    partitions?: number;
    replicationFactor?: number;
    assignments?: number[][];
    configs?: Record<string, string>;
  },
): Promise<TopicDescription> {
  const configs = { 'retention.ms': '-1', ...options.configs };
  return callJava('createTopic', { ...options, configs }, topicDescription);
}

/** Waits until the topic is gone. */
export async function deleteTopic(place: TopicPlace): Promise<void> {
  await callJava('deleteTopic', place, done);
}

export async function createPartitions(options: TopicPlace & { partitions: number }): Promise<void> {
  await callJava('createPartitions', options, done);
}

export function describeTopic(place: TopicPlace): Promise<TopicDescription> {
  return callJava('describeTopic', place, topicDescription);
}

/** Deletes what stands before the given offsets; −1n is the high watermark. @returns the new log starts */
export function deleteRecords(
  options: TopicPlace & { before: ReadonlyMap<number, bigint> },
): Promise<PartitionOffsets> {
  const before = Object.fromEntries([...options.before].map(([p, o]) => [p, o.toString()]));
  return callJava('deleteRecords', { ...options, before }, partitionOffsets);
}

/** `at`: a time in ms, or an end of the log. `latest` at read_committed is the last stable offset, else the high watermark. */
export function listOffsets(
  options: TopicPlace & { at: 'earliest' | 'latest' | number; isolation?: Isolation },
): Promise<PartitionOffsets> {
  return callJava('listOffsets', options, partitionOffsets);
}
export type Isolation = 'read_committed' | 'read_uncommitted';

/** Sets topic or broker settings (no broker id: all brokers); null takes one back to its default. Waits until in force. */
export async function alterConfig(
  options: Place & { topic?: string; broker?: number; configs: Record<string, string | null> },
): Promise<void> {
  await callJava('alterConfig', options, done);
}

export function describeConfig(
  options: Place & { topic?: string; broker?: number },
): Promise<Record<string, string | null>> {
  return callJava('describeConfig', options, z.record(z.string(), z.string().nullable()));
}

export async function commitGroupOffsets(
  options: TopicPlace & { group: string; offsets: ReadonlyMap<number, bigint>; metadata?: string },
): Promise<void> {
  const offsets = Object.fromEntries([...options.offsets].map(([p, o]) => [p, o.toString()]));
  await callJava('commitGroupOffsets', { ...options, offsets }, done);
}

/** As an operator's kafka-consumer-groups --delete-offsets. */
export async function deleteGroupOffsets(
  options: TopicPlace & { group: string; partitions: number[] },
): Promise<void> {
  await callJava('deleteGroupOffsets', options, done);
}

const groupOffsets = z.record(
  z.string(),
  z.record(z.string(), z.object({ offset, metadata: z.string().nullable(), leaderEpoch: z.number() })),
);
/** Topic → partition → committed offset. */
export function listGroupOffsets(options: Place & { group: string }): Promise<z.infer<typeof groupOffsets>> {
  return callJava('listGroupOffsets', options, groupOffsets);
}

const producerState = z.object({
  producerId: z.string().transform((text) => BigInt(text)),
  producerEpoch: z.number(),
  lastSequence: z.number(),
  lastTimestamp: z.number(),
  transactionStartOffset: offset.nullable(),
});
/** Producers that the leader of a partition remembers (DescribeProducers). */
export function describeProducers(
  options: TopicPlace & { partition: number },
): Promise<z.infer<typeof producerState>[]> {
  return callJava('describeProducers', options, z.array(producerState));
}
