// RENDERING TESTS of what is seen in a cluster: topics, consumer groups, brokers, the quorum, in every designed state. /api is answered
// here; that the numbers are the brokers' own is tested in observed.spec.ts.
import type { Locator } from '@playwright/test';
import { formatClock, groupDigits } from '@/lib/format';
import { history } from './support/cluster-fixtures';
import { clusterScenes } from './support/cluster-scenes';
import { expectGoodLooks, tabThrough } from './support/looks';
import { runCommand } from './support/palette';
import { looksWell, openScene, sceneOf } from './support/scene-test';
import { type Scene, serveApi } from './support/scenes';
import { expect, lookTest, test } from './support/test';

const scene = (name: string): Scene => sceneOf(clusterScenes, name);

const configsOf = 'clusters/dc1/observed/topics/shop.orders/configs';

for (const one of clusterScenes) lookTest(...looksWell(one));

for (const name of ['ten thousand topics', 'a topic', 'a group', 'brokers in every state', 'a quorum']) {
  test(`${name}: everything that can be clicked is reached with the tab key, with a visible focus`, async ({
    page,
  }) => {
    await openScene(page, scene(name));
    const { focusable, missed, unmarked } = await tabThrough(page);
    expect(focusable).toBeGreaterThan(10);
    expect(missed).toEqual([]);
    expect(unmarked).toEqual([]);
  });
}

test('configs of topics say when they were read, which is minutes before the sweep', async ({ page }) => {
  const { path, api } = scene('ten thousand topics');
  await serveApi(page, api);
  await page.goto(path);
  await expect(page.getByText(/configs read 3 min ago or later/)).toBeVisible();
  await page.goto(scene('a topic').path);
  await expect(page.getByText(/delete · read 2 min ago/)).toBeVisible();
});

test('all configs of a topic are read when its page is opened, and again when somebody wants it', async ({
  page,
}) => {
  const { path, api } = scene('a topic');
  let asked = 0;
  await serveApi(page, {
    ...api,
    [configsOf]: (now, url) => {
      asked++;
      return api[configsOf]!(now, url);
    },
  });
  await page.goto(path);
  const panel = page.getByRole('region', { name: 'Configs', exact: true });
  const table = panel.getByRole('table', { name: 'Configs of shop.orders' });
  await expect(table).toHaveAttribute('aria-rowcount', '34');
  await expect(panel).toContainText(/read \d+ s ago/);
  await expect(panel).toContainText('1 is set on this topic');
  await panel.getByRole('searchbox').fill('flush.m');
  await expect(table.getByRole('row').nth(1)).toContainText('9223372036854775807 · no limit');
  // The rest of the page is read anew meanwhile; the configs are not.
  await page.waitForResponse((response) => response.url().endsWith('/topics/shop.orders'));
  expect(asked).toBe(1);
  await panel.getByRole('button', { name: 'Read again' }).click();
  await expect.poll(() => asked).toBe(2);
});

test('while and where not all configs can be read, those of the sweep are shown, with the reason', async ({
  page,
}) => {
  const { path, api } = scene('a topic whose configs are being read');
  let answers = api;
  const rows = page.getByRole('table', { name: 'Configs of shop.orders' });
  const panel = page.getByRole('region', { name: 'Configs', exact: true });
  await serveApi(page, () => answers);
  await page.goto(path);
  await expect(rows).toHaveAttribute('aria-rowcount', '14');
  await expect(panel).toContainText('read 2 min ago');
  await expect(panel.getByRole('button', { name: 'Reading…' })).toBeDisabled();

  const { api: refused } = scene('a topic whose configs may not all be read');
  answers = scene('a topic').api;
  await page.goto(path);
  await expect(rows).toHaveAttribute('aria-rowcount', '34');
  answers = refused;
  await panel.getByRole('button', { name: 'Read again' }).click();
  await expect(panel.getByRole('status')).toContainText('Shown is what was read before.');
  await expect(rows).toHaveAttribute('aria-rowcount', '34');
  await page.reload();
  await expect(panel.getByRole('status')).toContainText('Shown are the 13 configs that sweeps read');
  await expect(rows).toHaveAttribute('aria-rowcount', '14');
  answers = scene('a topic').api;
  await panel.getByRole('button', { name: 'Read again' }).click();
  await expect(rows).toHaveAttribute('aria-rowcount', '34');
  await expect(panel.getByRole('status')).toHaveCount(0);
});

