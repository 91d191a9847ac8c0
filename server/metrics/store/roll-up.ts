/**
 * Rolls sealed hours of a day up to 5-minute buckets, one row for each series and day: usually the day after, early when the limit of
 * bytes takes the ticks. Until the last step the ticks are what is read; a row that is there already is from the same ticks.
 */
import { fiveMinutesMs } from '@/lib/monitoring/history';
import { type Archive, bucketsPerDay } from './archive';
import { axisOf } from './axis';
import { Buckets, encodeBuckets } from './buckets';
import { inSlice, inTransaction } from './database';
import { dayMs } from './intervals';
import { firstId } from './live-part';
import type { SealedPart } from './sealed-part';
import { takeSlice } from './slice';
import type { Slices } from './upkeep';

export const dayOf = (part: { hour: number }): number => Math.floor(part.hour / 24);

/** Days that are over, with hours that are in no roll-up. */
export function unrolledDays(archive: Archive): number[] {
  const newest = archive.live.reduce((most, part) => Math.max(most, dayOf(part)), Number.NEGATIVE_INFINITY);
  const days = archive.sealed.filter((part) => part.rollUp === null && dayOf(part) < newest).map(dayOf);
  return [...new Set(days)].sort((a, b) => a - b);
}

/** Rolls up what of the day is sealed and in no roll-up yet. */
export function* rollUpDay(archive: Archive, day: number): Slices {
  const parts = archive.sealed.filter((part) => part.rollUp === null && dayOf(part) === day);
  if (parts.length > 0) yield* rollUp(archive, day, parts);
}

/** @param parts hours of the day that are in no roll-up yet */
export function* rollUp(archive: Archive, day: number, parts: readonly SealedPart[]): Slices {
  const fromMs = Math.min(...parts.map((part) => part.fromMs));
  const toMs = Math.max(...parts.map((part) => part.toMs));
  const id = inTransaction(archive.db, () => {
    const { lastInsertRowid } = archive.db
      .prepare('insert into rollup_part (day, state, fromMs, toMs) values (?, 0, ?, ?)')
      .run([day, fromMs, toMs]);
    const assign = archive.db.prepare('update part set rollUp = ? where id = ?');
    for (const part of parts) assign.run([Number(lastInsertRowid), part.id]);
    return Number(lastInsertRowid);
  });
  for (const part of parts) part.rollUp = id;
  yield;
  yield* make(archive, { id, day, fromMs, toMs }, parts);
}

/** Goes on with roll-ups that were being made. */
export function* finishRollUps(archive: Archive): Slices {
  const begun = archive.db
    .prepare('select id, day, fromMs, toMs from rollup_part where state = 0 order by id')
    .all([]) as { id: number; day: number; fromMs: number; toMs: number }[];
  for (const one of begun) {
    const parts = archive.sealed.filter((part) => part.rollUp === one.id);
    yield* make(archive, one, parts);
  }
}

function* make(
  archive: Archive,
  { id, day, fromMs, toMs }: { id: number; day: number; fromMs: number; toMs: number },
  parts: readonly SealedPart[],
): Slices {
  const { db } = archive;
  const rows = db
    .prepare('select max(id) from rollup where id >= ? and id < ?')
    .raw()
    .all([firstId(id), firstId(id + 1)]) as [number | null][];
  const done = (rows[0]?.[0] ?? firstId(id)) - firstId(id);
  const ids = [...new Set(parts.flatMap((part) => part.series()))]
    .filter((one) => one > done)
    .sort((a, b) => a - b);
  const axis = axisOf(parts, fromMs, toMs);
  const insert = db.prepare('insert or replace into rollup (id, vals) values (?, ?)');
  for (let at = 0; at < ids.length; ) {
    at += inSlice(db, () =>
      takeSlice(ids, at, archive.sliceMs, (series) => {
        const buckets = new Buckets(day * dayMs, fiveMinutesMs, bucketsPerDay);
        const values = axis.valuesOf(series);
        for (let i = 0; i < values.length; i++) buckets.add(axis.timesMs[i] as number, values[i] as number);
        insert.run([firstId(id) + series, encodeBuckets(buckets)]);
      }),
    );
    yield;
  }
  db.prepare('update rollup_part set state = 1 where id = ?').run([id]);
  archive.rollUps.push({ id, day, fromMs, toMs });
  yield;
}
