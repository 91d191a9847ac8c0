// Gathers what many ask for within a moment, and asks once for all: a thousand mirrors that are stopped together cost a broker a few requests.

const WINDOW_MS = 20;

export class Gathered<K, V> {
  readonly #ask: (keys: K[]) => Map<K, Promise<V>>;
  #waiting: { key: K; resolve: (value: Promise<V>) => void; reject: (error: Error) => void }[] = [];

  /** @param ask answers each key by itself: one that stands still must not hold up the others */
  constructor(ask: (keys: K[]) => Map<K, Promise<V>>) {
    this.#ask = ask;
  }

  get(key: K): Promise<V> {
    return new Promise<V>((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (this.#waiting.length === 1) setTimeout(() => this.#go(), WINDOW_MS);
    });
  }

  #go(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const answers = this.#ask([...new Set(waiting.map(({ key }) => key))]);
    for (const { key, resolve, reject } of waiting) {
      const answer = answers.get(key);
      if (answer) resolve(answer);
      else reject(new Error('Nothing was asked for it.'));
    }
  }
}

/** Each key of a group shares the group's fate. */
export function together<K, V>(keys: readonly K[], answer: Promise<Map<K, V>>, missing: (key: K) => V) {
  return new Map(
    keys.map((key) => [
      key,
      answer.then((values) => {
        const value = values.get(key);
        return value === undefined ? missing(key) : value;
      }),
    ]),
  );
}
