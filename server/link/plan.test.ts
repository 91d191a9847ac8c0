import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { codecsReady, readBatches, restamp } from '@/server/kafka/wire/record-batch';
import {
  buildBatch,
  endMarker,
  parseBatch,
  type TestRecord,
} from '@/server/kafka/wire/testing/batch-builder';
import { type PlanOptions, plan, type Step } from './plan';
import { buildLog, expectedRecords, fetchFrom, logOps, type SourceLog } from './testing/source-log';

beforeAll(() => codecsReady());

type Slot = { kind: 'record' | 'copy'; record: TestRecord } | { kind: 'fill' };

/** The destination: appends at its end only, as a leader does, and takes nothing whose restamped bytes it would refuse. */
class ModelDestination {
  readonly slots = new Map<bigint, Slot>();
  end: bigint;
  constructor(end: bigint) {
    this.end = end;
  }

  append(step: Step & { kind: 'append' }): void {
    expect(step.baseOffset).toBe(this.end);
    const codec = step.bytes.readInt16BE(21) & 7;
    restamp(step.bytes, 4_242n, 5, 1_000);
    const batch = parseBatch(step.bytes);
    expect(batch).toMatchObject({
      baseOffset: 0n,
      leaderEpoch: -1,
      producerId: 4_242n,
      producerEpoch: 5,
      baseSequence: 1_000,
      lastOffset: BigInt(step.count - 1),
      maxTimestamp: step.maxTimestamp,
      attributes: codec,
    });
    expect(batch.records.map((r) => r.offset)).toEqual(batch.records.map((_, i) => BigInt(i)));
    for (const record of batch.records) {
      this.slots.set(this.end, { kind: 'record', record: { ...record, offset: this.end } });
      this.end += 1n;
    }
  }

  fill(step: Step & { kind: 'fill' }, count = step.count): void {
    expect(step.baseOffset).toBe(this.end);
    expect(step.count > 0n).toBe(true);
    for (const end = this.end + count; this.end < end; this.end += 1n)
      this.slots.set(this.end, { kind: 'fill' });
  }
}

// Not fc.double: half of its values are next to 0.
const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);

/** One answer to a fetch, and how much of the plan is done before the engine is started anew. */
const turn = fc.record({
  highWatermark: share,
  maxBytes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_500 }), fc.constant(1_000_000)),
  minOne: fc.boolean(),
  looseAborted: fc.boolean(),
  dropLastBatch: fc.boolean(),
  /** The answer is to a fetch from so many offsets in front of the cursor. */
  early: fc.oneof(fc.constant(0), fc.nat({ max: 30 })),
  stopAfterSteps: fc.option(fc.integer({ min: 0, max: 5 })),
  stopInFill: share,
});
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;
const lastTurn: Turn = {
  highWatermark: 1,
  maxBytes: 1_000_000,
  minOne: true,
  looseAborted: false,
  dropLastBatch: false,
  early: 0,
  stopAfterSteps: null,
  stopInFill: 0,
};

/** Mirrors a log in turns, each with another fetch boundary, high watermark and restart; the last ones go to the end. */
function mirror(log: SourceLog, from: bigint, turns: Turn[], options: PlanOptions) {
  const destination = new ModelDestination(from);
  let copies = 0;
  for (const turn of [...turns, lastTurn, lastTurn]) {
    const bounds = [from, ...log.batches.map((b) => b.last + 1n), log.end];
    const highWatermark = bounds[Math.floor(turn.highWatermark * (bounds.length - 1))] as bigint;
    const asked = destination.end - BigInt(turn.early);
    const fetched = fetchFrom(log, asked > from ? asked : from, { ...turn, highWatermark });
    let batches = readBatches(fetched.records);
    if (turn.dropLastBatch) batches = batches.slice(0, -1);
    if (fetched.records.length === 0 && fetched.lastStableOffset > destination.end && turn === lastTurn) {
      // Nothing is left in front of the end: what the engine's probe of trailing holes does.
      destination.fill({
        kind: 'fill',
        baseOffset: destination.end,
        count: fetched.lastStableOffset - destination.end,
      });
      continue;
    }
    const before = destination.end;
    const { steps, cursor } = plan(before, { ...fetched, batches }, options);
    const lengths = steps.map((step) => BigInt(step.count));
    expect(lengths.reduce((sum, n) => sum + n, before)).toBe(cursor);
    expect(cursor <= (fetched.lastStableOffset > before ? fetched.lastStableOffset : before)).toBe(true);
    expect(steps.some((step, i) => step.kind === 'fill' && steps[i + 1]?.kind === 'fill')).toBe(false);
    steps.forEach((step, index) => {
      const stop = turn.stopAfterSteps ?? steps.length;
      if (index > stop) return;
      if (step.kind === 'append') {
        if (index === stop) return;
        destination.append(step);
        copies += step.copies;
      } else {
        const done = index < stop ? step.count : BigInt(Math.floor(turn.stopInFill * Number(step.count)));
        destination.fill(step, done);
      }
    });
    if (turn.stopAfterSteps === null) expect(destination.end).toBe(cursor);
  }
  return { destination, copies };
}

