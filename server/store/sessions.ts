// Sessions of people. The id is the SHA-256 of what the browser holds; the token itself is never stored.

import { personById, type StoredPerson } from './people';
import type { SessionTable } from './schema';
import type { Executor } from './store';

export type StoredSession = SessionTable;

export async function insertSession(db: Executor, session: StoredSession): Promise<void> {
  await db.insertInto('session').values(session).execute();
}

export async function sessionWithPerson(
  db: Executor,
  id: string,
): Promise<{ session: StoredSession; person: StoredPerson } | null> {
  const [session] = await db.selectFrom('session').selectAll().where('id', '=', id).execute();
  if (!session) return null;
  const person = await personById(db, session.personId);
  return person ? { session, person } : null;
}

/** Newest use first; ended ones are left out. */
export async function openSessionsOf(
  db: Executor,
  personId: string,
  nowMs: number,
): Promise<StoredSession[]> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('personId', '=', personId)
    .where('endedAtMs', 'is', null)
    .where('expiresAtMs', '>', nowMs)
    .orderBy('lastSeenAtMs', 'desc')
    .execute();
}

/** Later only: two requests may be told apart by less than what is stored. */
export async function touchSession(db: Executor, id: string, seenAtMs: number): Promise<void> {
  await db
    .updateTable('session')
    .set({ lastSeenAtMs: seenAtMs })
    .where('id', '=', id)
    .where('lastSeenAtMs', '<', seenAtMs)
    .execute();
}

/** The first end stands: one that has ended keeps its time and reason. @returns the ids that this call has ended */
export async function endSessions(
  db: Executor,
  which: { id: string } | { personId: string; except?: string },
  endedAtMs: number,
  endedWhy: string,
): Promise<string[]> {
  const query = db.updateTable('session').set({ endedAtMs, endedWhy }).where('endedAtMs', 'is', null);
  const chosen =
    'id' in which
      ? query.where('id', '=', which.id)
      : query.where('personId', '=', which.personId).where('id', '!=', which.except ?? '');
  const rows = await chosen.returning('id').execute();
  return rows.map(({ id }) => id);
}

/** Rows that ended or expired before that time. */
export async function deleteOldSessions(db: Executor, beforeMs: number): Promise<void> {
  await db
    .deleteFrom('session')
    .where((eb) => eb.or([eb('endedAtMs', '<', beforeMs), eb('expiresAtMs', '<', beforeMs)]))
    .execute();
}

/** Has this person a session, open or ended, that began at this address? */
export async function hasSignedInFrom(
  db: Executor,
  personId: string,
  address: string | null,
): Promise<boolean> {
  if (address === null) return false;
  const rows = await db
    .selectFrom('session')
    .select('id')
    .where('personId', '=', personId)
    .where('address', '=', address)
    .limit(1)
    .execute();
  return rows.length > 0;
}
