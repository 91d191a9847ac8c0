import { copyFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import Database from 'libsql';
import { afterEach, describe, expect, it } from 'vitest';
import { fiveMinutesMs } from '@/lib/monitoring/history';
import { dayMs, hourMs } from './intervals';
import { all, known, lag, Model, observer, type Sample, TestHistory } from './testing/test-history';

const midnight = 20_000 * dayMs;
const opened: TestHistory[] = [];
const history = (...options: ConstructorParameters<typeof TestHistory>) => {
  const one = new TestHistory(...options);
  opened.push(one);
  return one;
};
afterEach(() => {
  for (const one of opened.splice(0)) one.remove();
});

const value = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 1_000 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
);
const values = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), value, { maxKeys: 5 });
/** Mostly ten seconds; but also none, back, a pause, other hours and days. */
const passedMs = fc.oneof(
  { weight: 10, arbitrary: fc.constant(10_000) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 2 * hourMs }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 0, -10_000, -hourMs, -dayMs, dayMs) },
);
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('tick' as const), passedMs, values }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('upkeep' as const), slices: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'release' as const }) },
);

describe('the history of metrics', () => {
  it('answers what was recorded, exactly, whatever the clock does and wherever it is restarted', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const one = new TestHistory();
        const model = new Model();
        let observe = observer();
        let atMs = midnight - hourMs;
        try {
          for (const each of steps) {
            if (each.kind === 'upkeep') one.upkeep(each.slices);
            if (each.kind === 'release') one.store.release();
            if (each.kind === 'restart') {
              one.restart();
              observe = observer();
            }
            if (each.kind !== 'tick') continue;
            atMs += each.passedMs;
            one.store.append(observe({ atMs, values: each.values }));
            model.append({ atMs, values: each.values });
          }
          expect(known(one.store.read(all()))).toEqual(model.known());
          one.upkeep();
          expect(one.store.status().unsealedParts).toBe(0);
          const [fromMs, toMs] = [atMs - hourMs, atMs + 5 * 60_000];
          // Days that are over are rolled up by now; their ticks are still there.
          expect(known(one.store.read(all()))).toEqual(model.known());
          expect(known(one.store.read(all({ fromMs, toMs })))).toEqual(model.known(fromMs, toMs));
          expect(one.logged).toEqual([]);
        } finally {
          one.remove();
        }
      }),
      { numRuns: 100 },
    );
  });

  it('loses and doubles nothing when it ends within a seal, at any slice of it', () => {
    const groups = Array.from({ length: 600 }, (_, i) => `g${i}`);
    const ticks: Sample[] = Array.from({ length: 10 }, (_, i) => ({
      atMs: midnight + i * 300_000,
      values: Object.fromEntries(groups.map((group, k) => [group, k % 7 === i % 7 ? null : k * 1_000 + i])),
    }));
    const next: Sample = { atMs: midnight + hourMs, values: { g0: 1 } };
    const model = new Model();
    const recorded = history();
    const observe = observer();
    for (const tick of [...ticks, next]) {
      model.append(tick);
      recorded.store.append(observe(tick));
    }
    recorded.store.close();
    const wanted = model.known();
    let slices = 0;
    for (; slices < 100; slices++) {
      const one = history();
      copyFileSync(recorded.file, one.file);
      one.store.read(all({ limit: 1 }));
      const done = one.upkeep(slices);
      for (let restarts = 0; restarts < 2; restarts++) {
        expect(known(one.store.read(all({ labels: { group: 'g123' } })))).toEqual({ g123: wanted.g123 });
        expect(one.store.read(all({ limit: 1 })).total).toBe(600);
        one.restart();
      }
      one.store.read(all({ limit: 1 }));
      one.upkeep();
      expect(one.store.status()).toMatchObject({ unsealedParts: 0, series: 600 });
      for (const group of ['g0', 'g1', 'g255', 'g256', 'g599'])
        expect(known(one.store.read(all({ labels: { group } })))).toEqual({ [group]: wanted[group] });
      opened.pop()?.remove();
      if (done < slices) break;
    }
    expect(slices).toBeGreaterThan(6);
    expect(slices).toBeLessThan(100);
  });
});

