// Turns the credentials of a program into an actor. Reads the store each time, so that a revoked key is revoked at once; compares in constant time.
import { timingSafeEqual } from 'node:crypto';
import { LandbridgeError } from '@/server/errors';
import { apiKeyUseWrittenEveryMs } from '@/server/intervals';
import type { Log } from '@/server/log';
import { apiKeyById, recordApiKeyUse } from '@/server/store/api-keys';
import { hubSenderById, recordHubSenderUse } from '@/server/store/hub-senders';
import type { Store } from '@/server/store/store';
import { type ApiKeyActor, everywhere, type HubSenderActor } from './actor';
import { secretHashOf } from './api-keys';
import type { BootstrapKey } from './bootstrap-key';
import { hubSenderPrefix } from './hub-senders';
import type { SignInBackoff } from './sign-in-backoff';

type Secured = { secretHash: string; revokedAtMs: number | null; expiresAtMs?: number | null };
type Used = { id: string; name: string; lastUsedAtMs: number | null };

export type KeyCredentials = { id: string; secret: string };

export class KeyCheck {
  readonly #store: Store;
  readonly #bootstrap: BootstrapKey;
  readonly #backoff: SignInBackoff;
  readonly #log: Log;
  readonly #nowMs: () => number;
  /** When the last use of each key was written down here: many requests at once write it once. */
  readonly #useWrittenAtMs = new Map<string, number>();
  /** Until when the bootstrap key is not compared at all: unlike ours, its secret was chosen by somebody. */
  #bootstrapWaitsUntilMs = 0;

  constructor(options: {
    store: Store;
    bootstrap: BootstrapKey;
    backoff: SignInBackoff;
    log: Log;
    nowMs?: () => number;
  }) {
    this.#store = options.store;
    this.#bootstrap = options.bootstrap;
    this.#backoff = options.backoff;
    this.#log = options.log;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /**
   * The right secret of a key that we made is let in whatever others try: 256 bits are not guessed, and back-off would
   * let anybody who knows a key's id keep its program out. Wrong ones wait ever longer, by key and by address.
   *
   * @throws LandbridgeError UNAUTHENTICATED, or RATE_LIMITED while wrong ones have to wait
   */
  async actorFor(
    { id, secret }: KeyCredentials,
    address: string | null,
  ): Promise<ApiKeyActor | HubSenderActor> {
    if (id === this.#bootstrap.id) return this.#bootstrapActor({ id, secret }, address);
    if (id.startsWith(hubSenderPrefix)) return this.#senderActor({ id, secret }, address);
    const key = await apiKeyById(this.#store.db, id);
    if (!this.#isRight(key, secret)) return this.#refuse(id, address);
    await this.#recordUse(key, address, recordApiKeyUse);
    return {
      kind: 'apiKey',
      id: key.id,
      name: key.name,
      grants: [key.grant],
      bootstrap: false,
      address,
    };
  }

  /** A console that reports to this hub. */
  async #senderActor({ id, secret }: KeyCredentials, address: string | null): Promise<HubSenderActor> {
    const sender = await hubSenderById(this.#store.db, id);
    if (!this.#isRight(sender, secret)) return this.#refuse(id, address);
    await this.#recordUse({ ...sender, name: sender.console }, address, recordHubSenderUse);
    return { kind: 'hubSender', id, console: sender.console, address };
  }

  async #bootstrapActor({ id, secret }: KeyCredentials, address: string | null): Promise<ApiKeyActor> {
    const waitMs = this.#bootstrapWaitsUntilMs - this.#nowMs();
    if (waitMs > 0) throw tooMany(waitMs);
    if (!this.#bootstrap.matches(id, secret)) {
      return this.#refuse(id, address, (untilMs) => {
        this.#bootstrapWaitsUntilMs = untilMs;
      });
    }
    this.#bootstrap.used(this.#nowMs(), address);
    return {
      kind: 'apiKey',
      id,
      name: id,
      grants: everywhere('administrator'),
      bootstrap: true,
      address,
    };
  }

  /** As long for an unknown key as for a wrong secret; that a key is revoked or expired is told to nobody. */
  #isRight<K extends Secured>(key: K | null, secret: string): key is K {
    const stored = Buffer.from(key?.secretHash ?? noSecretHash, 'hex');
    const same = timingSafeEqual(secretHashOf(secret), stored);
    if (!same || key === null || key.revokedAtMs !== null) return false;
    return key.expiresAtMs == null || key.expiresAtMs > this.#nowMs();
  }

  async #refuse(id: string, address: string | null, onWait?: (untilMs: number) => void): Promise<never> {
    const attempt = await this.#backoff.attempt(`key ${id}`, address, { of: 'keys' });
    if (attempt.allowed) {
      throw new LandbridgeError(
        'UNAUTHENTICATED',
        'The API key is unknown, revoked or expired, or its secret is wrong.',
      );
    }
    onWait?.(this.#nowMs() + attempt.waitMs);
    throw tooMany(attempt.waitMs);
  }

  /** A store that cannot be written must not keep programs from reading. */
  async #recordUse(key: Used, address: string | null, record: typeof recordApiKeyUse): Promise<void> {
    const nowMs = this.#nowMs();
    const writtenAtMs = Math.max(key.lastUsedAtMs ?? 0, this.#useWrittenAtMs.get(key.id) ?? 0);
    if (nowMs - writtenAtMs < apiKeyUseWrittenEveryMs) return;
    this.#useWrittenAtMs.set(key.id, nowMs);
    try {
      await record(this.#store.db, key.id, nowMs, address);
    } catch (error) {
      this.#log('warn', `The last use of API key "${key.name}" could not be written down.`, error);
    }
  }
}

/** No secret has it: the length is right, so that the comparison runs. */
const noSecretHash = '00'.repeat(32);

function tooMany(waitMs: number): LandbridgeError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new LandbridgeError(
    'RATE_LIMITED',
    `Too many wrong API keys. Ask again in ${retryAfterSeconds} s, with the right one.`,
    { retryAfterSeconds },
  );
}
