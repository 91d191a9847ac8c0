// Which of very many get series of their own: the worst, and who has them keeps them a little longer, so that nobody comes and goes each sweep. No I/O.

/** Higher is worse; equal ones by key. */
export type Ranked<T> = { key: string; item: T; score: readonly number[] };

export class Worst {
  readonly #size: number;
  readonly #comesUpTo: number;
  #kept = new Set<string>();

  /** @param size at most so many; who is in stays up to this rank, who is not comes in at `comesUpTo` */
  constructor(size: number, comesUpTo: number) {
    this.#size = size;
    this.#comesUpTo = comesUpTo;
  }

  /** The worst first. */
  pick<T>(ranked: Ranked<T>[]): T[] {
    ranked.sort((a, b) => compareScores(a.score, b.score) || (a.key < b.key ? -1 : 1));
    const all = ranked.length <= this.#size;
    const picked = ranked
      .slice(0, this.#size)
      .filter(({ key }, rank) => all || rank < this.#comesUpTo || this.#kept.has(key));
    this.#kept = new Set(picked.map(({ key }) => key));
    return picked.map(({ item }) => item);
  }
}

function compareScores(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (b[i] ?? 0) - (a[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