describe('a file that cannot be used', () => {
  it('is moved aside when it is damaged, and a new one is begun', () => {
    const one = history();
    writeFileSync(one.file, 'not a database '.repeat(1_000));
    one.store.append(observer()({ atMs: midnight, values: { a: 1 } }));
    expect(known(one.store.read(all()))).toEqual({ a: [[midnight, 1]] });
    expect(existsSync(`${one.file}.unusable`)).toBe(true);
    expect(one.logged).toHaveLength(1);
    expect(one.logged[0]).toMatch(
      /^error The history of metrics in .* cannot be used\. It was moved to .*unusable/,
    );
  });

  it('is moved aside when another program or a newer version has written it', () => {
    for (const change of ['pragma user_version = 99', 'pragma application_id = 7']) {
      const one = history();
      one.store.append(observer()({ atMs: midnight, values: { a: 1 } }));
      one.store.close();
      const db = new Database(one.file);
      db.exec(change);
      db.close();
      one.restart();
      expect(one.store.read(all()).series).toEqual([]);
      expect(one.logged).toHaveLength(1);
      expect(existsSync(`${one.file}.unusable`)).toBe(true);
    }
  });

  it('that is damaged while it is in use is moved aside, too, and ticks go on', () => {
    const one = history();
    const observe = observer();
    one.store.append(observe({ atMs: midnight, values: { a: 1 } }));
    one.store.close();
    writeFileSync(one.file, Buffer.alloc(8_192, 7), { flag: 'r+' });
    one.restart();
    one.store.append(observe({ atMs: midnight + 10_000, values: { a: 2 } }));
    one.store.append(observe({ atMs: midnight + 20_000, values: { a: 3 } }));
    expect(known(one.store.read(all())).a?.at(-1)).toEqual([midnight + 20_000, 3]);
  });

  it('keeps nothing from starting when its place is not writable; ticks are counted as lost until it is', () => {
    const one = history();
    let nowMs = midnight;
    const notADirectory = `${one.dir}/plain`;
    writeFileSync(notADirectory, '');
    one.restart({ file: `${notADirectory}/history.db`, now: () => nowMs });
    const observe = observer();
    one.store.append(observe({ atMs: midnight, values: { a: 1 } }));
    one.store.append(observe({ atMs: midnight + 10_000, values: { a: 1 } }));
    expect(one.store.status()).toMatchObject({
      lostTicks: 2,
      ticks: 0,
      failure: expect.stringContaining('E'),
    });
    expect(one.logged).toHaveLength(1);
    expect(() => one.store.read(all())).toThrow('cannot be read');
    nowMs += 60_000;
    one.restart({ file: one.file, now: () => nowMs });
    one.store.append(observe({ atMs: midnight + 20_000, values: { a: 2 } }));
    expect(one.store.status()).toMatchObject({ failure: null, lostTicks: 0, ticks: 1 });
  });

  it('is for its owner only, like its write-ahead log', () => {
    const one = history();
    one.store.append(observer()({ atMs: midnight, values: { a: 1 } }));
    for (const end of ['', '-wal']) expect(statSync(`${one.file}${end}`).mode & 0o077).toBe(0);
  });
});

