import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { crc32c } from './crc32c';
import { DecodeError } from './errors';
import {
  buildFiller,
  buildRun,
  codecsReady,
  nextSequence,
  OldMessageFormat,
  type RecordBatch,
  readBatches,
  readRecords,
  recordTimestamp,
  restamp,
} from './record-batch';
import { type BatchSpec, buildBatch, endMarker, parseBatch, type TestRecord } from './testing/batch-builder';
import { javaBatches, javaLargeBatches, javaLogAppendTime, javaMarkers } from './testing/java-samples';

beforeAll(() => codecsReady());

const base64 = (text: string) => Buffer.from(text, 'base64');
const only = (bytes: Buffer) => readBatches(bytes)[0] as RecordBatch;
const records = (...offsets: number[]): TestRecord[] =>
  offsets.map((offset) => ({
    offset: BigInt(offset),
    timestamp: 1_700_000_000_000n - BigInt(offset * 7),
    key: offset % 3 ? Buffer.from(`k${offset}`) : null,
    value: offset % 4 ? Buffer.alloc(50, offset) : null,
    headers: offset % 2 ? [['h', null]] : [],
  }));
const batch = (more: Partial<BatchSpec> = {}) =>
  buildBatch({ baseOffset: 10n, records: records(10, 11, 12), ...more });

describe('readBatches', () => {
  it('reads every header field of a batch', () => {
    const bytes = batch({
      baseOffset: (1n << 40n) + 1n,
      lastOffset: (1n << 40n) + 9n,
      records: [{ offset: (1n << 40n) + 3n, timestamp: 9n, key: null, value: null }],
      leaderEpoch: 8,
      producerId: 1n << 35n,
      producerEpoch: 4,
      baseSequence: 99,
      transactional: true,
    });
    expect(readBatches(bytes)).toMatchObject([
      {
        baseOffset: (1n << 40n) + 1n,
        lastOffset: (1n << 40n) + 9n,
        count: 1,
        leaderEpoch: 8,
        producerId: 1n << 35n,
        producerEpoch: 4,
        baseSequence: 99,
        maxTimestamp: 9n,
        codec: 0,
        transactional: true,
        control: false,
        logAppendTime: false,
        abortMarker: false,
        dense: false,
        bytes,
      },
    ]);
    expect(only(batch()).dense).toBe(true);
  });

  it('leaves out a partial batch at the end, wherever the answer is cut', () => {
    const [a, b] = [batch(), batch({ baseOffset: 13n, records: records(13) })];
    const both = Buffer.concat([a, b]);
    for (let cut = 0; cut < both.length; cut++) {
      const whole = readBatches(both.subarray(0, cut));
      expect(whole.map((x) => x.baseOffset)).toEqual(cut < a.length ? [] : [10n]);
    }
    expect(readBatches(both)).toHaveLength(2);
  });

  it('tells an abort marker from a commit marker, as Java writes them', () => {
    const [abort, commit] = readBatches(
      Buffer.concat([base64(javaMarkers.abort), base64(javaMarkers.commit)]),
    );
    expect(abort).toMatchObject({ control: true, abortMarker: true, producerId: 77n, baseOffset: 123n });
    expect(commit).toMatchObject({ control: true, abortMarker: false, producerId: 77n, baseOffset: 124n });
    expect(base64(javaMarkers.commit)).toHaveLength(78);
  });

  it('reads a control batch that the cleaner has emptied', () => {
    const bytes = batch({ records: [], lastOffset: 10n, control: true });
    expect(only(bytes)).toMatchObject({ control: true, abortMarker: false, count: 0 });
  });

  it('names message formats that it does not carry', () => {
    const bytes = batch();
    for (const magic of [0, 1]) {
      bytes[16] = magic;
      expect(() => readBatches(bytes)).toThrow(OldMessageFormat);
    }
    bytes[16] = 3;
    expect(() => readBatches(bytes)).toThrow(/magic 3/);
  });

  it('refuses lengths and counts that cannot be', () => {
    const damaged = (at: number, value: number) => {
      const bytes = batch();
      bytes.writeInt32BE(value, at);
      return () => readBatches(bytes);
    };
    for (const length of [-2_147_483_648, -13, -1, 0, 48]) expect(damaged(8, length)).toThrow(DecodeError);
    for (const delta of [-1, -2_147_483_648, 1]) expect(damaged(23, delta)).toThrow(DecodeError);
    for (const count of [-1, 4, 2_147_483_647]) expect(damaged(57, count)).toThrow(DecodeError);
    expect(damaged(8, 2_147_483_647)()).toEqual([]);
  });

  it('gives batches or a DecodeError for any bytes, and never reads a batch over the end', () => {
    const real = Buffer.concat([batch(), endMarker({ offset: 13n, producerId: 1n, commit: false })]);
    const flips = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(flips, fc.nat(real.length), (changes, cut) => {
        const bytes = Buffer.from(real);
        for (const [at, value] of changes) bytes[at] = value;
        let found: RecordBatch[] = [];
        try {
          found = readBatches(bytes.subarray(0, cut));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
        expect(found.reduce((sum, b) => sum + b.bytes.length, 0)).toBeLessThanOrEqual(cut);
      }),
      { numRuns: 500 },
    );
  });
});

