/**
 * Links that let somebody in once: the first administrator, an invited person, a forgotten password, the demo. The token
 * is 256 random bits in the fragment of the address, which reaches no log; the page hands it over by POST.
 */
import { createHash, randomBytes } from 'node:crypto';
import { LandbridgeError } from '@/server/errors';
import { oneTimeLinkLifetimeMs } from '@/server/intervals';
import {
  deleteOldLinks,
  deleteOpenLinks,
  insertOneTimeLink,
  type LinkPurpose,
  markLinkUsed,
  openOneTimeLink,
  type StoredOneTimeLink,
} from '@/server/store/one-time-links';
import type { Executor, Store } from '@/server/store/store';

/** `path` stands below the server's own address, with the token. It is shown once and kept nowhere. */
export type NewLink = { path: string; expiresAt: number };

export class OneTimeLinks {
  readonly #store: Store;
  readonly #nowMs: () => number;

  constructor(options: { store: Store; nowMs?: () => number }) {
    this.#store = options.store;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /**
   * A link that was made for the same person before, and not used, is void from now on.
   *
   * @param personId null for SET_UP only: the person is made when the link is used
   */
  async create(
    purpose: LinkPurpose,
    personId: string | null,
    db: Executor = this.#store.db,
  ): Promise<NewLink> {
    const token = randomBytes(32).toString('base64url');
    const nowMs = this.#nowMs();
    const expiresAt = nowMs + oneTimeLinkLifetimeMs;
    const replaced: LinkPurpose[] =
      purpose === 'INVITATION' || purpose === 'PASSWORD_RESET' ? ['INVITATION', 'PASSWORD_RESET'] : [purpose];
    await deleteOpenLinks(db, replaced, personId);
    await insertOneTimeLink(db, {
      id: idOf(token),
      purpose,
      personId,
      createdAtMs: nowMs,
      expiresAtMs: expiresAt,
      usedAtMs: null,
    });
    return { path: `/set-up#${token}`, expiresAt };
  }

  /** What the link is for, without using it up. @throws LandbridgeError LINK_SPENT */
  async look(token: string, db: Executor = this.#store.db): Promise<StoredOneTimeLink> {
    const link = await openOneTimeLink(db, idOf(token), this.#nowMs());
    if (link) return link;
    throw spent();
  }

  /** Uses the link up, in the transaction that does what it is for. @throws LandbridgeError LINK_SPENT */
  async use(token: string, trx: Executor): Promise<StoredOneTimeLink> {
    const link = await this.look(token, trx);
    if (await markLinkUsed(trx, link.id, this.#nowMs())) return link;
    throw spent();
  }

  async prune(): Promise<void> {
    await deleteOldLinks(this.#store.db, this.#nowMs() - oneTimeLinkLifetimeMs);
  }
}

const idOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const spent = () =>
  new LandbridgeError(
    'LINK_SPENT',
    'This link has been used, has been replaced by a newer one, or is older than 24 hours. Ask an administrator for a new one; for the first administrator, restart Landbridge and take the link that it prints.',
  );
