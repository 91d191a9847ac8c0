// A HUB: a real console in reduced mode, and two whose reports the test makes. Keys, one dashboard, a console's page, Health of all of them,
// what a tenant may, removing a console; and what is less in reduced mode. No brokers; about 70 s.
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { admin } from './support/admin';
import { clusterScenes } from './support/cluster-scenes';
import { complaintsOf } from './support/complaints';
import { hubScenes } from './support/hub-scenes';
import { expectGoodLooks } from './support/looks';
import { Product } from './support/product';
import { openScene } from './support/scene-test';
import { scenes, serveApi } from './support/scenes';

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

async function signIn(to: Page, url: string, as = admin): Promise<void> {
  await to.goto(url);
  await to.getByLabel('User name').fill(as.userName);
  await to.getByLabel('Password').fill(as.password);
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

const ids = new Map<string, string>();
async function report(token: string, name = 'plant-7', agoMs = 0, more: object[] = []): Promise<number> {
  const id = ids.get(name) ?? randomUUID();
  ids.set(name, id);
  const link = { link: 'orders', source: 'plant', destination: 'cloud' };
  const body = {
    version: 1,
    id: randomUUID(),
    console: { id, name, version: '0.1.0', mode: 'reduced' },
    at: Date.now() - agoMs,
    ...{ intervalMs: 60_000, dropped: 0, refused: 0, whole: ['cluster/plant', 'cluster/cloud'] },
    series: [
      { metric: 'landbridge_cluster_reachable', labels: { cluster: ['plant', 'cloud'] }, values: [1, 0] },
      { metric: 'landbridge_cluster_topics', labels: { cluster: 'plant' }, values: [1234] },
      { metric: 'landbridge_link_state', labels: link, values: ['UNAVAILABLE'] },
      { metric: 'landbridge_link_max_lag_seconds', labels: link, values: [95] },
      ...more,
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
  await expect(places).toHaveText(['Consoles', 'Health', 'Settings']);
  await expectGoodLooks(page);
});

for (const scene of hubScenes)
  test(`${scene.name}: is shown, axe clean in both themes and widths, without console errors`, async () => {
    const own = await context.newPage();
    const said = complaintsOf(own);
    await openScene(own, { ...scene, path: hub.url + scene.path });
    await expectGoodLooks(own);
    expect(said).toEqual([]);
    await own.close();
  });

test('on a phone consoles say how far behind they are, and that they send too much', async () => {
  const own = await context.newPage();
  await own.setViewportSize({ width: 390, height: 844 });
  await openScene(own, { ...hubScenes[0]!, path: `${hub.url}/hub` });
  const row = own.getByRole('table', { name: 'Consoles' }).getByRole('row', { name: /plant-9/ });
  await expect(row.getByText('over budget')).toBeInViewport({ ratio: 0.9 });
  await expect(row.getByText('lag 1 h 10 min')).toBeInViewport({ ratio: 0.9 });
  expect((await row.boundingBox())?.height).toBe(36);
  await own.close();
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
  await expect(clusters.getByRole('row').nth(1)).toContainText('not reachable');
  await expectGoodLooks(page);
});

test('the page of a console shows its clusters, its links and how they went', async () => {
  await page.goto(`${hub.url}/hub`);
  await page.getByRole('table', { name: 'Consoles' }).getByRole('link', { name: 'plant-7' }).click();
  await expect(page.getByRole('heading', { name: 'plant-7' })).toBeVisible();
  await expect(page.getByText('plant → cloud')).toBeVisible();
  await expect(page.getByText('95 s').first()).toBeVisible();
  await expect(page.getByText('Worst lag of a link', { exact: true }).last()).toBeVisible();
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
  await expect(own.getByText('Reachable', { exact: true })).toBeVisible();
  await expectGoodLooks(own);
  await own.close();
  // What its data thread has no way to do it says.
  expect(console?.output).not.toContain('--expose-gc');
});

test('every page that has less in reduced mode says so, and leads to the dashboard', async () => {
  // Signed in by the test before.
  const own = await context.newPage();
  const saysSo = async (path: string, less: string) => {
    await own.goto(`${console?.url}${path}`);
    const note = own.getByRole('note').filter({ hasText: 'Reduced mode:' });
    await expect(note, path).toHaveCount(1);
    await expect(note, path).toContainText(less);
    await expect(note.getByRole('link', { name: 'Open its dashboard' }), path).toHaveAttribute(
      'href',
      hub.url,
    );
  };
  for (const [path, less] of [
    ['/', 'history and alerts are kept'],
    ['/health', 'raises no alerts'],
    ['/health?status=CLEARED', 'raises no alerts'],
    ['/health/alerts/any', 'raises no alerts'],
    ['/health/rules', 'judges no rules'],
    ['/health/rules/cluster.unreachable', 'judges no rules'],
    ['/health/silences', 'nothing here to silence'],
    ['/health/channels', 'Channels and routes are those'],
    ['/health/deliveries', 'What was sent'],
  ] as const) {
    if (path === '/') await serveApi(own, clusterScenes[0]?.api ?? {});
    await saysSo(path, less);
  }
  const walked = [
    '/clusters/dc1',
    '/clusters/dc1/topics',
    '/clusters/dc1/topics/shop.orders',
    '/clusters/dc1/groups',
  ];
  walked.push(
    '/clusters/dc1/groups/billing',
    '/clusters/dc1/brokers',
    '/clusters/dc1/brokers/2',
    '/clusters/dc1/quorum',
  );
  await serveApi(own, clusterScenes[0]?.api ?? {});
  for (const path of walked) await saysSo(path, 'charts show the last 15 minutes');
  await expect(own.getByRole('group', { name: 'Time range of the charts' }).getByRole('button')).toHaveText([
    '5 min',
    '15 min',
  ]);
  for (const name of ['link with 1,000 mirrors', 'mirror in step']) {
    const scene = scenes.find((one) => one.name === name);
    await serveApi(own, scene?.api ?? {});
    await saysSo(scene?.path ?? '', 'an hour at most');
  }
  await expectGoodLooks(own);
  await own.close();
});

let token9 = '';
test('alerts of consoles are under Health, gravest first, and lead to their console', async () => {
  token9 = await keyOf('plant-9');
  for (const ago of [170_000, 120_000, 60_000]) expect(await report(token9, 'plant-9', ago)).toBe(200);
  await page.getByRole('link', { name: /^Health/ }).click();
  const open = page.getByRole('list', { name: 'Open alerts, gravest first' });
  await expect(open.getByRole('listitem').filter({ hasText: 'cloud' }).first()).toContainText('plant-9');
  await expect(page.getByRole('link', { name: /^Health/ })).toHaveAccessibleName(/open alerts/);
  await expectGoodLooks(page);
  await page.getByRole('combobox', { name: 'Console' }).selectOption('office');
  await expect(open.getByText('plant-9')).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Console' }).selectOption('plant-9');
  await expect(page).toHaveURL(/console=plant-9/);
  const alert = open.getByRole('listitem').filter({ hasText: 'Cluster is not reachable' });
  await expect(alert.getByRole('link', { name: 'plant-9' })).toHaveAttribute('href', '/hub/plant-9');
  await alert.getByRole('link').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('#chart canvas')).toBeVisible();
  await expectGoodLooks(page);
});

test('an alert of a console is acknowledged and silenced on the hub', async () => {
  await page.getByRole('button', { name: 'Acknowledge…' }).click();
  await page.getByLabel('What is done about it').fill('Line is being mended');
  await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
  await expect(page.getByText('Line is being mended').first()).toBeVisible();
  await page.getByRole('button', { name: 'Silence…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Silence alerts' });
  await expect(dialog.getByLabel('Matcher 3: value')).toHaveValue('plant-9');
  await dialog.getByLabel('Why').fill('The line is down until noon');
  await dialog.getByRole('button', { name: 'Begin silence' }).click();
  await expect(page.getByRole('link', { name: '1 silence holds' })).toBeVisible();
  await page.goto(`${hub.url}/health/silences`);
  await expect(page.getByText('The line is down until noon')).toBeVisible();
  await expect(page.getByText(/console is plant-9/)).toBeVisible();
  await expectGoodLooks(page);
});

test('rules are shown at one console whole, and get thresholds for it alone', async () => {
  // It would be called silent soon, and then nothing is known of what it does not tell.
  expect(await report(token9, 'plant-9')).toBe(200);
  await page.goto(`${hub.url}/health/rules`);
  await expect(page.getByText('Of all consoles together')).toBeVisible();
  await expectGoodLooks(page);
  await page.getByRole('combobox', { name: 'Console' }).selectOption('plant-9');
  await expect(page.getByRole('columnheader', { name: 'Fine' })).toBeVisible();
  await page
    .getByRole('table', { name: 'Rules' })
    .getByRole('link', { name: 'Cluster is not reachable' })
    .click();
  await expect(page).toHaveURL(/cluster\.unreachable\?console=plant-9/);
  await expect(page.getByRole('table', { name: 'Judged now' }).getByRole('row')).toHaveCount(3);
  await page.getByRole('button', { name: 'Set for a console…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Where').selectOption({ label: 'For console plant-9' });
  await dialog.getByLabel('Raised after').fill('5 min');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('row', { name: /For console plant-9/ })).toContainText('5 min');
  await expectGoodLooks(page);
});

test('channels and deliveries of the hub are where they are on a console, and a channel is tried before it is saved', async () => {
  await page.goto(`${hub.url}/health/channels`);
  await page.getByRole('button', { name: 'Add a channel' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a channel' });
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByText('The name cannot be empty.', { exact: true })).toBeVisible();
  await expect(dialog.getByText('Write an https address.')).toBeVisible();
  await dialog.getByLabel('Name').fill('ops');
  await dialog.getByLabel('Address').fill('https://127.0.0.1:9/hook');
  await dialog.getByLabel('Secret', { exact: true }).fill('a secret of the webhook');
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByRole('status')).toContainText('The test message did not arrive');
  await expect(dialog.getByText('The name cannot be empty.')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByText('No channels yet')).toBeVisible();
  await expectGoodLooks(page);
  await page.goto(`${hub.url}/health/deliveries`);
  await expect(page.getByText('Nothing has been sent yet')).toBeVisible();
  await expectGoodLooks(page);
  // The empty form was refused.
  complaints.length = 0;
});

test('a tenant sees its console alone; what it may not do is there, disabled, and says why', async ({
  browser,
}) => {
  const post = (path: string, data: object) =>
    page.request.post(`${hub.url}${path}`, { data, headers: { origin: hub.url } });
  const grants = [{ role: 'viewer', scope: { kind: 'console', console: 'plant-9' } }];
  const made = await (await post('/api/people', { userName: 'tessa', grants })).json();
  const password = 'a password for the tenant';
  const redeemed = await post('/api/one-time-link/redeem', { token: made.link.path.split('#')[1], password });
  expect(redeemed.ok()).toBe(true);
  const other = await browser.newContext();
  const own = await other.newPage();
  await signIn(own, hub.url, { userName: 'tessa', password });
  await expect(own.getByRole('table', { name: 'Consoles' }).getByRole('row')).toHaveCount(2);
  await expect(own.getByText('plant-7')).toHaveCount(0);
  await own.getByRole('link', { name: 'plant-9' }).first().click();
  const remove = own.getByRole('button', { name: 'Remove…' });
  await expect(remove).toHaveAttribute('aria-disabled', 'true');
  await remove.hover();
  await expect(own.getByRole('tooltip')).toContainText('This needs the role administrator everywhere');
  await own.getByRole('link', { name: 'Cluster is not reachable' }).click();
  const silence = own.getByRole('button', { name: 'Silence…' });
  await expect(silence).toHaveAttribute('aria-disabled', 'true');
  await silence.hover();
  await expect(own.getByRole('tooltip')).toContainText('This needs the role operator on console "plant-9"');
  await own.goto(`${hub.url}/health/channels`);
  await expect(own.getByText('You may not see the channels')).toBeVisible();
  await own.goto(`${hub.url}/hub/plant-7`);
  await expect(own.getByText('There is no console "plant-7" here')).toBeVisible();
  await own.goto(`${hub.url}/health?console=plant-7`);
  await expect(own.getByText('There is no console "plant-7" on this hub')).toBeVisible();
  await other.close();
});

test('a console that sends more than its share is told to wait, and its page says so', async () => {
  const topics = Array.from({ length: 30_000 }, (_, i) => `topic-${i}`);
  const many = {
    ...{ metric: 'landbridge_topic_bytes', labels: { cluster: 'plant', topic: topics } },
    values: topics.map(() => 1),
  };
  expect(await report(token9, 'plant-9', 0, [many])).toBe(200);
  expect(await report(token9, 'plant-9')).toBe(429);
  await page.goto(`${hub.url}/hub/plant-9`);
  await expect(page.getByText('It sends more than this hub takes of one console')).toBeVisible();
  await expect(page.locator('main header').getByText('over budget')).toBeVisible();
  await expectGoodLooks(page);
  await page.goto(`${hub.url}/hub`);
  await expect(page.getByRole('row', { name: /plant-9/ }).first()).toContainText('over budget');
});

test('a console is removed after its name was typed, and its key is refused at once', async () => {
  await page.goto(`${hub.url}/hub/plant-9`);
  await expect(page.getByRole('list', { name: 'Open alerts, gravest first' })).toBeVisible();
  await expectGoodLooks(page);
  await page.getByRole('button', { name: 'Remove…' }).click();
  const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
  await expect(dialog).toContainText('its history');
  await expect(dialog).toContainText('Roles that people and API keys hold on plant-9 stay');
  const confirm = dialog.getByRole('button', { name: 'Remove console' });
  await dialog.getByRole('textbox').fill('plant');
  await expect(confirm).toBeDisabled();
  await dialog.getByRole('textbox').fill('plant-9');
  await confirm.click();
  await expect(page).toHaveURL(`${hub.url}/hub`);
  await expect(page.getByRole('table', { name: 'Consoles' }).getByRole('row')).toHaveCount(3);
  await expect(page.getByText('plant-9')).toHaveCount(0);
  expect(await report(token9, 'plant-9')).toBe(401);
  await page.goto(`${hub.url}/settings/audit`);
  await expect(page.getByText('Remove console').first()).toBeVisible();
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
