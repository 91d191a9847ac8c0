// What is committed for a group: held to what the mirror has, and never over somebody else's commit, whatever is killed when.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommittedOffset } from '@/server/kafka/wire/apis/offset-fetch';
import { GroupMemory, markOf } from './group-memory';
import { type Bounds, clamp, planGroup } from './group-plan';

const committed = (offset: bigint, more: Partial<CommittedOffset> = {}): CommittedOffset => ({
  topic: 't',
  partition: 0,
  offset,
  leaderEpoch: -1,
  metadata: '',
  errorCode: 0,
  ...more,
});

const ten: Bounds = { start: 0n, end: 10n };
const plan = (
  source: CommittedOffset[],
  destination: CommittedOffset[],
  { memory = new GroupMemory('g'), bounds = ten as Bounds | string, renew = false } = {},
) => planGroup({ source, destination, memory, boundsOf: () => bounds, renew });

describe('clamping', () => {
  it('keeps an offset that the mirror has, and moves others to its nearest end', () => {
    const any = fc.bigInt({ min: 0n, max: 1n << 40n });
    fc.assert(
      fc.property(any, any, any, (offset, a, b) => {
        const bounds = a < b ? { start: a, end: b } : { start: b, end: a };
        const held = clamp(offset, bounds);
        expect(held >= bounds.start && held <= bounds.end).toBe(true);
        if (offset >= bounds.start && offset <= bounds.end) expect(held).toBe(offset);
        else expect([bounds.start, bounds.end]).toContain(held);
      }),
    );
  });
});

describe('a plan', () => {
  it('commits the same number with the metadata string', () => {
    expect(plan([committed(7n, { leaderEpoch: 4, metadata: 'm' })], []).commits).toEqual([
      { topic: 't', partition: 0, offset: 7n, metadata: 'm' },
    ]);
  });

  it('commits nothing for what stands there already, unless it is to be renewed', () => {
    const memory = new GroupMemory('g');
    memory.found('t', 0, markOf(7n, ''));
    expect(plan([committed(7n)], [committed(7n)], { memory }).commits).toEqual([]);
    expect(plan([committed(7n)], [committed(7n)], { memory, renew: true }).commits).toHaveLength(1);
  });

  it('commits nothing where the mirror is not ready, and says why', () => {
    const { commits, offsets } = plan([committed(7n)], [], { bounds: 'being filled' });
    expect([commits, offsets[0]?.wanted, offsets[0]?.why]).toEqual([[], null, 'being filled']);
  });

  it('takes a leader epoch for somebody else’s, even at the number that the link has committed', () => {
    const memory = new GroupMemory('g');
    memory.found('t', 0, markOf(7n, ''));
    expect(plan([committed(9n)], [committed(7n)], { memory }).foreign).toBeNull();
    expect(plan([committed(9n)], [committed(7n, { leaderEpoch: 0 })], { memory }).foreign).toContain(
      'stands at 7',
    );
    expect(plan([committed(9n)], [committed(7n, { metadata: 'x' })], { memory }).foreign).not.toBeNull();
  });

  it('takes what stands there without any memory for somebody else’s, even at the source’s number', () => {
    expect(plan([committed(7n)], [committed(7n)]).foreign).toContain('has committed nothing there');
  });

  it('leaves what has expired at the source', () => {
    const memory = new GroupMemory('g');
    memory.found('t', 0, markOf(7n, ''));
    const { commits, offsets, blank } = plan([], [committed(7n)], { memory, renew: true });
    expect([commits, blank]).toEqual([[], false]);
    expect(offsets).toMatchObject([{ source: null, mirror: 7n }]);
  });
});

type Step =
  | { do: 'source'; offset: bigint; metadata: string }
  | { do: 'mirror'; bounds: Bounds }
  | { do: 'sync'; killed: 0 | 1 | 2 | 3 | null }
  | { do: 'foreign'; offset: bigint; epoch: number }
  | { do: 'delete' }
  /** A commit whose sender was killed is carried out. */
  | { do: 'late' };

