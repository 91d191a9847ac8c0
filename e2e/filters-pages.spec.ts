// RENDERING TESTS of filters for auto-created mirrors: the dialog of the setting, and the steps that create a link. Behaviour is tested
// against brokers (server/link/tasks/auto-create.kafka.test.ts).
import * as data from './support/fixtures';
import { expectGoodLooks } from './support/looks';
import { sceneOf } from './support/scene-test';
import { type Scene, scenes, serveApi } from './support/scenes';
import { expect, test } from './support/test';

const scene = (name: string): Scene => sceneOf(scenes, name);
const preview = { 'links/preview/auto-create': data.autoCreate };

test('filters are edited row by row, and show what becomes of each topic while they are typed', async ({
  page,
  complaints,
}) => {
  const { path, api } = scene('link, settings');
  await serveApi(page, { ...api, ...preview });
  await page.goto(path);
  await page.getByRole('button', { name: 'Change auto.create.mirror.topics.filters' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Filter 2: name')).toHaveValue('shop.secret');
  await expect(dialog.getByText('1 topic will be mirrored · 148 mirrored already')).toBeVisible();
  await expect(dialog.getByRole('row', { name: /shop.carts/ })).toContainText('Taken off by a person');
  await expectGoodLooks(page);
  const asked = page.waitForRequest(
    (request) => request.url().endsWith('/auto-create') && request.postData()?.includes('hr.') === true,
  );
  await dialog.getByRole('button', { name: 'Add a filter' }).click();
  await dialog.getByLabel('Filter 3: how names match').selectOption('name begins with');
  await dialog.getByLabel('Filter 3: name').fill('hr.');
  expect((await asked).postDataJSON()).toMatchObject({ name: 'dc1-to-cloud', prefix: 'dc1.' });
  await dialog.getByRole('button', { name: 'Edit as JSON' }).click();
  await expect(dialog.getByLabel('JSON')).toHaveValue(
    /"name":"hr.","patternType":"PREFIXED","filterType":"INCLUDE"/,
  );
  await dialog.getByLabel('JSON').fill('{"topicFilters":1}');
  await expect(dialog.getByText(/Write \{"topicFilters"/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Edit as rows' })).toBeDisabled();
  expect(complaints).toEqual([]);
});

test('what the filters took is dimmed, and still readable, while what they take now is not known yet', async ({
  page,
}) => {
  const { path, api } = scene('link, settings');
  let asked = 0;
  await serveApi(page, {
    ...api,
    'links/preview/auto-create': (now) => (asked++ === 0 ? data.autoCreate(now) : 'hang'),
  });
  await page.goto(path);
  await page.getByRole('button', { name: 'Change auto.create.mirror.topics.filters' }).click();
  await expect(page.getByRole('row', { name: /shop.carts/ })).toContainText('Taken off by a person');
  await page.getByLabel('Filter 2: name').fill('shop.secrets');
  await expect(page.getByRole('table', { name: 'Topics of the source' })).toHaveAttribute(
    'aria-busy',
    'true',
  );
  await expectGoodLooks(page);
});

test('what is chosen when a link is created cannot be changed, and says so', async ({ page }) => {
  const { path, api } = scene('link, settings');
  await serveApi(page, api);
  await page.goto(path);
  await expect(page.getByRole('row', { name: /cluster.link.prefix/ })).toContainText('fixed');
  await expect(page.getByRole('button', { name: 'Change cluster.link.prefix' })).toHaveCount(0);
});

test('a preview that fails says why, and the filters can still be saved', async ({ page }) => {
  const { path, api } = scene('link, settings');
  await serveApi(page, {
    ...api,
    'links/preview/auto-create': () => ({
      status: 502,
      body: { code: 'KAFKA_REQUEST_FAILED', message: 'No broker of dc1 answers: connection refused.' },
    }),
  });
  await page.goto(path);
  await page.getByRole('button', { name: 'Change auto.create.mirror.topics.filters' }).click();
  await expect(page.getByText('No broker of dc1 answers: connection refused.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeEnabled();
});

test('a new link takes a prefix, both directions, filters and names of single mirrors', async ({
  page,
  complaints,
}) => {
  const { api } = scene('create a link');
  const sent: unknown[] = [];
  await serveApi(page, {
    ...api,
    ...preview,
    'links/check': () => data.check(null),
    'clusters/dc1/topics': (now) => data.topics(now, 50),
    'links/preview': () => ({
      verdicts: [
        {
          ...{ topic: 'bestellungen', sourceTopic: 'shop.orders.v0', ok: true, message: 'Will be created.' },
          ...{ partitions: 1, headFill: '0', backlog: '12' },
        },
      ],
    }),
  });
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/links'))
      sent.push(request.postDataJSON());
  });
  await page.goto('/links/new');
  await page.getByLabel('Source').selectOption('dc1');
  await page.getByLabel('Destination').selectOption('cloud');
  await page.getByLabel('Prefix of mirror topics').fill('dc1.');
  await page.getByLabel('Both directions, under one name').check();
  await page.getByLabel('Prefix of the other direction').fill('cloud.');
  await expectGoodLooks(page);
  await page.getByRole('button', { name: 'Next: check both ends' }).click();
  await page.getByRole('button', { name: 'Run checks' }).click();
  await page.getByRole('button', { name: 'Next: choose topics' }).click();
  await page.getByRole('checkbox', { name: 'shop.orders.v0', exact: true }).check();
  await page.getByLabel('Name of the mirror of shop.orders.v0').fill('bestellungen');
  await page.getByLabel('Mirror topics by filters').check();
  await expect(page.getByRole('button', { name: 'Next: review' })).toBeDisabled();
  await page.getByRole('button', { name: 'Add a filter' }).click();
  await page.getByLabel('Filter 1: how names match').selectOption('every topic');
  await expect(page.getByText('1 topic will be mirrored')).toBeVisible();
  await expectGoodLooks(page);
  await page.getByRole('button', { name: 'Next: review' }).click();
  await expect(page.getByText('shop.orders.v0 → bestellungen')).toBeVisible();
  await page.getByRole('button', { name: 'Create link' }).click();
  await expect.poll(() => sent.length).toBe(2);
  expect(sent).toMatchObject([
    {
      destination: 'cloud',
      topics: [{ sourceTopic: 'shop.orders.v0', topic: 'bestellungen' }],
      settings: {
        'cluster.link.prefix': 'dc1.',
        'link.mode': 'BIDIRECTIONAL',
        'auto.create.mirror.topics.enable': true,
      },
    },
    { destination: 'dc1', topics: [], settings: { 'cluster.link.prefix': 'cloud.' } },
  ]);
  expect(complaints).toEqual([]);
});
