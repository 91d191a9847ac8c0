// Reads the same offsets of both sides of a mirror partition, over connections of its own and into a small memory of its own. Judges nothing.
import { type FetchedPartition, fetch } from '@/server/kafka/wire/apis/fetch';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { readBatches } from '@/server/kafka/wire/record-batch';
import { type Slab, SlabPool } from '@/server/kafka/wire/slab';
import { endsOf, type PartitionAt } from '../source-probe';
import type { Shown } from './compare';

export type Sides = {
  source: { client: ClusterClient; at: PartitionAt };
  mirror: { client: ClusterClient; at: PartitionAt };
};

/** What both sides show of [from, to), which both hold for good. Views of slabs: release when done. */
export type Pair = {
  from: bigint;
  to: bigint;
  source: Shown;
  mirror: Shown;
  /** Last stable offsets of the source and of the mirror, of these answers. */
  stable: bigint;
  safe: bigint;
  /** The higher of both log starts. */
  start: bigint;
  bytes: number;
  release(): void;
};

/** Pages of both sides, or of the source alone: from brokers, or from a model. */
export type PageReader = {
  /** Holes are a cleaner's work, and may be on one side only. */
  readonly cleaned: boolean;
  pair(from: bigint, upTo?: bigint): Promise<Pair | null>;
  sourceOnly(from: bigint): Promise<Page>;
};
export type Page = { shown: Shown; stable: bigint; bytes: number; release(): void };

export type ReadOptions = {
  maxBytes: number;
  /** A cleaner may have been at work: nothing in front of an end is a hole, not a remote tier that is slow. */
  cleaned: boolean;
  /** Nothing at or above it is compared. */
  upTo?: bigint;
  /** A broker's quota is used up; told in ms for which the broker holds back. */
  throttled?: (ms: number) => void;
};

/** Two answers at once, and some to spare for single large batches. */
export const VERIFY_MEMORY_BYTES = 8 * 1024 * 1024;
export const newVerifyPool = () => new SlabPool(VERIFY_MEMORY_BYTES);

/**
 * @returns null when there is nothing to compare at `from` now
 * @throws KafkaError when a broker doesn't answer, or shows nothing where it must have something
 */
export async function readPair(
  sides: Sides,
  pool: SlabPool,
  from: bigint,
  options: ReadOptions,
): Promise<Pair | null> {
  const [source, mirror] = await bothOrNone(
    fetchHeld(sides.source, pool, from, options),
    fetchHeld(sides.mirror, pool, from, options),
  );
  const release = () => {
    source.slab?.release();
    mirror.slab?.release();
  };
  try {
    const stable = source.value.lastStableOffset;
    const safe = mirror.value.lastStableOffset;
    const left = shown(sides.source, source.value, from, stable, options.cleaned);
    const right = shown(sides.mirror, mirror.value, from, safe, options.cleaned);
    const ends = [left.next, right.next, stable, safe, ...(options.upTo === undefined ? [] : [options.upTo])];
    const to = ends.reduce((a, b) => (a < b ? a : b));
    const starts = [source.value.logStartOffset, mirror.value.logStartOffset];
    const pair: Pair = {
      from,
      to,
      source: left,
      mirror: right,
      stable,
      safe,
      start: starts.reduce((a, b) => (a > b ? a : b)),
      bytes: source.value.records.length + mirror.value.records.length,
      release,
    };
    if (to > from) return pair;
    release();
    return null;
  } catch (error) {
    release();
    throw error;
  }
}

export function brokerPages(sides: Sides, pool: SlabPool, options: Omit<ReadOptions, 'upTo'>): PageReader {
  return {
    cleaned: options.cleaned,
    pair: (from, upTo) => readPair(sides, pool, from, upTo === undefined ? options : { ...options, upTo }),
    sourceOnly: (from) => readSource(sides.source, pool, from, options),
  };
}

async function readSource(
  side: Sides['source'],
  pool: SlabPool,
  from: bigint,
  options: ReadOptions,
): Promise<Page> {
  const { value, slab } = await fetchHeld(side, pool, from, options);
  try {
    const stable = value.lastStableOffset;
    const release = () => slab?.release();
    return {
      shown: shown(side, value, from, stable, options.cleaned),
      stable,
      bytes: value.records.length,
      release,
    };
  } catch (error) {
    slab?.release();
    throw error;
  }
}

/** Where both logs begin now, and end for good; null while a leader doesn't say. */
export async function endsOfBoth(sides: Sides): Promise<{ start: bigint; end: bigint } | null> {
  const [source, mirror] = await Promise.all(
    [sides.source, sides.mirror].map(async ({ client, at }) =>
      (await endsOf(client, [at])).get(`${at.topic}-${at.partition}`),
    ),
  );
  if (!source || !mirror) return null;
  return {
    start: source.start > mirror.start ? source.start : mirror.start,
    end: source.lastStable < mirror.highWatermark ? source.lastStable : mirror.highWatermark,
  };
}

/** A log begins behind the offset, or ends in front of it. */
export const isOutOfRange = (error: unknown): boolean =>
  error instanceof ProtocolError && error.code === ErrorCode.OFFSET_OUT_OF_RANGE;

function shown(
  { client, at }: Sides['source'],
  fetched: FetchedPartition,
  from: bigint,
  end: bigint,
  cleaned: boolean,
): Shown {
  const batches = readBatches(fetched.records);
  const last = batches.at(-1);
  if (last) return { batches, aborted: fetched.aborted, next: last.lastOffset + 1n };
  if (from >= end) return { batches, aborted: [], next: from };
  if (cleaned) return { batches, aborted: [], next: end };
  throw new KafkaError(
    `${client.name} answers without records for ${at.topic} partition ${at.partition} at offset ${from}, in front of its end ${end}`,
    { retriable: true },
  );
}

async function fetchHeld(
  { client, at }: Sides['source'],
  pool: SlabPool,
  offset: bigint,
  { maxBytes, throttled }: ReadOptions,
): Promise<{ value: FetchedPartition; slab: Slab | null }> {
  const connection = await client.connection(at.leader, 'verify', pool);
  const partition = {
    partition: at.partition,
    currentLeaderEpoch: at.leaderEpoch,
    fetchOffset: offset,
    lastFetchedEpoch: -1,
    maxBytes,
  };
  const { value: response, slab } = await connection.requestHeld(fetch, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes,
    readCommitted: true,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic: at.topic, topicId: at.topicId, partitions: [partition] }],
    forgotten: [],
    rack: '',
  });
  if (response.throttleMs > 0) throttled?.(response.throttleMs);
  const fetched = response.topics[0]?.partitions[0];
  const code = response.errorCode || (fetched ? fetched.errorCode : -1);
  if (fetched && code === 0) return { value: fetched, slab };
  slab?.release();
  throw new ProtocolError(
    code,
    connection.where,
    'Fetch',
    `${at.topic} partition ${at.partition} at ${offset}`,
  );
}

/** Where one fails, the other's slab is given back. */
async function bothOrNone<T extends { slab: Slab | null }>(a: Promise<T>, b: Promise<T>): Promise<[T, T]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  for (const result of [first, second]) if (result.status === 'fulfilled') result.value.slab?.release();
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
}
