// How often signing in has failed lately, per account and per address. What they are called is stored hashed: people type
// passwords into the field for the name.
import type { SignInFailureTable } from './schema';
import type { Executor } from './store';

export async function signInFailuresOf(
  db: Executor,
  subjects: readonly string[],
): Promise<Map<string, SignInFailureTable>> {
  const rows = await db.selectFrom('signInFailure').selectAll().where('subject', 'in', subjects).execute();
  return new Map(rows.map((row) => [row.subject, row]));
}

export async function putSignInFailure(db: Executor, row: SignInFailureTable): Promise<void> {
  await db
    .insertInto('signInFailure')
    .values(row)
    .onConflict((on) => on.column('subject').doUpdateSet({ failures: row.failures, lastAtMs: row.lastAtMs }))
    .execute();
}

export async function deleteSignInFailures(db: Executor, subject: string): Promise<void> {
  await db.deleteFrom('signInFailure').where('subject', '=', subject).execute();
}

export async function deleteOldSignInFailures(db: Executor, beforeMs: number): Promise<void> {
  await db.deleteFrom('signInFailure').where('lastAtMs', '<', beforeMs).execute();
}
