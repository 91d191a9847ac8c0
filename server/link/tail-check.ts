// Compares what the mirror holds with the source: the last mirrored data batch at every start, and a whole log before an existing topic is adopted.

import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { Reader } from '@/server/kafka/wire/reader';
import {
  type RecordBatch,
  readBatches,
  readRecords,
  recordTimestamp,
} from '@/server/kafka/wire/record-batch';
import { committedFilter, plan } from './plan';
import { fetchOne, type PartitionAt } from './source-probe';

export type Verdict =
  | { equal: true; checkedOffset: bigint | null }
  | { equal: false; offset: bigint; message: string };

/** How far back a data batch is looked for behind markers: doubling steps. */
const LOOK_BACK_STEPS = 18;
const CHECK_FETCH_BYTES = 1024 * 1024;
/** Offsets at the end of a topic that is turned round which are read on both sides. */
const TURNED_TAIL = 100;

export type Side = { client: ClusterClient; at: PartitionAt };
export type FlatRecord = { offset: bigint; timestamp: bigint; rest: Buffer };

/**
 * Is the last data batch of the mirror still what the source has at these offsets? A source whose records there are gone (retention, compaction)
 * proves nothing and passes.
 * @param end the mirror's log end; `start` its log start
 */
export async function compareTail(
  source: Side,
  mirror: Side,
  start: bigint,
  end: bigint,
  sourceStart: bigint,
  compacted: boolean,
): Promise<Verdict> {
  const batch = await lastDataBatch(mirror, start, end);
  // Behind it stand only fills: where one stands in the place of a record, somebody else's marker or a late one of ours has shifted the log.
  const covered = await coveredRecord(
    source,
    batch ? batch.lastOffset + 1n : start,
    end,
    sourceStart,
    compacted,
  );
  if (covered !== null)
    return {
      equal: false,
      offset: covered,
      message: 'the mirror has a marker there, the source has a record',
    };
  if (!batch || batch.lastOffset < sourceStart) return { equal: true, checkedOffset: null };
  const from = batch.baseOffset > sourceStart ? batch.baseOffset : sourceStart;
  let records: Map<bigint, FlatRecord>;
  try {
    // No more than is compared: every partition asks this at every recovery.
    const pageBytes = batch.bytes.length + 4_096;
    records = await committedRecords(source, from, batch.lastOffset + 1n, compacted, pageBytes);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === ErrorCode.OFFSET_OUT_OF_RANGE) {
      return {
        equal: false,
        offset: from,
        message: `the mirror has records up to ${batch.lastOffset}, the source does not have offset ${from} any more`,
      };
    }
    throw error;
  }
  for (const record of flatten(batch)) {
    if (record.offset < from) continue;
    const other = records.get(record.offset);
    if (!other && compacted) continue;
    if (!other || !sameRecord(record, other)) {
      return {
        equal: false,
        offset: record.offset,
        message: other ? 'the source has another record there' : 'the source has no record there',
      };
    }
  }
  return { equal: true, checkedOffset: batch.lastOffset };
}

/** First committed record of the source in [from, end), as far back as a data batch is looked for. */
async function coveredRecord(
  source: Side,
  from: bigint,
  end: bigint,
  sourceStart: bigint,
  compacted: boolean,
): Promise<bigint | null> {
  const bounds = [from, sourceStart, end - (1n << BigInt(LOOK_BACK_STEPS))];
  const first = bounds.reduce((a, b) => (a > b ? a : b));
  if (first >= end) return null;
  for (const record of (await committedRecords(source, first, end, compacted)).values()) {
    // A tombstone may have left the mirror earlier than the source: two cleaners never run in step.
    if (record.offset >= first && record.offset < end && !(compacted && isTombstone(record.rest)))
      return record.offset;
  }
  return null;
}

