import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c, shiftCrc, stepCrc } from './crc32c';
import { restamp } from './record-batch';
import { buildBatch } from './testing/batch-builder';

const rawCrc = (bytes: Uint8Array) => bytes.reduce((crc, byte) => stepCrc(crc, byte), 0);
const int64 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });

describe('crc32c', () => {
  it('gives the check value of the CRC catalogue', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
  });

  it('steps byte by byte to what the native code computes at once', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const crc = bytes.reduce((c, byte) => stepCrc(c, byte), 0xffffffff);
        expect((crc ^ 0xffffffff) >>> 0).toBe(crc32c(bytes));
      }),
    );
  });

  it('shifts a checksum over zeros as if each had been a byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 5_000 }), (bytes, zeros) => {
        expect(shiftCrc(rawCrc(bytes), zeros)).toBe(rawCrc(Buffer.concat([bytes, Buffer.alloc(zeros)])));
      }),
    );
  });

  it('derives the checksum of changed data from the difference alone, for any data', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.uint8Array({ minLength: 1, maxLength: 30 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ minLength: 30, maxLength: 30 }),
        (before, changed, behind, difference) => {
          const flipped = changed.map((byte, i) => byte ^ (difference[i] as number));
          const old = crc32c(Buffer.concat([before, changed, behind]));
          const shift = shiftCrc(rawCrc(difference.subarray(0, changed.length)), behind.length);
          expect((old ^ shift) >>> 0).toBe(crc32c(Buffer.concat([before, flipped, behind])));
        },
      ),
    );
  });

  it('shifts over lengths up to 2^28 the same in one step and in two', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(2 ** 27 - 1), fc.nat(2 ** 27 - 1), (crc, a, b) => {
        expect(shiftCrc(shiftCrc(crc, a), b)).toBe(shiftCrc(crc, a + b));
      }),
    );
  });
});

describe('the checksum after restamping', () => {
  const batch = (value: Uint8Array, bits: { transactional: boolean; deleteHorizon: boolean }) =>
    buildBatch({
      baseOffset: 1n << 40n,
      records: [{ offset: 1n << 40n, timestamp: 5n, key: null, value: Buffer.from(value) }],
      producerId: 12n,
      ...bits,
    });
  const arbitrary = fc.record({
    value: fc.uint8Array({ maxLength: 500 }),
    bits: fc.record({ transactional: fc.boolean(), deleteHorizon: fc.boolean() }),
    producerId: int64,
    epoch: fc.integer({ min: 0, max: 32_767 }),
    sequence: fc.integer({ min: 0, max: 2_147_483_647 }),
  });

  it('equals one computed over all bytes', () => {
    fc.assert(
      fc.property(arbitrary, ({ value, bits, producerId, epoch, sequence }) => {
        const bytes = batch(value, bits);
        restamp(bytes, producerId, epoch, sequence);
        restamp(bytes, producerId, epoch, sequence + 1 > 2_147_483_647 ? 0 : sequence + 1);
        expect(bytes.readUInt32BE(17)).toBe(crc32c(bytes.subarray(21)));
      }),
    );
  });

  it('still shows a bit that was flipped before', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(), ({ value, bits, producerId, epoch, sequence }, at) => {
        const bytes = batch(value, bits);
        const bit = at % ((bytes.length - 57) * 8);
        bytes[57 + (bit >> 3)] = (bytes[57 + (bit >> 3)] as number) ^ (1 << (bit & 7));
        restamp(bytes, producerId, epoch, sequence);
        expect(bytes.readUInt32BE(17)).not.toBe(crc32c(bytes.subarray(21)));
      }),
    );
  });
});
