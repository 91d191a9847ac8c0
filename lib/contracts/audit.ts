// The audit log as pages, exports and programs read it. An entry is one operation: its intent joined with its outcome.
import { z } from 'zod';
import { timestampMs } from './common';

/** CRITICAL: somebody went around a rule on purpose (break-glass), or the log itself was found changed. */
export const auditSeverity = z.enum(['INFO', 'CRITICAL']);
export type AuditSeverity = z.infer<typeof auditSeverity>;

/**
 * OBSERVED: the server died in between; at its next start it wrote down what it saw. PENDING: being done now. UNKNOWN: no
 * outcome is recorded, and nobody is at work on it.
 */
export const auditOutcome = z.enum(['OK', 'FAILED', 'REFUSED', 'OBSERVED', 'PENDING', 'UNKNOWN']);
export type AuditOutcome = z.infer<typeof auditOutcome>;

/** What is written as a result; PENDING and UNKNOWN are the absence of one. */
export const auditResults = ['OK', 'FAILED', 'REFUSED', 'OBSERVED'] as const;
export type AuditResult = (typeof auditResults)[number];

export const auditObjectType = z.enum([
  'cluster',
  'link',
  'mirror',
  'topic',
  'person',
  'apiKey',
  'hubSender',
  'console',
  'session',
  'approval',
  'secretKey',
  'auditLog',
  'healthRule',
  'silence',
  'alertChannel',
  'alert',
  'server',
  'other',
]);
export type AuditObjectType = z.infer<typeof auditObjectType>;

export const auditActorKind = z.enum(['person', 'apiKey', 'hubSender', 'anonymous', 'engine', 'system']);
export type AuditActorKind = z.infer<typeof auditActorKind>;

export const auditEntry = z.object({
  /** Position of the first row of this entry in the log. */
  seq: z.int(),
  operationId: z.string(),
  at: timestampMs,
  actor: z.object({
    kind: auditActorKind,
    id: z.string().nullable(),
    name: z.string(),
    /** Both told to administrators only. */
    sessionId: z.string().nullable(),
    address: z.string().nullable(),
  }),
  operation: z.string(),
  object: z.object({ type: auditObjectType, name: z.string() }),
  /** What the entry concerns, for who may see it: a cluster, a link (then `cluster` is its source), or neither. */
  cluster: z.string().nullable(),
  destination: z.string().nullable(),
  link: z.string().nullable(),
  severity: auditSeverity,
  reason: z.string().nullable(),
  requestId: z.string().nullable(),
  outcome: auditOutcome,
  /** When the outcome was written; null while there is none. */
  endedAt: timestampMs.nullable(),
  message: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** One row's place in the chain. */
export const auditProof = z.object({ seq: z.int(), keyId: z.string(), mac: z.string() });

const json = z.unknown();

export const auditEntryDetail = auditEntry.extend({
  details: json,
  /** Secrets stand here as "secret" and "secret (changed)". */
  before: json,
  after: json,
  rows: z.array(auditProof),
});
export type AuditEntryDetail = z.infer<typeof auditEntryDetail>;

const filterText = z
  .string()
  .trim()
  .max(200)
  .transform((text) => (text === '' ? undefined : text))
  .optional();

/** An instant as ISO 8601 with a zone, or as milliseconds. */
const instant = z
  .union(
    [
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
    ],
    { error: 'Write a time such as 2026-11-23T14:00:00Z, or milliseconds since 1970.' },
  )
  .optional();

export const auditFilter = z.strictObject({
  from: instant,
  to: instant,
  /** Part of a name, or a whole id. */
  actor: filterText,
  operation: filterText,
  /** Part of an object's name, or the name of a cluster or link that the entry concerns. */
  object: filterText,
  objectType: auditObjectType.optional(),
  outcome: z.enum([...auditResults, 'OPEN']).optional(),
  severity: auditSeverity.optional(),
  /** Anywhere in names, messages, reasons and details. */
  text: filterText,
  requestId: filterText,
  operationId: filterText,
});
export type AuditFilter = z.infer<typeof auditFilter>;

export const auditQuery = auditFilter.extend({
  /** `nextCursor` of the page before. */
  cursor: z.coerce.number().int().min(1).optional(),
  /** Only entries that have a row after this one: what is new since `newest` of an earlier answer. */
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditPage = z.object({
  asOf: timestampMs,
  /** Newest first. */
  entries: z.array(auditEntry),
  /** Null: there is nothing older. A page may hold fewer than `limit` entries and still have a next one. */
  nextCursor: z.int().nullable(),
  /** The last row of the log when this was read. */
  newest: z.int(),
  /** Down to when was looked through for this page; null when it reached the beginning. */
  searchedBackTo: timestampMs.nullable(),
});
export type AuditPage = z.infer<typeof auditPage>;

export const auditExportQuery = auditFilter.extend({ format: z.enum(['jsonl', 'csv']).default('jsonl') });
