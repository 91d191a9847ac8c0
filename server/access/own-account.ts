// What people may do with their own account, whatever their role: see it, change its password, end its sessions.
import { LandbridgeError } from '@/server/errors';
import { voidDecisionsOf } from '@/server/store/approvals';
import { personById, type StoredPerson, updatePerson } from '@/server/store/people';
import type { StoredSession } from '@/server/store/sessions';
import type { Executor, Store } from '@/server/store/store';
import type { Actor, PersonActor } from './actor';
import type { AuditPort } from './audit';
import type { Passwords } from './passwords';
import type { Sessions } from './sessions';
import { targetOf } from './sign-in';
import type { SignInBackoff } from './sign-in-backoff';

export type OwnAccountDeps = {
  store: Store;
  audit: AuditPort;
  sessions: Sessions;
  passwords: Passwords;
  backoff: SignInBackoff;
  nowMs?: () => number;
};

export class OwnAccount {
  readonly #deps: OwnAccountDeps;

  constructor(deps: OwnAccountDeps) {
    this.#deps = deps;
  }

  /** @throws LandbridgeError FORBIDDEN for actors that are no person */
  async person(actor: Actor, db: Executor = this.#deps.store.db): Promise<StoredPerson> {
    const stored = await personById(db, personOf(actor).id);
    if (stored) return stored;
    throw new LandbridgeError('UNAUTHENTICATED', 'This account has been removed.');
  }

  /** Newest use first, with the one that asks marked. */
  async sessions(actor: Actor): Promise<(StoredSession & { current: boolean })[]> {
    const { id, sessionId } = personOf(actor);
    const open = await this.#deps.sessions.openOf(id);
    return open.map((session) => ({ ...session, current: session.id === sessionId }));
  }

  /** @throws LandbridgeError NOT_FOUND when it is not open, or somebody else's */
  async endSession(actor: Actor, id: string): Promise<void> {
    const { audit, sessions } = this.#deps;
    const person = personOf(actor);
    const open = await sessions.openOf(person.id);
    if (!open.some((session) => session.id === id)) {
      throw new LandbridgeError('NOT_FOUND', 'This session has ended already. Load the list again.');
    }
    const target = { ...targetOf(person.name), type: 'session' as const };
    await audit.within({ actor, operation: 'end own session', target }, async (trx) => {
      await sessions.end(id, id === person.sessionId ? 'SIGNED_OUT' : 'ENDED_BY_OWNER', trx);
    });
  }

  /**
   * All other sessions of the person end: whoever knew the old password is out.
   * @throws LandbridgeError INVALID_REQUEST at the field `current` when it is wrong, RATE_LIMITED after some failures
   */
  async changePassword(actor: Actor, change: { current: string; next: string }): Promise<void> {
    const { audit, sessions, passwords, backoff } = this.#deps;
    const asking = personOf(actor);
    const person = await this.person(actor);
    if (person.passwordHash === null) {
      throw new LandbridgeError(
        'INVALID_REQUEST',
        'This account has no password here: it signs in at its provider.',
      );
    }
    const attempt = await backoff.attempt(person.userName, asking.address);
    if (!attempt.allowed) {
      const retryAfterSeconds = Math.ceil(attempt.waitMs / 1000);
      throw new LandbridgeError('RATE_LIMITED', `Wrong too often. Try again in ${retryAfterSeconds} s.`, {
        retryAfterSeconds,
      });
    }
    if (!(await passwords.verify(person.passwordHash, change.current))) {
      const current = 'This is not your present password.';
      throw new LandbridgeError('INVALID_REQUEST', `current (in the body): ${current}`, {
        fields: { current },
      });
    }
    await attempt.succeeded();
    const passwordHash = await passwords.hash(change.next);
    const operation = 'change own password';
    await audit.within({ actor, operation, target: targetOf(person.userName) }, async (trx) => {
      // Whoever changed it in the meantime has ended the session that asks here, and meant it.
      const current = await this.person(actor, trx);
      if (current.disabled || current.passwordHash !== person.passwordHash) {
        throw new LandbridgeError('UNAUTHENTICATED', 'Your account has changed meanwhile. Sign in again.');
      }
      const updatedAtMs = (this.#deps.nowMs ?? Date.now)();
      await updatePerson(trx, person.id, { passwordHash, updatedAtMs });
      await voidDecisionsOf(trx, person.id);
      await sessions.endAllOf(person.id, 'PASSWORD_CHANGED', { db: trx, except: asking.sessionId });
    });
  }
}

function personOf(actor: Actor): PersonActor {
  if (actor.kind === 'person') return actor;
  throw new LandbridgeError('FORBIDDEN', 'Only people have an account; this was asked with a key.');
}
