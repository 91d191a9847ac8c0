/**
 * Opens alerts.db: own file in the data directory, opened by the data thread only. What is in it cannot be made again, so a damaged one
 * or one of a newer program is an error that says what to do, and is never replaced.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import Database from 'libsql';
import { makePrivateFile } from '@/server/private-file';

/** Its message is for operators. */
export class AlertsDbError extends Error {
  override readonly name = 'AlertsDbError';
}

/** One list of statements for each `user_version`. Never changed afterwards, only followed by others. */
const migrations: readonly (readonly string[])[] = [
  [
    `create table alert (
      id text primary key, tenant text not null, console text not null, rule text not null, subject text not null,
      open integer not null, createdAtMs integer not null, clearedAtMs integer, parent text, body text not null
    ) strict`,
    'create unique index alertOpen on alert (tenant, console, rule, subject) where open = 1',
    'create index alertCleared on alert (tenant, clearedAtMs, id) where open = 0',
    'create index alertAge on alert (clearedAtMs) where open = 0',
    'create index alertParent on alert (parent) where parent is not null',
    `create table alertChange (
      alert text not null references alert (id) on delete cascade, number integer not null, atMs integer not null, kind text not null,
      severity text not null, value real, detail text not null, primary key (alert, number)
    ) strict, without rowid`,
    `create table judged (
      tenant text not null, console text not null, rule text not null, subject text not null, body text not null,
      primary key (tenant, console, rule, subject)
    ) strict, without rowid`,
    `create table outbox (
      id integer primary key autoincrement, tenant text not null, channel text not null, channelName text not null,
      alert text not null, rule text not null, title text not null, severity text not null, kind text not null,
      body text not null, state text not null, createdAtMs integer not null, attempts integer not null,
      triedAtMs integer, nextAtMs integer, said text
    ) strict`,
    "create index outboxWaiting on outbox (tenant, channel, id) where state = 'WAITING'",
    'create index outboxTenant on outbox (tenant, id)',
    'create index outboxAlert on outbox (alert)',
  ],
];

/** Nobody else should have it open; a backup may, for a moment. */
const busyTimeoutMs = 1_000;

/** @throws AlertsDbError */
export function openAlertsDb(file: string): Database.Database {
  let handle: Database.Database | null = null;
  try {
    checkHeader(file);
    makePrivateFile(file);
    handle = new Database(file);
    handle.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    handle.exec('pragma journal_mode = wal');
    // A CLEAR that was promised must be sent also after the power has failed.
    handle.exec('pragma synchronous = full');
    handle.exec('pragma foreign_keys = on');
    checkWhole(handle, file);
    migrate(handle, file);
    return handle;
  } catch (error) {
    if (handle?.open) handle.close();
    if (error instanceof AlertsDbError) throw error;
    throw new AlertsDbError(damaged(file, error instanceof Error ? error.message : String(error)), {
      cause: error,
    });
  }
}

/** SQLite takes a file shorter than a page for an empty one, and would write over it. */
function checkHeader(file: string): void {
  if (!existsSync(file)) return;
  const descriptor = openSync(file, 'r');
  try {
    const header = Buffer.alloc(16);
    const length = readSync(descriptor, header, 0, 16, 0);
    const wanted = Buffer.from('SQLite format 3\0', 'latin1');
    if (length > 0 && !header.equals(wanted)) throw new AlertsDbError(damaged(file, 'it is not a database'));
  } finally {
    closeSync(descriptor);
  }
}

function checkWhole(handle: Database.Database, file: string): void {
  const [row] = handle.prepare('pragma quick_check(1)').all([]) as { quick_check: string }[];
  if (row?.quick_check !== 'ok') throw new AlertsDbError(damaged(file, row?.quick_check ?? 'no answer'));
}

const damaged = (file: string, why: string) =>
  `${file} cannot be opened: it is damaged or not writable (${why}). No alerts are raised or sent until it is mended: restore it from a backup, ` +
  'or move it away and restart; open alerts, acknowledgements and messages that wait are lost then.';

function migrate(handle: Database.Database, file: string): void {
  const [row] = handle.prepare('pragma user_version').all([]) as { user_version: number }[];
  const current = row?.user_version ?? 0;
  if (current > migrations.length)
    throw new AlertsDbError(
      `${file} was written by a newer Landbridge (version ${current}, this program knows ${migrations.length}). Start the newer one.`,
    );
  for (let next = current; next < migrations.length; next++) {
    transaction(handle, () => {
      for (const statement of migrations[next] as readonly string[]) handle.exec(statement);
      handle.exec(`pragma user_version = ${next + 1}`);
    });
  }
}

/** All or nothing. Begins as a writer, so that nothing is prepared before it is known that it can write. */
export function transaction(db: Database.Database, work: () => void): void {
  db.exec('begin immediate');
  try {
    work();
    db.exec('commit');
  } catch (error) {
    // A full disk has rolled it back already.
    if (db.inTransaction) db.exec('rollback');
    throw error;
  }
}
