// The part `signIn` of landbridge.yaml: how long sessions last, and the OpenID providers that people come from.
import { z } from 'zod';
import { grant, grantScope, role } from '@/lib/contracts/access';
import { sessionAbsoluteLimitMs, sessionIdleLimitMs } from './intervals';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** Passwords and tokens go there: never in the clear, except to this machine itself. */
const safeUrl = z
  .url({ protocol: /^https?$/, message: 'Give an https address.' })
  .refine((text) => text.startsWith('https:') || isOnLoopback(text), 'Give an https address.');

function isOnLoopback(text: string): boolean {
  const { hostname } = new URL(text);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

const roleRule = z
  .strictObject({
    group: z.string().min(1, 'Name the group as the provider does.'),
    role,
    scope: grantScope.default({ kind: 'everywhere' }),
  })
  .superRefine(({ role, scope }, context) => {
    const problem = grant.safeParse({ role, scope }).error?.issues[0];
    if (problem) context.addIssue({ code: 'custom', path: problem.path, message: problem.message });
  });

const oidcProvider = z
  .strictObject({
    /** Stands in the redirect address that the provider is told: /api/auth/callback/<id>. */
    id: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'The id holds a to z, 0 to 9 and "-" only: it stands in an address.'),
    name: z
      .string()
      .min(1, 'Give the name that people know the provider by.')
      .max(60, 'At most 60 characters.'),
    issuer: safeUrl.optional(),
    wellKnown: safeUrl.optional(),
    clientId: z.string().min(1, 'Give the client id that the provider has issued.'),
    clientSecret: z.string().min(1, 'Give the client secret, for example as a variable.'),
    scope: z.string().default('openid profile email'),
    groupsClaim: z.string().min(1).default('groups'),
    userNameClaim: z.string().min(1).default('preferred_username'),
    roles: z.array(roleRule).min(1, 'Give at least one group a role; others are refused.'),
  })
  .refine(({ issuer, wellKnown }) => issuer !== undefined || wellKnown !== undefined, {
    path: ['issuer'],
    message: 'Give issuer or wellKnown, the address of the provider.',
  })
  .refine(({ id }) => id !== 'password' && id !== 'link', {
    path: ['id'],
    message: 'This id is taken by Landbridge itself. Choose another.',
  })
  .refine(({ scope }) => scope.split(/\s+/).includes('openid'), {
    path: ['scope'],
    message: 'The scope must hold "openid".',
  });

export const signInFile = z.strictObject({
  idleLimitMinutes: z
    .number()
    .int()
    .min(1)
    .max(525_600)
    .default(sessionIdleLimitMs / minuteMs),
  absoluteLimitHours: z
    .number()
    .int()
    .min(1)
    .max(8_760)
    .default(sessionAbsoluteLimitMs / hourMs),
  oidc: z
    .array(oidcProvider)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'Two providers have the same id.')
    .default([]),
});

export type OidcProvider = Omit<z.infer<typeof oidcProvider>, 'issuer' | 'wellKnown'> & { wellKnown: string };

export type SignInConfig = { idleMs: number; absoluteMs: number; oidc: OidcProvider[] };

export const defaultSignIn: SignInConfig = signInConfigOf(signInFile.parse({}));

export function signInConfigOf(file: z.infer<typeof signInFile>): SignInConfig {
  return {
    idleMs: file.idleLimitMinutes * minuteMs,
    absoluteMs: file.absoluteLimitHours * hourMs,
    oidc: file.oidc.map(({ issuer, wellKnown, ...rest }) => ({
      ...rest,
      wellKnown: wellKnown ?? `${issuer?.replace(/\/$/, '')}/.well-known/openid-configuration`,
    })),
  };
}
