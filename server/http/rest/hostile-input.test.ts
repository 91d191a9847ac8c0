// Text made to keep a parser busy: each of these took minutes, or never ended, with a backtracking expression. That they end at
// all is what is tested; the time limit of a test only guards against the hang.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import { consoleClusterSecurity } from '@/lib/contracts/cluster-security';
import { everywhere, keyWith } from '@/server/testing/actors';
import { requestOf, startTestServer, type TestServer } from '@/server/testing/test-server';
import { readJaas } from './jaas';
import { normalisedPem } from './pem';

const MIB = 1_048_576;

describe('text that is made to be slow', () => {
  it('is read to its end in a JAAS entry', () => {
    const long = 'a'.repeat(MIB);
    expect(readJaas(`Plain required ${long};`)).toBeNull();
    expect(readJaas(`Plain required ${' '.repeat(MIB)}x;`)).toBeNull();
    expect(readJaas(`Plain required username="${long}";`)?.options.get('username')).toBe(long);
    expect(readJaas(`Plain required username="a"${' '.repeat(MIB)}; `)?.options.get('username')).toBe('a');
  });

  it('is given up in PEM text at the first block without an end', () => {
    const begins = '-----BEGIN CERTIFICATE-----\n'.repeat(18_000);
    expect(normalisedPem(begins)).toBe(begins);
    const security = { protocol: 'SSL', tls: { ca: begins } };
    expect(consoleClusterSecurity.safeParse(security).success).toBe(false);
  });
});

describe('requests made to be slow', () => {
  let server: TestServer;
  const call = async (method: string, path: string, body: unknown, headers?: Record<string, string>) => {
    const request = requestOf(`/kafka/v3/clusters/id-of-east${path}`, {
      method,
      body,
      ...(headers ? { headers: { host: '127.0.0.1:3000', ...headers } } : {}),
    });
    const response = await rest.GET(request);
    const text = await response.text();
    return { status: response.status, json: text === '' ? null : JSON.parse(text) };
  };
  const topic = 'a-'.repeat(120);

  beforeEach(async () => {
    server = await startTestServer();
    for (const name of ['west', 'east']) {
      const config = {
        name,
        bootstrapServers: [`${name}:9092`],
        security: { protocol: 'PLAINTEXT' as const },
      };
      await server.runtime.clusters.add({ kind: 'system' }, config);
      await server.runtime.prober.probe(config);
    }
    const created = await call('POST', '/links?link_name=orders', { source_cluster_id: 'id-of-west' });
    expect(created.status).toBe(204);
    expect((await call('POST', '/links/orders/mirrors', { source_topic_name: topic })).status).toBe(204);
  });
  afterEach(() => server.close());

  it.each(['([a-z0-9-]|[a-z0-9-])*!', '(a|a)*!', '.*.*.*.*.*.*.*.*!', '(a?-?){60}a{60}'])(
    'with the pattern %s of mirror names are answered',
    async (pattern) => {
      const { status, json } = await call('POST', '/links/orders/mirrors:pause', {
        mirror_topic_name_pattern: pattern,
      });
      expect(status).toBe(200);
      expect(json.data).toEqual([]);
    },
  );

  it('with a pattern beyond RE2, or too long, are refused by name', async () => {
    for (const pattern of ['(?=a)b', '(a)\\1', '((a{100}){100}){100}', 'a'.repeat(250)]) {
      const answer = await call('POST', '/links/orders/mirrors:pause', {
        mirror_topic_name_pattern: pattern,
      });
      expect(answer).toMatchObject({ status: 400, json: { error_code: 400 } });
      expect(answer.json.message).toContain('mirror_topic_name_pattern');
    }
  });

  it('with an address of a source are refused to an operator before anything of it is read', async () => {
    const { as } = await keyWith(server, everywhere('operator'));
    const configs = [
      { name: 'bootstrap.servers', value: 'x:1' },
      { name: 'sasl.jaas.config', value: 'not read' },
    ];
    const answer = await call('POST', '/links?link_name=x', { configs }, as);
    expect(answer).toMatchObject({ status: 403, json: { error_code: 40301 } });
  });

  it('with configs called after parts of every object are refused', async () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      const answer = await call('POST', '/links?link_name=x', {
        source_cluster_id: 'id-of-west',
        configs: [{ name, value: 'x' }],
      });
      expect(answer.status, name).toBe(400);
    }
  });
});
