/**
 * The ways in for people: a password, a provider's word, a one-time link. Each ends with a new session and an entry in the
 * audit log, or with a reason that says no more than the one who asks may know.
 */
import { randomUUID } from 'node:crypto';
import { isInOneScript } from '@/lib/contracts/access';
import type { Log } from '@/server/log';
import type { OidcProvider } from '@/server/sign-in-config';
import { voidDecisionsOf } from '@/server/store/approvals';
import {
  insertPerson,
  personById,
  personBySubject,
  personByUserName,
  type StoredPerson,
  updatePerson,
} from '@/server/store/people';
import { hasSignedInFrom } from '@/server/store/sessions';
import type { Executor, Store } from '@/server/store/store';
import type { Actor, PersonActor } from './actor';
import type { AuditPort, AuditTarget } from './audit';
import { isReserved, personLookingLike } from './lookalikes';
import { type Claims, displayNameFromClaims, grantsFromClaims, userNameFromClaims } from './oidc-grants';
import type { OneTimeLinks } from './one-time-links';
import type { Passwords } from './passwords';
import { type Sessions, sessionIdOf } from './sessions';
import type { SignInBackoff } from './sign-in-backoff';
import { restartingWaits } from './vouching';

export type From = {
  address: string | null;
  userAgent: string | null;
  /** The session that this browser has now: a new sign-in takes its place. */
  token: string | null;
};

/** WAIT: too many failures. NO_ROLE: the provider knows the person, but none of their groups has a role here. */
export type Refusal = 'WRONG' | 'WAIT' | 'DISABLED' | 'NO_ROLE' | 'LINK';

export type SignInResult =
  | { refused: null; personId: string; name: string; token: string }
  | { refused: Refusal; waitSeconds: number };

const refuse = (refused: Refusal, waitMs = 0): SignInResult => ({
  refused,
  waitSeconds: Math.ceil(waitMs / 1000),
});

export type SignInDeps = {
  store: Store;
  audit: AuditPort;
  sessions: Sessions;
  links: OneTimeLinks;
  passwords: Passwords;
  backoff: SignInBackoff;
  log: Log;
  nowMs?: () => number;
};

export class SignIn {
  readonly #deps: SignInDeps;
  readonly #nowMs: () => number;

  constructor(deps: SignInDeps) {
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? Date.now;
  }

  /** An unknown name, a wrong password and an account without one get the same answer after the same time. */
  async byPassword(typed: { userName: string; password: string }, from: From): Promise<SignInResult> {
    const { store, backoff, passwords } = this.#deps;
    const person = await personByUserName(store.db, typed.userName);
    const knownPlace = person !== null && (await hasSignedInFrom(store.db, person.id, from.address));
    const attempt = await backoff.attempt(typed.userName, from.address, { knownPlace });
    if (!attempt.allowed) return refuse('WAIT', attempt.waitMs);
    const right = await passwords.verify(person?.passwordHash ?? null, typed.password);
    if (!person?.passwordHash || !right) return this.#wrong(person, from);
    await attempt.succeeded();
    if (person.disabled) return this.#disabled(person, from);
    return this.#beginWithPassword(person, person.passwordHash, typed.password, from);
  }

