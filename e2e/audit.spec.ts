// SETTINGS → AUDIT: a long log in rendering tests, then what the running product has recorded, with nothing answered in the browser.
import { readFile } from 'node:fs/promises';
import { tabThrough } from './support/looks';
import { scenes, serveApi } from './support/scenes';
import { expect, test } from './support/test';

const { api } = scenes.find(({ name }) => name === 'audit') ?? { api: {} };
const path = '/settings/audit';

test('1,000 entries: few are drawn, more are read on the way down, and the first of all is reached', async ({
  page,
}) => {
  await serveApi(page, api);
  await page.goto(path);
  const table = page.getByRole('table', { name: 'Audit entries' });
  await expect(table.getByRole('button', { name: /, row 1999$/ })).toBeVisible();
  expect(await table.getByRole('row').count()).toBeLessThan(80);
  const scroller = table.locator('xpath=..');
  const toTheEnd = async () => {
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return table.getByRole('button', { name: /, row 1$/ }).isVisible();
  };
  await expect.poll(toTheEnd, { timeout: 30_000 }).toBe(true);
  await expect(table).toHaveAttribute('aria-rowcount', '1001');
  expect(await table.getByRole('row').count()).toBeLessThan(80);
});

test('filters are in the address, and an address opened elsewhere shows the same', async ({
  page,
  context,
}) => {
  await serveApi(page, api);
  await page.goto(path);
  await page.getByRole('searchbox', { name: 'Search the audit log' }).fill('nobody answers');
  await expect(page).toHaveURL(/text=nobody\+answers/);
  await page.getByLabel('Outcome').selectOption('Done');
  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByRole('textbox', { name: 'Who' }).fill('second');
  await expect(page).toHaveURL(/actor=second/);

  const other = await context.newPage();
  await serveApi(other, api);
  await other.goto(page.url());
  await expect(other.getByRole('searchbox', { name: 'Search the audit log' })).toHaveValue('nobody answers');
  await expect(other.getByRole('textbox', { name: 'Who' })).toHaveValue('second');
  await expect(other.getByLabel('Outcome')).toHaveValue('OK');
  await other.getByRole('button', { name: 'Clear' }).click();
  await expect(other).toHaveURL(new RegExp(`${path}$`));
});

test('everything that can be clicked is reached with the tab key, with a visible focus', async ({ page }) => {
  await serveApi(page, api);
  await page.goto(path);
  await expect(page.getByRole('button', { name: /, row 1999$/ })).toBeVisible();
  const { focusable, missed, unmarked } = await tabThrough(page);
  expect(focusable).toBeGreaterThan(20);
  expect(missed).toEqual([]);
  expect(unmarked).toEqual([]);
});

test('what happens appears by itself, with before and after but no secret, and can be taken away as a file', async ({
  page,
  complaints,
}) => {
  await page.goto(path);
  await expect(page.getByRole('button', { name: /^Start server/ }).first()).toBeVisible();
  const status = await page.evaluate(async () => {
    const sasl = { mechanism: 'PLAIN', username: 'u', password: 'of-the-audited-cluster' };
    const body = {
      name: 'audited',
      bootstrapServers: ['127.0.0.1:1'],
      security: { protocol: 'SASL_PLAINTEXT', sasl },
    };
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/api/clusters', { method: 'POST', headers, body: JSON.stringify(body) })).status;
  });
  expect(status).toBe(201);
  await page.getByRole('button', { name: /^Add cluster, audited/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Add cluster' });
  await expect(dialog.getByRole('row', { name: /security\.sasl\.password/ })).toContainText('secret');
  await expect(dialog.getByText('(a person)')).toBeVisible();
  await expect(page).toHaveURL(/entry=/);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export as CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(csv).toContain(',add cluster,cluster,audited,');
  expect(csv).not.toContain('of-the-audited-cluster');
  await expect(page.getByRole('button', { name: /^Export audit log/ }).first()).toBeVisible();
  expect(complaints).toEqual([]);
  // The store is shared with tests that begin with an empty one.
  const removed = await page.evaluate(
    async () => (await fetch('/api/clusters/audited', { method: 'DELETE' })).status,
  );
  expect(removed).toBe(200);
});
