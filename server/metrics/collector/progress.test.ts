// Stalled groups, lost messages and headroom: against plain models that look at whole histories.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowSamples } from './limits';
import { retentionHeadroom, TopicProgress } from './progress';
import { statusCode } from './sweep';

type Step = { commit: number; end: number; members: boolean };
const statuses = (steps: Step[]): number[] => {
  const progress = new TopicProgress(1);
  return steps.map(({ commit, end, members }, i) => {
    progress.taken(0, BigInt(commit), 0n);
    return progress.step(0, i * 10_000, BigInt(commit), BigInt(Math.max(0, end - commit)), members);
  });
};
const repeat = (n: number, step: (i: number) => Step) => Array.from({ length: n }, (_, i) => step(i));

describe('a window of looks', () => {
  it('calls a group stalled whose commit stands still over it though there is lag', () => {
    const found = statuses(repeat(windowSamples + 2, (i) => ({ commit: 10, end: 100 + i, members: true })));
    expect(found.slice(0, windowSamples - 1)).toEqual(
      found.slice(0, windowSamples - 1).map(() => statusCode.OK),
    );
    expect(found.slice(windowSamples - 1)).toEqual([
      statusCode.STALLED,
      statusCode.STALLED,
      statusCode.STALLED,
    ]);
  });

  it('also when nothing new comes', () => {
    expect(statuses(repeat(windowSamples, () => ({ commit: 10, end: 11, members: true }))).at(-1)).toBe(
      statusCode.STALLED,
    );
  });

  it('calls nobody stalled who has no members, or nothing to read', () => {
    expect(
      statuses(repeat(40, () => ({ commit: 10, end: 100, members: false }))).every(
        (s) => s === statusCode.OK,
      ),
    ).toBe(true);
    expect(
      statuses(repeat(40, () => ({ commit: 10, end: 10, members: true }))).every((s) => s === statusCode.OK),
    ).toBe(true);
  });

  it('begins anew when members come back, when the end was reached, and when somebody sets the commit back', () => {
    const stands: Step = { commit: 50, end: 100, members: true };
    for (const between of [
      { ...stands, members: false },
      { ...stands, commit: 100 },
      { ...stands, commit: 20 },
    ]) {
      const found = statuses([
        ...repeat(windowSamples - 1, () => stands),
        between,
        ...repeat(windowSamples - 2, () => (between.commit < 50 ? between : stands)),
      ]);
      expect(found.every((s) => s === statusCode.OK)).toBe(true);
    }
  });

  it('calls a group falling behind whose commit moves while its lag only grows', () => {
    const found = statuses(
      repeat(windowSamples + 1, (i) => ({ commit: i * 10, end: 100 + i * 20, members: true })),
    );
    expect(found.at(-1)).toBe(statusCode.FALLING_BEHIND);
    const recovering = [
      ...repeat(windowSamples, (i) => ({ commit: i * 10, end: 100 + i * 20, members: true })),
    ];
    recovering.push({ commit: windowSamples * 10 + 150, end: 100 + windowSamples * 20, members: true });
    expect(statuses(recovering).at(-1)).toBe(statusCode.OK);
  });

  it('does not call steady lag falling behind', () => {
    expect(statuses(repeat(30, (i) => ({ commit: i * 10, end: 50 + i * 10, members: true }))).at(-1)).toBe(
      statusCode.OK,
    );
  });

  it('leaves looks out at which the end was not told', () => {
    const progress = new TopicProgress(1);
    const look = (lag: bigint) => progress.step(0, 0, 5n, lag, true);
    for (let i = 0; i < windowSamples - 1; i++) look(7n);
    expect(look(-1n)).toBe(statusCode.UNKNOWN);
    expect(look(7n)).toBe(statusCode.STALLED);
  });

  it('agrees with a model that looks at the whole window', () => {
    const step = fc.record({ moved: fc.nat(3), appended: fc.nat(3), members: fc.boolean() });
    const steady = fc.record({ moved: fc.constant(0), appended: fc.nat(1), members: fc.constant(true) });
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 1, arbitrary: step }, { weight: 12, arbitrary: steady }), {
          maxLength: 80,
        }),
        (moves) => {
          let [commit, end] = [0, 5];
          const steps = moves.map(({ moved, appended, members }): Step => {
            end += appended;
            commit = Math.min(end, commit + moved);
            return { commit, end, members };
          });
          expect(statuses(steps)).toEqual(steps.map((_, i) => modelOf(steps.slice(0, i + 1))));
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Burrow's rules over the last looks. */
function modelOf(steps: Step[]): number {
  const window = steps.slice(-windowSamples);
  if (window.length < windowSamples) return statusCode.OK;
  const lags = window.map(({ commit, end }) => end - commit);
  if (lags.some((lag) => lag === 0) || window.some(({ members }) => !members)) return statusCode.OK;
  if (window.every(({ commit }) => commit === window[0]?.commit)) return statusCode.STALLED;
  // Falling behind is of all looks since the lag last shrank, of which there must be a window full.
  let from = steps.length - 1;
  const lagAt = (i: number) => (steps[i] as Step).end - (steps[i] as Step).commit;
  while (from > 0 && lagAt(from - 1) <= lagAt(from) && lagAt(from - 1) > 0 && steps[from - 1]?.members)
    from--;
  return lagAt(steps.length - 1) > lagAt(from)
    ? steps.length - from >= windowSamples
      ? statusCode.FALLING_BEHIND
      : statusCode.OK
    : statusCode.OK;
}

describe('what retention takes', () => {
  const taken = (steps: [commit: bigint, start: bigint][]): bigint[] => {
    const progress = new TopicProgress(1);
    return steps.map(([commit, start], i) => {
      const lost = progress.taken(0, commit, start);
      progress.step(0, i, commit, 0n, true);
      return lost;
    });
  };

  it('is counted once, from the commit on', () => {
    expect(
      taken([
        [10n, 0n],
        [10n, 50n],
        [10n, 50n],
        [10n, 60n],
        [70n, 65n],
        [70n, 80n],
      ]),
    ).toEqual([0n, 40n, 0n, 10n, 0n, 10n]);
  });
  it('is not what was gone when the group was first seen, nor what was gone before it was set back', () => {
    expect(
      taken([
        [10n, 50n],
        [10n, 55n],
      ]),
    ).toEqual([0n, 5n]);
    expect(
      taken([
        [100n, 50n],
        [10n, 50n],
        [10n, 60n],
      ]),
    ).toEqual([0n, 0n, 10n]);
  });
  it('waits for a start that was not told', () => {
    expect(
      taken([
        [10n, 0n],
        [10n, -1n],
        [10n, 30n],
      ]),
    ).toEqual([0n, 0n, 20n]);
  });

  it('is what a model counts, offset by offset', () => {
    const moves = fc.array(fc.record({ read: fc.nat(20), deleted: fc.nat(20) }), { maxLength: 50 });
    fc.assert(
      fc.property(moves, (all) => {
        let [commit, start] = [0, 0];
        const lost = new Set<number>();
        const steps: [bigint, bigint][] = [[0n, 0n]];
        for (const { read, deleted } of all) {
          // Deleted first, then read: what was in front of the commit is gone, and a consumer jumps to the start.
          for (let offset = start; offset < start + deleted; offset++) if (offset >= commit) lost.add(offset);
          start += deleted;
          steps.push([BigInt(commit), BigInt(start)]);
          commit = Math.max(commit, start) + read;
        }
        expect(taken(steps).reduce((sum, n) => sum + n, 0n)).toBe(BigInt(lost.size));
      }),
    );
  });
});

describe('headroom', () => {
  const rates = { commit: 0, start: 10, end: 10 };
  const unknown = Number.NaN;

  it('is the distance to the start at the speed at which it closes', () => {
    expect(retentionHeadroom(1_000, rates, unknown, unknown)).toBe(100);
    expect(retentionHeadroom(1_000, { ...rates, commit: 5 }, unknown, unknown)).toBe(200);
    expect(retentionHeadroom(1_000, { ...rates, commit: 10 }, unknown, unknown)).toBeNaN();
    expect(retentionHeadroom(1_000, { ...rates, start: unknown }, unknown, unknown)).toBeNaN();
  });
  it('is also the time that segments are kept, less the age of what is read next', () => {
    const still = { ...rates, start: 0 };
    expect(retentionHeadroom(1_000, still, 3_000, 3_600)).toBe(600);
    expect(retentionHeadroom(1_000, { ...still, commit: 5 }, 3_000, 3_600)).toBe(1_200);
    expect(retentionHeadroom(1_000, { ...still, commit: 10 }, 3_000, 3_600)).toBeNaN();
    expect(retentionHeadroom(1_000, still, 3_000, -1)).toBeNaN();
    expect(retentionHeadroom(1_000, still, unknown, 3_600)).toBeNaN();
    expect(retentionHeadroom(1_000, rates, 3_000, 3_600)).toBe(100);
  });
  it('is 0 when it is too late', () => {
    expect(retentionHeadroom(-1, rates, unknown, unknown)).toBe(0);
  });
});

describe('the rate of commits', () => {
  it('is not known at the first look, is smoothed, and forgets a commit that was set back', () => {
    const progress = new TopicProgress(1);
    const step = (atMs: number, commit: bigint) => progress.step(0, atMs, commit, 1n, true);
    step(0, 0n);
    expect(progress.rate(0)).toBeNaN();
    step(10_000, 100n);
    expect(progress.rate(0)).toBe(10);
    step(20_000, 100n);
    expect(progress.rate(0)).toBeLessThan(10);
    expect(progress.rate(0)).toBeGreaterThan(5);
    step(30_000, 50n);
    expect(progress.rate(0)).toBeNaN();
  });
});
