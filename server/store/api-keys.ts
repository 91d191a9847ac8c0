// API keys by their public half. Of the secret only a SHA-256 is stored: it is 256 random bits, so nothing slower is needed.
import { type Grant, grant } from '@/lib/contracts/access';
import type { ApiKeyTable } from './schema';
import type { Executor } from './store';

export type StoredApiKey = Omit<ApiKeyTable, 'grant'> & { grant: Grant };

/** Newest first; revoked and expired keys stay, so that the log's names can be looked up. */
export async function listApiKeys(db: Executor): Promise<StoredApiKey[]> {
  const rows = await db
    .selectFrom('apiKey')
    .selectAll()
    .orderBy('createdAtMs', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

export async function apiKeyById(db: Executor, id: string): Promise<StoredApiKey | null> {
  const [row] = await db.selectFrom('apiKey').selectAll().where('id', '=', id).execute();
  return row ? fromRow(row) : null;
}

export async function insertApiKey(db: Executor, key: StoredApiKey): Promise<void> {
  await db
    .insertInto('apiKey')
    .values({ ...key, grant: JSON.stringify(key.grant) })
    .execute();
}

export async function revokeApiKey(db: Executor, id: string, atMs: number): Promise<void> {
  await db
    .updateTable('apiKey')
    .set({ revokedAtMs: atMs })
    .where('id', '=', id)
    .where('revokedAtMs', 'is', null)
    .execute();
}

export async function recordApiKeyUse(
  db: Executor,
  id: string,
  atMs: number,
  address: string | null,
): Promise<void> {
  await db
    .updateTable('apiKey')
    .set({ lastUsedAtMs: atMs, lastUsedFrom: address })
    .where('id', '=', id)
    .execute();
}

function fromRow({ grant: json, ...row }: ApiKeyTable): StoredApiKey {
  return { ...row, grant: grant.parse(JSON.parse(json)) };
}
