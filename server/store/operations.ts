// Promotes and failovers, one row per mirror: what was asked for, how far it is, and what became of it. Ends once, and is not changed after that.
import { sql } from 'kysely';
import { z } from 'zod';
import {
  type AnyOperationKind,
  anyOperationKind,
  type OperationCounts,
  type OperationOptions,
  type OperationOutcome,
  type OperationStatement,
  type OperationStep,
  operationOptions,
  operationOutcome,
  operationStatement,
  operationStep,
} from '@/lib/contracts/operation';
import { type RemakeWork, type StoredRemake, storedRemake } from '@/lib/contracts/remake';
import type { OperationTable } from './schema';
import type { Executor } from './store';

export type StoredOperation = Omit<
  OperationTable,
  'kind' | 'options' | 'outcome' | 'steps' | 'statement' | 'remake'
> & {
  kind: AnyOperationKind;
  options: OperationOptions;
  outcome: OperationOutcome | null;
  steps: OperationStep[];
  statement: OperationStatement | null;
  /** Null of operations that make no topic anew. */
  remake: StoredRemake | null;
};

/** SQLite binds at most 32,766 values in a statement; seventeen a row. */
const rowsPerInsert = 1_000;

export async function insertOperations(db: Executor, operations: readonly StoredOperation[]): Promise<void> {
  for (let at = 0; at < operations.length; at += rowsPerInsert) {
    await db
      .insertInto('operation')
      .values(operations.slice(at, at + rowsPerInsert).map(toRow))
      .execute();
  }
}

export async function listOpenOperations(db: Executor): Promise<StoredOperation[]> {
  const rows = await db.selectFrom('operation').selectAll().where('outcome', 'is', null).execute();
  return rows.map(fromRow);
}

export type OperationFilter = { topic?: string; group?: string; open?: boolean };

/** Newest first; of a group worst first. */
export async function listOperations(
  db: Executor,
  linkId: string,
  options: OperationFilter & { offset?: number; limit: number },
): Promise<StoredOperation[]> {
  let query = filtered(db, linkId, options).selectAll();
  if (options.open === true) query = query.where('outcome', 'is', null);
  if (options.group !== undefined) query = query.orderBy(worstFirst);
  const rows = await query
    .orderBy('startedAtMs', 'desc')
    .orderBy('topic')
    .orderBy('id')
    .limit(options.limit)
    .offset(options.offset ?? 0)
    .execute();
  return rows.map(fromRow);
}

const worstFirst = sql<number>`case when "outcome" is null then 1 when "outcome" = 'FAILED' then 0 when "outcome" = 'CANCELLED' then 2 else 3 end`;

/** By what became of them. */
export async function countOperations(
  db: Executor,
  linkId: string,
  filter: Omit<OperationFilter, 'open'>,
): Promise<OperationCounts> {
  const rows = await filtered(db, linkId, filter)
    .select(({ fn }) => ['outcome' as const, fn.countAll<number | bigint | string>().as('count')])
    .groupBy('outcome')
    .execute();
  const of = (outcome: string | null) => Number(rows.find((row) => row.outcome === outcome)?.count ?? 0);
  return { open: of(null), done: of('DONE'), failed: of('FAILED'), cancelled: of('CANCELLED') };
}

function filtered(db: Executor, linkId: string, { topic, group }: OperationFilter) {
  let query = db.selectFrom('operation').where('linkId', '=', linkId);
  if (topic !== undefined) query = query.where('topic', '=', topic);
  if (group !== undefined) query = query.where('auditOperationId', '=', group);
  return query;
}

export async function operationById(
  db: Executor,
  linkId: string,
  id: string,
): Promise<StoredOperation | null> {
  const [row] = await db
    .selectFrom('operation')
    .selectAll()
    .where('linkId', '=', linkId)
    .where('id', '=', id)
    .execute();
  return row ? fromRow(row) : null;
}

export type OperationProgress = {
  operationId: string;
  at: number;
  steps: OperationStep[];
  fencing: boolean;
  outcome: OperationOutcome | null;
  message: string | null;
  statement: OperationStatement | null;
  work?: RemakeWork;
};

/** @returns the operation as it is now; null when it is gone or has ended before */
export async function recordProgress(
  db: Executor,
  progress: OperationProgress,
): Promise<StoredOperation | null> {
  const atMs = Math.trunc(progress.at);
  const [row] = await db
    .updateTable('operation')
    .set((eb) => ({
      steps: JSON.stringify(progress.steps),
      outcome: progress.outcome,
      message: progress.message,
      endedAtMs: progress.outcome === null ? null : atMs,
      ...(progress.fencing ? { fencingAtMs: eb.fn.coalesce('fencingAtMs', eb.val(atMs)) } : {}),
      ...(progress.statement ? { statement: JSON.stringify(progress.statement) } : {}),
      ...(progress.work
        ? {
            remake: sql<string>`json_set("remake", '$.work', json(${JSON.stringify(progress.work)}))`,
          }
        : {}),
    }))
    .where('id', '=', progress.operationId)
    .where('outcome', 'is', null)
    .returningAll()
    .execute();
  return row ? fromRow(row) : null;
}

/** @returns false when it has ended, or may be fenced by now */
export async function askToCancel(db: Executor, id: string, atMs: number): Promise<boolean> {
  const result = await db
    .updateTable('operation')
    .set({ cancelAskedAtMs: atMs })
    .where('id', '=', id)
    .where('outcome', 'is', null)
    .where('fencingAtMs', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

const storedSteps = z.array(operationStep);

function fromRow(row: OperationTable): StoredOperation {
  return {
    ...row,
    kind: anyOperationKind.parse(row.kind),
    options: operationOptions.parse(JSON.parse(row.options)),
    outcome: row.outcome === null ? null : operationOutcome.parse(row.outcome),
    steps: storedSteps.parse(JSON.parse(row.steps)),
    statement: row.statement === null ? null : operationStatement.parse(JSON.parse(row.statement)),
    remake: row.remake === null ? null : storedRemake.parse(JSON.parse(row.remake)),
  };
}

function toRow(operation: StoredOperation): OperationTable {
  return {
    ...operation,
    options: JSON.stringify(operation.options),
    steps: JSON.stringify(operation.steps),
    statement: operation.statement === null ? null : JSON.stringify(operation.statement),
    remake: operation.remake === null ? null : JSON.stringify(operation.remake),
  };
}
