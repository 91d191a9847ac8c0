import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import {
  restAlteredMirrors,
  restClusterList,
  restError,
  restLink,
  restLinkConfigList,
  restLinkList,
  restMirror,
  restMirrorList,
} from '@/lib/contracts/kafka-rest';
import { listAudit } from '@/server/store/audit';
import { snapshotOf } from '@/server/testing/snapshots';
import { type Call, requestOf, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  for (const name of ['west', 'east']) {
    const config = { name, bootstrapServers: [`${name}:9092`], security: { protocol: 'PLAINTEXT' as const } };
    await server.runtime.clusters.add({ kind: 'system' }, config);
    await server.runtime.prober.probe(config);
  }
});
afterEach(() => server.close());

async function call(method: string, path: string, body?: unknown, headers?: Call['headers']) {
  const request = requestOf(`/kafka/v3${path}`, { method, body, ...(headers ? { headers } : {}) });
  const response = await rest.GET(request);
  const text = await response.text();
  return { status: response.status, text, json: text === '' ? null : JSON.parse(text) };
}

const east = '/clusters/id-of-east';
const bySourceId = {
  source_cluster_id: 'id-of-west',
  configs: [{ name: 'source.range.lost', value: 'stop' }],
};
const createLink = (query = '', body: unknown = bySourceId) =>
  call('POST', `${east}/links?link_name=orders-link${query}`, body);
const createMirror = (topic: string, query = '') =>
  call('POST', `${east}/links/orders-link/mirrors${query}`, { source_topic_name: topic });

function expectShape<T>(schema: z.ZodType<T>, json: unknown): T {
  // Strict in effect: what the schema does not name would be missing from the parsed value.
  const parsed = schema.parse(json);
  expect(parsed).toEqual(json);
  return parsed;
}

describe('clusters of the REST API', () => {
  it('are listed by the id that Kafka reports, with links that hold the asked host', async () => {
    const { json } = await call('GET', '/clusters');
    const list = expectShape(restClusterList, json);
    expect(list.data.map((cluster) => cluster.cluster_id)).toEqual(['id-of-east', 'id-of-west']);
    expect(list.data[0]?.metadata).toEqual({
      self: 'http://127.0.0.1:3000/kafka/v3/clusters/id-of-east',
      resource_name: 'crn:///kafka=id-of-east',
    });
    expect((await call('GET', east)).status).toBe(200);
  });
});

