// After a failover, with the real engine and two clusters: the statement of the loss, what has diverged saved and downloaded, failed back, and promoted
// back to where it was. About 40 s.
import { readFile } from 'node:fs/promises';
import { compareTopics } from '@/harness/compare';
import { produce } from '@/harness/produce';
import { createTopic, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { expectGoodLooks } from './support/looks';
import { expect, test } from './support/test';

const TOPIC = 'fb-orders';
const LINK = 'fb';
const WHY = 'The old site came back this morning.';

test('failover with a loss, failback, and back again', async ({
  page,
  request,
  baseURL,
  clusters,
  complaints,
}) => {
  test.setTimeout(300_000);
  const { source, destination } = clusters;
  const api = async (method: 'get' | 'post' | 'patch', path: string, data?: object) => {
    const answer = await request[method](`${baseURL}/api${path}`, {
      ...(data ? { data } : {}),
      headers: { origin: baseURL ?? '' },
    });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  };
  await createTopic({ bootstrap: source.bootstrap, topic: TOPIC, partitions: 2 });
  await produce({ bootstrap: source.bootstrap, records: { topic: TOPIC, count: 200 } });
  for (const [name, { bootstrap }] of [['fb-a', source] as const, ['fb-b', destination] as const])
    await api('post', '/clusters', { name, bootstrapServers: bootstrap.split(',') });
  await api('post', '/links', {
    ...{ name: LINK, source: 'fb-a', destination: 'fb-b', topics: [TOPIC] },
    settings: { 'metadata.max.age.ms': 1000 },
  });
  const mirror = `/links/fb-b/${LINK}/mirrors/${TOPIC}`;
  const stateOf = async (path: string): Promise<string> => (await api('get', path)).mirror.state;
  const holds = async (bootstrap: string, from: string) => {
    const [wanted, there] = await Promise.all([
      listOffsets({ bootstrap: from, topic: TOPIC, at: 'latest' }),
      listOffsets({ bootstrap, topic: TOPIC, at: 'latest' }),
    ]);
    return [...wanted].every(([partition, end]) => (there.get(partition) ?? 0n) >= end);
  };
  await waitFor('it mirrors', async () => (await stateOf(mirror)) === 'ACTIVE', { limitMs: 60_000 });
  await waitFor('the mirror has it all', () => holds(destination.bootstrap, source.bootstrap), {
    limitMs: 60_000,
  });

  // What the source takes while the link stands still is lost with it.
  await api('patch', `/links/fb-b/${LINK}`, { 'cluster.link.paused': true });
  await waitFor('the link stands', async () => (await stateOf(mirror)) === 'LINK_PAUSED', {
    limitMs: 60_000,
  });
  await produce({ bootstrap: source.bootstrap, records: { topic: TOPIC, count: 30, seed: 5, headers: 1 } });
  const failover = { kind: 'FAILOVER', topics: [TOPIC], reason: 'The old site is gone for now.' };
  const started = await api('post', `/links/fb-b/${LINK}/operations`, failover);
  await page.goto(`/links/fb-b/${LINK}/operations/${started.plans[0].operationId}`);
  await expect(page.getByRole('heading', { name: 'Statement' })).toBeVisible({ timeout: 60_000 });
  await produce({ bootstrap: destination.bootstrap, records: { topic: TOPIC, count: 40, seed: 6 } });
  await api('patch', `/links/fb-b/${LINK}`, { 'cluster.link.paused': false });

  await page.goto(mirror);
  await page.getByRole('link', { name: 'Fail back…' }).click();
  await expect(page.getByText('30 records stand on fb-a only.')).toBeVisible({ timeout: 60_000 });
  await expectGoodLooks(page);
  await page.getByRole('button', { name: 'Fail back…' }).click();
  await expect(page.getByLabel('Why now')).toHaveAccessibleDescription(/at least 10 characters/);
  await page.getByLabel('Why now').fill(WHY);
  await page.getByLabel(/Copy what has diverged/).check();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download what has diverged' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(30);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ partition: 0, offset: expect.any(String) });
  await page.getByRole('button', { name: 'Fail back…' }).click();
  await page.getByLabel(`Type ${TOPIC} to confirm`).fill(TOPIC);
  await page.getByRole('dialog').getByRole('button', { name: 'Fail back' }).click();
  await expect(page).toHaveURL(new RegExp(`/links/fb-a/${LINK}/operations/`), { timeout: 60_000 });
  await expect(page.getByText(/Failed back: 2 partitions/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByText(/30 records were saved in fb-orders\.diverged-/)).toBeVisible();
  await expectGoodLooks(page);
  await waitFor('A holds all of B', () => holds(source.bootstrap, destination.bootstrap), {
    limitMs: 60_000,
  });
  const sides = {
    source: { bootstrap: destination.bootstrap, topic: TOPIC },
    mirror: { bootstrap: source.bootstrap, topic: TOPIC },
  };
  expect((await compareTopics(sides)).records).toBe(240);

  // And back: the old primary leads again.
  const promote = { kind: 'PROMOTE', topics: [TOPIC], reason: 'Everything is back on the old site.' };
  await api('post', `/links/fb-a/${LINK}/operations`, promote);
  const back = `/links/fb-a/${LINK}/mirrors/${TOPIC}`;
  await waitFor('it is promoted', async () => (await stateOf(back)) === 'STOPPED', { limitMs: 60_000 });
  await page.goto(back);
  await expect(page.getByText(/An ordinary topic since/)).toBeVisible();
  expect(complaints).toEqual([]);
});
