// A HUB WITH TWO CONSOLES: a real one in reduced mode, and one whose reports the test makes. Keys, one dashboard, a console's page, and what is
// less in reduced mode. No brokers; about 40 s.
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { admin } from './support/admin';
import { complaintsOf } from './support/complaints';
import { expectGoodLooks } from './support/looks';
import { Product } from './support/product';

let hub: Product;
let console: Product | null = null;
let context: BrowserContext;
let page: Page;
let complaints: string[];

test.beforeAll(async ({ browser }) => {
  hub = await Product.start({ LANDBRIDGE_MODE: 'hub' });
  context = await browser.newContext();
  page = await context.newPage();
  complaints = complaintsOf(page);
});
test.afterAll(async () => {
  await context?.close();
  await console?.dispose();
  await hub?.dispose();
});
test.afterEach(() => expect(complaints).toEqual([]));

async function signIn(to: Page, url: string): Promise<void> {
  await to.goto(url);
  await to.getByLabel('User name').fill(admin.userName);
  await to.getByLabel('Password').fill(admin.password);
  await to.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Through the page, as an administrator does. */
async function keyOf(name: string): Promise<string> {
  await page.goto(`${hub.url}/settings/consoles`);
  await page.getByRole('button', { name: 'Create a key' }).click();
  await page.getByLabel('Console', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: `Key of ${name}` });
  await expect(dialog).toContainText('/api/health-reports');
  const token = /LBS[0-9A-F]{20}\.[A-Za-z0-9_-]{43}/.exec((await dialog.textContent()) ?? '')?.[0];
  expect(token).toBeDefined();
  await page.keyboard.press('Escape');
  return token ?? '';
}

const plant = { id: randomUUID(), name: 'plant-7', version: '0.1.0', mode: 'reduced' };
async function report(token: string): Promise<number> {
  const link = { link: 'orders', source: 'plant', destination: 'cloud' };
  const body = {
    version: 1,
    id: randomUUID(),
    console: plant,
    at: Date.now(),
    ...{ intervalMs: 60_000, dropped: 0, refused: 0, whole: ['cluster/plant', 'cluster/cloud'] },
    series: [
      { metric: 'landbridge_cluster_reachable', labels: { cluster: ['plant', 'cloud'] }, values: [1, 0] },
      { metric: 'landbridge_cluster_topics', labels: { cluster: 'plant' }, values: [1234] },
      { metric: 'landbridge_link_state', labels: link, values: ['UNAVAILABLE'] },
      { metric: 'landbridge_link_max_lag_seconds', labels: link, values: [95] },
    ],
  };
  const answer = await fetch(`${hub.url}/api/health-reports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-encoding': 'gzip' },
    body: new Uint8Array(gzipSync(JSON.stringify(body))),
  });
  return answer.status;
}

test('an empty hub says how consoles come to it, and has no page of what it has not', async () => {
  await signIn(page, `${hub.url}/links`);
  await expect(page).toHaveURL(`${hub.url}/hub`);
  await expect(page.getByText('No console reports here yet')).toBeVisible();
  const places = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
  await expect(places).toHaveText(['Consoles', 'Settings']);
  await expectGoodLooks(page);
});

test('a console that gets a key there reports, and is on its dashboard', async () => {
  const token = await keyOf('plant-7');
  expect(await report(token)).toBe(200);
  console = await Product.start({
    LANDBRIDGE_MODE: 'reduced',
    LANDBRIDGE_CONSOLE_NAME: 'head office',
    LANDBRIDGE_HEALTH_ENDPOINT: `${hub.url}/api/health-reports`,
    LANDBRIDGE_HEALTH_TOKEN: await keyOf('office'),
    LANDBRIDGE_HEALTH_DASHBOARD_URL: hub.url,
  });
  await page.goto(`${hub.url}/hub`);
  const consoles = page.getByRole('table', { name: 'Consoles' });
  await expect(consoles.getByRole('row')).toHaveCount(3);
  await expect(consoles.getByRole('row', { name: /office/ })).toContainText('reporting', { timeout: 60_000 });
  await expect(consoles.getByRole('row', { name: /plant-7/ })).toContainText('reporting');
  const clusters = page.getByRole('table', { name: 'Clusters' });
  await expect(clusters.getByRole('row').nth(1)).toContainText('cloud');
  await expect(clusters.getByRole('row').nth(1)).toContainText('unreachable');
  await expectGoodLooks(page);
});

test('the page of a console shows its clusters, its links and how they went', async () => {
  await page.goto(`${hub.url}/hub`);
  await page.getByRole('table', { name: 'Consoles' }).getByRole('link', { name: 'plant-7' }).click();
  await expect(page.getByRole('heading', { name: 'plant-7' })).toBeVisible();
  await expect(page.getByText('plant → cloud')).toBeVisible();
  await expect(page.getByText('95 s').first()).toBeVisible();
  await expect(page.getByText('Worst lag', { exact: true })).toBeVisible();
  await expectGoodLooks(page);
  await page.goto(`${hub.url}/hub/nobody`);
  await expect(page.getByText('There is no console "nobody" here')).toBeVisible();
  complaints.length = 0;
});

test('a console in reduced mode says what is less, and shows exactly what leaves it', async () => {
  const own = await context.newPage();
  await signIn(own, `${console?.url}/settings/health-endpoint`);
  await expect(own.getByText('reachable', { exact: false }).first()).toBeVisible();
  await expect(own.getByText('Reduced mode:')).toBeVisible();
  await expect(own.getByRole('link', { name: 'Open its dashboard' })).toHaveAttribute('href', hub.url);
  const body = await own.locator('#preview pre').textContent();
  expect(JSON.parse(body ?? '')).toMatchObject({ console: { name: 'head office', mode: 'reduced' } });
  await expectGoodLooks(own);
  await own.goto(`${console?.url}/health`);
  await expect(own.getByText('Takes reports')).toBeVisible();
  await expect(own.getByRole('link', { name: 'Open the dashboard' })).toHaveAttribute('href', hub.url);
  await expectGoodLooks(own);
  await own.close();
});

test('a key that is revoked takes no more reports', async () => {
  await page.goto(`${hub.url}/settings/consoles`);
  await expect(page.getByRole('table', { name: 'Keys of consoles' }).getByRole('row')).toHaveCount(3);
  await expectGoodLooks(page);
  await page.getByRole('button', { name: 'Revoke the key of plant-7' }).click();
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog'));
  await dialog.getByRole('textbox').fill('plant-7');
  await dialog.getByRole('button', { name: 'Revoke key' }).click();
  await expect(page.getByRole('row', { name: /plant-7/ })).toContainText('revoked');
  await page.goto(`${hub.url}/hub`);
  await expect(page.getByRole('row', { name: /plant-7/ }).first()).toContainText('key revoked');
});
