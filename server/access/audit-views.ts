// Reads the audit log for people and programs: filtered, in pages, and only what the asker may see. Writes nothing.
import type {
  AuditEntry,
  AuditEntryDetail,
  AuditFilter,
  AuditOutcome,
  AuditPage,
  AuditQuery,
} from '@/lib/contracts/audit';
import { auditActorKind, auditObjectType, auditResults, auditSeverity } from '@/lib/contracts/audit';
import { holdsSomewhere } from '@/lib/grants';
import { LandbridgeError } from '@/server/errors';
import { auditSearchLimitMs, auditSearchSlice } from '@/server/intervals';
import {
  type AuditSight,
  type FoundDetail,
  type FoundEntry,
  findDetails,
  findEntries,
  operationsAfter,
  rangeOf,
} from '@/server/store/audit-query';
import type { Store } from '@/server/store/store';
import type { Actor } from './actor';

/** Rows that a page's poll looks at for what is new; more than this are found by loading the page anew. */
const newRowsMax = 2_000;

export class AuditViews {
  readonly #store: Store;
  readonly #isOpen: (operationId: string) => boolean;

  /** @param options.isOpen whether this process works on an operation that has no outcome yet */
  constructor(options: { store: Store; isOpen: (operationId: string) => boolean }) {
    this.#store = options.store;
    this.#isOpen = options.isOpen;
  }

