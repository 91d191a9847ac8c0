/**
 * All that one open history file holds: the hours that are being recorded or wait to be sealed, the sealed ones, the roll-ups. Answers
 * what a query asks of a source; changes nothing in the file.
 */
import type Database from 'libsql';
import { fiveMinutesMs } from '@/lib/monitoring/history';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { Labels } from '@/lib/monitoring/observation';
import { type Axis, axisOf } from './axis';
import { type Buckets, decodeBuckets } from './buckets';
import { Dictionary, type SeriesIds } from './dictionary';
import { dayMs } from './intervals';
import { firstId, LivePart } from './live-part';
import { SealedPart } from './sealed-part';
import type { Candidate, HistorySource, Latest } from './source';

export type RollUp = { id: number; day: number; fromMs: number; toMs: number };
export const bucketsPerDay = dayMs / fiveMinutesMs;

export class Archive implements HistorySource {
  readonly db: Database.Database;
  readonly dictionary: Dictionary;
  /** Closed ones, and the open one at the end. */
  readonly live: LivePart[];
  /** By id, as recorded. */
  readonly sealed: SealedPart[];
  /** Those that are complete. */
  readonly rollUps: RollUp[];
  readonly sliceMs: number;

  constructor(db: Database.Database, ids: SeriesIds, rememberedSeries: number, sliceMs: number) {
    this.db = db;
    this.sliceMs = sliceMs;
    this.dictionary = new Dictionary(db, rememberedSeries, ids);
    const rows = (sql: string) => db.prepare(sql).all([]);
    const parts = rows(
      'select id, hour, state, fromMs, toMs, ticks, rollUp from part where state < 4 order by id',
    ) as {
      id: number;
      hour: number;
      state: number;
      fromMs: number;
      toMs: number;
      ticks: number;
      rollUp: number | null;
    }[];
    this.live = parts
      .filter(({ state }) => state < 2)
      .map(({ id, hour, state }) => new LivePart(db, id, hour, state === 1));
    this.sealed = parts.filter(({ state }) => state >= 2).map((row) => new SealedPart(db, row));
    this.rollUps = rows(
      'select id, day, fromMs, toMs from rollup_part where state = 1 order by id',
    ) as RollUp[];
  }

  get openPart(): LivePart | null {
    const last = this.live.at(-1);
    return last && !last.closed ? last : null;
  }

  get ticksFromMs(): number | null {
    return earliest([...this.sealed, ...this.live]);
  }

  get keptFromMs(): number | null {
    return earliest([...this.sealed, ...this.live, ...this.rollUps]);
  }

  match(metric: MetricName, labels: Labels, fromMs: number): Candidate[] {
    const fromDay = Math.floor(fromMs / dayMs);
    return this.dictionary
      .match(metric, labels)
      .filter(
        ({ id, seenDay }) =>
          (seenDay !== null && seenDay >= fromDay) || this.live.some((part) => part.has(id)),
      )
      .map(({ id, labels: text }) => ({ id, labels: JSON.parse(text) }));
  }

  hasRollUpsOnly(fromMs: number, toMs: number): boolean {
    const ticksFrom = this.ticksFromMs ?? Number.POSITIVE_INFINITY;
    return (
      this.rollUps.some((rollUp) => rollUp.fromMs < ticksFrom && overlaps(rollUp, fromMs, toMs)) &&
      fromMs < ticksFrom
    );
  }

  countTicks(fromMs: number, toMs: number): number {
    let count = 0;
    for (const part of this.#parts(fromMs, toMs)) {
      if (part.fromMs >= fromMs && part.toMs <= toMs) count += part.ticks;
      else for (const atMs of part.times) if (atMs >= fromMs && atMs <= toMs) count++;
    }
    return count;
  }

  ticks(fromMs: number, toMs: number): Axis {
    return axisOf(this.#parts(fromMs, toMs), fromMs, toMs);
  }

  /** A part that is in a roll-up counts there, and not here. */
  ticksNotRolledUp(fromMs: number, toMs: number): Axis {
    const rolledUp = new Set(this.rollUps.map(({ id }) => id));
    const parts = this.#parts(fromMs, toMs).filter(
      (part) => part instanceof LivePart || part.rollUp === null || !rolledUp.has(part.rollUp),
    );
    return axisOf(parts, fromMs, toMs);
  }

  addRollUps(seriesId: number, buckets: Buckets): void {
    const toMs = buckets.fromMs + buckets.length * buckets.stepMs - 1;
    for (const rollUp of this.rollUps) {
      if (!overlaps(rollUp, buckets.fromMs, toMs)) continue;
      const found = this.#bucketsOf(rollUp, seriesId);
      if (found) buckets.addAll(found);
    }
  }

  latest(seriesId: number, fromMs: number, toMs: number): Latest | null {
    let latest: Latest | null = null;
    const parts = this.#parts(fromMs, toMs).sort((a, b) => b.toMs - a.toMs || b.id - a.id);
    for (const part of parts) {
      if (latest && latest.atMs >= part.toMs) return latest;
      const found = part.latestOf(seriesId, fromMs, toMs);
      if (found && (!latest || found.atMs > latest.atMs)) latest = found;
    }
    return latest ?? this.#latestRolledUp(seriesId, fromMs, toMs);
  }

  #latestRolledUp(seriesId: number, fromMs: number, toMs: number): Latest | null {
    const rollUps = this.rollUps.filter((rollUp) => overlaps(rollUp, fromMs, toMs));
    for (const rollUp of rollUps.sort((a, b) => b.toMs - a.toMs)) {
      const buckets = this.#bucketsOf(rollUp, seriesId);
      if (!buckets) continue;
      for (let i = buckets.length - 1; i >= 0; i--) {
        const atMs = buckets.fromMs + i * buckets.stepMs;
        if (buckets.count[i] === 0 || atMs > toMs || atMs + buckets.stepMs <= fromMs) continue;
        return { atMs, value: buckets.last[i] as number };
      }
    }
    return null;
  }

  #bucketsOf(rollUp: RollUp, seriesId: number): Buckets | null {
    const rows = this.db
      .prepare('select vals from rollup where id = ?')
      .raw()
      .all([firstId(rollUp.id) + seriesId]) as [Buffer][];
    return rows[0] ? decodeBuckets(rows[0][0], rollUp.day * dayMs, fiveMinutesMs, bucketsPerDay) : null;
  }

  /** The older first. */
  #parts(fromMs: number, toMs: number): (SealedPart | LivePart)[] {
    return [...this.sealed, ...this.live]
      .filter((part) => overlaps(part, fromMs, toMs))
      .sort((a, b) => a.id - b.id);
  }
}

const overlaps = (part: { fromMs: number; toMs: number }, fromMs: number, toMs: number): boolean =>
  part.toMs >= fromMs && part.fromMs <= toMs;

function earliest(parts: readonly { fromMs: number }[]): number | null {
  const from = parts.reduce((least, part) => Math.min(least, part.fromMs), Number.POSITIVE_INFINITY);
  return Number.isFinite(from) ? from : null;
}
