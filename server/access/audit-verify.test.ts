import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAuditHead } from '@/server/store/audit';
import { readStore } from '@/server/store/audit-reader';
import { openStore, type Store } from '@/server/store/store';
import type { AuditLog } from './audit';
import { type AuditAnchor, anchorsIn, anchorText } from './audit-anchor';
import { resealChainKeys } from './audit-keys';
import { cutOldRows } from './audit-retention';
import { openAudit, recordStop } from './audit-start';
import { type Verdict, verifyStore } from './audit-verify';

const key = Buffer.alloc(32, 'k');
const newKey = Buffer.alloc(32, 'n');
const operation = {
  actor: { kind: 'system' },
  operation: 'add cluster',
  target: { type: 'cluster', name: 'west', scope: { kind: 'cluster', cluster: 'west' } },
} as const;

let root: string;
let dir: string;
let store: Store;
let audit: AuditLog;
let logged: string[];
let nowMs: number;

async function open(secretKey = key) {
  store = openStore(dir);
  const log = (level: string, message: string) => void logged.push(`${level} ${message}`);
  const opened = await openAudit({
    store,
    secretKey,
    version: '0',
    log,
    observe: () => null,
    nowMs: () => nowMs,
  });
  audit = opened.audit;
  return opened;
}

async function rows(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await audit.record({ ...operation, details: { i } });
}

async function anchor(): Promise<AuditAnchor> {
  const head = await readAuditHead(store.db);
  if (!head) throw new Error('The log is empty.');
  return { log: head.log, seq: head.seq, mac: head.mac, keyId: head.keyId, at: '2026-11-23T14:00:00Z' };
}

/** Somebody with the file and SQLite, but without the key. */
function tamper(...statements: string[]): void {
  const db = new Database(join(dir, 'landbridge.db'));
  for (const name of ['auditNeverChanged', 'auditNeverRemoved', 'auditOnlyAppended', 'auditCutNeverChanged'])
    db.exec(`drop trigger if exists ${name}`);
  for (const statement of statements) db.exec(statement);
  db.close();
}

const verify = (anchors: AuditAnchor[] = [], secretKey = key): Promise<Verdict> =>
  readStore(dir, (db) => verifyStore(db, secretKey, anchors));
