// For the access matrix: one actor of every kind, with the credentials that it shows.
import type { Grant, Role } from '@/lib/contracts/access';
import { sessionCookieName } from '@/server/http/session-cookie';
import { everywhere, keyWith, onCluster, onLink, signedIn } from './actors';
import { basic, type Credentials, type TestServer } from './test-server';

export const columns = [
  'nobody',
  'no role',
  'everywhere',
  'key',
  'both',
  'east',
  'other',
  'link',
  'elsewhere',
] as const;
export type Column = (typeof columns)[number];

export type MatrixActor = {
  column: Column;
  /** Position of its letter in the cell; all of `nobody` share one. */
  letter: number;
  label: string;
  as: Credentials | null;
  /** Null for keys and for nobody. */
  personId: string | null;
};

const roles: readonly Role[] = ['viewer', 'operator', 'approver', 'administrator'];
const grantsOf: Partial<Record<Column, (role: Role) => Grant[]>> = {
  everywhere: (role) => [everywhere(role)],
  both: (role) => [onCluster(role, 'west'), onCluster(role, 'east')],
  east: (role) => [onCluster(role, 'east')],
  other: (role) => [onCluster(role, 'north')],
  elsewhere: (role) => [everywhere('viewer'), onCluster(role, 'north')],
  link: (role) => [onLink(role, 'east', 'orders'), onLink(role, 'east', 'guarded')],
};

/** Whatever may not let anybody in. */
export async function nobodies(server: TestServer): Promise<MatrixActor[]> {
  const { store, sessions, keys, config } = server.runtime;
  const ended = await signedIn(server, 'ended', [everywhere('administrator')]);
  await sessions.endByToken(ended.token, 'SIGNED_OUT');
  const disabled = await signedIn(server, 'disabled', [everywhere('administrator')]);
  await store.db.updateTable('person').set({ disabled: 1 }).where('id', '=', disabled.id).execute();
  const expired = await keyWith(server, everywhere('administrator'), { expiresAt: Date.now() + 60_000 });
  await store.db.updateTable('apiKey').set({ expiresAtMs: 1 }).where('id', '=', expired.id).execute();
  const revoked = await keyWith(server, everywhere('administrator'));
  await keys.revoke({ kind: 'system' }, revoked.id);
  const other = await keyWith(server, everywhere('administrator'));
  const unknown = 'A'.repeat(43);
  const credentials: Record<string, Credentials | null> = {
    'no credentials': null,
    'an ended session': ended.as,
    'the session of a disabled person': disabled.as,
    'an unknown session': { cookie: `${sessionCookieName(config.address)}=${unknown}` },
    'an expired key': expired.as,
    'a revoked key': revoked.as,
    'a wrong secret': basic(other.id, revoked.secret),
    'the token of a wall': { cookie: `wall_1=${unknown}` },
    'the token of a hub sender': { authorization: `Bearer hub.${unknown}` },
  };
  return Object.entries(credentials).map(([label, as]) => ({
    column: 'nobody',
    letter: 0,
    label,
    as,
    personId: null,
  }));
}

export async function somebodies(server: TestServer): Promise<MatrixActor[]> {
  const none = await signedIn(server, 'no-role', []);
  const actors: MatrixActor[] = [
    { column: 'no role', letter: 0, label: 'no role', as: none.as, personId: none.id },
  ];
  for (const [letter, role] of roles.entries()) {
    const { as } = await keyWith(server, everywhere(role));
    actors.push({ column: 'key', letter, label: `key of ${role}`, as, personId: null });
    for (const column of columns) {
      const grants = grantsOf[column]?.(role);
      if (!grants || (role === 'administrator' && column !== 'everywhere')) continue;
      const person = await signedIn(server, `${role}-${column}`, grants);
      actors.push({ column, letter, label: `${role}, ${column}`, as: person.as, personId: person.id });
    }
  }
  return actors;
}
