import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeError } from './errors';
import { type Frame, FrameAssembler } from './frames';
import { SlabPool } from './slab';

function framed(body: Buffer): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(body.length);
  return Buffer.concat([prefix, body]);
}

function assembler(pool: SlabPool | null, maxBytes = 10_000_000) {
  const frames: Frame[] = [];
  return { frames, assembler: new FrameAssembler({ maxBytes, pool, onFrame: (f) => frames.push(f) }) };
}

describe('FrameAssembler', () => {
  it('puts frames together from any chunks of one reused buffer', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 4, max: 60 }), fc.integer({ min: 4, max: 70_000 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 50_000 })), {
          minLength: 1,
        }),
        fc.boolean(),
        fc.boolean(),
        (lengths, chunks, pooled, intoRooms) => {
          const pool = pooled ? new SlabPool(1_000_000) : null;
          const bodies = lengths.map((length, i) => Buffer.alloc(length, i + 1));
          const stream = Buffer.concat(bodies.map(framed));
          const { frames, assembler: a } = assembler(pool);
          const receive = Buffer.alloc(50_000);
          for (let at = 0, i = 0; at < stream.length; i++) {
            const size = chunks[i % chunks.length] as number;
            const room = intoRooms ? a.room() : null;
            const copied = stream.copy(room ?? receive, 0, at, at + size);
            a.push(room ?? receive, copied);
            receive.fill(0xff, 0, copied);
            at += copied;
          }
          expect(frames.length).toBe(bodies.length);
          expect(frames.every((f, i) => f.buffer.equals(bodies[i] as Buffer))).toBe(true);
          expect(frames.map((f) => f.slab !== null)).toEqual(lengths.map((n) => pooled && n >= 16_384));
          for (const frame of frames) frame.slab?.release();
          expect(pool?.inUseBytes ?? 0).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has room for the rest of a large frame in its slab, to the byte, and for nothing else', () => {
    const pool = new SlabPool(1_000_000);
    const { frames, assembler: a } = assembler(pool);
    expect(a.room()).toBe(null);
    const body = Buffer.alloc(100_000, 7);
    a.push(framed(body).subarray(0, 1_004));
    const room = a.room() as Buffer;
    expect(room.length).toBe(99_000);
    room.fill(7, 0, 98_000);
    a.push(room, 98_000);
    // What is left isn't worth a read of its own.
    expect(a.room()).toBe(null);
    a.push(Buffer.concat([body.subarray(99_000), framed(Buffer.alloc(8, 1))]));
    expect(frames.map((f) => f.buffer.equals(f.slab ? body : Buffer.alloc(8, 1)))).toEqual([true, true]);
    expect(a.room()).toBe(null);
    a.push(framed(body).subarray(0, 50_000));
    expect(a.room()?.length).toBe(50_004);
    a.dispose();
    expect(a.room()).toBe(null);
    expect(assembler(null).assembler.room()).toBe(null);
  });

  it('refuses lengths that cannot be before it allocates anything, and says what the reason may be', () => {
    const pool = new SlabPool(0);
    // The last one is how a TLS alert reads.
    for (const length of [-1, -2_147_483_648, 0, 3, 1_000_001, 2_147_483_647, 0x15030300]) {
      const prefix = Buffer.alloc(4);
      prefix.writeInt32BE(length);
      const { assembler: a } = assembler(pool, 1_000_000);
      expect(() => a.push(prefix)).toThrow(DecodeError);
      expect(() => assembler(pool, 1_000_000).assembler.push(prefix)).toThrow(/security protocol/);
    }
    expect(pool.inUseBytes).toBe(0);
  });

  it('gives a half-received slab back when the connection ends', () => {
    const pool = new SlabPool(1_000_000);
    const { frames, assembler: a } = assembler(pool);
    a.push(framed(Buffer.alloc(40_000)).subarray(0, 30_000));
    expect(pool.inUseBytes).toBe(65_536);
    a.dispose();
    a.dispose();
    expect(pool.inUseBytes).toBe(0);
    expect(frames).toEqual([]);
    a.push(framed(Buffer.alloc(8, 1)));
    expect(frames.map((f) => f.buffer)).toEqual([Buffer.alloc(8, 1)]);
  });
});
