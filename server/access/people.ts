// What administrators do with people: list, invite, change, remove, reset, end sessions. Never leaves Landbridge without an administrator who can sign in.
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  ChangePersonRequest,
  GrantScope,
  InvitePersonRequest,
  PersonView,
} from '@/lib/contracts/access';
import { LandbridgeError } from '@/server/errors';
import { voidDecisionsOf } from '@/server/store/approvals';
import { deleteOpenLinks } from '@/server/store/one-time-links';
import {
  countSessions,
  deletePerson,
  insertPerson,
  listPeople,
  personById,
  type StoredPerson,
  updatePerson,
} from '@/server/store/people';
import type { Executor, Store } from '@/server/store/store';
import type { Actor } from './actor';
import { staleness } from './approval-steps';
import type { AuditPort } from './audit';
import { authorise } from './authorise';
import { requireScopes } from './grant-scopes';
import { requireFreeName } from './lookalikes';
import type { NewLink, OneTimeLinks } from './one-time-links';
import { canAdminister, changeable, personView } from './person-views';
import type { Sessions } from './sessions';
import {
  requirePersonFor,
  restartingWaits,
  settleUnvouched,
  sponsorsAfter,
  unvouchedView,
  vouchRefusal,
} from './vouching';

export class People {
  readonly #store: Store;
  readonly #audit: AuditPort;
  readonly #sessions: Sessions;
  readonly #links: OneTimeLinks;
  readonly #exists: (scope: GrantScope) => boolean;
  readonly #nowMs: () => number;

  /** @param options.exists whether a grant's cluster or link is there: a typo would be a right that waits for its object */
  constructor(options: {
    store: Store;
    audit: AuditPort;
    sessions: Sessions;
    links: OneTimeLinks;
    exists: (scope: GrantScope) => boolean;
    nowMs?: () => number;
  }) {
    this.#store = options.store;
    this.#audit = options.audit;
    this.#sessions = options.sessions;
    this.#links = options.links;
    this.#exists = options.exists;
    this.#nowMs = options.nowMs ?? Date.now;
  }

