import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compressSync as rawSnappy } from 'snappy';
import { beforeAll, describe, expect, it } from 'vitest';
import { Codec, codecsReady, compress, decompress } from './compression';
import { DecodeError } from './errors';
import { javaBatches } from './testing/java-samples';

beforeAll(() => codecsReady());

const codecs = Object.values(Codec);
/** What stands behind the header of a batch that Java wrote. */
const javaPayload = (name: keyof typeof javaBatches) => Buffer.from(javaBatches[name], 'base64').subarray(61);

describe('codecs', () => {
  for (const [codec, name] of (['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const).entries()) {
    it(`unpacks what Java packed with ${name}`, () => {
      expect(decompress(codec, javaPayload(name))).toEqual(javaPayload('none'));
    });
  }

  it('give back any records', () => {
    const compressible = fc
      .tuple(fc.uint8Array({ minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 5_000 }))
      .map(([unit, times]) => Buffer.concat(Array<Uint8Array>(times).fill(unit)));
    const random = fc.uint8Array({ maxLength: 5_000 }).map((b) => Buffer.from(b));
    fc.assert(
      fc.property(fc.constantFrom(...codecs), fc.oneof(compressible, random), (codec, records) => {
        expect(decompress(codec, compress(codec, records)).equals(records)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('reads snappy as Java streams it in blocks, and raw as other clients write it', () => {
    const records = Buffer.alloc(100_000, 'snappy');
    const xerial = compress(Codec.SNAPPY, records);
    expect(xerial.subarray(0, 16).toString('hex')).toBe('82534e41505059000000000100000001');
    expect(decompress(Codec.SNAPPY, xerial).equals(records)).toBe(true);
    expect(decompress(Codec.SNAPPY, rawSnappy(records)).equals(records)).toBe(true);
  });

  it('writes lz4 frames of independent blocks without checksum of the content, which Java can read', () => {
    const frame = compress(Codec.LZ4, Buffer.alloc(200_000, 1));
    expect(frame.subarray(0, 4).toString('hex')).toBe('04224d18');
    // Version 01, independent blocks; Java refuses dependent ones.
    expect((frame[4] as number) & 0b1110_0000).toBe(0b0110_0000);
  });

  it('unpacks zstd without a content size to far more than eight times its length', () => {
    // A raw-block stream of Java has no size; RLE blocks make much out of little: 80 blocks of 128 KiB of the letter a.
    const header = Buffer.from('28b52ffd0058', 'hex');
    const blocks = Array.from({ length: 80 }, (_, i) => {
      const block = Buffer.alloc(4);
      block.writeUIntLE((131_072 << 3) | 2 | (i === 79 ? 1 : 0), 0, 3);
      block[3] = 0x61;
      return block;
    });
    const records = decompress(Codec.ZSTD, Buffer.concat([header, ...blocks]));
    expect(records.equals(Buffer.alloc(80 * 131_072, 'a'))).toBe(true);
  });
});

describe('hostile payloads', () => {
  it('are answered with a DecodeError: an unknown codec', () => {
    expect(() => decompress(5, Buffer.alloc(3))).toThrow(DecodeError);
    expect(() => compress(7, Buffer.alloc(3))).toThrow(DecodeError);
  });

  it('are answered with a DecodeError: garbage, cuts and flips of every codec', () => {
    const records = Buffer.from('the same words again and again '.repeat(40));
    const packed = codecs.map((codec) => compress(codec, records));
    fc.assert(
      fc.property(
        fc.constantFrom(...codecs.slice(1)),
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.oneof(fc.constant(null), fc.uint8Array({ maxLength: 200 })),
        (codec, cut, flips, garbage) => {
          const good = packed[codec] as Buffer;
          const bytes = garbage
            ? Buffer.from(garbage)
            : Buffer.from(good.subarray(0, cut % (good.length + 1)));
          for (const [at, value] of flips) if (bytes.length > 0) bytes[at % bytes.length] = value;
          try {
            decompress(codec, bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('cannot claim more than 256 MiB', () => {
    const claims: [number, Buffer][] = [
      // Raw snappy begins with the unpacked length.
      [Codec.SNAPPY, Buffer.from('ffffffff0f00', 'hex')],
      [Codec.SNAPPY, Buffer.from('8080808004', 'hex')],
      // zstd: content size of 3 GB and of 2^62 in the frame's header.
      [Codec.ZSTD, Buffer.from('28b52ffda0000000c0010000', 'hex')],
      [Codec.ZSTD, Buffer.from('28b52ffde00000000000000040010000', 'hex')],
    ];
    for (const [codec, payload] of claims) expect(() => decompress(codec, payload)).toThrow(/256 MiB/);
  });

  it('cannot unpack to more than 256 MiB', () => {
    // gzip allows many streams in a row.
    const zeros = gzipSync(Buffer.alloc(16 * 1024 * 1024), { level: 1 });
    expect(() => decompress(Codec.GZIP, Buffer.concat(Array<Buffer>(17).fill(zeros)))).toThrow(DecodeError);
    // 2,100 zstd blocks of one repeated byte, 128 KiB each.
    const block = Buffer.from([0x02, 0x00, 0x10, 0x61]);
    const bomb = Buffer.concat([
      Buffer.from('28b52ffd0058', 'hex'),
      ...Array<Buffer>(2_100).fill(block),
      Buffer.from([0x01, 0, 0]),
    ]);
    expect(() => decompress(Codec.ZSTD, bomb)).toThrow(DecodeError);
    // 70 lz4 blocks that could each unpack to 4 MiB.
    const lz4Block = Buffer.alloc(20_004);
    lz4Block.writeUInt32LE(20_000);
    const lz4 = Buffer.concat([Buffer.from('04224d18607073', 'hex'), ...Array<Buffer>(70).fill(lz4Block)]);
    expect(() => decompress(Codec.LZ4, lz4)).toThrow(/256 MiB/);
  });
});
