// What each link has committed for consumer groups, one row a group. The text is the engine's; nothing here reads it.
import type { StoredGroup } from '@/lib/contracts/engine';
import type { Executor } from './store';

/** SQLite binds at most 32,766 values in a statement; three a row. */
const rowsPerStatement = 5_000;

export async function listGroupMemory(db: Executor, linkId: string): Promise<StoredGroup[]> {
  const rows = await db
    .selectFrom('groupMemory')
    .select(['groupName', 'memory'])
    .where('linkId', '=', linkId)
    .orderBy('groupName')
    .execute();
  return rows.map(({ groupName, memory }) => ({ group: groupName, memory }));
}

export async function keepGroupMemory(
  db: Executor,
  linkId: string,
  { put, remove }: { put: readonly StoredGroup[]; remove: readonly string[] },
): Promise<void> {
  for (let at = 0; at < put.length; at += rowsPerStatement)
    await db
      .insertInto('groupMemory')
      .values(
        put
          .slice(at, at + rowsPerStatement)
          .map(({ group, memory }) => ({ linkId, groupName: group, memory })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['linkId', 'groupName'])
          .doUpdateSet((eb) => ({ memory: eb.ref('excluded.memory') })),
      )
      .execute();
  for (let at = 0; at < remove.length; at += rowsPerStatement)
    await db
      .deleteFrom('groupMemory')
      .where('linkId', '=', linkId)
      .where('groupName', 'in', remove.slice(at, at + rowsPerStatement))
      .execute();
}