  async list(actor: Actor): Promise<PersonView[]> {
    authoriseAdministrator(actor);
    const nowMs = this.#nowMs();
    await settleUnvouched(this.#store.db, nowMs);
    const sessions = await this.#openSessions();
    const people = await listPeople(this.#store.db);
    return people.map((person) =>
      personView(person, sessions.get(person.id) ?? 0, unvouchedView(actor, person, people, nowMs)),
    );
  }

  async get(actor: Actor, id: string): Promise<PersonView> {
    authoriseAdministrator(actor);
    return this.#view(actor, id);
  }

  /** The account exists at once, and can sign in when somebody has opened the link and chosen a password. */
  async invite(actor: Actor, request: InvitePersonRequest): Promise<{ person: PersonView; link: NewLink }> {
    authoriseAdministrator(actor);
    requireScopes(request.grants, this.#exists);
    requirePersonFor(actor, request.grants);
    const nowMs = this.#nowMs();
    const person = {
      id: randomUUID(),
      userName: request.userName,
      displayName: request.displayName ?? request.userName,
      issuer: null,
      subject: null,
      passwordHash: null,
      grants: request.grants,
      grantsFrom: 'CONSOLE' as const,
      disabled: false,
      totpSecret: null,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      lastSignInAtMs: null,
    };
    const operation = { ...operationOn(actor, 'invite person', person), after: changeable(person) };
    const link = await this.#audit.within(operation, async (trx) => {
      await requireFreeName(trx, person.userName);
      await insertPerson(trx, { ...person, sponsors: await sponsorsAfter(trx, actor, [], nowMs) });
      return this.#links.create('INVITATION', person.id, trx);
    });
    return { person: await this.#view(actor, person.id), link };
  }

  /** Holds for open sessions at once: roles are read from the person's row, and a disabled person's sessions end. */
  async change(actor: Actor, id: string, change: ChangePersonRequest): Promise<PersonView> {
    authoriseAdministrator(actor);
    if (change.grants) requireScopes(change.grants, this.#exists);
    const before = await this.#require(id);
    const widened = change.grants && !isDeepStrictEqual(change.grants, before.grants);
    if (widened) requirePersonFor(actor, change.grants ?? []);
    const operation = {
      ...operationOn(actor, operationName(before, change), before),
      before: changeable(before),
      after: changeable({ ...before, ...change }),
    };
    await this.#audit.within(operation, async (trx) => {
      const current = await this.#require(id, trx);
      if (change.grants && current.grantsFrom === 'CLAIM') {
        throw new LandbridgeError(
          'GRANTS_FROM_PROVIDER',
          `The roles of "${current.userName}" follow the groups at the provider ${current.issuer}. Change them there.`,
        );
      }
      const nowMs = this.#nowMs();
      const sponsors = widened ? { sponsors: await sponsorsAfter(trx, actor, current.sponsors, nowMs) } : {};
      await restartingWaits(trx, nowMs, () =>
        updatePerson(trx, id, { ...change, ...sponsors, updatedAtMs: nowMs }),
      );
      await this.#keepAnAdministrator(trx, current);
      if (change.grants || change.disabled !== undefined) await voidDecisionsOf(trx, id);
      if (change.disabled) await this.#sessions.endAllOf(id, 'DISABLED', { db: trx });
    });
    this.#sessions.forget(id);
    return this.#view(actor, id);
  }

  async remove(actor: Actor, id: string): Promise<{ id: string; message: string }> {
    authoriseAdministrator(actor);
    const person = await this.#require(id);
    const operation = { ...operationOn(actor, 'remove person', person), before: changeable(person) };
    await this.#audit.within(operation, async (trx) => {
      const current = await this.#require(id, trx);
      await restartingWaits(trx, this.#nowMs(), () => deletePerson(trx, id));
      await this.#keepAnAdministrator(trx, current);
    });
    this.#sessions.forget(id);
    const comesBack =
      person.issuer === null ? '' : ' At the next sign-in through the provider the account is made again.';
    return { id, message: `"${person.userName}" is removed and signed out everywhere.${comesBack}` };
  }

