// A small repeatable random generator (mulberry32) for choices that must be the same in every run.
export type SeededRandom = {
  /** 0 ≤ x < 1. */
  next(): number;
  /** An integer from 0 to n − 1. */
  below(n: number): number;
};

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (n) => Math.floor(next() * n) };
}
