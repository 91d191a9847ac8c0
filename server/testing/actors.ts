// For tests: people with a session, and API keys, with the grants that a test gives them.
import { randomUUID } from 'node:crypto';
import type { Grant } from '@/lib/contracts/access';
import { sessionCookieName } from '@/server/http/session-cookie';
import { insertPerson } from '@/server/store/people';
import { basic, type Credentials, type TestServer } from './test-server';

export type TestPerson = { id: string; name: string; as: Credentials; token: string };

/** A local account that could sign in, and has. */
export async function signedIn(server: TestServer, name: string, grants: Grant[]): Promise<TestPerson> {
  const id = randomUUID();
  const nowMs = Date.now();
  await insertPerson(server.runtime.store.db, {
    id,
    userName: name,
    displayName: name,
    issuer: null,
    subject: null,
    passwordHash: 'not a hash: nobody signs in with a password here',
    grants,
    grantsFrom: 'CONSOLE',
    disabled: false,
    totpSecret: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    lastSignInAtMs: null,
  });
  return { id, name, ...(await sessionOf(server, id)) };
}

/** One more session of the person. */
export async function sessionOf(
  server: TestServer,
  personId: string,
): Promise<{ token: string; as: Credentials }> {
  const { sessions, config } = server.runtime;
  const token = await sessions.start({ id: personId }, { address: null, userAgent: null });
  return { token, as: { cookie: `${sessionCookieName(config.address)}=${token}` } };
}

/** Moves the sign-in of all sessions of a person into the past. */
export async function ageSignIn(server: TestServer, personId: string, byMs: number): Promise<void> {
  await server.runtime.store.db
    .updateTable('session')
    .set((eb) => ({
      signedInAtMs: eb('signedInAtMs', '-', byMs),
      authenticatedAtMs: eb('authenticatedAtMs', '-', byMs),
    }))
    .where('personId', '=', personId)
    .execute();
  server.runtime.sessions.forget(personId);
}

export async function keyWith(
  server: TestServer,
  grant: Grant,
  options: { name?: string; expiresAt?: number } = {},
): Promise<{ id: string; secret: string; as: Credentials }> {
  const { key, secret } = await server.runtime.keys.create(
    { kind: 'system' },
    { name: options.name ?? `${grant.role} program`, grant, expiresAt: options.expiresAt ?? null },
  );
  return { id: key.id, secret, as: basic(key.id, secret) };
}

export const everywhere = (role: Grant['role']): Grant => ({ role, scope: { kind: 'everywhere' } });
export const onCluster = (role: Grant['role'], cluster: string): Grant => ({
  role,
  scope: { kind: 'cluster', cluster },
});
export const onLink = (role: Grant['role'], destination: string, name: string): Grant => ({
  role,
  scope: { kind: 'link', destination, name },
});
