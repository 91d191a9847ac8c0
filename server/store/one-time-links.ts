// One-time links by the SHA-256 of their token. The token itself is never stored.
import type { OneTimeLinkTable } from './schema';
import type { Executor } from './store';

export const linkPurposes = ['SET_UP', 'INVITATION', 'PASSWORD_RESET', 'SIGN_IN'] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

export type StoredOneTimeLink = Omit<OneTimeLinkTable, 'purpose'> & { purpose: LinkPurpose };

export async function insertOneTimeLink(db: Executor, link: StoredOneTimeLink): Promise<void> {
  await db.insertInto('oneTimeLink').values(link).execute();
}

/** Null when there is none, when it was used, and when it is too old. */
export async function openOneTimeLink(
  db: Executor,
  id: string,
  nowMs: number,
): Promise<StoredOneTimeLink | null> {
  const [row] = await db
    .selectFrom('oneTimeLink')
    .selectAll()
    .where('id', '=', id)
    .where('usedAtMs', 'is', null)
    .where('expiresAtMs', '>', nowMs)
    .execute();
  const purpose = linkPurposes.find((known) => known === row?.purpose);
  return row && purpose ? { ...row, purpose } : null;
}

/** True for exactly one caller, whoever else tries at the same time. */
export async function markLinkUsed(db: Executor, id: string, nowMs: number): Promise<boolean> {
  const rows = await db
    .updateTable('oneTimeLink')
    .set({ usedAtMs: nowMs })
    .where('id', '=', id)
    .where('usedAtMs', 'is', null)
    .returning('id')
    .execute();
  return rows.length > 0;
}

/** All that a new link of this kind takes the place of. */
export async function deleteOpenLinks(
  db: Executor,
  purposes: readonly LinkPurpose[],
  personId: string | null,
): Promise<void> {
  await db
    .deleteFrom('oneTimeLink')
    .where('purpose', 'in', purposes)
    .where('personId', personId === null ? 'is' : '=', personId)
    .where('usedAtMs', 'is', null)
    .execute();
}

export async function deleteOldLinks(db: Executor, beforeMs: number): Promise<void> {
  await db.deleteFrom('oneTimeLink').where('expiresAtMs', '<', beforeMs).execute();
}
