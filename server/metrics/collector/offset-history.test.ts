// Where logs ended when: looks of the last hour in columns.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coarseEveryMs, coarseSamples, fineSamples } from './limits';
import { OffsetHistory } from './offset-history';
import { type Ends, topicsOf } from './testing/sweeps';

const look = (history: OffsetHistory, atMs: number, ends: Ends) => {
  const { topics, partitions } = topicsOf(ends);
  history.record(atMs, topics, partitions);
};
const passed = (history: OffsetHistory, offset: bigint) => history.topic('t')?.passedMs(0, offset);
const seen = (history: OffsetHistory) => history.of('t', 0).map(({ atMs, lastStable }) => [atMs, lastStable]);

describe('the history of offsets', () => {
  it('tells when the end passed an offset, from the looks around it', () => {
    const history = new OffsetHistory();
    for (const [i, end] of [100n, 100n, 100n, 110n].entries()) look(history, i * 10_000, { t: [{ end }] });
    // Silence makes no lag: the record came after the last look at which the log still ended there.
    expect(passed(history, 100n)).toBe(20_500);
    expect(passed(history, 109n)).toBe(29_500);
    expect(passed(history, 110n)).toBe(30_000);
  });

  it('says how far back it has looked where that is not enough', () => {
    const history = new OffsetHistory();
    look(history, 5_000, { t: [{ end: 100n }] });
    look(history, 15_000, { t: [{ end: 200n }] });
    expect(passed(history, 99n)).toBeNaN();
    expect(history.topic('t')?.oldestEnd(0)).toEqual({ atMs: 5_000, offset: 100n });
    expect([history.topic('u'), history.of('t', 7)]).toEqual([null, []]);
  });

  it('passes over looks at which the end was not told', () => {
    const history = new OffsetHistory();
    for (const [i, end] of [100n, -1n, 120n].entries()) look(history, i * 10_000, { t: [{ end }] });
    expect(passed(history, 110n)).toBe(10_500);
  });

  it('keeps each look for ten minutes, and one a minute for an hour', () => {
    const history = new OffsetHistory();
    const looks = 500;
    for (let i = 0; i < looks; i++) look(history, i * 10_000, { t: [{ end: BigInt(i) }] });
    const times = seen(history).map(([atMs]) => Number(atMs));
    const fine = times.slice(-fineSamples);
    expect(fine).toEqual(Array.from({ length: fineSamples }, (_, i) => (looks - fineSamples + i) * 10_000));
    const older = times.slice(0, -fineSamples);
    expect(older.length).toBeGreaterThanOrEqual(coarseSamples - 11);
    for (const [i, atMs] of older.entries())
      if (i > 0) expect(atMs - (older[i - 1] as number)).toBe(coarseEveryMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(passed(history, 150n)).toBeCloseTo(1_505_000, -4);
  });

  it('begins anew with a topic that was made anew, and goes on with one that has more partitions', () => {
    const history = new OffsetHistory();
    look(history, 0, { t: [{ end: 100n }] });
    look(history, 10_000, { t: [{ end: 110n }, { end: 5n }] });
    expect(seen(history)).toEqual([
      [0, 100n],
      [10_000, 110n],
    ]);
    expect(history.of('t', 1).map(({ lastStable }) => lastStable)).toEqual([-1n, 5n]);
    const { topics, partitions } = topicsOf({ t: [{ end: 3n }] }, { t: 'another' });
    history.record(20_000, topics, partitions);
    expect(seen(history).filter(([, end]) => (end as bigint) >= 0n)).toEqual([[20_000, 3n]]);
    look(history, 30_000, {});
    expect(history.of('t', 0)).toEqual([]);
  });

  it('keeps one look a minute for an hour where there are no others, and no more', () => {
    const history = new OffsetHistory(false);
    // Timers are not exact.
    const atMs = (i: number) => i * 60_000 + (i % 3) * 400;
    for (let i = 0; i < 200; i++) look(history, atMs(i), { t: [{ start: BigInt(i), end: BigInt(i * 10) }] });
    const kept = history.of('t', 0);
    expect(kept.map((sample) => sample.atMs)).toEqual(Array.from({ length: 60 }, (_, i) => atMs(140 + i)));
    expect(kept.at(-1)).toEqual({ atMs: atMs(199), start: 199n, lastStable: 1_990n, highWatermark: -1n });
    expect(passed(history, 1_455n)).toBeCloseTo(atMs(145) + 30_000, -4);
  });

  it('keeps what it has seen when somebody looks for a while, and then no more', () => {
    const history = new OffsetHistory();
    const seenAt = new Map<number, bigint>();
    let nowMs = 0;
    const go = (looks: number, intervalMs: number) => {
      for (let i = 0; i < looks; i++) {
        nowMs += intervalMs;
        seenAt.set(nowMs, BigInt(seenAt.size));
        look(history, nowMs, { t: [{ end: BigInt(seenAt.size - 1) }, { end: 7n }] });
        for (const [at, end] of seen(history)) expect(end).toBe(seenAt.get(Number(at)));
      }
    };
    for (let round = 0; round < 3; round++) {
      go(40, 60_000);
      go(100, 10_000);
    }
    go(70, 60_000);
    expect(seen(history)).toHaveLength(60);
    expect(history.of('t', 1).every(({ lastStable }) => lastStable === 7n)).toBe(true);
  });

  it('tells how fast the start moves', () => {
    const history = new OffsetHistory();
    expect(history.topic('t')).toBeNull();
    for (let i = 0; i < 20; i++) look(history, i * 10_000, { t: [{ start: BigInt(i * 50), end: 1_000n }] });
    expect(history.topic('t')?.startRate(0)).toBe(5);
  });

  it('is never further off than one look from the moment at which a record was there, whatever the traffic', () => {
    const traffic = fc.array(fc.nat(50), { minLength: 2, maxLength: 55 });
    fc.assert(
      fc.property(traffic, fc.nat(), (appended, pick) => {
        const history = new OffsetHistory();
        let end = 0n;
        const firstSeenMs = new Map<bigint, number>();
        for (const [i, count] of appended.entries()) {
          for (let k = 0; k < count; k++) firstSeenMs.set(end + BigInt(k), i * 10_000);
          end += BigInt(count);
          look(history, i * 10_000, { t: [{ end }] });
        }
        const offset = BigInt(pick % Math.max(1, Number(end)));
        const atMs = passed(history, offset) ?? Number.NaN;
        if (end === 0n) return;
        const trueMs = firstSeenMs.get(offset) as number;
        if (trueMs === 0) expect(atMs).toBeNaN();
        else {
          expect(atMs).toBeLessThanOrEqual(trueMs);
          expect(atMs).toBeGreaterThanOrEqual(trueMs - 10_000);
        }
      }),
    );
  });
});
