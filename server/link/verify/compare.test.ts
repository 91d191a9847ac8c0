import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { codecsReady, readBatches } from '@/server/kafka/wire/record-batch';
import { buildBatch, parseBatch, type TestRecord } from '@/server/kafka/wire/testing/batch-builder';
import { buildLog, expectedRecords, fetchFrom, lastStableOffset, logOps } from '../testing/source-log';
import { markers, mirrorOf, OWN_PRODUCER, show } from '../testing/two-logs';
import { compareShown, type Difference, type Lone, type Shown, SourceDamaged } from './compare';

beforeAll(() => codecsReady());

const sizes = fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 1, maxLength: 6 });
const start = fc.bigInt({ min: 0n, max: 1n << 40n });
type SourceLog = ReturnType<typeof buildLog>;

/** Compares page by page, as pages of both sides come; every other page is cut at another size. */
function compareAll(log: SourceLog, mirror: Buffer[], from: bigint, pageSizes: number[]) {
  const end = lastStableOffset(log, log.end);
  const found: (Difference | Lone)[] = [];
  let records = 0;
  let turn = 0;
  for (let at = from; at < end; ) {
    const maxBytes = pageSizes[turn++ % pageSizes.length] as number;
    const limits = { highWatermark: log.end, maxBytes, minOne: true, looseAborted: turn % 2 === 0 };
    const fetched = fetchFrom(log, at, limits);
    const batches = readBatches(fetched.records);
    const source: Shown = {
      batches,
      aborted: fetched.aborted,
      next: batches.at(-1) ? (batches.at(-1) as (typeof batches)[0]).lastOffset + 1n : end,
    };
    const other = show(mirror, end, at, pageSizes[turn % pageSizes.length] as number);
    const to = [source.next, other.next, end].reduce((a, b) => (a < b ? a : b));
    const result = compareShown(at, to, source, other);
    found.push(...result.differences, ...result.lone);
    records += result.records;
    at = to;
  }
  return { found, records };
}

describe('a mirror as this program makes it', () => {
  it('is equal to its source, whatever the gaps, the codecs and the pages, and every record is counted once', () => {
    fc.assert(
      fc.property(logOps, start, sizes, (ops, from, pageSizes) => {
        const log = buildLog(ops, from);
        const { found, records } = compareAll(log, mirrorOf(log, from, 'markers'), from, pageSizes);
        expect(found).toEqual([]);
        expect(records).toBe(expectedRecords(log, lastStableOffset(log, log.end)).size);
      }),
    );
  });

  it('with copies in its gaps shows only records that the source has nothing for', () => {
    fc.assert(
      fc.property(logOps, start, sizes, (ops, from, pageSizes) => {
        const log = buildLog(ops, from);
        const { found } = compareAll(log, mirrorOf(log, from, 'copies'), from, pageSizes);
        for (const one of found) expect(one).toMatchObject({ side: 'MIRROR' });
      }),
    );
  });
});

describe('a mirror of which one record was changed', () => {
  const change = fc.constantFrom('value', 'timestamp', 'key', 'headers', 'fill', 'foreign');
  it('differs at exactly this offset', () => {
    fc.assert(
      fc.property(logOps, start, sizes, fc.nat(), change, (ops, from, pageSizes, pick, how) => {
        const log = buildLog(ops, from);
        const mirror = mirrorOf(log, from, 'markers');
        const dataAt = mirror.flatMap((bytes, index) => (parseBatch(bytes).attributes & 0x20 ? [] : [index]));
        fc.pre(dataAt.length > 0);
        const index = dataAt[pick % dataAt.length] as number;
        const { records, ...batch } = parseBatch(mirror[index] as Buffer);
        const which = pick % records.length;
        const victim = records[which] as TestRecord;
        const changed = records.map((record, i) => (i === which ? altered(record, how) : record));
        mirror[index] = buildBatch({
          baseOffset: batch.baseOffset,
          records: how === 'fill' ? records : changed,
          producerId: how === 'foreign' ? 99n : OWN_PRODUCER,
        });
        if (how === 'fill') mirror.splice(index, 1, ...asMarkers(records, victim));
        const { found } = compareAll(log, mirror, from, pageSizes);
        expect(found.map(({ offset }) => offset)).toEqual([victim.offset]);
        expect(found[0]).toMatchObject({ kind: how === 'fill' ? 'MISSING' : 'DIFFERENT' });
      }),
    );
  });

  function altered(record: TestRecord, how: string): TestRecord {
    switch (how) {
      case 'timestamp':
        return { ...record, timestamp: record.timestamp + 1n };
      case 'key':
        return { ...record, key: record.key ? null : Buffer.from('k') };
      case 'headers':
        return { ...record, headers: [...(record.headers ?? []), ['x', null]] };
      default:
        return { ...record, value: Buffer.from('something else') };
    }
  }
  function asMarkers(records: TestRecord[], victim: TestRecord): Buffer[] {
    return records.flatMap((record) =>
      record === victim
        ? markers(record.offset, 1n)
        : [buildBatch({ baseOffset: record.offset, records: [record], producerId: OWN_PRODUCER })],
    );
  }
});

