import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as catchAll from '@/app/api/[...path]/route';
import * as clusterRoute from '@/app/api/clusters/[name]/route';
import * as topicsRoute from '@/app/api/clusters/[name]/topics/route';
import * as clustersRoute from '@/app/api/clusters/route';
import * as pauseRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/pause/route';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as mirrorsRoute from '@/app/api/links/[destination]/[name]/mirrors/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as previewRoute from '@/app/api/links/preview/route';
import * as linksRoute from '@/app/api/links/route';
import * as readyRoute from '@/app/readyz/route';
import { listAudit } from '@/server/store/audit';
import { passedCheck } from '@/server/testing/engine-messages';
import { snapshotOf } from '@/server/testing/snapshots';
import { type Call, callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

const plain = (name: string) => ({ name, bootstrapServers: [`${name}.example.com:9092`] });
const withSasl = (name: string) => ({
  ...plain(name),
  security: {
    protocol: 'SASL_PLAINTEXT',
    sasl: { mechanism: 'PLAIN', username: 'landbridge', password: 's3cret-of-the-test' },
  },
});
const post = (body: unknown): Call => ({ method: 'POST', body });
const at = { destination: 'east', name: 'orders-link' };

async function addClusters() {
  for (const name of ['west', 'east']) {
    expect((await callRoute(clustersRoute.POST, '/api/clusters', post(plain(name)))).status).toBe(201);
  }
}

async function createLink(body: object = {}) {
  const request = { name: at.name, source: 'west', destination: 'east', topics: ['orders'], ...body };
  return callRoute(linksRoute.POST, '/api/links', post(request));
}

describe('clusters', () => {
  it('are added, listed with their probe, and removed', async () => {
    await addClusters();
    await vi.waitFor(async () => {
      const { json } = await callRoute(clustersRoute.GET, '/api/clusters');
      expect(json.clusters.map((c: { probe: { clusterId: string } }) => c.probe?.clusterId)).toEqual([
        'id-of-east',
        'id-of-west',
      ]);
    });
    const removed = await callRoute(clusterRoute.DELETE, '/api/clusters/west', {
      method: 'DELETE',
      params: { name: 'west' },
    });
    expect(removed.status).toBe(200);
    expect(
      (await callRoute(clusterRoute.GET, '/api/clusters/west', { params: { name: 'west' } })).status,
    ).toBe(404);
  });

  it('never show a password, neither in answers nor in the audit log nor in the log', async () => {
    await callRoute(clustersRoute.POST, '/api/clusters', post(withSasl('west')));
    const { text, json } = await callRoute(clustersRoute.GET, '/api/clusters');
    expect(text).not.toContain('s3cret');
    expect(json.clusters[0].security.saslUsername).toBe('landbridge');
    expect(JSON.stringify(await listAudit(server.runtime.store.db, 10))).not.toContain('s3cret');
    expect(server.logged.join()).not.toContain('s3cret');
    // It is in the store, which only its owner can read.
    expect(readFileSync(join(server.dataDir, 'landbridge.db-wal')).includes('s3cret')).toBe(true);
  });

  it('keep the stored password only while nothing else changes', async () => {
    await callRoute(clustersRoute.POST, '/api/clusters', post(withSasl('west')));
    const put = (change: object) =>
      callRoute(clusterRoute.PUT, '/api/clusters/west', {
        method: 'PUT',
        params: { name: 'west' },
        body: {
          bootstrapServers: ['west.example.com:9092'],
          security: { protocol: 'SASL_PLAINTEXT', sasl: { mechanism: 'PLAIN', username: 'landbridge' } },
          ...change,
        },
      });
    expect((await put({})).status).toBe(200);
    expect(server.runtime.catalog.cluster('west').config.security.sasl?.password).toBe('s3cret-of-the-test');
    const elsewhere = await put({ bootstrapServers: ['thief.example.com:9092'] });
    expect(elsewhere.status).toBe(400);
    expect(elsewhere.json).toMatchObject({ code: 'PASSWORD_NEEDED' });
    expect(server.runtime.catalog.cluster('west').config.bootstrapServers).toEqual(['west.example.com:9092']);
  });

  it('from landbridge.yaml are edited there', async () => {
    await server.close();
    const file = { name: 'west', bootstrapServers: ['w:1'], security: { protocol: 'PLAINTEXT' as const } };
    server = await startTestServer({ clusters: [file] });
    const answer = await callRoute(clusterRoute.DELETE, '/api/clusters/west', {
      method: 'DELETE',
      params: { name: 'west' },
    });
    expect(answer.status).toBe(409);
    expect(answer.json.message).toContain('landbridge.yaml');
  });

  it('in use cannot be removed; the answer names the links', async () => {
    await addClusters();
    await createLink();
    const answer = await callRoute(clusterRoute.DELETE, '/api/clusters/west', {
      method: 'DELETE',
      params: { name: 'west' },
    });
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ code: 'CLUSTER_IN_USE' });
    expect(answer.json.message).toContain('orders-link (west → east)');
  });

  it('ask Kafka for topics once for many readers', async () => {
    await addClusters();
    const asked = vi.spyOn(server.engine.answers, 'listTopics');
    await Promise.all(
      [1, 2, 3].map(() =>
        callRoute(topicsRoute.GET, '/api/clusters/west/topics', { params: { name: 'west' } }),
      ),
    );
    expect(asked).toHaveBeenCalledTimes(1);
  });
});

