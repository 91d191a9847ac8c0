// Rows of the audit log and what holds them together: head, keys, cuts. Rows are only ever added (triggers hold that); what
// they say and how they are chained is decided in server/access.
import { type Selectable, sql } from 'kysely';
import type { AuditCutTable, AuditHeadTable, AuditKeyTable, AuditTable, AuditUnchainedTable } from './schema';
import type { Executor } from './store';

export type AuditRow = AuditTable;
export type AuditHead = Omit<AuditHeadTable, 'id'>;
export type AuditKeyRow = AuditKeyTable;
export type AuditCut = AuditCutTable;
export type UnchainedRow = Selectable<AuditUnchainedTable>;

/** SQLite takes 32,766 values in a statement. */
const rowsAtOnce = 1_000;

export async function insertAuditRows(trx: Executor, rows: readonly AuditRow[]): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce)
    await trx
      .insertInto('audit')
      .values(rows.slice(at, at + rowsAtOnce))
      .execute();
}

export async function readAuditHead(db: Executor): Promise<AuditHead | null> {
  const row = await db
    .selectFrom('auditHead')
    .select(['log', 'seq', 'mac', 'keyId', 'seal'])
    .executeTakeFirst();
  return row ?? null;
}

export async function writeAuditHead(trx: Executor, head: AuditHead): Promise<void> {
  await trx
    .insertInto('auditHead')
    .values({ id: 1, ...head })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(head))
    .execute();
}

export async function lastAuditRow(db: Executor): Promise<{ seq: number; mac: string } | null> {
  const row = await db
    .selectFrom('audit')
    .select(['seq', 'mac'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** In the order of the chain, from the row after `afterSeq` on. */
export function auditRowsAfter(db: Executor, afterSeq: number, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().where('seq', '>', afterSeq).orderBy('seq').limit(limit).execute();
}

export function listAuditKeys(db: Executor): Promise<AuditKeyRow[]> {
  return db.selectFrom('auditKey').selectAll().orderBy('createdAtMs').execute();
}

export async function putAuditKey(trx: Executor, key: AuditKeyRow): Promise<void> {
  await trx
    .insertInto('auditKey')
    .values(key)
    .onConflict((conflict) => conflict.column('keyId').doUpdateSet({ sealed: key.sealed }))
    .execute();
}

export function listAuditCuts(db: Executor): Promise<AuditCut[]> {
  return db.selectFrom('auditCut').selectAll().orderBy('seq').execute();
}

/** The last row of the unbroken beginning of the log that is older than `beforeMs`; the newest row of all always stays. */
export async function lastRowBefore(db: Executor, beforeMs: number): Promise<AuditRow | null> {
  const younger = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.min('seq').as('seq'))
    .where('atMs', '>=', beforeMs)
    .executeTakeFirst();
  const last = await lastAuditRow(db);
  if (!last) return null;
  const row = await db
    .selectFrom('audit')
    .selectAll()
    .where('seq', '<', younger?.seq ?? last.seq)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Records the cut first: only then may the rows up to it go. @returns how many went */
export async function cutAudit(trx: Executor, cut: AuditCut): Promise<number> {
  await trx.insertInto('auditCut').values(cut).execute();
  const { numDeletedRows } = await trx.deleteFrom('audit').where('seq', '<=', cut.seq).executeTakeFirst();
  return Number(numDeletedRows);
}

export function listUnchained(db: Executor): Promise<UnchainedRow[]> {
  return db.selectFrom('auditUnchained').selectAll().orderBy('id').execute();
}

/**
 * What only a server with a chained log leaves in its store; null in one that never had such a log. Clusters and links are
 * not asked for: stores from before the chain have them too.
 */
export async function traceOfChain(db: Executor): Promise<string | null> {
  const traces = ['auditKey', 'auditCut', 'person', 'session', 'apiKey', 'approval', 'oneTimeLink'] as const;
  for (const table of traces) {
    const row = await db.selectFrom(table).select(sql<number>`1`.as('there')).limit(1).executeTakeFirst();
    if (row) return table;
  }
  const event = await db
    .selectFrom('linkEvent')
    .select('operationId')
    .where('operationId', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return event ? 'linkEvent' : null;
}

export async function clearUnchained(trx: Executor): Promise<void> {
  await trx.deleteFrom('auditUnchained').execute();
}

/** Intents after `afterSeq` that have no outcome. */
export function intentsWithoutOutcome(db: Executor, afterSeq: number): Promise<AuditRow[]> {
  return db
    .selectFrom('audit as intent')
    .selectAll()
    .where('intent.kind', '=', 'INTENT')
    .where('intent.seq', '>', afterSeq)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('audit as outcome')
            .select('outcome.seq')
            .whereRef('outcome.operationId', '=', 'intent.operationId')
            .where('outcome.kind', '=', 'OUTCOME'),
        ),
      ),
    )
    .orderBy('intent.seq')
    .execute();
}

/** The last row of an operation that the server itself records; null when there is none. */
export async function lastRowOf(db: Executor, operation: string): Promise<AuditRow | null> {
  const row = await db
    .selectFrom('audit')
    .selectAll()
    .where('operation', '=', operation)
    .where('actorKind', '=', 'system')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Newest first, row by row; structured values as they were written. */
export async function listAudit(db: Executor, limit: number) {
  const rows = await db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(limit).execute();
  return rows.map(({ actorName, objectName, ...row }) => ({
    ...row,
    actor: actorName,
    target: objectName,
    details: parsed(row.details),
    before: parsed(row.before),
    after: parsed(row.after),
  }));
}

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
