/**
 * Writes to the audit log what the engine does by itself: states, and what it changes on a destination besides records.
 * Gathers what belongs together, so that a thousand mirrors that become active cost a few rows, each with its list.
 */
import { randomUUID } from 'node:crypto';
import type { DestinationWrite, FromEngine, GroupWrite } from '@/lib/contracts/engine';
import type { AuditLog, AuditTarget, Operation } from '@/server/access/audit';
import type { NewAuditRow } from '@/server/access/audit-chain';
import { rowOf } from '@/server/access/audit-row';
import {
  auditDeletionsDelayMs,
  auditEngineFirstDelayMs,
  auditEngineMaxDelayMs,
  auditEngineRowItems,
  auditEngineRowsKept,
} from '@/server/intervals';
import type { Log } from '@/server/log';
import type { Catalog } from './catalog';
import { targetOf } from './link-operations';

type Event = Omit<Extract<FromEngine, { type: 'event' }>, 'type'>;
type Wrote = Omit<Extract<FromEngine, { type: 'wrote' }>, 'type'>;
type Group = {
  operationId: string;
  atMs: number;
  operation: Omit<Operation, 'actor'>;
  list: string;
  items: Map<string, object>;
};

const operationOf: Record<DestinationWrite['what'], string> = {
  TOPIC_DELETED: 'delete topics',
  TOPIC_CREATED: 'create mirror topics',
  PARTITIONS_ADDED: 'add partitions to mirror topics',
  CONFIGS_SET: 'set configs of mirror topics',
  RECORDS_DELETED: 'delete records of mirror topics',
  LOCK_SET: 'set ACLs that lock mirror topics',
  FENCE_SET: 'set ACLs that fence source topics',
  ACLS_SYNCED: 'bring over ACLs',
  GROUP_OFFSETS_COMMITTED: 'commit offsets of consumer groups',
};
/** Groups named in a row; the others are counted. */
const GROUPS_NAMED = 50;

