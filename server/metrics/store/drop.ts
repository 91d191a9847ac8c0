// Drops ticks of an hour or a roll-up: at once for whoever reads, from the file in slices. Ticks are rolled up before they go.
import type { Archive, RollUp } from './archive';
import { inSlice } from './database';
import { firstId } from './live-part';
import { dayOf, rollUp } from './roll-up';
import type { SealedPart } from './sealed-part';
import { idsPerDelete } from './slice';
import type { Slices } from './upkeep';

export function* dropTicks(archive: Archive, part: SealedPart): Slices {
  if (part.rollUp === null) yield* rollUp(archive, dayOf(part), [part]);
  archive.db.prepare('update part set state = 4 where id = ?').run([part.id]);
  archive.sealed.splice(archive.sealed.indexOf(part), 1);
  yield;
  yield* remove(archive, 'part', 'chunk', part.id);
}

export function* dropRollUp(archive: Archive, old: RollUp): Slices {
  archive.db.prepare('update rollup_part set state = 2 where id = ?').run([old.id]);
  archive.rollUps.splice(archive.rollUps.indexOf(old), 1);
  yield;
  yield* remove(archive, 'rollup_part', 'rollup', old.id);
}

/** Goes on with what was being dropped. */
export function* removeDropped(archive: Archive): Slices {
  const ids = (sql: string) => archive.db.prepare(sql).raw().all([]) as [number][];
  for (const [id] of ids('select id from part where state = 4')) yield* remove(archive, 'part', 'chunk', id);
  for (const [id] of ids('select id from rollup_part where state = 2'))
    yield* remove(archive, 'rollup_part', 'rollup', id);
}

function* remove(
  { db }: Archive,
  partTable: 'part' | 'rollup_part',
  table: 'chunk' | 'rollup',
  id: number,
): Slices {
  const some = db.prepare(
    `delete from ${table} where id in (select id from ${table} where id >= ? and id < ? order by id limit ?)`,
  );
  while (inSlice(db, () => some.run([firstId(id), firstId(id + 1), idsPerDelete])).changes > 0) yield;
  db.prepare(`delete from ${partTable} where id = ?`).run([id]);
  yield;
}
