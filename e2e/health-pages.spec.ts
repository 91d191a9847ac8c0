// RENDERING TESTS of Health: every page in every designed state, and what people do there; /api is answered by support/health-scenes.ts.
// That alerts are raised, told and cleared is tested in server/health.
import type { Page } from '@playwright/test';
import { meAs } from './support/access-scenes';
import { endpointScenes } from './support/endpoint-scenes';
import { alertsAnswer, openAlerts } from './support/health-fixtures';
import { healthApi, healthScenes, healthStates } from './support/health-scenes';
import { expectGoodLooks, tabThrough } from './support/looks';
import { runCommand } from './support/palette';
import { looksWell, openScene } from './support/scene-test';
import { serveApi } from './support/scenes';
import { expect, lookTest, test } from './support/test';

for (const one of [...healthScenes, ...endpointScenes]) lookTest(...looksWell(one));

for (const scene of healthStates) {
  lookTest(`${scene.name}: is told`, async ({ page }) => {
    await openScene(page, scene);
  });
}

for (const path of [
  '/health',
  '/health/alerts/a-broker',
  '/health/rules/group.lag-seconds',
  '/health/channels',
])
  test(`${path}: everything that can be clicked is reached with the tab key, with a visible focus`, async ({
    page,
  }) => {
    await serveApi(page, healthApi);
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    const { focusable, missed, unmarked } = await tabThrough(page);
    expect(focusable).toBeGreaterThan(15);
    expect(missed).toEqual([]);
    expect(unmarked).toEqual([]);
  });

/** The next request that changes something, as it was sent. */
const sent = (page: Page, method: string, end: string) =>
  page.waitForRequest((request) => request.method() === method && request.url().endsWith(end));

test('the navigation counts the gravest alerts on every page, and nothing while nothing is open', async ({
  page,
}) => {
  let open = true;
  await serveApi(page, {
    ...healthApi,
    'health/alerts': (now, url) => alertsAnswer(now, url, open ? openAlerts(now) : [], []),
  });
  await page.goto('/clusters');
  const entry = page.getByRole('link', { name: /^Health/ });
  await expect(entry).toHaveAccessibleName(/1 critical, 1 error, 2 warnings, 1 info/);
  open = false;
  await expect(entry).toHaveAccessibleName('Health');
});

test('where there is no number, it is said since when', async ({ page }) => {
  await serveApi(page, healthApi);
  await page.goto('/health');
  await expect(page.getByText(/No number since .* \(7 min ago\)/)).toBeVisible();
  await page.goto('/health/rules/group.lag-seconds');
  await expect(page.getByText(/^no number since \d\d:/)).toBeVisible();
});

test('the gravest alert is first, leads to what it is about, and the filter is in the address', async ({
  page,
  context,
}) => {
  await serveApi(page, healthApi);
  await page.goto('/health');
  const rows = page.getByRole('list', { name: 'Open alerts, gravest first' }).getByRole('listitem');
  await expect(rows).toHaveCount(5);
  await expect(rows.first()).toContainText('Critical');
  await expect(rows.first()).toContainText('shop.orders 2 and 397 more');
  await expect(rows.first().getByRole('link', { name: '3', exact: true })).toHaveAttribute(
    'href',
    '/clusters/dc1/brokers/3',
  );
  await expect(rows.nth(1)).toContainText('Ada Lovelace knows');
  await expect(rows.nth(2)).toContainText('Silenced');
  await expect(rows.nth(3)).toContainText('No number since');
  await page.getByLabel('Severity', { exact: true }).selectOption('ERROR');
  await page.getByRole('searchbox', { name: 'Search alerts' }).fill('shop.clicks');
  await expect(page).toHaveURL(/atLeast=ERROR&text=shop.clicks/);
  await expect(rows).toHaveCount(1);

  const other = await context.newPage();
  await serveApi(other, healthApi);
  await other.goto(page.url());
  await expect(other.getByRole('searchbox', { name: 'Search alerts' })).toHaveValue('shop.clicks');
  await expect(other.getByRole('list', { name: /gravest first/ }).getByRole('listitem')).toHaveCount(1);
});

test('700 open alerts come in pages, and it is said of how many', async ({ page }) => {
  await serveApi(page, {
    ...healthApi,
    'health/alerts': (now, url) =>
      alertsAnswer(
        now,
        url,
        Array.from({ length: 700 }, (_, i) => ({ ...openAlerts(now)[1]!, id: `many-${i}` })),
      ),
  });
  await page.goto('/health');
  await expect(page.getByText('100 of 700 alerts')).toBeVisible();
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(page.getByText('600 of 700 alerts')).toBeVisible();
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect(page.getByText('700 alerts', { exact: true })).toBeVisible();
  // How many match a text nobody has counted.
  await page.goto('/health?text=behind');
  await expect(page.getByText('100 alerts and more')).toBeVisible();
});

