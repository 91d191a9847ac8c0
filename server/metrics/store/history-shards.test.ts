import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HistoryShards } from './history-shards';
import { dayMs, hourMs } from './intervals';
import { all, known, observer } from './testing/test-history';

const midnight = 20_000 * dayMs;
let dir: string;
let slices: (() => void)[];
let logged: string[];
let shards: HistoryShards;
const open = (openAtOnce = 3) =>
  new HistoryShards({
    dir,
    openAtOnce,
    limitBytes: 1e9,
    retentionDays: 10_000,
    sliceMs: Number.POSITIVE_INFINITY,
    log: (level, message) => logged.push(`${level} ${message}`),
    later: (slice) => slices.push(slice),
  });
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'landbridge-shards-'));
  slices = [];
  logged = [];
  shards = open();
});
afterEach(() => {
  shards.close();
  rmSync(dir, { recursive: true, force: true });
});
const upkeep = () => {
  for (let slice = slices.shift(); slice; slice = slices.shift()) slice();
};
const consoles = Array.from({ length: 12 }, (_, i) => `console-${i}`);

describe('histories of many consoles', () => {
  it('keep apart what each has sent, with only some files open at a time', () => {
    const observers = consoles.map(() => observer());
    for (let tick = 0; tick < 5; tick++)
      for (const [i, name] of consoles.entries()) {
        const observation = observers[i]?.({ atMs: midnight + tick * 60_000, values: { a: i * 100 + tick } });
        if (observation) shards.append(name, observation);
        expect(shards.openCount).toBeLessThanOrEqual(3);
      }
    for (const [i, name] of consoles.entries())
      expect(known(shards.read(name, all())).a?.map(([, value]) => value)).toEqual(
        [0, 1, 2, 3, 4].map((tick) => i * 100 + tick),
      );
    expect(shards.names()).toEqual([...consoles].sort());
    expect(logged).toEqual([]);
  });

  it('are sealed one after the other, however many hours end at once', () => {
    const observe = observer();
    for (const atMs of [midnight, midnight + hourMs])
      for (const name of consoles) shards.append(name, observe({ atMs, values: { a: 1 } }));
    expect(slices).toHaveLength(1);
    upkeep();
    // Those whose file was let go are sealed when they are used next.
    for (const name of consoles) shards.read(name, all());
    upkeep();
    for (let round = 0; round < 4; round++) {
      for (const name of consoles) {
        shards.read(name, all());
        upkeep();
      }
    }
    for (const name of consoles) {
      shards.read(name, all());
      expect(shards.status(name).unsealedParts).toBe(0);
      expect(known(shards.read(name, all())).a).toHaveLength(2);
    }
  });

  it('are there again after a restart, and gone when one is removed', () => {
    const observe = observer();
    for (const name of consoles) shards.append(name, observe({ atMs: midnight, values: { a: 1 } }));
    shards.close();
    shards = open();
    expect(known(shards.read('console-5', all())).a).toEqual([[midnight, 1]]);
    expect(shards.sizeBytes()).toBeGreaterThan(12 * 8_192);
    shards.remove('console-5');
    expect(shards.names()).not.toContain('console-5');
    expect(shards.read('console-5', all()).series).toEqual([]);
  });

  it('refuse names that are not only letters and digits', () => {
    for (const name of ['', '../up', 'a/b', 'a.b', 'ä'])
      expect(() => shards.read(name, all())).toThrow('cannot name a file');
  });
});