const found = async (anchors: AuditAnchor[] = []) =>
  (await verify(anchors)).problems.map(({ kind, seq }) => `${kind} ${seq}`);

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-verify-'));
  dir = join(root, 'data');
  logged = [];
  nowMs = 1_000_000;
  await open();
  await rows(9);
});
afterEach(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

describe('the verifier finds', () => {
  it('nothing in a log that is whole, also while its server runs', async () => {
    expect(await verify([await anchor()])).toMatchObject({
      rows: 10,
      problems: [],
      end: { seq: 10 },
      anchors: 1,
    });
  });

  it.each([
    ['a changed text', "update audit set actorName = 'somebody else' where seq = 4"],
    ['a changed time', 'update audit set atMs = atMs - 1 where seq = 4'],
    ['a changed value', 'update audit set details = \'{"i":99}\' where seq = 4'],
    ['an emptied field', 'update audit set details = null where seq = 4'],
    ['a changed mac', `update audit set mac = '${'0'.repeat(64)}' where seq = 4`],
    ['a changed scope', "update audit set cluster = 'east' where seq = 4"],
  ])('%s, and names the row', async (_, statement) => {
    tamper(statement);
    expect((await found())[0]).toBe('CHANGED 4');
  });

  it('removed rows in the middle, and names the first', async () => {
    tamper('delete from audit where seq in (4, 5)');
    expect(await found()).toEqual(['REMOVED 4']);
  });

  it('removed rows whose successors were moved up', async () => {
    tamper('delete from audit where seq = 4', 'update audit set seq = seq - 1 where seq > 4');
    expect((await found())[0]).toBe('CHANGED 4');
  });

  it('removed rows at the beginning', async () => {
    tamper('delete from audit where seq <= 3');
    expect(await found()).toEqual(['BEGINNING_REMOVED 1']);
  });

  it('rows that were exchanged', async () => {
    tamper(
      'update audit set seq = 1000 where seq = 4',
      'update audit set seq = 4 where seq = 7',
      'update audit set seq = 7 where seq = 1000',
    );
    expect((await found()).slice(0, 2)).toEqual(['CHANGED 4', 'CHANGED 5']);
  });

  it('a row that was inserted at the end', async () => {
    tamper(`insert into audit select 11, 'forged', kind, atMs, actorKind, actorId, actorName, sessionId, address, operation,
      objectType, objectName, cluster, destination, link, severity, reason, details, before, after, result, message,
      requestId, keyId, mac from audit where seq = 10`);
    expect(await found()).toContain('INSERTED 11');
  });

  it('rows that were cut off the end, without an anchor', async () => {
    tamper('delete from audit where seq > 6');
    expect(await found()).toEqual(['CUT_OFF 7']);
  });

  it('rows that were cut off the end with its seal set back, by what a running server remembers', async () => {
    const before = await anchor();
    tamper('create table kept as select * from auditHead');
    await rows(5);
    tamper(
      'delete from audit where seq > 10',
      'delete from auditHead',
      'insert into auditHead select * from kept',
    );
    expect(await found()).toEqual([]);
    await rows(1);
    expect(logged.join()).toContain('The audit log was changed from outside: it should end with row 15');
    expect(await found([before])).toEqual(['REMOVED 11', 'FOUND_CHANGED 16']);
  });

  it('a whole log in an older copy of itself, by an anchor', async () => {
    await store.close();
    const copy = join(root, 'copy');
    cpSync(dir, copy, { recursive: true });
    await open();
    await rows(3);
    const told = await anchor();
    await store.close();
    rmSync(dir, { recursive: true });
    cpSync(copy, dir, { recursive: true });
    expect(await found()).toEqual([]);
    expect(await found([told])).toEqual(['CUT_OFF 11']);
    await open();
    await rows(10);
    expect((await found([told]))[0]).toBe(`CHANGED ${told.seq}`);
  });

  it('that the log was emptied', async () => {
    tamper('delete from audit');
    expect(await found()).toEqual(['CUT_OFF 1']);
    await store.close();
    await open();
    expect(await found()).toEqual(['BEGINNING_REMOVED 1', 'FOUND_CHANGED 11']);
  });

  const wipe = ['delete from audit', 'delete from auditHead', 'delete from auditCut'];

  it.each([
    ['nothing else', wipe],
    ['the keys of the chain too', [...wipe, 'delete from auditKey']],
    ['its end, which was forged', ['delete from audit', "update auditHead set seq = 0, seal = 'none'"]],
  ])('that the log was removed as a whole, and the next start records it: %s', async (_, statements) => {
    await store.db
      .insertInto('oneTimeLink')
      .values({ id: 'a', purpose: 'INVITE', createdAtMs: 1, expiresAtMs: 2, personId: null, usedAtMs: null })
      .execute();
    const told = await anchor();
    await store.close();
    tamper(...statements);
    expect((await found())[0]).toMatch(/^(BEGINNING_REMOVED|CUT_OFF) 1$/);
    await open();
    expect(await found()).toEqual(['FOUND_CHANGED 1']);
    expect(logged.join()).toContain('error The audit log was changed from outside: this store had one');
    expect((await found([told])).length).toBeGreaterThan(1);
  });

  it('a log that was begun anew in a store from which everything was removed, by an anchor', async () => {
    const told = await anchor();
    await store.close();
    tamper(...wipe, 'delete from auditKey');
    await open();
    expect(await found()).toEqual([]);
    expect(await found([told])).toEqual(['REPLACED 1']);
  });

  it('rows that were put among those from before the chain, which no later start takes in', async () => {
    tamper(`insert into auditUnchained (operationId, kind, atMs, actor, operation, target, result, message)
      values ('1', 'EVENT', 1, 'admin', 'delete link', 'orders (west → east)', 'OK', 'forged')`);
    expect(await found()).toEqual(['UNCHAINED 11']);
    await store.close();
    await open();
    expect(await found()).toEqual(['FOUND_CHANGED 11']);
    const [found11] = await store.db.selectFrom('audit').selectAll().where('seq', '=', 11).execute();
    expect(found11).toMatchObject({ actorName: 'system', severity: 'CRITICAL' });
    expect(found11?.details).toContain('delete link');
    const taken = store.db.selectFrom('audit').select('seq').where('operation', '=', 'delete link');
    expect(await taken.execute()).toEqual([]);
  });

  it('that it has another key than the log', async () => {
    const { problems, unlisted } = await verify([], newKey);
    expect(problems[0]).toMatchObject({ kind: 'KEY_UNKNOWN', seq: 1 });
    expect(problems.length + unlisted).toBeGreaterThanOrEqual(10);
  });
});

describe('a log', () => {
  it('stays verifiable when the key of the server is changed, twice', async () => {
    const third = Buffer.alloc(32, 't');
    for (const [from, to] of [
      [key, newKey],
      [newKey, third],
    ] as const) {
      await store.transaction((trx) => resealChainKeys(trx, from, to));
      await store.close();
      await open(to);
      await rows(2);
    }
    expect(await verify([], third)).toMatchObject({ rows: 16, problems: [] });
    tamper("update audit set operation = 'nothing' where seq = 4");
    expect((await verify([], third)).problems).toMatchObject([{ kind: 'CHANGED', seq: 4 }]);
  });

  it('stays verifiable when retention has removed its old rows, and only retention can do that', async () => {
    const told = await anchor();
    const opened = await reopened();
    nowMs = 5_000_000;
    await rows(3);
    const cut = { store, ...opened, actor: operation.actor, olderThanMs: 4_000_000, nowMs };
    expect(await cutOldRows(cut)).toBe(11);
    expect(await cutOldRows(cut)).toBe(0);
    expect(await verify([told])).toMatchObject({ rows: 4, problems: [] });
    tamper('update auditCut set seq = 12', 'delete from audit where seq = 12');
    expect((await found())[0]).toBe('BEGINNING_REMOVED 1');
  });

  it('ends with the stop of its server', async () => {
    await recordStop(audit);
    expect(await verify()).toMatchObject({ problems: [] });
  });
});

async function reopened() {
  await store.close();
  return open();
}

describe('anchors', () => {
  it('are found in a log file among other lines, and as a Kafka consumer prints them', async () => {
    const told = await anchor();
    const text = `2026-11-23T14:00:00.000Z INFO ${anchorText(told)}\nsomething else {broken\n${JSON.stringify(told)}\n`;
    expect(anchorsIn(text)).toEqual([told, told]);
  });

  it('of another log are a problem, unless they are said to be of another server', async () => {
    const told = { ...(await anchor()), log: 'another', seq: 99 };
    expect(await found([told, await anchor()])).toEqual(['REPLACED 1']);
    const verdict = await readStore(dir, (db) => verifyStore(db, key, [told], true));
    expect(verdict).toMatchObject({ problems: [], anchors: 0, otherAnchors: 1 });
  });
});
