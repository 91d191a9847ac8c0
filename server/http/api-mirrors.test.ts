import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as pauseRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/pause/route';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as mirrorsRoute from '@/app/api/links/[destination]/[name]/mirrors/route';
import { addClusters, at, createLink } from '@/server/testing/requests';
import { snapshotOf } from '@/server/testing/snapshots';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

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
