import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batchesOf,
  type Cleaner,
  cleaner,
  type KeyedRecord,
  kept,
  keyedLog,
  modelPages,
} from '../testing/two-logs';
import { Scan, type Suspect } from './scan';

const sizes = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 5 });

type World = { records: KeyedRecord[]; mirrorEnd: number; source: number[]; mirror: number[] };

/** Scans to the end, however often it must look ahead. */
async function scanAll(
  world: World,
  [a, b]: Cleaner[],
  pageSizes: number[],
): Promise<{ suspects: Suspect[]; scan: Scan }> {
  let turn = 0;
  const pages = modelPages(
    {
      source: batchesOf(world.records, world.source, a?.batchSize ?? 1),
      mirror: batchesOf(world.records, world.mirror, b?.batchSize ?? 1),
      stable: BigInt(world.records.length),
      safe: BigInt(world.mirrorEnd),
    },
    () => pageSizes[turn++ % pageSizes.length] as number,
  );
  const scan = new Scan(0n);
  const suspects: Suspect[] = [];
  for (let steps = 0; steps < 10_000; steps++) {
    const step = await scan.step(pages);
    suspects.push(...step.suspects);
    if (!step.moved) return { suspects, scan };
  }
  throw new Error('the scan does not come to an end');
}

function worldOf(records: KeyedRecord[], share: number, a: Cleaner, b: Cleaner): World {
  // The last record is never cleaned: it stands in the active segment.
  const mirrorEnd = Math.max(1, Math.floor(records.length * share));
  return {
    records,
    mirrorEnd,
    source: kept(records, records.length, a, mirrorEnd),
    mirror: kept(records, mirrorEnd, b),
  };
}

const share = fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100);

describe('two compacted logs whose cleaners are not in step', () => {
  it('are equal, wherever the cleaners are, and however far the mirror is', async () => {
    await fc.assert(
      fc.asyncProperty(keyedLog, share, cleaner, cleaner, sizes, async (records, end, a, b, pageSizes) => {
        const world = worldOf(records, end, a, b);
        const { suspects, scan } = await scanAll(world, [a, b], pageSizes);
        expect(suspects).toEqual([]);
        expect(scan.settled).toBe(BigInt(world.mirrorEnd));
      }),
      { numRuns: 300 },
    );
  });

  it('differ when the last value of a key is missing on either side, and in no other key', async () => {
    await fc.assert(
      fc.asyncProperty(
        keyedLog,
        cleaner,
        cleaner,
        sizes,
        fc.nat(),
        fc.boolean(),
        async (records, a, b, pageSizes, pick, onMirror) => {
          const world = worldOf(records, 1, a, b);
          const last = new Map(records.map(({ key }, offset) => [key, offset]));
          // Both still show it: a value that is the last of its key.
          const candidates = [...last.values()].filter(
            (offset) =>
              !(records[offset] as KeyedRecord).tombstone &&
              world.source.includes(offset) &&
              world.mirror.includes(offset) &&
              offset < records.length - 1,
          );
          fc.pre(candidates.length > 0);
          const victim = candidates[pick % candidates.length] as number;
          const side = onMirror ? 'mirror' : 'source';
          world[side] = world[side].filter((offset) => offset !== victim);
          const { suspects } = await scanAll(world, [a, b], pageSizes);
          expect(suspects.find(({ offset }) => offset === BigInt(victim))?.found).toMatchObject({
            side: onMirror ? 'SOURCE' : 'MIRROR',
          });
          // What the lost record had superseded is wrong with it, and nothing else.
          const { key } = records[victim] as KeyedRecord;
          for (const { offset } of suspects) expect(records[Number(offset)]).toMatchObject({ key });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('claim nothing above a record that may still be wrong', async () => {
    const records: KeyedRecord[] = [
      { key: 1, tombstone: false },
      { key: 2, tombstone: false },
      { key: 1, tombstone: false },
      { key: 3, tombstone: false },
    ];
    const pages = modelPages(
      {
        source: batchesOf(records, [1, 2, 3], 1),
        mirror: batchesOf(records, [0, 1, 2, 3], 1),
        stable: 4n,
        safe: 4n,
      },
      () => 0,
    );
    const scan = new Scan(0n);
    await scan.step(pages);
    expect(scan.settled).toBe(0n);
    await scan.step(pages);
    await scan.step(pages);
    expect(scan.settled).toBe(3n);
  });
});
