// An alert that is raised, as it is kept in memory and in alerts.db; and what is written down when it changes.
import type {
  Acknowledgement,
  Affected,
  Alert,
  AlertChange,
  ClearReason,
} from '@/lib/contracts/monitoring/alerts';
import { type Severity, severityRank } from '@/lib/contracts/monitoring/rules';
import type { Labels } from '@/lib/monitoring/observation';
import type { Matchable } from './matching';
import type { Place } from './place';
import type { Rule } from './rule';

/** What a channel was told last: to know what it is to be told next. */
export type ToldChannel = { severity: Severity; atMs: number; acknowledged: boolean };

/** Stored as JSON: what is added later must have a default where it is read. */
export type AlertBody = {
  id: string;
  labels: Labels;
  /** Of its own condition, without what is listed under it. */
  own: Severity;
  severity: Severity;
  worst: Severity;
  message: string;
  value: number | null;
  threshold: number | null;
  affected: Affected;
  createdAtMs: number;
  changedAtMs: number;
  clearedAtMs: number | null;
  cleared: ClearReason | null;
  acknowledged: Acknowledgement | null;
  parent: string | null;
  /** Since when its parent is cleared, and it is not: it may just need longer. */
  orphanedAtMs: number | null;
  told: Record<string, ToldChannel>;
  changes: number;
};

export type OpenAlert = {
  readonly place: Place;
  readonly rule: Rule;
  /** The values of the rule's `groupBy` labels. */
  readonly subject: string;
  readonly body: AlertBody;
  /** There was a number at the last look. */
  known: boolean;
  /** Its condition was not there any more at the last look: it is about to be cleared, unless it comes back. */
  ebbing: boolean;
  /** Since when its condition has been seen, as far as is known. */
  readonly beganAtMs: number;
  /** When the last number was seen; null: not since the start. */
  numberAtMs: number | null;
};

export const gravest = (a: Severity, b: Severity): Severity => (severityRank(a) >= severityRank(b) ? a : b);

/** Changes that are not in alerts.db yet. */
export class Unsaved {
  readonly alerts = new Set<OpenAlert>();
  readonly changes: { alert: string; number: number; change: AlertChange }[] = [];

  note(alert: OpenAlert, kind: AlertChange['kind'], atMs: number, detail = ''): void {
    const { body } = alert;
    body.changedAtMs = atMs;
    body.changes++;
    const change = { at: atMs, kind, severity: body.severity, value: body.value, detail };
    this.changes.push({ alert: body.id, number: body.changes, change });
    this.alerts.add(alert);
  }

  get isEmpty(): boolean {
    return this.alerts.size === 0 && this.changes.length === 0;
  }
}

export function clear(alert: OpenAlert, reason: ClearReason, atMs: number, unsaved: Unsaved): void {
  alert.body.clearedAtMs = atMs;
  alert.body.cleared = reason;
  unsaved.note(alert, 'CLEARED', atMs, reason);
}

export function setSeverity(alert: OpenAlert, severity: Severity, atMs: number, unsaved: Unsaved): void {
  const { body } = alert;
  if (body.severity === severity) return;
  body.severity = severity;
  body.worst = gravest(body.worst, severity);
  unsaved.note(alert, 'SEVERITY', atMs);
}

/** By what silences and routes know it. */
export const matchableOf = ({ place, rule, body }: OpenAlert): Matchable => ({
  rule: rule.id,
  area: rule.area,
  severity: body.severity,
  labels: place.console === '' ? body.labels : { ...body.labels, console: place.console },
});

export function alertOf({ place, rule, body }: OpenAlert): Alert {
  const { own: _own, orphanedAtMs: _orphaned, told: _told, changes: _changes, ...rest } = body;
  const { createdAtMs, changedAtMs, clearedAtMs, labels, ...same } = rest;
  return {
    ...same,
    tenant: place.tenant,
    console: place.console,
    rule: rule.id,
    area: rule.area,
    status: clearedAtMs === null ? 'RAISED' : 'CLEARED',
    labels: { ...labels, ...(place.console === '' ? {} : { console: place.console }) },
    title: rule.title,
    unit: rule.unit,
    counted: rule.counted,
    createdAt: createdAtMs,
    changedAt: changedAtMs,
    clearedAt: clearedAtMs,
  };
}
