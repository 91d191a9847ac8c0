// GETTING IN AND OUT, on a product of its own that begins with nobody: the set-up link, invitations, passwords, a real OpenID
// provider, and what happens to open pages when a session ends. One story, told in order.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import { freePorts } from '@/harness/ports';
import { complaintsOf, policyReportsOf } from './support/complaints';
import { expectGoodLooks, tabThrough } from './support/looks';
import { OidcProvider } from './support/oidc-provider';
import { Product } from './support/product';

test.describe.configure({ mode: 'serial' });

const password = 'a long enough password';
let dir = '';
let product: Product;
let provider: OidcProvider;
/** The first administrator's browser. */
let admin: BrowserContext;

test.beforeAll(async ({ browser }) => {
  dir = await mkdtemp(join(tmpdir(), 'landbridge-sign-in-'));
  const port = (await freePorts(1))[0]!;
  const redirectUri = `http://127.0.0.1:${port}/api/auth/callback/corp`;
  provider = await OidcProvider.start({ id: 'landbridge', secret: 'of the client', redirectUri });
  const config = join(dir, 'landbridge.yaml');
  await writeFile(config, settings(provider.issuer));
  product = await Product.start({
    PORT: String(port),
    LANDBRIDGE_ADMIN_PASSWORD: '',
    LANDBRIDGE_CONFIG: config,
    OIDC_SECRET: 'of the client',
  });
  admin = await browser.newContext();
});
test.afterAll(async () => {
  await admin?.close();
  await product?.dispose();
  await provider?.stop();
  await rm(dir, { recursive: true, force: true });
});

const settings = (issuer: string) => `
clusters:
  - { name: west, bootstrapServers: ["127.0.0.1:1"] }
signIn:
  oidc:
    - id: corp
      name: Corporate
      issuer: ${issuer}
      clientId: landbridge
      clientSecret: \${OIDC_SECRET}
      scope: openid profile groups
      roles:
        - { group: kafka-admins, role: administrator }
        - { group: kafka-readers, role: viewer }
`;

const at = (path: string) => `${product.url}${path}`;

async function signInWith(page: Page, userName: string, typed = password): Promise<void> {
  await page.getByLabel('User name').fill(userName);
  await page.getByLabel('Password').fill(typed);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** What the administrator does by hand elsewhere, here over the API with the same session. */
async function asAdmin(method: string, path: string, data?: unknown) {
  const response = await admin.request.fetch(at(path), {
    method,
    headers: { origin: product.url },
    ...(data === undefined ? {} : { data }),
  });
  expect(response.ok(), await response.text()).toBe(true);
  return response.status() === 204 ? null : response.json();
}

async function invite(userName: string, role: string): Promise<{ id: string; path: string }> {
  const grants = [{ role, scope: { kind: 'everywhere' } }];
  const { person, link } = await asAdmin('POST', '/api/people', { userName, grants });
  return { id: person.id, path: link.path };
}

test('the link of the first start makes the first administrator and signs them in', async () => {
  const page = await admin.newPage();
  const complaints = complaintsOf(page);
  const link = /(http:\S+\/set-up#\S+)/.exec(product.output)?.[1];
  await page.goto(link ?? 'no link was printed');
  await expect(page.getByRole('heading', { name: 'Make the first administrator' })).toBeVisible();
  await expectGoodLooks(page);
  await page.getByLabel('User name').fill('anna');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Make administrator and sign in' }).click();
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    /at least 12 characters/,
  );
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Make administrator and sign in' }).click();
  await expect(page).toHaveURL(at('/'));
  await expect(page.getByRole('button', { name: 'Account of anna' })).toBeVisible();
  expect(complaints).toEqual([]);

  await page.goto(link!);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'This link cannot be used any more' })).toBeVisible();
  await expectGoodLooks(page);
  await page.close();
});

test('a stranger is led to the sign-in page, and from there to where they wanted to go', async ({ page }) => {
  const complaints = complaintsOf(page);
  await page.goto(at('/links?filter=orders'));
  await expect(page).toHaveURL(at(`/sign-in?next=${encodeURIComponent('/links?filter=orders')}`));
  await expect(page.getByRole('button', { name: 'Sign in with Corporate' })).toBeVisible();
  await expectGoodLooks(page);
  const { missed, unmarked } = await tabThrough(page);
  expect({ missed, unmarked }).toEqual({ missed: [], unmarked: [] });
  await signInWith(page, 'anna', 'not the password');
  await expect(page.getByRole('main').getByRole('alert')).toContainText(
    'The user name or the password is wrong',
  );
  await expectGoodLooks(page);
  await signInWith(page, 'ANNA');
  await expect(page).toHaveURL(at('/links?filter=orders'));
  await expect(page.getByRole('heading', { name: 'Links', exact: true })).toBeVisible();
  expect(complaints).toEqual([]);
});

