import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as catchAll from '@/app/api/[[...path]]/route';
import * as topicsRoute from '@/app/api/clusters/[name]/topics/route';
import * as clustersRoute from '@/app/api/clusters/route';
import * as healthRoute from '@/app/healthz/route';
import { listAudit } from '@/server/store/audit';
import { everywhere, signedIn } from '@/server/testing/actors';
import { addClusters, plain, post } from '@/server/testing/requests';
import {
  basic,
  type Credentials,
  callRoute,
  startTestServer,
  type TestServer,
  testKey,
} from '@/server/testing/test-server';

let server: TestServer;
let administrator: Credentials;
beforeEach(async () => {
  server = await startTestServer();
  administrator = (await signedIn(server, 'ada', [everywhere('administrator')])).as;
});
afterEach(() => server.close());

describe('the door', () => {
  const get = (headers: Record<string, string>) =>
    callRoute(clustersRoute.GET, '/api/clusters', { headers, as: administrator });
  /** From a page, signed in; a request with a key carries no cookie. */
  const add = (headers: Record<string, string>) =>
    callRoute(clustersRoute.POST, '/api/clusters', {
      method: 'POST',
      headers,
      as: headers.authorization ? null : administrator,
      body: plain('west'),
    });
  const host = '127.0.0.1:3000';

  it('answers health under any name, because probes ask by address', async () => {
    const { status } = await callRoute(healthRoute.GET, '/healthz', { headers: { host: '10.1.2.3:3000' } });
    expect(status).toBe(200);
  });

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
      { host, origin: 'http://evil.example.com', ...basic('a', 'b') },
      { host, origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of refused) {
      expect((await add(headers)).json, JSON.stringify(headers)).toMatchObject({ code: 'FOREIGN_ORIGIN' });
    }
    const taken: Record<string, string>[] = [
      { host, origin: `http://${host}` },
      { host, 'sec-fetch-site': 'same-origin' },
      { host, 'sec-fetch-site': 'none' },
      { host, ...basic(testKey.key, testKey.secret) },
    ];
    const statuses = [];
    for (const headers of taken) statuses.push((await add(headers)).status);
    expect(statuses).toEqual([201, 409, 409, 409]);
  });

  it('checks credentials where a key is set', async () => {
    await server.close();
    server = await startTestServer({ apiKey: { key: 'robot', secret: 'right' } });
    expect((await add({ host, ...basic('robot', 'wrong') })).status).toBe(401);
    expect((await add({ host, authorization: 'Basic ###' })).status).toBe(403);
    expect((await add({ host, ...basic('robot', 'right') })).status).toBe(201);
    expect((await listAudit(server.runtime.store.db, 1))[0]?.actor).toBe('bootstrap key robot');
  });
});

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
