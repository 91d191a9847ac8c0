// FLOWS with the real engine and two real Kafka clusters: nothing is answered in the browser. One story, told in order.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { KafkaCluster } from '@/harness/cluster';
import { produce } from '@/harness/produce';
import { createTopic, describeTopic, listOffsets } from '@/harness/topics';
import { groupDigits } from '@/lib/format';
import { expectGoodLooks } from './support/looks';
import { expect, test } from './support/test';

test.describe.configure({ mode: 'serial' });

const LINK = 'source-to-destination';
const linkPath = `/links/destination/${LINK}`;
const RECORDS = 3_000;

async function addCluster(page: Page, name: string, cluster: KafkaCluster): Promise<void> {
  await page.goto('/clusters/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Bootstrap servers').fill(cluster.bootstrap);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('Reachable.', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/clusters/${name}$`));
  await expect(page.getByText('Reachable', { exact: true })).toBeVisible();
}

test('an empty store opens on "connect your cluster" and leads to the form', async ({ page, complaints }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Connect your cluster' })).toBeVisible();
  await expectGoodLooks(page);
  await page.getByRole('link', { name: 'Connect a cluster' }).click();
  await expect(page).toHaveURL(/\/clusters\/new$/);
  await expectGoodLooks(page);
  expect(complaints).toEqual([]);
});

test('the cluster form puts errors at their fields and the focus on the first one', async ({ page }) => {
  await page.goto('/clusters/new');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/cannot be empty/);
  await expect(page.getByLabel('Bootstrap servers')).toHaveAccessibleDescription(
    /at least one bootstrap server/,
  );
  await page.getByLabel('Bootstrap servers').fill('no-port');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByLabel('Bootstrap servers')).toHaveAccessibleDescription(/host:port/);
});

test('a connection test names the stage that failed, and what did not run', async ({ page }) => {
  await page.goto('/clusters/new');
  await page.getByLabel('Name', { exact: true }).fill('nowhere');
  await page.getByLabel('Bootstrap servers').fill('127.0.0.1:1');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await expect(page.getByText('Not reachable. The first failed stage says why.')).toBeVisible();
  const stages = page.getByRole('list', { name: 'Stages of the test' });
  await expect(stages.getByRole('listitem').filter({ hasText: 'TCP connection' })).toContainText('Failed');
  await expect(stages.getByRole('listitem').filter({ hasText: 'Metadata' })).toContainText('Not run');
});

test('two real clusters are connected, and their pages show what their brokers say', async ({
  page,
  clusters,
}) => {
  await addCluster(page, 'source', clusters.source);
  await expect(page.getByText(clusters.source.clusterId)).toBeVisible();
  await expect(page.getByRole('table', { name: 'Brokers' })).toContainText(clusters.source.bootstrap);
  await expectGoodLooks(page);
  await addCluster(page, 'destination', clusters.destination);
  await page.goto('/clusters');
  await expect(page.getByRole('rowheader')).toHaveText(['destination', 'source']);
});

test('a link is created: checks on both ends, topics, preview, and its mirrors become active', async ({
  page,
  clusters,
}) => {
  const { bootstrap } = clusters.source;
  await createTopic({ bootstrap, topic: 'orders', partitions: 3 });
  await createTopic({ bootstrap, topic: 'clicks', partitions: 1 });
  await createTopic({ bootstrap, topic: 'unwanted', partitions: 1 });
  await produce({ bootstrap, codec: 'lz4', records: { topic: 'orders', count: RECORDS, keys: 100 } });
  await produce({ bootstrap, records: { topic: 'clicks', count: 500 } });

  await page.goto('/links/new');
  await page.getByLabel('Source').selectOption('source');
  await page.getByLabel('Destination').selectOption('destination');
  await page.getByRole('button', { name: 'Next: check both ends' }).click();
  await page.getByRole('button', { name: 'Run checks' }).click();
  await expect(page.getByText('Both ends are ready for this link.')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('list', { name: 'Stages, Destination: destination' })).toContainText(
    'Scratch topic OK',
  );
  await page.getByRole('button', { name: 'Next: choose topics' }).click();

  await page.getByRole('searchbox', { name: 'Filter topics' }).fill('c');
  await page.getByRole('button', { name: /Select all 1 matching/ }).click();
  await page.getByRole('searchbox', { name: 'Filter topics' }).fill('');
  await page.getByRole('checkbox', { name: 'orders' }).check();
  await expect(page.getByText('2 selected')).toBeVisible();
  await page.getByRole('button', { name: 'Next: review' }).click();
  await expect(
    page.getByText('2 topics · 4 partitions · 0 offsets to fill · 3,500 to copy now'),
  ).toBeVisible();
  await expect(page.getByText(clusters.destination.clusterId)).toBeVisible();
  await page.getByRole('button', { name: 'Create link' }).click();

  await expect(page).toHaveURL(new RegExp(`${linkPath}$`));
  await expect(page.getByRole('table', { name: `Mirrors of ${LINK}` }).getByText('Active')).toHaveCount(2, {
    timeout: 60_000,
  });
  await expectGoodLooks(page);
});

test('the page of a mirror shows the same offsets as both brokers do', async ({
  page,
  clusters,
  complaints,
}) => {
  await produce({ bootstrap: clusters.source.bootstrap, records: { topic: 'orders', count: 77 } });
  const ends = await listOffsets({
    bootstrap: clusters.source.bootstrap,
    topic: 'orders',
    at: 'latest',
    isolation: 'read_committed',
  });
  await page.goto(`${linkPath}/mirrors/orders`);
  const table = page.getByRole('table', { name: 'Partitions of orders' });
  for (const [partition, end] of ends) {
    const row = table
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: String(partition), exact: true }) });
    const cells = row.getByRole('cell');
    await expect(cells.nth(columnAt('Last stable'))).toHaveText(groupDigits(end));
    await expect(cells.nth(columnAt('Mirror end'))).toHaveText(groupDigits(end));
    await expect(cells.nth(columnAt('Lag, messages'))).toHaveText('0');
  }
  const mirrored = await listOffsets({
    bootstrap: clusters.destination.bootstrap,
    topic: 'orders',
    at: 'latest',
  });
  expect([...mirrored].sort()).toEqual([...ends].sort());
  await expect(page.getByText('in step', { exact: true })).toBeVisible();
  await expectGoodLooks(page);
  expect(complaints).toEqual([]);
});

/** Columns of the partition table after its row header. */
const columnAt = (header: string): number =>
  [
    'Lag, messages',
    'Lag, time',
    'State',
    'Lag, bytes',
    'Source start',
    'Mirror start',
    'Last stable',
    'Mirror end',
    'Verified up to',
  ].indexOf(header);

test('a refused topic says why in the preview, and can be left out', async ({ page }) => {
  await page.goto(`${linkPath}/add`);
  await page.getByRole('checkbox', { name: 'orders' }).check();
  await page.getByRole('checkbox', { name: 'unwanted' }).check();
  await page.getByRole('button', { name: 'Next: review' }).click();
  await expect(page.getByText('1 topic cannot be mirrored')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add 2 topics' })).toBeDisabled();
  await page.getByRole('button', { name: 'Leave it out' }).click();
  await page.getByRole('button', { name: 'Add 1 topic' }).click();
  await expect(page).toHaveURL(new RegExp(`${linkPath}$`));
  await expect(page.getByRole('link', { name: 'unwanted' })).toBeVisible();
});

test('a link is paused and resumed, and the timeline says so', async ({ page }) => {
  await page.goto(linkPath);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await expect(page.getByText('nothing flows')).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
  await page.getByRole('link', { name: /Timeline/ }).click();
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('Paused');
});

/** Fills in the reason, and the name in the dialog behind the button. */
async function confirmEnd(
  page: Page,
  verb: 'Promote' | 'Fail over' | 'Reverse',
  topic: string,
  reason: string,
) {
  await page.getByLabel('Why now').fill(reason);
  await page.getByRole('button', { name: `${verb} ${topic}…` }).click();
  const dialog = page.getByRole('dialog', { name: `${verb} ${topic}?` });
  await expect(dialog.getByRole('button', { name: `${verb} this mirror` })).toBeDisabled();
  await dialog.getByLabel(`Type ${topic} to confirm`).fill(topic);
  await dialog.getByRole('button', { name: `${verb} this mirror` }).click();
  await expect(page).toHaveURL(/\/operations\/[0-9a-f-]{36}$/);
}

async function reverseOrders(page: Page, destination: string, reason: string): Promise<void> {
  await page.goto(`/links/${destination}/${LINK}/mirrors/orders`);
  await page.getByRole('button', { name: 'Reverse…' }).click();
  // These brokers have no authorizer.
  await expect(
    page.getByText(/has no authorizer, so that orders can't be fenced there/).first(),
  ).toBeVisible();
  await page.getByLabel('Do not: producers are stopped').check();
  await page.getByLabel('Nobody writes to the source: I have seen to it').check();
  await page.getByLabel('The source must be quiet for, in seconds').fill('0.5');
  await expect(page.getByRole('table', { name: 'What will happen to each mirror' })).toContainText(
    'Possible',
  );
  await expectGoodLooks(page);
  await confirmEnd(page, 'Reverse', 'orders', reason);
  await expect(page.getByText('Nothing is missing: the topic holds all')).toBeVisible({ timeout: 60_000 });
  const steps = page.getByRole('region', { name: 'Steps' });
  await expect(steps.getByRole('listitem').filter({ hasText: 'Lock the old source' })).toContainText('Done');
  await expect(page.getByText(/is the mirror now, on link/)).toBeVisible();
}

test('a mirror is reversed and back: the source follows it without a copy, and then leads again', async ({
  page,
  clusters,
  complaints,
}) => {
  const { source, destination } = clusters;
  const ends = async (cluster: KafkaCluster) =>
    [...(await listOffsets({ bootstrap: cluster.bootstrap, topic: 'orders', at: 'latest' })).values()].reduce(
      (a, b) => a + b,
      0n,
    );
  await reverseOrders(page, 'destination', 'The flow test turns it round.');
  await expectGoodLooks(page);
  await page.getByRole('link', { name: 'orders on source' }).click();
  await expect(page).toHaveURL(`/links/source/${LINK}/mirrors/orders`);
  await expect(page.getByText('Active').first()).toBeVisible();
  await produce({ bootstrap: destination.bootstrap, records: { topic: 'orders', count: 30 } });
  await expect(async () => expect(await ends(source)).toBe(await ends(destination))).toPass();

  await reverseOrders(page, 'source', 'The flow test turns it back.');
  await page.getByRole('link', { name: 'orders on destination' }).click();
  await expect(page.getByText('Active').first()).toBeVisible();
  await produce({ bootstrap: source.bootstrap, records: { topic: 'orders', count: 30 } });
  await expect(async () => expect(await ends(destination)).toBe(await ends(source))).toPass();
  // The other tests of this story know one link.
  const removed = await page.evaluate(
    async (path) => (await fetch(path, { method: 'DELETE' })).status,
    `/api/links/source/${LINK}`,
  );
  expect(removed).toBe(200);
  expect(complaints).toEqual([]);
});

test('a mirror is promoted: dry run, typed name, steps, statement; then it is an ordinary topic', async ({
  page,
  clusters,
  complaints,
}) => {
  await page.goto(`${linkPath}/mirrors/orders`);
  await page.getByRole('button', { name: 'Promote…' }).click();
  await expect(page.getByRole('table', { name: 'What will happen to each mirror' })).toContainText(
    'Possible',
  );
  await page.getByLabel('The source must be quiet for, in seconds').fill('0.5');
  await page.getByLabel('Configs to set on the topics').fill('retention.ms=86400000');
  await page.getByRole('button', { name: 'Promote orders…' }).click();
  await expect(page.getByLabel('Why now')).toHaveAccessibleDescription(/at least 10 characters/);
  await confirmEnd(page, 'Promote', 'orders', 'The flow test moves over.');
  await expect(page.getByText('Nothing is missing: the topic holds all')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Promote of orders' })).toBeVisible();
  const steps = page.getByRole('region', { name: 'Steps' });
  await expect(steps.getByRole('listitem').filter({ hasText: 'Fence' })).toContainText('Done');
  await expectGoodLooks(page);

  const { bootstrap } = clusters.destination;
  const fenced = await listOffsets({ bootstrap, topic: 'orders', at: 'latest' });
  await produce({ bootstrap, records: { topic: 'orders', count: 30 } });
  const written = await listOffsets({ bootstrap, topic: 'orders', at: 'latest' });
  const sum = (offsets: Map<number, bigint>) => [...offsets.values()].reduce((a, b) => a + b, 0n);
  expect(sum(written) - sum(fenced)).toBe(30n);

  await page.getByRole('link', { name: 'Mirror page' }).click();
  await expect(page.getByText(/An ordinary topic since/)).toBeVisible();
  await expect(page.getByText('The flow test moves over.').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Promote…' })).toHaveAttribute('aria-disabled', 'true');
  expect(complaints).toEqual([]);
});

test('a mirror is failed over while its source is gone: the loss is told before and after, and can be downloaded', async ({
  page,
  clusters,
}) => {
  const { bootstrap, brokers } = clusters.source;
  await page.goto(`${linkPath}/mirrors/unwanted`);
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await produce({ bootstrap, records: { topic: 'unwanted', count: 12 } });
  const table = page.getByRole('table', { name: 'Partitions of unwanted' });
  await expect(table.getByRole('cell').nth(columnAt('Last stable'))).toHaveText('12');
  await brokers[0]?.kill();

  await page.goto(linkPath);
  await page.getByRole('checkbox', { name: 'Select unwanted' }).press('Space');
  await page.getByRole('button', { name: 'Fail over selected…' }).click();
  await expect(page).toHaveURL(/\/failover\?topics=unwanted$/);
  await expect(page.getByText('Estimated loss', { exact: false }).first()).toBeVisible();
  await confirmEnd(page, 'Fail over', 'unwanted', 'The source is gone in this test.');
  await expect(page.getByText('12 offsets of the source are missing.')).toBeVisible({ timeout: 60_000 });
  await expectGoodLooks(page);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the statement as CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');
  expect(csv).toMatch(/^topic,partition,/);
  expect(csv.split('\r\n')[1]).toMatch(/^unwanted,0,/);

  await page.goto(`${linkPath}?view=operations`);
  // The reverse, the promote and the failover.
  await expect(page.getByRole('table', { name: `Operations of ${LINK}` }).getByText('Done')).toHaveCount(3);
  await brokers[0]?.start();
});

test('an open page survives a restart of the server: it says so, keeps its numbers, and goes on by itself', async ({
  page,
  product,
  clusters,
}) => {
  await page.goto(`${linkPath}/mirrors/clicks`);
  const table = page.getByRole('table', { name: 'Partitions of clicks' });
  const mirrorEnd = table.getByRole('cell').nth(columnAt('Mirror end'));
  await expect(mirrorEnd).toHaveText('500');
  await page.evaluate(() => {
    document.documentElement.dataset.samePage = 'yes';
  });
  await product.end();
  await expect(page.getByText(/No fresh data: The Landbridge server cannot be reached/)).toBeVisible();
  await expect(mirrorEnd).toHaveText('500');
  await produce({ bootstrap: clusters.source.bootstrap, records: { topic: 'clicks', count: 10 } });
  await product.launch();
  await expect(mirrorEnd).toHaveText('510', { timeout: 60_000 });
  await expect(page.getByText(/No fresh data/)).toHaveCount(0);
  await expect(page.locator('html')).toHaveAttribute('data-same-page', 'yes');
});

test('mirrors are paused together, go on by a pattern, and one is removed with its topic', async ({
  page,
  clusters,
}) => {
  await createTopic({ bootstrap: clusters.source.bootstrap, topic: 'spare' });
  await page.goto(linkPath);
  const added = await page.evaluate(async (path) => {
    const body = JSON.stringify({ topics: ['spare'] });
    return (await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }))
      .status;
  }, `/api${linkPath}/mirrors`);
  expect(added).toBe(201);
  const table = page.getByRole('table', { name: `Mirrors of ${LINK}` });
  const rowOf = (topic: string) => table.getByRole('row').filter({ hasText: topic });
  await expect(rowOf('spare')).toContainText('Active', { timeout: 60_000 });
  for (const topic of ['clicks', 'spare'])
    await page.getByRole('checkbox', { name: `Select ${topic}` }).press('Space');
  await page.getByRole('button', { name: 'Pause selected…' }).click();
  await page.getByRole('button', { name: 'Pause 2 mirrors' }).click();
  for (const topic of ['clicks', 'spare']) await expect(rowOf(topic)).toContainText('Paused');

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Pause by pattern…' }).click();
  await page.getByLabel('What', { exact: true }).selectOption('resume');
  await page.getByLabel('Mirrors whose whole name matches').fill('spare|clicks|orders');
  await expect(page.getByText('These go on from where they stopped: clicks, spare.')).toBeVisible();
  await expect(page.getByText(/"orders" was promoted/)).toBeVisible();
  await page.getByRole('button', { name: 'Resume 2 mirrors' }).click();
  for (const topic of ['clicks', 'spare'])
    await expect(rowOf(topic)).toContainText('Active', { timeout: 60_000 });

  await page.getByRole('checkbox', { name: 'Select spare' }).press('Space');
  await page.getByRole('button', { name: 'Remove selected…' }).click();
  await page.getByLabel(/Delete the topics/).check();
  await page.getByLabel(`Type ${LINK} to confirm`).fill(LINK);
  await page.getByRole('button', { name: 'Remove 1 mirror and topics' }).click();
  await expect(page.getByText('is deleted for good, with all records: spare.')).toBeVisible({
    timeout: 60_000,
  });
  await expect(rowOf('spare')).toHaveCount(0);
  const spare = { bootstrap: clusters.destination.bootstrap, topic: 'spare' };
  // Stored by then; brokers forget it in their own time.
  await expect(async () => expect(describeTopic(spare)).rejects.toThrow()).toPass();
});

test('a link is deleted only after its name was typed, and says what stays behind', async ({
  page,
  clusters,
}) => {
  await page.goto(linkPath);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: `Delete link ${LINK}?` });
  await expect(dialog.getByRole('listitem').nth(1)).toContainText('destination');
  await expect(dialog.getByRole('button', { name: 'Delete link' })).toBeDisabled();
  await dialog.getByLabel(`Type ${LINK} to confirm`).fill(LINK);
  await dialog.getByRole('button', { name: 'Delete link' }).click();
  await expect(page).toHaveURL(/\/links$/);
  await expect(page.getByText('No links yet')).toBeVisible();
  const left = await listOffsets({
    bootstrap: clusters.destination.bootstrap,
    topic: 'clicks',
    at: 'latest',
  });
  expect(left.get(0)).toBe(510n);
});

test('a cluster is removed after its name was typed', async ({ page }) => {
  await page.goto('/clusters/source');
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page.getByLabel('Type source to confirm').fill('source');
  await page.getByRole('button', { name: 'Remove cluster' }).click();
  await expect(page).toHaveURL(/\/clusters$/);
  await expect(page.getByRole('rowheader')).toHaveText(['destination']);
});
