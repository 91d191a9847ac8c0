// Rows of the audit log: an intent before the first call to a broker, an outcome after it. Only ever appended.
import type { Executor } from './store';

export type AuditIntent = {
  operationId: string;
  atMs: number;
  actor: string;
  operation: string;
  target: string;
  /** Never holds a secret. */
  details: Record<string, unknown> | null;
};
export type AuditOutcome = Omit<AuditIntent, 'details'> & { result: 'OK' | 'FAILED'; message: string | null };
export type AuditRow = AuditIntent & {
  kind: 'INTENT' | 'OUTCOME';
  result: string | null;
  message: string | null;
};

export async function insertIntent(db: Executor, intent: AuditIntent): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      ...intent,
      kind: 'INTENT',
      details: intent.details === null ? null : JSON.stringify(intent.details),
      result: null,
      message: null,
    })
    .execute();
}

export async function insertOutcome(db: Executor, outcome: AuditOutcome): Promise<void> {
  await db
    .insertInto('audit')
    .values({ ...outcome, kind: 'OUTCOME', details: null })
    .execute();
}

/** Newest first. */
export async function listAudit(db: Executor, limit: number): Promise<AuditRow[]> {
  const rows = await db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map(({ id: _, ...row }) => ({
    ...row,
    kind: row.kind === 'INTENT' ? 'INTENT' : 'OUTCOME',
    details: row.details === null ? null : JSON.parse(row.details),
  }));
}
