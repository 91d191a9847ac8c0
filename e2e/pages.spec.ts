// RENDERING TESTS: every page in every designed state, with data that the contracts have checked in place of the API's
// answers (support/scenes.ts). The product is the built one; only /api is answered here. Behaviour is tested in flows.spec.ts and others.
import { meAs } from './support/access-scenes';
import { clusterScenes } from './support/cluster-scenes';
import { expectGoodLooks, tabThrough } from './support/looks';
import { runCommand } from './support/palette';
import { looksWell, openScene, sceneOf } from './support/scene-test';
import { type Scene, scenes, serveApi } from './support/scenes';
import { expect, lookTest, test } from './support/test';

const scene = (name: string): Scene => sceneOf(scenes, name);

for (const one of scenes) lookTest(...looksWell(one));

for (const name of [
  'overview with problems',
  'link with 1,000 mirrors',
  'cluster',
  'create a link',
  'mirror in step',
  'promote, refused and warned',
  'operation done',
]) {
  test(`${name}: everything that can be clicked is reached with the tab key, with a visible focus`, async ({
    page,
  }) => {
    await openScene(page, scene(name));
    const { focusable, missed, unmarked } = await tabThrough(page);
    expect(focusable).toBeGreaterThan(5);
    expect(missed).toEqual([]);
    expect(unmarked).toEqual([]);
  });
}

test('a partition that is read from a replica near the link says from which', async ({ page }) => {
  const { path, api } = scene('mirror in step');
  await serveApi(page, api);
  await page.goto(path);
  const leaders = page.getByTitle('a replica near the link (client.rack)');
  await expect(leaders).toHaveText('2 via 3 → 5');
  await expect(page.getByText('1 → 4').first()).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('a link has its main action and a menu of the others, where what is not allowed says why', async ({
    page,
    complaints,
  }) => {
    const { path, api } = scene('link with 1,000 mirrors');
    await serveApi(page, { ...api, me: (now) => meAs('operator', now) });
    await page.goto(path);
    const more = page.getByRole('button', { name: 'More actions' });
    await expect(page.locator('main header').first().getByRole('button')).toHaveText([
      'Pause',
      'More actions',
    ]);
    await more.click();
    const promote = page.getByRole('menuitem', { name: 'Promote…' });
    await expect(promote).toHaveAttribute('aria-disabled', 'true');
    await expect(promote).toContainText('This needs the role approver');
    // Playwright waits for what is disabled.
    await promote.click({ force: true });
    await expect(page).toHaveURL(path);
    expect(complaints).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);

    await more.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menuitem').first()).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('menuitem').nth(1)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('menuitem', { name: 'Sweep…' })).toBeFocused();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Sweep all mirrors of dc1-to-cloud?' });
    await expect(dialog).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(more).toBeFocused();
    complaints.length = 0;
  });

  test('the heads of the table of consumer groups are whole', async ({ page }) => {
    await openScene(page, sceneOf(clusterScenes, 'ten thousand groups'));
    for (const name of ['Consumer group', 'Progress', 'Lag, messages']) {
      const head = page
        .getByRole('columnheader', { name, exact: true })
        .locator('.truncate, [data-lines]')
        .last();
      await expect(head).toBeVisible();
      const isCut = await head.evaluate(
        (one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight,
      );
      expect(isCut, name).toBe(false);
    }
  });

  test('the lag of each partition of a mirror is seen without scrolling sideways', async ({ page }) => {
    const { path, api } = scene('mirror failed');
    await serveApi(page, api);
    await page.goto(path);
    const table = page.getByRole('table', { name: 'Partitions of shop.shipments' });
    await page.locator('#partitions').scrollIntoViewIfNeeded();
    for (const name of ['Partition', 'Lag, messages', 'Lag, time', 'State'])
      await expect(table.getByRole('columnheader', { name, exact: true })).toBeInViewport({ ratio: 0.9 });
  });
});