describe('links of the REST API', () => {
  it('are created from a registered source, listed, shown and deleted', async () => {
    expect(await createLink()).toMatchObject({ status: 204, text: '' });
    const [link] = expectShape(restLinkList, (await call('GET', `${east}/links`)).json).data;
    expect(link).toMatchObject({
      link_name: 'orders-link',
      source_cluster_id: 'id-of-west',
      topic_names: [],
    });
    expect(link?.cluster_link_id).toMatch(/^[\w-]{22}$/);
    const shown = await call('GET', `${east}/links/orders-link?include_tasks=true`);
    expect(expectShape(restLink, shown.json).tasks).toHaveLength(4);
    expect((await call('DELETE', `${east}/links/orders-link?validate_only=true`)).status).toBe(200);
    expect(server.runtime.catalog.links).toHaveLength(1);
    expect((await call('DELETE', `${east}/links/orders-link`)).status).toBe(200);
    expect((await call('GET', `${east}/links/orders-link`)).status).toBe(404);
  });

  it('register a source that is given by address, together with the link or not at all', async () => {
    server.engine.answers.checkLink = ({ source, destination }) => ({
      ok: true,
      error: 'NO_ERROR',
      source: [],
      destination: [],
      sourceClusterId: `id-of-${source.bootstrapServers[0]}`,
      destinationClusterId: `id-of-${destination.name}`,
    });
    const jaas = (password: string) => ({
      name: 'sasl.jaas.config',
      value: `org.apache.kafka.common.security.plain.PlainLoginModule required username="lb" password='${password}';`,
    });
    const body = {
      configs: [
        { name: 'bootstrap.servers', value: 'north:9092, north-2:9092' },
        { name: 'security.protocol', value: 'SASL_PLAINTEXT' },
        { name: 'sasl.mechanism', value: 'PLAIN' },
        jaas("it\\'s s3cret"),
        { name: 'acl.sync.enable', value: 'false' },
        { name: 'consumer.offset.sync.ms', value: '30000' },
      ],
    };
    expect((await createLink('&validate_only=true', body)).status).toBe(204);
    expect((await createLink('', { ...body, source_cluster_id: 'another' })).json).toMatchObject({
      error_code: 40002,
    });
    expect(server.runtime.catalog.clusters).toHaveLength(2);
    expect((await createLink('', body)).status).toBe(204);
    expect(server.runtime.catalog.cluster('orders-link-source').config).toEqual({
      name: 'orders-link-source',
      bootstrapServers: ['north:9092', 'north-2:9092'],
      security: {
        protocol: 'SASL_PLAINTEXT',
        sasl: { mechanism: 'PLAIN', username: 'lb', password: "it's s3cret" },
      },
    });
    expect(JSON.stringify(await listAudit(server.runtime.store.db, 20))).not.toContain('s3cret');
    const configs = await call('GET', `${east}/links/orders-link/configs`);
    expect(configs.text).not.toContain('s3cret');
  });

  it('refuse configs that would be ignored, by name and without their value', async () => {
    const refused = async (name: string, value: string) =>
      (await createLink('', { source_cluster_id: 'id-of-west', configs: [{ name, value }] })).json.message;
    expect(await refused('acl.filters', '{')).toContain('This is not JSON');
    expect(await refused('no.such.key', '1')).toContain('no.such.key is not a setting');
    expect(await refused('client.rack', 'r\u0000')).toContain('client.rack');
    expect(await refused('topic.config.sync.include', 'retention.ms')).toContain('mirroring itself rules it');
    expect(await refused('link.memory.bytes', 'much')).toContain('link.memory.bytes');
    expect(await refused('sasl.jaas.config', 'password="s3cret"')).not.toContain('s3cret');
  });

  it('have configs that can be listed, set, reset and altered together', async () => {
    await createLink();
    const configs = `${east}/links/orders-link/configs`;
    const list = expectShape(restLinkConfigList, (await call('GET', configs)).json);
    expect(list.data.find(({ name }) => name === 'source.range.lost')).toMatchObject({
      value: 'stop',
      is_default: false,
    });
    expect((await call('PUT', `${configs}/link.throttle.bytes.per.second`, { value: '5000' })).status).toBe(
      204,
    );
    expect((await call('PUT', `${configs}/client.rack`, { value: 'euw1-az2' })).status).toBe(204);
    expect((await call('GET', `${configs}/client.rack`)).json).toMatchObject({ value: 'euw1-az2' });
    expect((await call('DELETE', `${configs}/source.range.lost`)).status).toBe(204);
    const alter = { data: [{ name: 'metadata.max.age.ms', value: '2000' }], validate_only: true };
    expect((await call('PUT', `${configs}:alter`, alter)).status).toBe(204);
    const { settings } = server.runtime.catalog.link('east', 'orders-link');
    expect(settings).toMatchObject({
      'link.throttle.bytes.per.second': 5000,
      'client.rack': 'euw1-az2',
      'source.range.lost': 'follow',
      'metadata.max.age.ms': 10_000,
    });
    expect((await call('PUT', `${configs}/bootstrap.servers`, { value: 'x:1' })).json).toMatchObject({
      error_code: 400,
    });
  });
});