test('an alert is acknowledged with a reason, and a new silence is filled in from it', async ({
  page,
  complaints,
}) => {
  await serveApi(page, { ...healthApi, 'health/alerts/a-broker/acknowledge': () => ({}) });
  await page.goto('/health/alerts/a-broker');
  await page.getByRole('button', { name: 'Acknowledge…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Acknowledge the alert' });
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await expect(dialog.getByText('Say it in a few words.')).toBeVisible();
  await dialog.getByLabel('What is done about it').fill('Disk is being replaced.');
  const acknowledged = sent(page, 'POST', '/alerts/a-broker/acknowledge');
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  expect((await acknowledged).postDataJSON()).toEqual({ why: 'Disk is being replaced.', from: null });
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: 'Silence…' }).click();
  const silence = page.getByRole('dialog', { name: 'Silence alerts' });
  await expect(silence.getByLabel('Matcher 1: value')).toHaveValue('broker.unreachable');
  await expect(silence.getByLabel('Matcher 3: value')).toHaveValue('3');
  await silence.getByLabel('For', { exact: true }).selectOption('4 hours');
  await silence.getByLabel('Why').fill('Planned work.');
  await expectGoodLooks(page);
  const begun = sent(page, 'POST', '/api/health/silences');
  await silence.getByRole('button', { name: 'Begin silence' }).click();
  const body = (await begun).postDataJSON();
  expect(body.matchers).toHaveLength(3);
  expect(body.until - Date.now()).toBeGreaterThan(3.9 * 3_600_000);
  expect(complaints).toEqual([]);
});

test('an alert that somebody has acknowledged is taken over from them, by name, and a race is told', async ({
  page,
}) => {
  const refused =
    'Eve has acknowledged it meanwhile: "I am on it." Talk to each other before you take it over.';
  await serveApi(page, {
    ...healthApi,
    'health/alerts/a-lag/acknowledge': () => ({
      status: 409,
      body: { code: 'ALERT_ACKNOWLEDGED', message: refused },
    }),
  });
  await page.goto('/health/alerts/a-lag');
  await page.getByRole('button', { name: 'Take over…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Take the alert over' });
  await expect(dialog).toContainText('Ada Lovelace has acknowledged it: “');
  await expectGoodLooks(page);
  await dialog.getByLabel('What is done about it').fill('Night shift goes on with it.');
  const taken = sent(page, 'POST', '/alerts/a-lag/acknowledge');
  await dialog.getByRole('button', { name: 'Take over' }).click();
  expect((await taken).postDataJSON()).toEqual({ why: 'Night shift goes on with it.', from: 'Ada Lovelace' });
  await expect(dialog.getByText(refused)).toBeVisible();
});