test('without the scripts of the page a password goes nowhere', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(at('/sign-in'));
  // Searches by text leave this element out.
  const told = page.locator('noscript p');
  await expect(told).toBeVisible();
  await expect(told).toContainText('needs JavaScript');
  // Sent by something else than its button, the password would be in the body.
  await expect(page.locator('form')).toHaveAttribute('method', 'post');
  await page.getByLabel('User name').fill('anna');
  await page.getByLabel('Password').fill(password);
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeDisabled();
  await page.getByLabel('Password').press('Enter');
  await expect(page).toHaveURL(at('/sign-in'));
  await context.close();
});

test('no page leads a stranger off this server', async ({ page }) => {
  for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
    await page.context().clearCookies();
    await page.goto(at(`/sign-in?next=${encodeURIComponent(next)}`));
    await signInWith(page, 'anna');
    await expect(page).toHaveURL(at('/'));
  }
});

test('the sign-in page shows no text that somebody has put into its address', async ({ page }) => {
  await page.goto(at('/sign-in?error=Call+0800+555+to+unlock'));
  await expect(page.getByRole('main').getByRole('alert')).toContainText('That did not work');
  await expect(page.getByText('0800')).toHaveCount(0);
});

test('an invited person chooses a password and sees what their role allows', async ({ page }) => {
  const { path } = await invite('bo', 'viewer');
  await page.goto(at(path));
  await expect(page.getByText('You have been invited as bo.')).toBeVisible();
  await expectGoodLooks(page);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await page.getByRole('button', { name: 'Account of bo' }).click();
  await expect(page.getByRole('menu')).toContainText('viewer everywhere');
  await page.getByRole('menuitem', { name: 'Your account' }).click();
  await expect(page).toHaveURL(at('/account'));
  await expect(page.getByText('(this one)')).toBeVisible();
  await expectGoodLooks(page);
});

test('an open page of a person who is disabled ends within 5 s, and goes on there after a new sign-in', async ({
  page,
}) => {
  const reports = policyReportsOf(page);
  const { id, path } = await invite('cleo', 'viewer');
  await page.goto(at(path));
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(page).toHaveURL(at('/'));
  await page.goto(at('/clusters?x=1'));
  await expect(page.getByRole('link', { name: 'west' })).toBeVisible();
  await asAdmin('PATCH', `/api/people/${id}`, { disabled: true });
  const ended = page.getByRole('dialog', { name: 'You are signed out' });
  await expect(ended).toBeVisible({ timeout: 5_000 });
  await expectGoodLooks(page);
  await asAdmin('PATCH', `/api/people/${id}`, { disabled: false });
  await ended.getByRole('link', { name: 'Sign in' }).click();
  await signInWith(page, 'cleo');
  await expect(page).toHaveURL(at('/clusters?x=1'));
  expect(reports).toEqual([]);
});

test('a person is signed out, and gets a link to a new password, from the page of people', async () => {
  const page = await admin.newPage();
  const complaints = complaintsOf(page);
  await page.goto(at('/settings/people'));
  await page.getByRole('button', { name: 'Edit bo' }).click();
  const dialog = page.getByRole('dialog', { name: 'bo' });
  await dialog.getByRole('button', { name: 'End sessions' }).click();
  await expect(dialog.getByText('0 sessions open.')).toBeVisible();
  await dialog.getByRole('button', { name: 'New password link' }).click();
  await expect(page.getByRole('dialog', { name: 'A new password for bo' })).toContainText(
    `${product.url}/set-up#`,
  );
  expect(complaints).toEqual([]);
  await page.close();
});

test('an edited landbridge.yaml is taken up on SIGHUP; one with a mistake changes nothing, and is told in the log', async () => {
  const names = async () =>
    (await asAdmin('GET', '/api/clusters')).clusters.map(({ name }: { name: string }) => name);
  const file = join(dir, 'landbridge.yaml');
  const before = settings(provider.issuer);
  await writeFile(file, before.replace('clusters:', 'clustres:'));
  product.hangUp();
  await expect.poll(() => product.output).toContain('clustres');
  expect(await names()).toEqual(['west']);
  const east = '\n  - { name: east, bootstrapServers: ["127.0.0.1:1"] }';
  await writeFile(file, before.replace('clusters:', `clusters:${east}`));
  product.hangUp();
  await expect.poll(names).toEqual(['east', 'west']);
});

