// Answers questions for alerts: open ones from memory, cleared ones from alerts.db, each only to whom it may be shown.

import type { z } from 'zod';
import {
  type AlertPage,
  type AlertQuery,
  type AlertRow,
  alertQuery,
} from '@/lib/contracts/monitoring/alerts';
import { type Severity, severities, severityRank } from '@/lib/contracts/monitoring/rules';
import type { Silence } from '@/lib/contracts/monitoring/silences';
import { type Sees, silencedBy } from './matching';
import { type AlertBody, alertOf, type OpenAlert } from './open-alert';
import { ruleOf } from './rules/all';
import { type AlertRows, openOf } from './store/alert-rows';
import type { Watch } from './watch';

type Asked = z.output<typeof alertQuery>;
/** Cleared alerts read at once while a filter lets few of them through. */
const readAtOnce = 500;
/** And for one answer: behind them, whoever asks has to ask again, so that others come in between. */
export const readForOneAnswer = 2_000;

export type ListingOf = {
  watches: readonly Watch[];
  rows: AlertRows;
  /** Whether whoever asks may see what has these labels; null: everything. */
  sees: Sees | null;
  silences: readonly Silence[];
  nowMs: number;
};
/** With what is looked up of each alert, worked out once. */
export type Listing = ListingOf & {
  byId: ReadonlyMap<string, OpenAlert>;
  /** How many are open under each, of those that may be seen. */
  children: ReadonlyMap<string, number>;
};

export function listing(of: ListingOf): Listing {
  const byId = new Map<string, OpenAlert>();
  const children = new Map<string, number>();
  for (const watch of of.watches)
    for (const alert of watch.open.values()) {
      const { id, parent, labels } = alert.body;
      byId.set(id, alert);
      if (parent !== null && (of.sees?.(labels, alert.place.console) ?? true))
        children.set(parent, (children.get(parent) ?? 0) + 1);
    }
  return { ...of, byId, children };
}

/** Where few of those that were cleared are wanted, the page is short, and has a `next` all the same. */
export function alertPageOf(query: AlertQuery, of: Listing): AlertPage {
  const asked = alertQuery.parse(query);
  // Of a console that is asked for, also the counts: how others are is nobody else's business.
  const open = of.watches
    .filter(({ place }) => asked.console === undefined || place.console === asked.console)
    .flatMap((watch) => [...watch.open.values()])
    .filter((alert) => of.sees?.(alert.body.labels, alert.place.console) ?? true);
  const counts = countsOf(open);
  const shown =
    asked.status === 'CLEARED'
      ? []
      : (asked.withChildren ? open : standing(open)).filter((one) => wanted(one, asked)).sort(gravestFirst);
  const from = asked.after?.startsWith('o') ? Number(asked.after.slice(1)) : asked.after ? shown.length : 0;
  const page = shown.slice(from, from + asked.limit);
  const rows = page.map((alert) => rowOf(alert, of));
  if (from + page.length < shown.length)
    return { alerts: rows, next: `o${from + page.length}`, open: counts };
  if (asked.status === 'OPEN') return { alerts: rows, next: null, open: counts };
  const cleared = clearedPage(asked, of, asked.limit - rows.length);
  return { alerts: [...rows, ...cleared.rows], next: cleared.next, open: counts };
}

/** By severity; not those for which another of them stands. */
export function countsOf(open: readonly OpenAlert[]): Record<Severity, number> {
  const counts = Object.fromEntries(severities.map((one) => [one, 0])) as Record<Severity, number>;
  for (const { body } of standing(open)) counts[body.severity]++;
  return counts;
}

/** Without those that are listed under another of them. Whose cause is over, or may not be seen, stands by itself. */
function standing(open: readonly OpenAlert[]): OpenAlert[] {
  const ids = new Set(open.map(({ body }) => body.id));
  return open.filter(({ body }) => body.parent === null || !ids.has(body.parent));
}

