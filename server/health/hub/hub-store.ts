/**
 * What a hub must know after a restart: what it last heard of each console, and which reports it has taken lately. In hub.db, owned by the data
 * thread. A power cut may lose the last second of it: a report is then taken twice, not lost.
 */
import { chmodSync } from 'node:fs';
import Database from 'libsql';
import { z } from 'zod';

/** A console may send again what is this old. */
const reportsKnownMs = 2 * 86_400_000;
const pruneEvery = 1_000;

const heard = z.object({
  consoleId: z.string(),
  name: z.string(),
  version: z.string(),
  mode: z.string(),
  intervalMs: z.number(),
  heardAtMs: z.number(),
  seenAtMs: z.number(),
  skewMs: z.number(),
  series: z.number(),
  unknownSeries: z.number(),
  dropped: z.number(),
  refused: z.number(),
  /** As of seenAtMs; see seen.ts. */
  seen: z.object({ clusters: z.array(z.unknown()), links: z.array(z.unknown()) }),
});
export type StoredHeard = z.infer<typeof heard>;

export class HubStore {
  readonly #db: Database.Database;
  #taken = 0;

  constructor(file: string) {
    this.#db = new Database(file);
    chmodSync(file, 0o600);
    this.#db.exec('pragma busy_timeout = 5000');
    this.#db.exec('pragma journal_mode = wal');
    this.#db.exec('pragma synchronous = normal');
    this.#db.exec('create table if not exists console (name text primary key, heard text not null) strict');
    this.#db.exec(
      'create table if not exists report (console text, id text, takenAtMs integer not null, primary key (console, id)) strict, without rowid',
    );
    this.#db.exec('create index if not exists reportByTime on report (takenAtMs)');
  }

  /** What cannot be read any more was written by another program, and is as if it had never been heard. */
  load(): Map<string, StoredHeard> {
    const rows = this.#db.prepare('select name, heard from console').all([]) as {
      name: string;
      heard: string;
    }[];
    return new Map(
      rows.flatMap(({ name, heard: json }): [string, StoredHeard][] => {
        const { data } = heard.safeParse(JSON.parse(json));
        return data ? [[name, data]] : [];
      }),
    );
  }

  isTaken(console: string, report: string): boolean {
    const found = this.#db
      .prepare('select 1 from report where console = ? and id = ?')
      .all([console, report]);
    return found.length > 0;
  }

  /** @param heard null: nothing newer was heard */
  take(console: string, report: string, takenAtMs: number, heard: StoredHeard | null): void {
    this.#db.exec('begin immediate');
    try {
      this.#db.prepare('insert or ignore into report values (?, ?, ?)').run([console, report, takenAtMs]);
      if (heard)
        this.#db
          .prepare(
            'insert into console values (?, ?) on conflict (name) do update set heard = excluded.heard',
          )
          .run([console, JSON.stringify(heard)]);
      if (++this.#taken % pruneEvery === 0)
        this.#db.prepare('delete from report where takenAtMs < ?').run([takenAtMs - reportsKnownMs]);
      this.#db.exec('commit');
    } catch (error) {
      this.#db.exec('rollback');
      throw error;
    }
  }

  forget(console: string): void {
    this.#db.exec('begin immediate');
    try {
      this.#db.prepare('delete from report where console = ?').run([console]);
      this.#db.prepare('delete from console where name = ?').run([console]);
      this.#db.exec('commit');
    } catch (error) {
      this.#db.exec('rollback');
      throw error;
    }
  }

  close(): void {
    if (this.#db.open) this.#db.close();
  }
}
