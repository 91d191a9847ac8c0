// Alerts, their changes, and what is remembered of subjects, in alerts.db. Callers hold the transaction.
import type Database from 'libsql';
import type { AlertChange } from '@/lib/contracts/monitoring/alerts';
import type { Memory, Remembered } from '../evaluate';
import type { Judged } from '../judged';
import type { AlertBody, OpenAlert, Unsaved } from '../open-alert';
import type { Place } from '../place';

export type StoredAlert = { place: Place; rule: string; subject: string; body: AlertBody };
type AlertRow = { tenant: string; console: string; rule: string; subject: string; body: string };
type ChangeRow = Omit<AlertChange, 'at'> & { atMs: number };

/** Keys hold NUL between values, and a text column ends there. */
const keyText = (key: string): string => JSON.stringify(key);

export class AlertRows {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  save({ alerts, changes }: Unsaved): void {
    const put = this.#db.prepare(
      `insert into alert (id, tenant, console, rule, subject, open, createdAtMs, clearedAtMs, parent, body) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (id) do update set open = excluded.open, clearedAtMs = excluded.clearedAtMs, parent = excluded.parent, body = excluded.body`,
    );
    for (const { place, rule, subject, body } of alerts) {
      const { id, createdAtMs, clearedAtMs, parent } = body;
      const open = clearedAtMs === null ? 1 : 0;
      const key = [place.tenant, place.console, rule.id, keyText(subject)];
      put.run([id, ...key, open, createdAtMs, clearedAtMs, parent, JSON.stringify(body)]);
    }
    const add = this.#db.prepare(
      'insert into alertChange (alert, number, atMs, kind, severity, value, detail) values (?, ?, ?, ?, ?, ?, ?)',
    );
    for (const { alert, number, change } of changes)
      add.run([alert, number, change.at, change.kind, change.severity, change.value, change.detail]);
  }

  remember(place: Place, all: readonly Remembered[]): void {
    const put = this.#db.prepare(
      'insert or replace into judged (tenant, console, rule, subject, body) values (?, ?, ?, ?, ?)',
    );
    const forget = this.#db.prepare(
      'delete from judged where tenant = ? and console = ? and rule = ? and subject = ?',
    );
    for (const { rule, key, judged } of all) {
      const at = [place.tenant, place.console, rule, keyText(key)];
      if (judged) put.run([...at, JSON.stringify(judged)]);
      else forget.run(at);
    }
  }

  /** All that was remembered, by place; `known` says of which rules. */
  memories(known: (rule: string) => boolean): { place: Place; memory: Memory }[] {
    const places = new Map<string, { place: Place; memory: Memory }>();
    const rows = this.#db
      .prepare('select tenant, console, rule, subject, body from judged')
      .all([]) as AlertRow[];
    for (const { tenant, console, rule, subject, body } of rows) {
      if (!known(rule)) continue;
      const key = `${tenant}\u0000${console}`;
      const own = places.get(key) ?? { place: { tenant, console }, memory: new Map() };
      places.set(key, own);
      const subjects = own.memory.get(rule) ?? new Map<string, Judged>();
      own.memory.set(rule, subjects);
      subjects.set(JSON.parse(subject) as string, JSON.parse(body) as Judged);
    }
    return [...places.values()];
  }

  /** Of a rule that this program does not know. */
  orphan(id: string, atMs: number): void {
    this.#db.prepare('update alert set open = 0, clearedAtMs = ? where id = ?').run([atMs, id]);
  }

  /** Alerts of a place with their changes, and what is remembered of it. Messages of them stay: they are what others were told. */
  forget({ tenant, console }: Place): void {
    for (const table of ['alert', 'judged'])
      this.#db.prepare(`delete from ${table} where tenant = ? and console = ?`).run([tenant, console]);
  }

  open(): StoredAlert[] {
    return this.#alerts('select tenant, console, rule, subject, body from alert where open = 1', []);
  }

  /** Of all places, those that were cleared at this time or later. */
  clearedSince(atMs: number): StoredAlert[] {
    const sql =
      'select tenant, console, rule, subject, body from alert where open = 0 and clearedAtMs >= ? order by clearedAtMs';
    return this.#alerts(sql, [atMs]);
  }

  /** Newest first; those behind `before` in that order. */
  cleared(tenant: string, before: { atMs: number; id: string } | null, limit: number): StoredAlert[] {
    const columns = 'select tenant, console, rule, subject, body from alert where open = 0 and tenant = ?';
    const order = 'order by clearedAtMs desc, id desc limit ?';
    if (!before) return this.#alerts(`${columns} ${order}`, [tenant, limit]);
    return this.#alerts(`${columns} and (clearedAtMs, id) < (?, ?) ${order}`, [
      tenant,
      before.atMs,
      before.id,
      limit,
    ]);
  }

  one(id: string): StoredAlert | null {
    return (
      this.#alerts('select tenant, console, rule, subject, body from alert where id = ?', [id])[0] ?? null
    );
  }

  children(parent: string, limit: number): StoredAlert[] {
    const sql =
      'select tenant, console, rule, subject, body from alert where parent = ? order by createdAtMs limit ?';
    return this.#alerts(sql, [parent, limit]);
  }

  changes(id: string): AlertChange[] {
    const sql = 'select atMs, kind, severity, value, detail from alertChange where alert = ? order by number';
    return (this.#db.prepare(sql).all([id]) as ChangeRow[]).map(
      ({ atMs, kind, severity, value, detail }) => ({
        at: atMs,
        ...{ kind, severity, value, detail },
      }),
    );
  }

  /** When something was raised or cleared last; null: never. */
  latestMs(): number | null {
    const [row] = this.#db
      .prepare('select max(max(createdAtMs), max(coalesce(clearedAtMs, createdAtMs))) as atMs from alert')
      .all([]) as { atMs: number | null }[];
    return row?.atMs ?? null;
  }

  /** @returns how many were deleted; open ones never are */
  prune(olderThanMs: number, kept: number): number {
    const old = this.#db.prepare('delete from alert where open = 0 and clearedAtMs < ?').run([olderThanMs]);
    const many = this.#db
      .prepare(
        'delete from alert where id in (select id from alert where open = 0 order by clearedAtMs desc, id desc limit -1 offset ?)',
      )
      .run([kept]);
    return old.changes + many.changes;
  }

  #alerts(sql: string, values: (string | number)[]): StoredAlert[] {
    const rows = this.#db.prepare(sql).all(values) as AlertRow[];
    return rows.map(({ tenant, console, rule, subject, body }) => ({
      place: { tenant, console },
      rule,
      subject: JSON.parse(subject) as string,
      body: JSON.parse(body) as AlertBody,
    }));
  }
}

export const openOf = (stored: StoredAlert, rule: OpenAlert['rule']): OpenAlert => ({
  place: stored.place,
  rule,
  subject: stored.subject,
  body: stored.body,
  known: false,
  ebbing: false,
  beganAtMs: stored.body.createdAtMs,
  numberAtMs: null,
});
