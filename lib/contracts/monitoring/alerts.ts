// Alerts as they are kept and shown, and questions for them. The message that a webhook gets is in channels.ts.
import { z } from 'zod';
import { objectName, timestampMs } from '../common';
import { consoleName } from '../console-name';
import { ruleArea, ruleUnit, severity } from './rules';

/** OVER: the condition ended. GONE: what it was about is not there any more. OFF: the rule was switched off. LOST: nothing was heard for a week. */
export const clearReason = z.enum(['OVER', 'GONE', 'OFF', 'LOST', 'MOVED']);
export type ClearReason = z.infer<typeof clearReason>;

/** What else an alert covers: mirrors, brokers, partitions; by name as far as names are known. */
export const affected = z.object({ count: z.int(), items: z.array(z.string()) });
export type Affected = z.infer<typeof affected>;

export const acknowledgement = z.object({ at: timestampMs, by: z.string(), why: z.string() });
export type Acknowledgement = z.infer<typeof acknowledgement>;

export const alert = z.object({
  id: z.string(),
  /** Empty but on a hub. */
  tenant: z.string(),
  console: z.string(),
  rule: z.string(),
  area: ruleArea,
  status: z.enum(['RAISED', 'CLEARED']),
  /** Now, or at the end. The gravest of itself and of what is listed under it. */
  severity,
  worst: severity,
  labels: z.record(z.string(), z.string()),
  title: z.string().max(40),
  /** With numbers and units, as of the last change. */
  message: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: ruleUnit,
  /** As its rule has it. */
  counted: z.string().nullable(),
  affected,
  createdAt: timestampMs,
  changedAt: timestampMs,
  clearedAt: timestampMs.nullable(),
  cleared: clearReason.nullable(),
  acknowledged: acknowledgement.nullable(),
  /** The alert that stands for this one: nothing is sent of this one. */
  parent: z.string().nullable(),
});
export type Alert = z.infer<typeof alert>;

export const alertChange = z.object({
  at: timestampMs,
  kind: z.enum(['RAISED', 'SEVERITY', 'ACKNOWLEDGED', 'ATTACHED', 'DETACHED', 'CLEARED']),
  severity,
  value: z.number().nullable(),
  /** Who acknowledged, the alert it was attached to, why it was cleared. */
  detail: z.string(),
});
export type AlertChange = z.infer<typeof alertChange>;

/** An alert in a list: what is about it now. */
export const alertRow = alert.extend({
  /** Ids of silences that hold now. */
  silencedBy: z.array(z.string()),
  /** False: there has been no number since the last sweeps; it is as it was. */
  known: z.boolean(),
  /** Where it is not known now: when the last number was seen. Null: it is known, or that is not. */
  lastNumberAt: timestampMs.nullable(),
  /** Open alerts listed under it. */
  children: z.int(),
});
export type AlertRow = z.infer<typeof alertRow>;

/** Null: everything. Otherwise what somebody may see: alerts about Landbridge itself, and of these clusters and links; on a hub, of these consoles. */
export const visibleAlerts = z
  .object({
    landbridge: z.boolean(),
    clusters: z.array(objectName),
    links: z.array(z.object({ destination: objectName, link: objectName })),
    /** Given on a hub: of them everything, whatever it is about, and of others nothing. */
    consoles: z.array(consoleName).optional(),
  })
  .nullable();
export type VisibleAlerts = z.infer<typeof visibleAlerts>;

export const alertQuery = z.object({
  tenant: z.string().default(''),
  console: z.string().optional(),
  status: z.enum(['OPEN', 'CLEARED', 'ALL']).default('OPEN'),
  atLeast: severity.optional(),
  rule: z.string().optional(),
  area: ruleArea.optional(),
  cluster: z.string().optional(),
  link: z.object({ destination: z.string(), link: z.string() }).optional(),
  /** In title, message or labels, without case. */
  text: z.string().optional(),
  /** Also those for which another stands. */
  withChildren: z.boolean().default(false),
  visible: visibleAlerts.default(null),
  /** Raised at or after, and before. */
  from: timestampMs.optional(),
  until: timestampMs.optional(),
  /** `next` of the page before. */
  after: z.string().optional(),
  limit: z.int().min(1).max(500).default(100),
});
/** As it is asked: what has a default may be left out. */
export type AlertQuery = z.input<typeof alertQuery>;

/** Open ones first and gravest first; then cleared ones, newest first. */
export const alertPage = z.object({
  alerts: z.array(alertRow),
  next: z.string().nullable(),
  /** Of all that are open and visible, on a hub of the console that was asked for, whatever else was; not those for which another stands. */
  open: z.record(severity, z.int()),
});
export type AlertPage = z.infer<typeof alertPage>;

export const alertDetail = z.object({
  alert: alertRow,
  changes: z.array(alertChange),
  /** At most 100 of what is or was listed under it. */
  children: z.array(alertRow),
});
export type AlertDetail = z.infer<typeof alertDetail>;
