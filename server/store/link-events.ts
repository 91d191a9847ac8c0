// The timeline of a link: state changes and what people asked for. Capped per link, oldest first out.
import { sql } from 'kysely';
import type { LinkEvent } from '@/lib/contracts/link';
import { linkEventsKept } from '@/server/intervals';
import type { Executor } from './store';

export type NewLinkEvent = LinkEvent & { linkId: string };

/** Events of links that are gone are dropped. Call inside a transaction: one fsync for all of them. */
export async function insertLinkEvents(
  db: Executor,
  events: readonly NewLinkEvent[],
  kept: number = linkEventsKept,
): Promise<void> {
  const linkIds = [...new Set(events.map((event) => event.linkId))];
  if (linkIds.length === 0) return;
  const known = await db.selectFrom('link').select('id').where('id', 'in', linkIds).execute();
  for (const { id } of known) {
    const own = events.filter((event) => event.linkId === id).slice(-kept);
    for (let at = 0; at < own.length; at += 1_000) {
      await db
        .insertInto('linkEvent')
        .values(own.slice(at, at + 1_000).map(toRow))
        .execute();
    }
    await sql`delete from linkEvent where linkId = ${id} and id <= (
      select id from linkEvent where linkId = ${id} order by id desc limit 1 offset ${kept}
    )`.execute(db);
  }
}

/** Newest first. With a topic, only what concerns that mirror. */
export async function listLinkEvents(
  db: Executor,
  linkId: string,
  options: { topic?: string; limit: number },
): Promise<LinkEvent[]> {
  let query = db.selectFrom('linkEvent').selectAll().where('linkId', '=', linkId);
  if (options.topic !== undefined) query = query.where('topic', '=', options.topic);
  const rows = await query.orderBy('id', 'desc').limit(options.limit).execute();
  return rows.map((row) => ({
    at: row.atMs,
    topic: row.topic,
    partition: row.partition,
    from: row.fromState,
    to: row.toState,
    message: row.message,
    actor: row.actor,
    operationId: row.operationId,
  }));
}

function toRow(event: NewLinkEvent) {
  return {
    linkId: event.linkId,
    atMs: Math.trunc(event.at),
    topic: event.topic,
    partition: event.partition,
    fromState: event.from,
    toState: event.to,
    message: event.message,
    actor: event.actor,
    operationId: event.operationId ?? null,
  };
}
