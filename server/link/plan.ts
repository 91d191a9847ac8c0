// Plans what is appended at the destination so that every record keeps its offset. Pure: no sockets, no clocks, no promises.
import type { AbortedTransaction } from '@/server/kafka/wire/apis/fetch';
import { buildRun, type RawRecord, type RecordBatch, readRecords } from '@/server/kafka/wire/record-batch';
import type { Slab } from '@/server/kafka/wire/slab';

/** One thing to append, in order. The lengths of all steps together are the offsets that the cursor moves by. */
export type Step =
  | AppendStep
  /** Offsets that hold no committed record. */
  | { kind: 'fill'; baseOffset: bigint; count: bigint };

/** A batch of `count` records on `count` offsets, ready to be restamped. One object from the plan to the acknowledgement: there are very many. */
export type AppendStep = {
  kind: 'append';
  baseOffset: bigint;
  count: number;
  bytes: Buffer;
  maxTimestamp: bigint;
  /** Records that stand in for holes. */
  copies: number;
  /** Holds the bytes; released when the append is settled. Null for bytes of their own, as a plan leaves it. */
  slab: Slab | null;
  /** Filler in front of a mirror's start. */
  head: boolean;
};

export type Fetched = {
  batches: readonly RecordBatch[];
  /** Aborted transactions of the same response. */
  aborted: readonly AbortedTransaction[];
  /** Nothing at or behind it is planned. */
  lastStableOffset: bigint;
};

export type PlanOptions = {
  /** Holes of compacted batches: `markers` leaves nothing visible, `copies` repeats the next record of the batch. */
  compactedGapFill: 'markers' | 'copies';
};

/**
 * Plans how fetched batches land on the destination so that every record keeps its offset.
 *
 * @param cursor  next destination offset of this partition, the end of everything planned before
 * @param fetched batches in offset order, read at read_committed, with the aborted transactions of the response
 * @returns steps in append order and the new cursor; the steps' lengths add up to the difference
 * @throws DecodeError when a batch that must be rebuilt cannot be unpacked
 */
export function plan(
  cursor: bigint,
  fetched: Fetched,
  options: PlanOptions,
): { steps: Step[]; cursor: bigint } {
  const steps: Step[] = [];
  let next = cursor;
  const visible = committedFilter(fetched.aborted);

  for (const batch of fetched.batches) {
    // The filter must see every batch, also those that are mirrored already: markers end transactions.
    const committed = visible(batch);
    if (batch.lastOffset < next) continue;
    if (batch.lastOffset >= fetched.lastStableOffset) break;
    if (!committed) {
      fill(steps, next, batch.lastOffset + 1n - next);
    } else if (travelsAsItIs(batch, next)) {
      if (batch.baseOffset > next) fill(steps, next, batch.baseOffset - next);
      steps.push({
        kind: 'append',
        baseOffset: batch.baseOffset,
        count: batch.count,
        bytes: batch.bytes,
        maxTimestamp: batch.maxTimestamp,
        copies: 0,
        slab: null,
        head: false,
      });
    } else {
      rebuild(steps, next, batch, options);
    }
    next = batch.lastOffset + 1n;
  }
  return { steps, cursor: next };
}

/** A filler for offsets that are known to hold nothing, such as a hole at the end of a log. */
export function fill(steps: Step[], from: bigint, count: bigint): void {
  const last = steps.at(-1);
  if (last?.kind === 'fill') last.count += count;
  else steps.push({ kind: 'fill', baseOffset: from, count });
}

/**
 * Which batches hold committed records, by the rule of Kafka's own consumer (CompletedFetch.nextFetchedRecord): an aborted transaction is
 * active from its first offset until its producer's abort marker.
 */
