// Which series has which permanent id. Ids are given once and never again; nothing here knows of values.
import type Database from 'libsql';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { Labels, Series } from '@/lib/monitoring/observation';

/** More unknown series than this are looked up in one scan of all. */
const scanFrom = 500;

/** Ids of series as they are used in this process. May outlive an open file, but not a change of it by others. */
export type SeriesIds = { known: WeakMap<Series, number> };
export const noSeriesIds = (): SeriesIds => ({ known: new WeakMap() });

export class Dictionary {
  readonly #db: Database.Database;
  readonly #maxSeries: number;
  readonly #ids: SeriesIds;
  #size: number;

  constructor(db: Database.Database, maxSeries: number, ids: SeriesIds) {
    this.#db = db;
    this.#maxSeries = maxSeries;
    this.#ids = ids;
    this.#size = countOf(db);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Ids of the series, in order; null where a new one would be one too many. Within a transaction of the caller.
   * @param room new ones that the caller has a place for
   * @param named those that have one have been given it before: no other is looked for
   */
  idsOf(series: readonly Series[], room: number, named = false): (number | null)[] {
    const unknown = named ? [] : series.filter((one) => !this.#ids.known.has(one));
    if (unknown.length > 0) this.#lookUp(unknown, this.#size + room, null);
    return series.map((one) => this.#ids.known.get(one) ?? null);
  }

  /**
   * Gives ids to some series before they are recorded, each slice a transaction of the caller.
   * @param most how many series there may be in all
   * @param seenDay of those that are new: whatever becomes of what is to be recorded, they are forgotten in time
   */
  name(series: readonly Series[], most: number, seenDay: number): void {
    this.#lookUp(
      series.filter((one) => !this.#ids.known.has(one)),
      most,
      seenDay,
    );
  }

  /** Changes when ids that were given before don't count any more. */
  get known(): object {
    return this.#ids.known;
  }

  /** Series that have all these labels; of what is sealed of them, the newest is of `seenDay`. */
  match(metric: MetricName, labels: Labels): { id: number; labels: string; seenDay: number | null }[] {
    const wanted = Object.entries(labels);
    const where = wanted.map(() => ' and json_extract(labels, ?) = ?').join('');
    return this.#db
      .prepare(`select id, labels, seenDay from series where metric = ?${where} order by id`)
      .all([metric, ...wanted.flatMap(([name, value]) => [`$.${JSON.stringify(name)}`, value])]) as {
      id: number;
      labels: string;
      seenDay: number | null;
    }[];
  }

  /** That these had samples on that day. Ids in ascending order. */
  seen(ids: readonly number[], day: number): void {
    if (ids.length === 0) return;
    this.#db
      .prepare(
        'update series set seenDay = ? where id in (select value from json_each(?)) and (seenDay is null or seenDay < ?)',
      )
      .run([day, JSON.stringify(ids), day]);
  }

  /** Forgets series without a sample since that day. */
  forget(beforeDay: number): void {
    const { changes } = this.#db.prepare('delete from series where seenDay < ?').run([beforeDay]);
    if (changes === 0) return;
    this.#size -= changes;
    this.#ids.known = new WeakMap();
  }

  /** Forgets all that is about some clusters, with the links from and to them. Within a transaction of the caller. */
  forgetClusters(names: readonly string[]): void {
    const is = ['cluster', 'source', 'destination'].map(
      (label) => `json_extract(labels, '$.${label}') in (select value from json_each(?1))`,
    );
    this.#db.prepare(`delete from series where ${is.join(' or ')}`).run([JSON.stringify(names)]);
    this.#size = countOf(this.#db);
    this.#ids.known = new WeakMap();
  }

  #lookUp(series: readonly Series[], most: number, seenDay: number | null): void {
    const limit = Math.min(this.#maxSeries, most);
    const all = series.length > scanFrom ? this.#scan() : null;
    const find = this.#db.prepare('select id from series where metric = ? and labels = ?').raw();
    const insert = this.#db.prepare('insert into series (metric, labels, seenDay) values (?, ?, ?)');
    for (const one of series) {
      const labels = labelsText(one.labels);
      let id = all
        ? all.get(`${one.metric}${labels}`)
        : (find.all([one.metric, labels])[0] as [number] | undefined)?.[0];
      if (id === undefined) {
        if (this.#size >= limit) continue;
        id = Number(insert.run([one.metric, labels, seenDay]).lastInsertRowid);
        this.#size++;
        all?.set(`${one.metric}${labels}`, id);
      }
      this.#ids.known.set(one, id);
    }
  }

  #scan(): Map<string, number> {
    const rows = this.#db.prepare('select metric || labels, id from series').raw().all([]);
    return new Map(rows as [string, number][]);
  }
}

const countOf = (db: Database.Database): number =>
  (db.prepare('select count(*) from series').raw().all([])[0] as [number])[0];

/** The same for the same labels in any order. */
const labelsText = (labels: Labels): string =>
  JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
