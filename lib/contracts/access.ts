// Who may do what, as pages and server agree on it. The rules themselves are in server/access; nothing here decides.
import { z } from 'zod';
import { objectName, timestampMs } from './common';
import { consoleName } from './console-name';

/** Each role may all that the ones before it may. */
export const roles = ['viewer', 'operator', 'approver', 'administrator'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Where a role is held. A role on a cluster counts for a link only when it is held on both its clusters. */
export const grantScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('everywhere') }),
  z.strictObject({ kind: z.literal('cluster'), cluster: objectName }),
  z.strictObject({ kind: z.literal('link'), destination: objectName, name: objectName }),
  /** On a hub: all that one console reports. */
  z.strictObject({ kind: z.literal('console'), console: consoleName }),
]);
export type GrantScope = z.infer<typeof grantScope>;

/** One role in one place. `administrator` is held everywhere or not at all: it governs people, keys and clusters. */
export const grant = z
  .strictObject({ role, scope: grantScope })
  .refine((g) => g.role !== 'administrator' || g.scope.kind === 'everywhere', {
    path: ['scope'],
    message: 'An administrator is one everywhere; give approver on single clusters or links.',
  });
export type Grant = z.infer<typeof grant>;

export const grants = z.array(grant).min(1, 'Give at least one role.').max(200);

/** Scripts in everyday use (Unicode, UAX 31, table 5); those that are written together stand together. */
const scripts = [
  ...['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Georgian', 'Hebrew', 'Arabic', 'Thaana', 'Ethiopic'],
  ...['Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam'],
  ...['Sinhala', 'Thai', 'Lao', 'Tibetan', 'Myanmar', 'Khmer'],
].map((script) => [script]);
const together = [
  ['Han', 'Hiragana', 'Katakana'],
  ['Han', 'Hangul'],
  ['Han', 'Bopomofo'],
];
const inOneScript = new RegExp(
  `^(?:${[...scripts, ...together].map((group) => `[${group.map((s) => `\\p{scx=${s}}`).join('')}\\p{N}._@+-]*`).join('|')})$`,
  'u',
);
/** Letters of two scripts in one name are made to look like another name (а of Cyrillic, a of Latin). */
export const isInOneScript = (name: string): boolean => inOneScript.test(name);

/** What a person signs in with: compared without case, shown as it was written. */
export const userName = z
  .string()
  .trim()
  .normalize('NFKC')
  .min(1, 'The user name cannot be empty.')
  .max(100, 'The user name has at most 100 characters.')
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@+-]*$/u, 'A user name holds letters, digits and . _ @ + - only.')
  .refine(isInOneScript, 'Use letters of one script: mixed ones look like another name.');

/** Length beats composition (NIST SP 800-63B); the upper limit keeps hashing cheap. */
export const newPassword = z
  .string()
  .min(12, 'Use at least 12 characters.')
  .max(256, 'Use at most 256 characters.');

export const personView = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string(),
  /** LOCAL: password here. OIDC: signs in at the provider `issuer`. */
  kind: z.enum(['LOCAL', 'OIDC']),
  issuer: z.string().nullable(),
  grants: z.array(grant),
  /** CLAIM: roles follow the provider's groups at each sign-in and cannot be edited here. */
  grantsFrom: z.enum(['CONSOLE', 'CLAIM']),
  disabled: z.boolean(),
  secondFactor: z.boolean(),
  createdAt: timestampMs,
  lastSignInAt: timestampMs.nullable(),
  sessions: z.number().int(),
  /** Null: what this person confirms counts as the word of a second one. */
  unvouched: z
    .object({
      /** Who made the account, gave it roles, or made links to its password. */
      by: z.array(z.string()),
      /** From when on it counts by itself; null: another administrator can vouch, and must. */
      countsAt: timestampMs.nullable(),
      /** Why the one who looks cannot vouch for it; null where they can. */
      whyNot: z.string().nullable(),
      signInAgain: z.boolean(),
    })
    .nullable(),
});
export type PersonView = z.infer<typeof personView>;
export const peopleList = z.object({ people: z.array(personView) });

export const apiKeyView = z.object({
  /** The public half: the user name of HTTP Basic. */
  id: z.string(),
  name: z.string(),
  grant,
  createdAt: timestampMs,
  createdBy: z.string(),
  expiresAt: timestampMs.nullable(),
  revokedAt: timestampMs.nullable(),
  lastUsedAt: timestampMs.nullable(),
  lastUsedFrom: z.string().nullable(),
  /** The one from LANDBRIDGE_API_KEY; it cannot be edited here. */
  bootstrap: z.boolean(),
});
export type ApiKeyView = z.infer<typeof apiKeyView>;
export const apiKeyList = z.object({ keys: z.array(apiKeyView) });

/** Shown once, at creation; only its SHA-256 is kept. */
export const apiKeyCreated = z.object({ key: apiKeyView, secret: z.string() });