describe('single batches', () => {
  const records = (offsets: bigint[], value = 'v'): TestRecord[] =>
    offsets.map((offset) => ({
      offset,
      timestamp: 1_000n + offset,
      key: Buffer.from(`k${offset}`),
      value: Buffer.from(value),
    }));
  const side = (...specs: Parameters<typeof buildBatch>[0][]): Shown => {
    const batches = specs.flatMap((spec) => readBatches(buildBatch(spec)));
    return { batches, aborted: [], next: (batches.at(-1)?.lastOffset ?? -1n) + 1n };
  };

  it('are equal when they are cut differently and packed differently', () => {
    const source = side({ baseOffset: 0n, records: records([0n, 1n, 2n, 3n]), codec: 4 });
    const mirror = side(
      { baseOffset: 0n, records: records([0n]) },
      { baseOffset: 1n, records: records([1n, 2n, 3n]), codec: 1 },
    );
    expect(compareShown(0n, 4n, source, mirror)).toEqual({ records: 4, differences: [], lone: [] });
  });

  it('of an aborted transaction on the mirror are seen differently at the two isolation levels; of a committed one, not', () => {
    const source = side({ baseOffset: 0n, records: records([0n, 1n]) });
    const mirror = side({ baseOffset: 0n, records: records([0n, 1n]), transactional: true, producerId: 5n });
    expect(compareShown(0n, 2n, source, mirror)).toMatchObject({ records: 2, differences: [] });
    const aborted = { ...mirror, aborted: [{ producerId: 5n, firstOffset: 0n }] };
    expect(compareShown(0n, 2n, source, aborted).differences).toEqual([
      { offset: 0n, kind: 'TRANSACTIONAL', source: null, mirror: null },
    ]);
  });

  it('that are damaged on the mirror are told even where the payload is the same', () => {
    const source = side({ baseOffset: 0n, records: records([0n, 1n]) });
    const mirror = side({ baseOffset: 0n, records: records([0n, 1n]), producerId: 5n });
    const bytes = mirror.batches[0]?.bytes as Buffer;
    bytes.writeUInt32BE((bytes.readUInt32BE(17) ^ 1) >>> 0, 17);
    expect(compareShown(0n, 2n, source, mirror).differences).toMatchObject([{ offset: 0n, kind: 'DAMAGED' }]);
  });

  it('that are damaged on the source prove nothing about the mirror', () => {
    const source = side({ baseOffset: 0n, records: records([0n, 1n]) });
    const bytes = source.batches[0]?.bytes as Buffer;
    bytes[bytes.length - 2] = (bytes.at(-2) as number) ^ 1;
    const mirror = side({ baseOffset: 0n, records: records([0n, 1n]) });
    expect(() => compareShown(0n, 2n, source, mirror)).toThrow(SourceDamaged);
  });

  it('only one side has where the other was cleaned are lone, with their key', () => {
    const source = side(
      { baseOffset: 0n, lastOffset: 2n, records: records([1n]) },
      { baseOffset: 3n, records: records([3n]) },
    );
    const mirror = side(
      { baseOffset: 0n, records: records([0n, 1n]) },
      { baseOffset: 3n, records: records([3n]) },
    );
    expect(compareShown(0n, 4n, source, mirror).lone).toMatchObject([
      { side: 'MIRROR', offset: 0n, key: 'k0', tombstone: false },
    ]);
  });

  it('tell nothing of contents: size, time and checksum only', () => {
    const source = side({ baseOffset: 0n, records: records([0n], 'secret') });
    const mirror = side({ baseOffset: 0n, records: records([0n], 'other') });
    const [difference] = compareShown(0n, 1n, source, mirror).differences;
    expect(Object.keys(difference?.source ?? {})).toEqual(['timestamp', 'bytes', 'crc']);
  });
});
