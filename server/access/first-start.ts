/**
 * How the first person gets in: a one-time link that the server prints while nobody exists, or a password given by
 * LANDBRIDGE_ADMIN_PASSWORD. Both do nothing once there is anybody.
 */
import { newPassword } from '@/lib/contracts/access';
import { StartError } from '@/server/errors';
import type { Log } from '@/server/log';
import { insertPerson, listPeople, personByUserName } from '@/server/store/people';
import type { Store } from '@/server/store/store';
import type { AuditPort } from './audit';
import type { OneTimeLinks } from './one-time-links';
import type { Passwords } from './passwords';
import { administrator } from './redeem-link';
import { targetOf } from './sign-in';

export type FirstStartDeps = {
  store: Store;
  audit: AuditPort;
  links: OneTimeLinks;
  passwords: Passwords;
  /** `https://links.example.com` */
  origin: string;
  log: Log;
  /** To whoever starts the server: the links are secrets, so they go to the terminal and not through the log. */
  print: (text: string) => void;
  nowMs?: () => number;
};

type Environment = Record<string, string | undefined>;

const system = { kind: 'system' } as const;
const demoName = 'demo';

/** @throws StartError when LANDBRIDGE_ADMIN_PASSWORD is needed and too short */
export async function firstStart(deps: FirstStartDeps, environment: Environment): Promise<void> {
  const password = environment.LANDBRIDGE_ADMIN_PASSWORD ?? '';
  // Child processes and error reports need not have it.
  delete environment.LANDBRIDGE_ADMIN_PASSWORD;
  const nobody = (await listPeople(deps.store.db)).length === 0;
  if (environment.LANDBRIDGE_DEMO === '1') return demoSignIn(deps, nobody);
  if (!nobody) {
    if (password !== '') deps.log('info', 'LANDBRIDGE_ADMIN_PASSWORD is not used: there are people already.');
    return;
  }
  if (password !== '') return administratorWith(deps, password);
  const link = await deps.links.create('SET_UP', null);
  deps.print(
    `\nNobody can sign in yet. Open this link within 24 hours to make the first administrator:\n\n  ${deps.origin}${link.path}\n\n`,
  );
}

async function administratorWith(deps: FirstStartDeps, password: string): Promise<void> {
  const checked = newPassword.safeParse(password);
  if (!checked.success) {
    throw new StartError(
      `LANDBRIDGE_ADMIN_PASSWORD cannot be used. ${checked.error.issues[0]?.message ?? ''}`,
    );
  }
  await add(deps, 'admin', 'Administrator', await deps.passwords.hash(password));
  deps.log('info', 'The administrator "admin" has been made with the password of LANDBRIDGE_ADMIN_PASSWORD.');
}

/** The demo's own administrator has no password: a new link at each start is the only way in. */
async function demoSignIn(deps: FirstStartDeps, nobody: boolean): Promise<void> {
  if (nobody) await add(deps, demoName, 'Demo administrator', null);
  const person = await personByUserName(deps.store.db, demoName);
  if (!person || person.passwordHash !== null) return;
  const link = await deps.links.create('SIGN_IN', person.id);
  deps.print(`\nSign in to the demo: ${deps.origin}${link.path}\n`);
}

async function add(
  deps: FirstStartDeps,
  userName: string,
  displayName: string,
  passwordHash: string | null,
): Promise<void> {
  const nowMs = (deps.nowMs ?? Date.now)();
  await deps.audit.within(
    { actor: system, operation: 'make the first administrator', target: targetOf(userName) },
    (trx) => insertPerson(trx, administrator(userName, displayName, passwordHash, nowMs)),
  );
}