  async page(actor: Actor, query: AuditQuery): Promise<AuditPage> {
    const asOf = Date.now();
    const { cursor, after, limit, ...filter } = query;
    const range = await rangeOf(this.#store.db, filter);
    if (after !== undefined) return this.#news(actor, filter, after, asOf, range.newest);
    const found: FoundEntry[] = [];
    const sight = sightOf(actor);
    let below = Math.min(range.below, cursor ?? range.below);
    let searchedBackTo: number | null = null;
    while (below > range.from && found.length < limit) {
      const from = Math.max(range.from, below - auditSearchSlice);
      const wanted = limit - found.length;
      const slice = { sight, filter, range: { from, below }, order: 'desc', limit: wanted } as const;
      const rows = await findEntries(this.#store.db, slice);
      found.push(...rows);
      below = rows.length === wanted ? (rows.at(-1)?.seq ?? from) : from;
      if (Date.now() - asOf > auditSearchLimitMs) break;
      // Others get their turn between two slices.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const more = below > range.from;
    if (more) searchedBackTo = await this.#timeOf(below);
    return {
      asOf,
      entries: found.map((row) => this.#entry(row, sight)),
      nextCursor: more ? below : null,
      newest: range.newest,
      searchedBackTo,
    };
  }

  /** @throws LandbridgeError NOT_FOUND also for what the actor may not see */
  async detail(actor: Actor, operationId: string): Promise<AuditEntryDetail> {
    const sight = sightOf(actor);
    const range = await rangeOf(this.#store.db, {});
    const [row] = await findDetails(this.#store.db, {
      sight,
      filter: { operationId },
      range,
      order: 'asc',
      limit: 1,
    });
    if (!row) throw new LandbridgeError('NOT_FOUND', `There is no audit entry ${operationId}.`);
    return this.detailOf(row, sight);
  }

  /** Oldest first, in slices; ends with what was there when it began. */
  async *each(actor: Actor, filter: AuditFilter, sliceRows: number): AsyncGenerator<AuditEntryDetail[]> {
    const sight = sightOf(actor);
    const { from, below } = await rangeOf(this.#store.db, filter);
    for (let next = from; next < below; ) {
      const range = { from: next, below: Math.min(below, next + auditSearchSlice) };
      const rows = await findDetails(this.#store.db, {
        sight,
        filter,
        range,
        order: 'asc',
        limit: sliceRows,
      });
      if (rows.length > 0) yield rows.map((row) => this.detailOf(row, sight));
      const last = rows.at(-1);
      next = rows.length === sliceRows && last ? last.seq + 1 : range.below;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** What has come, or has got its outcome, since the row `after`. */
  async #news(
    actor: Actor,
    filter: AuditFilter,
    after: number,
    asOf: number,
    newest: number,
  ): Promise<AuditPage> {
    const sight = sightOf(actor);
    const range = await rangeOf(this.#store.db, {});
    const entries: AuditEntry[] = [];
    for (const operationId of await operationsAfter(this.#store.db, after, newRowsMax)) {
      if (filter.operationId !== undefined && filter.operationId !== operationId) continue;
      const search = { sight, filter: { ...filter, operationId }, range, order: 'asc', limit: 1 } as const;
      const [row] = await findEntries(this.#store.db, search);
      if (row) entries.push(this.#entry(row, sight));
    }
    entries.sort((a, b) => b.seq - a.seq);
    return { asOf, entries, nextCursor: null, newest, searchedBackTo: null };
  }

  async #timeOf(seq: number): Promise<number | null> {
    const row = await this.#store.db
      .selectFrom('audit')
      .select('atMs')
      .where('seq', '>=', seq)
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst();
    return row?.atMs ?? null;
  }

  detailOf(row: FoundDetail, sight: AuditSight): AuditEntryDetail {
    const outcome =
      row.outcomeSeq === null || row.outcomeKeyId === null || row.outcomeMac === null
        ? []
        : [{ seq: row.outcomeSeq, keyId: row.outcomeKeyId, mac: row.outcomeMac }];
    return {
      ...this.#entry(row, sight),
      details: merged(row.details, row.outcomeDetails),
      before: parsed(row.outcomeBefore ?? row.before),
      after: parsed(row.outcomeAfter ?? row.after),
      rows: [{ seq: row.seq, keyId: row.keyId, mac: row.mac }, ...outcome],
    };
  }

  #entry(row: FoundEntry, sight: AuditSight): AuditEntry {
    const personal = sight === 'all';
    return {
      seq: row.seq,
      operationId: row.operationId,
      at: row.atMs,
      actor: {
        kind: auditActorKind.parse(row.actorKind),
        id: row.actorId,
        name: row.actorName,
        sessionId: personal ? row.sessionId : null,
        address: personal ? row.address : null,
      },
      operation: row.operation,
      object: { type: auditObjectType.parse(row.objectType), name: row.objectName },
      cluster: row.cluster,
      destination: row.destination,
      link: row.link,
      severity: auditSeverity.parse(row.severity),
      reason: row.reason,
      requestId: row.requestId,
      outcome: this.#outcome(row),
      endedAt: row.kind === 'EVENT' ? row.atMs : row.outcomeAtMs,
      message: row.outcomeMessage ?? row.ownMessage,
    };
  }

  #outcome(row: FoundEntry): AuditOutcome {
    const result = row.outcomeResult ?? row.ownResult;
    const known = auditResults.find((one) => one === result);
    return known ?? (this.#isOpen(row.operationId) ? 'PENDING' : 'UNKNOWN');
  }
}

/** The same rule as `maySee` for each row, as conditions that the store can search by. */
export function sightOf(actor: Actor): AuditSight {
  if (actor.kind === 'engine' || actor.kind === 'system') return 'all';
  if (actor.kind === 'anonymous' || actor.kind === 'hubSender') return { clusters: [], links: [] };
  const { grants } = actor;
  if (holdsSomewhere(grants, 'administrator')) return 'all';
  if (grants.some(({ scope }) => scope.kind === 'everywhere')) return { clusters: 'all', links: [] };
  return {
    clusters: grants.flatMap(({ scope }) => (scope.kind === 'cluster' ? [scope.cluster] : [])),
    links: grants.flatMap(({ scope }) =>
      scope.kind === 'link' ? [{ destination: scope.destination, name: scope.name }] : [],
    ),
  };
}

type Json = AuditEntryDetail['details'];

const parsed = (text: string | null): Json => (text === null ? null : JSON.parse(text));

/** What was asked for, and what was found out on the way. */
function merged(asked: string | null, found: string | null): Json {
  const [a, b] = [parsed(asked), parsed(found)];
  return isObject(a) && isObject(b) ? { ...a, ...b } : (b ?? a);
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
