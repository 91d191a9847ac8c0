/**
 * The hour that is being recorded, or one that waits to be sealed: one row a tick, in the file and, once somebody has asked, in memory.
 * A row has a column for each series that had a sample since the part began; NaN where it had none. Knows no query and no roll-up.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type Database from 'libsql';
import type { Series } from '@/lib/monitoring/observation';
import { decodeWholeNumbers, encodeWholeNumbers } from './whole-numbers';

const idFactor = 2 ** 32;
/** First id of a part's rows; the next part's first is beyond its last. */
export const firstId = (part: number): number => part * idFactor;

export class LivePart {
  readonly id: number;
  readonly hour: number;
  closed: boolean;
  readonly #db: Database.Database;
  /** Ids of the series of the columns. */
  readonly columns: number[] = [];
  readonly #columnOf = new Map<number, number>();
  /** Times of the ticks in the order in which they came. */
  readonly times: number[] = [];
  /** Null: in the file only. */
  readonly #rows: (Float64Array | null)[] = [];
  #newestMs = Number.NEGATIVE_INFINITY;
  #oldestMs = Number.POSITIVE_INFINITY;
  #ascending = true;
  #series: readonly Series[] = [];
  #columnsOfSeries = new Int32Array();

  constructor(db: Database.Database, id: number, hour: number, closed: boolean) {
    this.#db = db;
    this.id = id;
    this.hour = hour;
    this.closed = closed;
    const columns = db.prepare('select ids from part_columns where part = ? order by first').raw();
    for (const [ids] of columns.all([id]) as [Buffer][]) this.#addColumns(decodeWholeNumbers(ids));
    const ticks = db.prepare('select atMs from head where id >= ? and id < ? order by id').raw();
    for (const [atMs] of ticks.all([firstId(id), firstId(id + 1)]) as [number][]) this.#addTick(atMs, null);
  }

  get fromMs(): number {
    return this.#oldestMs;
  }

  get toMs(): number {
    return this.#newestMs;
  }

  get ticks(): number {
    return this.times.length;
  }

  has(seriesId: number): boolean {
    return this.#columnOf.has(seriesId);
  }

  /** All samples of a series over `times`; NaN where there is none. */
  valuesOf(seriesId: number): Float64Array {
    const column = this.#columnOf.get(seriesId);
    const values = new Float64Array(this.times.length).fill(Number.NaN);
    if (column === undefined) return values;
    for (let tick = 0; tick < values.length; tick++) values[tick] = this.#row(tick)[column] ?? Number.NaN;
    return values;
  }

  /** The newest sample of a series from one time to another, both included. */
  latestOf(seriesId: number, fromMs: number, toMs: number): { atMs: number; value: number } | null {
    const column = this.#columnOf.get(seriesId);
    let latest: { atMs: number; value: number } | null = null;
    if (column === undefined) return latest;
    for (let tick = this.times.length - 1; tick >= 0; tick--) {
      const atMs = this.times[tick] as number;
      if (atMs < fromMs || atMs > toMs || (latest && atMs < latest.atMs)) continue;
      const value = this.#row(tick)[column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      latest = { atMs, value };
      if (this.#ascending) return latest;
    }
    return latest;
  }

  /** Columns of these series, −1 for one that may not be added. Within a transaction of the caller. */
  columnsOf(
    series: readonly Series[],
    maxSeries: number,
    idsOf: (series: readonly Series[], room: number) => (number | null)[],
  ): Int32Array {
    if (sameSeries(series, this.#series)) return this.#columnsOfSeries;
    const room = Math.max(0, maxSeries - this.columns.length);
    const ids = idsOf(series, room);
    const added = [...new Set(ids)]
      .filter((id): id is number => id !== null && !this.#columnOf.has(id))
      .slice(0, room);
    if (added.length > 0) {
      this.#db
        .prepare('insert into part_columns (part, first, ids) values (?, ?, ?)')
        .run([this.id, this.columns.length, encodeWholeNumbers(added)]);
      this.#addColumns(added);
    }
    this.#series = series;
    this.#columnsOfSeries = Int32Array.from(ids, (id) => (id === null ? -1 : (this.#columnOf.get(id) ?? -1)));
    return this.#columnsOfSeries;
  }

  /** The same series may have other ids from now on. */
  forgetColumns(): void {
    this.#series = [];
    this.#columnsOfSeries = new Int32Array();
  }

  /** Writes a tick; one at a time that was there is put on top of it. Within a transaction of the caller, or one of its own. */
  write(atMs: number, columns: Int32Array, values: Float64Array): void {
    const again = atMs <= this.#newestMs ? this.times.lastIndexOf(atMs) : -1;
    const row = new Float64Array(this.columns.length).fill(Number.NaN);
    if (again >= 0) row.set(this.#row(again));
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i] as number;
      // +0: −0 would come back as 0 from some chunks and as −0 from others.
      if (column >= 0 && Number.isFinite(values[i])) row[column] = (values[i] as number) + 0;
    }
    const tick = again >= 0 ? again : this.times.length;
    this.#db
      .prepare('insert or replace into head (id, atMs, vals) values (?, ?, ?)')
      .run([firstId(this.id) + tick, atMs, packRow(row)]);
    if (again >= 0) this.#rows[again] = row;
    else this.#addTick(atMs, row);
  }

  bytesInFile(): number {
    const sql = 'select total(length(vals)) from head where id >= ? and id < ?';
    const rows = this.#db
      .prepare(sql)
      .raw()
      .all([firstId(this.id), firstId(this.id + 1)]) as [number][];
    return rows[0]?.[0] ?? 0;
  }

  /** Reads some rows that are in the file only; false when there are none. */
  load(count: number): boolean {
    let left = count;
    for (let tick = 0; tick < this.#rows.length && left > 0; tick++) {
      if (this.#rows[tick]) continue;
      this.#row(tick);
      left--;
    }
    return left < count;
  }

  #row(tick: number): Float64Array {
    const inMemory = this.#rows[tick];
    if (inMemory) return inMemory;
    const found = this.#db
      .prepare('select vals from head where id = ?')
      .raw()
      .all([firstId(this.id) + tick]);
    const row = unpackRow((found[0] as [Buffer])[0]);
    this.#rows[tick] = row;
    return row;
  }

  #addColumns(ids: readonly number[]): void {
    for (const id of ids) this.#columnOf.set(id, this.columns.push(id) - 1);
  }

  #addTick(atMs: number, row: Float64Array | null): void {
    this.times.push(atMs);
    this.#rows.push(row);
    this.#ascending &&= atMs > this.#newestMs;
    this.#newestMs = Math.max(this.#newestMs, atMs);
    this.#oldestMs = Math.min(this.#oldestMs, atMs);
  }
}

/** Level 1: a row of 20,000 takes 4 ms; what compresses better is done once an hour. */
const packRow = (row: Float64Array): Buffer =>
  deflateRawSync(Buffer.from(row.buffer, row.byteOffset, row.byteLength), { level: 1 });

function unpackRow(bytes: Buffer): Float64Array {
  const plain = inflateRawSync(bytes);
  const row = new Float64Array(plain.length / 8);
  plain.copy(Buffer.from(row.buffer));
  return row;
}

function sameSeries(a: readonly Series[], b: readonly Series[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