test('a lag that leaves a partition out is called at least that much', async ({ page }) => {
  const { path, api } = scene('mirror failed');
  await serveApi(page, api);
  await page.goto(path);
  await expect(page.getByTitle('At least this: 1 partition not known.')).toHaveText('at least 52,118');
  await expect(page.locator('#history figcaption').first()).toContainText('at least');
});

test('a sweep says what it will take before it is begun', async ({ page, complaints }) => {
  const { path, api } = scene('mirror in step');
  await serveApi(page, api);
  await page.goto(path);
  await page.getByRole('button', { name: 'Sweep…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sweep shop.orders?' });
  await expect(dialog.getByText('8,807,001')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Begin sweep' })).toBeEnabled();
  await expectGoodLooks(page);
  expect(complaints).toEqual([]);
});

test('settings that give rights to others are an administrator’s to change, and say so', async ({ page }) => {
  const { path, api } = scene('link with 1,000 mirrors');
  await serveApi(page, { ...api, me: (now) => meAs('operator', now) });
  await page.goto(`${path}?view=settings`);
  await expect(page.getByRole('button', { name: 'Change metadata.max.age.ms' })).not.toHaveAttribute(
    'aria-disabled',
  );
  for (const key of ['acl.sync.enable', 'acl.filters']) {
    const button = page.getByRole('button', { name: `Change ${key}` });
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await button.hover();
    await expect(page.getByText(/It gives rights on cloud to others/).first()).toBeVisible();
  }
});

test('the first tab stop leads past the navigation to the content', async ({ page }) => {
  await serveApi(page, scene('overview, all well').api);
  await page.goto('/');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});

test('1,000 mirrors: the table knows all rows, draws few, and shows the last one after scrolling', async ({
  page,
}) => {
  const { path, api } = scene('link with 1,000 mirrors');
  await serveApi(page, api);
  await page.goto(path);
  const table = page.getByRole('table', { name: 'Mirrors of dc1-to-cloud' });
  await expect(table).toHaveAttribute('aria-rowcount', '1001');
  await expect(table.getByRole('link', { name: 'shop.orders.v0000' })).toBeVisible();
  expect(await table.getByRole('row').count()).toBeLessThan(80);
  const scroller = table.locator('xpath=..');
  // The longest time between two frames while scrolling from the first row to the last.
  const longestFrameMs = await scroller.evaluate(
    (element) =>
      new Promise<number>((done) => {
        let longest = 0;
        let last = performance.now();
        const step = (now: number) => {
          longest = Math.max(longest, now - last);
          last = now;
          element.scrollTop += 400;
          if (element.scrollTop + element.clientHeight >= element.scrollHeight - 1) done(longest);
          else requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
  );
  test.info().annotations.push({ type: 'longest frame', description: `${Math.round(longestFrameMs)} ms` });
  // A guard against a table that draws all rows; how fast it is, the annotation says.
  expect(longestFrameMs).toBeLessThan(5_000);
  await expect(table.getByRole('link', { name: 'shop.returns.v0999' })).toBeVisible();
  expect(await table.getByRole('row').count()).toBeLessThan(80);
});

test('filter, attention and sorting are in the address, and an address opened elsewhere shows the same', async ({
  page,
  context,
}) => {
  const { path, api } = scene('link with 1,000 mirrors');
  await serveApi(page, api);
  await page.goto(path);
  await page.getByRole('searchbox', { name: 'Filter mirrors by name' }).fill('payments');
  await expect(page).toHaveURL(/filter=payments/);
  await expect(page.getByText('200 of 1,000')).toBeVisible();
  await page.getByRole('button', { name: 'Mirror topic' }).click();
  await expect(page).toHaveURL(/sort=topic&order=asc/);
  await expect(page.getByRole('columnheader', { name: 'Mirror topic' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );

  const other = await context.newPage();
  await serveApi(other, api);
  await other.goto(page.url());
  await expect(other.getByText('200 of 1,000')).toBeVisible();
  await expect(other.getByRole('searchbox', { name: 'Filter mirrors by name' })).toHaveValue('payments');
  await expect(other.getByRole('columnheader', { name: 'Mirror topic' })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );

  await other.goto(`${path}?attention=1`);
  await expect(other.getByText('3 of 1,000')).toBeVisible();
});

test('a chosen theme is there before the first paint after a reload', async ({ page }) => {
  await serveApi(page, scene('overview, all well').api);
  await page.goto('/');
  await page.getByRole('button', { name: 'Switch to light' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  // Looked at when the parser reaches the body: nothing has been painted by then.
  await page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (!document.body) return;
      observer.disconnect();
      document.documentElement.dataset.themeAtBody = document.documentElement.dataset.theme ?? 'none';
    }).observe(document, { childList: true, subtree: true });
  });
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme-at-body', 'light');
});

test('the palette finds actions and links by typing, runs them, and gives the focus back on escape', async ({
  page,
}) => {
  await serveApi(page, scene('link with 1,000 mirrors').api);
  await page.goto('/clusters');
  await expect(page.getByRole('heading', { name: 'Clusters' })).toBeVisible();
  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: /Search commands/ });
  await expect(box).toBeFocused();
  await box.fill('dc1-to');
  await expect(page.getByRole('option', { name: 'dc1-to-cloud' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/links\/cloud\/dc1-to-cloud/);

  const pause = page.getByRole('button', { name: 'Pause', exact: true });
  await pause.focus();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('option', { name: 'Pause', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(box).toBeHidden();
  await expect(pause).toBeFocused();
});

test('a link has the actions that its state asks for, the others in a menu, and all of them in the palette', async ({
  page,
}) => {
  const { path, api } = scene('link with 1,000 mirrors');
  let state = 'ACTIVE';
  await serveApi(page, {
    ...api,
    me: (now) => meAs('operator', now),
    'links/cloud/dc1-to-cloud': (now, url) => {
      const answer = api['links/cloud/dc1-to-cloud']!(now, url) as { link: object };
      return { ...answer, link: { ...answer.link, state } };
    },
  });
  await page.goto(path);
  const buttons = page.locator('main header').first().getByRole('button');
  await expect(buttons).toHaveText(['Pause', 'Add topics', 'Promote…', 'More actions']);
  state = 'UNAVAILABLE';
  await expect(buttons).toHaveText(['Pause', 'Add topics', 'Fail over…', 'More actions']);
  await buttons.last().click();
  const inMenu = ['Pause by pattern…', 'Sweep…', 'Promote…', 'Reverse…', 'Delete…'];
  await expect(page.getByRole('menuitem')).toHaveText(inMenu.map((label) => new RegExp(`^${label}`)));
  await expect(page.getByRole('menuitem', { name: 'Delete…' })).toContainText('This needs the role approver');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  for (const label of ['Pause', 'Add topics', 'Fail over…', ...inMenu])
    await expect(page.getByRole('option', { name: new RegExp(`^${label}`) }).first()).toBeVisible();
});

test('the focus is back where it was when a dialog closes, also one whose field takes it by itself', async ({
  page,
}) => {
  const { path, api } = scene('keys');
  await serveApi(page, api);
  await page.goto(path);
  const create = page.getByRole('button', { name: /^Create/ }).first();
  await create.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(create).toBeFocused();
});

test('a letter that is typed while a slow page takes up those before is not lost, and going back shows what was', async ({
  page,
}) => {
  await serveApi(page, scene('link with 1,000 mirrors').api);
  await page.goto('/links/cloud/dc1-to-cloud');
  const filter = page.getByRole('searchbox', { name: 'Filter mirrors by name' });
  await expect(filter).toBeVisible();
  // The page gets a new address when the test says so.
  const held = await page.evaluateHandle(() => {
    const own = window.history.replaceState.bind(window.history);
    const waiting: (() => void)[] = [];
    window.history.replaceState = (...values) => {
      if (new URL(String(values[2] ?? ''), window.location.href).href === window.location.href)
        own(...values);
      else waiting.push(() => own(...values));
    };
    return waiting;
  });
  const applied = () => expect.poll(() => held.evaluate((waiting) => waiting.length)).toBe(1);
  const takeUp = () => held.evaluate((waiting) => waiting.shift()?.());
  await filter.press('g');
  await applied();
  await filter.press('c');
  await takeUp();
  await expect(page).toHaveURL(/filter=g$/);
  await expect(filter).toHaveValue('gc');
  await applied();
  await takeUp();
  await expect(page).toHaveURL(/filter=gc$/);
  await expect(filter).toHaveValue('gc');
  await page.evaluate(() => window.history.pushState(null, '', `${window.location.pathname}?filter=shop`));
  await expect(filter).toHaveValue('shop');
  await page.goBack();
  await expect(filter).toHaveValue('gc');
});

test('letter shortcuts lead to pages, do nothing in text fields, and can be switched off', async ({
  page,
}) => {
  await serveApi(page, scene('link with 1,000 mirrors').api);
  await page.goto('/clusters');
  await expect(page.getByRole('link', { name: 'dc1' }).first()).toBeVisible();
  // One right after the other: the second counts for a second or so.
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('l')]);
  await expect(page).toHaveURL(/\/links$/);
  await page.goto('/links/cloud/dc1-to-cloud');
  const filter = page.getByRole('searchbox', { name: 'Filter mirrors by name' });
  await filter.pressSequentially('gc');
  await expect(page).toHaveURL(/filter=gc/);
  await runCommand(page, 'shortcuts off', /^Turn letter shortcuts off/);
  await expect(filter).toBeFocused();
  await page.locator('#main').focus();
  const left: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/' && !request.headers()['next-router-prefetch'])
      left.push(request.url());
  });
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('o')]);
  // A key that comes after those, and does something.
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: /Search commands/ })).toBeVisible();
  expect(left).toEqual([]);
  await expect(page).toHaveURL(/\/links\/cloud\/dc1-to-cloud/);
});