describe('a link', () => {
  beforeEach(addClusters);

  it('is checked, stored, sent to the engine and shown', async () => {
    const answer = await createLink();
    expect(answer.status).toBe(201);
    expect(answer.json.link).toMatchObject({
      name: at.name,
      mirrors: 1,
      mirrorsByState: { PENDING_MIRROR: 1 },
    });
    expect(server.engine.desired).toMatchObject([
      { name: at.name, sourceClusterId: 'id-of-west', mirrors: [{ topic: 'orders', created: false }] },
    ]);
    const detail = await callRoute(linkRoute.GET, '/api/links/east/orders-link', { params: at });
    expect(detail.json.events).toMatchObject([{ to: 'CREATED', actor: 'local operator' }]);
    const audit = await listAudit(server.runtime.store.db, 2);
    expect(audit).toMatchObject([
      { kind: 'OUTCOME', result: 'OK' },
      { kind: 'INTENT', operation: 'create link', target: 'link orders-link (west → east)' },
    ]);
  });

  it('with validate_only leaves nothing behind and runs no scratch sequence', async () => {
    const asked = vi.spyOn(server.engine.answers, 'checkLink');
    const body = { name: at.name, source: 'west', destination: 'east', topics: ['orders'] };
    const answer = await callRoute(linksRoute.POST, '/api/links?validate_only=true', post(body));
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ link: null, verdicts: [{ topic: 'orders', ok: true }] });
    expect(asked.mock.calls[0]?.[0].scratch).toBe(false);
    expect(server.runtime.catalog.links).toEqual([]);
  });

  it('whose check fails is not created; end and stage are named and the failure is in the audit log', async () => {
    server.engine.answers.checkLink = () => ({
      ...passedCheck('west', 'east'),
      ok: false,
      error: 'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR',
      destination: [{ stage: 'TCP', status: 'FAILED', message: 'Nobody listens there.', durationMs: 2 }],
    });
    const answer = await createLink();
    expect(answer.status).toBe(422);
    expect(answer.json.message).toContain('Destination cluster "east", stage TCP: Nobody listens there.');
    expect(server.runtime.catalog.links).toEqual([]);
    expect((await listAudit(server.runtime.store.db, 1))[0]).toMatchObject({
      kind: 'OUTCOME',
      result: 'FAILED',
    });
  });

  it('between two names of one Kafka cluster is refused', async () => {
    server.engine.answers.checkLink = () => passedCheck('west', 'west');
    expect((await createLink()).json).toMatchObject({ code: 'SAME_CLUSTER' });
  });

  it('cannot take a name, a mirror topic or a direction that closes a circle', async () => {
    await createLink();
    expect((await createLink()).json).toMatchObject({ code: 'LINK_EXISTS' });
    const second = await createLink({ name: 'second' });
    expect(second.json).toMatchObject({ code: 'MIRROR_REFUSED' });
    expect(second.json.fields.orders).toContain('already a mirror topic of link "orders-link"');
    const back = await createLink({ name: 'back', source: 'east', destination: 'west' });
    expect(back.json.fields.orders).toContain('round for ever');
    expect(
      (await createLink({ name: 'back', source: 'east', destination: 'west', topics: ['other'] })).status,
    ).toBe(201);
  });

  it('asked for twice at the same moment is created once', async () => {
    const answers = await Promise.all([createLink(), createLink()]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect(server.runtime.catalog.links).toHaveLength(1);
  });

  it('keeps settings that were not named in a patch', async () => {
    await createLink({ settings: { 'source.range.lost': 'stop' } });
    const patch = { method: 'PATCH', params: at, body: { 'link.throttle.bytes.per.second': 1000 } };
    const { json } = await callRoute(linkRoute.PATCH, '/api/links/east/orders-link', patch);
    const set = json.settings.filter((row: { isDefault: boolean }) => !row.isDefault);
    expect(set).toEqual([
      { key: 'source.range.lost', value: 'stop', isDefault: false },
      { key: 'link.throttle.bytes.per.second', value: '1000', isDefault: false },
    ]);
    const reset = { ...patch, body: { 'source.range.lost': null } };
    await callRoute(linkRoute.PATCH, '/api/links/east/orders-link', reset);
    expect(server.engine.desired[0]?.settings['source.range.lost']).toBe('follow');
    expect(server.engine.desired[0]?.settings['link.throttle.bytes.per.second']).toBe(1000);
  });

  it('when deleted says that its mirrors are ordinary topics now', async () => {
    await createLink();
    const call = { method: 'DELETE', params: at };
    const dry = await callRoute(linkRoute.DELETE, '/api/links/east/orders-link?validate_only=true', call);
    expect(dry.json).toMatchObject({ deleted: false, topics: ['orders'] });
    const answer = await callRoute(linkRoute.DELETE, '/api/links/east/orders-link', call);
    expect(answer.json).toMatchObject({ deleted: true, topics: ['orders'] });
    expect(answer.json.message).toContain('ordinary writable topics');
    expect(server.engine.desired).toEqual([]);
  });

  it('previews topics without touching anything', async () => {
    const body = { source: 'west', destination: 'east', topics: ['orders', 'payments'] };
    const { json } = await callRoute(previewRoute.POST, '/api/links/preview', post(body));
    expect(json.verdicts.map((v: { topic: string }) => v.topic)).toEqual(['orders', 'payments']);
  });

  it('whose cluster has gone from landbridge.yaml is shown as failed and not worked', async () => {
    await createLink();
    await server.runtime.store.db.deleteFrom('cluster').where('name', '=', 'west').execute();
    await server.restart();
    const { json } = await callRoute(linksRoute.GET, '/api/links');
    expect(json.links[0]).toMatchObject({ state: 'FAILED' });
    expect(json.links[0].message).toContain('Cluster "west" is not registered any more');
    expect(server.engine.desired).toEqual([]);
  });
});

