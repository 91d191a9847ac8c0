// Which Kafka cluster the series of a name are about: another one under the same name begins anew, and does not go on with them.
import type { Archive } from './archive';
import { inTransaction } from './database';

/** Whether a name stands for the same Kafka cluster as before. */
export type Belonging = 'SAME' | 'ANOTHER';

/** @returns the id of the cluster whose history has ended now; null: none has */
export function identify(archive: Archive, cluster: string, kafkaId: string): string | null {
  const { db, dictionary } = archive;
  const rows = db.prepare('select kafkaId from cluster where name = ?').raw().all([cluster]) as [string][];
  const before = rows[0]?.[0] ?? null;
  if (before === kafkaId) return null;
  inTransaction(db, () => {
    db.prepare('insert or replace into cluster (name, kafkaId) values (?, ?)').run([cluster, kafkaId]);
    if (before !== null) dictionary.forgetCluster(cluster);
  });
  if (before !== null) for (const part of archive.live) part.forgetColumns();
  return before;
}