describe('restamp', () => {
  it('clears the transactional and the delete-horizon bit, sets our identity, and changes nothing else', () => {
    fc.assert(
      fc.property(
        fc.nat(127).map((bits) => bits & ~7),
        fc.nat(4),
        (bits, codec) => {
          const bytes = batch({ codec, leaderEpoch: 7, producerId: 3n, producerEpoch: 2, baseSequence: 1 });
          bytes.writeInt16BE(bits | codec, 21);
          const before = Buffer.from(bytes);
          restamp(bytes, 1n << 50n, 11, 2_147_483_647);
          expect(bytes.readBigInt64BE(0)).toBe(0n);
          expect(bytes.readInt32BE(12)).toBe(-1);
          expect(bytes.readInt16BE(21)).toBe((bits & ~0x50) | codec);
          expect(bytes.readBigInt64BE(43)).toBe(1n << 50n);
          expect(bytes.readInt16BE(51)).toBe(11);
          expect(bytes.readInt32BE(53)).toBe(2_147_483_647);
          for (const [from, to] of [
            [8, 12],
            [16, 17],
            [23, 43],
            [57, bytes.length],
          ])
            expect(bytes.subarray(from, to)).toEqual(before.subarray(from, to));
        },
      ),
    );
  });
});

describe('records', () => {
  for (const [codec, name] of (['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).entries()) {
    it(`reads and rebuilds what Java writes with ${name}`, () => {
      const bytes = base64(javaBatches[name]);
      const source = only(bytes);
      expect(source).toMatchObject({ codec, count: 3, baseOffset: 5_000_000_000n, transactional: true });
      const run = readRecords(source);
      expect(run.map((r) => recordTimestamp(source, r))).toEqual([
        1_700_000_000_000n,
        1_699_999_999_000n,
        1_700_000_000_500n,
      ]);
      const rebuilt = parseBatch(buildRun(source, run));
      const original = parseBatch(bytes).records;
      expect(rebuilt.records.map((r) => ({ ...r, offset: r.offset + 5_000_000_000n }))).toEqual(original);
      expect(original.map((r) => [r.key?.toString(), r.value?.toString(), r.headers])).toEqual([
        ['k1', 'value one value one value one', []],
        [
          undefined,
          'second',
          [
            ['h', Buffer.from('x')],
            ['h', null],
          ],
        ],
        ['k3', undefined, []],
      ]);
      expect(rebuilt.attributes).toBe(codec);
    });
  }

  for (const name of ['gzip', 'lz4', 'zstd'] as const) {
    it(`reads a Java batch of several ${name} blocks`, () => {
      const { records: ten } = parseBatch(base64(javaLargeBatches[name]));
      expect(ten).toHaveLength(10);
      expect(readRecords(only(base64(javaLargeBatches[name]))).map((r) => r.rest.length)).toEqual(
        Array(10).fill(10_000 + 5),
      );
    });
  }

  it('turns Java append times into create times', () => {
    const source = only(base64(javaLogAppendTime));
    const run = readRecords(source);
    expect(run.map((r) => recordTimestamp(source, r))).toEqual([1_700_000_009_999n, 1_700_000_009_999n]);
    const rebuilt = parseBatch(buildRun(source, run));
    expect(rebuilt).toMatchObject({ attributes: 0, maxTimestamp: 1_700_000_009_999n });
    expect(rebuilt.records.map((r) => [r.timestamp, `${r.key}`, `${r.value}`])).toEqual([
      [1_700_000_009_999n, 'a', 'b'],
      [1_700_000_009_999n, 'c', 'd'],
    ]);
  });

  it('survives a rebuild with every codec, whatever the content, also with timestamps in front of the first', () => {
    const record = fc.record({
      timestamp: fc.bigInt({ min: -1n, max: 2n ** 62n }),
      key: fc.option(fc.uint8Array({ maxLength: 40 }).map((b) => Buffer.from(b))),
      value: fc.option(fc.uint8Array({ maxLength: 3_000 }).map((b) => Buffer.from(b))),
      headers: fc.array(
        fc.tuple(
          fc.string({ maxLength: 5 }),
          fc.option(fc.uint8Array({ maxLength: 5 }).map((b) => Buffer.from(b))),
        ),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 70 }),
        fc.nat(4),
        fc.boolean(),
        (list, codec, horizon) => {
          const all = list.map((r, i) => ({ ...r, offset: 100n + BigInt(i * 2) }));
          const source = only(
            buildBatch({
              baseOffset: 100n,
              records: all,
              codec,
              deleteHorizon: horizon,
              ...(horizon ? { baseTimestamp: 2n ** 61n } : {}),
            }),
          );
          const rebuilt = parseBatch(buildRun(source, readRecords(source)));
          expect(rebuilt.records).toEqual(all.map((r, i) => ({ ...r, offset: BigInt(i) })));
          expect(rebuilt.maxTimestamp).toBe(
            all.reduce((max, r) => (r.timestamp > max ? r.timestamp : max), -1n),
          );
          expect(rebuilt.attributes).toBe(codec);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses a payload that does not hold exactly its records, even with the right checksum', () => {
    const counts = (count: number) => {
      const bytes = batch({ lastOffset: 20n });
      bytes.writeInt32BE(count, 57);
      restampChecksum(bytes);
      return only(bytes);
    };
    expect(() => readRecords(counts(2))).toThrow(/bytes follow/);
    expect(() => readRecords(counts(4))).toThrow(DecodeError);
    expect(() => readRecords(counts(3))).not.toThrow();
  });

  it('gives records or a DecodeError for any damaged payload with the right checksum, in bounded time', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.nat(4), flips, (codec, changes) => {
        const bytes = batch({ codec, lastOffset: 30n });
        for (const [at, value] of changes) bytes[61 + (at % (bytes.length - 61))] = value;
        restampChecksum(bytes);
        try {
          const found = readRecords(only(bytes)).map((r) => r.offsetDelta);
          expect(found).toEqual([...found].sort((a, b) => a - b));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** As a hostile peer would: the checksum fits the damage. */
function restampChecksum(bytes: Buffer): void {
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17);
}

describe('buildFiller', () => {
  for (const codec of [0, 1, 2, 3, 4]) {
    it(`makes records with an empty key and no value at consecutive offsets (codec ${codec})`, () => {
      const filler = parseBatch(buildFiller(9_000, 1_700_000_000_000n, codec));
      expect(filler).toMatchObject({ attributes: codec, lastOffset: 8_999n, producerId: -1n });
      expect(filler.records).toHaveLength(9_000);
      const wrong = filler.records.filter(
        (r, i) =>
          r.offset !== BigInt(i) ||
          r.key?.length !== 0 ||
          r.value !== null ||
          r.timestamp !== 1_700_000_000_000n,
      );
      expect(wrong).toEqual([]);
    });
  }

  it('is small for 100,000 offsets', () => {
    expect(buildFiller(100_000, 0n, 4).length).toBeLessThan(100_000);
  });
});

describe('nextSequence', () => {
  it('wraps from 2^31−1 to 0, as the broker counts', () => {
    expect(nextSequence(0, 5)).toBe(5);
    expect(nextSequence(2_147_483_646, 1)).toBe(2_147_483_647);
    expect(nextSequence(2_147_483_647, 1)).toBe(0);
    expect(nextSequence(2_147_483_640, 10)).toBe(2);
    // DefaultRecordBatch.incrementSequence, word by word.
    const broker = (sequence: number, increment: number) =>
      sequence > 2_147_483_647 - increment
        ? increment - (2_147_483_647 - sequence) - 1
        : sequence + increment;
    fc.assert(
      fc.property(fc.nat(2_147_483_647), fc.nat(100_000), (sequence, count) => {
        expect(nextSequence(sequence, count)).toBe(broker(sequence, count));
      }),
    );
  });
});
