// How fresh a sign-in through a provider is, with a real provider: the one who is signed in there is let in silently for a while.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GET, POST } from '@/app/api/auth/[...nextauth]/route';
import { signInConfigOf, signInFile } from '@/server/sign-in-config';
import { origin, startTestServer, type TestServer } from '@/server/testing/test-server';

const host = '127.0.0.1:3000';
const minuteMs = 60_000;
let issuer: string;
let http: Server;
let server: TestServer;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const client = { client_id: 'landbridge', client_secret: 'of the client' };
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [`${origin}/api/auth/callback/corp`] }],
    claims: { openid: ['sub', 'groups'] },
    cookies: { keys: ['of the test provider'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, groups: ['staff'] }) }),
  });
  http.on('request', provider.callback());
  const file = {
    id: 'corp',
    name: 'Corporate',
    issuer,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    scope: 'openid',
    roles: [{ group: 'staff', role: 'viewer' }],
  };
  server = await startTestServer({ signIn: signInConfigOf(signInFile.parse({ oidc: [file] })) });
});
afterEach(async () => {
  await server.close();
  http.closeAllConnections();
  http.close();
  vi.useRealTimers();
});

type Cookies = Map<string, string>;

function keep(cookies: Cookies, response: Response): Response {
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
  return response;
}
const sent = (cookies: Cookies) => ({ cookie: [...cookies].map((pair) => pair.join('=')).join('; ') });

/** Landbridge's own part, by its route handlers. */
async function landbridge(cookies: Cookies, path: string, body?: object): Promise<Response> {
  const headers = { host, origin, 'content-type': 'application/json', ...sent(cookies) };
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
  const nextauth = path.split('?')[0]!.split('/');
  const call = body ? POST : GET;
  return keep(
    cookies,
    await call(new Request(`${origin}/api/auth/${path}`, init), { params: Promise.resolve({ nextauth }) }),
  );
}

/** A new browser of Landbridge for somebody who may be signed in at the provider. @returns whether a password was asked for, and the session's time */
async function signIn(atProvider: Cookies): Promise<{ asked: boolean; authenticatedAtMs: number | null }> {
  const own: Cookies = new Map();
  const { csrfToken } = await (await landbridge(own, 'csrf')).json();
  let { url } = await (await landbridge(own, 'signin/corp', { csrfToken })).json();
  let asked = false;
  while (!url.startsWith(origin)) {
    const headers = sent(atProvider);
    const shown = keep(atProvider, await fetch(url, { headers, redirect: 'manual' }));
    const location = shown.headers.get('location');
    if (location !== null) {
      url = new URL(location, issuer).href;
      continue;
    }
    const page = await shown.text();
    const [, action] = /action="([^"]+)"/.exec(page) ?? [];
    const [, prompt] = /name="prompt" value="([^"]+)"/.exec(page) ?? [];
    if (!action || !prompt) throw new Error(`The provider shows ${shown.status}: ${page.slice(0, 500)}`);
    asked ||= prompt === 'login';
    const body = new URLSearchParams({ prompt, login: 'dana', password: 'any' });
    const done = await fetch(new URL(action, issuer), {
      method: 'POST',
      headers: sent(atProvider),
      body,
      redirect: 'manual',
    });
    url = new URL(keep(atProvider, done).headers.get('location') ?? 'nowhere', issuer).href;
  }
  await landbridge(own, url.slice(`${origin}/api/auth/`.length));
  const token = own.get('landbridge-3000.session');
  const actor = token ? await server.runtime.sessions.actorFor(token) : null;
  if (!actor) throw new Error('Nobody is signed in.');
  return { asked, authenticatedAtMs: actor.authenticatedAtMs };
}

it('a provider that lets somebody in silently does not make them fresh, and asks after 15 minutes', async () => {
  const atProvider: Cookies = new Map();
  const begin = Math.floor(Date.now() / 1000) * 1000;
  const first = await signIn(atProvider);
  expect(first.asked).toBe(true);
  expect(first.authenticatedAtMs).toBeGreaterThanOrEqual(begin);

  vi.setSystemTime(Date.now() + 10 * minuteMs);
  expect(await signIn(atProvider)).toEqual({ asked: false, authenticatedAtMs: first.authenticatedAtMs });

  vi.setSystemTime(Date.now() + 6 * minuteMs);
  const again = await signIn(atProvider);
  expect(again.asked).toBe(true);
  expect(again.authenticatedAtMs).toBeGreaterThanOrEqual(begin + 16 * minuteMs);
});
