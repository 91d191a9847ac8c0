// Requests for a second person's word, and what became of them. Rows change state forwards only; a use is recorded once.
import type { ApprovalTable } from './schema';
import type { Executor } from './store';

export type ApprovalState =
  | 'PENDING'
  | 'CONFIRMED'
  | 'REJECTED'
  | 'WITHDRAWN'
  | 'STALE'
  | 'BROKEN_GLASS'
  | 'USED';
export type StoredApproval = Omit<ApprovalTable, 'state'> & { state: ApprovalState };

const states: readonly string[] = [
  'PENDING',
  'CONFIRMED',
  'REJECTED',
  'WITHDRAWN',
  'STALE',
  'BROKEN_GLASS',
  'USED',
] satisfies ApprovalState[];

/** Newest first. */
export async function listApprovals(db: Executor, limit: number): Promise<StoredApproval[]> {
  const rows = await db
    .selectFrom('approval')
    .selectAll()
    .orderBy('requestedAtMs', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}

export async function approvalById(db: Executor, id: string): Promise<StoredApproval | null> {
  const [row] = await db.selectFrom('approval').selectAll().where('id', '=', id).execute();
  return row ? fromRow(row) : null;
}

/** Of one person for one operation on one target, not yet used or closed, newest first. */
export async function openApprovals(
  db: Executor,
  of: { requestedBy: string; operation: string; target: string },
): Promise<StoredApproval[]> {
  const rows = await db
    .selectFrom('approval')
    .selectAll()
    .where('requestedBy', '=', of.requestedBy)
    .where('operation', '=', of.operation)
    .where('target', '=', of.target)
    .where('state', 'in', ['PENDING', 'CONFIRMED', 'BROKEN_GLASS'])
    .orderBy('requestedAtMs', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(fromRow);
}

/** What this person has confirmed, or begun alone, and nobody has used yet: it counts no more, whatever the person may again. */
export async function voidDecisionsOf(db: Executor, personId: string): Promise<void> {
  await db
    .updateTable('approval')
    .set({ state: 'STALE' satisfies ApprovalState })
    .where('decidedBy', '=', personId)
    .where('state', 'in', ['CONFIRMED', 'BROKEN_GLASS'])
    .execute();
}

export async function insertApproval(db: Executor, approval: StoredApproval): Promise<void> {
  await db.insertInto('approval').values(approval).execute();
}

/** @returns false when the row was no longer in the state `from`: somebody else was faster */
export async function moveApproval(
  db: Executor,
  id: string,
  from: ApprovalState,
  to: Partial<Omit<StoredApproval, 'id'>> & { state: ApprovalState },
): Promise<boolean> {
  const result = await db
    .updateTable('approval')
    .set(to)
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Whatever became of them: the audit log has it. @param beforeMs when they expired */
export async function deleteExpiredApprovals(db: Executor, beforeMs: number): Promise<void> {
  await db.deleteFrom('approval').where('expiresAtMs', '<', beforeMs).execute();
}

function fromRow(row: ApprovalTable): StoredApproval {
  if (!isState(row.state)) throw new Error(`Approval ${row.id} has the unknown state ${row.state}`);
  return { ...row, state: row.state };
}

const isState = (state: string): state is ApprovalState => states.includes(state);
