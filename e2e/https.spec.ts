// THE PRODUCT BEHIND A PROXY WITH TLS, as docs/configuration.md says: what the browser keeps, whom the server believes, and what
// it answers to who comes past the proxy's address. About 10 s.
import { type BrowserContext, expect, test } from '@playwright/test';
import { freePorts } from '@/harness/ports';
import { admin } from './support/admin';
import { complaintsOf, policyReportsOf } from './support/complaints';
import { Product } from './support/product';
import { clientOfProxy, TlsProxy } from './support/tls-proxy';

let proxy: TlsProxy;
let product: Product;
let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  const port = (await freePorts(1))[0]!;
  proxy = await TlsProxy.start(() => port);
  product = await Product.start({
    PORT: String(port),
    LANDBRIDGE_URL: proxy.origin,
    LANDBRIDGE_TRUSTED_PROXIES: '127.0.0.1',
  });
  // The test's own CA is no browser's.
  context = await browser.newContext({ ignoreHTTPSErrors: true });
});
test.afterAll(async () => {
  await context?.close();
  await product?.dispose();
  await proxy?.stop();
});

test('people sign in over https, with cookies that belong to this host and to https alone', async () => {
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  const reports = policyReportsOf(page);
  await page.goto(`${proxy.origin}/links?filter=a`);
  await expect(page).toHaveURL(`${proxy.origin}/sign-in?next=${encodeURIComponent('/links?filter=a')}`);
  await page.getByLabel('User name').fill(admin.userName);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(`${proxy.origin}/links?filter=a`);
  await expect(page.getByRole('heading', { name: 'Links', exact: true })).toBeVisible();
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name)).toContain('__Host-landbridge.session');
  for (const cookie of cookies) {
    expect(cookie, cookie.name).toMatchObject({ secure: true, httpOnly: true, path: '/', sameSite: 'Lax' });
    expect(cookie.name).toMatch(/^__Host-landbridge\./);
    // With a Domain attribute it would begin with a dot, and other hosts would get it.
    expect(cookie.domain).toBe('localhost');
  }
  expect(complaints).toEqual([]);
  expect(reports).toEqual([]);
  await page.close();
});

test('the proxy is believed about its client, and the client about nothing', async () => {
  const forged = {
    'x-forwarded-for': '198.51.100.7',
    'x-real-ip': '198.51.100.7',
    forwarded: 'for=198.51.100.7;host=evil.example;proto=http',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
  };
  const ask = (path: string, options: object = {}) =>
    context.request.fetch(proxy.origin + path, { headers: forged, maxRedirects: 0, ...options });
  const { sessions } = await (await ask('/api/me/sessions')).json();
  expect(sessions.map(({ address }: { address: string }) => address)).toEqual([clientOfProxy]);
  await context.clearCookies({ name: '__Host-landbridge.session' });
  expect((await ask('/links')).headers().location).toBe('/sign-in?next=%2Flinks');
  // What comes straight over http, with the address of the plain port, is no sign-in either.
  const straight = await fetch(`${product.url}/api/links`, { headers: forged });
  expect(straight.status).toBeGreaterThanOrEqual(400);
});

test('changes are taken from pages of the https address only', async () => {
  const csrf = await context.request.get(`${proxy.origin}/api/auth/csrf`);
  const { csrfToken } = await csrf.json();
  const signIn = (origin: string) =>
    context.request.post(`${proxy.origin}/api/auth/callback/password`, {
      headers: { origin },
      data: { ...admin, csrfToken, next: '/' },
    });
  for (const origin of [
    'https://evil.example',
    proxy.origin.replace('https:', 'http:'),
    product.url,
    'null',
  ]) {
    const refused = await signIn(origin);
    expect([origin, refused.status(), (await refused.json()).code]).toEqual([origin, 403, 'FOREIGN_ORIGIN']);
  }
  expect(await (await signIn(proxy.origin)).json()).toEqual({ url: `${proxy.origin}/`, problem: null });
});