test('numbers that are no longer fresh say so while the server is away, and come back by themselves', async ({
  page,
}) => {
  const { path, api } = scene('link with 1,000 mirrors');
  let answers = api;
  await serveApi(page, () => answers);
  await page.goto(path);
  await expect(page.getByText('212 MB/s · 67,416 records/s')).toBeVisible();
  answers = Object.fromEntries(Object.keys(api).map((key) => [key, () => 'abort' as const]));
  await expect(
    page.getByText(/No fresh data: The Landbridge server cannot be reached/).first(),
  ).toBeVisible();
  await expect(page.getByText('212 MB/s · 67,416 records/s')).toBeVisible();
  answers = api;
  await expect(page.getByText(/No fresh data/)).toHaveCount(0);
});

test('what has no age of its own says, too, that the server is away, and says it once', async ({ page }) => {
  const { path, api } = scene('keys');
  let answers = api;
  await serveApi(page, () => answers);
  await page.goto(path);
  await expect(page.getByText('terraform-prod')).toBeVisible();
  answers = { ...api, keys: () => 'abort' };
  await expect(page.getByText(/No fresh data: The Landbridge server cannot be reached/)).toHaveCount(1);
  await expect(page.getByText('terraform-prod')).toBeVisible();
  answers = api;
  await expect(page.getByText(/No fresh data/)).toHaveCount(0);
});