describe('mirrors of the REST API', () => {
  beforeEach(async () => {
    await createLink();
  });

  it('are created, listed and shown with exact 64-bit lags as raw integers', async () => {
    expect((await createMirror('orders', '?validate_only=true')).status).toBe(204);
    expect((await call('GET', `${east}/links/orders-link/mirrors`)).json.data).toEqual([]);
    expect((await createMirror('orders')).status).toBe(204);
    const renamed = {
      source_topic_name: 'clicks',
      mirror_topic_name: 'west-clicks',
      replication_factor: 3,
      configs: [{ name: 'segment.ms', value: '60000' }],
    };
    expect((await call('POST', `${east}/links/orders-link/mirrors`, renamed)).status).toBe(204);
    expect(server.engine.desired[0]?.mirrors).toMatchObject([
      { topic: 'orders' },
      {
        topic: 'west-clicks',
        sourceTopic: 'clicks',
        options: { replicationFactor: 3, configs: { 'segment.ms': '60000' } },
      },
    ]);
    const huge = 9_007_199_254_740_993n;
    const id = server.runtime.catalog.links[0]?.id ?? '';
    const numbers = [{ stable: huge, end: huge - 1n }, { stable: -1n }];
    const mirrors = [
      { topic: 'orders', error: 'UNEXPECTED_WRITE' as const, state: 'FAILED' as const, numbers },
    ];
    server.engine.say(snapshotOf(Date.now(), [{ id, mirrors }]));
    const one = await call('GET', `${east}/links/orders-link/mirrors/orders`);
    expect(one.text).toContain(
      '"mirror_lags":[{"partition":0,"lag":1,"last_source_fetch_offset":9007199254740992}]',
    );
    // JSON.parse would round the offset, so the shapes are checked on small ones.
    const small = { ...mirrors[0], topic: 'orders', numbers: [{ stable: 5n, end: 3n }, { stable: -1n }] };
    server.engine.say(snapshotOf(Date.now() + 1, [{ id, mirrors: [small] }]));
    const again = await call('GET', `${east}/links/orders-link/mirrors/orders`);
    expect(expectShape(restMirror, again.json)).toMatchObject({
      mirror_lags: [{ partition: 0, lag: 2, last_source_fetch_offset: 3 }],
      num_partitions: 2,
      mirror_status: 'FAILED',
      mirror_topic_error: 'ILLEGAL_STATE',
    });
    const all = expectShape(
      restMirrorList,
      (await call('GET', `${east}/links/-/mirrors?mirror_status=FAILED`)).json,
    );
    expect(all.data.map((mirror) => mirror.mirror_topic_name)).toEqual(['orders']);
  });

  it('are paused and resumed by name or pattern, in both spellings of the colon', async () => {
    await createMirror('orders');
    await createMirror('clicks');
    const paused = () =>
      server.engine.desired[0]?.mirrors.filter((mirror) => mirror.paused).map((m) => m.topic);
    const body = { mirror_topic_names: ['orders', 'nothing'] };
    const { json } = await call('POST', `${east}/links/orders-link/mirrors:pause`, body);
    const rows = expectShape(restAlteredMirrors, json).data;
    expect(rows.map((row) => [row.mirror_topic_name, row.error_code])).toEqual([
      ['orders', null],
      ['nothing', 40403],
    ]);
    expect(paused()).toEqual(['orders']);
    await call('POST', `${east}/links/orders-link/mirrors%3Apause`, { mirror_topic_name_pattern: 'cl.*' });
    expect(paused()).toEqual(['clicks', 'orders']);
    await call('POST', `${east}/links/orders-link/mirrors:resume`, { mirror_topic_name_pattern: '.*' });
    expect(paused()).toEqual([]);
  });
});

describe('errors of the REST API', () => {
  const codes = async (answer: ReturnType<typeof call>) => {
    const { status, json } = await answer;
    return [status, expectShape(restError, json).error_code];
  };

  it('have Confluent’s shape and codes', async () => {
    expect(await codes(call('GET', '/nothing'))).toEqual([404, 404]);
    expect(await codes(call('GET', '/clusters/%E0%A4%A'))).toEqual([404, 404]);
    expect(await codes(call('PUT', '/clusters', {}))).toEqual([405, 405]);
    expect(await codes(call('GET', '/clusters/unknown/links'))).toEqual([404, 404]);
    expect(await codes(call('POST', `${east}/links?link_name=x`, '{'))).toEqual([400, 400]);
    expect(await codes(call('POST', `${east}/links`, {}))).toEqual([400, 400]);
    await createLink();
    expect(await codes(createLink())).toEqual([400, 40002]);
    expect(await codes(call('GET', `${east}/links/orders-link/mirrors/x`))).toEqual([404, 40403]);
  });

  it('ask for the key where one is set, also for reading', async () => {
    await server.close();
    server = await startTestServer({ apiKey: { key: 'robot', secret: 'right' } });
    const host = '127.0.0.1:3000';
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(await codes(call('GET', '/clusters', undefined, { host }))).toEqual([401, 40101]);
    expect(
      await codes(call('GET', '/clusters', undefined, { host, authorization: basic('robot:wrong') })),
    ).toEqual([401, 40101]);
    expect(
      (await call('GET', '/clusters', undefined, { host, authorization: basic('robot:right') })).status,
    ).toBe(200);
    expect(await codes(call('GET', '/clusters', undefined, { host: 'evil:3000' }))).toEqual([403, 40301]);
  });
});