test('signing out ends the session itself, not only the cookie', async ({ page, browser }) => {
  await page.goto(at('/sign-in'));
  await signInWith(page, 'bo');
  await expect(page).toHaveURL(at('/'));
  const thief = await browser.newContext({ storageState: await page.context().storageState() });
  expect((await thief.request.get(at('/api/links'))).status()).toBe(200);
  await page.getByRole('button', { name: 'Account of bo' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect((await thief.request.get(at('/api/links'))).status()).toBe(401);
  await thief.close();
});

test('one’s own password is changed, and other sessions end by hand', async ({ page, browser }) => {
  await page.goto(at('/sign-in'));
  await signInWith(page, 'bo');
  const other = await browser.newContext();
  const elsewhere = await other.newPage();
  await elsewhere.goto(at('/sign-in'));
  await signInWith(elsewhere, 'bo');
  await expect(elsewhere).toHaveURL(at('/'));
  await page.goto(at('/account'));
  await page.getByLabel('Present password').fill('not this one');
  await page.getByLabel('New password').fill('another long password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByLabel('Present password')).toHaveAccessibleDescription(/not your present password/);
  await page
    .getByRole('button', { name: /^End the session of/ })
    .first()
    .click();
  await expect(elsewhere.getByRole('dialog', { name: 'You are signed out' })).toBeVisible({ timeout: 5_000 });
  await page.getByLabel('Present password').fill(password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Changed. All other sessions have ended.')).toBeVisible();
  await other.close();
});

/** Through the provider's own pages. */
async function signInAtProvider(page: Page, login: string): Promise<void> {
  await page.goto(at('/sign-in?next=/clusters'));
  await page.getByRole('button', { name: 'Sign in with Corporate' }).click();
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${product.url}/**`);
}

/** The provider knows this browser already and asks nothing. */
async function signInAgain(page: Page): Promise<void> {
  await page.goto(at('/sign-in?next=/clusters'));
  await page.getByRole('button', { name: 'Sign in with Corporate' }).click();
  await page.waitForURL((url) => url.origin === product.url && !url.search.startsWith('?next='));
}

const newPage = async (browser: Browser) => (await browser.newContext()).newPage();

test('a person of the provider gets the role of their group, and another one after the group has changed', async ({
  page,
  browser,
}) => {
  const complaints = complaintsOf(page);
  provider.groups.set('dana', ['staff', 'kafka-readers']);
  await signInAtProvider(page, 'dana');
  await expect(page).toHaveURL(at('/clusters'));
  expect(await (await page.request.get(at('/api/me'))).json()).toMatchObject({
    name: 'dana',
    grants: [{ role: 'viewer', scope: { kind: 'everywhere' } }],
  });
  await page.goto(at('/account'));
  await expect(page.getByText(`at ${provider.issuer}`)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Change your password' })).toHaveCount(0);

  const before = await newPage(browser);
  await signInAtProvider(before, 'dana');
  provider.groups.set('dana', ['kafka-admins']);
  await signInAgain(page);
  await expect(page).toHaveURL(at('/clusters'));
  const { grants } = await (await page.request.get(at('/api/me'))).json();
  expect(grants).toEqual([{ role: 'administrator', scope: { kind: 'everywhere' } }]);
  // What was open with the role of before has ended.
  await expect(before.getByRole('dialog', { name: 'You are signed out' })).toBeVisible({ timeout: 5_000 });
  expect(complaints).toEqual([]);
  await before.context().close();
});

test('an approver whom one administrator has made counts as a second person when another one has vouched', async ({
  page,
}) => {
  const { id, path } = await invite('vera', 'approver');
  await page.goto(at(path));
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await expect(page).toHaveURL(at('/'));
  const own = await admin.newPage();
  await own.goto(at(`/settings/people?id=${id}`));
  await expect(own.getByText('In the hands of anna so far')).toBeVisible();
  await expect(own.getByRole('button', { name: 'Vouch' })).toHaveAttribute('aria-disabled', 'true');
  await expectGoodLooks(own);
  await own.close();
  await page.context().clearCookies();
  await signInAtProvider(page, 'dana');
  await page.goto(at(`/settings/people?id=${id}`));
  await page.getByRole('button', { name: 'Vouch' }).click();
  await expect(page.getByText('In the hands of anna so far')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row', { name: /vera/ })).toContainText('active');
});

test('a person without a group that counts is refused, and told so; one who has lost it is out', async ({
  browser,
}) => {
  const stranger = await newPage(browser);
  provider.groups.set('eve', ['staff']);
  await signInAtProvider(stranger, 'eve');
  await expect(stranger.getByRole('main').getByRole('alert')).toContainText(
    'You are known, but have no role here',
  );
  await expectGoodLooks(stranger);
  expect((await stranger.request.get(at('/api/links'))).status()).toBe(401);

  provider.groups.set('eve', ['kafka-readers']);
  await signInAgain(stranger);
  await expect(stranger).toHaveURL(at('/clusters'));
  const open = await stranger.context().newPage();
  await open.goto(at('/clusters'));
  provider.groups.set('eve', []);
  await signInAgain(stranger);
  await expect(stranger.getByRole('main').getByRole('alert')).toContainText('no role here');
  await expect(open.getByRole('dialog', { name: 'You are signed out' })).toBeVisible({ timeout: 5_000 });
  await stranger.context().close();
});

test('an answer of the provider that this browser has not asked for signs nobody in', async ({ page }) => {
  await page.goto(at('/api/auth/callback/corp?code=stolen&state=forged'));
  await expect(page).toHaveURL(at('/sign-in?error=PROVIDER'));
  await expect(page.getByRole('main').getByRole('alert')).toContainText('did not succeed');
});

test('what a client says about its own address changes nothing', async () => {
  const forged = {
    'x-forwarded-for': '198.51.100.7',
    'x-real-ip': '198.51.100.7',
    forwarded: 'for=198.51.100.7;host=evil.example;proto=https',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-port': '443',
  };
  const stranger = await fetch(at('/links'), { headers: forged, redirect: 'manual' });
  expect(stranger.status).toBe(307);
  expect(stranger.headers.get('location')).toBe('/sign-in?next=%2Flinks');
  const localhost = await fetch(at('/links').replace('127.0.0.1', 'localhost'), {
    headers: forged,
    redirect: 'manual',
  });
  expect(localhost.headers.get('location')).toBe(at('/links'));

  const csrf = await fetch(at('/api/auth/csrf'), { headers: forged });
  const cookie = csrf.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const { csrfToken } = await csrf.json();
  const call = (path: string, body: object) =>
    fetch(at(path), {
      method: 'POST',
      headers: { ...forged, cookie, origin: product.url, 'content-type': 'application/json' },
      body: JSON.stringify({ csrfToken, ...body }),
    });
  const toProvider = new URL((await (await call('/api/auth/signin/corp', {})).json()).url);
  expect(toProvider.origin).toBe(provider.issuer);
  expect(toProvider.searchParams.get('redirect_uri')).toBe(at('/api/auth/callback/corp'));
  expect(toProvider.searchParams.get('code_challenge_method')).toBe('S256');
  expect(toProvider.searchParams.get('state')).toBeTruthy();
  expect(toProvider.searchParams.get('nonce')).toBeTruthy();
  const signedIn = await call('/api/auth/callback/password', { userName: 'anna', password });
  expect((await signedIn.json()).url).toBe(at('/'));
  const { sessions } = await asAdmin('GET', '/api/me/sessions');
  for (const { address } of sessions) expect(address).toBe('127.0.0.1');
});

test('requests that no route answers are answered in the shape of the API', async () => {
  const ask = (method: string, path: string) =>
    new Promise<{ status: number | undefined; type: string | undefined; body: string }>((resolve, reject) => {
      const asked = httpRequest(at(path), { method }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () =>
          resolve({ status: response.statusCode, type: response.headers['content-type'], body }),
        );
      });
      asked.on('error', reject);
      asked.end();
    });
  for (const [method, path, status] of [
    ['TRACE', '/api/links', 405],
    ['GET', '/api/clusters/%ff', 400],
    ['PROPFIND', '/kafka/v3/clusters', 405],
    ['GET', '/kafka/v3/clusters/%c0%af', 400],
  ] as const) {
    const answer = await ask(method, path);
    expect(answer, `${method} ${path}`).toMatchObject({ status, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(answer.body)).toMatchObject(
      path.startsWith('/api') ? { code: expect.any(String) } : { error_code: status },
    );
  }
});
