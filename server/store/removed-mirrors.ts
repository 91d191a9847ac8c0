// Topics that a person took off a link, so that nothing mirrors them again by itself.
import type { RemovedMirrorTable } from './schema';
import type { Executor } from './store';

export type RemovedMirror = RemovedMirrorTable;

/** SQLite binds at most 32,766 values in a statement. */
const rowsPerStatement = 5_000;

export const listRemovedMirrors = (db: Executor): Promise<RemovedMirror[]> =>
  db.selectFrom('removedMirror').selectAll().orderBy('linkId').orderBy('sourceTopic').execute();

export async function rememberRemoved(db: Executor, removed: readonly RemovedMirror[]): Promise<void> {
  for (let at = 0; at < removed.length; at += rowsPerStatement)
    await db
      .replaceInto('removedMirror')
      .values(removed.slice(at, at + rowsPerStatement))
      .execute();
}

/** A person wants them again. */
export async function forgetRemoved(
  db: Executor,
  linkId: string,
  sourceTopics: readonly string[],
): Promise<void> {
  for (let at = 0; at < sourceTopics.length; at += rowsPerStatement)
    await db
      .deleteFrom('removedMirror')
      .where('linkId', '=', linkId)
      .where('sourceTopic', 'in', sourceTopics.slice(at, at + rowsPerStatement))
      .execute();
}
