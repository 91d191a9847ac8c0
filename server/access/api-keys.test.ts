// API keys over the API, as programs use them: let in and refused, counted, expired, revoked, and the key of the environment.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as clustersRoute from '@/app/api/clusters/route';
import * as keyRoute from '@/app/api/keys/[id]/route';
import * as keysRoute from '@/app/api/keys/route';
import * as meRoute from '@/app/api/me/route';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import { listAudit } from '@/server/store/audit';
import { everywhere, keyWith } from '@/server/testing/actors';
import { plain, post } from '@/server/testing/requests';
import {
  basic,
  type Credentials,
  callRoute,
  requestOf,
  startTestServer,
  type TestServer,
  testKey,
} from '@/server/testing/test-server';
import { BootstrapKey } from './bootstrap-key';
import { KeyCheck } from './key-check';
import { SignInBackoff } from './sign-in-backoff';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const me = (as: Credentials | null) => callRoute(meRoute.GET, '/api/me', { as });
const bearer = (id: string, secret: string) => ({ authorization: `Bearer ${id}.${secret}` });
const create = (body: object) => callRoute(keysRoute.POST, '/api/keys', post(body));
const viewer = everywhere('viewer');

describe('an API key', () => {
  it('is shown with its secret once, and stored as a hash', async () => {
    const { status, json } = await create({ name: 'exporter', grant: viewer });
    expect(status).toBe(201);
    expect(json.secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const list = await callRoute(keysRoute.GET, '/api/keys');
    expect(list.json.keys.map((key: { name: string }) => key.name)).toEqual([
      'LANDBRIDGE_API_KEY',
      'exporter',
    ]);
    expect(list.text).not.toContain(json.secret);
    const [row] = await server.runtime.store.db.selectFrom('apiKey').selectAll().execute();
    expect(row?.secretHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify([row, await listAudit(server.runtime.store.db, 10)])).not.toContain(json.secret);
  });

  it('lets in as HTTP Basic and as Bearer, under both APIs, with its role and no other', async () => {
    const { id, secret, as } = await keyWith(server, viewer, { name: 'exporter' });
    for (const credentials of [as, bearer(id, secret)]) {
      expect((await me(credentials)).json).toMatchObject({ kind: 'API_KEY', id, name: 'exporter' });
      expect((await rest.GET(requestOf('/kafka/v3/clusters', { as: credentials }))).status).toBe(200);
      const refused = await callRoute(clustersRoute.POST, '/api/clusters', {
        ...post(plain('west')),
        as: credentials,
      });
      expect(refused).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
    }
  });

  it('is refused with a wrong secret, of another key, unknown, or unreadable', async () => {
    const one = await keyWith(server, viewer);
    const other = await keyWith(server, viewer);
    const wrong: Credentials[] = [
      basic(one.id, other.secret),
      basic(one.id, ''),
      basic('LB00', one.secret),
      { authorization: 'Bearer nothing' },
      { authorization: `Digest ${one.secret}` },
    ];
    for (const as of wrong) expect((await me(as)).json).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await me(null)).status).toBe(401);
  });

  it('ends at its time and is revoked at once, told in the same words as a wrong one', async () => {
    const soon = Date.now() + 60_000;
    const { id, as } = await keyWith(server, viewer, { expiresAt: soon });
    expect((await me(as)).status).toBe(200);
    const unknown = (await me(basic('LB00', 'x'))).json.message;
    await server.runtime.store.db
      .updateTable('apiKey')
      .set({ expiresAtMs: Date.now() - 1 })
      .execute();
    expect((await me(as)).json).toMatchObject({ code: 'UNAUTHENTICATED', message: unknown });
    await server.runtime.store.db.updateTable('apiKey').set({ expiresAtMs: null }).execute();
    expect((await me(as)).status).toBe(200);
    const revoked = await callRoute(keyRoute.DELETE, `/api/keys/${id}`, { method: 'DELETE', params: { id } });
    expect(revoked.json.revokedAt).toBeGreaterThan(0);
    expect((await me(as)).json).toMatchObject({ code: 'UNAUTHENTICATED', message: unknown });
    expect(
      (await callRoute(keyRoute.DELETE, '/api/keys/x', { method: 'DELETE', params: { id: 'x' } })).status,
    ).toBe(404);
  });

  it('cannot be made for a cluster that is not there, nor for a time that has passed', async () => {
    const scope = { kind: 'cluster', cluster: 'wset' };
    expect((await create({ name: 'a', grant: { role: 'viewer', scope } })).json.message).toContain('wset');
    expect((await create({ name: 'a', grant: viewer, expiresAt: 1 })).json.fields).toHaveProperty(
      'expiresAt',
    );
    const narrow = { role: 'administrator', scope: { kind: 'link', destination: 'e', name: 'l' } };
    expect((await create({ name: 'a', grant: narrow })).status).toBe(400);
  });

  it('says when and from where it was last used, written at most once a minute', async () => {
    const { store, log } = server.runtime;
    let nowMs = Date.now();
    const bootstrap = new BootstrapKey({ key: null, keep: false, log });
    const backoff = new SignInBackoff({ store });
    const check = new KeyCheck({ store, bootstrap, backoff, log, nowMs: () => nowMs });
    const { id, secret } = await keyWith(server, viewer);
    const lastUse = async () => {
      const { json } = await callRoute(keysRoute.GET, '/api/keys');
      const { lastUsedAt, lastUsedFrom } = json.keys.find((key: { id: string }) => key.id === id);
      return [lastUsedAt, lastUsedFrom];
    };
    expect(await lastUse()).toEqual([null, null]);
    const firstMs = nowMs;
    await Promise.all(['192.0.2.1', '192.0.2.2'].map((address) => check.actorFor({ id, secret }, address)));
    nowMs += 59_999;
    await check.actorFor({ id, secret }, '192.0.2.3');
    expect(await lastUse()).toEqual([firstMs, '192.0.2.1']);
    nowMs += 1;
    await check.actorFor({ id, secret }, '192.0.2.4');
    expect(await lastUse()).toEqual([firstMs + 60_000, '192.0.2.4']);
  });

  it('is told where it came from by the address that the server itself has put on the request', async () => {
    const { id, as } = await keyWith(server, viewer);
    const headers = { host: '127.0.0.1:3000', 'x-forwarded-for': '192.0.2.9' };
    await callRoute(meRoute.GET, '/api/me', { headers, as });
    const keys = await server.runtime.keys.list({ kind: 'system' });
    expect(keys.find((key) => key.id === id)?.lastUsedFrom).toBe('192.0.2.9');
  });
});

