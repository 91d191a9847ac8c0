// Counts who was turned away, and where, so that a flood of refusals costs one row a minute and a bounded memory.
import type { Operation } from './audit';

export type Refusal = {
  /** Null where the server does not know it. */
  address: string | null;
  /** Who, when it is known: a person or key without the right. */
  actor: string | null;
  /** Whose password was tried, when there is such an account; what else was typed may be a password itself. */
  account?: string;
  /** Class of routes, such as "POST /api/links". */
  route: string;
  /** The error's code, such as UNAUTHENTICATED. */
  code: string;
};

type Count = Refusal & { count: number };

/** Addresses, actors, routes and codes told apart in a minute; the rest is counted as one. */
export const refusalKeysMax = 1_000;
/** Of those, this many stand in the row, the most frequent first. */
const told = 100;

export class RefusalCounter {
  #counts = new Map<string, Count>();
  #rest = 0;
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  count(refusal: Refusal, times = 1): void {
    const key = JSON.stringify([
      refusal.address,
      refusal.actor,
      refusal.account,
      refusal.route,
      refusal.code,
    ]);
    const known = this.#counts.get(key);
    if (known) known.count += times;
    else if (this.#counts.size < refusalKeysMax) this.#counts.set(key, { ...refusal, count: times });
    else this.#rest += times;
  }

  /** What there is to record, or null when nobody was refused; what was counted stays. */
  summary(nowMs: number): Operation | null {
    if (this.#counts.size === 0) return null;
    const counts = [...this.#counts.values()].sort((a, b) => b.count - a.count);
    const shown = counts.slice(0, told);
    const sum = (list: readonly Count[]) => list.reduce((total, { count }) => total + count, 0);
    return {
      actor: { kind: 'anonymous', address: counts.length === 1 ? (shown[0]?.address ?? null) : null },
      operation: 'refuse requests',
      target: { type: 'server', name: 'requests', scope: { kind: 'everywhere' } },
      details: {
        from: new Date(this.#sinceMs).toISOString(),
        to: new Date(nowMs).toISOString(),
        total: sum(counts) + this.#rest,
        refused: shown,
        others: sum(counts) - sum(shown) + this.#rest,
      },
    };
  }

  /** Those of another counter too. */
  take(other: RefusalCounter): void {
    for (const { count, ...refusal } of other.#counts.values()) this.count(refusal, count);
    this.#rest += other.#rest;
  }
}

/** Method and the first words of the path: names of clusters, links and topics are left out, and so is what nobody serves. */
export function routeClass(method: string, pathname: string): string {
  const words = pathname.split('/').filter(Boolean);
  const depth = words[0] === 'kafka' ? 4 : 2;
  const kept = words.slice(0, words[0] === 'kafka' && words[2] === 'clusters' ? 3 : depth);
  const plain = kept.every((word) => /^[a-z0-9-]{1,24}$/.test(word));
  return `${method} /${plain ? kept.join('/') : (words[0] ?? '').slice(0, 24).replace(/[^a-z0-9-]/g, '?')}`;
}
