/**
 * Seals a closed hour: rows of ticks become chunks of series. Until the last step the rows are what is read; that step makes the chunks
 * count, and removes nothing yet. A chunk that is there already is from the same rows: sealing goes on behind the last one.
 */
import type { Archive } from './archive';
import { inSlice, inTransaction } from './database';
import { dayMs, hourMs, sliceHeads } from './intervals';
import { firstId, type LivePart } from './live-part';
import { SealedPart } from './sealed-part';
import { takeSlice } from './slice';
import type { Slices } from './upkeep';
import { encodeValues } from './values-codec';
import { encodeWholeNumbers } from './whole-numbers';

export function* seal(archive: Archive, part: LivePart): Slices {
  while (part.load(sliceHeads)) yield;
  const order = part.times
    .map((_, tick) => tick)
    .sort((a, b) => (part.times[a] as number) - (part.times[b] as number));
  const ids = [...part.columns].sort((a, b) => a - b);
  const done = lastSealed(archive, part);
  const left = ids.filter((id) => id > done);
  for (let at = 0; at < left.length; ) {
    at += inSlice(archive.db, () => sealSome(archive, part, order, left, at));
    yield;
  }
  finish(archive, part, order, ids);
  yield;
  yield* removeHeads(archive);
}

/** Removes the rows of hours that are sealed. */
export function* removeHeads({ db }: Archive): Slices {
  const parts = db.prepare('select id from part where state = 2 order by id').raw().all([]) as [number][];
  for (const [id] of parts) {
    const some = db.prepare(
      'delete from head where id in (select id from head where id >= ? and id < ? order by id limit ?)',
    );
    while (inSlice(db, () => some.run([firstId(id), firstId(id + 1), sliceHeads])).changes > 0) yield;
    inTransaction(db, () => {
      db.prepare('delete from part_columns where part = ?').run([id]);
      db.prepare('update part set state = 3 where id = ?').run([id]);
    });
    yield;
  }
}

function sealSome(
  { db, dictionary, sliceMs }: Archive,
  part: LivePart,
  order: readonly number[],
  ids: readonly number[],
  at: number,
): number {
  const insert = db.prepare('insert or replace into chunk (id, vals) values (?, ?)');
  const count = takeSlice(ids, at, sliceMs, (id) => {
    const recorded = part.valuesOf(id);
    insert.run([firstId(part.id) + id, encodeValues(inOrder(recorded, order))]);
  });
  dictionary.seen(ids.slice(at, at + count), Math.floor((part.hour * hourMs) / dayMs));
  return count;
}

function inOrder(values: Float64Array, order: readonly number[]): Float64Array {
  if (order.every((tick, i) => tick === i)) return values;
  return Float64Array.from(order, (tick) => values[tick] as number);
}

function finish(archive: Archive, part: LivePart, order: readonly number[], ids: readonly number[]): void {
  const times = order.map((tick) => part.times[tick] as number);
  const fromMs = times[0];
  const toMs = times.at(-1);
  archive.live.splice(archive.live.indexOf(part), 1);
  if (fromMs === undefined || toMs === undefined) {
    archive.db.prepare('delete from part where id = ?').run([part.id]);
    return;
  }
  const row = { id: part.id, hour: part.hour, fromMs, toMs, ticks: times.length, rollUp: null };
  archive.db
    .prepare('update part set state = 2, fromMs = ?, toMs = ?, ticks = ?, times = ?, series = ? where id = ?')
    .run([fromMs, toMs, times.length, encodeWholeNumbers(times), encodeWholeNumbers(ids), part.id]);
  archive.sealed.push(new SealedPart(archive.db, row));
}

function lastSealed({ db }: Archive, part: LivePart): number {
  const rows = db
    .prepare('select max(id) from chunk where id >= ? and id < ?')
    .raw()
    .all([firstId(part.id), firstId(part.id + 1)]) as [number | null][];
  return (rows[0]?.[0] ?? firstId(part.id)) - firstId(part.id);
}
