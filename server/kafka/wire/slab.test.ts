import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Slab, SlabPool } from './slab';

const MIB = 1_048_576;

describe('SlabPool', () => {
  it('gives buffers of powers of two from 64 KiB to 16 MiB, and exact ones above', () => {
    const pool = new SlabPool(0);
    const sizes = [1, 65_536, 65_537, 3 * MIB, 16 * MIB, 16 * MIB + 1].map((size) => pool.take(size).bytes);
    expect(sizes).toEqual([65_536, 65_536, 131_072, 4 * MIB, 16 * MIB, 16 * MIB + 1]);
    expect(pool.inUseBytes).toBe(sizes.reduce((a, b) => a + b));
  });

  it('uses a released buffer again, and only then', () => {
    const pool = new SlabPool(MIB);
    const first = pool.take(100_000);
    const second = pool.take(100_000);
    expect(second.buffer).not.toBe(first.buffer);
    first.release();
    expect(pool.take(90_000).buffer === first.buffer).toBe(true);
  });

  it('keeps free slabs only while they and those in use stay below its limit, and no oversized buffer', () => {
    const pool = new SlabPool(131_072);
    const slabs = [pool.take(131_072), pool.take(131_072)];
    const buffers = slabs.map((slab) => slab.buffer);
    for (const slab of slabs) slab.release();
    // The first came back while the second was in use.
    expect(pool.take(131_072).buffer === buffers[1]).toBe(true);
    expect(pool.take(131_072).buffer === buffers[0]).toBe(false);
    const huge = new SlabPool(64 * MIB);
    const exact = huge.take(17 * MIB);
    exact.release();
    // Compared by identity here: vitest would list the 17 million keys of both.
    expect(huge.take(17 * MIB).buffer === exact.buffer).toBe(false);
  });

  it('gives free slabs of other sizes up before it takes more memory than its limit', () => {
    const pool = new SlabPool(4 * MIB);
    const small = Array.from({ length: 4 }, () => pool.take(MIB));
    const buffers = small.map((slab) => slab.buffer);
    for (const slab of small) slab.release();
    pool.take(2 * MIB);
    // Two of the four had to go, the other two fill the limit.
    const again = Array.from({ length: 4 }, () => pool.take(MIB).buffer);
    expect(again.filter((buffer) => buffers.some((b) => b === buffer))).toHaveLength(2);
  });

  it('refuses a second release, and a use after the last one', () => {
    const slab = new SlabPool(MIB).take(10);
    slab.retain();
    slab.release();
    slab.release();
    expect(() => slab.release()).toThrow(/twice/);
    expect(() => slab.retain()).toThrow(/after its release/);
  });

  it('counts what is in use and says when there is room again, whatever the order of releases', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ size: fc.integer({ min: 1, max: 300_000 }), retains: fc.nat(2), pick: fc.nat() }),
        ),
        (takes) => {
          const pool = new SlabPool(200_000);
          let released = 0;
          pool.onRelease = () => {
            released++;
          };
          const held: Slab[] = [];
          const distinct = new Set<Slab>();
          for (const { size, retains, pick } of takes) {
            const slab = pool.take(size);
            expect(slab.bytes).toBeGreaterThanOrEqual(size);
            expect([...distinct].some((other) => other.buffer === slab.buffer)).toBe(false);
            distinct.add(slab);
            held.push(slab);
            for (let i = 0; i < retains; i++) {
              slab.retain();
              held.push(slab);
            }
            const [dropped] = held.splice(pick % held.length, 1);
            dropped?.release();
            if (dropped && !held.includes(dropped)) distinct.delete(dropped);
            expect(pool.inUseBytes).toBe([...distinct].reduce((sum, s) => sum + s.bytes, 0));
          }
          for (const slab of held) slab.release();
          expect(pool.inUseBytes).toBe(0);
          expect(released).toBe(takes.length);
        },
      ),
    );
  });
});
