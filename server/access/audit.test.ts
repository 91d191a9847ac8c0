import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditRowsAfter, listAudit } from '@/server/store/audit';
import { openStore, type Store } from '@/server/store/store';
import type { AuditLog } from './audit';
import { inRequest } from './audit-context';
import { openAudit } from './audit-start';
import { verifyStore } from './audit-verify';

const secretKey = Buffer.alloc(32, 'k');
const actor = { kind: 'system' } as const;
const target = { type: 'cluster', name: 'west', scope: { kind: 'cluster', cluster: 'west' } } as const;
const operation = { actor, operation: 'add cluster', target };

let root: string;
let store: Store;
let audit: AuditLog;
let logged: string[];

async function open(): Promise<void> {
  store = openStore(join(root, 'data'));
  const log = (level: string, message: string) => void logged.push(`${level} ${message}`);
  const observe = () => 'cluster "west" is registered.';
  ({ audit } = await openAudit({ store, secretKey, version: '0', log, observe }));
}

async function reopen(): Promise<void> {
  await store.close();
  await open();
}

const insert = (trx: Store['db'], name: string) =>
  trx.insertInto('cluster').values({ name, config: '{}', createdAtMs: 1, updatedAtMs: 1 }).execute();
const clusterNames = async () =>
  (await store.db.selectFrom('cluster').select('name').execute()).map((c) => c.name);
