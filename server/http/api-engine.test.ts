import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as linksRoute from '@/app/api/links/route';
import * as readyRoute from '@/app/readyz/route';
import { addClusters, createLink } from '@/server/testing/requests';
import { snapshotOf } from '@/server/testing/snapshots';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

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
