// Writes one observation to the part of its hour, and begins the next part when the hour, or the part, is over.
import type { Observation } from '@/lib/monitoring/observation';
import type { Archive } from './archive';
import { hourMs, ticksPerPart } from './intervals';
import { LivePart } from './live-part';

export type Recorded = { begunPart: boolean /** Samples of series that are too many. */; refused: number };

/** Within a transaction of the caller. */
export function record(archive: Archive, { atMs, series, values }: Observation, maxSeries: number): Recorded {
  const hour = Math.floor(atMs / hourMs);
  const open = archive.openPart;
  const goesOn = open !== null && open.hour === hour && open.ticks < ticksPerPart;
  const part = goesOn ? open : beginPart(archive, hour);
  const columns = part.columnsOf(series, maxSeries, (some, room) => archive.dictionary.idsOf(some, room));
  part.write(atMs, columns, values);
  return {
    begunPart: !goesOn,
    refused: columns.reduce((count, column) => (column < 0 ? count + 1 : count), 0),
  };
}

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
