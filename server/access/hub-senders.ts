// Keys with which consoles report to this hub: administrators list, make and revoke them. The secret is shown once.
import { randomBytes } from 'node:crypto';
import type { HubSenderView } from '@/lib/contracts/hub';
import { LandbridgeError } from '@/server/errors';
import {
  deleteHubSendersOf,
  hubSenderById,
  insertHubSender,
  listHubSenders,
  revokeHubSender,
  revokeHubSendersOf,
  type StoredHubSender,
} from '@/server/store/hub-senders';
import type { Executor, Store } from '@/server/store/store';
import { type Actor, actorName } from './actor';
import { secretHashOf } from './api-keys';
import type { AuditPort } from './audit';
import { authorise } from './authorise';

/** What an id of such a key begins with; those of API keys go on with a hexadecimal digit. */
export const hubSenderPrefix = 'LBS';

type Deps = {
  store: Store;
  audit: AuditPort;
  /** After each change, with all consoles that have a key. */
  changed: () => void;
  nowMs?: () => number;
};

export class HubSenders {
  readonly #deps: Deps;
  readonly #nowMs: () => number;
  #consoles = new Map<string, boolean>();
  /** Ids of keys that hold. */
  #holding = new Set<string>();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? Date.now;
  }

  async load(): Promise<void> {
    const consoles = new Map<string, boolean>();
    const holding = new Set<string>();
    for (const { id, console, revokedAtMs } of await listHubSenders(this.#deps.store.db)) {
      consoles.set(console, consoles.get(console) === true || revokedAtMs === null);
      if (revokedAtMs === null) holding.add(id);
    }
    this.#consoles = consoles;
    this.#holding = holding;
  }

  /** Known here at once when it is revoked. */
  holds(id: string): boolean {
    return this.#holding.has(id);
  }

  /** All that ever had a key; `active`: they have one that holds. */
  get consoles(): { name: string; active: boolean }[] {
    return [...this.#consoles].map(([name, active]) => ({ name, active }));
  }

  knows(console: string): boolean {
    return this.#consoles.has(console);
  }

  async list(actor: Actor): Promise<HubSenderView[]> {
    authoriseAdministrator(actor);
    return (await listHubSenders(this.#deps.store.db)).map(viewOf);
  }

  async create(actor: Actor, console: string): Promise<{ sender: HubSenderView; token: string }> {
    authoriseAdministrator(actor);
    const secret = randomBytes(32).toString('base64url');
    const sender: StoredHubSender = {
      id: `${hubSenderPrefix}${randomBytes(10).toString('hex').toUpperCase()}`,
      console,
      secretHash: secretHashOf(secret).toString('hex'),
      createdAtMs: this.#nowMs(),
      createdBy: actorName(actor),
      ...{ revokedAtMs: null, lastUsedAtMs: null, lastUsedFrom: null },
    };
    const operation = { ...operationOn(actor, 'create key of a console', sender), after: shown(sender) };
    await this.#deps.audit.within(operation, (trx) => insertHubSender(trx, sender));
    await this.#reload();
    return { sender: viewOf(sender), token: `${sender.id}.${secret}` };
  }

  /** Holds at once. What the console has told stays. */
  async revoke(actor: Actor, id: string): Promise<HubSenderView> {
    authoriseAdministrator(actor);
    const { store, audit } = this.#deps;
    const sender = await hubSenderById(store.db, id);
    if (!sender)
      throw new LandbridgeError('API_KEY_NOT_FOUND', `There is no key of a console with the id "${id}".`);
    if (sender.revokedAtMs !== null) return viewOf(sender);
    const atMs = this.#nowMs();
    const operation = { ...operationOn(actor, 'revoke key of a console', sender), before: shown(sender) };
    await audit.within(operation, (trx) => revokeHubSender(trx, id, atMs));
    await this.#reload();
    return viewOf({ ...sender, revokedAtMs: atMs });
  }

  /** Ids of all keys of a console, for the audit log. */
  async keysOf(console: string): Promise<string[]> {
    const all = await listHubSenders(this.#deps.store.db);
    return all.flatMap((one) => (one.console === console ? [one.id] : []));
  }

  /** All keys of a console that is being removed; that is authorised and recorded by whoever removes it. */
  async revokeAll(console: string): Promise<void> {
    await revokeHubSendersOf(this.#deps.store.db, console, this.#nowMs());
    await this.#reload();
  }

  /** Those that are revoked. A key that was made meanwhile stays, and the console with it. */
  async dropAll(console: string, besides: (trx: Executor) => Promise<void>): Promise<void> {
    await this.#deps.store.transaction(async (trx) => {
      await deleteHubSendersOf(trx, console);
      await besides(trx);
    });
    await this.#reload();
  }

  async #reload(): Promise<void> {
    await this.load();
    this.#deps.changed();
  }
}

const authoriseAdministrator = (actor: Actor) => authorise(actor, 'administrator', { kind: 'everywhere' });

function operationOn(actor: Actor, operation: string, { id, console }: StoredHubSender) {
  const scope = { kind: 'everywhere' as const };
  return { actor, operation, target: { type: 'hubSender' as const, name: `${console} (${id})`, scope } };
}

const shown = ({ id, console }: StoredHubSender) => ({ id, console });

const viewOf = (sender: StoredHubSender): HubSenderView => ({
  id: sender.id,
  console: sender.console,
  createdAt: sender.createdAtMs,
  createdBy: sender.createdBy,
  revokedAt: sender.revokedAtMs,
  lastUsedAt: sender.lastUsedAtMs,
  lastUsedFrom: sender.lastUsedFrom,
});
