// Compares what both sides of a mirror partition show of the same offsets. Pure: what is read, when and how often is decided elsewhere.
// Equal means equal for every consumer: offset, timestamp, key, value and headers, at both isolation levels. Batches may be cut differently.
import { createHash } from 'node:crypto';
import type { AbortedTransaction } from '@/server/kafka/wire/apis/fetch';
import { crc32c } from '@/server/kafka/wire/crc32c';
import { DecodeError } from '@/server/kafka/wire/errors';
import { Reader } from '@/server/kafka/wire/reader';
import {
  carriesTheSame,
  checksumHolds,
  type RecordBatch,
  readRecords,
  recordTimestamp,
} from '@/server/kafka/wire/record-batch';
import { committedFilter } from '../plan';

export type Side = 'SOURCE' | 'MIRROR';

/** What one side shows from an offset on, up to (not with) `next`: read at read_committed, which tells of aborted data and brings it all the same. */
export type Shown = {
  batches: readonly RecordBatch[];
  /** Of the same answer. */
  aborted: readonly AbortedTransaction[];
  next: bigint;
};

/** All that leaves this server of a record: no content. */
export type RecordFacts = {
  timestamp: bigint;
  /** Of key, value and headers as they stand. */
  bytes: number;
  crc: number;
};

/**
 * DIFFERENT: both have a record there, not the same one · MISSING: the mirror has none · EXTRA: the source has none ·
 * TRANSACTIONAL: the mirror has aborted data there, which only consumers at read_uncommitted see · DAMAGED: the mirror's batch does not match its checksum
 */
export type DifferenceKind = 'DIFFERENT' | 'MISSING' | 'EXTRA' | 'TRANSACTIONAL' | 'DAMAGED';
export type Difference = {
  offset: bigint;
  kind: DifferenceKind;
  source: RecordFacts | null;
  mirror: RecordFacts | null;
};

/** A record of one side where the other side has nothing at all, as a cleaner leaves it: right, if a later record of its key follows. */
export type Lone = {
  side: Side;
  offset: bigint;
  /** Null: a record without a key, which cleaners drop. */
  key: string | null;
  tombstone: boolean;
  facts: RecordFacts;
};

export type Compared = {
  /** On both sides, and equal. */
  records: number;
  differences: Difference[];
  lone: Lone[];
};

/** The source cannot be read there: nothing is known about the mirror. */
export class SourceDamaged extends DecodeError {}

/** Longer keys are told apart by their hash. */
const KEPT_KEY_BYTES = 64;

type Flat = { offset: bigint; timestamp: bigint; rest: Buffer };

/**
 * @param from first offset compared; the batches of both sides cover everything up to `to`
 * @param to end of what is compared, not above what both sides hold for good
 * @returns differences and lone records in offset order
 * @throws SourceDamaged
 */
export function compareShown(from: bigint, to: bigint, source: Shown, mirror: Shown): Compared {
  const left = within(visibleOf(source), from, to);
  // As consumers at read_uncommitted see it; those at read_committed must see the same.
  const right = within(mirror.batches.filter(holdsRecords), from, to);
  const committed = new Set(visibleOf(mirror));
  const result: Compared = { records: 0, differences: [], lone: [] };
  const byBase = new Map(right.map((batch) => [batch.baseOffset, batch]));
  const equal = new Set<RecordBatch>();
  for (const batch of left) {
    const other = byBase.get(batch.baseOffset);
    if (!other || !committed.has(other) || !carriesTheSame(batch, other) || !checksumHolds(other)) continue;
    equal.add(batch).add(other);
    result.records += countWithin(batch, from, to);
  }
  const rest = (batches: RecordBatch[]) => batches.filter((batch) => !equal.has(batch));
  const covered = { SOURCE: fills(source, visibleOf(source)), MIRROR: fills(mirror, right) };
  mergeRecords(
    flatSource(rest(left), from, to),
    flatMirror(rest(right), committed, from, to, result),
    covered,
    result,
  );
  return result;
}

/** Every record of a side, for who looks for later ones of a key. Batches that cannot be read are left out: comparing tells about them. */
export function* keysShown(
  shown: Shown,
  from: bigint,
  to: bigint,
): Generator<{ offset: bigint; key: string | null }> {
  for (const batch of within(visibleOf(shown), from, to)) {
    for (const { offset, rest } of flatten(batch))
      if (offset >= from && offset < to) yield { offset, key: keyOf(rest).key };
  }
}

const holdsRecords = (batch: RecordBatch): boolean => !batch.control && batch.count > 0;

function visibleOf(source: Shown): RecordBatch[] {
  return source.batches.filter(committedFilter(source.aborted));
}

function within(batches: readonly RecordBatch[], from: bigint, to: bigint): RecordBatch[] {
  return batches.filter((batch) => batch.lastOffset >= from && batch.baseOffset < to);
}