export function committedFilter(aborted: readonly AbortedTransaction[]): (batch: RecordBatch) => boolean {
  const waiting = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const active = new Set<bigint>();
  let at = 0;
  return (batch) => {
    for (; at < waiting.length; at++) {
      const transaction = waiting[at] as AbortedTransaction;
      if (transaction.firstOffset > batch.lastOffset) break;
      active.add(transaction.producerId);
    }
    if (batch.control) {
      if (batch.abortMarker) active.delete(batch.producerId);
      return false;
    }
    // The cleaner keeps batches without records for their producer's last sequence.
    return batch.count > 0 && !(batch.transactional && active.has(batch.producerId));
  };
}

function travelsAsItIs(batch: RecordBatch, next: bigint): boolean {
  return batch.baseOffset >= next && !batch.logAppendTime && batch.dense;
}

/** Takes a batch apart that has holes, begins before the cursor or carries append times, and builds one batch per run of records. */
function rebuild(steps: Step[], from: bigint, batch: RecordBatch, options: PlanOptions): void {
  const first = from > batch.baseOffset ? Number(from - batch.baseOffset) : 0;
  const records = readRecords(batch).filter((record) => record.offsetDelta >= first);
  const end = batch.lastOffset + 1n;
  if (options.compactedGapFill === 'copies' && appendWithCopies(steps, from, batch, records)) return;
  let next = from;
  for (let at = 0; at < records.length; ) {
    let stop = at + 1;
    while (stop < records.length && delta(records, stop) === delta(records, stop - 1) + 1) stop++;
    const base = batch.baseOffset + BigInt(delta(records, at));
    if (base > next) fill(steps, next, base - next);
    appendRun(steps, base, buildRun(batch, records.slice(at, stop)), stop - at, 0);
    next = base + BigInt(stop - at);
    at = stop;
  }
  if (end > next) fill(steps, next, end - next);
}

/** Every mirror takes batches of this size. A batch that copies would make larger than this and than it was is split with markers instead. */
const COPIES_MAX_BYTES = 1_000_000;
const COPIES_MAX_UNCOMPRESSED_BYTES = 32 * 1024 * 1024;
/** Length, attributes, timestamp and offset of a record take at most this much. */
const RECORD_HEAD_MAX_BYTES = 21;

/**
 * One dense batch: each hole is a copy of the next real record, which supersedes it for who reads by key. A hole at the end stays a fill.
 * @returns false, with nothing planned, when there is nothing to copy or the batch would become too large
 */
function appendWithCopies(steps: Step[], from: bigint, batch: RecordBatch, records: RawRecord[]): boolean {
  const first = batch.baseOffset > from ? 0 : Number(from - batch.baseOffset);
  let uncompressedBytes = 0;
  let previous = first - 1;
  for (const { offsetDelta, rest } of records) {
    uncompressedBytes += (offsetDelta - previous) * (rest.length + RECORD_HEAD_MAX_BYTES);
    previous = offsetDelta;
  }
  if (records.length === 0 || uncompressedBytes > COPIES_MAX_UNCOMPRESSED_BYTES) return false;
  const dense = records.flatMap((record, index) => {
    const gap = record.offsetDelta - (index === 0 ? first : delta(records, index - 1) + 1);
    return Array<RawRecord>(gap + 1).fill(record);
  });
  const bytes = buildRun(batch, dense);
  const copies = dense.length - records.length;
  if (copies > 0 && bytes.length > Math.max(COPIES_MAX_BYTES, batch.bytes.length)) return false;
  if (batch.baseOffset > from) fill(steps, from, batch.baseOffset - from);
  const base = batch.baseOffset + BigInt(first);
  appendRun(steps, base, bytes, dense.length, copies);
  const end = base + BigInt(dense.length);
  if (batch.lastOffset + 1n > end) fill(steps, end, batch.lastOffset + 1n - end);
  return true;
}

function appendRun(steps: Step[], baseOffset: bigint, bytes: Buffer, count: number, copies: number): void {
  steps.push({
    kind: 'append',
    baseOffset,
    count,
    bytes,
    maxTimestamp: bytes.readBigInt64BE(35),
    copies,
    slab: null,
    head: false,
  });
}

function delta(records: RawRecord[], index: number): number {
  return (records[index] as RawRecord).offsetDelta;
}
