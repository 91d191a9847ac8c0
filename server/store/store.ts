// Opens the embedded store: directory, lock, pragmas, migrations, one kysely on one handle owned by one thread.
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { StartError } from '@/server/errors';
import { lockDataDir } from './data-lock';
import { migrate } from './migrate';
import type { Schema } from './schema';

/** The whole store or one transaction of it: repositories take either. */
export type Executor = Kysely<Schema>;

export type Store = {
  readonly db: Executor;
  /** Runs all or nothing; other queries wait, because there is one connection. */
  transaction<T>(work: (trx: Executor) => Promise<T>): Promise<T>;
  /** Rewrites the file and empties the write-ahead log: what was deleted or overwritten is in neither afterwards. */
  removeTraces(): void;
  close(): Promise<void>;
};

const busyTimeoutMs = 5_000;

/** @throws StartError with what to do when the directory is in use, not writable, or written by a newer program. */
export function openStore(dataDir: string): Store {
  createDataDir(dataDir);
  const lock = lockDataDir(dataDir);
  try {
    const handle = openDatabase(join(dataDir, 'landbridge.db'));
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: handle }) });
    let closed = false;
    return {
      db,
      transaction: (work) => db.transaction().execute(work),
      removeTraces() {
        handle.exec('vacuum');
        handle.exec('pragma wal_checkpoint(truncate)');
      },
      async close() {
        if (closed) return;
        closed = true;
        // destroy() waits for nothing and does nothing before the first query, so the handle is closed here in both cases.
        await db.destroy();
        if (handle.open) handle.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function createDataDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartError(
      `Cannot create the data directory ${dir}. Set LANDBRIDGE_DATA_DIR to a writable place.`,
      { cause: error },
    );
  }
}

function openDatabase(file: string): Database.Database {
  let handle: Database.Database;
  // Hashes and sealed secrets are in this file and in its write-ahead log: created for the owner only.
  const umask = process.umask(0o077);
  try {
    handle = new Database(file);
    handle.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    handle.exec('pragma journal_mode = wal');
    handle.exec('pragma synchronous = full');
    handle.exec('pragma foreign_keys = on');
    // What is deleted or overwritten is zeroed, not only forgotten.
    handle.exec('pragma secure_delete = on');
    chmodSync(file, 0o600);
    migrate(handle, file);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`Cannot open the store ${file}: it is damaged or not writable.`, { cause: error });
  } finally {
    process.umask(umask);
  }
  return handle;
}
