// Messages to channels in alerts.db: those that wait, and the log of those that were sent or given up. Callers hold the transaction where one is needed.
import type Database from 'libsql';
import type { Delivery, DeliveryKind, DeliveryState } from '@/lib/contracts/monitoring/deliveries';
import type { Severity } from '@/lib/contracts/monitoring/rules';

export type Waiting = {
  id: number;
  alert: string;
  kind: DeliveryKind;
  body: string;
  createdAtMs: number;
  attempts: number;
  nextAtMs: number;
};
export type NewDelivery = {
  tenant: string;
  channel: string;
  channelName: string;
  alert: string;
  rule: string;
  title: string;
  severity: Severity;
  kind: DeliveryKind;
  body: string;
  createdAtMs: number;
};
type Row = Omit<NewDelivery, 'body' | 'tenant'> & {
  id: number;
  state: DeliveryState;
  attempts: number;
  triedAtMs: number | null;
  nextAtMs: number | null;
  said: string | null;
};

const columns =
  'id, channel, channelName, alert, rule, title, severity, kind, state, createdAtMs, attempts, triedAtMs, nextAtMs, said';

export class OutboxRows {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  add(one: NewDelivery): void {
    this.#db
      .prepare(
        `insert into outbox (tenant, channel, channelName, alert, rule, title, severity, kind, body, state, createdAtMs, attempts, nextAtMs)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'WAITING', ?, 0, ?)`,
      )
      .run([
        ...[
          one.tenant,
          one.channel,
          one.channelName,
          one.alert,
          one.rule,
          one.title,
          one.severity,
          one.kind,
          one.body,
        ],
        ...[one.createdAtMs, one.createdAtMs],
      ]);
  }

  /** Channels for which anything waits, and when the first of it is due. */
  due(): { tenant: string; channel: string; nextAtMs: number }[] {
    return this.#db
      .prepare(
        "select tenant, channel, min(nextAtMs) as nextAtMs from outbox where state = 'WAITING' group by tenant, channel",
      )
      .all([]) as { tenant: string; channel: string; nextAtMs: number }[];
  }

  /** The first one that is due, of alerts of which no earlier one waits: messages of one alert never overtake each other. */
  next(tenant: string, channel: string, nowMs: number): Waiting | null {
    const rows = this.#db
      .prepare(
        `select id, alert, kind, body, createdAtMs, attempts, nextAtMs from outbox as one
         where state = 'WAITING' and tenant = ? and channel = ? and nextAtMs <= ? and not exists (
           select 1 from outbox as before where before.state = 'WAITING' and before.tenant = one.tenant and before.channel = one.channel
             and before.alert = one.alert and before.id < one.id)
         order by id limit 1`,
      )
      .all([tenant, channel, nowMs]) as Waiting[];
    return rows[0] ?? null;
  }

  tried(
    id: number,
    state: DeliveryState,
    attempts: number,
    atMs: number,
    nextAtMs: number | null,
    said: string,
  ): void {
    this.#db
      .prepare(
        'update outbox set state = ?, attempts = ?, triedAtMs = ?, nextAtMs = ?, said = ? where id = ?',
      )
      .run([state, attempts, atMs, nextAtMs, said, id]);
  }

  /** Its channel has other settings now: what waits is tried at once. */
  hurry(tenant: string, channel: string, nowMs: number): void {
    this.#db
      .prepare(
        "update outbox set nextAtMs = ? where state = 'WAITING' and tenant = ? and channel = ? and nextAtMs > ?",
      )
      .run([nowMs, tenant, channel, nowMs]);
  }

  cancel(tenant: string, channel: string, said: string): void {
    this.#db
      .prepare(
        "update outbox set state = 'CANCELLED', nextAtMs = null, said = ? where state = 'WAITING' and tenant = ? and channel = ?",
      )
      .run([said, tenant, channel]);
  }

  /** @returns its channel; null: there is no such message that was given up */
  again(tenant: string, id: number, nowMs: number): string | null {
    const rows = this.#db
      .prepare(
        `update outbox set state = 'WAITING', attempts = 0, createdAtMs = ?, nextAtMs = ?
         where id = ? and tenant = ? and state = 'DEAD' returning channel`,
      )
      .all([nowMs, nowMs, id, tenant]) as { channel: string }[];
    return rows[0]?.channel ?? null;
  }

  list(
    ask: {
      tenant: string;
      channel?: string | undefined;
      alert?: string | undefined;
      state?: DeliveryState | undefined;
    },
    before: number | null,
    limit: number,
  ): Delivery[] {
    const wheres = ['tenant = ?'];
    const values: (string | number)[] = [ask.tenant];
    for (const name of ['channel', 'alert', 'state'] as const) {
      const value = ask[name];
      if (value === undefined) continue;
      wheres.push(`${name} = ?`);
      values.push(value);
    }
    if (before !== null) {
      wheres.push('id < ?');
      values.push(before);
    }
    const sql = `select ${columns} from outbox where ${wheres.join(' and ')} order by id desc limit ?`;
    return (this.#db.prepare(sql).all([...values, limit]) as Row[]).map(deliveryOf);
  }

  counts(tenant: string): Record<DeliveryState, number> {
    const counts: Record<DeliveryState, number> = { WAITING: 0, DELIVERED: 0, DEAD: 0, CANCELLED: 0 };
    const rows = this.#db
      .prepare('select state, count(*) as n from outbox where tenant = ? group by state')
      .all([tenant]) as {
      state: DeliveryState;
      n: number;
    }[];
    for (const { state, n } of rows) counts[state] = n;
    return counts;
  }

  /** What waits is kept. */
  prune(olderThanMs: number, kept: number): number {
    const old = this.#db
      .prepare("delete from outbox where state <> 'WAITING' and createdAtMs < ?")
      .run([olderThanMs]);
    const many = this.#db
      .prepare(
        "delete from outbox where id in (select id from outbox where state <> 'WAITING' order by id desc limit -1 offset ?)",
      )
      .run([kept]);
    return old.changes + many.changes;
  }
}

const deliveryOf = ({ id, createdAtMs, triedAtMs, nextAtMs, ...same }: Row): Delivery => ({
  ...same,
  id: String(id),
  createdAt: createdAtMs,
  triedAt: triedAtMs,
  nextAt: nextAtMs,
});