describe('what is kept', () => {
  const everyMinute = (hours: number, group = 'a') =>
    Array.from({ length: hours * 60 }, (_, i) => ({
      atMs: midnight + i * 60_000,
      values: { [group]: (i * 37) % 101 },
    }));

  it('are ticks for some days, and buckets of 5 minutes for longer', () => {
    const nowMs = midnight + 10 * dayMs;
    const one = history({ retentionDays: 2, rollUpDays: 5, tickMs: 60_000, now: () => nowMs });
    const observe = observer();
    const ticks = everyMinute(10 * 24);
    for (const tick of ticks) {
      one.store.append(observe(tick));
      one.upkeep();
    }
    const { ticksFromMs, keptFromMs } = one.store.status();
    expect(ticksFromMs).toBe(midnight + 8 * dayMs - 2 * hourMs);
    // The newest sealed hour ends an hour before the end; a day is dropped as a whole.
    expect(keptFromMs).toBe(midnight + 4 * dayMs);
    const old = one.store.read(all({ fromMs: midnight, toMs: midnight + 6 * dayMs, maxPoints: 3_000 }));
    expect(old.stepMs).toBe(fiveMinutesMs);
    const at = old.timesMs.indexOf(midnight + 5 * dayMs);
    const bucket = ticks.slice(5 * 1440, 5 * 1440 + 5).map((tick) => tick.values.a as number);
    const [series] = old.series;
    expect(series?.min?.[at]).toBe(Math.min(...bucket));
    expect(series?.max?.[at]).toBe(Math.max(...bucket));
    expect(series?.last?.[at]).toBe(bucket.at(-1));
    expect(series?.values[at]).toBeCloseTo(bucket.reduce((a, b) => a + b) / 5, 0);
    expect(series?.values[0]).toBeNull();
    expect(one.store.status().cutByLimit).toBe(false);
  }, 60_000);

  it('does not go when a clock ran ahead for a while', () => {
    let nowMs = midnight;
    const one = history({ retentionDays: 2, rollUpDays: 5, now: () => nowMs });
    const observe = observer();
    const tick = (atMs: number) => {
      nowMs = atMs;
      one.store.append(observe({ atMs, values: { a: 1 } }));
      one.upkeep();
    };
    tick(midnight);
    tick(midnight + 3_000 * dayMs);
    tick(midnight + 3_000 * dayMs + 10_000);
    tick(midnight + 20_000);
    tick(midnight + hourMs);
    expect(known(one.store.read(all({ toMs: midnight + dayMs }))).a).toHaveLength(3);
  });

  it('stays below the limit of bytes: the oldest goes first, and that is said', () => {
    const limitBytes = 600_000;
    const one = history({ limitBytes, tickMs: 60_000 });
    const observe = observer();
    const groups = Array.from({ length: 60 }, (_, i) => `g${i}`);
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 7;
    };
    for (let i = 0; i < 60 * 60; i++) {
      const values = Object.fromEntries(groups.map((group) => [group, random()]));
      one.store.append(observe({ atMs: midnight + i * 60_000, values }));
      one.upkeep();
      if (i % 60 === 0) expect(statSync(one.file).size).toBeLessThanOrEqual(limitBytes);
    }
    const status = one.store.status();
    expect(status.cutByLimit).toBe(true);
    expect(status.keptFromMs).toBeGreaterThan(midnight + 10 * hourMs);
    expect(one.store.read(all()).keptFromMs).toBe(status.keptFromMs);
    expect(one.logged.at(-1)).toContain(
      'has reached its limit of 1 MB. The oldest was dropped: it has what was',
    );
    expect(known(one.store.read(all({ fromMs: status.ticksFromMs as number }))).g7?.length).toBeGreaterThan(
      60,
    );
    one.restart({ limitBytes: 200_000 });
    one.store.append(observe({ atMs: midnight + 61 * hourMs, values: {} }));
    one.upkeep();
    expect(statSync(one.file).size).toBeLessThanOrEqual(200_000);
  }, 60_000);

  it('are not more series an hour than may be; those that are refused are counted and told once', () => {
    const one = history({ maxSeries: 3 });
    const observe = observer();
    one.store.append(observe({ atMs: midnight, values: { a: 1, b: 2, c: 3, d: 4, e: 5 } }));
    one.store.append(observe({ atMs: midnight + 10_000, values: { e: 5, a: 2 } }));
    expect(one.store.status()).toMatchObject({ refusedSamples: 3 });
    expect(Object.keys(known(one.store.read(all())))).toEqual(['c', 'a', 'b']);
    expect(one.logged).toHaveLength(1);
    // The next hour has room for others.
    one.store.append(observe({ atMs: midnight + hourMs, values: { e: 5, d: 2 } }));
    expect(known(one.store.read(all({ labels: { group: 'e' } }))).e).toEqual([[midnight + hourMs, 5]]);
  });

  it('lists the series of a metric by labels', () => {
    const one = history();
    const observe = observer();
    one.store.append(observe({ atMs: midnight, values: { 'a"b\\': 1, b: 2 } }));
    expect(one.store.series({ metric: lag, labels: { group: 'a"b\\' } })).toEqual([
      { metric: lag, labels: { cluster: 'c', group: 'a"b\\' } },
    ]);
    expect(one.store.series({ metric: lag, labels: { cluster: 'c' } })).toHaveLength(2);
    expect(one.store.series({ metric: lag, labels: { cluster: 'other' } })).toEqual([]);
  });
});
