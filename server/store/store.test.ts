import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from './migrate';
import { openStore } from './store';

let dir: string;
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'landbridge-store-')), 'data');
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

const cluster = { name: 'one', config: '{}', createdAtMs: 1, updatedAtMs: 1 };

describe('the store', () => {
  it('keeps what was committed across a restart, in files that only the owner can read', async () => {
    const first = openStore(dir);
    await first.db.insertInto('cluster').values(cluster).execute();
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, 'landbridge.db')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'landbridge.db-wal')).mode & 0o077).toBe(0);
    await first.close();
    const second = openStore(dir);
    expect(await second.db.selectFrom('cluster').selectAll().execute()).toEqual([cluster]);
    await second.close();
  });

  it('rolls a failed transaction back', async () => {
    const store = openStore(dir);
    const failing = store.transaction(async (trx) => {
      await trx.insertInto('cluster').values(cluster).execute();
      throw new Error('stop here');
    });
    await expect(failing).rejects.toThrow('stop here');
    expect(await store.db.selectFrom('cluster').selectAll().execute()).toEqual([]);
    await store.close();
  });

  it('refuses a second server on the same data directory and names the process', async () => {
    const store = openStore(dir);
    expect(() => openStore(dir)).toThrow(`in use by process ${process.pid}`);
    await store.close();
    await openStore(dir).close();
  });

  it('takes over the lock of a process that is gone', async () => {
    await openStore(dir).close();
    writeFileSync(
      join(dir, 'landbridge.lock'),
      JSON.stringify({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname(), processStart: '1' }),
    );
    await openStore(dir).close();
  });

  it('takes over the lock when the process id was given to another process', async () => {
    await openStore(dir).close();
    writeFileSync(
      join(dir, 'landbridge.lock'),
      JSON.stringify({ pid: process.ppid, host: (await import('node:os')).hostname(), processStart: '1' }),
    );
    await openStore(dir).close();
  });

  it('refuses a database that a newer program has written', async () => {
    await openStore(dir).close();
    const handle = new Database(join(dir, 'landbridge.db'));
    handle
      .prepare('insert into migration (number, name, appliedAtMs) values (?, ?, ?)')
      .run([99, 'later', 1]);
    handle.close();
    expect(() => openStore(dir)).toThrow('written by a newer Landbridge: it has migration 99');
  });
});

describe('a migration', () => {
  it('that fails leaves the database as it was', () => {
    const db = new Database(':memory:');
    const good = { number: 1, name: 'good', statements: ['create table a (x integer)'] };
    const bad = { number: 2, name: 'bad', statements: ['create table b (x integer)', 'create nonsense'] };
    expect(() => migrate(db, 'test.db', [good, bad])).toThrow('Migration 2 (bad) of test.db failed');
    const tables = db.prepare("select name from sqlite_master where name in ('a', 'b')").all([]);
    expect(tables).toEqual([{ name: 'a' }]);
    migrate(db, 'test.db', [good]);
    db.close();
  });
});