function clearedPage(asked: Asked, of: Listing, limit: number): { rows: AlertRow[]; next: string | null } {
  const rows: AlertRow[] = [];
  let before = cursorOf(asked.after);
  for (let read = 0; read < readForOneAnswer; read += readAtOnce) {
    const stored = of.rows.cleared(asked.tenant, before, readAtOnce);
    for (const one of stored) {
      const rule = ruleOf(one.rule);
      const cursor = { atMs: one.body.clearedAtMs ?? 0, id: one.body.id };
      const alert = rule ? openOf(one, rule) : null;
      const seen = of.sees?.(one.body.labels, one.place.console) ?? true;
      if (
        alert &&
        seen &&
        wanted(alert, asked) &&
        (asked.withChildren || shownParent(one.body, of) === null)
      ) {
        if (rows.length >= limit) return { rows, next: before ? cursorText(before) : (asked.after ?? 'c') };
        rows.push(rowOf(alert, of));
      }
      before = cursor;
    }
    if (stored.length < readAtOnce) return { rows, next: null };
  }
  return { rows, next: before && cursorText(before) };
}

const cursorText = ({ atMs, id }: { atMs: number; id: string }) => `c${atMs}.${id}`;

function cursorOf(after: string | undefined): { atMs: number; id: string } | null {
  const parts = /^c(\d+)\.(.+)$/.exec(after ?? '');
  return parts?.[1] && parts[2] ? { atMs: Number(parts[1]), id: parts[2] } : null;
}

export function rowOf(alert: OpenAlert, of: Listing): AlertRow {
  const { watches, silences, nowMs } = of;
  const shown = alertOf(alert);
  const watch = watches.find(
    ({ place }) => place.tenant === alert.place.tenant && place.console === alert.place.console,
  );
  const isOpen = shown.status === 'RAISED';
  return {
    ...shown,
    parent: shownParent(alert.body, of),
    ...(isOpen && watch?.numbers ? { affected: watch.affectedBy(alert) } : {}),
    silencedBy: isOpen ? silencedBy(shown, silences, nowMs) : [],
    known: isOpen && alert.known,
    lastNumberAt: isOpen && !alert.known ? alert.numberAtMs : null,
    children: of.children.get(shown.id) ?? 0,
  };
}

/** Null also of one that may not be seen. */
function shownParent({ parent }: Pick<AlertBody, 'parent'>, { rows, byId, sees }: Listing): string | null {
  if (parent === null || sees === null) return parent;
  const found = byId.get(parent) ?? rows.one(parent);
  return found && sees(found.body.labels, found.place.console) ? parent : null;
}

function wanted(alert: OpenAlert, asked: Asked): boolean {
  const { rule, body, place } = alert;
  const { labels } = body;
  if (asked.console !== undefined && place.console !== asked.console) return false;
  if (asked.rule !== undefined && rule.id !== asked.rule) return false;
  if (asked.area !== undefined && rule.area !== asked.area) return false;
  if (asked.atLeast && severityRank(body.worst) < severityRank(asked.atLeast)) return false;
  if (asked.from !== undefined && body.createdAtMs < asked.from) return false;
  if (asked.until !== undefined && body.createdAtMs >= asked.until) return false;
  if (asked.link && (labels.link !== asked.link.link || labels.destination !== asked.link.destination))
    return false;
  const clusters = [labels.cluster, labels.source, labels.destination];
  if (asked.cluster !== undefined && !clusters.includes(asked.cluster)) return false;
  if (!asked.text) return true;
  const text = [rule.title, body.message, ...Object.values(labels)].join('\n').toLowerCase();
  return text.includes(asked.text.toLowerCase());
}

const gravestFirst = (a: OpenAlert, b: OpenAlert): number =>
  severityRank(b.body.severity) - severityRank(a.body.severity) ||
  b.body.createdAtMs - a.body.createdAtMs ||
  (a.body.id < b.body.id ? -1 : 1);
