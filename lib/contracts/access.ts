// Who may do what, as pages and server agree on it. The rules themselves are in server/access; nothing here decides.
import { z } from 'zod';
import { objectName, timestampMs } from './common';

/** Each role may all that the ones before it may. */
export const roles = ['viewer', 'operator', 'approver', 'administrator'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Where a role is held. A role on a cluster counts for a link only when it is held on both its clusters. */
export const grantScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('everywhere') }),
  z.strictObject({ kind: z.literal('cluster'), cluster: objectName }),
  z.strictObject({ kind: z.literal('link'), destination: objectName, name: objectName }),
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

/** What a person signs in with: compared without case, shown as it was written. */
export const userName = z
  .string()
  .trim()
  .min(1, 'The user name cannot be empty.')
  .max(100, 'The user name has at most 100 characters.')
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@+-]*$/u, 'A user name holds letters, digits and . _ @ + - only.');

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
