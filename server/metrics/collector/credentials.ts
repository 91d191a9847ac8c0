/**
 * When what a cluster is signed in to with is over, as far as that can be known: a password or client secret that says so itself (a JWT), and an
 * access token of which no next one can be had. A token that is renewed as it should be has no end. Brokers are not asked.
 */
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { type TokenSource, tokenEndMs, tokenSourceFor } from '@/server/kafka/token-source';
import { renewalPatienceMs } from './limits';

export type Ending = { credential: string; expiresMs: number };

export class Credentials {
  readonly #source: TokenSource | null;
  readonly #fixed: readonly Ending[];

  constructor({ security: { sasl } }: ClusterConfig) {
    this.#source = sasl?.mechanism === 'OAUTHBEARER' ? tokenSourceFor(sasl) : null;
    const secret =
      sasl === undefined
        ? null
        : sasl.mechanism === 'OAUTHBEARER'
          ? ({ credential: 'client secret', text: sasl.clientSecret } as const)
          : ({ credential: 'password', text: sasl.password } as const);
    const expiresMs = secret && tokenEndMs(secret.text);
    this.#fixed = secret && expiresMs !== null ? [{ credential: secret.credential, expiresMs }] : [];
  }

  /** Sees to it that the next token is fetched in time, also while no connection asks for one; nobody waits for it. */
  look(): void {
    // Why it cannot be had is said by whoever signs in with it; how long the one in hand serves is `renewal`.
    this.#source?.token().catch(() => undefined);
  }

  endings(nowMs: number): Ending[] {
    const renewal = this.#source?.renewal ?? null;
    if (renewal === null || renewal.failingForMs < renewalPatienceMs) return [...this.#fixed];
    return [...this.#fixed, { credential: 'access token', expiresMs: nowMs + renewal.leftMs }];
  }
}
