import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fiveMinutesMs, type HistoryAnswer } from '@/lib/monitoring/history';
import { dayMs, hourMs } from './intervals';
import { all, known, lost, observer, type Sample, TestHistory } from './testing/test-history';

const midnight = 20_000 * dayMs;
const opened: TestHistory[] = [];
function recorded(samples: readonly Sample[], options: ConstructorParameters<typeof TestHistory>[0] = {}) {
  const one = new TestHistory(options);
  opened.push(one);
  const observe = observer();
  for (const sample of samples) one.store.append(observe(sample));
  return one;
}
afterEach(() => {
  for (const one of opened.splice(0)) one.remove();
});

/** The buckets of one group, from its samples. */
function bucketsOf(samples: readonly Sample[], group: string, { timesMs, stepMs }: HistoryAnswer) {
  return timesMs.map((fromMs) => {
    const inIt = samples
      .filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + (stepMs as number))
      .flatMap(({ values }) =>
        values[group] === null || values[group] === undefined ? [] : [values[group]],
      );
    if (inIt.length === 0) return null;
    return {
      min: Math.min(...inIt),
      max: Math.max(...inIt),
      mean: inIt.reduce((sum, value) => sum + value, 0) / inIt.length,
      last: inIt.at(-1) as number,
    };
  });
}

function expectBuckets(answer: HistoryAnswer, samples: readonly Sample[]): void {
  for (const { labels, values, min, max, last } of answer.series) {
    const wanted = bucketsOf(samples, labels.group as string, answer);
    expect(min).toEqual(wanted.map((bucket) => bucket?.min ?? null));
    expect(max).toEqual(wanted.map((bucket) => bucket?.max ?? null));
    expect(last).toEqual(wanted.map((bucket) => bucket?.last ?? null));
    for (const [i, bucket] of wanted.entries()) {
      if (!bucket) expect(values[i]).toBeNull();
      // In roll-ups the mean is kept to this part of the spread.
      else
        expect(Math.abs((values[i] as number) - bucket.mean)).toBeLessThanOrEqual(
          (bucket.max - bucket.min) / 500 + 1e-9,
        );
    }
  }
}

const value = fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: null });
const stream = fc
  .array(
    fc.record({
      passedMs: fc.oneof(
        { weight: 9, arbitrary: fc.constant(60_000) },
        fc.integer({ min: 1, max: 9 * hourMs }),
      ),
      values: fc.record({ a: value, b: value }),
    }),
    { minLength: 1, maxLength: 150 },
  )
  .map((steps) => {
    let atMs = midnight - 2 * hourMs;
    return steps.map(({ passedMs, values }) => {
      atMs += passedMs;
      return { atMs, values };
    });
  });

