import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as clusterRoute from '@/app/api/clusters/[name]/route';
import * as clustersRoute from '@/app/api/clusters/route';
import * as testRoute from '@/app/api/clusters/test/route';
import type { ClusterConfig, ClusterProbe } from '@/lib/contracts/cluster';
import { probeOf } from '@/server/testing/engine-messages';
import { createLink, plain, post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
/** Which password the servers of "west" take; null: all. */
let accepted: string | null;
let asked: { servers: string[]; password: string | undefined }[];

const passwordOf = ({ security: { sasl } }: ClusterConfig) =>
  sasl && sasl.mechanism !== 'OAUTHBEARER' ? sasl.password : undefined;
const refusedProbe = (name: string): ClusterProbe => ({
  ...probeOf(name),
  reachable: false,
  clusterId: null,
  checks: [{ stage: 'SASL', status: 'FAILED', message: 'Invalid credentials.', durationMs: 1 }],
});

beforeEach(async () => {
  accepted = null;
  asked = [];
  server = await startTestServer();
  server.engine.answers.probeCluster = ({ cluster }) => {
    const password = passwordOf(cluster);
    asked.push({ servers: cluster.bootstrapServers, password });
    return accepted === null || password === accepted ? probeOf(cluster.name) : refusedProbe(cluster.name);
  };
  await callRoute(clustersRoute.POST, '/api/clusters', post(west));
  await callRoute(clustersRoute.POST, '/api/clusters', post(plain('east')));
  expect((await createLink()).status).toBe(201);
  asked = [];
});
afterEach(() => server.close());

const security = {
  protocol: 'SASL_PLAINTEXT',
  sasl: { mechanism: 'PLAIN', username: 'landbridge', password: 'old-s3cret' },
};
const west = { name: 'west', bootstrapServers: ['a.example.com:9092', 'b.example.com:9092'], security };
const call = (method: 'PATCH' | 'PUT', body?: unknown) =>
  callRoute(method === 'PUT' ? clusterRoute.PUT : clusterRoute.PATCH, '/api/clusters/west', {
    method,
    params: { name: 'west' },
    body,
  });
const stored = () => server.runtime.catalog.cluster('west').config;
const engineHas = () => server.engine.desired[0]?.source;

describe('new credentials of a cluster', () => {
  it('are tried at every bootstrap server, then used by the links and kept', async () => {
    accepted = 'new-s3cret';
    const { status, text } = await call('PATCH', { username: 'landbridge-2', password: 'new-s3cret' });
    expect(status).toBe(200);
    expect(text).toContain('landbridge-2');
    expect(text).not.toContain('s3cret');
    expect(asked.slice(0, 2).map(({ servers }) => servers)).toEqual([
      ['a.example.com:9092'],
      ['b.example.com:9092'],
    ]);
    expect(asked.slice(0, 2).every(({ password }) => password === 'new-s3cret')).toBe(true);
    const wanted = { username: 'landbridge-2', password: 'new-s3cret' };
    expect(stored().security.sasl).toMatchObject(wanted);
    expect(engineHas()?.security.sasl).toMatchObject(wanted);
    await server.restart();
    expect(stored().security.sasl).toMatchObject(wanted);
  });

  it('that do not work change nothing, and the answer says where and at which stage', async () => {
    accepted = 'old-s3cret';
    const { status, json } = await call('PATCH', { password: 'mistyped-s3cret' });
    expect(status).toBe(422);
    expect(json.code).toBe('CREDENTIALS_REFUSED');
    expect(json.message).toContain('a.example.com:9092: SASL: Invalid credentials.');
    expect(json.message).toContain('the old ones are still in use');
    expect(stored()).toEqual(west);
    expect(engineHas()).toEqual(west);
  });

  it('that lead to another cluster are not used', async () => {
    server.engine.answers.probeCluster = ({ cluster }) => ({
      ...probeOf(cluster.name),
      clusterId: cluster.bootstrapServers[0]?.startsWith('b.') ? 'another' : 'id-of-west',
    });
    const { status, json } = await call('PATCH', { password: 'new-s3cret' });
    expect(status).toBe(422);
    expect(json.message).toContain('b.example.com:9092: this is cluster another, and id-of-west is expected');
    expect(stored()).toEqual(west);
  });

  it('do not overwrite an edit that was made while they were tried', async () => {
    let release = () => {};
    const held = new Promise<void>((done) => {
      release = done;
    });
    server.engine.answers.probeCluster = async ({ cluster }) => {
      if (passwordOf(cluster) === 'new-s3cret') await held;
      return probeOf(cluster.name);
    };
    const change = call('PATCH', { password: 'new-s3cret' });
    const sasl = { ...security.sasl, password: 'edited-s3cret' };
    const edited = { bootstrapServers: ['c.example.com:9092'], security: { ...security, sasl } };
    expect((await call('PUT', edited)).status).toBe(200);
    release();
    expect(await change).toMatchObject({ status: 409, json: { code: 'CLUSTER_CHANGED' } });
    expect(stored()).toMatchObject(edited);
  });

  it('that arrive while an edit without secrets is written are not undone by it', async () => {
    const { clusters } = server.runtime;
    const untypedSecurity = {
      protocol: 'SASL_PLAINTEXT' as const,
      sasl: { mechanism: 'PLAIN' as const, username: 'landbridge' },
    };
    // Both are asked for before either is written: the second is worked out from what is no longer so.
    const rotated = clusters.update({ kind: 'system' }, 'west', {
      bootstrapServers: west.bootstrapServers,
      security: { ...untypedSecurity, sasl: { ...untypedSecurity.sasl, password: 'new-s3cret' } },
    });
    const stale = clusters.update({ kind: 'system' }, 'west', {
      bootstrapServers: west.bootstrapServers,
      security: untypedSecurity,
    });
    await rotated;
    await expect(stale).rejects.toMatchObject({ code: 'CLUSTER_CHANGED' });
    expect(passwordOf(stored())).toBe('new-s3cret');
  });

  it('are in the audit log by what they changed, not by what they are', async () => {
    expect((await call('PATCH', { username: 'landbridge-2', password: 'new-s3cret' })).status).toBe(200);
    const rows = await server.runtime.store.db
      .selectFrom('audit')
      .select(['kind', 'before', 'after', 'details'])
      .where('operation', '=', 'change credentials')
      .orderBy('seq')
      .execute();
    expect(rows.map(({ kind }) => kind)).toEqual(['INTENT', 'OUTCOME']);
    expect(JSON.parse(rows[0]!.before!).security.sasl).toMatchObject({
      username: 'landbridge',
      password: 'secret',
    });
    expect(JSON.parse(rows[0]!.after!).security.sasl).toMatchObject({
      username: 'landbridge-2',
      password: 'secret (changed)',
    });
    expect(JSON.parse(rows[0]!.details!)).toEqual({ changed: ['username', 'password'] });
  });

  it('must be those that the cluster signs in with', async () => {
    for (const [body, field] of [
      [{ clientSecret: 'new-s3cret' }, 'clientSecret'],
      [{ key: 'new-s3cret' }, 'key'],
      [{ username: 'only' }, 'password'],
      [{ pasword: 'new-s3cret' }, ''],
      [{}, ''],
    ] as const) {
      const { status, json, text } = await call('PATCH', body);
      expect(status).toBe(400);
      if (field !== '') expect(json.fields).toHaveProperty(field);
      expect(text).not.toContain('s3cret');
    }
    expect(asked).toEqual([]);
  });

  it('may be a new certificate with its key, not one without the other', async () => {
    const pem = (what: string, text: string) => `-----BEGIN ${what}-----\n${text}\n-----END ${what}-----`;
    const tls = { cert: pem('CERTIFICATE', 'old'), key: pem('PRIVATE KEY', 'old') };
    const ssl = { bootstrapServers: west.bootstrapServers, security: { protocol: 'SSL', tls } };
    expect((await call('PUT', ssl)).status).toBe(200);
    expect((await call('PATCH', { cert: pem('CERTIFICATE', 'new') })).status).toBe(400);
    const both = { cert: pem('CERTIFICATE', 'new'), key: pem('PRIVATE KEY', 'new') };
    expect((await call('PATCH', both)).status).toBe(200);
    expect(stored().security.tls).toEqual(both);
  });
});

describe('a stored secret', () => {
  const test = (body: object) => callRoute(testRoute.POST, '/api/clusters/test', post(body));
  const untyped = { protocol: 'SASL_PLAINTEXT', sasl: { mechanism: 'PLAIN', username: 'landbridge' } };

  it('is used by a test only with a row in the audit log that names the place, before it is called', async () => {
    const rows = () =>
      server.runtime.store.db
        .selectFrom('audit')
        .selectAll()
        .where('operation', '=', 'test cluster')
        .execute();
    let before = 0;
    server.engine.answers.probeCluster = async ({ cluster }) => {
      before = (await rows()).length;
      return refusedProbe(cluster.name);
    };
    await test({ ...west, security: untyped });
    expect(before).toBe(1);
    const [intent, outcome] = await rows();
    expect(intent).toMatchObject({ kind: 'INTENT', objectName: 'west' });
    expect(intent?.after).toContain('b.example.com:9092');
    expect(intent?.after).not.toContain('old-s3cret');
    expect(outcome).toMatchObject({ kind: 'OUTCOME', details: '{"reachable":false}' });
  });

  it('is used for a test of the very place that it was typed for', async () => {
    expect((await test({ ...west, security: untyped })).status).toBe(200);
    expect(asked.at(-1)).toEqual({ servers: west.bootstrapServers, password: 'old-s3cret' });
  });

  it.each([
    ['another address', { bootstrapServers: ['thief.example.com:9092'] }],
    ['one address more', { bootstrapServers: [...west.bootstrapServers, 'thief.example.com:9092'] }],
    ['another protocol', { security: { ...untyped, protocol: 'SASL_SSL' } }],
    ['other TLS settings', { security: { ...untyped, protocol: 'SASL_SSL', tls: { serverName: 'thief' } } }],
    [
      'another mechanism',
      { security: { ...untyped, sasl: { ...untyped.sasl, mechanism: 'SCRAM-SHA-256' } } },
    ],
    ['another user', { security: { ...untyped, sasl: { ...untyped.sasl, username: 'thief' } } }],
  ])('is never sent to %s, neither by a test nor by an edit', async (_, change) => {
    const body = { bootstrapServers: west.bootstrapServers, security: untyped, ...change };
    for (const answer of [await test({ name: 'west', ...body }), await call('PUT', body)]) {
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({
        code: 'PASSWORD_NEEDED',
        fields: { 'security.sasl.password': 'Type the password again.' },
      });
    }
    expect(asked).toEqual([]);
    expect(stored()).toEqual(west);
  });

  it('of landbridge.yaml is not lent to a test', async () => {
    await server.close();
    server = await startTestServer({ clusters: [west as ClusterConfig] });
    expect((await test({ ...west, security: untyped })).status).toBe(400);
  });

  it('is gone with its cluster: the next one of that name has none', async () => {
    const added = { ...west, name: 'north' };
    await callRoute(clustersRoute.POST, '/api/clusters', post(added));
    const params = { name: 'north' };
    const removed = await callRoute(clusterRoute.DELETE, '/api/clusters/north', { method: 'DELETE', params });
    expect(removed.status).toBe(200);
    const again = await callRoute(clustersRoute.POST, '/api/clusters', post({ ...added, security: untyped }));
    expect(again.status).toBe(400);
    expect((await test({ ...added, security: untyped })).status).toBe(400);
  });
});

describe('what is typed in the console', () => {
  it('holds no secret where none is expected: an address with a password in it is refused', async () => {
    const sasl = {
      mechanism: 'OAUTHBEARER',
      tokenEndpoint: 'https://user:hidden-s3cret@login.example.com/token',
      clientId: 'a',
      clientSecret: 'b',
    };
    const body = { ...west, name: 'north', security: { protocol: 'SASL_PLAINTEXT', sasl } };
    const { status, json, text } = await callRoute(clustersRoute.POST, '/api/clusters', post(body));
    expect(status).toBe(400);
    expect(json.fields).toHaveProperty(['security.sasl.tokenEndpoint']);
    expect(text).not.toContain('hidden-s3cret');
  });

  it('is that text: no variable of the environment is put in, and no file is read', async () => {
    const home = ['$', '{HOME}'].join('');
    const sasl = { ...security.sasl, password: home };
    const body = { ...west, name: 'literal', security: { ...security, sasl } };
    expect((await callRoute(clustersRoute.POST, '/api/clusters', post(body))).status).toBe(201);
    expect(passwordOf(server.runtime.catalog.cluster('literal').config)).toBe(home);
    for (const field of ['caFile', 'certFile', 'keyFile']) {
      const tls = { protocol: 'SSL', tls: { [field]: '/etc/passwd' } };
      for (const answer of [
        await callRoute(clustersRoute.POST, '/api/clusters', post({ ...plain('files'), security: tls })),
        await callRoute(testRoute.POST, '/api/clusters/test', post({ ...plain('files'), security: tls })),
        await call('PUT', { bootstrapServers: west.bootstrapServers, security: tls }),
      ]) {
        expect(answer.status).toBe(400);
        expect(answer.text).toContain('Files are read only where landbridge.yaml names them');
      }
    }
  });
});
