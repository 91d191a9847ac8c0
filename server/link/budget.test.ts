import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Slab } from '@/server/kafka/wire/slab';
import { MemoryBudget } from './budget';

const KIB = 1024;
/** Lets promises that are already decided run on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('MemoryBudget', () => {
  it('never exceeds its limit, except for one answer larger than it, and lets every reader in, whatever they do', async () => {
    const step = fc.record({
      action: fc.constantFrom('reserve', 'reserve', 'land', 'release', 'cancel', 'limit'),
      slabs: fc.integer({ min: 1, max: 6 }),
      pick: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        // Reservations of whole slab classes, so that what lands takes what was reserved.
        const slabBytes = 64 * KIB;
        let limit = 4 * slabBytes;
        const budget = new MemoryBudget(limit);
        const asked: number[] = [];
        const admitted: number[] = [];
        const reserved: { id: number; bytes: number; done: () => void }[] = [];
        const held: Slab[] = [];
        const check = () => {
          const use = budget.inUseBytes;
          const parts = [...reserved.map((r) => r.bytes), ...held.map((s) => s.bytes)];
          expect(use).toBe(parts.reduce((sum, bytes) => sum + bytes, 0));
          if (limit === 4 * slabBytes) expect(use <= limit || parts.length === 1).toBe(true);
        };
        for (const { action, slabs, pick } of steps) {
          if (action === 'reserve') {
            const [id, bytes] = [asked.length, 2 ** (slabs % 4) * slabBytes];
            asked.push(id);
            void budget.reserve(bytes).then((done) => {
              admitted.push(id);
              reserved.push({ id, bytes, done });
            });
          } else if (action === 'land' || action === 'cancel') {
            const [answer] = reserved.splice(pick % Math.max(1, reserved.length), 1);
            if (answer && action === 'land') held.push(budget.pool.take(answer.bytes));
            answer?.done();
            // A second call changes nothing.
            answer?.done();
          } else if (action === 'release') {
            held.splice(pick % Math.max(1, held.length), 1)[0]?.release();
          } else {
            limit = 8 * slabBytes;
            budget.setLimit(limit);
          }
          await settle();
          check();
          expect(admitted).toEqual(asked.slice(0, admitted.length));
          expect(budget.waiting).toBe(asked.length - admitted.length);
        }
        while (reserved.length + held.length > 0) {
          for (const { done } of reserved.splice(0)) done();
          for (const slab of held.splice(0)) slab.release();
          await settle();
        }
        expect([admitted, budget.inUseBytes, budget.waiting]).toEqual([asked, 0, 0]);
      }),
      { numRuns: 100 },
    );
  });

  it('lets an answer larger than the budget in alone, and nothing beside it', async () => {
    const budget = new MemoryBudget(100 * KIB);
    const done = await budget.reserve(1_000 * KIB);
    let second = false;
    const waiting = budget.reserve(10).then((release) => {
      second = true;
      return release;
    });
    await settle();
    expect([second, budget.waiting, budget.limitBytes]).toEqual([false, 1, 100 * KIB]);
    const slab = budget.pool.take(1_000 * KIB);
    done();
    await settle();
    expect(second).toBe(false);
    slab.release();
    await waiting;
    expect(budget.inUseBytes).toBe(10);
  });

  it('does not let small requests pass a large one that waits', async () => {
    const budget = new MemoryBudget(100);
    const first = await budget.reserve(60);
    const order: string[] = [];
    const noting = async (name: string, bytes: number) => {
      const done = await budget.reserve(bytes);
      order.push(name);
      return done;
    };
    const large = noting('large', 90);
    const small = noting('small', 10);
    await settle();
    expect(order).toEqual([]);
    first();
    await Promise.all([large, small]);
    expect(order).toEqual(['large', 'small']);
  });
});
