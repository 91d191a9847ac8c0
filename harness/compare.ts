// Is a mirror topic equal to its source? Read on both sides by Kafka's own Java consumer; the first difference throws.
import { z } from 'zod';
import { callJava } from './java-service';
import { type KafkaRecord, recordView } from './records';

export type TopicPlace = { bootstrap: string; topic: string };

export type CompareOptions = {
  source: TopicPlace;
  mirror: TopicPlace;
  /** By key: a record may be superseded in the mirror by a later one of its key. */
  compacted?: boolean;
  /** Extras or gaps of a compacted mirror that this test expects; without them nothing else may be visible. */
  allow?: {
    /** Fills that repeat the next record of the source (`compacted.gap.fill=copies`). */
    copies?: boolean;
    /** The source's cleaner ran after the mirror had the record. */
    cleanedAtSource?: boolean;
    /** The mirror's cleaner has removed a tombstone of which the source still has its own. */
    expiredTombstones?: boolean;
    /** Tombstones with this reserved key fill large holes. */
    fillKey?: Buffer;
  };
  /** Partition → where the mirror was turned round from a source: in front of that both are only compared at read_committed. */
  turnedAt?: Record<string, string>;
  /** Where the mirror must end: at the source's last stable offset (default), at most there, or anywhere. */
  expectMirrorEnd?: 'equal' | 'atMost' | 'any';
  /** Whether both logs must start at the same offset. Default: any; what both still have is compared. */
  expectMirrorStart?: 'equal' | 'any';
};

const offset = z.string().transform((text) => BigInt(text));

const difference = z.object({
  kind: z.enum([
    'MISSING',
    'EXTRA',
    'CHANGED',
    'LAST_VALUE',
    'END',
    'START',
    'PARTITIONS',
    'OPEN_TRANSACTION',
    'UNSTABLE',
  ]),
  partition: z.number(),
  offset,
  /** The level at which the mirror was read, or "both". */
  isolation: z.string(),
  what: z.string(),
  source: recordView.nullish(),
  mirror: recordView.nullish(),
});
export type Difference = z.infer<typeof difference>;

const comparison = z.object({
  partitions: z.number(),
  /** Records of the source that were compared. */
  records: z.number(),
  ranges: z.record(z.string(), z.object({ from: offset, to: offset })),
  superseded: z.number().optional(),
  fills: z.number().optional(),
  cleanedAtSource: z.number().optional(),
  expiredTombstones: z.number().optional(),
});
export type Comparison = z.infer<typeof comparison>;

const answer = z.union([z.object({ difference }), comparison]);

export class TopicsDiffer extends Error {
  override name = 'TopicsDiffer';
  constructor(
    readonly difference: Difference,
    options: CompareOptions,
  ) {
    const { partition, offset, isolation, what, kind } = difference;
    super(
      [
        `${options.mirror.topic} is not equal to ${options.source.topic}: ${kind} at partition ${partition}, offset ${offset}, ${isolation}: ${what}`,
        `  source: ${describe(difference.source)}`,
        `  mirror: ${describe(difference.mirror)}`,
      ].join('\n'),
    );
  }
}

/**
 * What the source shows at read_committed must be what the mirror shows at both isolation levels (offset, timestamp,
 * key, value, headers) over [the higher of both starts, the mirror's end).
 * @throws TopicsDiffer at the first difference, with partition, offset and both records
 */
export async function compareTopics(options: CompareOptions): Promise<Comparison> {
  const allow = options.allow && { ...options.allow, fillKey: options.allow.fillKey?.toString('base64') };
  const result = await callJava('compareTopics', { ...options, allow }, answer);
  if ('difference' in result) throw new TopicsDiffer(result.difference, options);
  return result;
}

function describe(record: KafkaRecord | null | undefined): string {
  if (!record) return 'nothing';
  const headers = record.headers.map(([name, value]) => `${name}=${preview(value)}`).join(' ');
  return `offset ${record.offset}, timestamp ${record.timestamp}, key ${preview(record.key)}, value ${preview(record.value)}, headers [${headers}]`;
}

function preview(bytes: Buffer | null): string {
  if (!bytes) return 'null';
  const text = JSON.stringify(bytes.subarray(0, 60).toString('utf8'));
  return bytes.length > 60 ? `${text}… (${bytes.length} bytes)` : text;
}