export class EngineAudit {
  readonly #audit: AuditLog;
  readonly #catalog: Catalog;
  readonly #log: Log;
  readonly #groups = new Map<string, Group>();
  /** What a sweep repeats: log starts that follow their source. Gathered for longer. */
  readonly #deletions = new Map<string, Group>();
  #rows: NewAuditRow[] = [];
  #timer: NodeJS.Timeout | null = null;
  #deletionsTimer: NodeJS.Timeout | null = null;
  #delayMs = auditEngineFirstDelayMs;
  #lastFlushMs = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: { audit: AuditLog; catalog: Catalog; log: Log }) {
    this.#audit = options.audit;
    this.#catalog = options.catalog;
    this.#log = options.log;
  }

  /** @returns the operation id of the entry that this will be part of */
  event({ linkId, at, topic, partition, from, to, message }: Event): string {
    const target = this.#target(linkId);
    if (topic === null) {
      const operation = {
        operation: 'change state of link',
        target,
        before: { state: from },
        after: { state: to },
      };
      return this.#add(`${linkId} ${at} ${to}`, at, operation, 'mirrors', '', message ? { message } : {});
    }
    const [subject, before] =
      from === null ? ['note on mirrors', null] : ['change state of mirrors', { state: from }];
    const operation = { operation: subject, target, before, after: { state: to } };
    const item = { topic, ...(partition === null ? {} : { partition }), ...(message ? { message } : {}) };
    return this.#add(`${linkId} ${from} ${to}`, at, operation, 'mirrors', `${topic} ${partition}`, item);
  }

  wrote({ linkId, at, write }: Wrote): void {
    const operation = { operation: operationOf[write.what], target: this.#target(linkId) };
    if (write.what === 'GROUP_OFFSETS_COMMITTED') {
      this.#offsetsCommitted(at, operation, write);
      return;
    }
    const slow = write.what === 'RECORDS_DELETED';
    const groups = slow ? this.#deletions : this.#groups;
    for (const { topic, before, after } of write.items) {
      const known = groups.get(`${linkId} ${write.what}`)?.items.get(topic);
      const merged =
        known && 'before' in known && slow ? mergedStarts(known, { topic, before, after }) : null;
      this.#add(
        `${linkId} ${write.what}`,
        at,
        operation,
        'topics',
        topic,
        merged ?? { topic, before, after },
        groups,
      );
    }
  }

  /** One row a run: the runs of half an hour are told apart. */
  #offsetsCommitted(atMs: number, operation: Group['operation'], { groups, offsets }: GroupWrite): void {
    const details = { groups: groups.slice(0, GROUPS_NAMED), count: groups.length, offsets };
    this.#rows.push(
      rowOf(
        { ...operation, actor: { kind: 'engine' }, details },
        {
          operationId: randomUUID(),
          kind: 'EVENT',
          atMs: Math.trunc(atMs),
          result: 'OK',
          message: null,
          requestId: null,
        },
      ),
    );
    this.#schedule(false);
  }

  /** After this, all that was said so far is in the store, or the log says that it is not. */
  async settle(): Promise<void> {
    this.#close(this.#deletions);
    this.#flush();
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#deletionsTimer) clearTimeout(this.#deletionsTimer);
    await this.#writing;
  }

  #add(
    key: string,
    atMs: number,
    operation: Group['operation'],
    list: string,
    itemKey: string,
    item: object,
    groups = this.#groups,
  ): string {
    let group = groups.get(key);
    if (!group) {
      group = { operationId: randomUUID(), atMs: Math.trunc(atMs), operation, list, items: new Map() };
      groups.set(key, group);
    }
    // The same thing twice before it was written: both stand there.
    const free =
      groups === this.#deletions || !group.items.has(itemKey) ? itemKey : `${itemKey} ${group.items.size}`;
    group.items.set(free, item);
    if (group.items.size >= auditEngineRowItems) {
      groups.delete(key);
      this.#rows.push(rowOfGroup(group));
    }
    this.#schedule(groups === this.#deletions && groups.size > 0);
    return group.operationId;
  }

  #schedule(slow: boolean): void {
    if (slow) {
      this.#deletionsTimer ??= setTimeout(() => {
        this.#deletionsTimer = null;
        this.#close(this.#deletions);
        this.#flush();
      }, auditDeletionsDelayMs);
      this.#deletionsTimer.unref();
      return;
    }
    if (performance.now() - this.#lastFlushMs > auditEngineMaxDelayMs)
      this.#delayMs = auditEngineFirstDelayMs;
    this.#timer ??= setTimeout(() => this.#flush(), this.#delayMs);
  }

  #close(groups: Map<string, Group>): void {
    for (const group of groups.values()) this.#rows.push(rowOfGroup(group));
    groups.clear();
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#lastFlushMs = performance.now();
    // In a burst, each wait is longer than the one before.
    this.#delayMs = Math.min(this.#delayMs * 2, auditEngineMaxDelayMs);
    this.#close(this.#groups);
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) this.#writing = this.#writing.then(() => this.#write(rows));
  }

  async #write(rows: NewAuditRow[]): Promise<void> {
    try {
      await this.#audit.append(rows);
    } catch (error) {
      this.#rows = [...rows, ...this.#rows];
      const lost = this.#rows.splice(auditEngineRowsKept).length;
      const rest = lost === 0 ? '' : ` ${lost} rows are given up; the timelines of the links have them.`;
      this.#log(
        'error',
        `What the engine has done cannot be written to the audit log; tried again.${rest}`,
        error,
      );
      this.#timer ??= setTimeout(() => this.#flush(), auditEngineMaxDelayMs);
    }
  }

  #target(linkId: string): AuditTarget {
    const link = this.#catalog.linkById(linkId);
    if (link) return targetOf(link);
    return { type: 'link', name: `deleted link ${linkId}`, scope: { kind: 'everywhere' } };
  }
}

function rowOfGroup({ operationId, atMs, operation, list, items }: Group): NewAuditRow {
  const all = [...items.values()];
  const [only] = all;
  const message = all.length === 1 && only && 'message' in only ? String(only.message) : null;
  const listed = all.filter((item) => Object.keys(item).length > 0 && 'topic' in item);
  const details = listed.length > 0 ? { [list]: listed, count: listed.length } : undefined;
  return rowOf(
    { ...operation, actor: { kind: 'engine' }, ...(details ? { details } : {}) },
    { operationId, kind: 'EVENT', atMs, result: 'OK', message, requestId: null },
  );
}

/** A start that moved twice in a minute moved from the first to the last. */
function mergedStarts(known: object, next: { topic: string; before: object | null; after: object }): object {
  const [before, after] = ['before', 'after'].map((side) => Reflect.get(known, side) as object | null);
  return {
    topic: next.topic,
    before: { ...next.before, ...before },
    after: { ...after, ...next.after },
  };
}