test('what a viewer may not do stays visible and says why', async ({ page }) => {
  await serveApi(page, { ...healthApi, me: (now) => meAs('viewer', now) });
  await page.goto('/health/alerts/a-broker');
  const button = page.getByRole('button', { name: 'Acknowledge…' });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await button.hover();
  await expect(page.getByText(/needs the role operator on cluster "dc1"/).first()).toBeVisible();
  await page.goto('/health/channels');
  await expect(page.getByRole('button', { name: 'Test Ticket system' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(page.getByRole('button', { name: 'Change routes…' })).toHaveAttribute('aria-disabled', 'true');
});

test('an operator of clusters changes thresholds there, and only an administrator everywhere', async ({
  page,
}) => {
  await serveApi(page, {
    ...healthApi,
    me: (now) => meAs('operator', now),
    'health/overrides': () => ({ overrides: [] }),
  });
  await page.goto('/health/rules/group.lag-seconds');
  const everywhere = page.getByRole('button', { name: 'Change everywhere' });
  await expect(everywhere).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Set for a cluster or link…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Consumer group is behind' });
  await dialog.getByLabel('Where').selectOption('On cluster dc1');
  await dialog.getByLabel('Warning at').fill('forever');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Write a number such as 90 s or 10 min.')).toBeVisible();
  await expectGoodLooks(page);
  await dialog.getByLabel('Warning at').fill('30 min');
  const saved = sent(page, 'PUT', '/api/health/overrides');
  await dialog.getByRole('button', { name: 'Save' }).click();
  expect((await saved).postDataJSON()).toEqual({
    ...{ rule: 'group.lag-seconds', scope: { kind: 'cluster', cluster: 'dc1' } },
    thresholds: { warn: 1_800 },
  });
});

test('a change of thresholds is taken back', async ({ page }) => {
  await serveApi(page, { ...healthApi, 'health/overrides': () => ({ overrides: [] }) });
  await page.goto('/health/rules/group.lag-seconds');
  await page.getByRole('button', { name: 'Change on cluster lab' }).click();
  const saved = sent(page, 'PUT', '/api/health/overrides');
  await page.getByRole('button', { name: 'Take back' }).click();
  expect((await saved).postDataJSON()).toEqual({
    ...{ rule: 'group.lag-seconds', scope: { kind: 'cluster', cluster: 'lab' } },
  });
});

test('a silence is ended', async ({ page }) => {
  await serveApi(page, { ...healthApi, 'health/silences/s-1/end': () => 'hang' });
  await page.goto('/health/silences');
  const ended = sent(page, 'POST', '/silences/s-1/end');
  await page.getByRole('button', { name: /End the silence of cluster is cloud/ }).click();
  await ended;
});

test('a test of a channel shows exactly what the receiver said', async ({ page }) => {
  const said = 'HTTP 410 Gone: {"error":"this hook was deleted"}';
  await serveApi(page, {
    ...healthApi,
    'health/channels/c-3/test': () => ({ ok: false, said, tookMs: 212 }),
  });
  await page.goto('/health/channels');
  await page.getByRole('button', { name: 'Test Ticket system' }).click();
  await expect(page.getByText('The test message did not arrive')).toBeVisible();
  await expect(page.getByText(said)).toBeVisible();
});

test('a channel is changed without its secrets, and the server says where one must be given again', async ({
  page,
}) => {
  let refused = false;
  await serveApi(page, {
    ...healthApi,
    'health/channels/c-3': (now, url) => {
      if (!refused) return healthApi['health/channels/c-3']!(now, url);
      const fields = { secret: 'Give it again: the channel goes to another place now.' };
      return {
        status: 400,
        body: { code: 'INVALID_REQUEST', message: 'The channel would go to another place.', fields },
      };
    },
  });
  await page.goto('/health/channels');
  await page.getByRole('button', { name: 'Change Ticket system' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change Ticket system' });
  await expect(dialog.getByLabel('Signature')).toHaveValue('kept');
  await expectGoodLooks(page);
  await dialog.getByLabel('Address').fill('https://elsewhere.example.com/in');
  refused = true;
  const saved = sent(page, 'PUT', '/channels/c-3');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const body = (await saved).postDataJSON();
  expect(body).toMatchObject({ kind: 'webhook', url: 'https://elsewhere.example.com/in' });
  expect(body).not.toHaveProperty('secret');
  expect(body).not.toHaveProperty('headers');
  await expect(dialog.getByText(/Give it again/)).toBeVisible();
});

test('an e-mail channel is added', async ({ page }) => {
  await serveApi(page, healthApi);
  await page.goto('/health/channels');
  await page.getByRole('button', { name: 'Add a channel' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a channel' });
  await dialog.getByLabel('Kind').selectOption('E-mail');
  await dialog.getByLabel('Name').fill('Team');
  await dialog.getByLabel('Mail server').fill('smtp.example.com');
  await dialog.getByLabel('Security').selectOption('TLS');
  await expect(dialog.getByLabel('Port')).toHaveValue('465');
  await dialog.getByLabel('From').fill('landbridge@example.com');
  await dialog.getByLabel('To', { exact: true }).fill('ops@example.com, lead@example.com');
  await expectGoodLooks(page);
  const added = sent(page, 'POST', '/api/health/channels');
  await dialog.getByRole('button', { name: 'Add channel' }).click();
  expect((await added).postDataJSON()).toMatchObject({
    ...{ kind: 'email', host: 'smtp.example.com', port: 465, security: 'tls', user: null, password: null },
    to: ['ops@example.com', 'lead@example.com'],
  });
});

test('routes are edited together, and one to nowhere is not sent', async ({ page }) => {
  await serveApi(page, healthApi);
  await page.goto('/health/channels');
  await page.getByRole('button', { name: 'Change routes…' }).click();
  await page.getByRole('button', { name: 'Add a route' }).click();
  await page.getByRole('button', { name: 'Save routes' }).click();
  const third = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Route 3' }) });
  await expect(third.getByText('Choose at least one channel.')).toBeVisible();
  await third.getByLabel('Mail to the team (switched off)').check();
  await third.getByRole('button', { name: 'Move route 3 up' }).click();
  await expectGoodLooks(page);
  const saved = sent(page, 'PUT', '/api/health/routes');
  await page.getByRole('button', { name: 'Save routes' }).click();
  const { routes } = (await saved).postDataJSON();
  expect(routes.map(({ id }: { id: string }) => id)).toEqual(['route-1', 'route-3', 'route-2']);
  expect(routes[1]).toMatchObject({ channels: ['c-4'], atLeast: 'WARN', matchers: [] });
});

test('a message that was given up is sent again', async ({ page }) => {
  await serveApi(page, healthApi);
  await page.goto('/health/deliveries?state=DEAD');
  const again = sent(page, 'POST', '/deliveries/2/again');
  await page.getByRole('button', { name: /^Send again: Lag is beyond/ }).click();
  await again;
});

test('the palette leads to Health and acts on the alert that is shown', async ({ page }) => {
  await serveApi(page, healthApi);
  await page.goto('/health/alerts/a-broker');
  await expect(page.getByRole('button', { name: 'Acknowledge…' })).toBeVisible();
  await page.getByRole('button', { name: 'Silence…' }).focus();
  await runCommand(page, 'acknowledge', /^Acknowledge…/);
  const dialog = page.getByRole('dialog', { name: 'Acknowledge the alert' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Silence…' })).toBeFocused();
  await runCommand(page, 'health rules', /rules/i);
  await expect(page).toHaveURL(/\/health\/rules$/);
});
