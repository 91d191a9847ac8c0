import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listAudit } from '@/server/store/audit';
import { listLinkEvents } from '@/server/store/link-events';
import { addClusters, createLink } from '@/server/testing/requests';
import { startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
let linkId: string;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  linkId = (await createLink()).json.link.id;
});
afterEach(() => server.close());

const event = (topic: string | null, from: string | null, to: string, message: string | null = null) =>
  server.engine.say({ type: 'event', linkId, at: Date.now(), topic, partition: null, from, to, message });
const ofEngine = async () =>
  (await listAudit(server.runtime.store.db, 100)).filter(({ actorKind }) => actorKind === 'engine').reverse();
const rows = async (count: number) => {
  await vi.waitFor(async () => expect((await ofEngine()).length).toBeGreaterThanOrEqual(count), 10_000);
  return ofEngine();
};

describe('what the engine does', () => {
  it('is one row with its list when a thousand mirrors become active, seen by whoever sees the link', async () => {
    for (let i = 0; i < 999; i++) event(`topic-${i}`, 'PENDING_MIRROR', 'ACTIVE');
    const [row, ...more] = await rows(1);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      operation: 'change state of mirrors',
      objectType: 'link',
      target: 'orders-link (west → east)',
      cluster: 'west',
      destination: 'east',
      link: 'orders-link',
      before: { state: 'PENDING_MIRROR' },
      after: { state: 'ACTIVE' },
      details: { count: 999 },
    });
  });

  it('costs few rows also when it goes on for a while', async () => {
    for (let burst = 0; burst < 10; burst++) {
      for (let i = 0; i < 100; i++) event(`topic-${burst}-${i}`, 'PENDING_MIRROR', 'ACTIVE');
      await new Promise((resolve) => setImmediate(resolve));
    }
    const listed = async () =>
      (await ofEngine()).reduce((sum, { details }) => sum + (details as { count: number }).count, 0);
    await vi.waitFor(async () => expect(await listed()).toBe(1_000), 20_000);
    expect((await ofEngine()).length).toBeLessThan(5);
  });

  it('names why: the reason of a failed mirror, the state of a link', async () => {
    event('orders', 'ACTIVE', 'FAILED', 'Somebody else wrote to it.');
    event(null, 'ACTIVE', 'UNAVAILABLE', 'No broker answers.');
    expect(await rows(2)).toMatchObject([
      {
        operation: 'change state of mirrors',
        message: 'Somebody else wrote to it.',
        after: { state: 'FAILED' },
      },
      { operation: 'change state of link', message: 'No broker answers.', after: { state: 'UNAVAILABLE' } },
    ]);
  });

  it('on a destination stands there as it was and as it became', async () => {
    const items = [
      { topic: 'orders', before: { 'retention.ms': '604800000' }, after: { 'retention.ms': '-1' } },
    ];
    const created = [{ topic: 'new', before: null, after: { partitions: '4' } }];
    server.engine.say({ type: 'wrote', linkId, at: Date.now(), write: { what: 'CONFIGS_SET', items } });
    server.engine.say({ type: 'wrote', linkId, at: 1, write: { what: 'TOPIC_CREATED', items: created } });
    expect(await rows(2)).toMatchObject([
      { operation: 'set configs of mirror topics', details: { topics: items, count: 1 } },
      { operation: 'create mirror topics', details: { topics: created } },
    ]);
  });

  it('over and over, such as following log starts, is gathered and is written at the latest at a stop', async () => {
    for (let start = 1; start <= 5; start++) {
      const item = (partition: string) => ({
        topic: 'orders',
        before: { [partition]: String(start - 1) },
        after: { [partition]: String(start) },
      });
      const write = { what: 'RECORDS_DELETED' as const, items: [item('0'), item('1')] };
      server.engine.say({ type: 'wrote', linkId, at: Date.now(), write });
    }
    await server.restart();
    const deletions = (await ofEngine()).filter(({ operation }) => operation.startsWith('delete records'));
    expect(deletions).toMatchObject([
      {
        details: {
          topics: [{ topic: 'orders', before: { 0: '0', 1: '0' }, after: { 0: '5', 1: '5' } }],
          count: 1,
        },
      },
    ]);
  });

  it('for consumer groups is one row a run, with the groups named', async () => {
    const groups = Array.from({ length: 60 }, (_, i) => `group-${i}`);
    const write = { what: 'GROUP_OFFSETS_COMMITTED' as const, groups, offsets: 180 };
    server.engine.say({ type: 'wrote', linkId, at: Date.now(), write });
    server.engine.say({
      type: 'wrote',
      linkId,
      at: Date.now(),
      write: { ...write, groups: ['one'], offsets: 1 },
    });
    expect(await rows(2)).toMatchObject([
      {
        operation: 'commit offsets of consumer groups',
        details: { groups: groups.slice(0, 50), count: 60, offsets: 180 },
      },
      { details: { groups: ['one'], count: 1, offsets: 1 } },
    ]);
  });

  it('is what the timeline points at', async () => {
    event('orders', 'PENDING_MIRROR', 'ACTIVE');
    const [row] = await rows(1);
    const find = async () => {
      const events = await listLinkEvents(server.runtime.store.db, linkId, { limit: 10 });
      return events.find(({ to }) => to === 'ACTIVE');
    };
    await vi.waitFor(async () => expect((await find())?.operationId).toBe(row?.operationId));
    const [created] = await listLinkEvents(server.runtime.store.db, linkId, { limit: 10 }).then((events) =>
      events.filter(({ to }) => to === 'CREATED'),
    );
    const asked = await listAudit(server.runtime.store.db, 100);
    expect(asked.find(({ operation }) => operation === 'create link')?.operationId).toBe(
      created?.operationId,
    );
  });
});
