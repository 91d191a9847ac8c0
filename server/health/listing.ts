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

export type ListingOf = {
  watches: readonly Watch[];
  rows: AlertRows;
  /** Whether whoever asks may see what has these labels; null: everything. */
  sees: Sees | null;
  silences: readonly Silence[];
  nowMs: number;
};

export function alertPageOf(query: AlertQuery, of: ListingOf): AlertPage {
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

function clearedPage(asked: Asked, of: ListingOf, limit: number): { rows: AlertRow[]; next: string | null } {
  const rows: AlertRow[] = [];
  let before = cursorOf(asked.after);
  for (;;) {
    const stored = of.rows.cleared(asked.tenant, before, readAtOnce);
    for (const one of stored) {
      const rule = ruleOf(one.rule);
      const cursor = { atMs: one.body.clearedAtMs ?? 0, id: one.body.id };
      const alert = rule ? openOf(one, rule) : null;
      const stands = asked.withChildren || shownParent(one.body, of) === null;
      const seen = of.sees?.(one.body.labels, one.place.console) ?? true;
      if (alert && seen && stands && wanted(alert, asked)) {
        if (rows.length >= limit)
          return { rows, next: before ? `c${before.atMs}.${before.id}` : (asked.after ?? 'c') };
        rows.push(rowOf(alert, of));
      }
      before = cursor;
    }
    if (stored.length < readAtOnce) return { rows, next: null };
  }
}

function cursorOf(after: string | undefined): { atMs: number; id: string } | null {
  const parts = /^c(\d+)\.(.+)$/.exec(after ?? '');
  return parts?.[1] && parts[2] ? { atMs: Number(parts[1]), id: parts[2] } : null;
}

export function rowOf(alert: OpenAlert, of: ListingOf): AlertRow {
  const { watches, silences, nowMs, sees } = of;
  const shown = alertOf(alert);
  const watch = watches.find(
    ({ place }) => place.tenant === alert.place.tenant && place.console === alert.place.console,
  );
  const isOpen = shown.status === 'RAISED';
  const children = [...(watch?.open.values() ?? [])].filter(
    ({ body }) => body.parent === shown.id && (sees?.(body.labels, alert.place.console) ?? true),
  ).length;
  return {
    ...shown,
    parent: shownParent(alert.body, of),
    ...(isOpen && watch?.numbers ? { affected: watch.affectedBy(alert) } : {}),
    silencedBy: isOpen ? silencedBy(shown, silences, nowMs) : [],
    known: isOpen && alert.known,
    lastNumberAt: isOpen && !alert.known ? alert.numberAtMs : null,
    children,
  };
}

/** Null also of one that may not be seen. */
function shownParent(
  { parent }: Pick<AlertBody, 'parent'>,
  { rows, watches, sees }: ListingOf,
): string | null {
  if (parent === null || sees === null) return parent;
  for (const watch of watches)
    for (const { body, place } of watch.open.values())
      if (body.id === parent) return sees(body.labels, place.console) ? parent : null;
  const stored = rows.one(parent);
  return stored && sees(stored.body.labels, stored.place.console) ? parent : null;
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