describe('mirrors', () => {
  beforeEach(async () => {
    await addClusters();
    await createLink();
  });

  it('are shown from the last snapshot with exact numbers', async () => {
    const id = server.runtime.catalog.links[0]?.id ?? '';
    const huge = 9_007_199_254_740_993n;
    server.engine.say(
      snapshotOf(Date.now(), [
        {
          id,
          mirrors: [
            {
              topic: 'orders',
              numbers: [
                { stable: huge, end: huge - 3n, lagSeconds: 2 },
                { stable: -1n, end: 5n },
              ],
            },
          ],
        },
      ]),
    );
    const page = await callRoute(mirrorsRoute.GET, '/api/links/east/orders-link/mirrors', { params: at });
    expect(page.json).toMatchObject({ total: 1, matched: 1, engine: 'RUNNING' });
    expect(page.json.rows[0]).toMatchObject({ lag: { messages: '3', bytes: null, seconds: 2 } });
    expect(page.json.rows[0].message).toBe('Lag leaves out 1 of 2 partitions unknown.');
    const params = { ...at, topic: 'orders' };
    const detail = await callRoute(mirrorRoute.GET, '/api/links/east/orders-link/mirrors/orders', { params });
    expect(detail.json.partitions[0]).toMatchObject({
      sourceLastStable: '9007199254740993',
      mirrorEnd: '9007199254740990',
    });
    expect(detail.json.partitions[1]).toMatchObject({ sourceLastStable: null, lag: { messages: null } });
  });

  it('are added, paused and taken off', async () => {
    const body = { topics: ['payments', 'payments'] };
    const added = await callRoute(mirrorsRoute.POST, '/api/links/east/orders-link/mirrors', {
      method: 'POST',
      params: at,
      body,
    });
    expect(added).toMatchObject({ status: 201, json: { added: 1 } });
    const params = { ...at, topic: 'payments' };
    await callRoute(pauseRoute.POST, '/api/…/pause', { method: 'POST', params });
    expect(server.engine.desired[0]?.mirrors.map((m) => [m.topic, m.paused])).toEqual([
      ['orders', false],
      ['payments', true],
    ]);
    const removed = await callRoute(mirrorRoute.DELETE, '/api/…', { method: 'DELETE', params });
    expect(removed.json).toMatchObject({ deleted: true, topic: 'payments' });
    expect(server.engine.desired[0]?.mirrors).toHaveLength(1);
  });

  it('keep what the engine found out, and the engine is told when it is stored', async () => {
    const linkId = server.runtime.catalog.links[0]?.id ?? '';
    const fact = { type: 'persist' as const, linkId, topic: 'orders', created: true, starts: { '0': '42' } };
    server.engine.say({ ...fact, id: 7 });
    server.engine.say({ ...fact, topic: 'unknown', id: 8 });
    await vi.waitFor(() => {
      const answers = server.engine.received.filter((message) => message.type === 'persisted');
      expect(answers).toEqual([
        { type: 'persisted', id: 7, error: null },
        { type: 'persisted', id: 8, error: 'The mirror is no longer wanted.' },
      ]);
    });
    await server.restart();
    expect(server.engine.desired[0]?.mirrors[0]).toMatchObject({ created: true, starts: { '0': '42' } });
  });
});