/** Every offset is exactly its record, or exactly a fill; with copies, an extra is the next record of its batch. */
function check(log: SourceLog, from: bigint, destination: ModelDestination, copiesCounted: number): void {
  const expected = expectedRecords(log, destination.end);
  let copies = 0;
  for (let offset = from; offset < destination.end; offset += 1n) {
    const slot = destination.slots.get(offset);
    const record = expected.get(offset);
    if (record) {
      expect(slot).toMatchObject({ kind: 'record' });
      expect(content(slot)).toEqual(content({ kind: 'record', record }));
    } else if (slot?.kind !== 'fill') {
      copies++;
      const batch = log.batches.find((b) => b.first <= offset && offset <= b.last);
      expect(batch).toBeDefined();
      let next = offset + 1n;
      while (next <= (batch?.last ?? 0n) && !expected.has(next)) next += 1n;
      expect(next <= (batch?.last ?? 0n)).toBe(true);
      expect(content(slot)).toEqual(content({ kind: 'record', record: expected.get(next) as TestRecord }));
    }
  }
  expect(copies).toBe(copiesCounted);
}

function content(slot: Slot | undefined) {
  if (!slot || slot.kind === 'fill') return null;
  const { timestamp, key, value, headers = [] } = slot.record;
  const hex = (bytes: Buffer | null) => bytes?.toString('hex') ?? null;
  return [timestamp, hex(key), hex(value), headers.map(([name, bytes]) => [name, hex(bytes)])];
}

const start = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 1n, max: 1_000n }),
  fc.constant(2n ** 40n),
  fc.constant(2n ** 53n + 1n),
);