/** The last batch with records below `end`, looking back over markers. */
async function lastDataBatch(mirror: Side, start: bigint, end: bigint): Promise<RecordBatch | null> {
  let upTo = end;
  for (let step = 0; step < LOOK_BACK_STEPS && upTo > start; step++) {
    const back = 1n << BigInt(step);
    const from = upTo - back > start ? upTo - back : start;
    let found: RecordBatch | null = null;
    // Everything in [from, upTo): the last data batch of it, if any.
    for (let at = from; at < upTo; ) {
      const fetched = await fetchOne(mirror.client, mirror.at, at, {
        readCommitted: false,
        maxBytes: CHECK_FETCH_BYTES,
      });
      const batches = readBatches(fetched.records);
      if (batches.length === 0) break;
      for (const batch of batches)
        if (!batch.control && batch.count > 0 && batch.baseOffset < upTo) found = batch;
      at = (batches.at(-1) as RecordBatch).lastOffset + 1n;
    }
    if (found) return found;
    upTo = from;
  }
  return null;
}

/** Committed records of the source in [from, to), by offset. */
async function committedRecords(
  source: Side,
  from: bigint,
  to: bigint,
  compacted: boolean,
  pageBytes = CHECK_FETCH_BYTES,
): Promise<Map<bigint, FlatRecord>> {
  const records = new Map<bigint, FlatRecord>();
  for (let at = from; at < to; ) {
    const page = await readPage(source, at, compacted, pageBytes);
    if (page === null) break;
    for (const record of page.records) records.set(record.offset, record);
    at = page.next;
  }
  return records;
}

/**
 * Committed records from `at` on, as far as one answer goes; null at the end of the log.
 * @param holes the log may have nothing in front of its end
 * @throws KafkaError when a log without holes shows nothing where it must have something: a remote tier that was slow
 */
export async function readPage(
  side: Side,
  at: bigint,
  holes: boolean,
  maxBytes = CHECK_FETCH_BYTES,
): Promise<{ records: FlatRecord[]; next: bigint } | null> {
  const fetched = await fetchOne(side.client, side.at, at, { readCommitted: true, maxBytes });
  const batches = readBatches(fetched.records);
  const last = batches.at(-1);
  if (!last) {
    if (!holes && fetched.lastStableOffset > at)
      throw new KafkaError(
        `${side.client.name} answered without records for ${side.at.topic} partition ${side.at.partition} at offset ${at}, in front of its end ${fetched.lastStableOffset}: does its remote storage answer in time`,
        { retriable: true },
      );
    return null;
  }
  // The planner's own filter decides what is committed.
  const { steps } = plan(
    at,
    { batches, aborted: fetched.aborted, lastStableOffset: fetched.lastStableOffset },
    { compactedGapFill: 'markers' },
  );
  const committed = new Set<bigint>();
  for (const step of steps)
    if (step.kind === 'append')
      for (let i = 0n; i < BigInt(step.count); i++) committed.add(step.baseOffset + i);
  const records = batches
    .flatMap((batch) => (batch.control ? [] : flatten(batch)))
    .filter((record) => committed.has(record.offset));
  return { records, next: last.lastOffset + 1n };
}

/**
 * Is the mirror's log an exact prefix of the source's, read record by record at both isolation levels? Compacted topics may miss records that are superseded.
 * @param onProgress gets the offset reached, for long comparisons
 */
export async function comparePrefix(
  source: Side,
  mirror: Side,
  start: bigint,
  end: bigint,
  sourceStart: bigint,
  compacted: boolean,
): Promise<Verdict> {
  const from = start > sourceStart ? start : sourceStart;
  const left = new RecordStream(source, from, end, compacted);
  const committed = new RecordStream(mirror, from, end, true);
  let compared: bigint | null = null;
  for (;;) {
    const [a, b] = await Promise.all([left.next(), committed.next()]);
    if (!a && !b) break;
    if (!a || !b || a.offset !== b.offset || !sameRecord(a, b)) {
      const offset = a && b ? (a.offset < b.offset ? a.offset : b.offset) : ((a ?? b) as FlatRecord).offset;
      return { equal: false, offset, message: 'the two topics differ there' };
    }
    compared = a.offset;
  }
  const hidden = await visibleOnlyUncommitted(mirror, from, end);
  if (hidden !== null)
    return {
      equal: false,
      offset: hidden,
      message: 'the destination topic holds an aborted or open transaction there',
    };
  return { equal: true, checkedOffset: compared };
}

