import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkSettings } from '@/lib/contracts/link';
import { operationOptions } from '@/lib/contracts/operation';
import { insertLink } from './links';
import {
  askToCancel,
  countOperations,
  insertOperations,
  listOpenOperations,
  listOperations,
  operationById,
  recordProgress,
  type StoredOperation,
} from './operations';
import { openStore, type Store } from './store';

let dir: string;
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'landbridge-operations-'));
  store = openStore(dir);
  await insertLink(store.db, {
    ...{ id: 'l', name: 'orders', source: 'west', destination: 'east' },
    ...{ sourceClusterId: 'w', destinationClusterId: 'e', cleanStopEpoch: null, createdAtMs: 1 },
    settings: linkSettings.parse({}),
  });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const operation = (id: string, over: Partial<StoredOperation> = {}): StoredOperation => ({
  id,
  linkId: 'l',
  topic: 'orders',
  kind: 'PROMOTE',
  options: operationOptions.parse({ openTransactions: 'leave' }),
  reason: 'We move over.',
  actor: 'ops',
  auditOperationId: 'a',
  startedAtMs: 10,
  cancelAskedAtMs: null,
  fencingAtMs: null,
  endedAtMs: null,
  outcome: null,
  remake: null,
  message: null,
  steps: [],
  statement: null,
  ...over,
});
const said = (over: object) => ({
  ...{ operationId: 'one', at: 20.4, steps: [], fencing: false, outcome: null, message: null },
  ...{ statement: null, ...over },
});

describe('the operations of a link', () => {
  it('are kept as they were asked for, newest first, and as far as they are', async () => {
    await insertOperations(store.db, [
      operation('one'),
      operation('two', { topic: 'more', startedAtMs: 11 }),
    ]);
    const step = { name: 'DRAIN', state: 'RUNNING', since: 20, endedAt: null, detail: '5 left' } as const;
    await recordProgress(store.db, said({ steps: [step] }));
    expect((await listOperations(store.db, 'l', { limit: 10 })).map(({ id }) => id)).toEqual(['two', 'one']);
    expect(await operationById(store.db, 'l', 'one')).toEqual(operation('one', { steps: [step] }));
    expect(await operationById(store.db, 'another', 'one')).toBeNull();
  });

  it('that were asked for together are listed worst first, in parts, and counted whole', async () => {
    await insertOperations(store.db, [
      operation('done', { topic: 'a' }),
      operation('going', { topic: 'b' }),
      operation('failed', { topic: 'c' }),
      operation('given up', { topic: 'd' }),
      operation('alone', { topic: 'e', auditOperationId: 'b', startedAtMs: 99 }),
    ]);
    await recordProgress(store.db, said({ operationId: 'done', outcome: 'DONE' }));
    await recordProgress(store.db, said({ operationId: 'failed', outcome: 'FAILED' }));
    await recordProgress(store.db, said({ operationId: 'given up', outcome: 'CANCELLED' }));
    const together = async (options: object) =>
      (await listOperations(store.db, 'l', { group: 'a', limit: 10, ...options })).map(({ id }) => id);
    expect(await together({})).toEqual(['failed', 'going', 'given up', 'done']);
    expect(await together({ offset: 1, limit: 2 })).toEqual(['going', 'given up']);
    expect(await together({ open: true })).toEqual(['going']);
    const counted = { open: 1, done: 1, failed: 1, cancelled: 1 };
    expect(await countOperations(store.db, 'l', { group: 'a' })).toEqual(counted);
    expect(await countOperations(store.db, 'l', {})).toEqual({ ...counted, open: 2 });
  });

  it('end once', async () => {
    await insertOperations(store.db, [operation('one')]);
    const ended = await recordProgress(store.db, said({ outcome: 'FAILED', message: 'Another id.' }));
    expect(ended).toMatchObject({ outcome: 'FAILED', endedAtMs: 20, message: 'Another id.' });
    expect(await recordProgress(store.db, said({ outcome: 'DONE' }))).toBeNull();
    expect(await listOpenOperations(store.db)).toEqual([]);
  });

  it('are one at a time for a mirror', async () => {
    await insertOperations(store.db, [operation('one')]);
    await expect(insertOperations(store.db, [operation('two')])).rejects.toThrow(/UNIQUE/);
    await recordProgress(store.db, said({ outcome: 'CANCELLED' }));
    await insertOperations(store.db, [operation('two')]);
  });

  it('can be taken back until the fence, which is remembered for good', async () => {
    await insertOperations(store.db, [operation('one'), operation('two', { topic: 'more' })]);
    expect(await askToCancel(store.db, 'one', 15)).toBe(true);
    await recordProgress(store.db, said({ operationId: 'two', fencing: true }));
    await recordProgress(store.db, said({ operationId: 'two', at: 30 }));
    expect(await operationById(store.db, 'l', 'two')).toMatchObject({ fencingAtMs: 20 });
    expect(await askToCancel(store.db, 'two', 40)).toBe(false);
  });
});
