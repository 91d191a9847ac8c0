/**
 * The door to next-auth: only the calls that our pages and providers make get through, each after the checks of host and
 * origin. Its answers become ours: errors lead to /sign-in with a word of our own list, and nothing leads off this server
 * but the way to a provider.
 */
import type { NextApiRequest, NextApiResponse } from 'next';
import NextAuth from 'next-auth';
import { type SignInProblem, signInAnswer, signInProblems } from '@/lib/contracts/sign-in';
import { ownPath } from '@/lib/own-path';
import { LandbridgeError } from '@/server/errors';
import { signInBodyMaxBytes } from '@/server/intervals';
import { runningRuntime } from '@/server/running';
import type { Runtime } from '@/server/runtime';
import { clientAddress } from '../client-address';
import { answer, apiDialect } from '../define-route';
import { checkHost, checkOrigin } from '../door';
import { readJsonBody } from '../read-body';
import { readCookies, sessionToken } from '../session-cookie';
import { authOptions, signInPage } from './options';

type Call = { action: string; provider: string | undefined };

export function handleAuth(request: Request, path: readonly string[]): Promise<Response> {
  return answer(apiDialect, request, async (requestId) => {
    const runtime = runningRuntime();
    const { headers, method } = request;
    checkHost(headers, runtime.config);
    checkOrigin(method, headers, runtime.config);
    const [action = '', provider, ...rest] = path;
    const call = { action, provider };
    if (rest.length > 0 || !isKnown(runtime, method, call)) {
      const { pathname } = new URL(request.url);
      throw new LandbridgeError('NOT_FOUND', `There is nothing at ${pathname} for ${method}.`);
    }
    await runtime.rates.take({ kind: 'anonymous', address: clientAddress(headers) });
    const body = method === 'POST' ? await readJsonBody(request, signInBodyMaxBytes) : undefined;
    const response = await ask(runtime, request, call, asRecord(body));
    response.headers.set('cache-control', 'no-store');
    response.headers.set('x-request-id', requestId);
    return response;
  });
}

/** Everything else that next-auth offers (its own pages, session, _log) is not needed and stays shut. */
function isKnown(runtime: Runtime, method: string, { action, provider }: Call): boolean {
  const isOidc = runtime.config.signIn.oidc.some(({ id }) => id === provider);
  if (method === 'GET') {
    return provider === undefined ? action === 'csrf' : action === 'callback' && isOidc;
  }
  if (method !== 'POST') return false;
  if (provider === undefined) return action === 'signout';
  return action === 'signin'
    ? isOidc
    : action === 'callback' && (provider === 'password' || provider === 'link');
}

async function ask(
  runtime: Runtime,
  request: Request,
  call: Call,
  body: Record<string, unknown>,
): Promise<Response> {
  const { address } = runtime.config;
  const { headers, method } = request;
  // next-auth takes its own address from nowhere else; without this it would believe the Host header.
  process.env.NEXTAUTH_URL = address.origin;
  const next = `${address.origin}${ownPath(typeof body.next === 'string' ? body.next : null, address.origin)}`;
  const from = {
    address: clientAddress(headers),
    userAgent: headers.get('user-agent'),
    token: sessionToken(headers, address),
  };
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const answered = new Answered();
  const asked = {
    method,
    headers: Object.fromEntries(headers),
    cookies: cookiesOf(headers, address.origin),
    // On the way to a provider the query would be passed on: only the provider's own answer needs it.
    query: { ...(call.action === 'callback' && method === 'GET' ? query : {}), nextauth: pathOf(call) },
    body: method === 'POST' ? { ...body, callbackUrl: next, json: 'true' } : undefined,
  };
  // The few members that it uses; Next's own objects belong to another router.
  await NextAuth(
    asked as unknown as NextApiRequest,
    answered as unknown as NextApiResponse,
    authOptions(runtime, from),
  );
  return answered.response(address.origin);
}

const pathOf = ({ action, provider }: Call): string[] =>
  provider === undefined ? [action] : [action, provider];

/** A cookie with an address that is not ours, however it got there, must not be an error for good. */
function cookiesOf(headers: Headers, origin: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readCookies(headers)).map(([name, value]) =>
      name.endsWith('.next') ? [name, `${origin}${ownPath(value, origin)}`] : [name, value],
    ),
  );
}

/** What next-auth says, gathered as it says it. */
class Answered {
  #status = 200;
  #body: unknown = null;
  #location: string | null = null;
  #cookies: string[] = [];

  status(code: number): this {
    this.#status = code;
    return this;
  }

  getHeader(name: string): string[] | undefined {
    return name.toLowerCase() === 'set-cookie' ? this.#cookies : undefined;
  }

  setHeader(name: string, value: string | string[]): this {
    if (name.toLowerCase() === 'set-cookie') this.#cookies = [value].flat();
    if (name.toLowerCase() === 'location') this.#location = [value].flat()[0] ?? null;
    return this;
  }

  json(body: unknown): void {
    this.#body = body;
  }

  send(body: unknown): void {
    this.#body = body;
  }

  end(): void {}

  response(origin: string): Response {
    const headers = new Headers();
    for (const cookie of this.#cookies) headers.append('set-cookie', cookie);
    if (this.#location !== null) {
      const problem = problemIn(this.#location, origin);
      headers.set('location', problem === null ? this.#location : signInPage(problem));
      return new Response(null, { status: 303, headers });
    }
    const { url } = asRecord(this.#body);
    if (typeof url !== 'string') return Response.json(this.#body, { status: this.#status, headers });
    const problem = problemIn(url, origin);
    const known = signInAnswer.parse({ url: problem === null ? url : signInPage(problem), problem });
    return Response.json(known, { status: problem === null ? 200 : 401, headers });
  }
}

/** The word for what next-auth calls an error; null when its answer is no error. */
function problemIn(location: string, origin: string): string | null {
  const url = new URL(location, origin);
  if (url.origin !== origin) return null;
  if (url.pathname.startsWith('/sign-in')) return wordOf(url.searchParams.get('error'));
  if (url.pathname.startsWith('/api/auth/error')) return wordOf(url.searchParams.get('error')) ?? 'PROVIDER';
  // Its own sign-in page stands for a lost CSRF cookie, and for errors of a provider.
  if (!url.pathname.startsWith('/api/auth/')) return null;
  return url.searchParams.has('csrf') ? 'TRY_AGAIN' : 'PROVIDER';
}

function wordOf(error: string | null): string | null {
  if (error === null) return null;
  const word = error.split(':')[0];
  const known: readonly string[] = signInProblems satisfies readonly SignInProblem[];
  return word !== undefined && known.includes(word) ? error : 'PROVIDER';
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
