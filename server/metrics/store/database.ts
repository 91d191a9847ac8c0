/**
 * Opens the file of a history. What cannot be used (damaged, of another program, written by a newer Landbridge) is moved aside and
 * a new file is begun: history may be lost, but never keeps anything from starting. The store of links has nothing to do with it.
 */
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { Log } from '@/server/log';
import { makePrivateFile } from '@/server/private-file';
import { busyTimeoutMs, pageBytes, walCheckpointBytes, walLimitBytes } from './intervals';

/** "LBhi": SQLite keeps it in the file's head. */
const applicationId = 0x4c_42_68_69;
const version = 1;

/**
 * Ids of chunk, rollup and head are part × 2^32 + series or tick: what is read, sealed or dropped together lies together.
 * state of a part: 0 open, 1 closed, 2 sealed (ticks not removed yet), 3 clean, 4 being dropped; of a roll-up: 0 being made, 1 done,
 * 2 being dropped. Ids are never used twice.
 */
const schema = [
  'create table series (id integer primary key autoincrement, metric text not null, labels text not null, seenDay integer, unique (metric, labels)) strict',
  'create table part (id integer primary key autoincrement, hour integer not null, state integer not null, fromMs integer, toMs integer, ticks integer, rollUp integer, times blob, series blob) strict',
  'create table part_columns (part integer not null, first integer not null, ids blob not null, primary key (part, first)) strict, without rowid',
  'create table head (id integer primary key, atMs integer not null, vals blob not null) strict',
  'create table chunk (id integer primary key, vals blob not null) strict',
  'create table rollup_part (id integer primary key autoincrement, day integer not null, state integer not null, fromMs integer not null, toMs integer not null) strict',
  'create table rollup (id integer primary key, vals blob not null) strict',
];

/** Which Kafka cluster is recorded under a name. Came later: a file without it gets it, and one with it is read without it, too. */
const clusterTable =
  'create table if not exists cluster (name text primary key, kafkaId text not null) strict, without rowid';

class NotOurs extends Error {}

/** @throws when the place cannot be written to; nothing has been moved then */
export function openHistoryFile(file: string, cacheBytes: number, log: Log): Database.Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    return open(file, cacheBytes);
  } catch (error) {
    if (!isDamage(error)) throw error;
    moveAside(file, error, log);
    return open(file, cacheBytes);
  }
}

/** That the file is of no use, and not only that it could not be read just now. */
export function isDamage(error: unknown): boolean {
  if (error instanceof NotOurs) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT');
}

/** One file is kept aside, the last one: they are large. */
export function moveAside(file: string, error: unknown, log: Log): void {
  const aside = `${file}.unusable`;
  for (const end of ['', '-wal', '-shm']) {
    rmSync(`${aside}${end}`, { force: true });
    if (existsSync(`${file}${end}`)) renameSync(`${file}${end}`, `${aside}${end}`);
  }
  log(
    'error',
    `The history of metrics in ${file} cannot be used. It was moved to ${aside}, and a new history begins. Links are not touched by this.`,
    error,
  );
}

/** With its write-ahead log. */
export function bytesOnDisk(file: string): number {
  return ['', '-wal'].reduce(
    (sum, end) => sum + (existsSync(`${file}${end}`) ? statSync(`${file}${end}`).size : 0),
    0,
  );
}

/** Runs all or nothing. */
export function inTransaction<T>(db: Database.Database, work: () => T): T {
  db.exec('begin immediate');
  try {
    const result = work();
    db.exec('commit');
    return result;
  } catch (error) {
    if (db.inTransaction) db.exec('rollback');
    throw error;
  }
}

/**
 * The same for a slice of upkeep, without waiting for the disk: what comes later in the log is durable only together with it. A
 * power cut may take some slices back, which are then done again.
 */
export function inSlice<T>(db: Database.Database, work: () => T): T {
  db.exec('pragma synchronous = normal');
  try {
    return inTransaction(db, work);
  } finally {
    db.exec('pragma synchronous = full');
  }
}

export function pragma(db: Database.Database, name: string): number {
  const row = db.prepare(`pragma ${name}`).raw().all([])[0] as [number];
  return row[0];
}

function open(file: string, cacheBytes: number): Database.Database {
  // Names of topics and groups are in it and in its write-ahead log.
  makePrivateFile(file);
  let db: Database.Database | undefined;
  try {
    db = new Database(file);
    db.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    // Only a new file takes these. Rows of 2.5 kB would leave a third of a page of 4 KiB empty; free pages can be given back.
    db.exec(`pragma page_size = ${pageBytes}`);
    db.exec('pragma auto_vacuum = incremental');
    db.exec('pragma journal_mode = wal');
    db.exec('pragma synchronous = full');
    db.exec(`pragma cache_size = -${Math.round(cacheBytes / 1_024)}`);
    db.exec(`pragma wal_autocheckpoint = ${Math.round(walCheckpointBytes / pageBytes)}`);
    db.exec(`pragma journal_size_limit = ${walLimitBytes}`);
    prepareSchema(db);
    db.exec(clusterTable);
    return db;
  } catch (error) {
    if (db?.open) db.close();
    throw error;
  }
}

function prepareSchema(db: Database.Database): void {
  const found = { application: pragma(db, 'application_id'), version: pragma(db, 'user_version') };
  if (found.application === applicationId && found.version === version) return;
  if (found.application === applicationId)
    throw new NotOurs(
      `It was written by another version of Landbridge: it has format ${found.version}, this program knows ${version}.`,
    );
  const tables = db.prepare('select count(*) from sqlite_master').raw().all([])[0] as [number];
  if (found.application !== 0 || tables[0] > 0)
    throw new NotOurs('It is a database of another program, not a history of Landbridge.');
  inTransaction(db, () => {
    for (const statement of schema) db.exec(statement);
    db.exec(`pragma application_id = ${applicationId}`);
    db.exec(`pragma user_version = ${version}`);
  });
}
