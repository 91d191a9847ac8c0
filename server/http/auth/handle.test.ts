// Signing in over HTTP as the page does it, through next-auth, on the real store. OIDC has its own test with a real provider.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GET as authGet, POST as authPost } from '@/app/api/auth/[...nextauth]/route';
import * as linksRoute from '@/app/api/links/route';
import * as passwordRoute from '@/app/api/me/password/route';
import * as sessionsRoute from '@/app/api/me/sessions/route';
import * as redeemRoute from '@/app/api/one-time-link/redeem/route';
import * as linkRoute from '@/app/api/one-time-link/route';
import { firstStart } from '@/server/access/first-start';
import { personByUserName, updatePerson } from '@/server/store/people';
import { callRoute, origin, startTestServer, type TestServer } from '@/server/testing/test-server';

const host = '127.0.0.1:3000';
const password = 'correct horse battery';
let server: TestServer;
let printed = '';

beforeEach(async () => {
  server = await startTestServer();
  printed = '';
});
afterEach(() => server.close());

async function start(environment: Record<string, string | undefined> = {}): Promise<void> {
  const { store, audit, oneTimeLinks: links, entrance, log } = server.runtime;
  const print = (text: string) => {
    printed += text;
  };
  await firstStart({ store, audit, links, passwords: entrance.passwords, origin, log, print }, environment);
}
const tokenPrinted = () => /\/set-up#([A-Za-z0-9_-]{43})/.exec(printed)?.[1] ?? 'nothing was printed';

/** A browser: keeps cookies, sends our own origin. */
class Browser {
  readonly cookies = new Map<string, string>();