describe('buckets', () => {
  it('are those of the samples, from ticks and from roll-ups, at any width', () => {
    fc.assert(
      fc.property(
        stream,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 40 }),
        (samples, maxPoints, slices) => {
          const one = recorded(samples);
          const [fromMs, toMs] = [samples[0]?.atMs as number, samples.at(-1)?.atMs as number];
          try {
            one.upkeep(slices);
            for (let looks = 0; looks < 2; looks++) {
              const answer = one.store.read(all({ fromMs, toMs, maxPoints }));
              if (answer.stepMs !== null) {
                expect(answer.timesMs.length).toBeLessThanOrEqual(maxPoints);
                expectBuckets(answer, samples);
              }
              one.upkeep();
            }
          } finally {
            opened.pop()?.remove();
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are as wide as the points ask for, and ticks come as they were when there are few enough', () => {
    const samples = Array.from({ length: 8_640 }, (_, i) => ({
      atMs: midnight + i * 10_000,
      values: { a: i },
    }));
    const one = recorded(samples);
    const range = { fromMs: midnight, toMs: midnight + dayMs - 1 };
    const steps = [10_000, 8_640, 8_639, 1_000, 288, 100, 1].map(
      (maxPoints) => one.store.read(all({ ...range, maxPoints })).stepMs,
    );
    expect(steps).toEqual([null, null, 15_000, 100_000, fiveMinutesMs, 900_000, dayMs]);
    expectBuckets(one.store.read(all({ ...range, maxPoints: 500 })), samples);
  });
});

describe('a pause', () => {
  it('is a gap: no line is drawn over it, nor over ticks at which a series was not known', () => {
    const one = recorded([
      { atMs: midnight, values: { a: 1, b: 1 } },
      { atMs: midnight + 10_000, values: { a: 2 } },
      { atMs: midnight + 20_000, values: { a: 3, b: 3 } },
      { atMs: midnight + 60_000, values: { a: 4, b: 4 } },
    ]);
    const answer = one.store.read(all());
    expect(answer.timesMs).toEqual([0, 10_000, 20_000, 30_000, 60_000].map((passed) => midnight + passed));
    expect(answer.series.map(({ values }) => values)).toEqual([
      [1, 2, 3, null, 4],
      [1, null, 3, null, 4],
    ]);
  });
});

describe('a rate', () => {
  const counted = (values: readonly (number | null)[], stepMs = 10_000): TestHistory => {
    const one = new TestHistory();
    opened.push(one);
    const observe = observer(lost);
    for (const [i, a] of values.entries())
      one.store.append(observe({ atMs: midnight + i * stepMs, values: { a } }));
    return one;
  };
  const rates = { metric: lost, rate: true, fromMs: midnight } as const;

  it('is the growth of a counter a second; one that begins anew counts from 0, and there is none over a gap', () => {
    const one = counted([100, 150, 150, 20, null, 40, null, null, 60, 70]);
    const [series] = one.store.read(all(rates)).series;
    expect(series?.values).toEqual([null, 5, 0, 2, null, 1, null, null, null, 1]);
    expect(series?.latest).toEqual({ atMs: midnight + 90_000, value: 1 });
  });

  it('uses the tick before the range', () => {
    const one = counted([100, 150, 170]);
    const answer = one.store.read(all({ ...rates, fromMs: midnight + 10_000 }));
    expect(answer.series[0]?.values).toEqual([5, 2]);
    expect(answer.timesMs).toHaveLength(2);
  });

  it('is the same in buckets, also of roll-ups, and over a counter that begins anew within one', () => {
    // 30 a minute, for 40 minutes; after 20 minutes and 30 seconds the counter begins anew.
    const anewAt = 123;
    const values = Array.from({ length: 240 }, (_, i) => (i < anewAt ? 1_000 + i * 5 : (i - anewAt + 1) * 5));
    const one = counted(values);
    for (let looks = 0; looks < 2; looks++) {
      const answer = one.store.read(
        all({ ...rates, fromMs: midnight + fiveMinutesMs, toMs: midnight + 2_399_999, maxPoints: 7 }),
      );
      expect(answer.stepMs).toBe(fiveMinutesMs);
      expect(answer.series[0]?.values).toEqual(new Array(7).fill(0.5));
      one.store.append(observer(lost)({ atMs: midnight + dayMs, values: {} }));
      one.upkeep();
    }
  });
});

describe('of many series', () => {
  const groups = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`g${i}`, i]));
  const samples = [
    { atMs: midnight, values: { ...groups, gone: 1_000, early: 7 } },
    { atMs: midnight + 10_000, values: { ...groups, early: 3 } },
    { atMs: midnight + 20_000, values: groups },
  ];

  it('an answer has the worst, by their last value or their highest, and tells how many there are', () => {
    const one = recorded(samples);
    const last = one.store.read(all({ limit: 3, fromMs: midnight + 10_000 }));
    expect(Object.keys(known(last))).toEqual(['g119', 'g118', 'g117']);
    expect(last).toMatchObject({ total: 121, partial: false });
    const max = one.store.read(all({ limit: 2, order: 'max' }));
    expect(Object.keys(known(max))).toEqual(['gone', 'g119']);
    expect(max.total).toBe(122);
  });

  it('an aggregate has one for each value of the labels that are asked for', () => {
    const one = recorded(samples);
    const sum = one.store.read(all({ aggregate: { with: 'sum', by: ['cluster'] } }));
    expect(sum.series).toMatchObject([
      {
        labels: { cluster: 'c' },
        values: [8_147, 7_143, 7_140],
        latest: { atMs: midnight + 20_000, value: 7_140 },
      },
    ]);
    const mean = one.store.read(all({ aggregate: { with: 'mean' }, labels: { group: 'early' } }));
    expect(mean.series).toMatchObject([{ labels: {}, values: [7, 3, null] }]);
    for (const [how, value] of [
      ['max', 119],
      ['min', 0],
    ] as const)
      expect(one.store.read(all({ aggregate: { with: how } })).series[0]?.values[2]).toBe(value);
  });

  it('those are left out that have no sample in the range', () => {
    const one = recorded(samples);
    one.store.append(observer()({ atMs: midnight + dayMs, values: { g1: 5 } }));
    one.upkeep();
    const answer = one.store.read(all({ fromMs: midnight + hourMs }));
    expect(known(answer)).toEqual({ g1: [[midnight + dayMs, 5]] });
    expect(answer.total).toBe(1);
  });
});
