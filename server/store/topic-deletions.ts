// Topics that are to be deleted on a cluster: here from the moment that somebody asked until it is done or given up.
import type { TopicDeletionTable } from './schema';
import type { Executor } from './store';

export type TopicDeletion = TopicDeletionTable;

/** SQLite binds at most 32,766 values in a statement; nine a row. */
const rowsPerStatement = 3_000;

export const listTopicDeletions = (db: Executor): Promise<TopicDeletion[]> =>
  db.selectFrom('topicDeletion').selectAll().orderBy('askedAtMs').orderBy('topic').execute();

export async function insertTopicDeletions(db: Executor, deletions: readonly TopicDeletion[]): Promise<void> {
  for (let at = 0; at < deletions.length; at += rowsPerStatement)
    await db
      .insertInto('topicDeletion')
      .values(deletions.slice(at, at + rowsPerStatement))
      .execute();
}

export async function removeTopicDeletions(
  db: Executor,
  clusterId: string,
  topics: readonly string[],
): Promise<void> {
  for (let at = 0; at < topics.length; at += rowsPerStatement)
    await db
      .deleteFrom('topicDeletion')
      .where('clusterId', '=', clusterId)
      .where('topic', 'in', topics.slice(at, at + rowsPerStatement))
      .execute();
}

/** The cluster is not registered any more. */
export async function giveUpTopicDeletions(db: Executor, cluster: string): Promise<void> {
  await db.deleteFrom('topicDeletion').where('cluster', '=', cluster).execute();
}