/** Who is asking, for the console's frame and for what it shows as not allowed. */
export const me = z.object({
  kind: z.enum(['PERSON', 'API_KEY', 'BOOTSTRAP_KEY']),
  id: z.string(),
  name: z.string(),
  grants: z.array(grant),
  signedInAt: timestampMs.nullable(),
});
export type Me = z.infer<typeof me>;

/** Operations that a link may put under the rule of two persons. */
export const guardedOperation = z.enum(['promote', 'failover', 'reverse', 'delete']);
export type GuardedOperation = z.infer<typeof guardedOperation>;

/** Shown once: whoever opens it first chooses the password. `path` is the address below the server's own, with the token. */
export const oneTimeLink = z.object({ path: z.string(), expiresAt: timestampMs });

/** Names are read by people, in logs and in terminals: no control, format or lone surrogate characters. */
const readable = /^[^\p{C}]*$/u;
const READABLE = 'Use characters that can be read: no control or formatting characters.';

const displayName = z
  .string()
  .trim()
  .regex(readable, READABLE)
  .min(1, 'The name cannot be empty.')
  .max(100, 'The name has at most 100 characters.');

/** Invites a local account; people of a provider appear when they first sign in. */
export const invitePersonRequest = z.strictObject({
  userName,
  /** The user name where it is left out. */
  displayName: displayName.optional(),
  grants,
});
export type InvitePersonRequest = z.infer<typeof invitePersonRequest>;
export const personInvited = z.object({ person: personView, link: oneTimeLink });

/** What is left out stays as it is. */
export const changePersonRequest = z.strictObject({
  displayName: displayName.optional(),
  grants: grants.optional(),
  disabled: z.boolean().optional(),
});
export type ChangePersonRequest = z.infer<typeof changePersonRequest>;

export const personRemoved = z.object({ id: z.string(), message: z.string() });
export const passwordReset = z.object({ link: oneTimeLink });
export const sessionsEnded = z.object({ ended: z.number().int() });

export const createApiKeyRequest = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'Name the key after the program that will hold it.')
    .regex(readable, READABLE)
    .max(100, 'The name has at most 100 characters.'),
  grant,
  /** Null: it works until it is revoked. */
  expiresAt: timestampMs.nullable().default(null),
});
export type CreateApiKeyRequest = z.infer<typeof createApiKeyRequest>;

/** What a second person can be asked to confirm: a guarded operation, or taking operations off the rule. */
export const approvalOperation = z.enum([
  ...guardedOperation.options,
  'unguard',
  /** Guarded with what they consist of: deleting, and for a failback failing over. */
  'reseed',
  'failback',
]);
export type ApprovalOperation = z.infer<typeof approvalOperation>;

export const approvalState = z.enum([
  'PENDING',
  /** The second person has agreed; the one who asked can do it now, once. */
  'CONFIRMED',
  /** Nobody was there: the one who asked goes ahead alone, with a reason and a CRITICAL entry in the audit log. */
  'BROKEN_GLASS',
  'REJECTED',
  'WITHDRAWN',
  /** What it was asked for looks different now; it must be asked for again. */
  'STALE',
  'EXPIRED',
  'USED',
]);
export type ApprovalState = z.infer<typeof approvalState>;

/** What the person who looks may do with the request; with the reason where not. */
const approvalStep = z.object({
  allowed: z.boolean(),
  why: z.string().nullable(),
  /** All that is missing is a sign-in of the last minutes. */
  signInAgain: z.boolean(),
});

export const approvalView = z.object({
  id: z.string(),
  operation: approvalOperation,
  link: z.object({ source: z.string(), destination: z.string(), name: z.string() }),
  /** Null: the whole link. */
  topic: z.string().nullable(),
  /** What will happen, in a sentence. */
  summary: z.string(),
  state: approvalState,
  requestedBy: z.string(),
  requestedAt: timestampMs,
  /** Until when it can be confirmed, or used once it is. */
  expiresAt: timestampMs,
  decidedBy: z.string().nullable(),
  decidedAt: timestampMs.nullable(),
  usedAt: timestampMs.nullable(),
  /** Why it was rejected, or why the glass was broken. */
  reason: z.string().nullable(),
  confirm: approvalStep,
  reject: approvalStep,
  withdraw: approvalStep,
  breakGlass: approvalStep,
});
export type ApprovalView = z.infer<typeof approvalView>;

/** Newest first. */
export const approvalList = z.object({ approvals: z.array(approvalView) });

/** With what the dry run found: the approval holds for exactly these facts. */
export const approvalDetail = approvalView.extend({
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type ApprovalDetail = z.infer<typeof approvalDetail>;

const reason = z
  .string()
  .trim()
  .min(10, 'Say why in at least 10 characters: it is what others will read in the audit log.')
  .max(1000, 'At most 1000 characters.');
export const rejectApprovalRequest = z.strictObject({ reason });
export const breakGlassRequest = z.strictObject({ reason });
