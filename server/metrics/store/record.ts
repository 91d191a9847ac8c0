// Writes one observation to the part of its hour, and begins the next part when the hour, or the part, is over.
import type { Observation } from '@/lib/monitoring/observation';
import type { Archive } from './archive';
import { inSlice } from './database';
import { dayMs, hourMs, sliceSeries, ticksPerPart } from './intervals';
import { LivePart } from './live-part';
import type { Slices } from './upkeep';

export type Recorded = { begunPart: boolean /** Samples of series that are too many. */; refused: number };

/**
 * Within a transaction of the caller.
 * @param named by `nameSeries`, as far as they may be
 */
export function record(
  archive: Archive,
  { atMs, series, values }: Observation,
  maxSeries: number,
  named: boolean,
): Recorded {
  const hour = Math.floor(atMs / hourMs);
  const open = archive.openPart;
  const goesOn = isOf(open, hour);
  const part = goesOn ? open : beginPart(archive, hour);
  const columns = part.columnsOf(series, maxSeries, (some, room) =>
    archive.dictionary.idsOf(some, room, named),
  );
  part.write(atMs, columns, values);
  return {
    begunPart: !goesOn,
    refused: columns.reduce((count, column) => (column < 0 ? count + 1 : count), 0),
  };
}

/** Names what is new of an observation that is to be recorded: of tens of thousands of series that is what takes long. */
export function* nameSeries(archive: Archive, { atMs, series }: Observation, maxSeries: number): Slices {
  const { db, dictionary, openPart } = archive;
  const columns = isOf(openPart, Math.floor(atMs / hourMs)) ? openPart.columns.length : 0;
  const most = dictionary.size + Math.max(0, maxSeries - columns);
  for (let at = 0; at < series.length; at += sliceSeries) {
    const some = series.slice(at, at + sliceSeries);
    inSlice(db, () => dictionary.name(some, most, Math.floor(atMs / dayMs)));
    yield;
  }
}

const isOf = (part: LivePart | null, hour: number): part is LivePart =>
  part !== null && part.hour === hour && part.ticks < ticksPerPart;

function beginPart(archive: Archive, hour: number): LivePart {
  const { db } = archive;
  const open = archive.openPart;
  if (open) {
    db.prepare('update part set state = 1 where id = ?').run([open.id]);
    open.closed = true;
  }
  const { lastInsertRowid } = db.prepare('insert into part (hour, state) values (?, 0)').run([hour]);
  const part = new LivePart(db, Number(lastInsertRowid), hour, false);
  archive.live.push(part);
  return part;
}
