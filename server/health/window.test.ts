import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grownOver, newWindow, push, type Window } from './window';

const minute = 60_000;

function filled(kind: 'counter' | 'gauge', numbers: number[], everyMs: number, lengthMs: number): Window {
  const window = newWindow();
  for (const [i, number] of numbers.entries()) push(window, kind, number, i * everyMs, lengthMs);
  return window;
}

describe('growth over a window', () => {
  it('of a counter is not known from one number', () => {
    const window = filled('counter', [7], minute, 10 * minute);
    expect(grownOver(window, 'counter', 0, 10 * minute)).toBeNull();
  });

  it('of a counter counts what came after the first number, also over a new beginning', () => {
    const window = filled('counter', [7, 9, 2, 2, 5], minute, 10 * minute);
    expect(grownOver(window, 'counter', 4 * minute, 10 * minute)).toBe(2 + 2 + 3);
  });

  it('of a counter forgets what is older than the window', () => {
    const window = filled('counter', [0, 4, ...Array(30).fill(4)], minute, 10 * minute);
    expect(grownOver(window, 'counter', 31 * minute, 10 * minute)).toBe(0);
    expect(grownOver(window, 'counter', 10 * minute, 10 * minute)).toBe(4);
  });

  it('of a gauge is known only once the window is full, and not over a hole', () => {
    const window = filled('gauge', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], minute, 10 * minute);
    expect(grownOver(window, 'gauge', 9 * minute, 10 * minute)).toBeNull();
    push(window, 'gauge', 11, 10 * minute, 10 * minute);
    expect(grownOver(window, 'gauge', 10 * minute, 10 * minute)).toBe(10);
    push(window, 'gauge', 90, 100 * minute, 10 * minute);
    expect(grownOver(window, 'gauge', 100 * minute, 10 * minute)).toBeNull();
  });

  it.each(['counter', 'gauge'] as const)('of a %s is the same when the clock is set back', (kind) => {
    const window = newWindow();
    const [length, before, back] = [10 * minute, 1_000 * minute, 700 * minute];
    // Grew long ago, and two minutes before the clock was set back.
    for (let at = 0; at <= before; at += minute)
      push(window, kind, at < 5 * minute ? 0 : at < before - 2 * minute ? 40 : 43, at, length);
    expect(grownOver(window, kind, before, length)).toBe(3);
    const after = (minutes: number) => {
      push(window, kind, 43, back + minutes * minute, length);
      return grownOver(window, kind, back + minutes * minute, length);
    };
    const grown = Array.from({ length: 14 }, (_, i) => after(i));
    expect(grown).toEqual([...Array(8).fill(3), ...Array(6).fill(0)]);
  });

  it('of a counter is never more than all that came, nor less than what surely came within', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 2, maxLength: 300 }),
        fc.integer({ min: 5, max: 100 }),
        (steps, across) => {
          const numbers = steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step, 0));
          const lengthMs = across * minute;
          const window = filled('counter', numbers, minute, lengthMs);
          const grown = grownOver(window, 'counter', (steps.length - 1) * minute, lengthMs) ?? -1;
          const within = (looks: number) =>
            steps.slice(Math.max(1, steps.length - looks)).reduce((sum, step) => sum + step, 0);
          // What ages out does so in steps of a 24th: a little older may still count, nothing younger is missing.
          expect(grown).toBeGreaterThanOrEqual(within(across));
          expect(grown).toBeLessThanOrEqual(within(across + Math.ceil(across / 12) + 1));
          expect(window.at.length).toBeLessThanOrEqual(60);
        },
      ),
    );
  });
});
