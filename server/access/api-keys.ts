// What administrators do with API keys: list, create, revoke. The secret is shown once; only its SHA-256 is kept.
import { createHash, randomBytes } from 'node:crypto';
import type { ApiKeyView, CreateApiKeyRequest, GrantScope } from '@/lib/contracts/access';
import { LandbridgeError } from '@/server/errors';
import {
  apiKeyById,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
  type StoredApiKey,
} from '@/server/store/api-keys';
import type { Store } from '@/server/store/store';
import { type Actor, actorName } from './actor';
import type { AuditPort } from './audit';
import { authorise } from './authorise';
import type { BootstrapKey } from './bootstrap-key';
import { requireScopes } from './grant-scopes';

export class ApiKeys {
  readonly #store: Store;
  readonly #audit: AuditPort;
  readonly #bootstrap: BootstrapKey;
  readonly #exists: (scope: GrantScope) => boolean;
  readonly #nowMs: () => number;

  constructor(options: {
    store: Store;
    audit: AuditPort;
    bootstrap: BootstrapKey;
    exists: (scope: GrantScope) => boolean;
    nowMs?: () => number;
  }) {
    this.#store = options.store;
    this.#audit = options.audit;
    this.#bootstrap = options.bootstrap;
    this.#exists = options.exists;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /** The key of the environment first, then the newest. Revoked and expired ones stay in the list. */
  async list(actor: Actor): Promise<ApiKeyView[]> {
    authoriseAdministrator(actor);
    const keys = await listApiKeys(this.#store.db);
    const { view } = this.#bootstrap;
    return [...(view ? [view] : []), ...keys.map(keyView)];
  }

  async create(actor: Actor, request: CreateApiKeyRequest): Promise<{ key: ApiKeyView; secret: string }> {
    authoriseAdministrator(actor);
    requireScopes([request.grant], this.#exists);
    const nowMs = this.#nowMs();
    if (request.expiresAt !== null && request.expiresAt <= nowMs) {
      const fields = { expiresAt: 'Choose a time that is still to come.' };
      throw new LandbridgeError('INVALID_REQUEST', 'The key would have expired already.', { fields });
    }
    const secret = randomBytes(32).toString('base64url');
    const key: StoredApiKey = {
      id: `LB${randomBytes(10).toString('hex').toUpperCase()}`,
      name: request.name,
      secretHash: secretHashOf(secret).toString('hex'),
      grant: request.grant,
      createdAtMs: nowMs,
      createdBy: actorName(actor),
      expiresAtMs: request.expiresAt,
      revokedAtMs: null,
      lastUsedAtMs: null,
      lastUsedFrom: null,
    };
    const operation = operationOn(actor, 'create API key', key);
    await this.#audit.within({ ...operation, after: shown(key) }, (trx) => insertApiKey(trx, key));
    await this.#bootstrap.refresh(this.#store.db);
    return { key: keyView(key), secret };
  }

  /** Holds at once: keys are read from the store with each request. */
  async revoke(actor: Actor, id: string): Promise<ApiKeyView> {
    authoriseAdministrator(actor);
    if (id === this.#bootstrap.view?.id) {
      throw new LandbridgeError(
        'INVALID_REQUEST',
        `Key "${id}" comes from LANDBRIDGE_API_KEY. Take it out of the environment and start again; it also switches itself off once an administrator key exists.`,
      );
    }
    const key = await apiKeyById(this.#store.db, id);
    if (!key) throw keyNotFound(id);
    if (key.revokedAtMs !== null) return keyView(key);
    const atMs = this.#nowMs();
    const operation = { ...operationOn(actor, 'revoke API key', key), before: shown(key) };
    await this.#audit.within(operation, (trx) => revokeApiKey(trx, id, atMs));
    return keyView({ ...key, revokedAtMs: atMs });
  }
}

export const secretHashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const authoriseAdministrator = (actor: Actor) => authorise(actor, 'administrator', { kind: 'everywhere' });

const keyNotFound = (id: string) =>
  new LandbridgeError('API_KEY_NOT_FOUND', `There is no API key with the id "${id}".`);

function operationOn(actor: Actor, operation: string, key: StoredApiKey) {
  const target = {
    type: 'apiKey' as const,
    name: `${key.name} (${key.id})`,
    scope: { kind: 'everywhere' as const },
  };
  return { actor, operation, target };
}

const shown = ({ id, name, grant, expiresAtMs }: StoredApiKey) => ({ id, name, grant, expiresAtMs });

function keyView(key: StoredApiKey): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    grant: key.grant,
    createdAt: key.createdAtMs,
    createdBy: key.createdBy,
    expiresAt: key.expiresAtMs,
    revokedAt: key.revokedAtMs,
    lastUsedAt: key.lastUsedAtMs,
    lastUsedFrom: key.lastUsedFrom,
    bootstrap: false,
  };
}
