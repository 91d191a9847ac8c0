/**
 * Opens the audit log at the start of the server: keys, rows from before the chain, what the last server left open, and the
 * row that says that this one has started. All or nothing: a server whose audit log cannot be opened does not start.
 */
import { randomUUID } from 'node:crypto';
import type { Log } from '@/server/log';
import {
  type AuditRow,
  clearUnchained,
  intentsWithoutOutcome,
  lastAuditRow,
  lastRowOf,
  listAuditKeys,
  listUnchained,
  readAuditHead,
  traceOfChain,
  type UnchainedRow,
} from '@/server/store/audit';
import type { Executor, Store } from '@/server/store/store';
import { AuditLog, type Operation } from './audit';
import { AuditChain, type ChainKey, type ForeignChange, type NewAuditRow } from './audit-chain';
import { chainKeyOf, keepChainKey, openChainKeys } from './audit-keys';
import { rowOf } from './audit-row';

export const startOperation = 'start server';
export const stopOperation = 'stop server';
export const foreignChangeOperation = 'find audit log changed';

const server = { type: 'server', name: 'Landbridge', scope: { kind: 'everywhere' } } as const;
const auditLog = { type: 'auditLog', name: 'audit log', scope: { kind: 'everywhere' } } as const;

const refusedShown = 10;
const refusedShownCharacters = 200;

export type OpenedAudit = { audit: AuditLog; key: ChainKey };

/** @param observe says what is to be seen of an operation whose end nobody recorded; null when there is nothing to look at */
export async function openAudit(options: {
  store: Store;
  secretKey: Buffer;
  version: string;
  log: Log;
  observe: (intent: AuditRow) => string | null;
  nowMs?: () => number;
}): Promise<OpenedAudit> {
  const { store, version, log, observe } = options;
  const nowMs = options.nowMs ?? Date.now;
  const key = chainKeyOf(options.secretKey);
  const keys = openChainKeys(key, await listAuditKeys(store.db));
  const chain = new AuditChain(key, keys, (change) => {
    const row = foreignChangeRow(change, nowMs());
    log('error', `${row.message}`);
    return row;
  });
  const unended = await intentsWithoutOutcome(
    store.db,
    (await lastRowOf(store.db, startOperation))?.seq ?? 0,
  );
  await store.transaction(async (trx) => {
    const started = event(
      { actor: { kind: 'system' }, operation: startOperation, target: server, details: { version } },
      nowMs(),
    );
    const earlier = await takeUnchained(trx, log, nowMs());
    await chain.append(trx, [
      ...earlier,
      ...unended.map((intent) => observed(intent, observe, nowMs())),
      started,
    ]);
    // After the first row: a key of the chain says that there was one.
    await keepChainKey(trx, key, nowMs());
  });
  if (unended.length > 0)
    log('warn', `${unended.length} audited operations had no end recorded; what is seen of them was added.`);
  return { audit: new AuditLog({ store, chain, log, nowMs }), key };
}

/** The last row of an orderly stop: a log that ends with another one was cut off, or its server died. */
export function recordStop(audit: AuditLog): Promise<string> {
  return audit.record({ actor: { kind: 'system' }, operation: stopOperation, target: server });
}

function event(operation: Operation, atMs: number): NewAuditRow {
  return rowOf(operation, {
    operationId: randomUUID(),
    kind: 'EVENT',
    atMs,
    result: 'OK',
    message: null,
    requestId: null,
  });
}

function observed(intent: AuditRow, observe: (intent: AuditRow) => string | null, atMs: number): NewAuditRow {
  const { seq: _, keyId: __, mac: ___, ...row } = intent;
  const seen = observe(intent) ?? 'What it has done cannot be seen from here: look at the object itself.';
  return {
    ...row,
    kind: 'OUTCOME',
    atMs,
    actorKind: 'system',
    actorId: null,
    actorName: 'system',
    sessionId: null,
    address: null,
    reason: null,
    details: null,
    before: null,
    after: null,
    result: 'OBSERVED',
    message: `The server stopped before the end of this was recorded. Seen at the next start: ${seen}`,
  };
}

function foreignChangeRow({ expected, found }: ForeignChange, atMs: number): NewAuditRow {
  const ends = found ? `ends with row ${found.seq} (${found.mac.slice(0, 16)}…)` : 'is empty';
  const what = expected
    ? `it should end with row ${expected.seq} (${expected.mac.slice(0, 16)}…) and ${ends}`
    : 'this store had one, and neither its rows nor its end are there any more';
  return changedFromOutside(what, { expected, found }, atMs);
}

function changedFromOutside(what: string, details: object, atMs: number): NewAuditRow {
  return {
    ...event(
      {
        actor: { kind: 'system' },
        operation: foreignChangeOperation,
        target: auditLog,
        severity: 'CRITICAL',
        details,
      },
      atMs,
    ),
    message: `The audit log was changed from outside: ${what}. Keep a copy of the data directory and run "npm run audit:verify".`,
  };
}

/**
 * Rows from before the chain keep their time and their words; that they were not chained then is said in their reason.
 * Only the first start of a chain takes them: whatever stands there later was put there by somebody else.
 */
async function takeUnchained(trx: Executor, log: Log, atMs: number): Promise<NewAuditRow[]> {
  const rows = await listUnchained(trx);
  if (rows.length === 0) return [];
  const begun =
    (await lastAuditRow(trx)) !== null ||
    (await readAuditHead(trx)) !== null ||
    (await traceOfChain(trx)) !== null;
  await clearUnchained(trx);
  if (!begun) return rows.map(fromUnchained);
  const row = changedFromOutside(
    `${rows.length} rows that no server wrote stood in the table of rows from before the chain, and were not taken into the log`,
    { refused: rows.length, first: rows.slice(0, refusedShown).map(outlined) },
    atMs,
  );
  log('error', `${row.message}`);
  return [row];
}

/** What the forged rows said, kept short: they may be of any size. */
function outlined({ atMs, actor, operation, target }: UnchainedRow): object {
  const short = (text: string) => text.slice(0, refusedShownCharacters);
  return { atMs, actor: short(actor), operation: short(operation), target: short(target) };
}

function fromUnchained(row: UnchainedRow): NewAuditRow {
  return {
    operationId: row.operationId,
    kind: row.kind,
    atMs: row.atMs,
    actorKind: row.actor === 'engine' ? 'engine' : row.actor.includes('key ') ? 'apiKey' : 'system',
    actorId: null,
    actorName: row.actor,
    sessionId: null,
    address: null,
    operation: row.operation,
    objectType: 'other',
    objectName: row.target,
    cluster: null,
    destination: null,
    link: null,
    severity: 'INFO',
    reason: 'Recorded before the log was chained.',
    details: row.details,
    before: null,
    after: null,
    result: row.result,
    message: row.message,
    requestId: null,
  };
}
