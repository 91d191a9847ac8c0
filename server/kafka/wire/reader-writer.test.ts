import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError } from './errors';
import { Reader } from './reader';
import { Writer } from './writer';

const hex = (writer: Writer) => writer.toBuffer().toString('hex');
const from = (text: string) => new Reader(Buffer.from(text, 'hex'));

describe('varints', () => {
  it('have the bytes of the protocol buffers encoding', () => {
    const unsigned: [number, string][] = [
      [0, '00'],
      [1, '01'],
      [127, '7f'],
      [128, '8001'],
      [300, 'ac02'],
      [16_383, 'ff7f'],
      [16_384, '808001'],
      [0xffffffff, 'ffffffff0f'],
    ];
    for (const [value, bytes] of unsigned) {
      expect(hex(new Writer().uvarint(value))).toBe(bytes);
      expect(from(bytes).uvarint()).toBe(value);
    }
    const signed: [number, string][] = [
      [0, '00'],
      [-1, '01'],
      [1, '02'],
      [-64, '7f'],
      [64, '8001'],
      [2_147_483_647, 'feffffff0f'],
      [-2_147_483_648, 'ffffffff0f'],
    ];
    for (const [value, bytes] of signed) {
      expect(hex(new Writer().varint(value))).toBe(bytes);
      expect(from(bytes).varint()).toBe(value);
    }
    const long: [bigint, string][] = [
      [0n, '00'],
      [-1n, '01'],
      [2n ** 31n, '8080808010'],
      [2n ** 63n - 1n, 'feffffffffffffffff01'],
      [-(2n ** 63n), 'ffffffffffffffffff01'],
    ];
    for (const [value, bytes] of long) {
      expect(hex(new Writer().varlong(value))).toBe(bytes);
      expect(from(bytes).varlong()).toBe(value);
    }
  });

  it('come back as they were written', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffffffff),
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        (a, b, c) => {
          const reader = new Reader(new Writer(1).uvarint(a).varint(b).varlong(c).toBuffer());
          expect([reader.uvarint(), reader.varint(), reader.varlong()]).toEqual([a, b, c]);
          expect(reader.remaining).toBe(0);
        },
      ),
    );
  });

  it('are refused when they have no end or too many bits', () => {
    for (const bytes of ['', '80', 'ffffffff', 'ffffffff1f', '808080808001'])
      expect(() => from(bytes).uvarint()).toThrow(DecodeError);
    for (const bytes of ['', 'ff', 'ffffffffffffffffff', 'ffffffffffffffffffff01'])
      expect(() => from(bytes).varlong()).toThrow(DecodeError);
  });
});

