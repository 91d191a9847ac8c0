// An hour that is sealed: one compressed chunk for each series, times once for all. What is in it does not change any more.
import type Database from 'libsql';
import { firstId } from './live-part';
import { decodeValues } from './values-codec';
import { decodeWholeNumbers } from './whole-numbers';

export class SealedPart {
  readonly #db: Database.Database;
  readonly id: number;
  readonly hour: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly ticks: number;
  /** The roll-up that its samples are in, or that is being made of them. */
  rollUp: number | null;
  #times: number[] | null = null;

  constructor(
    db: Database.Database,
    row: { id: number; hour: number; fromMs: number; toMs: number; ticks: number; rollUp: number | null },
  ) {
    this.#db = db;
    this.id = row.id;
    this.hour = row.hour;
    this.fromMs = row.fromMs;
    this.toMs = row.toMs;
    this.ticks = row.ticks;
    this.rollUp = row.rollUp;
  }

  /** Ascending. */
  get times(): number[] {
    this.#times ??= this.#numbers('times');
    return this.#times;
  }

  /** Ids, ascending. Read from the file each time. */
  series(): number[] {
    return this.#numbers('series');
  }

  valuesOf(seriesId: number): Float64Array {
    const rows = this.#db
      .prepare('select vals from chunk where id = ?')
      .raw()
      .all([firstId(this.id) + seriesId]) as [Buffer][];
    if (!rows[0]) return new Float64Array(this.ticks).fill(Number.NaN);
    return decodeValues(rows[0][0], this.ticks);
  }

  latestOf(seriesId: number, fromMs: number, toMs: number): { atMs: number; value: number } | null {
    const values = this.valuesOf(seriesId);
    for (let tick = values.length - 1; tick >= 0; tick--) {
      const atMs = this.times[tick] as number;
      if (atMs < fromMs) return null;
      const value = values[tick] as number;
      if (atMs <= toMs && !Number.isNaN(value)) return { atMs, value };
    }
    return null;
  }

  #numbers(column: 'times' | 'series'): number[] {
    const rows = this.#db.prepare(`select ${column} from part where id = ?`).raw().all([this.id]);
    return decodeWholeNumbers((rows as [Buffer][])[0]?.[0] ?? Buffer.alloc(0));
  }
}
