// A model of a source partition for tests: arbitrary logs with every kind of gap, and the fetch answers that a broker would give of them.
// As simple as can be: it is what the planner is judged by. Only tests import it.
import fc from 'fast-check';
import type { AbortedTransaction } from '@/server/kafka/wire/apis/fetch';
import { buildBatch, endMarker, type TestRecord } from '@/server/kafka/wire/testing/batch-builder';

type Cleaning = 'none' | 'empty' | 'gone' | { keep: number };
export type LogOp =
  | {
      kind: 'data';
      /** Of a transaction of this producer; null for a batch outside of any. */
      producer: number | null;
      records: number;
      codec: number;
      appendTime: boolean;
      horizon: boolean;
      timestampStep: number;
      cleaning: Cleaning;
    }
  | { kind: 'end'; producer: number; commit: boolean; gone: boolean }
  | { kind: 'missing'; offsets: number };

export type SourceLog = {
  batches: { first: bigint; last: bigint; bytes: Buffer }[];
  end: bigint;
  /** What a consumer may see, transaction by transaction: null ends nothing yet. */
  committed: Map<bigint, TestRecord & { transaction: Transaction | null }>;
  transactions: Transaction[];
};
type Transaction = {
  producerId: bigint;
  first: bigint;
  /** Offset of the marker. */
  end: bigint | null;
  commit: boolean;
  /** Batches that are still there, emptied ones too; the cleaner drops an aborted transaction from the index with its last batch. */
  left: number;
};

const producer = fc.integer({ min: 0, max: 2 });
const cleaning: fc.Arbitrary<Cleaning> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Cleaning>('none') },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 255 }).map((keep) => ({ keep })) },
  { weight: 1, arbitrary: fc.constant<Cleaning>('empty') },
  { weight: 1, arbitrary: fc.constant<Cleaning>('gone') },
);
const codec = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
);
export const logOps: fc.Arbitrary<LogOp[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('data' as const),
        producer: fc.option(producer),
        records: fc.integer({ min: 1, max: 8 }),
        codec,
        appendTime: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
        horizon: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
        timestampStep: fc.integer({ min: -5_000, max: 5_000 }),
        cleaning,
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('end' as const),
        producer,
        commit: fc.boolean(),
        gone: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('missing' as const),
        offsets: fc.integer({ min: 1, max: 30 }),
      }),
    },
  ),
  { maxLength: 30 },
);

export function buildLog(ops: LogOp[], start: bigint): SourceLog {
  const log: SourceLog = { batches: [], end: start, committed: new Map(), transactions: [] };
  const open = new Map<number, Transaction>();
  let clock = 1_700_000_000_000n;
  for (const op of ops) {
    const first = log.end;
    if (op.kind === 'missing') {
      log.end += BigInt(op.offsets);
    } else if (op.kind === 'end') {
      const transaction = open.get(op.producer);
      // A marker without data ends nothing, and exists: InitProducerId writes such.
      log.end += 1n;
      open.delete(op.producer);
      if (transaction) Object.assign(transaction, { end: first, commit: op.commit });
      // The cleaner takes a marker only once all data of its transaction is gone.
      if (op.gone && (transaction?.left ?? 0) === 0) continue;
      const bytes = endMarker({
        offset: first,
        producerId: producerIdOf(op.producer),
        commit: op.commit,
        timestamp: clock,
      });
      log.batches.push({ first, last: first, bytes });
    } else {
      clock += BigInt(op.timestampStep);
      log.end += BigInt(op.records);
      const transaction = op.producer === null ? null : transactionOf(log, open, op.producer, first);
      if (op.cleaning === 'gone') continue;
      if (transaction) transaction.left++;
      appendData(log, op, first, clock, transaction);
    }
  }
  return log;
}

const producerIdOf = (producer: number) => 1_000n + BigInt(producer);

function transactionOf(log: SourceLog, open: Map<number, Transaction>, producer: number, first: bigint) {
  let transaction = open.get(producer);
  if (!transaction) {
    transaction = { producerId: producerIdOf(producer), first, end: null, commit: false, left: 0 };
    open.set(producer, transaction);
    log.transactions.push(transaction);
  }
  return transaction;
}

