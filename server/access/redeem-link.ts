// What a one-time link leads to: the first administrator is made, an invitation is taken up, a password is set anew.
// Signing in afterwards is the page's next step, with the password that was just chosen.
import { randomUUID } from 'node:crypto';
import type { RedeemLinkRequest } from '@/lib/contracts/sign-in';
import { LandbridgeError } from '@/server/errors';
import { voidDecisionsOf } from '@/server/store/approvals';
import type { LinkPurpose } from '@/server/store/one-time-links';
import { insertPerson, listPeople, personById, updatePerson } from '@/server/store/people';
import type { Executor, Store } from '@/server/store/store';
import { everywhere } from './actor';
import type { AuditPort } from './audit';
import { requireFreeName } from './lookalikes';
import type { OneTimeLinks } from './one-time-links';
import type { Passwords } from './passwords';
import type { Sessions } from './sessions';
import { targetOf } from './sign-in';

export type RedeemDeps = {
  store: Store;
  audit: AuditPort;
  links: OneTimeLinks;
  passwords: Passwords;
  sessions: Sessions;
  nowMs?: () => number;
};

export class LinkDesk {
  readonly #deps: RedeemDeps;
  readonly #nowMs: () => number;

  constructor(deps: RedeemDeps) {
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? Date.now;
  }

  /** What the page shows before anything is typed. @throws LandbridgeError LINK_SPENT */
  async look(token: string): Promise<{
    purpose: LinkPurpose;
    userName: string | null;
    displayName: string | null;
    expiresAt: number;
  }> {
    const link = await this.#deps.links.look(token);
    const person = link.personId === null ? null : await personById(this.#deps.store.db, link.personId);
    return {
      purpose: link.purpose,
      userName: person?.userName ?? null,
      displayName: person?.displayName ?? null,
      expiresAt: link.expiresAtMs,
    };
  }

  async nobodyExists(): Promise<boolean> {
    return (await listPeople(this.#deps.store.db)).length === 0;
  }

  /** @returns the name to sign in with @throws LandbridgeError LINK_SPENT, INVALID_REQUEST */
  async redeem(request: RedeemLinkRequest, address: string | null): Promise<string> {
    const { links, passwords, audit, sessions } = this.#deps;
    const seen = await this.look(request.token);
    if (seen.purpose === 'SIGN_IN') {
      throw new LandbridgeError('INVALID_REQUEST', 'This link signs in by itself and sets no password.');
    }
    const userName = seen.userName ?? request.userName;
    if (userName === undefined) {
      throw new LandbridgeError('INVALID_REQUEST', 'userName (in the body): Choose a user name.', {
        fields: { userName: 'Choose a user name.' },
      });
    }
    const passwordHash = await passwords.hash(request.password);
    const actor = { kind: 'anonymous', address } as const;
    const operation = operationOf[seen.purpose];
    return audit.within({ actor, operation, target: targetOf(userName) }, async (trx) => {
      const link = await links.use(request.token, trx);
      const updatedAtMs = this.#nowMs();
      if (link.personId === null) {
        await this.#firstAdministrator(trx, { ...request, userName }, passwordHash);
      } else {
        await updatePerson(trx, link.personId, { passwordHash, updatedAtMs });
        await voidDecisionsOf(trx, link.personId);
        await sessions.endAllOf(link.personId, 'PASSWORD_CHANGED', { db: trx });
      }
      return userName;
    });
  }

  async #firstAdministrator(
    trx: Executor,
    wanted: { userName: string; displayName?: string },
    passwordHash: string,
  ): Promise<void> {
    if ((await listPeople(trx)).length > 0) {
      throw new LandbridgeError('LINK_SPENT', 'There is an administrator already. Sign in instead.');
    }
    await requireFreeName(trx, wanted.userName);
    await insertPerson(trx, administrator(wanted.userName, wanted.displayName, passwordHash, this.#nowMs()));
  }
}

const operationOf = {
  SET_UP: 'make the first administrator',
  INVITATION: 'take up invitation',
  PASSWORD_RESET: 'set a new password by link',
} as const;

export function administrator(
  userName: string,
  displayName: string | undefined,
  passwordHash: string | null,
  nowMs: number,
) {
  return {
    id: randomUUID(),
    userName,
    displayName: displayName ?? userName,
    issuer: null,
    subject: null,
    passwordHash,
    grants: everywhere('administrator'),
    grantsFrom: 'CONSOLE' as const,
    disabled: false,
    totpSecret: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    lastSignInAtMs: null,
  };
}