  /**
   * The old password works until the link is used; ending sessions is a step of its own. Whoever holds the link can become
   * that person, and be the second one of two: a key never gets one for an account in use, nor does an old session.
   *
   * @throws LandbridgeError FORBIDDEN, FRESH_SIGN_IN_NEEDED
   */
  async resetPassword(actor: Actor, id: string): Promise<{ link: NewLink }> {
    authoriseAdministrator(actor);
    const person = await this.#require(id);
    if (person.issuer !== null) {
      throw new LandbridgeError(
        'INVALID_REQUEST',
        `"${person.userName}" signs in at ${person.issuer} and has no password here.`,
      );
    }
    const purpose = person.passwordHash === null ? 'INVITATION' : 'PASSWORD_RESET';
    if (purpose === 'PASSWORD_RESET') this.#requirePersonNow(actor, person);
    else requirePersonFor(actor, person.grants);
    const operation = operationOn(actor, 'create password link', person);
    const link = await this.#audit.within(operation, async (trx) => {
      const current = await this.#require(id, trx);
      const nowMs = this.#nowMs();
      const sponsors = await sponsorsAfter(trx, actor, current.sponsors, nowMs);
      await restartingWaits(trx, nowMs, () => updatePerson(trx, id, { sponsors }));
      return this.#links.create(purpose, id, trx);
    });
    return { link };
  }

  /**
   * Says that the account is in the hands of a human being of its own: what it confirms counts from now on. Links to its
   * password that are still open end, or whoever has one could take it over behind this word.
   *
   * @throws LandbridgeError FORBIDDEN, FRESH_SIGN_IN_NEEDED
   */
  async vouch(actor: Actor, id: string): Promise<PersonView> {
    authoriseAdministrator(actor);
    await settleUnvouched(this.#store.db, this.#nowMs());
    const person = await this.#require(id);
    await this.#requireVoucher(actor, person);
    const operation = {
      ...operationOn(actor, 'vouch for', person),
      details: { dependedOn: person.sponsors.map(({ name }) => name) },
    };
    await this.#audit.within(operation, async (trx) => {
      await this.#requireVoucher(actor, await this.#require(id, trx), trx);
      await deleteOpenLinks(trx, ['INVITATION', 'PASSWORD_RESET'], id);
      await updatePerson(trx, id, { sponsors: [], updatedAtMs: this.#nowMs() });
    });
    return this.#view(actor, id);
  }

  async #requireVoucher(actor: Actor, person: StoredPerson, db: Executor = this.#store.db): Promise<void> {
    const refusal = vouchRefusal(actor, person, await listPeople(db), this.#nowMs());
    if (refusal) throw new LandbridgeError(refusal.code, refusal.why);
  }

  async endSessions(actor: Actor, id: string): Promise<{ ended: number }> {
    authoriseAdministrator(actor);
    const person = await this.#require(id);
    const ended = await this.#audit.within(operationOn(actor, 'end sessions', person), (trx) =>
      this.#sessions.endAllOf(id, 'ENDED_BY_ADMINISTRATOR', { db: trx }),
    );
    this.#sessions.forget(id);
    return { ended };
  }

  #requirePersonNow(actor: Actor, { userName }: StoredPerson): void {
    if (actor.kind !== 'person') {
      throw new LandbridgeError(
        'FORBIDDEN',
        `With a link to set the password of "${userName}" one can act as that person. API keys get none: sign in as an administrator.`,
      );
    }
    const refusal = staleness(actor, this.#nowMs());
    if (refusal) throw new LandbridgeError(refusal.code, refusal.why);
  }

  /** @throws LandbridgeError LAST_ADMINISTRATOR when the change has taken away the last one; the transaction goes back then */
  async #keepAnAdministrator(trx: Executor, before: StoredPerson): Promise<void> {
    if (!canAdminister(before)) return;
    const people = await listPeople(trx);
    if (people.some(canAdminister)) return;
    throw new LandbridgeError(
      'LAST_ADMINISTRATOR',
      `"${before.userName}" is the last administrator who can sign in. Make somebody else one first.`,
    );
  }

  #openSessions(): Promise<Map<string, number>> {
    const nowMs = this.#nowMs();
    return countSessions(this.#store.db, nowMs, nowMs - this.#sessions.limits.idleMs);
  }

  async #view(actor: Actor, id: string): Promise<PersonView> {
    const [person, sessions] = [await this.#require(id), await this.#openSessions()];
    const people = await listPeople(this.#store.db);
    return personView(person, sessions.get(id) ?? 0, unvouchedView(actor, person, people, this.#nowMs()));
  }

  async #require(id: string, db: Executor = this.#store.db): Promise<StoredPerson> {
    const person = await personById(db, id);
    if (person) return person;
    throw new LandbridgeError('PERSON_NOT_FOUND', `There is no person with the id "${id}".`);
  }
}

const authoriseAdministrator = (actor: Actor) => authorise(actor, 'administrator', { kind: 'everywhere' });

function operationName(before: StoredPerson, change: ChangePersonRequest): string {
  if (change.disabled !== undefined && change.disabled !== before.disabled) {
    return change.disabled ? 'disable person' : 'enable person';
  }
  return change.grants ? 'change roles' : 'change person';
}

function operationOn(actor: Actor, operation: string, person: Pick<StoredPerson, 'userName'>) {
  const target = { type: 'person' as const, name: person.userName, scope: { kind: 'everywhere' as const } };
  return { actor, operation, target };
}