test('10,000 topics: the table knows all rows, draws few, and shows the last one after scrolling without a long pause', async ({
  page,
}) => {
  const { path, api } = scene('ten thousand topics');
  await serveApi(page, api);
  await page.goto(path);
  const table = page.getByRole('table', { name: 'Topics of dc1' });
  await expect(table).toHaveAttribute('aria-rowcount', '10001');
  await expect(table.getByRole('link', { name: 'billing.invoices.v00003' })).toBeVisible();
  expect(await table.getByRole('row').count()).toBeLessThan(80);
  const scroller = table.locator('xpath=..');
  // The longest time between two frames, while as much is scrolled as a wheel does in some seconds, and then to the end.
  const longestFrameMs = await scroller.evaluate(
    (element) =>
      new Promise<number>((done) => {
        let longest = 0;
        let last = performance.now();
        let frames = 0;
        const step = (now: number) => {
          longest = Math.max(longest, now - last);
          last = now;
          element.scrollTop += 400;
          frames++;
          if (frames === 150) {
            element.scrollTop = element.scrollHeight;
            done(longest);
          } else requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
  );
  test.info().annotations.push({ type: 'longest frame', description: `${Math.round(longestFrameMs)} ms` });
  // A guard against a table that draws all rows; how fast it is, the annotation says.
  expect(longestFrameMs).toBeLessThan(5_000);
  await expect(table.getByRole('link', { name: 'shop.payments.v09996' })).toBeVisible();
  expect(await table.getByRole('row').count()).toBeLessThan(80);
});

test('on a phone the names of topics are whole, and what is cut off elsewhere is told on hover', async ({
  page,
}) => {
  const { path, api } = scene('ten thousand topics');
  await serveApi(page, api);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(path);
  const name = page.getByRole('link', { name: 'billing.invoices.v00003' });
  await expect(name).toBeVisible();
  expect(
    await name.evaluate(
      (link) => link.scrollWidth <= link.clientWidth && link.scrollHeight <= link.clientHeight,
    ),
  ).toBe(true);
  const row = page.getByRole('row', { name: /v00003/ });
  expect((await row.boundingBox())?.height).toBe(36);

  await page.setViewportSize({ width: 1440, height: 980 });
  await page.goto(scene('overview of a cluster').path);
  const producer = page.getByRole('cell', { name: '9007199254740993' });
  await producer.hover();
  await expect(producer).toHaveAttribute('title', '9007199254740993');
  await page.mouse.move(0, 0);
  await expect(producer).not.toHaveAttribute('title');
});

test('filter, order and columns are in the address, and an address opened elsewhere shows the same', async ({
  page,
  context,
}) => {
  const { path, api } = scene('ten thousand topics');
  await serveApi(page, api);
  await page.goto(path);
  await page.getByRole('searchbox', { name: 'Filter topics by name' }).fill('orders shop');
  await expect(page.getByText('2,000 of 10,000')).toBeVisible();
  await page.getByRole('button', { name: 'Size' }).click();
  await expect(page).toHaveURL(/filter=orders\+shop.*sort=size&direction=desc/);
  await page.getByRole('button', { name: 'Columns' }).press('Enter');
  await page.getByRole('menuitemcheckbox', { name: 'Replication factor' }).press('Enter');
  await page.getByRole('menuitemcheckbox', { name: 'Retention' }).press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'Factor' })).toBeVisible();
  await expect(page).toHaveURL(/columns=[a-zA-Z,%0-9]*replication/);

  const other = await context.newPage();
  await serveApi(other, api);
  await other.goto(page.url());
  await expect(other.getByText('2,000 of 10,000')).toBeVisible();
  await expect(other.getByRole('searchbox', { name: 'Filter topics by name' })).toHaveValue('orders shop');
  await expect(other.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending');
  await expect(other.getByRole('columnheader', { name: 'Factor' })).toBeVisible();
  await expect(other.getByRole('columnheader', { name: 'Retention' })).toHaveCount(0);
  const sizes = other.getByRole('table', { name: 'Topics of dc1' }).getByRole('row');
  await expect(sizes.nth(1)).toContainText('4.0 GiB');
});

test('a chart shows the series that the history answers, point by point, and a gap where there is one', async ({
  page,
}) => {
  const { path, api } = scene('a topic');
  const answers = new Map<string, ReturnType<typeof history>>();
  await serveApi(page, {
    ...api,
    history: (_now, url) => {
      const metric = url.searchParams.get('metric') ?? '';
      const answer = answers.get(metric) ?? history(url, [{ cluster: 'dc1', topic: 'shop.orders' }]);
      answers.set(metric, answer);
      return answer;
    },
  });
  await page.goto(path);
  const chart = page.getByRole('figure').filter({ hasText: 'Messages in' });
  const over = chart.locator('.u-over');
  await over.scrollIntoViewIfNeeded();
  const answer = answers.get('landbridge_topic_messages_in_per_second')!;
  const { timesMs, fromMs, toMs } = answer;
  const values = answer.series[0]!.values;
  expect(values.filter((value) => value === null)).toHaveLength(6);
  const box = (await over.boundingBox())!;
  const caption = chart.locator('figcaption');
  for (const [i, at] of timesMs.entries()) {
    const x = box.x + (box.width * (at - fromMs)) / (toMs - fromMs);
    await page.mouse.move(Math.min(Math.max(x, box.x + 1), box.x + box.width - 1), box.y + box.height / 2);
    const value = values[i];
    await expect(caption).toContainText(`at ${formatClock(at)}`);
    await expect(caption).toContainText(
      value === null || value === undefined ? 'all partitions –' : `all partitions ${groupDigits(value)}/s`,
    );
  }
  await page.mouse.move(0, 0);
  const drawn = await drawnHeights(
    chart.locator('canvas'),
    over,
    timesMs.map((at) => (at - fromMs) / (toMs - fromMs)),
  );
  const top = 1.1 * Math.max(...values.filter((value) => value !== null));
  for (const [i, value] of values.entries()) {
    if (i === 0 || i === values.length - 1) continue; // half of the line is beyond the edge
    if (value === null) expect(drawn[i], `nothing is drawn at point ${i}`).toBeNull();
    else
      expect(Math.abs((drawn[i] ?? -1) - value / top), `point ${i} stands at its height`).toBeLessThan(0.03);
  }
});

test('numbers of an old sweep are dimmed under a banner with their age, and are fresh again after the next', async ({
  page,
}) => {
  const { path, api } = scene('topics, stale and incomplete');
  let answers = api;
  await serveApi(page, () => answers);
  await page.goto(path);
  const banner = page.getByText(/Stale: the last sweep of dc1 was 4\d s ago/);
  await expect(banner).toBeVisible();
  await expect(page.locator('[data-stale="true"] table')).toBeVisible();
  await expect(page.getByText('Missing right: DescribeConfigs on topics')).toBeVisible();
  await expect(page.getByRole('link', { name: 'permissions' })).toHaveAttribute(
    'href',
    '/manual/permissions',
  );
  answers = scene('ten thousand topics').api;
  await expect(banner).toHaveCount(0);
  await expect(page.locator('[data-stale="true"]')).toHaveCount(0);
});

test('configs of a topic, which are read apart from the sweep, are not dimmed with it', async ({ page }) => {
  const { path, api } = scene('topics/shop.orders, stale and incomplete');
  await serveApi(page, api);
  await page.goto(path);
  await expect(page.getByText(/Stale: the last sweep of dc1 was/)).toBeVisible();
  const inkOf = (id: string) =>
    page
      .locator(`${id} td:nth-child(2)`)
      .first()
      .evaluate((cell) => getComputedStyle(cell).color);
  await expect(page.locator('#configs')).toContainText(/read (now|\d+ s ago)/);
  expect(await inkOf('#configs')).toBe(await page.evaluate(() => getComputedStyle(document.body).color));
  expect(await inkOf('#partitions')).not.toBe(await inkOf('#configs'));
});

test('the lag of each partition of a group is seen on a phone without scrolling sideways', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const { path, api } = scene('a group');
  await serveApi(page, api);
  await page.goto(path);
  const table = page.getByRole('table', { name: 'Partitions of billing-writer' });
  await page.locator('#partitions').scrollIntoViewIfNeeded();
  for (const name of ['Partition', 'Lag, messages', 'Lag, time'])
    await expect(table.getByRole('columnheader', { name, exact: true })).toBeInViewport({ ratio: 0.9 });
});