  /** @param verified the hash that the password fits */
  async #beginWithPassword(
    person: StoredPerson,
    verified: string,
    typed: string,
    from: From,
  ): Promise<SignInResult> {
    const { store, passwords } = this.#deps;
    const renewed = passwords.isOutdated(verified) ? await passwords.hash(typed) : verified;
    // The same password, hashed anew by another sign-in, is right all the same.
    const judgeAgain = async () => {
      const now = await personById(store.db, person.id);
      const right = await passwords.verify(now?.passwordHash ?? null, typed);
      if (!now?.passwordHash || !right) return this.#wrong(now, from);
      return this.#beginWithPassword(now, now.passwordHash, typed, from);
    };
    return this.#begin(person, from, 'password', { verified, renewed, judgeAgain });
  }

  /** Of the links that sign in by themselves; those that set a password are in redeem-link.ts. */
  async byLink(token: string, from: From): Promise<SignInResult> {
    const { store, links } = this.#deps;
    const person = await store.transaction(async (trx) => {
      const link = await links.look(token, trx).catch(() => null);
      if (link?.purpose !== 'SIGN_IN' || link.personId === null) return null;
      await links.use(token, trx);
      return personById(trx, link.personId);
    });
    if (!person) return refuse('LINK');
    if (person.disabled) return this.#disabled(person, from);
    return this.#begin(person, from, 'one-time link');
  }

  /** @param claims verified: signature, issuer, audience, nonce and time have been checked */
  async byProvider(provider: OidcProvider, claims: Claims, from: From): Promise<SignInResult> {
    const { store, sessions, log } = this.#deps;
    const { iss, sub } = claims;
    if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '') {
      log('warn', `Sign-in: ${provider.name} has sent no subject.`);
      return refuse('NO_ROLE');
    }
    const grants = grantsFromClaims(provider, claims);
    const known = await personBySubject(store.db, iss, sub);
    if (known?.disabled) return this.#disabled(known, from);
    if (grants.length === 0) {
      // The roles of before are gone with the groups: nothing that is still open may go on with them.
      if (known) {
        await store.transaction(async (trx) => {
          const updatedAtMs = this.#nowMs();
          await restartingWaits(trx, updatedAtMs, () => updatePerson(trx, known.id, { grants, updatedAtMs }));
          await voidDecisionsOf(trx, known.id);
          await sessions.endAllOf(known.id, 'ROLES_CHANGED', { db: trx });
        });
      }
      await this.#refused(known, from, `None of the groups that ${provider.name} names has a role here.`);
      return refuse('NO_ROLE');
    }
    const person = known
      ? await this.#refresh(known, {
          grants,
          displayName: displayNameFromClaims(claims) ?? known.displayName,
        })
      : await this.#register(provider, claims, { issuer: iss, subject: sub, grants });
    return this.#begin(person, { ...from, authenticatedAtMs: this.#authTime(claims) }, provider.name);
  }

  /** The provider's clock may be ahead of ours; a time to come would be fresh for longer than it should. */
  #authTime({ auth_time: seconds }: Claims): number | null {
    return Number.isSafeInteger(seconds) ? Math.min(Number(seconds) * 1000, this.#nowMs()) : null;
  }

  async signOut(token: string): Promise<void> {
    const actor = await this.#deps.sessions.actorFor(token);
    if (!actor) return;
    await this.#deps.store.transaction(async (trx) => {
      await this.#deps.sessions.end(actor.sessionId, 'SIGNED_OUT', trx);
      await this.#deps.audit.record(
        { actor, operation: 'sign out', target: targetOf(actor.name) },
        undefined,
        trx,
      );
    });
  }

  /**
   * Judges once more in the transaction: while a password was hashed or a provider answered, the account may have been
   * removed or disabled, or have got another password, which ended all sessions but this one that had not begun.
   */
  async #begin(
    { id }: StoredPerson,
    from: From & { authenticatedAtMs?: number | null },
    by: string,
    password?: { verified: string; renewed: string; judgeAgain: () => Promise<SignInResult> },
  ): Promise<SignInResult> {
    const { store, sessions, audit } = this.#deps;
    const begun = await store.transaction(async (trx) => {
      const person = await personById(trx, id);
      if (!person || person.disabled) return { person, token: null };
      if (password && person.passwordHash !== password.verified) return password.judgeAgain;
      const fresh = await sessions.start(person, from, trx);
      const nowMs = this.#nowMs();
      await updatePerson(trx, id, {
        lastSignInAtMs: nowMs,
        ...(password ? { passwordHash: password.renewed } : {}),
      });
      const actor: PersonActor = {
        kind: 'person',
        id: person.id,
        name: person.userName,
        grants: person.grants,
        sessionId: sessionIdOf(fresh),
        signedInAtMs: nowMs,
        authenticatedAtMs: from.authenticatedAtMs === undefined ? nowMs : from.authenticatedAtMs,
        address: from.address,
      };
      const details = { by, userAgent: from.userAgent };
      await audit.record(
        { actor, operation: 'sign in', target: targetOf(person.userName), details },
        undefined,
        trx,
      );
      return { person, token: fresh };
    });
    if (typeof begun === 'function') return begun();
    const { person, token } = begun;
    if (token === null) return this.#disabled(person, from);
    if (from.token) await sessions.endByToken(from.token, 'SIGNED_IN_AGAIN');
    return { refused: null, personId: person.id, name: person.userName, token };
  }

  /** Counted, not written one by one: whoever guesses must not fill the log, nor learn from its time which names there are. */
  #wrong(person: StoredPerson | null, from: From): SignInResult {
    const account = person ? { account: person.userName } : {};
    this.#deps.audit.refused({
      address: from.address,
      actor: null,
      ...account,
      route: 'sign in',
      code: 'WRONG_PASSWORD',
    });
    return refuse('WRONG');
  }

  /** @param person null: removed in this moment, which is no more than that to who signs in */
  async #disabled(person: StoredPerson | null, from: From): Promise<SignInResult> {
    await this.#refused(person, from, person ? 'The account is disabled.' : 'The account has been removed.');
    return refuse('DISABLED');
  }

  /** Who it was is not known, so the entry is anonymous; what was typed as a name may be a password and is not written. */
  async #refused(person: StoredPerson | null, from: From, message: string): Promise<void> {
    const actor: Actor = { kind: 'anonymous', address: from.address };
    const target = targetOf(person?.userName ?? 'an unknown account');
    await this.#deps.audit.record({ actor, operation: 'sign in', target }, { result: 'REFUSED', message });
  }

  async #refresh(
    person: StoredPerson,
    now: Pick<StoredPerson, 'grants' | 'displayName'>,
  ): Promise<StoredPerson> {
    const { store, sessions, audit } = this.#deps;
    const rolesDiffer = JSON.stringify(now.grants) !== JSON.stringify(person.grants);
    if (!rolesDiffer && now.displayName === person.displayName) return person;
    const change = (db: Executor) => updatePerson(db, person.id, { ...now, updatedAtMs: this.#nowMs() });
    if (rolesDiffer) {
      const target = targetOf(person.userName);
      const [before, after] = [{ grants: person.grants }, { grants: now.grants }];
      await audit.within(
        { actor: { kind: 'system' }, operation: 'follow the groups of', target, before, after },
        async (trx) => {
          await restartingWaits(trx, this.#nowMs(), () => change(trx));
          await voidDecisionsOf(trx, person.id);
          await sessions.endAllOf(person.id, 'ROLES_CHANGED', { db: trx });
        },
      );
    } else {
      await change(store.db);
      sessions.forget(person.id);
    }
    return { ...person, ...now };
  }

  /** Never joined with an account of the same name: whoever chooses names at the provider could take it over. */
  async #register(
    provider: OidcProvider,
    claims: Claims,
    identity: Pick<StoredPerson, 'issuer' | 'subject' | 'grants'>,
  ): Promise<StoredPerson> {
    const nowMs = this.#nowMs();
    const wanted = userNameFromClaims(provider, claims) ?? provider.id;
    return this.#deps.store.transaction(async (trx) => {
      let userName = wanted;
      // Nobody can be asked for another name here: one that could be taken for somebody else says where it comes from.
      const taken = async (name: string) => isReserved(name) || (await personLookingLike(trx, name)) !== null;
      for (let n = 1; (n === 1 && !isInOneScript(wanted)) || (await taken(userName)); n++) {
        userName = n === 1 ? `${wanted}@${provider.id}` : `${wanted}-${n}@${provider.id}`;
      }
      const person = {
        ...identity,
        id: randomUUID(),
        userName,
        displayName: displayNameFromClaims(claims) ?? userName,
        passwordHash: null,
        grantsFrom: 'CLAIM' as const,
        disabled: false,
        totpSecret: null,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
        lastSignInAtMs: null,
      };
      await insertPerson(trx, person);
      const operation = 'add person at first sign-in';
      const after = { displayName: person.displayName, issuer: identity.issuer, grants: identity.grants };
      await this.#deps.audit.record(
        { actor: { kind: 'system' }, operation, target: targetOf(userName), after },
        undefined,
        trx,
      );
      const stored = await personById(trx, person.id);
      if (!stored) throw new Error(`The person ${userName} has just been written and is not there.`);
      return stored;
    });
  }
}

export const targetOf = (userName: string): AuditTarget => ({
  type: 'person',
  name: userName,
  scope: { kind: 'everywhere' },
});
