// A model of one partition on both sides, for tests of verification: a source with gaps of every kind and its mirror, or two compacted logs whose cleaners
// have come to different places. Shows pages as brokers do. Only tests import it.
import fc from 'fast-check';
import { type RecordBatch, readBatches, restamp } from '@/server/kafka/wire/record-batch';
import { buildBatch, endMarker, type TestRecord } from '@/server/kafka/wire/testing/batch-builder';
import { plan } from '../plan';
import type { Shown } from '../verify/compare';
import type { PageReader } from '../verify/read-pair';
import { fetchFrom, lastStableOffset, type SourceLog } from './source-log';

export const OWN_PRODUCER = 4_242n;

/** The mirror's log as batches at their offsets, up to the source's last stable offset. */
export function mirrorOf(log: SourceLog, from: bigint, compactedGapFill: 'markers' | 'copies'): Buffer[] {
  const limits = { highWatermark: log.end, maxBytes: 10_000_000, minOne: true, looseAborted: false };
  const fetched = fetchFrom(log, from, limits);
  const { steps, cursor } = plan(
    from,
    { ...fetched, batches: readBatches(fetched.records) },
    { compactedGapFill },
  );
  const stable = lastStableOffset(log, log.end);
  const batches = steps.flatMap((step) => {
    if (step.kind === 'fill') return markers(step.baseOffset, step.count);
    const bytes = Buffer.from(step.bytes);
    restamp(bytes, OWN_PRODUCER, 1, 0);
    bytes.writeBigInt64BE(step.baseOffset, 0);
    return [bytes];
  });
  return [...batches, ...markers(cursor, stable - cursor)];
}

export function markers(from: bigint, count: bigint): Buffer[] {
  return Array.from({ length: Number(count) }, (_, i) =>
    endMarker({
      offset: from + BigInt(i),
      producerId: OWN_PRODUCER,
      commit: false,
      timestamp: 1_800_000_000_000n,
    }),
  );
}

/** An answer from `from` on, cut at `maxBytes` but never without a batch, as a broker gives it. */
export function show(batches: readonly Buffer[], end: bigint, from: bigint, maxBytes: number): Shown {
  const there = batches.flatMap((bytes) => readBatches(bytes)).filter((b) => b.lastOffset >= from);
  const shown: RecordBatch[] = [];
  let bytes = 0;
  for (const batch of there) {
    if (shown.length > 0 && bytes + batch.bytes.length > maxBytes) break;
    shown.push(batch);
    bytes += batch.bytes.length;
  }
  const last = shown.at(-1);
  return { batches: shown, aborted: [], next: last ? last.lastOffset + 1n : end };
}

/** Pages of two logs of plain batches. */
export function modelPages(
  logs: { source: readonly Buffer[]; mirror: readonly Buffer[]; stable: bigint; safe: bigint },
  maxBytes: () => number,
): PageReader {
  const { stable, safe } = logs;
  return {
    cleaned: true,
    async pair(from, upTo = stable > safe ? stable : safe) {
      const source = show(logs.source, stable, from, maxBytes());
      const mirror = show(logs.mirror, safe, from, maxBytes());
      const to = [source.next, mirror.next, stable, safe, upTo].reduce((a, b) => (a < b ? a : b));
      if (to <= from) return null;
      return { from, to, source, mirror, stable, safe, start: 0n, bytes: 1, release() {} };
    },
    async sourceOnly(from) {
      return { shown: show(logs.source, stable, from, maxBytes()), stable, bytes: 1, release() {} };
    },
  };
}

// --- compacted logs ---

export type KeyedRecord = { key: number; tombstone: boolean };
export const keyedLog = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 5 }),
    tombstone: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
  }),
  { minLength: 1, maxLength: 40 },
);
/** How far a cleaner has come, as a share, and whether tombstones behind it have expired. */
export const cleaner = fc.record({
  share: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
  tombstonesGone: fc.boolean(),
  batchSize: fc.integer({ min: 1, max: 6 }),
});
export type Cleaner = typeof cleaner extends fc.Arbitrary<infer T> ? T : never;

/**
 * Offsets that a cleaner leaves of the first `end` records: below its point, the last record of each key.
 * @param mirrored tombstones from here on have not reached the mirror: they may not be gone
 */
export function kept(
  records: readonly KeyedRecord[],
  end: number,
  { share, tombstonesGone }: Cleaner,
  mirrored = end,
): number[] {
  const point = Math.floor(end * share);
  const last = new Map<number, number>();
  for (let offset = 0; offset < point; offset++) last.set((records[offset] as KeyedRecord).key, offset);
  return Array.from({ length: end }, (_, offset) => offset).filter((offset) => {
    if (offset >= point) return true;
    const record = records[offset] as KeyedRecord;
    return last.get(record.key) === offset && !(record.tombstone && tombstonesGone && offset < mirrored);
  });
}

/** Batches of `batchSize` offsets, as they were before the cleaner; those it has emptied are gone. */
export function batchesOf(
  records: readonly KeyedRecord[],
  offsets: readonly number[],
  batchSize: number,
): Buffer[] {
  const batches: Buffer[] = [];
  for (let base = 0; base < records.length; base += batchSize) {
    const present = offsets.filter((offset) => offset >= base && offset < base + batchSize);
    if (present.length === 0) continue;
    const ends = Math.min(base + batchSize, (offsets.at(-1) ?? 0) + 1);
    batches.push(
      buildBatch({
        baseOffset: BigInt(base),
        lastOffset: BigInt(Math.max(ends - 1, present.at(-1) as number)),
        records: present.map((offset) => recordAt(records, offset)),
        producerId: OWN_PRODUCER,
      }),
    );
  }
  return batches;
}

export function recordAt(records: readonly KeyedRecord[], offset: number): TestRecord {
  const { key, tombstone } = records[offset] as KeyedRecord;
  return {
    offset: BigInt(offset),
    timestamp: 1_700_000_000_000n + BigInt(offset),
    key: Buffer.from(`key ${key}`),
    value: tombstone ? null : Buffer.from(`value of ${offset}`),
  };
}