const small = fc.bigInt({ min: 0n, max: 12n });
const ownSteps = fc.oneof(
  fc.record({ do: fc.constant('source' as const), offset: small, metadata: fc.constantFrom('', 'a') }),
  fc.record({
    do: fc.constant('mirror' as const),
    bounds: fc.tuple(small, small).map(([a, b]) => (a < b ? { start: a, end: b } : { start: b, end: a })),
  }),
  fc.constant({ do: 'late' as const }),
  fc.record({
    do: fc.constant('sync' as const),
    killed: fc.constantFrom(null, null, 0 as const, 1 as const, 2 as const, 3 as const),
  }),
);
const anySteps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: ownSteps },
  fc.record({ do: fc.constant('foreign' as const), offset: small, epoch: fc.constantFrom(-1, 3) }),
  fc.record({ do: fc.constant('delete' as const) }),
);

/** One group through a life: a store, an engine that dies at chosen points, and a destination that remembers who wrote. */
class Life {
  source: CommittedOffset = committed(3n);
  bounds: Bounds = ten;
  there: (CommittedOffset & { by: 'link' | 'other' }) | null = null;
  stored: string | null = null;
  memory = new GroupMemory('g');
  overwritten: CommittedOffset[] = [];
  /** Every mark that the link may take for its own. */
  readonly written = new Set<string>();
  readonly #late: CommittedOffset[] = [];

  #restart() {
    this.memory =
      this.stored === null ? new GroupMemory('g') : GroupMemory.from({ group: 'g', memory: this.stored });
  }
  #save() {
    this.stored = this.memory.toStored().memory;
  }
  #plan() {
    return plan([this.source], this.there ? [this.there] : [], { memory: this.memory, bounds: this.bounds });
  }

  /** As OffsetSync does it; a kill forgets what is not stored. */
  sync(killed: 0 | 1 | 2 | 3 | null): void {
    const planned = this.#plan();
    if (planned.foreign !== null) this.memory.markUsed(planned.foreign, 1);
    else if (planned.blank) this.memory.begunAnew();
    for (const { mark } of planned.ours) this.memory.found('t', 0, mark);
    if (this.memory.used === null) {
      for (const { offset, metadata } of planned.commits)
        this.memory.intend('t', 0, markOf(offset, metadata));
      if (killed === 0) {
        this.#restart();
        return;
      }
      this.#save();
      for (const { offset, metadata } of planned.commits) this.written.add(markOf(offset, metadata));
      if (killed === 1) {
        for (const { offset, metadata } of planned.commits) this.#late.push(committed(offset, { metadata }));
        this.#restart();
        return;
      }
      for (const { offset, metadata } of planned.commits) {
        if (this.there?.by === 'other') this.overwritten.push(this.there);
        this.there = { ...committed(offset, { metadata }), by: 'link' };
        if (killed === 2) {
          this.#restart();
          return;
        }
        this.memory.taken('t', 0, markOf(offset, metadata));
      }
    }
    if (killed === 3) this.#restart();
    else this.#save();
  }

  /** With somebody else there, that it comes so late is no test of the plan. */
  #carryOut(): void {
    const late = this.#late.shift();
    if (!late || this.there?.by === 'other') return;
    this.there = { ...late, by: 'link' };
  }

  step(step: Step): void {
    if (step.do === 'source')
      this.source = committed(step.offset, { metadata: step.metadata, leaderEpoch: 2 });
    else if (step.do === 'mirror') this.bounds = step.bounds;
    else if (step.do === 'foreign')
      this.there = { ...committed(step.offset, { leaderEpoch: step.epoch }), by: 'other' };
    else if (step.do === 'delete') this.there = null;
    else if (step.do === 'late') this.#carryOut();
    else this.sync(step.killed);
  }
}

