/**
 * The key of LANDBRIDGE_API_KEY: administrator everywhere, for the first steps of a script. It switches itself off, for
 * good, once somebody has made an administrator key, unless LANDBRIDGE_KEEP_BOOTSTRAP_KEY=1: what stands in an environment
 * is read by many and changed by nobody.
 */
import { timingSafeEqual } from 'node:crypto';
import type { ApiKeyView } from '@/lib/contracts/access';
import type { Config } from '@/server/config';
import type { Log } from '@/server/log';
import { listApiKeys } from '@/server/store/api-keys';
import type { Executor } from '@/server/store/store';
import { everywhere } from './actor';
import { secretHashOf } from './api-keys';

export class BootstrapKey {
  readonly #key: Config['apiKey'];
  readonly #keep: boolean;
  readonly #log: Log;
  readonly #startedAtMs: number;
  #offSinceMs: number | null = null;
  #lastUse: { atMs: number; address: string | null } | null = null;

  constructor(options: { key: Config['apiKey']; keep: boolean; log: Log; nowMs?: () => number }) {
    this.#key = options.key;
    this.#keep = options.keep;
    this.#log = options.log;
    this.#startedAtMs = (options.nowMs ?? Date.now)();
  }

  /** At the start, and after a key was made. A revoked administrator key counts too: revoking must not open another door. */
  async refresh(db: Executor): Promise<void> {
    if (this.#key === null || this.#offSinceMs !== null) return;
    const keys = await listApiKeys(db);
    const first = keys.filter(({ grant }) => grant.role === 'administrator').at(-1);
    if (!first) return;
    if (this.#keep) {
      this.#log('warn', `The bootstrap key "${this.#key.key}" stays on: LANDBRIDGE_KEEP_BOOTSTRAP_KEY=1.`);
      return;
    }
    this.#offSinceMs = first.createdAtMs;
    this.#log(
      'warn',
      `The bootstrap key "${this.#key.key}" of LANDBRIDGE_API_KEY is off: the administrator key "${first.name}" exists. ` +
        'Take it out of the environment; or set LANDBRIDGE_KEEP_BOOTSTRAP_KEY=1 to use it again.',
    );
  }

  /** Null: none is set. */
  get id(): string | null {
    return this.#key?.key ?? null;
  }

  /** Takes the same time whatever differs. */
  matches(id: string, secret: string): boolean {
    if (this.#key === null) return false;
    const sameId = timingSafeEqual(secretHashOf(id), secretHashOf(this.#key.key));
    const sameSecret = timingSafeEqual(secretHashOf(secret), secretHashOf(this.#key.secret));
    return sameId && sameSecret && this.#offSinceMs === null;
  }

  used(atMs: number, address: string | null): void {
    this.#lastUse = { atMs, address };
  }

  /** Null: none is set. `revokedAt` says since when it is off. */
  get view(): ApiKeyView | null {
    if (this.#key === null) return null;
    const [grant] = everywhere('administrator');
    return {
      id: this.#key.key,
      name: 'LANDBRIDGE_API_KEY',
      grant: grant!,
      createdAt: this.#startedAtMs,
      createdBy: 'environment',
      expiresAt: null,
      revokedAt: this.#offSinceMs,
      lastUsedAt: this.#lastUse?.atMs ?? null,
      lastUsedFrom: this.#lastUse?.address ?? null,
      bootstrap: true,
    };
  }
}
