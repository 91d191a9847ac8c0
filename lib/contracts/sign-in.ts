// Signing in, one-time links, and what people see and change of their own account.
import { z } from 'zod';
import { newPassword, userName } from './access';
import { timestampMs } from './common';

/** Stands in the address of /sign-in as `error`, and decides what the page says. */
export const signInProblems = [
  /** Name or password; which of them is not told. */
  'WRONG',
  /** Too many failures; followed by the seconds to wait: WAIT:8. */
  'WAIT',
  'DISABLED',
  /** The provider knows the person, but none of their groups has a role here. */
  'NO_ROLE',
  'LINK',
  /** The provider could not be reached, or its answer did not hold. */
  'PROVIDER',
  /** Cookies are blocked, or the page stood open for too long. */
  'TRY_AGAIN',
] as const;
export type SignInProblem = (typeof signInProblems)[number];

/** What a page is told after trying: where to go, or what was wrong (`WAIT:8` with the seconds). */
export const signInAnswer = z.object({ url: z.string(), problem: z.string().nullable() });
export const csrfAnswer = z.object({ csrfToken: z.string() });

/** How one can sign in here, for the page. Told to everybody. */
export const signInWays = z.object({
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Nobody can sign in yet: the link to make the first administrator stands in the server's output. */
  empty: z.boolean(),
  /** Passwords travel in the clear: the address is plain http on a network. */
  exposed: z.boolean(),
});
export type SignInWays = z.infer<typeof signInWays>;

/** What the fragment of the link's address holds. */
const linkToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'This is not the whole link. Copy it again.');

export const lookAtLinkRequest = z.strictObject({ token: linkToken });
export const oneTimeLinkView = z.object({
  purpose: z.enum(['SET_UP', 'INVITATION', 'PASSWORD_RESET', 'SIGN_IN']),
  /** Null: to be chosen. */
  userName: z.string().nullable(),
  displayName: z.string().nullable(),
  expiresAt: timestampMs,
});
export type OneTimeLinkView = z.infer<typeof oneTimeLinkView>;

export const redeemLinkRequest = z.strictObject({
  token: linkToken,
  /** For the first administrator only. */
  userName: userName.optional(),
  displayName: z.string().trim().min(1).max(100).optional(),
  password: newPassword,
});
export type RedeemLinkRequest = z.infer<typeof redeemLinkRequest>;
export const linkRedeemed = z.object({ userName: z.string() });

export const changePasswordRequest = z.strictObject({ current: z.string().max(256), next: newPassword });

export const ownSession = z.object({
  id: z.string(),
  current: z.boolean(),
  signedInAt: timestampMs,
  lastSeenAt: timestampMs,
  expiresAt: timestampMs,
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export const ownSessions = z.object({ sessions: z.array(ownSession) });
export type OwnSession = z.infer<typeof ownSession>;

/** The id of the row: a SHA-256, useless as a session. */
export const sessionParams = z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) });

/** What only the own account page shows. */
export const ownAccount = z.object({
  userName: z.string(),
  displayName: z.string(),
  /** The provider that the person comes from; null: an account of this server. */
  provider: z.string().nullable(),
  hasPassword: z.boolean(),
  idleLimitMs: z.number(),
  absoluteLimitMs: z.number(),
});