test('what is not known is a dash with its reason, never 0', async ({ page }) => {
  const { api } = scene('ten thousand topics');
  await serveApi(page, api);
  await page.goto('/clusters/dc1/topics?filter=shop.orders.v00005');
  const row = page.getByRole('row', { name: /v00005/ });
  await expect(row.getByTitle('A leader has not told where its logs begin and end.')).toContainText('–');
  await expect(row.getByTitle('A broker has not told the sizes of its logs.')).toContainText('–');
});

test('the parts of a cluster are in the navigation and the palette, and pages lead to each other', async ({
  page,
}) => {
  await serveApi(page, scene('a group').api);
  await page.goto('/clusters/dc1');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Brokers' }).click();
  await expect(page).toHaveURL(/\/clusters\/dc1\/brokers$/);
  await runCommand(page, 'groups dc1', 'Consumer groups of dc1');
  await expect(page).toHaveURL(/\/clusters\/dc1\/groups$/);
  await page.getByRole('link', { name: 'billing-writer' }).click();
  await expect(page.getByRole('link', { name: 'dc1-to-cloud' })).toHaveAttribute(
    'href',
    '/links/cloud/dc1-to-cloud?view=groups&group=billing-writer',
  );
  await expect(page.getByText(/has members on cloud/)).toBeVisible();
  await page.getByRole('link', { name: 'shop.orders-0' }).click();
  await expect(page).toHaveURL(/\/clusters\/dc1\/topics\/shop\.orders$/);
  await expect(page.getByRole('link', { name: 'dc1-to-cloud' })).toHaveAttribute(
    'href',
    '/links/cloud/dc1-to-cloud/mirrors/orders',
  );
});

