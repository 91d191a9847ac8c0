// Which of very many get series of their own: the worst, and who has them keeps them a little longer, so that nobody comes and goes each sweep. No I/O.

import { keepShape } from '@/lib/keep-shape';

/** Higher is worse, the first number first. Of equal ones that are no longer of interest, those that are offered first are in. */
export type Score = readonly [number, number, number];
type Ranked<T> = { key: string; item: T; score: Score };

/** The highest of very many, without keeping or naming the others. */
export class Top<T> {
  readonly #size: number;
  #ranked: Ranked<T>[] = [];
  #offered = 0;
  /** Of the last that is in, once it is full. */
  #least: Score | null = null;

  constructor(size: number) {
    this.#size = size;
  }

  /** To be asked of each. @returns whether it may be among them: then it is to be offered, and keys are made for no others */
  takes(a: number, b: number, c: number): boolean {
    this.#offered++;
    const least = this.#least;
    return !least || (a - least[0] || b - least[1] || c - least[2]) > 0;
  }

  offer(a: number, b: number, c: number, item: T, key: string): void {
    this.#ranked.push({ key, item, score: [a, b, c] });
    if (this.#ranked.length >= 4 * this.#size) this.#cut();
  }

  #cut(): void {
    this.#ranked.sort(worseFirst);
    this.#ranked = this.#ranked.slice(0, this.#size);
    if (this.#ranked.length === this.#size) this.#least = this.#ranked.at(-1)?.score ?? null;
  }

  get offered(): number {
    return this.#offered;
  }
  /** The worst first. */
  ranked(): readonly Ranked<T>[] {
    this.#cut();
    return this.#ranked;
  }
}

export class Worst {
  readonly #size: number;
  readonly #comesUpTo: number;
  #kept = new Set<string>();

  /** @param size at most so many; who is in stays up to this rank, who is not comes in at `comesUpTo` */
  constructor(size: number, comesUpTo: number) {
    this.#size = size;
    this.#comesUpTo = comesUpTo;
  }

  /** @param offer offers all that there are. @returns the worst first */
  pick<T>(offer: (top: Top<T>) => void): T[] {
    const top = new Top<T>(this.#size);
    offer(top);
    const all = top.offered <= this.#size;
    const picked = top
      .ranked()
      .filter(({ key }, rank) => all || rank < this.#comesUpTo || this.#kept.has(key));
    this.#kept = new Set(picked.map(({ key }) => key));
    return picked.map(({ item }) => item);
  }
}

function worseFirst(a: Ranked<unknown>, b: Ranked<unknown>): number {
  for (let i = 0; i < 3; i++) {
    const difference = (b.score[i] as number) - (a.score[i] as number);
    if (difference !== 0) return difference;
  }
  return a.key < b.key ? -1 : 1;
}

keepShape(new Top(0));
