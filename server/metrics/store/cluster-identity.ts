/**
 * Which Kafka cluster the series of a name are about: another one under the same name begins anew, and does not go on with them. First
 * one asks, so that whatever else must end can end before: after a kill in between, all of it is done again.
 */
import type { Archive } from './archive';
import { inSlice } from './database';

/** Ids of Kafka clusters by the names that they are known by. */
export type ClusterIds = ReadonlyMap<string, string>;
/** Names of a file whose clusters are remembered; more can only be invented. */
const clustersRemembered = 10_000;

/** @returns names under which another cluster is recorded so far, with its id */
export function replacedBy({ db }: Archive, ids: ClusterIds): Map<string, string> {
  const rows = db
    .prepare('select name, kafkaId from cluster where name in (select value from json_each(?))')
    .raw()
    .all([JSON.stringify([...ids.keys()])]) as [string, string][];
  return new Map(rows.filter(([name, id]) => ids.get(name) !== id));
}

/** What was recorded of others under these names ends; durable with whatever is recorded next. */
export function identify(archive: Archive, ids: ClusterIds): Map<string, string> {
  const { db, dictionary } = archive;
  const ended = replacedBy(archive, ids);
  inSlice(db, () => {
    const [known] = db.prepare('select count(*) from cluster').raw().all([])[0] as [number];
    const put = db.prepare(
      known < clustersRemembered
        ? 'insert or replace into cluster (name, kafkaId) values (?, ?)'
        : 'update cluster set kafkaId = ?2 where name = ?1',
    );
    for (const one of ids) put.run(one);
    if (ended.size > 0) dictionary.forgetClusters([...ended.keys()]);
  });
  if (ended.size > 0) for (const part of archive.live) part.forgetColumns();
  return ended;
}