describe('over a life with kills at any point', () => {
  it('its own commits are never taken for somebody else’s, and the group gets in step', () => {
    fc.assert(
      fc.property(fc.array(ownSteps, { maxLength: 40 }), (steps) => {
        const life = new Life();
        for (const step of steps) {
          life.step(step);
          expect(life.memory.used).toBeNull();
        }
        life.sync(null);
        expect(life.there?.offset).toBe(clamp(life.source.offset, life.bounds));
        expect(life.there?.metadata).toBe(life.source.metadata);
      }),
      { numRuns: 500 },
    );
  });

  it('a commit of somebody else is never overwritten, but where it is exactly what the link has sent or was about to send', () => {
    fc.assert(
      fc.property(fc.array(anySteps, { maxLength: 40 }), (steps) => {
        const life = new Life();
        for (const step of steps) life.step(step);
        life.sync(null);
        for (const lost of life.overwritten) {
          expect(lost.leaderEpoch).toBe(-1);
          expect(life.written.has(markOf(lost.offset, lost.metadata)), `overwrote ${lost.offset}`).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps its hands off until nothing is left there', () => {
    const life = new Life();
    life.sync(null);
    life.step({ do: 'foreign', offset: 5n, epoch: -1 });
    life.sync(null);
    // Back to the very number that the link had committed.
    life.step({ do: 'foreign', offset: 3n, epoch: -1 });
    life.sync(null);
    expect([life.memory.used?.what, life.there?.by]).toEqual([
      expect.stringContaining('stands at 5'),
      'other',
    ]);
    life.step({ do: 'delete' });
    life.sync(null);
    expect([life.memory.used, life.there?.by]).toEqual([null, 'link']);
  });
});

describe('what is kept', () => {
  it('reads back as it was written', () => {
    const memory = new GroupMemory('g');
    memory.found('a-b', 1, markOf(5n, 'x'));
    memory.intend('a-b', 1, markOf(6n, ''));
    memory.intend('c', 0, markOf(1n << 62n, ''));
    memory.markUsed('why', 9);
    const again = GroupMemory.from(memory.toStored());
    expect(again.toStored()).toEqual(memory.toStored());
    expect([
      again.isOurs('a-b', 1, markOf(5n, 'x')),
      again.isOurs('a-b', 1, '6'),
      again.isOurs('a-b', 1, '5'),
    ]).toEqual([true, true, false]);
  });

  it('a refused commit is not taken for the link’s own later', () => {
    const memory = new GroupMemory('g');
    memory.found('t', 0, '5');
    memory.intend('t', 0, '9');
    memory.revoke('t', 0, '9');
    expect([memory.isOurs('t', 0, '9'), memory.isOurs('t', 0, '5')]).toEqual([false, true]);
  });
});

describe('a topic that was turned round', () => {
  const at = (offset: bigint, leaderEpoch: number): CommittedOffset => ({
    ...{ topic: 'orders', partition: 0, offset, leaderEpoch, metadata: '', errorCode: 0 },
  });
  const plan = (memory: GroupMemory, there: CommittedOffset) =>
    planGroup({
      ...{ source: [at(90n, 3)], destination: [there], memory, renew: false },
      boundsOf: () => ({ start: 0n, end: 100n }),
    });

  it('holds where its groups stood, as good as a commit of the link, until that has made one', () => {
    const memory = new GroupMemory('billing');
    memory.markUsed('orders partition 0 stands at 7, and the link’s last commit is 5', 1);
    memory.turnedTo('orders', 'reverse-1', [[0, markOf(40n, '')]]);
    expect(memory.used).toBeNull();
    const restored = GroupMemory.from(memory.toStored());
    expect(plan(restored, at(40n, 2))).toMatchObject({ foreign: null, commits: [{ offset: 90n }] });
    // It went on there by itself.
    expect(plan(restored, at(41n, 2)).foreign).not.toBeNull();
    restored.taken('orders', 0, markOf(90n, ''));
    restored.turnedTo('orders', 'reverse-1', [[0, markOf(40n, '')]]);
    expect(plan(restored, at(40n, 2)).foreign).not.toBeNull();
    // Turned again later: nothing of before counts.
    restored.turnedTo('orders', 'reverse-2', [[0, markOf(95n, '')]]);
    expect(plan(restored, at(90n, -1)).foreign).not.toBeNull();
    expect(plan(restored, at(95n, 2)).foreign).toBeNull();
  });
});
