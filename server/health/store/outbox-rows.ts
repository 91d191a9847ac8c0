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

/** It was queued or tried later than it is now: when it is due says nothing. Takes the time of now. */
const clockWasSetBack = 'coalesce(triedAtMs, createdAtMs) > ?';

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

  /** Channels for which anything waits, and when the first of it is due; what is due already, when it was. */
  due(nowMs: number): { tenant: string; channel: string; nextAtMs: number }[] {
    return this.#db
      .prepare(
        `select tenant, channel, min(case when ${clockWasSetBack} then ? else nextAtMs end) as nextAtMs from outbox
         where state = 'WAITING' group by tenant, channel`,
      )
      .all([nowMs, nowMs]) as { tenant: string; channel: string; nextAtMs: number }[];
  }

  /** The first one that is due, of alerts of which no earlier one waits: messages of one alert never overtake each other. */
  next(tenant: string, channel: string, nowMs: number): Waiting | null {
    const rows = this.#db
      .prepare(
        `select id, alert, kind, body, createdAtMs, attempts, nextAtMs from outbox as one
         where state = 'WAITING' and tenant = ? and channel = ? and (nextAtMs <= ? or ${clockWasSetBack}) and not exists (
           select 1 from outbox as before where before.state = 'WAITING' and before.tenant = one.tenant and before.channel = one.channel
             and before.alert = one.alert and before.id < one.id)
         order by id limit 1`,
      )
      .all([tenant, channel, nowMs, nowMs]) as Waiting[];
    return rows[0] ?? null;
  }

  /** Only what waits can be tried; but what has arrived although it was given up meanwhile is said so. */
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
        `update outbox set state = ?, attempts = ?, triedAtMs = ?, nextAtMs = ?, said = ?
         where id = ? and (state = 'WAITING' or ? = 'DELIVERED')`,
      )
      .run([state, attempts, atMs, nextAtMs, said, id, state]);
  }

  /** Its channel has other settings now: what waits is tried at once. */
  hurry(tenant: string, channel: string, nowMs: number): void {
    this.#db
      .prepare(
        "update outbox set nextAtMs = ? where state = 'WAITING' and tenant = ? and channel = ? and nextAtMs > ?",
      )
      .run([nowMs, tenant, channel, nowMs]);
  }

  /** What waits for channels that are not there any more. */
  cancelOthers(tenant: string, channels: readonly string[], said: string): void {
    this.#db
      .prepare(
        `update outbox set state = 'CANCELLED', nextAtMs = null, said = ?
         where state = 'WAITING' and tenant = ? and channel not in (select value from json_each(?))`,
      )
      .run([said, tenant, JSON.stringify(channels)]);
  }

  /** The channel of a message that was given up; null: there is no such message. */
  channelOfDead(tenant: string, id: number): string | null {
    const rows = this.#db
      .prepare("select channel from outbox where id = ? and tenant = ? and state = 'DEAD'")
      .all([id, tenant]) as { channel: string }[];
    return rows[0]?.channel ?? null;
  }

  /**
   * Sends what was given up. What the channel was told last of the same alert is told again behind it, as another message: otherwise what is over
   * would seem to be raised there for ever. Within one transaction.
   */
  again(id: number, nowMs: number): void {
    const revive =
      "update outbox set state = 'WAITING', attempts = 0, createdAtMs = ?, nextAtMs = ? where id = ?";
    this.#db.prepare(revive).run([nowMs, nowMs, id]);
    const [last] = this.#db
      .prepare(
        `select later.id, later.state from outbox as one join outbox as later
         on later.alert = one.alert and later.tenant = one.tenant and later.channel = one.channel and later.id > one.id
         where one.id = ? and later.kind <> 'ACKNOWLEDGED' and later.state <> 'CANCELLED' order by later.id desc limit 1`,
      )
      .all([id]) as { id: number; state: DeliveryState }[];
    if (last?.state === 'DEAD') this.#db.prepare(revive).run([nowMs, nowMs, last.id]);
    if (last?.state !== 'DELIVERED') return;
    const told = 'tenant, channel, channelName, alert, rule, title, severity, kind, body';
    this.#db
      .prepare(
        `insert into outbox (${told}, state, createdAtMs, attempts, nextAtMs)
         select ${told}, 'WAITING', ?, 0, ? from outbox where id = ?`,
      )
      .run([nowMs, nowMs, last.id]);
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
