// Keys of consoles that report to this hub, by their public half; of the secret only a SHA-256 is stored.
import type { HubSenderTable } from './schema';
import type { Executor } from './store';

export type StoredHubSender = HubSenderTable;

/** By console, newest first; revoked ones stay, so that names in the audit log can be looked up. */
export const listHubSenders = (db: Executor): Promise<StoredHubSender[]> =>
  db
    .selectFrom('hubSender')
    .selectAll()
    .orderBy('console')
    .orderBy('createdAtMs', 'desc')
    .orderBy('id')
    .execute();

export async function hubSenderById(db: Executor, id: string): Promise<StoredHubSender | null> {
  const [row] = await db.selectFrom('hubSender').selectAll().where('id', '=', id).execute();
  return row ?? null;
}

export async function insertHubSender(db: Executor, sender: StoredHubSender): Promise<void> {
  await db.insertInto('hubSender').values(sender).execute();
}

export async function revokeHubSender(db: Executor, id: string, atMs: number): Promise<void> {
  const open = db.updateTable('hubSender').set({ revokedAtMs: atMs }).where('id', '=', id);
  await open.where('revokedAtMs', 'is', null).execute();
}

export async function revokeHubSendersOf(db: Executor, console: string, atMs: number): Promise<void> {
  const open = db.updateTable('hubSender').set({ revokedAtMs: atMs }).where('console', '=', console);
  await open.where('revokedAtMs', 'is', null).execute();
}

/** Revoked ones of a console that is removed. */
export async function deleteHubSendersOf(db: Executor, console: string): Promise<void> {
  await db
    .deleteFrom('hubSender')
    .where('console', '=', console)
    .where('revokedAtMs', 'is not', null)
    .execute();
}

export async function recordHubSenderUse(
  db: Executor,
  id: string,
  atMs: number,
  address: string | null,
): Promise<void> {
  const use = { lastUsedAtMs: atMs, lastUsedFrom: address };
  await db.updateTable('hubSender').set(use).where('id', '=', id).execute();
}