describe('primitives', () => {
  it('come back as they were written, whatever the size of the buffer they grow from', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 });
    const bytes = fc.uint8Array({ maxLength: 2_500 }).map((b) => Buffer.from(b));
    fc.assert(
      fc.property(
        fc.record({
          size: fc.nat(64),
          bool: fc.boolean(),
          int8: fc.integer({ min: -128, max: 127 }),
          int16: fc.integer({ min: -32_768, max: 32_767 }),
          int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
          int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          uuid: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((b) => Buffer.from(b).toString('hex')),
          string: text,
          nullable: fc.option(text),
          attached: bytes,
          plain: bytes,
          list: fc.array(text, { maxLength: 5 }),
        }),
        (v) => {
          const writer = new Writer(v.size)
            .bool(v.bool)
            .int8(v.int8)
            .int16(v.int16)
            .int32(v.int32)
            .int64(v.int64)
            .uuid(v.uuid)
            .string(v.string)
            .nullableString(v.nullable)
            .compactString(v.string)
            .compactNullableString(v.nullable)
            .int32(v.attached.length)
            .attach(v.attached)
            .bytes(v.plain)
            .compactBytes(v.plain);
          writer.array(v.list, (item) => writer.string(item));
          writer.compactArray(v.list, (item) => writer.compactString(item).tags());
          writer.tags();
          const length = writer.length;
          const all = Buffer.concat(writer.parts());
          expect(all.length).toBe(length);
          const r = new Reader(all);
          expect([r.bool(), r.int8(), r.int16(), r.int32(), r.int64(), r.uuid()]).toEqual([
            v.bool,
            v.int8,
            v.int16,
            v.int32,
            v.int64,
            v.uuid,
          ]);
          expect([r.string(), r.nullableString(), r.compactString(), r.compactNullableString()]).toEqual([
            v.string,
            v.nullable,
            v.string,
            v.nullable,
          ]);
          expect(r.nullableBytes()).toEqual(v.attached);
          expect(r.nullableBytes()).toEqual(v.plain);
          expect(r.compactNullableBytes()).toEqual(v.plain);
          expect(r.array(() => r.string())).toEqual(v.list);
          const compact = r.compactArray(() => {
            const item = r.compactString();
            r.tags();
            return item;
          });
          expect(compact).toEqual(v.list);
          r.tags();
          expect(r.remaining).toBe(0);
        },
      ),
    );
  });

  it('keeps large payloads as views, so that nothing is copied before it is sent', () => {
    const payload = Buffer.alloc(5_000, 7);
    const parts = new Writer().int32(1).attach(payload).int32(2).parts();
    expect(parts).toHaveLength(3);
    expect(parts[1]).toBe(payload);
  });

  it('reads null strings, bytes and arrays, and says where a null must not be', () => {
    expect(from('ffff').nullableString()).toBeNull();
    expect(from('00').compactNullableString()).toBeNull();
    expect(from('ffffffff').nullableBytes()).toBeNull();
    expect(from('00').compactNullableBytes()).toBeNull();
    expect(from('ffffffff').array(() => 1)).toEqual([]);
    expect(from('00').compactArray(() => 1)).toEqual([]);
    expect(() => from('ffff').string()).toThrow(/null string/);
    expect(() => from('00').compactString()).toThrow(/null string/);
  });

  it('hands out tagged fields, skips unknown ones, and keeps a field from reading behind its end', () => {
    const bytes = '02 00 02 002a 05 03 ffffff 77'.replaceAll(' ', '');
    const seen: [number, number][] = [];
    const reader = from(bytes);
    reader.taggedFields((tag, field) => {
      if (tag === 0) seen.push([tag, field.int16()]);
    });
    expect(seen).toEqual([[0, 42]]);
    expect(reader.int8()).toBe(0x77);
    expect(() => from(bytes).taggedFields((_, field) => field.int64())).toThrow(DecodeError);
    const skipping = from(bytes);
    skipping.tags();
    expect(skipping.remaining).toBe(1);
  });

  it('answers lengths that cannot be with a DecodeError, before anything is allocated', () => {
    const attempts: [(r: Reader) => unknown, string[]][] = [
      [(r) => r.nullableString(), ['7fff', '8000', 'fffe', '0002ff']],
      [(r) => r.nullableBytes(), ['7fffffff', '80000000', 'fffffffe', '00000001']],
      [(r) => r.array(() => r.int8()), ['7fffffff', '80000000', 'fffffffe', '0000000201']],
      [(r) => r.compactNullableString(), ['ffffffff0f', 'ffffff7f00', '0301']],
      [(r) => r.compactNullableBytes(), ['ffffffff0f', 'ffffff7f00', '0301']],
      [(r) => r.compactArray(() => r.int8()), ['ffffffff0f', 'ffffff7f00', '0301']],
      [(r) => r.tags(), ['ffffffff0f', '010005', '0100ffffffff0f', '02000100']],
      [(r) => r.taggedFields(() => {}), ['ffffffff0f', '010005', '0100ffffffff0f', '02000100']],
    ];
    for (const [attempt, lengths] of attempts)
      for (const bytes of lengths) expect(() => attempt(from(bytes)), bytes).toThrow(DecodeError);
    expect(() => from('00').skip(-1)).toThrow(DecodeError);
    expect(() => from('00').view(2)).toThrow(DecodeError);
  });
});