describe('wrong API keys', () => {
  it('have to wait ever longer, while the right one of our making is let in', async () => {
    const { id, as } = await keyWith(server, viewer);
    const statuses = new Set<number>();
    for (let i = 0; i < 12; i++) statuses.add((await me(basic(id, `guess ${i}`))).status);
    expect([...statuses]).toEqual([401, 429]);
    const waiting = await me(basic(id, 'guess'));
    expect(waiting.json).toMatchObject({ code: 'RATE_LIMITED' });
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await me(as)).status).toBe(200);
  });

  it('of the environment close it for a while, because its secret may be a word', async () => {
    for (let i = 0; i < 12; i++) await me(basic(testKey.key, `guess ${i}`));
    expect((await me(basic(testKey.key, testKey.secret))).json).toMatchObject({ code: 'RATE_LIMITED' });
  });
});

describe('the key of the environment', () => {
  it('switches itself off with a word in the log when an administrator key exists, also over a restart', async () => {
    await keyWith(server, everywhere('operator'));
    expect((await me(basic(testKey.key, testKey.secret))).json.kind).toBe('BOOTSTRAP_KEY');
    const administrator = await keyWith(server, everywhere('administrator'), { name: 'terraform' });
    expect((await me(basic(testKey.key, testKey.secret))).status).toBe(401);
    expect(server.logged.join()).toContain('terraform');
    await server.runtime.keys.revoke({ kind: 'system' }, administrator.id);
    await server.restart();
    expect((await me(basic(testKey.key, testKey.secret))).status).toBe(401);
    const [view] = await server.runtime.keys.list({ kind: 'system' });
    expect(view).toMatchObject({ bootstrap: true, revokedAt: expect.any(Number) });
  });

  it('stays on where LANDBRIDGE_KEEP_BOOTSTRAP_KEY=1, and cannot be revoked here', async () => {
    await server.close();
    server = await startTestServer({ keepBootstrapKey: true });
    await keyWith(server, everywhere('administrator'));
    expect((await me(basic(testKey.key, testKey.secret))).status).toBe(200);
    expect(server.logged.join()).toContain('stays on');
    const params = { id: testKey.key };
    const answer = await callRoute(keyRoute.DELETE, '/api/keys/x', { method: 'DELETE', params });
    expect(answer.json.message).toContain('LANDBRIDGE_API_KEY');
  });
});