describe('a clean stop', () => {
  it('is good for one start: the epoch is sent once and forgotten before', async () => {
    await addClusters();
    await createLink();
    const id = server.runtime.catalog.links[0]?.id ?? '';
    server.engine.epochs = { [id]: 5 };
    await server.restart();
    expect(server.engine.desired[0]?.cleanStopEpoch).toBe(5);
    expect(server.runtime.catalog.links[0]?.cleanStopEpoch).toBe(null);
    server.engine.epochs = null;
    const stored = await server.runtime.store.db.selectFrom('link').select('cleanStopEpoch').execute();
    expect(stored).toEqual([{ cleanStopEpoch: null }]);
    server.engine.epochs = {};
  });
});

describe('the door', () => {
  const get = (headers: Record<string, string>) => callRoute(clustersRoute.GET, '/api/clusters', { headers });
  const add = (headers: Record<string, string>) =>
    callRoute(clustersRoute.POST, '/api/clusters', { method: 'POST', headers, body: plain('west') });
  const host = '127.0.0.1:3000';

  it('refuses other host names, as DNS rebinding needs them', async () => {
    for (const name of [
      'evil.example.com:3000',
      '127.0.0.1:3001',
      '127.0.0.1',
      'localhost.evil.com:3000',
      '',
    ]) {
      expect((await get({ host: name })).json).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    }
    for (const name of ['localhost:3000', 'LOCALHOST:3000', '[::1]:3000', host]) {
      expect((await get({ host: name })).status).toBe(200);
    }
    expect((await get({ host: 'evil.example.com', 'x-forwarded-host': host })).status).toBe(403);
  });

  it('takes changes from its own pages and from programs only', async () => {
    const refused: Record<string, string>[] = [
      { host },
      { host, origin: 'http://evil.example.com' },
      { host, origin: 'null' },
      { host, origin: 'http://127.0.0.1:3001' },
      { host, 'sec-fetch-site': 'cross-site' },
      { host, 'sec-fetch-site': 'same-site' },
      { host, origin: 'http://evil.example.com', authorization: basic('a', 'b') },
      { host, origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of refused) {
      expect((await add(headers)).json, JSON.stringify(headers)).toMatchObject({ code: 'FOREIGN_ORIGIN' });
    }
    const taken: Record<string, string>[] = [
      { host, origin: `http://${host}` },
      { host, 'sec-fetch-site': 'same-origin' },
      { host, 'sec-fetch-site': 'none' },
      { host, authorization: basic('a', 'b') },
    ];
    const statuses = [];
    for (const headers of taken) statuses.push((await add(headers)).status);
    expect(statuses).toEqual([201, 409, 409, 409]);
  });

  it('checks credentials where a key is set', async () => {
    await server.close();
    server = await startTestServer({ apiKey: { key: 'robot', secret: 'right' } });
    expect((await add({ host, authorization: basic('robot', 'wrong') })).status).toBe(401);
    expect((await add({ host, authorization: 'Basic ###' })).status).toBe(403);
    expect((await add({ host, authorization: basic('robot', 'right') })).status).toBe(201);
    expect((await listAudit(server.runtime.store.db, 1))[0]?.actor).toBe('API key robot');
  });
});

const basic = (key: string, secret: string) => `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;

describe('errors', () => {
  it('have one shape for unknown addresses, methods and bad bodies', async () => {
    expect(await callRoute(catchAll.GET, '/api/nothing')).toMatchObject({
      status: 404,
      json: { code: 'NOT_FOUND' },
    });
    const wrongMethod = await callRoute(clustersRoute.DELETE, '/api/clusters', { method: 'DELETE' });
    expect(wrongMethod).toMatchObject({ status: 405, json: { code: 'METHOD_NOT_ALLOWED' } });
    expect(wrongMethod.headers.get('allow')).toBe('GET, POST');
    const broken = await callRoute(clustersRoute.POST, '/api/clusters', post('{"name":'));
    expect(broken).toMatchObject({
      status: 400,
      json: { code: 'INVALID_REQUEST', message: 'The body is not JSON.' },
    });
    const large = await callRoute(clustersRoute.POST, '/api/clusters', post(`"${'x'.repeat(1_100_000)}"`));
    expect(large).toMatchObject({ status: 413, json: { code: 'BODY_TOO_LARGE' } });
    const bad = await callRoute(
      clustersRoute.POST,
      '/api/clusters',
      post({ name: 'a b', bootstrapServers: ['x'] }),
    );
    expect(Object.keys(bad.json.fields)).toEqual(['name', 'bootstrapServers.0']);
  });

  it('that nobody foresaw are logged with their cause and answered without it', async () => {
    vi.spyOn(server.runtime.clusters, 'list').mockImplementation(() => {
      throw new Error('password=hunter2');
    });
    const { status, text, json } = await callRoute(clustersRoute.GET, '/api/clusters');
    expect(status).toBe(500);
    expect(text).not.toContain('hunter2');
    expect(server.logged.join()).toContain(json.requestId);
    expect(server.logged.join()).toContain('hunter2');
  });

  it('of Kafka are passed on in words', async () => {
    await addClusters();
    server.engine.answers.listTopics = () =>
      Promise.reject('Broker 1 (10.0.0.1:9092) closed the connection.');
    const call = { params: { name: 'west' } };
    const { status, json } = await callRoute(topicsRoute.GET, '/api/clusters/west/topics', call);
    expect({ status, code: json.code }).toEqual({ status: 502, code: 'KAFKA_REQUEST_FAILED' });
    expect(json.message).toContain('Broker 1');
  });
});

describe('an engine that dies', () => {
  it('makes links unknown, keeps the last numbers, and is started again with the desired state', async () => {
    await addClusters();
    await createLink();
    const id = server.runtime.catalog.links[0]?.id ?? '';
    server.engine.say(
      snapshotOf(Date.now(), [{ id, mirrors: [{ topic: 'orders', numbers: [{ stable: 9n, end: 4n }] }] }]),
    );
    server.engine.die();
    const { json } = await callRoute(linksRoute.GET, '/api/links');
    expect(json).toMatchObject({ engine: 'SILENT', links: [{ state: 'UNKNOWN', bytesPerSecond: null }] });
    expect(json.links[0].worst).toMatchObject({ topic: 'orders', lag: { messages: '5' } });
    expect((await callRoute(readyRoute.GET, '/readyz')).status).toBe(503);
    const sent = server.engine.received.length;
    await vi.waitFor(() => expect(server.runtime.engine.status).toBe('RUNNING'), { timeout: 5_000 });
    await vi.waitFor(() => expect(server.engine.received.slice(sent)).toMatchObject([{ type: 'desired' }]));
    expect(server.engine.spawned).toBe(2);
  });
});
