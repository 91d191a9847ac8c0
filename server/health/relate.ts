/**
 * Which alert stands for which: the alert of a cause for those that follow from it, and the first of a storm for those behind the tenth. What
 * stands under another is as grave a matter for that one, and nothing is sent of it. No I/O, no clock.
 */
import type { Labels } from '@/lib/monitoring/observation';
import type { Memory } from './evaluate';
import { orphanWaitMs, stormAlerts } from './intervals';
import { gravest, type OpenAlert, setSeverity, type Unsaved } from './open-alert';
import type { Cause } from './rule';

/** @param past those that were cleared less than `orphanWaitMs` ago */
export function relate(
  open: readonly OpenAlert[],
  past: readonly OpenAlert[],
  atMs: number,
  unsaved: Unsaved,
): void {
  if (open.length === 0) return;
  const byRule = new Map<string, OpenAlert[]>();
  const byId = new Map<string, OpenAlert>();
  for (const alert of open) {
    byId.set(alert.body.id, alert);
    const own = byRule.get(alert.rule.id);
    if (own) own.push(alert);
    else byRule.set(alert.rule.id, [alert]);
  }
  const direct = new Map<OpenAlert, OpenAlert>();
  for (const alert of open) {
    const cause = openCause(alert, byRule);
    if (cause) direct.set(alert, cause);
  }
  for (const alert of open)
    if (alert.body.createdAtMs === atMs && !direct.has(alert)) attachToPast(alert, past, unsaved);
  for (const alerts of byRule.values()) addStorms(alerts, direct, byId);
  for (const alert of open) attach(alert, rootOf(alert, direct), atMs, unsaved);
  raiseParents(open, byId, atMs, unsaved);
}

/** A cause of it is about to be raised, perhaps: one message may do for both. */
export function causeIsPending(memory: Memory, alert: OpenAlert): boolean {
  return alert.rule.causes.some(({ rule, where }) => {
    const subjects = memory.get(rule);
    if (!subjects) return false;
    for (const one of subjects.values()) {
      const pending = one.level === 0 && one.unknownSinceMs === null && one.met.some((ms) => ms >= 0);
      if (pending && agrees(where, one.labels, alert.body.labels)) return true;
    }
    return false;
  });
}

function openCause(alert: OpenAlert, byRule: ReadonlyMap<string, OpenAlert[]>): OpenAlert | null {
  for (const { rule, where } of alert.rule.causes) {
    const cause = byRule.get(rule)?.find((one) => agrees(where, one.body.labels, alert.body.labels));
    if (cause) return cause;
  }
  return null;
}

/** Raised only now, and begun while its cause was there: it waits like those that were raised before the cause was over. */
function attachToPast(alert: OpenAlert, past: readonly OpenAlert[], unsaved: Unsaved): void {
  const { body, rule, beganAtMs } = alert;
  if (rule.causes.length === 0) return;
  const cause = past.findLast(
    (one) =>
      beganAtMs < (one.body.clearedAtMs ?? 0) &&
      rule.causes.some((of) => of.rule === one.rule.id && agrees(of.where, one.body.labels, body.labels)),
  );
  if (!cause) return;
  body.parent = cause.body.parent ?? cause.body.id;
  body.orphanedAtMs = cause.body.clearedAtMs;
  unsaved.note(alert, 'ATTACHED', body.createdAtMs, body.parent);
}

const agrees = (where: Cause['where'], cause: Labels, own: Labels): boolean =>
  Object.entries(where).every(([label, ownLabel]) => cause[label] === own[ownLabel]);

/** Whoever is under the first of a storm stays there while that one is raised, or each that is cleared would send another one. */
function addStorms(
  alerts: OpenAlert[],
  direct: Map<OpenAlert, OpenAlert>,
  byId: ReadonlyMap<string, OpenAlert>,
): void {
  if (alerts.length <= 1) return;
  const sorted = alerts
    .filter((one) => !direct.has(one))
    .sort((a, b) => a.body.createdAtMs - b.body.createdAtMs);
  const alone = new Map<string, OpenAlert[]>();
  for (const alert of sorted) {
    const first = alert.body.parent === null ? undefined : byId.get(alert.body.parent);
    if (first && first !== alert && first.rule === alert.rule && !direct.has(first)) {
      direct.set(alert, first);
      continue;
    }
    const { cluster, link, destination } = alert.body.labels;
    const where = cluster ?? `${destination}/${link}`;
    const others = alone.get(where) ?? [];
    alone.set(where, others);
    if (others.length >= stormAlerts && others[0]) direct.set(alert, others[0]);
    else others.push(alert);
  }
}

function rootOf(alert: OpenAlert, direct: ReadonlyMap<OpenAlert, OpenAlert>): OpenAlert | null {
  let root = direct.get(alert) ?? null;
  for (let next = root && direct.get(root); next; next = direct.get(next)) root = next;
  return root;
}

function attach(alert: OpenAlert, parent: OpenAlert | null, atMs: number, unsaved: Unsaved): void {
  const { body } = alert;
  if (parent) {
    if (body.orphanedAtMs !== null) unsaved.alerts.add(alert);
    body.orphanedAtMs = null;
    if (body.parent === parent.body.id) return;
    body.parent = parent.body.id;
    unsaved.note(alert, 'ATTACHED', atMs, parent.body.id);
  } else if (body.parent !== null) {
    // The clock was set back: it waits from now on.
    if (body.orphanedAtMs === null || body.orphanedAtMs > atMs) {
      body.orphanedAtMs = atMs;
      unsaved.alerts.add(alert);
    } else if (atMs - body.orphanedAtMs >= orphanWaitMs) {
      const detail = body.parent;
      body.parent = null;
      body.orphanedAtMs = null;
      unsaved.note(alert, 'DETACHED', atMs, detail);
    }
  }
}

function raiseParents(
  open: readonly OpenAlert[],
  byId: ReadonlyMap<string, OpenAlert>,
  atMs: number,
  unsaved: Unsaved,
): void {
  const severities = new Map(open.map((alert) => [alert, alert.body.own]));
  for (const alert of open) {
    const parent = alert.body.parent === null ? undefined : byId.get(alert.body.parent);
    if (parent) severities.set(parent, gravest(severities.get(parent) ?? parent.body.own, alert.body.own));
  }
  for (const [alert, severity] of severities) setSeverity(alert, severity, atMs, unsaved);
}
