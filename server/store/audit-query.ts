/**
 * Searches the audit log for operations: intents and events, each joined with its outcome. Looks at a range of rows at a
 * time, so that a search through a million rows never holds the server up; the caller goes on from range to range.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { AuditFilter } from '@/lib/contracts/audit';
import type { Executor } from './store';

/** Which rows may be seen; `all` are the administrators'. */
export type AuditSight =
  | 'all'
  | { clusters: 'all' | string[]; links: { destination: string; name: string }[] };

export type Range = { from: number; below: number };

type Condition = RawBuilder<SqlBool>;

const light = [
  'a.seq',
  'a.operationId',
  'a.kind',
  'a.atMs',
  'a.actorKind',
  'a.actorId',
  'a.actorName',
  'a.sessionId',
  'a.address',
  'a.operation',
  'a.objectType',
  'a.objectName',
  'a.cluster',
  'a.destination',
  'a.link',
  'a.severity',
  'a.reason',
  'a.requestId',
  'a.result as ownResult',
  'a.message as ownMessage',
  'o.atMs as outcomeAtMs',
  'o.result as outcomeResult',
  'o.message as outcomeMessage',
] as const;

const full = [
  ...light,
  'a.details',
  'a.before',
  'a.after',
  'a.keyId',
  'a.mac',
  'o.seq as outcomeSeq',
  'o.details as outcomeDetails',
  'o.before as outcomeBefore',
  'o.after as outcomeAfter',
  'o.keyId as outcomeKeyId',
  'o.mac as outcomeMac',
] as const;

export type FoundEntry = Awaited<ReturnType<typeof findEntries>>[number];
export type FoundDetail = Awaited<ReturnType<typeof findDetails>>[number];

type Search = { sight: AuditSight; filter: AuditFilter; range: Range; order: 'asc' | 'desc'; limit: number };

export function findEntries(db: Executor, search: Search) {
  return matching(db, search).select(light).execute();
}

/** With everything that was recorded: an entry may be a megabyte. */
export function findDetails(db: Executor, search: Search) {
  return matching(db, search).select(full).execute();
}

function matching(db: Executor, { sight, filter, range, order, limit }: Search) {
  return db
    .selectFrom('audit as a')
    .leftJoin('audit as o', (join) =>
      join.onRef('o.operationId', '=', 'a.operationId').on('o.kind', '=', 'OUTCOME'),
    )
    .where('a.kind', 'in', ['INTENT', 'EVENT'])
    .where('a.seq', '>=', range.from)
    .where('a.seq', '<', range.below)
    .where(all([...conditions(filter), seen(sight)]))
    .orderBy('a.seq', order)
    .limit(limit);
}

function conditions(filter: AuditFilter): Condition[] {
  const found: Condition[] = [];
  const { from, to, actor, operation, object, objectType, outcome, severity, text } = filter;
  if (from !== undefined) found.push(sql`a.atMs >= ${from}`);
  if (to !== undefined) found.push(sql`a.atMs <= ${to}`);
  if (actor) found.push(any([holds('a.actorName', actor), sql`a.actorId = ${actor}`]));
  if (operation) found.push(holds('a.operation', operation));
  if (object)
    found.push(any([holds('a.objectName', object), sql`${object} in (a.cluster, a.destination, a.link)`]));
  if (objectType) found.push(sql`a.objectType = ${objectType}`);
  if (severity) found.push(sql`a.severity = ${severity}`);
  if (filter.requestId) found.push(sql`a.requestId = ${filter.requestId}`);
  if (filter.operationId) found.push(sql`a.operationId = ${filter.operationId}`);
  if (outcome === 'OPEN') found.push(sql`a.result is null and o.seq is null`);
  else if (outcome) found.push(sql`${outcome} in (a.result, o.result)`);
  if (text) found.push(any(searched.map((column) => holds(column, text))));
  return found;
}

const searched = [
  'a.actorName',
  'a.operation',
  'a.objectName',
  'a.reason',
  'a.details',
  'a.before',
  'a.after',
  'a.message',
  'o.details',
  'o.before',
  'o.after',
  'o.message',
];

/** Without case for ASCII, as SQLite's LIKE does it. */
function holds(column: string, text: string): Condition {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`${sql.ref(column)} like ${pattern} escape '\\'`;
}

function seen(sight: AuditSight): Condition {
  if (sight === 'all') return sql`true`;
  if (sight.clusters === 'all') return sql`a.cluster is not null`;
  const { clusters, links } = sight;
  const ways = links.map(
    ({ destination, name }): Condition => sql`a.destination = ${destination} and a.link = ${name}`,
  );
  if (clusters.length > 0) {
    const own = sql.join(clusters);
    ways.push(sql`a.cluster in (${own}) and (a.link is null or a.destination in (${own}))`);
  }
  return any(ways);
}

const all = (conditions: readonly Condition[]): Condition =>
  sql`${sql.join(
    conditions.map((condition) => sql`(${condition})`),
    sql` and `,
  )}`;

const any = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0
    ? sql`false`
    : sql`(${sql.join(
        conditions.map((condition) => sql`(${condition})`),
        sql` or `,
      )})`;

/** The rows in which a search can find something: first and one past the last. */
export async function rangeOf(db: Executor, filter: AuditFilter): Promise<Range & { newest: number }> {
  // Asked for one by one: both in one query read every row.
  const first = await seqAtEnd(db, 'asc');
  const newest = (await seqAtEnd(db, 'desc')) ?? 0;
  const range = { from: first ?? 1, below: newest + 1, newest };
  if (filter.from !== undefined) {
    range.from = Math.max(range.from, (await edge(db, 'first', filter.from)) ?? range.below);
  }
  if (filter.to !== undefined) {
    range.below = Math.min(range.below, ((await edge(db, 'last', filter.to)) ?? 0) + 1);
  }
  return range;
}

async function seqAtEnd(db: Executor, order: 'asc' | 'desc'): Promise<number | null> {
  const row = await db.selectFrom('audit').select('seq').orderBy('seq', order).limit(1).executeTakeFirst();
  return row?.seq ?? null;
}

/** Clocks are set back now and then, so a later row may have an earlier time: the extremes count, from the index by time. */
async function edge(db: Executor, which: 'first' | 'last', atMs: number): Promise<number | null> {
  const row = await db
    .selectFrom('audit')
    .select(({ fn }) => (which === 'first' ? fn.min('seq') : fn.max('seq')).as('seq'))
    .where('atMs', which === 'first' ? '>=' : '<=', atMs)
    .executeTakeFirst();
  return row?.seq ?? null;
}

/** Operations that have rows after `after`, newest first, with their first rows. */
export async function operationsAfter(db: Executor, after: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('audit')
    .select('operationId')
    .where('seq', '>', after)
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return [...new Set(rows.map(({ operationId }) => operationId))];
}