/**
 * Do both sides show the same at the end of a topic that was a source until now? At read_committed: such a topic holds aborted records and
 * transactions, of which its former mirror has nothing. Of cleaned logs only what both have is compared.
 * @param start where both begin at the latest
 */
export async function compareTurned(
  source: Side,
  mirror: Side,
  start: bigint,
  end: bigint,
  compacted: boolean,
): Promise<Verdict> {
  const back = end - BigInt(TURNED_TAIL);
  const from = back > start ? back : start;
  const left = await committedRecords(source, from, end, compacted);
  const right = await committedRecords(mirror, from, end, true);
  let checked: bigint | null = null;
  for (const offset of [...new Set([...left.keys(), ...right.keys()])].sort(ascending)) {
    if (offset < from || offset >= end) continue;
    const [a, b] = [left.get(offset), right.get(offset)];
    if (a && b && sameRecord(a, b)) checked = offset;
    else if (a && b)
      return { equal: false, offset, message: 'both sides have a record there, not the same one' };
    else if (!compacted)
      return {
        equal: false,
        offset,
        message: `only the ${a ? 'new' : 'former'} source shows a record there`,
      };
  }
  return { equal: true, checkedOffset: checked };
}

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);

/** First offset of a batch that read_uncommitted consumers see and read_committed ones don't; null when there is none. */
export async function visibleOnlyUncommitted(
  mirror: Side,
  from: bigint,
  end: bigint,
): Promise<bigint | null> {
  for (let at = from; at < end; ) {
    const options = { readCommitted: true, maxBytes: CHECK_FETCH_BYTES };
    const fetched = await fetchOne(mirror.client, mirror.at, at, options);
    const batches = readBatches(fetched.records);
    const last = batches.at(-1);
    // Nothing is shown behind an open transaction's first record.
    if (!last) return fetched.lastStableOffset < end ? fetched.lastStableOffset : null;
    const committed = committedFilter(fetched.aborted);
    // Each of them, because markers end transactions.
    const shown = batches.map((batch) => committed(batch));
    const hidden = batches.find((batch, index) => !shown[index] && !batch.control && batch.count > 0);
    if (hidden) return hidden.baseOffset;
    at = last.lastOffset + 1n;
  }
  return null;
}

/** Committed records of one side, in order. */
export class RecordStream {
  readonly #side: Side;
  #at: bigint;
  readonly #end: bigint;
  readonly #holes: boolean;
  #page: FlatRecord[] = [];
  #index = 0;

  constructor(side: Side, from: bigint, end: bigint, holes: boolean) {
    this.#holes = holes;
    this.#side = side;
    this.#at = from;
    this.#end = end;
  }
  async next(): Promise<FlatRecord | null> {
    while (this.#index >= this.#page.length) {
      if (this.#at >= this.#end) return null;
      const page = await readPage(this.#side, this.#at, this.#holes);
      if (page === null) return null;
      const from = this.#at;
      this.#page = page.records.filter((r) => r.offset >= from && r.offset < this.#end);
      this.#index = 0;
      this.#at = page.next;
    }
    return this.#page[this.#index++] ?? null;
  }
}

function flatten(batch: RecordBatch): FlatRecord[] {
  return readRecords(batch).map((record) => ({
    offset: batch.baseOffset + BigInt(record.offsetDelta),
    timestamp: recordTimestamp(batch, record),
    rest: record.rest,
  }));
}

/** `rest` begins with the key's length, the key, the value's length: −1 is null. */
function isTombstone(rest: Buffer): boolean {
  const reader = new Reader(rest);
  const keyBytes = reader.varint();
  if (keyBytes > 0) reader.skip(keyBytes);
  return reader.varint() < 0;
}

export function sameRecord(a: FlatRecord, b: FlatRecord): boolean {
  return a.timestamp === b.timestamp && a.rest.equals(b.rest);
}