const newest = async (count: number) => await listAudit(store.db, count);
const verified = () => verifyStore(store.db, secretKey);

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-audit-'));
  logged = [];
  await open();
});
afterEach(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

describe('an operation that talks to brokers', () => {
  it('has its intent on disk before it begins, and its outcome after it', async () => {
    await audit.around(operation, async () => {
      expect(await newest(1)).toMatchObject([{ kind: 'INTENT', operation: 'add cluster', cluster: 'west' }]);
    });
    expect(await newest(2)).toMatchObject([{ kind: 'OUTCOME', result: 'OK' }, { kind: 'INTENT' }]);
  });

  it('that fails has its error as outcome, and what was found out on the way', async () => {
    const failing = audit.around(operation, async (entry) => {
      entry.note({ after: { topics: 3 } });
      throw new Error('no broker answered');
    });
    await expect(failing).rejects.toThrow('no broker answered');
    expect((await newest(1))[0]).toMatchObject({
      result: 'FAILED',
      message: 'no broker answered',
      after: { topics: 3 },
    });
  });

  it('does not happen when its intent cannot be written', async () => {
    await store.db.schema.dropTable('auditHead').execute();
    let happened = false;
    const refused = audit.around(operation, async () => {
      happened = true;
    });
    await expect(refused).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(happened).toBe(false);
  });

  it('whose outcome cannot be written gets it when the store takes rows again', async () => {
    await audit.around(operation, async () => {
      await store.db.schema.alterTable('auditHead').renameTo('away').execute();
    });
    expect(logged.join()).toContain('The outcome of "add cluster" cannot be written');
    await store.db.schema
      .alterTable('away' as 'auditHead')
      .renameTo('auditHead')
      .execute();
    await audit.retryUnwritten();
    expect((await newest(1))[0]).toMatchObject({ kind: 'OUTCOME', result: 'OK' });
    expect((await verified()).problems).toEqual([]);
  });

  it('carries the id of the request that asked for it', async () => {
    await inRequest({ requestId: 'req-1', actor: null }, () =>
      audit.around(operation, async () => undefined),
    );
    expect(await newest(2)).toMatchObject([{ requestId: 'req-1' }, { requestId: 'req-1' }]);
    await audit.record(operation);
    expect((await newest(1))[0]?.requestId).toBeNull();
  });
});

describe('a change to the store alone', () => {
  it('commits with its rows', async () => {
    await audit.within(operation, (trx) => insert(trx, 'west'));
    expect(await clusterNames()).toEqual(['west']);
    expect(await newest(2)).toMatchObject([{ kind: 'OUTCOME', result: 'OK' }, { kind: 'INTENT' }]);
  });

  it('is undone when its rows cannot be written', async () => {
    const change = audit.within(operation, async (trx) => {
      await insert(trx, 'west');
      await trx.schema.dropTable('auditHead').execute();
    });
    await expect(change).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    expect(await clusterNames()).toEqual([]);
    expect((await verified()).problems).toEqual([]);
  });

  it('that fails is rolled back and recorded as failed', async () => {
    const change = audit.within(operation, async (trx) => {
      await insert(trx, 'west');
      throw new Error('that name is taken');
    });
    await expect(change).rejects.toThrow('that name is taken');
    expect(await clusterNames()).toEqual([]);
    expect(await newest(2)).toMatchObject([
      { result: 'FAILED', message: 'that name is taken' },
      { kind: 'INTENT' },
    ]);
    expect((await verified()).problems).toEqual([]);
  });
});

describe('refusals', () => {
  const refusal = { address: '203.0.113.9', actor: null, route: 'GET /api/links', code: 'UNAUTHENTICATED' };

  it('are kept when their row cannot be written, with those that come meanwhile', async () => {
    audit.refused(refusal);
    await store.db.schema.alterTable('auditHead').renameTo('away').execute();
    const failing = audit.recordRefusals();
    audit.refused(refusal);
    await expect(failing).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    await store.db.schema
      .alterTable('away' as 'auditHead')
      .renameTo('auditHead')
      .execute();
    await audit.recordRefusals();
    await audit.recordRefusals();
    const rows = (await newest(10)).filter(({ operation }) => operation === 'refuse requests');
    expect(rows).toMatchObject([{ result: 'REFUSED', details: { total: 2, refused: [{ count: 2 }] } }]);
  });
});

describe('the chain', () => {
  it('holds when operations run at the same time and some of them fail', async () => {
    const runs = Array.from({ length: 60 }, (_, i) => {
      const work = async () => {
        if (i % 7 === 0) throw new Error('on purpose');
        await insert(store.db, `c${i}`);
      };
      const change = async (trx: Store['db']) => {
        await insert(trx, `d${i}`);
        if (i % 5 === 0) throw new Error('on purpose');
      };
      return i % 2 === 0 ? audit.around(operation, work) : audit.within(operation, change);
    });
    await Promise.allSettled(runs);
    const { problems, rows } = await verified();
    expect(problems).toEqual([]);
    expect(rows).toBe(1 + 120);
  });

  it('reads back every text as it was authenticated', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const check = async (operationName: string, reason: string, value: string) => {
      await audit.record({ ...operation, operation: operationName, reason, details: { value } });
    };
    await fc.assert(fc.asyncProperty(text, text, text, check), { numRuns: 100 });
    await audit.record({ ...operation, reason: 'lone \ud800 surrogate and \0 NUL' });
    expect((await verified()).problems).toEqual([]);
  });

  it('refuses to change, remove or replace rows', async () => {
    await audit.record(operation);
    const change = store.db.updateTable('audit').set({ operation: 'nothing' }).execute();
    await expect(change).rejects.toThrow('never changed');
    await expect(store.db.deleteFrom('audit').execute()).rejects.toThrow('removed by retention only');
    const [row] = await auditRowsAfter(store.db, 1, 1);
    if (!row) throw new Error('no row');
    const replace = store.db
      .replaceInto('audit')
      .values({ ...row, operation: 'nothing' })
      .execute();
    await expect(replace).rejects.toThrow('added at its end only');
  });

  it('takes in the rows from before it at its first start, once', async () => {
    await store.close();
    rmSync(join(root, 'data'), { recursive: true });
    store = openStore(join(root, 'data'));
    await store.db
      .insertInto('auditUnchained')
      .values({
        operationId: 'old',
        kind: 'INTENT',
        atMs: 5,
        actor: 'API key robot',
        operation: 'create link',
        target: 'link orders (west → east)',
        details: '{"topics":["a"]}',
        result: null,
        message: null,
      })
      .execute();
    await reopen();
    await reopen();
    const old = (await listAudit(store.db, 100)).filter((row) => row.operationId === 'old');
    expect(old).toMatchObject([{ atMs: 5, actor: 'API key robot', details: { topics: ['a'] } }]);
    expect((await verified()).problems).toEqual([]);
  });
});

describe('after a crash', () => {
  it('an intent without outcome gets what the next start observes, once', async () => {
    const { operationId } = await audit.begin(operation);
    await reopen();
    await reopen();
    const rows = (await listAudit(store.db, 100)).filter((row) => row.operationId === operationId);
    expect(rows).toMatchObject([
      {
        kind: 'OUTCOME',
        result: 'OBSERVED',
        actor: 'system',
        cluster: 'west',
        message: expect.stringContaining('cluster "west" is registered'),
      },
      { kind: 'INTENT' },
    ]);
    expect((await verified()).problems).toEqual([]);
  });
});