  async auth(path: string, body?: Record<string, unknown>, headers: Record<string, string> = {}) {
    const method = body ? 'POST' : 'GET';
    const request = new Request(`${origin}/api/auth/${path}`, {
      method,
      headers: {
        host,
        ...this.header(),
        ...(body ? { origin, 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const nextauth = path.split('?')[0]!.split('/');
    const response = await (body ? authPost : authGet)(request, { params: Promise.resolve({ nextauth }) });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(name.length + 1);
      if (value === '' || /max-age=0/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    return { status: response.status, response, json: text === '' ? null : JSON.parse(text) };
  }

  header(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return cookie === '' ? {} : { cookie };
  }

  async signIn(userName: string, typed: string, more: Record<string, unknown> = {}) {
    const { json } = await this.auth('csrf');
    return this.auth('callback/password', { csrfToken: json.csrfToken, userName, password: typed, ...more });
  }

  async signOut() {
    const { json } = await this.auth('csrf');
    return this.auth('signout', { csrfToken: json.csrfToken });
  }

  api(handler: Parameters<typeof callRoute>[0], path: string, method = 'GET', body?: unknown) {
    return callRoute(handler, path, {
      method,
      headers: { host, ...this.header(), ...(method === 'GET' ? {} : { origin }) },
      as: null,
      ...(body === undefined ? {} : { body }),
    });
  }
}

describe('the first start', () => {
  it('prints a link that makes the first administrator, once', async () => {
    await start();
    const token = tokenPrinted();
    const browser = new Browser();
    expect((await browser.api(linkRoute.POST, '/api/one-time-link', 'POST', { token })).json).toMatchObject({
      purpose: 'SET_UP',
      userName: null,
    });
    const redeem = (body: object) => browser.api(redeemRoute.POST, '/api/one-time-link/redeem', 'POST', body);
    expect((await redeem({ token, userName: 'anna', password: 'short' })).json.fields).toEqual({
      password: 'Use at least 12 characters.',
    });
    expect((await redeem({ token, userName: 'Anna', password })).json).toEqual({ userName: 'Anna' });
    expect((await redeem({ token, userName: 'eve', password })).status).toBe(410);
    expect((await browser.signIn('anna', password)).json).toEqual({ url: `${origin}/`, problem: null });
    expect((await browser.api(linksRoute.GET, '/api/links')).status).toBe(200);
  });

  it('prints a new link at each start while nobody exists, and none afterwards', async () => {
    await start();
    const first = tokenPrinted();
    printed = '';
    await start();
    expect(tokenPrinted()).not.toBe(first);
    await start({ LANDBRIDGE_ADMIN_PASSWORD: password });
    printed = '';
    await start();
    expect(printed).toBe('');
    const old = await new Browser().api(redeemRoute.POST, '/api/one-time-link/redeem', 'POST', {
      token: first,
      userName: 'eve',
      password,
    });
    expect(old.json.code).toBe('LINK_SPENT');
  });

  it('takes a password from the environment and does not leave it there', async () => {
    await expect(start({ LANDBRIDGE_ADMIN_PASSWORD: 'short' })).rejects.toThrow('at least 12 characters');
    const environment: Record<string, string | undefined> = { LANDBRIDGE_ADMIN_PASSWORD: password };
    await start(environment);
    expect(environment).toEqual({});
    expect((await new Browser().signIn('admin', password)).json.problem).toBe(null);
    await start({ LANDBRIDGE_ADMIN_PASSWORD: 'another password' });
    expect((await new Browser().signIn('admin', 'another password')).json.problem).toBe('WRONG');
  });

  it('of the demo prints a link that signs in once, without a password', async () => {
    await start({ LANDBRIDGE_DEMO: '1' });
    const browser = new Browser();
    const csrf = async () => (await browser.auth('csrf')).json.csrfToken;
    const token = tokenPrinted();
    expect((await browser.auth('callback/link', { csrfToken: await csrf(), token })).json.problem).toBe(null);
    expect((await browser.api(linksRoute.GET, '/api/links')).status).toBe(200);
    const again = await browser.auth('callback/link', { csrfToken: await csrf(), token });
    expect(again).toMatchObject({ status: 401, json: { url: '/sign-in?error=LINK', problem: 'LINK' } });
  });
});

describe('signing in with a password', () => {
  beforeEach(() => start({ LANDBRIDGE_ADMIN_PASSWORD: password }));

  it('gives a cookie that scripts cannot read and other sites cannot use, with nothing but a random token', async () => {
    const { response } = await new Browser().signIn('admin', password);
    const [cookie] = response.headers.getSetCookie().filter((text) => text.includes('.session='));
    expect(cookie).toMatch(
      /^landbridge-3000\.session=[A-Za-z0-9_-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  it('gives a cookie bound to host and https where the address is https', async () => {
    await server.close();
    const address = {
      origin: 'https://links.example.com',
      host: 'links.example.com',
      secure: true,
      exposed: false,
    };
    server = await startTestServer({ address });
    await start({ LANDBRIDGE_ADMIN_PASSWORD: password });
    const { response, json } = await new Browser().signIn('admin', password, { next: '/links' });
    expect(json.url).toBe('https://links.example.com/links');
    const names = response.headers.getSetCookie().map((text) => text.split('=')[0]);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(/^__Host-landbridge\./);
    for (const cookie of response.headers.getSetCookie()) expect(cookie).toContain('; Secure');
  });

  it('says the same of a wrong password, an unknown name and an account without a password', async () => {
    const browser = new Browser();
    const answers = [
      await browser.signIn('admin', 'wrong password'),
      await browser.signIn('nobody', password),
      await browser.signIn('admin', 'x'.repeat(300)),
    ];
    for (const { status, json } of answers) {
      expect({ status, json }).toEqual({
        status: 401,
        json: { url: '/sign-in?error=WRONG', problem: 'WRONG' },
      });
    }
    expect(browser.cookies.has('landbridge-3000.session')).toBe(false);
  });

  it('is slowed down after failures, also for names that do not exist, and says for how long', async () => {
    for (const name of ['admin', 'nobody']) {
      for (let i = 0; i < 5; i++)
        expect((await new Browser().signIn(name, 'wrong')).json.problem).toBe('WRONG');
      expect((await new Browser().signIn(name, 'wrong')).json.problem).toBe('WAIT:2');
    }
  });

  it('is told to disabled people only when their password is right', async () => {
    const person = await personByUserName(server.runtime.store.db, 'admin');
    await updatePerson(server.runtime.store.db, person!.id, { disabled: true });
    expect((await new Browser().signIn('admin', 'wrong')).json.problem).toBe('WRONG');
    expect((await new Browser().signIn('admin', password)).json.problem).toBe('DISABLED');
  });

  it('leads on to own pages only', async () => {
    const browser = new Browser();
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', '/api/auth/signout']) {
      expect((await browser.signIn('admin', password, { next })).json.url).toBe(`${origin}/`);
    }
    // next-auth's own name for it, and its cookie, are not believed either.
    browser.cookies.set('landbridge-3000.next', encodeURIComponent('https://evil.example/'));
    const answer = await browser.signIn('admin', password, {
      callbackUrl: 'https://evil.example/',
      next: '/links?a=b',
    });
    expect(answer.json.url).toBe(`${origin}/links?a=b`);
  });

  it('wants the token of its own page, and a request from there', async () => {
    const browser = new Browser();
    const body = { userName: 'admin', password };
    expect((await browser.auth('callback/password', { ...body, csrfToken: 'x' })).json.problem).toBe(
      'TRY_AGAIN',
    );
    const { json } = await browser.auth('csrf');
    const foreign = await browser.auth(
      'callback/password',
      { ...body, ...json },
      { origin: 'https://evil.example' },
    );
    expect(foreign.json.code).toBe('FOREIGN_ORIGIN');
    expect(browser.cookies.has('landbridge-3000.session')).toBe(false);
  });

  it('is written to the audit log, with who and from where, and failures without what was typed', async () => {
    const record = vi.spyOn(server.runtime.audit, 'record');
    await new Browser().signIn('hunter2', 'hunter3');
    await new Browser().signIn('admin', password);
    await server.runtime.flushRefusals();
    const said = record.mock.calls.map(([operation, ending]) => ({ ...operation, ...ending }));
    expect(said[0]).toMatchObject({ actor: { kind: 'person', name: 'admin' }, operation: 'sign in' });
    expect(said[1]).toMatchObject({
      actor: { kind: 'anonymous' },
      operation: 'refuse requests',
      result: 'REFUSED',
      details: { refused: [{ route: 'sign in', code: 'WRONG_PASSWORD', count: 1 }] },
    });
    expect(JSON.stringify(said)).not.toMatch(/hunter|correct horse/);
  });
});

describe('a signed-in person', () => {
  let browser: Browser;
  beforeEach(async () => {
    await start({ LANDBRIDGE_ADMIN_PASSWORD: password });
    browser = new Browser();
    await browser.signIn('admin', password);
  });
  const mayGo = async (who: Browser) => (await who.api(linksRoute.GET, '/api/links')).status;

  it('is out after signing out, also with the old cookie', async () => {
    const stolen = new Browser();
    for (const [name, value] of browser.cookies) stolen.cookies.set(name, value);
    expect(await mayGo(stolen)).toBe(200);
    await browser.signOut();
    expect(browser.cookies.has('landbridge-3000.session')).toBe(false);
    expect(await mayGo(stolen)).toBe(401);
  });

  it('has one session for each browser: signing in again takes the place of the one before', async () => {
    const before = new Browser();
    for (const [name, value] of browser.cookies) before.cookies.set(name, value);
    await browser.signIn('admin', password);
    expect(await mayGo(browser)).toBe(200);
    expect(await mayGo(before)).toBe(401);
  });

  it('sees their sessions, and ends others by a new password', async () => {
    const elsewhere = new Browser();
    await elsewhere.signIn('admin', password);
    const { json } = await browser.api(sessionsRoute.GET, '/api/me/sessions');
    expect(json.sessions.map(({ current }: { current: boolean }) => current).sort()).toEqual([false, true]);
    const change = (current: string, next: string) =>
      browser.api(passwordRoute.PUT, '/api/me/password', 'PUT', { current, next });
    expect((await change('wrong', 'a new long password')).json.fields).toEqual({
      current: 'This is not your present password.',
    });
    expect((await change(password, 'a new long password')).status).toBe(204);
    expect(await mayGo(browser)).toBe(200);
    expect(await mayGo(elsewhere)).toBe(401);
    expect((await new Browser().signIn('admin', password)).json.problem).toBe('WRONG');
    expect((await new Browser().signIn('admin', 'a new long password')).json.problem).toBe(null);
  });
});

describe('the rest of next-auth', () => {
  it.each([
    'session',
    'providers',
    'signin',
    'error',
    'verify-request',
    'callback/password',
    'callback/nobody',
    'csrf/x',
  ])('GET %s is not there', async (path) => {
    expect(await new Browser().auth(path)).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } });
  });

  it.each(['_log', 'session', 'signin/password', 'signin/nobody', 'callback/credentials', 'signout/x'])(
    'POST %s is not there',
    async (path) => {
      expect((await new Browser().auth(path, {})).json.code).toBe('NOT_FOUND');
    },
  );
});