test('pages of the manual that the console refers to can be read in it', async ({ page }) => {
  await serveApi(page, scene('brokers').api);
  for (const [name, text] of [
    ['permissions', /DescribeConfigs/],
    ['clusters', /last stable offset/],
  ] as const) {
    await page.goto(`/manual/${name}`);
    await expect(page.getByText(text).first()).toBeVisible();
    await expectGoodLooks(page);
  }
});

/** At shares of the plot's width: how high the line is drawn there, as a share of the plot's height; null where nothing is. */
async function drawnHeights(canvas: Locator, over: Locator, shares: number[]): Promise<(number | null)[]> {
  const handle = await over.elementHandle();
  return canvas.evaluate(
    (element, { plot, at }) => {
      const drawing = element as HTMLCanvasElement;
      const frame = drawing.getBoundingClientRect();
      const area = (plot as HTMLElement).getBoundingClientRect();
      const scale = drawing.width / frame.width;
      const context = drawing.getContext('2d') as CanvasRenderingContext2D;
      const left = Math.round((area.left - frame.left) * scale);
      const top = Math.round((area.top - frame.top) * scale);
      const height = Math.round(area.height * scale);
      // A line that begins or ends here may be drawn on one side only.
      return at.map((share) => {
        const x = left + Math.round(share * area.width * scale) - 1;
        const { data } = context.getImageData(x, top, 3, height);
        // The line is the accent: blue by far. The area below is a tenth of it, the grid is grey.
        for (let pixel = 0; pixel < 3 * height; pixel++) {
          const [red = 0, , blue = 0, alpha = 0] = data.subarray(pixel * 4, pixel * 4 + 4);
          if (alpha > 150 && blue - red > 80) return 1 - Math.floor(pixel / 3) / height;
        }
        return null;
      });
    },
    { plot: handle, at: shares },
  );
}