describe('plan', () => {
  for (const compactedGapFill of ['markers', 'copies'] as const) {
    it(`puts every committed record on its own offset and fills the rest, whatever the log, the fetches and the restarts (${compactedGapFill})`, () => {
      fc.assert(
        fc.property(
          logOps,
          start,
          fc.nat({ max: 40 }),
          fc.array(turn, { maxLength: 25 }),
          (ops, base, skip, turns) => {
            const log = buildLog(ops, base);
            const from = base + BigInt(skip) < log.end ? base + BigInt(skip) : base;
            const { destination, copies } = mirror(log, from, turns, { compactedGapFill });
            const open = log.transactions.filter((t) => t.end === null).map((t) => t.first);
            const stable = open.reduce((min, first) => (first < min ? first : min), log.end);
            expect(destination.end).toBe(stable > from ? stable : from);
            check(log, from, destination, copies);
            if (compactedGapFill === 'markers') expect(copies).toBe(0);
          },
        ),
        { numRuns: 500 },
      );
    });
  }

  const fetched = (bytes: Buffer[], more: Partial<Parameters<typeof plan>[1]> = {}) => ({
    batches: readBatches(Buffer.concat(bytes)),
    aborted: [],
    lastStableOffset: 1_000_000n,
    ...more,
  });
  const markers: PlanOptions = { compactedGapFill: 'markers' };
  const copying: PlanOptions = { compactedGapFill: 'copies' };
  const records = (...offsets: number[]): TestRecord[] =>
    offsets.map((offset) => ({
      offset: BigInt(offset),
      timestamp: 1_700_000_000_000n + BigInt(offset),
      key: Buffer.from(`k${offset}`),
      value: Buffer.alloc(200, offset),
    }));
  const shape = (steps: Step[]) => steps.map((s) => [s.kind, Number(s.baseOffset), Number(s.count)]);

  it('forwards a dense batch with the very bytes that were fetched', () => {
    const bytes = buildBatch({ baseOffset: 3n, records: records(3, 4, 5), codec: 4 });
    const input = fetched([bytes]);
    const { steps, cursor } = plan(3n, input, markers);
    expect(shape(steps)).toEqual([['append', 3, 3]]);
    expect((steps[0] as Step & { kind: 'append' }).bytes).toBe(input.batches[0]?.bytes);
    expect(cursor).toBe(6n);
  });

  for (const codec of [0, 1, 2, 3, 4]) {
    it(`splits a compacted batch at each hole and keeps codec ${codec}`, () => {
      const bytes = buildBatch({
        baseOffset: 10n,
        lastOffset: 20n,
        records: records(12, 13, 17),
        codec,
        transactional: true,
      });
      const { steps, cursor } = plan(10n, fetched([bytes]), markers);
      expect(shape(steps)).toEqual([
        ['fill', 10, 2],
        ['append', 12, 2],
        ['fill', 14, 3],
        ['append', 17, 1],
        ['fill', 18, 3],
      ]);
      expect(cursor).toBe(21n);
      const runs = steps.filter((s) => s.kind === 'append').map((s) => parseBatch(s.bytes));
      expect(runs.map((r) => r.attributes)).toEqual([codec, codec]);
      expect(runs.flatMap((r) => r.records.map((x) => x.key?.toString()))).toEqual(['k12', 'k13', 'k17']);
      expect(runs.flatMap((r) => r.records.map((x) => x.timestamp))).toEqual(
        records(12, 13, 17).map((r) => r.timestamp),
      );
    });

    it(`fills holes with copies of the next record in one batch, but not behind the last one (codec ${codec})`, () => {
      const bytes = buildBatch({ baseOffset: 10n, lastOffset: 20n, records: records(12, 13, 17), codec });
      const { steps } = plan(10n, fetched([bytes]), copying);
      expect(shape(steps)).toEqual([
        ['append', 10, 8],
        ['fill', 18, 3],
      ]);
      const step = steps[0] as Step & { kind: 'append' };
      expect(step.copies).toBe(5);
      const keys = parseBatch(step.bytes).records.map((r) => r.key?.toString());
      expect(keys).toEqual(['k12', 'k12', 'k12', 'k13', 'k17', 'k17', 'k17', 'k17']);
    });
  }

  it('turns append times into create times', () => {
    const bytes = buildBatch({ baseOffset: 0n, records: records(0, 1), logAppendTime: 1_800_000_000_000n });
    const { steps } = plan(0n, fetched([bytes]), markers);
    const batch = parseBatch((steps[0] as Step & { kind: 'append' }).bytes);
    expect(batch.attributes).toBe(0);
    expect(batch.records.map((r) => r.timestamp)).toEqual([1_800_000_000_000n, 1_800_000_000_000n]);
  });

  it('drops an aborted transaction whose beginning lies in front of the fetch, and keeps the next one of the same producer', () => {
    const data = (offset: number) =>
      buildBatch({
        baseOffset: BigInt(offset),
        records: records(offset),
        producerId: 9n,
        transactional: true,
      });
    const input = fetched(
      [
        data(5),
        endMarker({ offset: 6n, producerId: 9n, commit: false }),
        data(7),
        endMarker({ offset: 8n, producerId: 9n, commit: true }),
      ],
      { aborted: [{ producerId: 9n, firstOffset: 1n }] },
    );
    expect(shape(plan(5n, input, markers).steps)).toEqual([
      ['fill', 5, 2],
      ['append', 7, 1],
      ['fill', 8, 1],
    ]);
  });

  it('plans nothing at or behind the last stable offset', () => {
    const bytes = [
      buildBatch({ baseOffset: 0n, records: records(0, 1) }),
      buildBatch({ baseOffset: 2n, records: records(2, 3) }),
    ];
    expect(plan(0n, fetched(bytes, { lastStableOffset: 2n }), markers)).toMatchObject({ cursor: 2n });
    expect(plan(0n, fetched(bytes, { lastStableOffset: 3n }), markers)).toMatchObject({ cursor: 2n });
  });

  it('refuses to rebuild a batch with a damaged payload: a new checksum would hide the damage', () => {
    const bytes = buildBatch({ baseOffset: 0n, lastOffset: 4n, records: records(0, 2) });
    bytes[90] = (bytes[90] as number) ^ 1;
    for (const options of [markers, copying])
      expect(() => plan(0n, fetched([bytes]), options)).toThrow(/checksum/);
  });

  it('refuses a batch whose records are not in order, and comes to an end', () => {
    const [a, b] = records(0, 2);
    const bytes = buildBatch({
      baseOffset: 0n,
      lastOffset: 4n,
      records: [b as TestRecord, a as TestRecord],
    });
    for (const options of [markers, copying])
      expect(() => plan(0n, fetched([bytes]), options)).toThrow(/order/);
  });

  it('takes markers where copies would blow a small batch up', () => {
    const [small, large] = records(0, 50_000) as [TestRecord, TestRecord];
    const bytes = buildBatch({
      baseOffset: 0n,
      records: [small, { ...large, value: Buffer.alloc(900_000) }],
      codec: 4,
    });
    const { steps, cursor } = plan(0n, fetched([bytes]), copying);
    expect(shape(steps)).toEqual([
      ['append', 0, 1],
      ['fill', 1, 49_999],
      ['append', 50_000, 1],
    ]);
    expect(cursor).toBe(50_001n);
  });
});