/** Of an equal batch; one that is cut by an end counts as the offsets that lie inside. */
function countWithin(batch: RecordBatch, from: bigint, to: bigint): number {
  const first = batch.baseOffset > from ? batch.baseOffset : from;
  const end = batch.lastOffset + 1n < to ? batch.lastOffset + 1n : to;
  return Math.min(batch.count, Number(end - first));
}

/** Offsets that a batch without visible records takes up: no cleaner has been there, nothing was ever to be seen. */
function fills(shown: Shown, visible: readonly RecordBatch[]): (offset: bigint) => boolean {
  const seen = new Set(visible);
  // A batch that the cleaner has emptied is kept for its producer's sequence: a hole all the same.
  const batches = shown.batches.filter((batch) => !seen.has(batch) && batch.count > 0);
  return (offset) => {
    // The last one that begins at or below the offset: a mirror of transactions has thousands of them.
    let low = 0;
    let high = batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((batches[middle] as RecordBatch).baseOffset <= offset) low = middle + 1;
      else high = middle;
    }
    const batch = batches[low - 1];
    return batch !== undefined && offset <= batch.lastOffset;
  };
}

function flatSource(batches: RecordBatch[], from: bigint, to: bigint): Flat[] {
  try {
    return inside(batches.flatMap(flatten), from, to);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new SourceDamaged(error.message);
  }
}

/** A batch that can't be read, or only at one isolation level, is a difference as a whole. */
function flatMirror(
  batches: RecordBatch[],
  committed: ReadonlySet<RecordBatch>,
  from: bigint,
  to: bigint,
  result: Compared,
): Flat[] {
  const flat: Flat[] = [];
  for (const batch of batches) {
    const offset = batch.baseOffset > from ? batch.baseOffset : from;
    try {
      const records = flatten(batch);
      if (!committed.has(batch))
        result.differences.push({ offset, kind: 'TRANSACTIONAL', source: null, mirror: null });
      flat.push(...records);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      result.differences.push({ offset, kind: 'DAMAGED', source: null, mirror: null });
    }
  }
  return inside(flat, from, to);
}

const inside = (records: Flat[], from: bigint, to: bigint) =>
  records.filter((record) => record.offset >= from && record.offset < to);

function flatten(batch: RecordBatch): Flat[] {
  return readRecords(batch).map((record) => ({
    offset: batch.baseOffset + BigInt(record.offsetDelta),
    timestamp: recordTimestamp(batch, record),
    rest: record.rest,
  }));
}

function mergeRecords(
  left: Flat[],
  right: Flat[],
  covered: Record<Side, (offset: bigint) => boolean>,
  result: Compared,
): void {
  // What a damaged or transactional batch holds is told once, by its batch.
  const told = result.differences.length > 0;
  let a = 0;
  let b = 0;
  while (a < left.length || b < right.length) {
    const ours = left[a];
    const theirs = right[b];
    if (ours && theirs && ours.offset === theirs.offset) {
      if (sameRecord(ours, theirs)) result.records++;
      else add(result, ours.offset, 'DIFFERENT', ours, theirs);
      a++;
      b++;
    } else if (ours && (!theirs || ours.offset < theirs.offset)) {
      if (covered.MIRROR(ours.offset)) add(result, ours.offset, 'MISSING', ours, null);
      else if (!told) result.lone.push(lone('SOURCE', ours));
      a++;
    } else if (theirs) {
      if (covered.SOURCE(theirs.offset)) add(result, theirs.offset, 'EXTRA', null, theirs);
      else if (!told) result.lone.push(lone('MIRROR', theirs));
      b++;
    }
  }
  result.differences.sort((x, y) => (x.offset < y.offset ? -1 : x.offset > y.offset ? 1 : 0));
}

function add(
  result: Compared,
  offset: bigint,
  kind: DifferenceKind,
  source: Flat | null,
  mirror: Flat | null,
) {
  result.differences.push({
    offset,
    kind,
    source: source && factsOf(source),
    mirror: mirror && factsOf(mirror),
  });
}

const factsOf = ({ timestamp, rest }: Flat): RecordFacts => ({
  timestamp,
  bytes: rest.length,
  crc: crc32c(rest),
});

function lone(side: Side, record: Flat): Lone {
  return { side, offset: record.offset, ...keyOf(record.rest), facts: factsOf(record) };
}

function sameRecord(a: Flat, b: Flat): boolean {
  return a.timestamp === b.timestamp && a.rest.equals(b.rest);
}

/** `rest` begins with the key's length, the key, the value's length: −1 is null. */
function keyOf(rest: Buffer): { key: string | null; tombstone: boolean } {
  const reader = new Reader(rest);
  const keyBytes = reader.varint();
  if (keyBytes < 0) return { key: null, tombstone: reader.varint() < 0 };
  const from = reader.position;
  reader.skip(keyBytes);
  const bytes = rest.subarray(from, from + keyBytes);
  const short = keyBytes <= KEPT_KEY_BYTES ? bytes : createHash('sha256').update(bytes).digest();
  return { key: short.toString('latin1'), tombstone: reader.varint() < 0 };
}
