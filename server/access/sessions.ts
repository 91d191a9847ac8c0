/**
 * Sessions of people: rows in the store, so that ending one holds at once and for every process. The browser holds 256
 * random bits and nothing else; what a person may do is read from the person's row, never from the browser.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { PersonActor } from '@/server/access/actor';
import { sessionCacheMs, sessionsKeptAfterEndMs, sessionTouchEveryMs } from '@/server/intervals';
import type { StoredPerson } from '@/server/store/people';
import {
  deleteOldSessions,
  endSessions,
  insertSession,
  openSessionsOf,
  type StoredSession,
  sessionWithPerson,
  touchSession,
} from '@/server/store/sessions';
import type { Executor, Store } from '@/server/store/store';

export type SessionLimits = {
  /** Without anybody at the keyboard; an open page that only refreshes itself does not count. */
  idleMs: number;
  /** From the sign-in, whatever is done. */
  absoluteMs: number;
};

export type EndedWhy =
  | 'SIGNED_OUT'
  | 'SIGNED_IN_AGAIN'
  | 'ENDED_BY_OWNER'
  | 'ENDED_BY_ADMINISTRATOR'
  | 'PASSWORD_CHANGED'
  | 'ROLES_CHANGED'
  | 'DISABLED'
  | 'IDLE'
  | 'EXPIRED';

export type Seen = {
  address?: string | null;
  /** For how long nobody has touched the page that asks; 0 where the client does not say. */
  idleMs?: number;
};

type Cached = { session: StoredSession; person: StoredPerson; readAtMs: number };

const cachedAtMost = 5_000;

export class Sessions {
  readonly limits: SessionLimits;
  readonly #store: Store;
  readonly #nowMs: () => number;
  readonly #cache = new Map<string, Cached>();
  /** Counts what has been ended or forgotten: a look into the store that began before is not kept. */
  #ends = 0;

  constructor(options: { store: Store; limits: SessionLimits; nowMs?: () => number }) {
    this.#store = options.store;
    this.limits = options.limits;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /**
   * @param from.authenticatedAtMs when the person proved who they are, if not now; null: not known
   * @returns the token for the browser: it is never seen again here
   */
  async start(
    person: { id: string },
    from: { address: string | null; userAgent: string | null; authenticatedAtMs?: number | null },
    db: Executor = this.#store.db,
  ): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const nowMs = this.#nowMs();
    await insertSession(db, {
      id: sessionIdOf(token),
      personId: person.id,
      signedInAtMs: nowMs,
      lastSeenAtMs: nowMs,
      expiresAtMs: nowMs + this.limits.absoluteMs,
      endedAtMs: null,
      endedWhy: null,
      address: from.address,
      userAgent: from.userAgent?.slice(0, 300) ?? null,
      authenticatedAtMs: from.authenticatedAtMs === undefined ? nowMs : from.authenticatedAtMs,
    });
    return token;
  }

  /**
   * Who holds this token; null when the session has ended, for whatever reason. Ends made by this process hold at once,
   * those of other processes after `sessionCacheMs`.
   */
  async actorFor(token: string, seen: Seen = {}): Promise<PersonActor | null> {
    const id = sessionIdOf(token);
    const found = await this.#read(id);
    if (!found || found.session.endedAtMs !== null || found.person.disabled) return null;
    const { session, person } = found;
    const nowMs = this.#nowMs();
    const why = this.#overdue(session, nowMs);
    if (why) {
      await this.end(id, why);
      return null;
    }
    await this.#touch(found, nowMs - Math.max(0, seen.idleMs ?? 0));
    return {
      kind: 'person',
      id: person.id,
      name: person.userName,
      grants: person.grants,
      sessionId: id,
      signedInAtMs: session.signedInAtMs,
      authenticatedAtMs: session.authenticatedAtMs,
      address: seen.address ?? null,
    };
  }

  /** Ends one session by its row's id. True when it was open until now. */
  async end(sessionId: string, why: EndedWhy, db: Executor = this.#store.db): Promise<boolean> {
    return this.#ended(await endSessions(db, { id: sessionId }, this.#nowMs(), why), sessionId);
  }

  async endByToken(token: string, why: EndedWhy): Promise<boolean> {
    return this.end(sessionIdOf(token), why);
  }

  /** Ends all sessions of a person, within the transaction that changes the person's row if `db` is one. */
  async endAllOf(
    personId: string,
    why: EndedWhy,
    options: { except?: string; db?: Executor } = {},
  ): Promise<number> {
    const db = options.db ?? this.#store.db;
    const which = { personId, ...(options.except ? { except: options.except } : {}) };
    const ids = await endSessions(db, which, this.#nowMs(), why);
    this.forget(personId);
    return ids.length;
  }

  /** Reads this person's row again at the next request: roles, name or the right to sign in have changed. */
  forget(personId: string): void {
    this.#ends++;
    for (const [id, { person }] of this.#cache) if (person.id === personId) this.#cache.delete(id);
  }

  async openOf(personId: string): Promise<StoredSession[]> {
    const nowMs = this.#nowMs();
    const rows = await openSessionsOf(this.#store.db, personId, nowMs);
    return rows.filter((session) => this.#overdue(session, nowMs) === null);
  }

  /** Rows are kept for a while after their end, for questions such as "who was signed in on Sunday?". */
  async prune(): Promise<void> {
    await deleteOldSessions(this.#store.db, this.#nowMs() - sessionsKeptAfterEndMs);
  }

  #overdue(session: StoredSession, nowMs: number): EndedWhy | null {
    if (nowMs >= session.expiresAtMs) return 'EXPIRED';
    return nowMs - session.lastSeenAtMs >= this.limits.idleMs ? 'IDLE' : null;
  }

  async #read(id: string): Promise<Cached | null> {
    const nowMs = this.#nowMs();
    const cached = this.#cache.get(id);
    if (cached && nowMs - cached.readAtMs < sessionCacheMs) return cached;
    const endsBefore = this.#ends;
    const found = await sessionWithPerson(this.#store.db, id);
    this.#cache.delete(id);
    if (!found) return null;
    if (this.#cache.size >= cachedAtMost) this.#cache.clear();
    const fresh = { ...found, readAtMs: nowMs };
    if (this.#ends === endsBefore) this.#cache.set(id, fresh);
    return fresh;
  }

  /** Written seldom: each write is a sync to the disk. */
  async #touch(found: Cached, seenAtMs: number): Promise<void> {
    const everyMs = Math.min(sessionTouchEveryMs, this.limits.idleMs / 10);
    if (seenAtMs - found.session.lastSeenAtMs < everyMs) return;
    found.session = { ...found.session, lastSeenAtMs: seenAtMs };
    await touchSession(this.#store.db, found.session.id, seenAtMs);
  }

  #ended(ids: readonly string[], sessionId: string): boolean {
    this.#ends++;
    this.#cache.delete(sessionId);
    return ids.length > 0;
  }
}

/** Whoever reads the table cannot take a session over. */
export const sessionIdOf = (token: string): string => createHash('sha256').update(token).digest('hex');
