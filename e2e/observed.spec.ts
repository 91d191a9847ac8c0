// What the pages of a cluster say, compared with what its brokers say to Kafka's own client: topics, a group's lag, brokers, the quorum.
// Nothing is answered in the browser. About 40 s.
import type { Page } from '@playwright/test';
import type { KafkaCluster } from '@/harness/cluster';
import { produce } from '@/harness/produce';
import {
  commitGroupOffsets,
  createTopic,
  describeConfig,
  describeTopic,
  listGroupOffsets,
  listOffsets,
} from '@/harness/topics';
import { groupDigits } from '@/lib/format';
import { expect, test } from './support/test';

const CLUSTER = 'watched';
const TOPIC = 'observed.orders';
const GROUP = 'observed readers/eu';
const SWEPT = { timeout: 90_000 };

const rowCells = (page: Page, table: string, row: string | RegExp) =>
  page.getByRole('table', { name: table }).getByRole('row', { name: row }).getByRole('cell');
/** Of a row that is there. */
async function texts(page: Page, table: string, row: string | RegExp): Promise<string[]> {
  const cells = rowCells(page, table, row);
  await expect(cells.first()).toBeVisible(SWEPT);
  return cells.allTextContents();
}
const ends = async ({ bootstrap }: KafkaCluster, at: 'earliest' | 'latest') =>
  listOffsets({ bootstrap, topic: TOPIC, at });

test('pages of a cluster show what its brokers say', async ({
  page,
  request,
  baseURL,
  clusters,
  complaints,
}) => {
  test.setTimeout(300_000);
  const { source } = clusters;
  const { bootstrap } = source;
  await createTopic({ bootstrap, topic: TOPIC, partitions: 3, configs: { 'retention.ms': '86400000' } });
  await produce({ bootstrap, records: { topic: TOPIC, count: 1_200, keys: 50 } });
  await commitGroupOffsets({
    bootstrap,
    topic: TOPIC,
    group: GROUP,
    offsets: new Map([
      [0, 7n],
      [2, 11n],
    ]),
  });
  const headers = { origin: baseURL ?? '' };
  const added = await request.post('/api/clusters', {
    data: { name: CLUSTER, bootstrapServers: bootstrap.split(',') },
    headers,
  });
  expect(added.ok(), await added.text()).toBe(true);

  await page.goto(`/clusters/${CLUSTER}/topics?filter=${TOPIC}`);
  const row = page.getByRole('row', { name: TOPIC });
  await expect(row).toBeVisible(SWEPT);
  const [earliest, latest] = [await ends(source, 'earliest'), await ends(source, 'latest')];
  const sum = (offsets: Iterable<bigint>) => [...offsets].reduce((total, one) => total + one, 0n);
  expect(sum(latest.values())).toBe(1_200n);
  await expect(row).toContainText('In sync');
  await expect(row).toContainText(groupDigits(sum(latest.values()) - sum(earliest.values())), SWEPT);
  await expect(row).toContainText('1 d', SWEPT);

  await page.getByRole('link', { name: TOPIC }).click();
  const { partitions } = await describeTopic({ bootstrap, topic: TOPIC });
  for (const { partition, leader, replicas } of partitions) {
    const [status, led, held, start, stable, high] = await texts(
      page,
      `Partitions of ${TOPIC}`,
      new RegExp(`^${partition} `),
    );
    expect({ status, led, held, start, stable, high }).toEqual({
      status: 'In sync',
      led: String(leader),
      held: replicas.join(', '),
      start: groupDigits(earliest.get(partition) ?? -1n),
      stable: groupDigits(latest.get(partition) ?? -1n),
      high: groupDigits(latest.get(partition) ?? -1n),
    });
  }
  const configs = await describeConfig({ bootstrap, topic: TOPIC });
  const retention = rowCells(page, `Configs of ${TOPIC}`, /^retention\.ms/);
  await expect(retention.first()).toContainText(`${configs['retention.ms']} · 1 d`);
  await expect(retention.last()).toHaveText('this topic');
  const rows = Object.keys(configs).length + 1;
  await expect(page.getByRole('table', { name: `Configs of ${TOPIC}` })).toHaveAttribute(
    'aria-rowcount',
    `${rows}`,
  );

  const committed = (await listGroupOffsets({ bootstrap, group: GROUP }))[TOPIC] ?? {};
  await page.getByRole('link', { name: GROUP }).click();
  await expect(page.getByRole('heading', { name: GROUP })).toBeVisible();
  let lag = 0n;
  for (const [partition, { offset }] of Object.entries(committed)) {
    const end = latest.get(Number(partition)) ?? -1n;
    lag += end - offset;
    const place = new RegExp(`-${partition} `);
    const [messages, , , , commit, to] = await texts(page, `Partitions of ${GROUP}`, place);
    expect({ messages, commit, to }).toEqual({
      messages: groupDigits(end - offset),
      commit: groupDigits(offset),
      to: groupDigits(end),
    });
  }
  await expect(page.getByRole('region', { name: 'Figures' })).toContainText(groupDigits(lag));

  await page.goto(`/clusters/${CLUSTER}/brokers`);
  const [host] = bootstrap.split(',');
  await expect(page.getByRole('table', { name: `Brokers of ${CLUSTER}` })).toContainText(host ?? '', SWEPT);
  await page.goto(`/clusters/${CLUSTER}/quorum`);
  await expect(page.getByRole('table', { name: `Voters of ${CLUSTER}` })).toContainText('Leads', SWEPT);
  expect(complaints).toEqual([]);
  expect((await request.delete(`/api/clusters/${CLUSTER}`, { headers })).ok()).toBe(true);
});
