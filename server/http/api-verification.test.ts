// Sweeps and differences from the request to the engine, the store, the page and back.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as differenceRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/difference/route';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as sweepRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/sweep/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as linkSweepRoute from '@/app/api/links/[destination]/[name]/sweep/route';
import type { FromEngine } from '@/lib/contracts/engine';
import { addClusters, at, createLink } from '@/server/testing/requests';
import { snapshotOf } from '@/server/testing/snapshots';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
const params = { ...at, topic: 'orders' };
const post = { method: 'POST', params };

beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink();
});
afterEach(() => server.close());

const linkId = () => server.runtime.catalog.links[0]?.id ?? '';
const wanted = () => server.engine.desired[0]?.mirrors[0]?.sweep;
const page = async () => (await callRoute(mirrorRoute.GET, '/api/…', { params })).json;
type Verified = Extract<FromEngine, { type: 'verified' }>;
const found = (more: Partial<Verified>): Verified => ({
  type: 'verified',
  linkId: linkId(),
  topic: 'orders',
  progress: '{}',
  sweepEnded: null,
  difference: null,
  ...more,
});
const difference: Verified['difference'] = {
  topic: 'orders',
  sourceTopic: 'orders',
  partition: 0,
  foundAt: 1_700_000_000_000,
  foundBy: 'SWEEP',
  message: 'orders partition 0 differs from its source at offset 1234.',
  producer: { id: '77', epoch: 0, batchBaseOffset: '1234', control: false },
  linkProducerId: '9',
  comparedFrom: '1234',
  comparedTo: '1500',
  more: false,
  records: [
    {
      offset: '1234',
      kind: 'DIFFERENT',
      source: { timestamp: '1', bytes: 10, crc32c: '00abcdef' },
      mirror: { timestamp: '1', bytes: 11, crc32c: '10abcdef' },
    },
  ],
};

describe('a sweep', () => {
  it('is estimated, begun, goes on over a restart, and ends with what the engine has found', async () => {
    const numbers = [{ stable: 1_000n, end: 1_000n, bytesTotal: 50_000n, recordsTotal: 500n }];
    server.engine.say(snapshotOf(Date.now(), [{ id: linkId(), mirrors: [{ topic: 'orders', numbers }] }]));
    const dry = await callRoute(sweepRoute.POST, '/api/…?validate_only=true', post);
    // 100 bytes a record, both sides.
    expect(dry.json).toMatchObject({ topics: ['orders'], offsets: '1000', bytes: '200000', seconds: 1 });
    expect(wanted()).toBeNull();

    await callRoute(sweepRoute.POST, '/api/…', post);
    const id = wanted()?.id;
    expect(id).toBeDefined();
    expect((await callRoute(sweepRoute.POST, '/api/…', post)).json.topics).toEqual([]);
    await server.restart();
    expect(wanted()?.id).toBe(id);

    server.engine.say(found({ sweepEnded: { id: id ?? '', at: 1_700_000_000_000, outcome: 'EQUAL' } }));
    await vi.waitFor(async () => expect((await page()).sweep.outcome).toBe('EQUAL'));
    const { events } = await page();
    expect(events.map((event: { to: string }) => event.to)).toContain('SWEEP_EQUAL');
    // A change sends the wish again: nothing is swept any more.
    await callRoute(linkRoute.PATCH, '/api/…', {
      method: 'PATCH',
      params: at,
      body: { 'link.memory.bytes': 10_000_000 },
    });
    expect(wanted()).toBeNull();
  });

  it('of all mirrors of a link is given up for all of them', async () => {
    await callRoute(linkSweepRoute.POST, '/api/…', { method: 'POST', params: at });
    const id = wanted()?.id ?? '';
    const given = await callRoute(linkSweepRoute.DELETE, '/api/…', { method: 'DELETE', params: at });
    expect(given.json.topics).toEqual(['orders']);
    expect(wanted()).toBeNull();
    // What the engine says of it afterwards changes nothing.
    server.engine.say(found({ progress: '{"later":1}', sweepEnded: { id, at: 1, outcome: 'EQUAL' } }));
    await vi.waitFor(() =>
      expect(server.runtime.catalog.link('east', 'orders-link').mirrors.get('orders')?.verified).toBe(
        '{"later":1}',
      ),
    );
    expect((await page()).sweep.outcome).toBe('CANCELLED');
    expect(
      (await callRoute(linkSweepRoute.DELETE, '/api/…', { method: 'DELETE', params: at })).json.message,
    ).toBe('No sweep is running.');
  });
});

describe('what verification found', () => {
  it('is a file to download, without contents, until a sweep finds both sides equal', async () => {
    expect((await callRoute(differenceRoute.GET, '/api/…', { params })).status).toBe(404);
    server.engine.say(found({ difference }));
    await vi.waitFor(async () => expect((await page()).differences).toHaveLength(1));
    expect((await page()).differences[0]).toMatchObject({ partition: 0, offset: '1234', records: 1 });
    const file = await callRoute(differenceRoute.GET, '/api/…', { params });
    expect(file.headers.get('content-disposition')).toContain('landbridge-difference-orders.json');
    expect(JSON.parse(file.text)).toEqual({
      link: 'orders-link',
      destination: 'east',
      topic: 'orders',
      partitions: [difference],
    });
    await callRoute(sweepRoute.POST, '/api/…', post);
    server.engine.say(found({ sweepEnded: { id: wanted()?.id ?? '', at: 1, outcome: 'EQUAL' } }));
    await vi.waitFor(async () => expect((await page()).differences).toEqual([]));
  });

  it('is what the next engine begins with', async () => {
    server.engine.say(found({ progress: '{"partitions":1}' }));
    await vi.waitFor(() =>
      expect(server.runtime.catalog.link('east', 'orders-link').mirrors.get('orders')?.verified).toBe(
        '{"partitions":1}',
      ),
    );
    await server.restart();
    expect(server.engine.desired[0]?.mirrors[0]?.verified).toBe('{"partitions":1}');
  });
});
