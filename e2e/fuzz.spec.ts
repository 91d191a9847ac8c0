// Both APIs under requests made from their own documents, with an administrator's key, on clusters to throw away: whatever is
// asked, the answer is JSON of the API's own shape, and never the server's fault.

import { randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { startCluster } from '@/harness/cluster';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { spellingsOf } from '@/server/access/scrub';
import { type FuzzRequest, type OpenApi, requestsOf } from './support/api-fuzz';
import { Product } from './support/product';
import type { Hint } from './support/schema-arbitrary';

const full = process.env.LANDBRIDGE_FULL === '1';
/** Per document; the 10,000 of the full run take about a minute. */
const requests = full ? 5_000 : 600;
const atOnce = 4;
/** Requests after which what others of them have deleted is put back. */
const restoredEvery = 100;
const seed = Number(process.env.LANDBRIDGE_FUZZ_SEED ?? 20_261_123);

/** Characters that look different in JSON, in a URL and in base64. */
const secretOf = (what: string) => `pl4nted "${what}"/+ ${randomBytes(9).toString('hex')}`;
/** Given to the built server in every way there is: none may stand in an answer, nor in what it prints. */
const secrets = {
  api: secretOf('api secret'),
  admin: secretOf('admin password'),
  key: randomBytes(32).toString('base64'),
  cluster: secretOf('cluster password'),
  next: secretOf('new password'),
  tested: secretOf('tested password'),
  mistyped: secretOf('mistyped secret'),
};
const key = { id: 'fuzz', secret: secrets.api };
const authorization = `Basic ${Buffer.from(`${key.id}:${key.secret}`).toString('base64')}`;
const topics = ['orders', 'payments', 'clicks'];

type Seen = { status: number; contentType: string; text: string; request: FuzzRequest };

test('requests made from the documents get JSON, and never a 5xx', async () => {
  test.setTimeout(30 * 60_000);
  const [west, east] = await Promise.all([startCluster({ name: 'west' }), startCluster({ name: 'east' })]);
  const product = await Product.start({
    LANDBRIDGE_API_KEY: key.id,
    LANDBRIDGE_API_SECRET: key.secret,
    LANDBRIDGE_KEEP_BOOTSTRAP_KEY: '1',
    LANDBRIDGE_REQUESTS_PER_SECOND: '1000000',
    LANDBRIDGE_ADMIN_PASSWORD: secrets.admin,
    LANDBRIDGE_SECRET_KEY: secrets.key,
    LANDBRIDGE_SECRET_KEY_FILE: '',
    LANDBRIDGE_DEBUG: '1',
  });
  try {
    await Promise.all(
      topics.map((topic) => createTopic({ bootstrap: west.bootstrap, topic, partitions: 2 })),
    );
    await register(product, { west: west.bootstrap, east: east.bootstrap });
    const names = ['west', 'east', 'north'];
    const known: Record<string, unknown[]> = {
      name: ['west', 'east', 'link-1', 'link-2', 'link-3', 'north'],
      source: ['west', 'north'],
      destination: ['east', 'east', 'north'],
      cluster: names,
      cluster_id: [east.clusterId, east.clusterId, west.clusterId],
      source_cluster_id: [west.clusterId],
      link_name: ['link-1', 'link-2', 'link-3'],
      topic: topics,
      topics: [topics, ['orders'], ['clicks', 'payments']],
      source_topic_name: topics,
      mirror_topic_name: topics,
      mirror_topic_names: [topics, ['orders']],
      config_name: ['availability.check.ms', 'source.range.lost', 'link.memory.bytes'],
      bootstrapServers: [[west.bootstrap], [east.bootstrap]],
      security: [{ protocol: 'PLAINTEXT' }],
      remote_cluster_id: [undefined],
      destination_cluster_id: [undefined],
      cluster_link_id: [undefined],
      replicationFactor: [null, 1],
      replication_factor: [1],
    };
    const hint: Hint = (property) => {
      const values = known[property];
      return values ? fc.constantFrom(...values) : null;
    };
    const seen: Seen[] = [];
    for (const path of ['/api/openapi.json', '/kafka/v3/openapi.json']) {
      const document = (await (await ask(product, 'GET', path, null)).json()) as OpenApi;
      const arbitraries = requestsOf(document, hint);
      const each = Math.ceil(requests / arbitraries.length);
      const plan = fc.sample(fc.tuple(...arbitraries), { numRuns: each, seed }).flat();
      for (let at = 0; at < plan.length; at += restoredEvery) {
        seen.push(...(await runAll(product, plan.slice(at, at + restoredEvery))));
        await register(product, { west: west.bootstrap, east: east.bootstrap });
      }
    }
    const said = await plant(product);
    judge(seen);
    expectNoSecretIn([...seen.map(({ text }) => text), ...said, product.output]);
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
  } finally {
    await product.dispose();
    await Promise.all([west.stop(), east.stop()]);
  }
});

function ask(product: Product, method: string, path: string, body: string | null): Promise<Response> {
  return fetch(product.url + path, {
    method,
    headers: { authorization, ...(body === null ? {} : { 'content-type': 'application/json' }) },
    ...(body === null ? {} : { body }),
    redirect: 'manual',
  });
}

/** Some requests delete clusters and links: they are put back, so that there is something to act on. */
async function register(product: Product, clusters: Record<string, string>): Promise<void> {
  for (const [name, bootstrap] of Object.entries(clusters)) {
    const config = { bootstrapServers: [bootstrap], security: { protocol: 'PLAINTEXT' } };
    const response = await ask(product, 'POST', '/api/clusters', JSON.stringify({ name, ...config }));
    expect([201, 409], await response.text()).toContain(response.status);
    if (response.status !== 409) continue;
    // Another request may have led it elsewhere.
    const put = await ask(product, 'PUT', `/api/clusters/${name}`, JSON.stringify(config));
    expect(put.status, await put.text()).toBe(200);
  }
  await waitFor('the ids of the clusters', async () => {
    const list = await (await ask(product, 'GET', '/kafka/v3/clusters', null)).json();
    return list.data.length >= 2;
  });
  for (const [name, mirrored] of [
    ['link-1', ['orders', 'payments']],
    ['link-2', ['clicks']],
  ] as const) {
    const body = JSON.stringify({ name, source: 'west', destination: 'east', topics: mirrored });
    // What stands in the way may be anything that another request has made; which it is, is not this test's business.
    const response = await ask(product, 'POST', '/api/links', body);
    expect(response.status, await response.text()).toBeLessThan(500);
  }
}

/** Secrets where they belong, where they are wrong, and where they are a mistake. @returns what was answered, with headers */
async function plant(product: Product): Promise<string[]> {
  const said: string[] = [];
  const say = async (method: string, path: string, body?: unknown) => {
    const response = await ask(product, method, path, body === undefined ? null : JSON.stringify(body));
    said.push(`${JSON.stringify([...response.headers])} ${await response.text()}`);
    return response.status;
  };
  const cluster = (password: string, name = 'planted') => ({
    ...{ name, bootstrapServers: ['127.0.0.1:1'] },
    security: { protocol: 'SASL_PLAINTEXT', sasl: { mechanism: 'PLAIN', username: 'planted', password } },
  });
  expect(await say('POST', '/api/clusters', cluster(secrets.cluster))).toBe(201);
  expect(await say('PATCH', '/api/clusters/planted', { password: secrets.next })).toBeGreaterThanOrEqual(400);
  await say('POST', '/api/clusters/test', cluster(secrets.tested, 'tested'));
  await say('POST', '/api/clusters/planted/probe', {});
  for (const body of [{ ...cluster(''), pasword: secrets.mistyped }, cluster('', secrets.mistyped)])
    expect(await say('POST', '/api/clusters', body)).toBe(400);
  const wrong = { authorization: `Basic ${Buffer.from(`fuzz:${secrets.mistyped}`).toString('base64')}` };
  said.push(await (await fetch(`${product.url}/api/links`, { headers: wrong })).text());
  for (const path of ['/api/clusters', '/api/clusters/planted', '/api/keys', '/api/people', '/api/meta'])
    expect(await say('GET', path)).toBe(200);
  for (const format of ['jsonl', 'csv'])
    expect(await say('GET', `/api/audit/export?format=${format}`)).toBe(200);
  return said;
}

function expectNoSecretIn(texts: readonly string[]): void {
  expect(texts.some((text) => text.includes('planted'))).toBe(true);
  for (const [name, secret] of Object.entries(secrets))
    for (const spelling of spellingsOf(secret))
      expect(
        texts.filter((text) => text.includes(spelling)).map((text) => `${name} in ${text.slice(0, 200)}`),
      ).toEqual([]);
}

async function runAll(product: Product, plan: readonly FuzzRequest[]): Promise<Seen[]> {
  const seen: Seen[] = [];
  const queue = [...plan];
  const worker = async () => {
    for (let request = queue.pop(); request; request = queue.pop()) {
      const response = await ask(product, request.method, request.path, request.body);
      const text = await response.text();
      const contentType = response.headers.get('content-type') ?? '';
      seen.push({ status: response.status, contentType, text, request });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return seen;
}

/** What parsing refuses, and addresses that do not exist, never reached a handler; everything else did. */
function reachedHandler({ status, text }: Seen): boolean {
  if (status === 400) return !/"(code":"INVALID_REQUEST|error_code":400[,}])/.test(text);
  return ![401, 405, 413, 429].includes(status) && !text.includes('Check the address.');
}

function judge(seen: readonly Seen[]): void {
  const told = ({ request, status, text }: Seen) =>
    `${request.method} ${request.path.slice(0, 300)} ${request.body?.slice(0, 500) ?? ''} → ${status} ${text.slice(0, 300)}`;
  expect(seen.filter(({ status }) => status >= 500).map(told)).toEqual([]);
  expect(seen.filter(({ contentType }) => contentType.includes('html')).map(told)).toEqual([]);
  const wrongShape = seen.filter(({ status, text }) => status >= 400 && !/"(error_code|code)":/.test(text));
  expect(wrongShape.map(told)).toEqual([]);
  const share = (count: number) => Math.round((count / seen.length) * 1000) / 10;
  const reached = share(seen.filter(reachedHandler).length);
  const succeeded = share(seen.filter(({ status }) => status >= 200 && status < 300).length);
  console.log(
    `${seen.length} requests: ${reached} % reached a handler, ${succeeded} % were answered 2xx (seed ${seed}).`,
  );
  expect(reached).toBeGreaterThanOrEqual(60);
  expect(succeeded).toBeGreaterThanOrEqual(20);
}
