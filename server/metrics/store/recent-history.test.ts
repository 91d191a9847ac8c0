import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentHistory } from './recent-history';
import { all, known, lag, Model, observer, TestHistory } from './testing/test-history';

const begin = 1_700_000_000_000;
const tickMs = 10_000;

describe('the last minutes in memory', () => {
  it('are answered like the history on disk, as far as they are kept', () => {
    const value = fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: null });
    const values = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);
    const step = fc.record({
      values,
      passedMs: fc.oneof(fc.constant(tickMs), fc.integer({ min: 1, max: 60_000 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = new RecentHistory({ keptMs: 300_000, tickMs });
        const model = new Model();
        const observe = observer();
        const times: number[] = [];
        let atMs = begin;
        for (const { values, passedMs } of steps) {
          atMs += passedMs;
          times.push(atMs);
          model.append({ atMs, values });
          memory.append(observe({ atMs, values }));
        }
        const kept = times.slice(-31).filter((time) => time >= atMs - 300_000);
        expect(known(memory.read(all()))).toEqual(model.known(kept[0] ?? 0));
        expect(memory.keptFromMs).toBe(kept[0] ?? null);
      }),
      { numRuns: 200 },
    );
  });

  it('give the same answers as the disk: buckets, rates, the worst first', () => {
    const memory = new RecentHistory({ keptMs: 600_000, tickMs });
    const disk = new TestHistory();
    const observe = observer();
    try {
      for (let i = 0; i < 60; i++) {
        const values = Object.fromEntries(Array.from({ length: 12 }, (_, k) => [`g${k}`, (i * k * 31) % 97]));
        const observation = observe({ atMs: begin + i * tickMs, values: i % 9 === 4 ? {} : values });
        memory.append(observation);
        disk.store.append(observation);
      }
      const range = { fromMs: begin, toMs: begin + 600_000 };
      for (const more of [
        {},
        { maxPoints: 10 },
        { rate: true },
        { order: 'max', limit: 3 },
        { aggregate: { with: 'sum', by: ['cluster'] }, maxPoints: 20 },
        { labels: { group: 'g7' } },
      ] as const)
        expect(memory.read(all({ ...range, ...more }))).toEqual(disk.store.read(all({ ...range, ...more })));
      expect(memory.series({ metric: lag })).toEqual(disk.store.series({ metric: lag }));
    } finally {
      disk.remove();
    }
  });

  it('are bounded: series that are gone are forgotten, too many are refused', () => {
    const memory = new RecentHistory({ keptMs: 60_000, tickMs, maxSeries: 3 });
    const observe = observer();
    memory.append(observe({ atMs: begin, values: { a: 1, b: 2, c: 3, d: 4 } }));
    expect(memory.refusedSamples).toBe(1);
    for (let i = 1; i <= 7; i++) memory.append(observe({ atMs: begin + i * tickMs, values: { a: i } }));
    expect(memory.seriesCount).toBe(1);
    memory.append(observe({ atMs: begin + 80_000, values: { a: 8, d: 4, b: 5 } }));
    expect(memory.seriesCount).toBe(3);
    expect(known(memory.read(all())).b).toEqual([[begin + 80_000, 5]]);
  });
});
