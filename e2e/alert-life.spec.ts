// AN ALERT'S LIFE in the built product, with a real consumer group that falls behind: rule and channels set by people, raised, told by webhook and
// e-mail, acknowledged, the server killed and started again, mended, cleared, history. Each message once. About 100 s.
import type { APIRequestContext, Page } from '@playwright/test';
import { produce } from '@/harness/produce';
import { commitGroupOffsets, createTopic, deleteTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { alertDetail, alertPage } from '@/lib/contracts/monitoring/alerts';
import { deliveryPage } from '@/lib/contracts/monitoring/deliveries';
import { groupDetail } from '@/lib/contracts/monitoring/groups';
import { mailReceiver, webhookReceiver } from './support/alert-receivers';
import { expectGoodLooks } from './support/looks';
import { expect, test } from './support/test';

const CLUSTER = 'alerted';
const TOPIC = 'alerted.tills';
const GROUP = 'billing';
const RULE = 'group.lag-seconds';
const SECRET = 'a secret of the ticket system';
const TOKEN = 'token-of-the-ticket-system';
const MAIL_PASSWORD = 'a password of the mail server';
const WHY = 'The nightly job catches up, ticket 4711.';
/** Sweeps and looks of rules are ten seconds apart. */
const SOON = { timeout: 120_000 };
const LIMIT = { limitMs: 120_000 };

test('an alert is raised, seen, told, acknowledged, survives a kill, and is cleared by mending its cause', async ({
  page,
  request,
  baseURL,
  product,
  clusters,
  complaints,
}) => {
  test.setTimeout(600_000);
  const { bootstrap } = clusters.source;
  const api = apiOf(request, baseURL ?? '');
  // The first attempt fails, and says the address with the token.
  const hook = await webhookReceiver(SECRET, (_, before) => (before.length === 0 ? 500 : 204));
  const mail = await mailReceiver(MAIL_PASSWORD);
  try {
    await createTopic({ bootstrap, topic: TOPIC, partitions: 1 });
    await produce({ bootstrap, records: { topic: TOPIC, count: 100 } });
    await commitGroupOffsets({ bootstrap, topic: TOPIC, group: GROUP, offsets: new Map([[0, 40n]]) });
    await api('post', '/clusters', { name: CLUSTER, bootstrapServers: bootstrap.split(',') });

    await addWebhook(page, `${hook.url}/alerts?token=${TOKEN}`);
    await api('post', '/health/channels', {
      ...{ kind: 'email', name: 'Team', host: '127.0.0.1', port: mail.port, security: 'starttls' },
      ...{ user: 'landbridge', password: MAIL_PASSWORD, ca: mail.caPem },
      ...{ from: 'landbridge@example.com', to: ['ops@example.com'] },
    });
    const { channels } = await api('get', '/health/channels');
    const matchers = [{ label: 'cluster', op: 'is', value: CLUSTER }];
    const route = { id: 'r1', matchers, atLeast: 'ERROR', channels: channels.map(({ id }) => id) };
    await api('put', '/health/routes', { routes: [route] });
    // A sweep between the two limits would make a warning of it first.
    const behindSeconds = async () => {
      const answer = await request.get(`${baseURL}/api/clusters/${CLUSTER}/observed/groups/${GROUP}`);
      return answer.ok() ? (groupDetail.parse(await answer.json()).row.maxLagSeconds ?? 0) : 0;
    };
    await waitFor('a sweep that sees it beyond both limits', async () => (await behindSeconds()) > 5, LIMIT);
    await setThreshold(page);

    await page.goto('/health');
    const open = page.getByRole('list', { name: 'Open alerts, gravest first' });
    const row = open.getByRole('listitem').filter({ hasText: 'Consumer group is behind' });
    await expect(row).toContainText(`Group ${GROUP} on cluster ${CLUSTER} is`, SOON);
    await expect(row).toContainText('5 s is the limit.');
    await expect(row).toContainText('Error');
    await row.getByRole('link', { name: 'Consumer group is behind' }).click();

    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Consumer group is behind');
    const chart = page.getByRole('region', { name: 'Around the moment' });
    await expect(chart).toContainText('limit 5 s', SOON);
    await expect(chart).toContainText(/lowest \d+(\.\d+)? (s|min)/);
    await expect(page.getByRole('region', { name: 'First steps' })).toContainText(
      'One partition or all? One: a slow key or message.',
    );
    const alert = page.url().split('/').at(-1) ?? '';

    await waitFor('the webhook to take it', () => hook.taken().length > 0, LIMIT);
    await waitFor('the mail to come', () => mail.mails.length > 0, LIMIT);
    await page.getByRole('button', { name: 'Acknowledge…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Acknowledge the alert' });
    await dialog.getByLabel('What is done about it').fill(WHY);
    await dialog.getByRole('button', { name: 'Acknowledge' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('region', { name: 'Timeline' })).toContainText(
      `Acknowledged by admin: ${WHY}`,
    );
    await expectGoodLooks(page);

    await product.kill();
    await product.launch();
    const openAlerts = async () =>
      alertPage.parse(await api('get', `/health/alerts?rule=${RULE}&cluster=${CLUSTER}`)).alerts;
    await waitFor('the alert to be judged again', async () => (await openAlerts())[0]?.known === true, LIMIT);
    const seenAgainAt = await judgedAt(api);
    await waitFor('another look of the rules', async () => (await judgedAt(api)) > seenAgainAt, LIMIT);
    expect(await openAlerts()).toMatchObject([
      { id: alert, status: 'RAISED', known: true, acknowledged: { by: 'admin', why: WHY } },
    ]);
    expect(hook.taken()).toHaveLength(1);
    expect(mail.mails).toHaveLength(1);

    await commitGroupOffsets({ bootstrap, topic: TOPIC, group: GROUP, offsets: new Map([[0, 100n]]) });
    await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('Cleared', SOON);
    await expect(page.getByRole('region', { name: 'The alert in numbers' })).toContainText(
      'The condition ended.',
    );
    await page.goto('/health?status=CLEARED');
    const history = page.getByRole('list', { name: 'Cleared alerts, latest first' }).getByRole('listitem');
    const over = history.filter({ hasText: `Group ${GROUP} on cluster ${CLUSTER}` });
    await expect(over).toHaveCount(1);
    await expect(over).toContainText('over after');

    await waitFor('the webhook to be told that it is over', () => hook.taken().length > 1, LIMIT);
    await waitFor('the mail that it is over', () => mail.mails.length > 1, LIMIT);
    const { changes } = alertDetail.parse(await api('get', `/health/alerts/${alert}`));
    expect(changes.map(({ kind }) => kind)).toEqual(['RAISED', 'ACKNOWLEDGED', 'CLEARED']);

    expect(hook.all.every(({ signed }) => signed)).toBe(true);
    expect(hook.all[0]).toMatchObject({ status: 500, delivery: hook.all[1]?.delivery });
    const told = hook.taken().map(({ message, path }) => ({ ...message, path }));
    const same = { id: alert, rule_id: RULE, title: 'Consumer group is behind', severity: 'ERROR' };
    const path = `/alerts?token=${TOKEN}`;
    const words = `^Group ${GROUP} on cluster ${CLUSTER} is [0-9.]+ (s|min)( [0-9]+ s)? behind; 5 s is the limit\\.$`;
    const message = expect.stringMatching(new RegExp(words));
    expect(told).toEqual([
      { ...same, status: 'RAISED', message, path, created_at: changes[0]?.at },
      { ...same, status: 'CLEAR', message, path, created_at: expect.any(Number) },
    ]);
    expect(Math.abs((told[1]?.created_at ?? 0) - (changes[2]?.at ?? 0))).toBeLessThan(5_000);

    const sentOnce = { to: ['ops@example.com'], user: 'landbridge', encrypted: true };
    expect(mail.mails).toMatchObject([sentOnce, sentOnce]);
    const [raised = '', cleared = ''] = mail.mails.map(({ text }) => text.replaceAll('=\r\n', ''));
    const about = `Consumer group is behind (${CLUSTER}, ${GROUP})`;
    expect(raised).toContain(`Subject: ERROR: ${about}`);
    expect(raised).toContain('3. A group that may be this late gets other thresholds, or a silence.');
    expect(raised).toContain(`${product.url}/health/alerts/${alert}`);
    expect(cleared).toContain(`Subject: CLEARED: ${about}`);
    expect(cleared).toContain(`In-Reply-To: <${alert}@example.com>`);

    await page.goto('/health/deliveries');
    await expect(page.getByRole('list', { name: 'Messages', exact: true }).getByRole('listitem')).toHaveCount(
      4,
    );
    const deliveries = async () => deliveryPage.parse(await api('get', '/health/deliveries'));
    // Whoever is told knows it before the one who tells has written that down.
    const written = async () => (await deliveries()).deliveries.every(({ state }) => state === 'DELIVERED');
    await waitFor('the last messages to be noted as delivered', written, LIMIT);
    const log = await deliveries();
    expect(log.deliveries.map(({ state, kind }) => `${state} ${kind}`).sort()).toEqual([
      ...['DELIVERED CLEAR', 'DELIVERED CLEAR', 'DELIVERED RAISED', 'DELIVERED RAISED'],
    ]);
    const shown = `${JSON.stringify(log)} ${await page.content()} ${product.output}`;
    for (const secret of [TOKEN, SECRET, MAIL_PASSWORD]) expect(shown).not.toContain(secret);
    expect(complaints).toEqual([]);
  } finally {
    await api('put', '/health/routes', { routes: [] });
    const { channels } = await api('get', '/health/channels');
    for (const { id } of channels) await api('delete', `/health/channels/${id}`);
    await api('put', '/health/overrides', { rule: RULE, scope: { kind: 'cluster', cluster: CLUSTER } });
    await api('delete', `/clusters/${CLUSTER}`);
    await deleteTopic({ bootstrap, topic: TOPIC });
    await Promise.all([hook.close(), mail.close()]);
  }
});

type Api = (
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  data?: object,
) => Promise<{ channels: { id: string }[] }>;

const apiOf =
  (request: APIRequestContext, origin: string): Api =>
  async (method, path, data) => {
    const answer = await request[method](`${origin}/api${path}`, {
      ...(data ? { data } : {}),
      headers: { origin },
    });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return (await answer.text()) === '' ? {} : answer.json();
  };

const judgedAt = async (api: Api): Promise<number> => {
  const { at } = (await api('get', '/health/rules')) as unknown as { at: number | null };
  return at ?? 0;
};

async function addWebhook(page: Page, url: string): Promise<void> {
  await page.goto('/health/channels');
  await page.getByRole('button', { name: 'Add a channel' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a channel' });
  await dialog.getByLabel('Kind').selectOption('Webhook');
  await dialog.getByLabel('Name').fill('Ticket system');
  await dialog.getByLabel('Address').fill(url);
  await dialog.getByLabel('Secret').fill(SECRET);
  await dialog.getByRole('button', { name: 'Add channel' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Ticket system').first()).toBeVisible();
}

async function setThreshold(page: Page): Promise<void> {
  await page.goto(`/health/rules/${RULE}`);
  await page.getByRole('button', { name: 'Set for a cluster or link…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Consumer group is behind' });
  await dialog.getByLabel('Where').selectOption(`On cluster ${CLUSTER}`);
  await dialog.getByLabel('Warning at').fill('4 s');
  await dialog.getByLabel('Error at').fill('5 s');
  await dialog.getByLabel('Raised after').fill('0 s');
  await dialog.getByLabel('Cleared after').fill('0 s');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
}
