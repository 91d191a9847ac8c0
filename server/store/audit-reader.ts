// Opens the store for reading only, beside a server that may be running on it: takes no lock, changes nothing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { StartError } from '@/server/errors';
import type { Schema } from './schema';
import type { Executor } from './store';

const busyTimeoutMs = 5_000;

/**
 * Everything is read as it was at one moment, whatever is written meanwhile.
 *
 * @throws StartError when there is no store, or it cannot be read
 */
export async function readStore<T>(dataDir: string, read: (db: Executor) => Promise<T>): Promise<T> {
  const file = join(dataDir, 'landbridge.db');
  if (!existsSync(file))
    throw new StartError(`There is no store at ${file}. Name the data directory of the server.`);
  let handle: Database.Database;
  try {
    handle = new Database(file, { readonly: true });
    handle.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    handle.exec('pragma query_only = on');
  } catch (cause) {
    throw new StartError(`The store ${file} cannot be read. Run this as the user of the server.`, { cause });
  }
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: handle }) });
  try {
    return await db.transaction().execute(read);
  } finally {
    await db.destroy();
    if (handle.open) handle.close();
  }
}