function appendData(
  log: SourceLog,
  op: LogOp & { kind: 'data' },
  first: bigint,
  clock: bigint,
  transaction: Transaction | null,
): void {
  const keep = op.cleaning === 'none' ? 255 : typeof op.cleaning === 'object' ? op.cleaning.keep : 0;
  const appendTime = op.appendTime ? clock + 77n : undefined;
  const records: TestRecord[] = [];
  for (let i = 0; i < op.records; i++) {
    if (!(keep & (1 << i))) continue;
    const offset = first + BigInt(i);
    const record: TestRecord = {
      offset,
      timestamp: clock + BigInt((i * op.timestampStep) % 997),
      key: i % 3 === 2 ? null : Buffer.from(`key of ${offset}`),
      value: i % 4 === 3 ? null : Buffer.from(`value of ${offset}`.repeat(i)),
      headers: i % 2 ? [['name', Buffer.from([i])]] : [],
    };
    records.push(record);
    log.committed.set(offset, { ...record, timestamp: appendTime ?? record.timestamp, transaction });
  }
  const last = first + BigInt(op.records - 1);
  const bytes = buildBatch({
    baseOffset: first,
    lastOffset: last,
    records,
    codec: records.length > 0 ? op.codec : 0,
    leaderEpoch: 3,
    producerId: op.producer === null ? 7n : producerIdOf(op.producer),
    producerEpoch: 0,
    baseSequence: Number(first % 2_147_483_648n),
    transactional: transaction !== null,
    // A cleaned batch with tombstones: its base timestamp is the time at which they go, and the deltas count from there.
    ...(op.horizon ? { deleteHorizon: true, baseTimestamp: clock + 86_400_000n } : {}),
    ...(appendTime === undefined ? {} : { logAppendTime: appendTime }),
  });
  log.batches.push({ first, last, bytes });
}

/** Where a consumer at read_committed must stop: at the first transaction that is open, as of a high watermark. */
export function lastStableOffset(log: SourceLog, highWatermark: bigint): bigint {
  const open = log.transactions.filter(
    (t) => t.first < highWatermark && (t.end === null || t.end >= highWatermark),
  );
  return open.reduce((min, t) => (t.first < min ? t.first : min), highWatermark);
}

/** What consumers may see below an offset that is stable. */
export function expectedRecords(log: SourceLog, below: bigint): Map<bigint, TestRecord> {
  const visible = [...log.committed].filter(
    ([offset, { transaction }]) =>
      offset < below && (transaction === null || (transaction.commit && transaction.end !== null)),
  );
  return new Map(visible);
}

/**
 * A broker's answer to a fetch at read_committed: whole log batches from the one that holds `offset` on, cut at `maxBytes` (the first one whole when
 * `minOne`), and the aborted transactions that overlap [offset, end of the answer), as UnifiedLog.addAbortedTransactions finds them.
 */
export function fetchFrom(
  log: SourceLog,
  offset: bigint,
  limits: { highWatermark: bigint; maxBytes: number; minOne: boolean; looseAborted: boolean },
): { records: Buffer; aborted: AbortedTransaction[]; lastStableOffset: bigint } {
  const stable = lastStableOffset(log, limits.highWatermark);
  const answered = log.batches.filter((b) => b.last >= offset && b.last < stable);
  const all = Buffer.concat(answered.map((b) => b.bytes));
  const atLeast = limits.minOne ? (answered[0]?.bytes.length ?? 0) : 0;
  const end = answered.at(-1)?.last ?? offset;
  // A broker's upper bound comes from the offset index: it may lie behind the last batch, never in front of it.
  const bound = limits.looseAborted ? stable : end + 1n;
  const aborted = log.transactions
    .filter((t) => t.end !== null && t.end < limits.highWatermark && !t.commit && t.left > 0)
    .filter((t) => (t.end as bigint) >= offset && t.first < bound)
    // The index is written in the order in which transactions end.
    .sort((a, b) => Number((a.end as bigint) - (b.end as bigint)))
    .map((t) => ({ producerId: t.producerId, firstOffset: t.first }));
  return {
    records: Buffer.from(all.subarray(0, Math.max(atLeast, limits.maxBytes))),
    aborted,
    lastStableOffset: stable,
  };
}
