// Records as Kafka's own consumer shows them, for a close look at a few; and what a whole topic shows, counted.
import { z } from 'zod';
import { callJava } from './java-service';
import type { Isolation } from './topics';

const offset = z.string().transform((text) => BigInt(text));
const bytes = z
  .string()
  .nullable()
  .transform((text) => (text === null ? null : Buffer.from(text, 'base64')));

export const recordView = z.object({
  partition: z.number(),
  offset,
  timestamp: z.number(),
  timestampType: z.enum(['CreateTime', 'LogAppendTime', 'NoTimestampType']),
  key: bytes,
  value: bytes,
  headers: z.array(z.tuple([z.string(), bytes])),
});
export type KafkaRecord = z.infer<typeof recordView>;

/** Up to `limit` (1,000) visible records of one partition from an offset (the log's start) on. */
export function readRecords(options: {
  bootstrap: string;
  topic: string;
  partition?: number;
  from?: bigint;
  isolation?: Isolation;
  limit?: number;
}): Promise<KafkaRecord[]> {
  return callJava('readRecords', { ...options, from: options.from?.toString() }, z.array(recordView));
}

const partitionSummary = z.object({
  start: offset,
  /** Last stable offset. */
  stableEnd: offset,
  /** High watermark. */
  end: offset,
  records: z.number(),
  tombstones: z.number(),
  /** Distinct keys, 0 unless asked for with `countKeys`. */
  keys: z.number(),
  /** Running hash of all visible records with their offsets. */
  hash: z.string(),
});
export type PartitionSummary = z.infer<typeof partitionSummary>;

/** Reads a whole topic and counts, per partition. Default: at read_committed. */
export async function summarizeTopic(options: {
  bootstrap: string;
  topic: string;
  isolation?: Isolation;
  countKeys?: boolean;
}): Promise<Map<number, PartitionSummary>> {
  const answer = await callJava('summarize', options, z.record(z.string(), partitionSummary));
  return new Map(Object.entries(answer).map(([p, summary]) => [Number(p), summary]));
}