test('the draft of a link survives going back, forward and reloading', async ({ page }) => {
  const { api } = scene('create a link');
  const { check } = await import('./support/fixtures');
  await serveApi(page, { ...api, 'links/check': () => check(null) });
  await page.goto('/links/new?step=review');
  await page.getByLabel('Source').selectOption('dc1');
  await page.getByLabel('Destination').selectOption('cloud');
  await expect(page.getByLabel('Name of the link')).toHaveValue('dc1-to-cloud');
  await page.getByRole('button', { name: 'Next: check both ends' }).click();
  await page.getByRole('button', { name: 'Run checks' }).click();
  await expect(page.getByText('Both ends are ready for this link.')).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel('Source')).toHaveValue('dc1');
  await page.goForward();
  await page.reload();
  await expect(page.getByText('Both ends are ready for this link.')).toBeVisible();
});

test('a failed check keeps the next step closed and gives the reason at its stage', async ({ page }) => {
  const { api } = scene('create a link');
  const { check } = await import('./support/fixtures');
  await serveApi(page, {
    ...api,
    'links/check': () => check('Connection refused by kafka-1.dc1.example.com:9092.'),
  });
  await page.goto('/links/new');
  await page.getByLabel('Source').selectOption('dc1');
  await page.getByLabel('Destination').selectOption('cloud');
  await page.getByRole('button', { name: 'Next: check both ends' }).click();
  await page.getByRole('button', { name: 'Run checks' }).click();
  await expect(page.getByText('Not ready. Mend the first failed stage')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Stages, Source: dc1' })).toContainText('Connection refused');
  await expect(page.getByRole('list', { name: 'Stages, Source: dc1' })).toContainText('Not run');
  await expect(page.getByRole('button', { name: 'Next: choose topics' })).toBeDisabled();
});

test('the rights of a link are looked at when asked for: what is missing stands first, with its command', async ({
  page,
}) => {
  const { path, api } = scene('link, rights');
  const { check } = await import('./support/fixtures');
  await serveApi(page, { ...api, 'links/check': () => check(null) });
  await page.goto(path);
  await page.getByRole('button', { name: 'Check rights' }).click();
  const rows = page.getByRole('list', { name: 'Rights on the destination' }).getByRole('listitem');
  await expect(rows).toHaveCount(5);
  await expect(rows.first()).toContainText('DELETE on topics Missing');
  await expect(rows.first()).toContainText("--topic 'shop.clicks'");
  await expect(rows.last()).toContainText('Not needed');
  await expect(page.getByText('412 a second one by one, 2,871 offsets')).toBeVisible();
  await expectGoodLooks(page);
});

test('what takes a fresh sign-in leads to the sign-in by itself, with the way back', async ({
  page,
  complaints,
}) => {
  const { path, api } = scene('a person to vouch for');
  const needed = { code: 'FRESH_SIGN_IN_NEEDED', message: 'Sign in again first.' };
  await serveApi(page, { ...api, 'people/p6/password-link': () => ({ status: 403, body: needed }) });
  const expectTheSignIn = async () => {
    await expect(page).toHaveURL(`/sign-in?again=1&next=${encodeURIComponent(path)}`);
    await expect(page.getByText('takes a sign-in of the last 15 minutes')).toBeVisible();
  };
  await page.goto(path);
  await page.getByRole('button', { name: 'Sign in again to vouch' }).click();
  await expectTheSignIn();
  await expectGoodLooks(page);
  // The server refuses what the page took for allowed.
  await page.goto(path);
  await page.getByRole('button', { name: 'New password link' }).click();
  await expectTheSignIn();
  expect(complaints).toEqual([]);
});

test('mirrors are selected with the keyboard, or all that match at once, and reach the dry run', async ({
  page,
}) => {
  const { path, api } = scene('mirrors stopping and stopped');
  const { goodPlans } = await import('./support/operation-fixtures');
  await serveApi(page, { ...api, 'links/cloud/dc1-to-cloud/operations': () => goodPlans(148) });
  await page.goto(path);
  const boxes = page.getByRole('table', { name: 'Mirrors of dc1-to-cloud' }).getByRole('checkbox');
  await boxes.first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await expect(page.getByRole('region', { name: 'Selected mirrors' })).toContainText('2 selected');
  await runCommand(page, 'promote selected', /^Promote selected/);
  await expect(page).toHaveURL(/\/promote\?topics=shop\.orders\.v0000,shop\.payments\.v0001$/);

  await page.goBack();
  await page.getByRole('button', { name: 'Select all 148' }).click();
  await page.getByRole('button', { name: 'Fail over selected…' }).click();
  await expect(page).toHaveURL(/\/failover\?chosen=1$/);
  await expect(page.getByText('148 mirrors', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('148 mirrors', { exact: true })).toBeVisible();
});

test('selected mirrors are paused or removed after a look at what becomes of each', async ({
  page,
  complaints,
}) => {
  const { path, api } = scene('link with 1,000 mirrors');
  const { pauses, removals } = await import('./support/removal-fixtures');
  const asked: unknown[] = [];
  await serveApi(page, {
    ...api,
    'links/cloud/dc1-to-cloud/mirror-pauses': () => pauses(),
    'links/cloud/dc1-to-cloud/mirror-removals': () => removals(true),
  });
  page.on('request', (request) => {
    if (request.method() === 'POST' && !request.url().includes('validate_only'))
      asked.push(request.postDataJSON());
  });
  await page.goto(path);
  for (const topic of ['shop.orders.v0000', 'shop.payments.v0001', 'shop.customers.v0002'])
    await page.getByRole('checkbox', { name: `Select ${topic}` }).press('Space');
  await expectGoodLooks(page);
  await page.getByRole('button', { name: 'Pause selected…' }).click();
  await expect(page.getByText(/Mirroring of these stops/)).toBeVisible();
  await expect(page.getByText('1 mirror is left as it is:')).toBeVisible();
  await expectGoodLooks(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Remove selected…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove 2 mirrors from dc1-to-cloud?' });
  await dialog.getByLabel(/Delete the topics/).check();
  await expect(dialog.getByText(/deleted for good/)).toBeVisible();
  await expectGoodLooks(page);
  const confirm = dialog.getByRole('button', { name: 'Remove 2 mirrors and topics' });
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel('Type dc1-to-cloud to confirm').fill('dc1-to-cloud');
  await confirm.click();
  await expect(page.getByRole('status').filter({ hasText: 'deleted for good' })).toBeVisible();
  expect(asked).toEqual([
    {
      topics: ['shop.customers.v0002', 'shop.orders.v0000', 'shop.payments.v0001'],
      ...{ destinationTopics: 'delete', confirm: 'dc1-to-cloud' },
    },
  ]);
  expect(complaints).toEqual([]);
});

test('a promote under the rule of two persons leads to the request for approval, and keeps what was typed', async ({
  page,
}) => {
  const { api } = scene('promote by pattern');
  const { goodPlans } = await import('./support/operation-fixtures');
  const refused = {
    status: 409,
    body: {
      code: 'APPROVAL_NEEDED',
      message: 'Link dc1-to-cloud wants two persons to promote. It was asked for.',
      fields: { approval: 'a1' },
    },
  };
  await serveApi(page, {
    ...api,
    'links/cloud/dc1-to-cloud/operations': (_, url) =>
      url.searchParams.has('validate_only') ? goodPlans(2) : refused,
  });
  await page.goto('/links/cloud/dc1-to-cloud/promote?pattern=shop%5C..*');
  await page.getByLabel('Why now').fill('Moving the shop to the cloud.');
  await page.getByRole('button', { name: 'Promote 2 mirrors…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Promote 2 mirrors?' });
  await expectGoodLooks(page);
  await dialog.getByLabel('Type dc1-to-cloud to confirm').fill('dc1-to-cloud');
  await dialog.getByRole('button', { name: 'Promote 2 mirrors' }).click();
  await expect(dialog.getByRole('link', { name: 'See the request for approval' })).toHaveAttribute(
    'href',
    '/settings/approvals?id=a1',
  );
  await page.reload();
  await expect(page.getByLabel('Why now')).toHaveValue('Moving the shop to the cloud.');
});
