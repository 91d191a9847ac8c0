/**
 * next-auth's settings for one request. Its cookie holds our session's token as it is: a JWT around 256 random bits would
 * add a date that could disagree with the row. What a sign-in may become is decided by server/access/sign-in.ts.
 */
import type { AuthOptions } from 'next-auth';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { z } from 'zod';
import { ownPath } from '@/lib/own-path';
import { deriveKey } from '@/server/access/secret-key';
import type { From, SignInResult } from '@/server/access/sign-in';
import { freshSignInMs, oidcRequestLimitMs } from '@/server/intervals';
import { outgoingAgent } from '@/server/outgoing/agent';
import type { Runtime } from '@/server/runtime';
import type { OidcProvider } from '@/server/sign-in-config';
import { cookieName, cookieOptions, sessionCookieName } from '../session-cookie';

/** Anything longer is no user name and no password here: refused as wrong, in the same time. */
const typed = z.object({ userName: z.string().max(200), password: z.string().max(256) });
const linked = z.object({ token: z.string().max(100) });

export function authOptions(runtime: Runtime, from: From): AuthOptions {
  const { address, signIn: config } = runtime.config;
  const { signIn } = runtime.entrance;
  /** Of the session that this request begins. */
  let begun: string | null = null;

  const admit = (result: SignInResult) => {
    if (result.refused !== null) throw new Error(problemOf(result));
    begun = result.token;
    return { id: result.personId, name: result.name };
  };
  const credentials = (id: string, authorize: (given: unknown) => Promise<SignInResult>) => ({
    id,
    name: id,
    type: 'credentials' as const,
    credentials: {},
    authorize: async (given: unknown) => admit(await authorize(given)),
  });

  return {
    secret: deriveKey(runtime.secretKey.reveal(), 'session tokens').toString('base64url'),
    useSecureCookies: address.secure,
    providers: [
      credentials('password', (given) => {
        const { data } = typed.safeParse(given);
        return signIn.byPassword(data ?? { userName: '', password: '' }, from);
      }),
      credentials('link', (given) => {
        const { data } = linked.safeParse(given);
        return signIn.byLink(data?.token ?? '', from);
      }),
      ...config.oidc.map(oidcProvider),
    ],
    session: { strategy: 'jwt', maxAge: config.absoluteMs / 1000 },
    jwt: {
      encode: async ({ token }) => String(token?.session ?? ''),
      decode: async ({ token }) => (token ? { session: token } : null),
    },
    callbacks: {
      async signIn({ account, profile }) {
        const provider = config.oidc.find(({ id }) => id === account?.provider);
        // Passwords and links have been judged by `authorize`.
        if (!provider) return begun !== null;
        const result = await signIn.byProvider(provider, { ...profile }, from);
        if (result.refused !== null) return signInPage(problemOf(result));
        begun = result.token;
        return true;
      },
      jwt: async ({ token }) => (begun === null ? token : { session: begun }),
      redirect: async ({ url, baseUrl }) => `${baseUrl}${ownPath(url, baseUrl)}`,
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.session === 'string') await signIn.signOut(token.session);
      },
    },
    cookies: {
      sessionToken: { name: sessionCookieName(address), options: cookieOptions(address) },
      callbackUrl: { name: cookieName(address, 'next'), options: cookieOptions(address) },
      csrfToken: { name: cookieName(address, 'csrf'), options: cookieOptions(address) },
      pkceCodeVerifier: { name: cookieName(address, 'pkce'), options: brief(cookieOptions(address)) },
      state: { name: cookieName(address, 'state'), options: brief(cookieOptions(address)) },
      nonce: { name: cookieName(address, 'nonce'), options: brief(cookieOptions(address)) },
    },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    logger: {
      // Metadata holds claims and configuration; the message is what an operator needs. JSON keeps it on one line.
      error: (code, metadata) =>
        runtime.log('warn', `Sign-in: ${code} ${JSON.stringify(messageOf(metadata))}`),
      warn: (code) => runtime.log('debug', `Sign-in: ${code}`),
      debug: () => {},
    },
  };
}

/** How a refusal is written into addresses: `WAIT:8`. */
function problemOf(result: Exclude<SignInResult, { refused: null }>): string {
  return result.refused === 'WAIT' ? `WAIT:${result.waitSeconds}` : result.refused;
}

export const signInPage = (problem: string): string => `/sign-in?error=${encodeURIComponent(problem)}`;

/** Names and groups may stand in the ID token or at the userinfo endpoint: what the token says goes first, it is signed. */
function oidcProvider(provider: OidcProvider): OAuthConfig<Record<string, unknown>> {
  return {
    id: provider.id,
    name: provider.name,
    type: 'oauth',
    wellKnown: provider.wellKnown,
    clientId: provider.clientId,
    clientSecret: provider.clientSecret,
    // Whoever signed in there longer ago is asked again, and the ID token has to say when it was (auth_time).
    authorization: { params: { scope: provider.scope, max_age: freshSignInMs / 1000 } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    httpOptions: { timeout: oidcRequestLimitMs, agent: outgoingAgent },
    userinfo: {
      async request({ client, tokens }) {
        const claims = claimsOf(tokens);
        if (!client.issuer.metadata.userinfo_endpoint || !tokens.access_token) return claims;
        const said: Record<string, unknown> = await client.userinfo(tokens.access_token);
        if (said.sub !== claims.sub) {
          throw new Error('The userinfo endpoint speaks of another person than the ID token.');
        }
        // When they signed in is the token's to say: it is signed.
        return { ...said, auth_time: undefined, ...claims };
      },
    },
    profile: (claims) => ({ id: String(claims.sub), name: String(claims.sub) }),
  };
}

type WithClaims = { claims?: () => Record<string, unknown> };

function claimsOf(tokens: object): Record<string, unknown> {
  const { claims } = tokens as WithClaims;
  if (typeof claims === 'function') return claims.call(tokens);
  throw new Error('The provider has sent no ID token.');
}

const brief = <T extends object>(options: T) => ({ ...options, maxAge: 15 * 60 });

function messageOf(metadata: unknown): string {
  if (metadata instanceof Error) return metadata.message;
  if (typeof metadata !== 'object' || metadata === null) return '';
  const { error } = metadata as { error?: unknown };
  return error instanceof Error ? error.message : '';
}
