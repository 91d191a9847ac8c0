import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as previewRoute from '@/app/api/links/preview/route';
import * as linksRoute from '@/app/api/links/route';
import { listAudit } from '@/server/store/audit';
import { passedCheck } from '@/server/testing/engine-messages';
import { addClusters, at, createLink, post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

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
    expect(detail.json.events).toMatchObject([{ to: 'CREATED', actor: 'bootstrap key test-administrator' }]);
    const audit = await listAudit(server.runtime.store.db, 2);
    expect(audit).toMatchObject([
      { kind: 'OUTCOME', result: 'OK' },
      { kind: 'INTENT', operation: 'create link', target: 'orders-link (west → east)' },
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
      { key: 'source.range.lost', value: 'stop', isDefault: false, fixed: false },
      { key: 'link.throttle.bytes.per.second', value: '1000', isDefault: false, fixed: false },
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
