// Mirrors that a link creates by itself: what the web thread keeps of them, and the preview of filters.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as mirrorsRoute from '@/app/api/links/[destination]/[name]/mirrors/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as previewRoute from '@/app/api/links/preview/auto-create/route';
import { listAudit } from '@/server/store/audit';
import { addClusters, at, createLink } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

const filters = (...list: object[]) => JSON.stringify({ topicFilters: list });
const everything = filters({ name: '*', patternType: 'LITERAL', filterType: 'INCLUDE' });

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink();
  await patch({
    'auto.create.mirror.topics.enable': true,
    'auto.create.mirror.topics.filters': everything,
  });
});
afterEach(() => server.close());

const patch = (body: object) =>
  callRoute(linkRoute.PATCH, '/api/links/east/orders-link', { method: 'PATCH', params: at, body });
const link = () => server.runtime.catalog.link('east', 'orders-link');
const remove = (topic: string) =>
  callRoute(mirrorRoute.DELETE, `/api/links/east/orders-link/mirrors/${topic}`, {
    method: 'DELETE',
    params: { ...at, topic },
  });

let nextId = 100;
/** As the engine asks, and what it is answered. */
async function found(sourceTopics: string[], validateOnly = false) {
  const id = nextId++;
  server.engine.say({ type: 'addMirrors', id, linkId: link().id, sourceTopics, validateOnly });
  return vi.waitFor(() => {
    const answer = server.engine.received.find((one) => one.type === 'mirrorsAdded' && one.id === id);
    if (answer?.type !== 'mirrorsAdded') throw new Error('no answer yet');
    return Object.fromEntries(
      (answer.judged ?? []).map(({ sourceTopic, verdict }) => [sourceTopic, verdict]),
    );
  });
}
const audited = async () =>
  (await listAudit(server.runtime.store.db, 50)).filter(
    ({ operation }) => operation === 'auto-create mirrors',
  );

describe('topics that the engine finds', () => {
  it('are stored with one audit entry, told to the engine before the answer, and survive a restart', async () => {
    expect(await found(['b', 'a', 'orders'])).toEqual({ a: 'MATCHED', b: 'MATCHED', orders: 'MIRRORED' });
    const { received } = server.engine;
    const told = received.findIndex(
      (one) => one.type === 'desired' && one.links[0]?.mirrors.some(({ topic }) => topic === 'a'),
    );
    expect(told).toBeGreaterThan(-1);
    expect(told).toBeLessThan(received.findIndex((one) => one.type === 'mirrorsAdded'));
    expect(await audited()).toMatchObject([
      { kind: 'OUTCOME', actorKind: 'engine' },
      { kind: 'INTENT', actorKind: 'engine' },
    ]);
    await server.restart();
    expect([...link().mirrors.keys()]).toEqual(['a', 'b', 'orders']);
  });

  it('are only judged when that is all that is asked, and nothing is written where there is nothing new', async () => {
    expect(await found(['a'], true)).toEqual({ a: 'MATCHED' });
    expect(await found(['orders'])).toEqual({ orders: 'MIRRORED' });
    expect(await audited()).toEqual([]);
    expect([...link().mirrors.keys()]).toEqual(['orders']);
  });

  it('are not taken when it was switched off meanwhile', async () => {
    await patch({ 'auto.create.mirror.topics.enable': false });
    expect(await found(['a'])).toEqual({});
  });

  it('that a person took off stay away, after a restart too, until a person adds them', async () => {
    await remove('orders');
    await server.restart();
    expect(await found(['orders'])).toEqual({ orders: 'REMOVED' });
    const body = { topics: ['orders'] };
    const path = '/api/links/east/orders-link/mirrors';
    const added = await callRoute(mirrorsRoute.POST, path, { method: 'POST', params: at, body });
    expect(added.status).toBe(201);
    expect(link().removed.size).toBe(0);
  });
});

describe('the preview of filters', () => {
  const preview = (body: object) =>
    callRoute(previewRoute.POST, '/api/links/preview/auto-create', { method: 'POST', body });
  const topic = (name: string) => ({
    ...{ name, partitions: 1, internal: false },
    replicationFactor: 1,
    cleanupPolicy: 'delete',
  });
  beforeEach(() => {
    server.engine.answers.listTopics = ({ cluster }) =>
      (cluster.name === 'west' ? ['orders', 'new', 'stands', '_x'] : ['stands']).map(topic);
  });

  it('says of every topic what becomes of it, and why', async () => {
    const ends = { name: 'orders-link', source: 'west', destination: 'east' };
    const { json } = await preview({ ...ends, filters: everything });
    expect(json.counts).toEqual({ MATCHED: 1, MIRRORED: 1, EXISTS: 1, INTERNAL: 1 });
    expect(json.rows.map((row: { sourceTopic: string }) => row.sourceTopic)).toEqual([
      'new',
      'orders',
      'stands',
      '_x',
    ]);
    expect(json.rows[2].message).toContain('stands on east already');
  });

  it('works before there is a link, with its prefix', async () => {
    const ends = { source: 'west', destination: 'east', prefix: 'west.' };
    const { json } = await preview({ ...ends, filters: everything });
    expect(json.counts).toEqual({ MATCHED: 3, INTERNAL: 1 });
    expect(json.rows[0].topic).toBe('west.new');
  });

  it('refuses filters that are none, saying what is wrong', async () => {
    const { status, json } = await preview({ source: 'west', destination: 'east', filters: '{"topics":[]}' });
    expect(status).toBe(400);
    expect(json.fields.filters).toContain('topicFilters');
  });
});

describe('a prefix', () => {
  it('names mirrors, and is never changed', async () => {
    const body = {
      name: 'prefixed',
      source: 'west',
      destination: 'east',
      settings: { 'cluster.link.prefix': 'west.' },
      topics: ['clicks', { sourceTopic: 'orders', topic: 'bestellungen' }],
    };
    const { POST } = await import('@/app/api/links/route');
    expect((await callRoute(POST, '/api/links', { method: 'POST', body })).status).toBe(201);
    const made = server.runtime.catalog.link('east', 'prefixed');
    expect([...made.mirrors.values()].map(({ topic, sourceTopic }) => [topic, sourceTopic])).toEqual([
      ['bestellungen', 'orders'],
      ['west.clicks', 'clicks'],
    ]);
    const path = { destination: 'east', name: 'prefixed' };
    const change = { method: 'PATCH', params: path, body: { 'cluster.link.prefix': 'other.' } };
    expect((await callRoute(linkRoute.PATCH, '/api/links/east/prefixed', change)).status).toBe(400);
  });
});
