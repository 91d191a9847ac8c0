// Failing back over the API: what is shown before, what is stored and told, what becomes of it, and the records that leave the cluster.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as recordsRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/failback/records/route';
import * as failbackRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/failback/route';
import * as operationRoute from '@/app/api/links/[destination]/[name]/operations/[id]/route';
import type { FromEngine } from '@/lib/contracts/engine';
import { operationOptions } from '@/lib/contracts/operation';
import { noWork } from '@/lib/contracts/remake';
import { listAudit } from '@/server/store/audit';
import { insertOperations, recordProgress } from '@/server/store/operations';
import { everywhere, onCluster, signedIn } from '@/server/testing/actors';
import { addClusters, at, createLink } from '@/server/testing/requests';
import { type Call, callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink({ topics: ['orders', 'clicks'] });
  await failedOver('orders');
});
afterEach(() => server.close());

const path = '/api/links/east/orders-link/mirrors/orders/failback';
const params = { ...at, topic: 'orders' };
const reason = 'The old site is back again.';
const body = { confirm: 'orders', topicId: 'id-of-topic', reason };
const plan = () => callRoute(failbackRoute.GET, path, { params });
const start = (over: object = {}, query = '', call: Call = {}) =>
  callRoute(failbackRoute.POST, `${path}${query}`, {
    method: 'POST',
    params,
    body: { ...body, ...over },
    ...call,
  });
const records = (query: string, call: Call = {}) =>
  callRoute(recordsRoute.GET, `${path}/records${query}`, { params, ...call });
const back = () => server.runtime.catalog.findLink('west', 'orders-link');
const told = () =>
  server.engine.desired
    .find(({ destination }) => destination.name === 'west')
    ?.mirrors.find(({ topic }) => topic === 'orders');

async function failedOver(topic: string) {
  const { store, catalog } = server.runtime;
  const linkId = catalog.links[0]?.id ?? '';
  await insertOperations(store.db, [
    {
      ...{
        id: 'failover',
        linkId,
        topic,
        kind: 'FAILOVER',
        options: operationOptions.parse({}),
        reason: null,
      },
      ...{ actor: 'ops', auditOperationId: 'a', startedAtMs: 1, cancelAskedAtMs: null, fencingAtMs: null },
      ...{ endedAtMs: null, outcome: null, message: null, steps: [], statement: null, remake: null },
    },
  ]);
  const unknown = { fence: null, epoch: null, sourceLastStable: null, sourceEnd: null, sourceSeenAt: null };
  await recordProgress(store.db, {
    ...{ operationId: 'failover', at: 5, steps: [], fencing: true, outcome: 'DONE', message: null },
    statement: {
      ...{
        at: 5,
        kind: 'FAILOVER',
        topic,
        sourceTopic: topic,
        notes: [],
        configs: {},
        missing: null,
        knownAt: 4,
      },
      partitions: [{ ...unknown, partition: 0, mirrorEnd: '5', missing: null, left: [], note: null }],
    },
  });
  const stopped = { at: 5, how: 'FAILOVER', operationId: 'failover', partitions: 1, missing: null };
  await store.db
    .updateTable('mirror')
    .set({ created: 1, stopped: JSON.stringify(stopped) })
    .where('topic', '=', topic)
    .execute();
  await catalog.load();
}

let saying = 900;
async function say(operationId: string, over: Partial<Extract<FromEngine, { type: 'operation' }>>) {
  const id = saying++;
  server.engine.say({
    ...{ type: 'operation', id, linkId: back()?.id ?? '', topic: 'orders', operationId, at: Date.now() },
    ...{ steps: [], fencing: false, outcome: null, message: null, statement: null },
    ...over,
  });
  await vi.waitFor(() =>
    expect(server.engine.received.some((one) => one.type === 'persisted' && one.id === id)).toBe(true),
  );
}

it('shows where both sides part, read from where the mirror ended, and what would happen', async () => {
  const shown = await plan();
  expect(shown).toMatchObject({
    status: 200,
    json: { back: { destination: 'west', exists: false }, parting: { diverged: true, records: '2' } },
  });
  expect(shown.json.message).toContain('2 records of "orders" on "west" are not in "orders"');
  expect(shown.json.warnings.join(' ')).toContain('gone for good');
  const asked = server.engine.received.filter((one) => one.type === 'request').map(({ request }) => request);
  expect(asked.at(-1)).toMatchObject({ op: 'lookAtParting', topic: 'orders', ends: { '0': '5' } });
  const other = { ...params, topic: 'clicks' };
  expect(await callRoute(failbackRoute.GET, path, { params: other })).toMatchObject({ status: 409 });
});

it('is begun on the way back, which is made for it, and only with the topic named', async () => {
  expect(await start({}, '?validate_only=true')).toMatchObject({ status: 200, json: { operationId: null } });
  for (const wrong of [{ confirm: 'order' }, { topicId: undefined }])
    expect((await start(wrong)).status).toBe(400);
  expect(back()).toBeUndefined();
  const begun = await start({ options: { save: true } });
  expect(begun).toMatchObject({ status: 202, json: { back: { destination: 'west', name: 'orders-link' } } });
  expect(begun.json.saveTo).toMatch(/^orders\.diverged-\d{8}-\d{6}$/);
  expect(told()).toMatchObject({
    ...{ topic: 'orders', sourceTopic: 'orders', created: false },
    remake: {
      kind: 'FAILBACK',
      request: { topicId: 'id-of-topic', ends: { '0': '5' }, saveTo: begun.json.saveTo },
    },
  });
  // One at a time, and the way back feeds the topic from now on.
  expect((await start()).status).toBe(409);
  const [intent] = (await listAudit(server.runtime.store.db, 20)).filter(
    ({ operation, kind }) => operation === 'failback mirror' && kind === 'INTENT',
  );
  expect(intent).toMatchObject({ reason, target: expect.stringContaining('orders of orders-link') });
});

it('that comes to nothing leaves no mirror; one that has deleted its topic does', async () => {
  const first: string = (await start()).json.operationId;
  await say(first, { outcome: 'FAILED', message: 'A right is missing.', work: noWork });
  expect(back()?.mirrors.has('orders')).toBe(false);
  const get = () =>
    callRoute(operationRoute.GET, path, { params: { destination: 'west', name: 'orders-link', id: first } });
  expect((await get()).json).toMatchObject({
    kind: 'FAILBACK',
    outcome: 'FAILED',
    message: 'A right is missing.',
  });
  const second: string = (await start()).json.operationId;
  const facts = { created: false, starts: { '0': '0' } };
  await say(second, { fencing: true, work: noWork });
  await say(second, { fencing: true, work: { ...noWork, cleared: true }, facts });
  expect(
    server.runtime.catalog.desired().find(({ source }) => source.name === 'east')?.mirrors[0],
  ).toMatchObject({
    ...{ created: false, starts: { '0': '0' } },
    remake: { deleting: true, work: { cleared: true } },
  });
  await say(second, {
    fencing: true,
    outcome: 'FAILED',
    message: 'No broker.',
    work: { ...noWork, cleared: true },
  });
  expect(back()?.mirrors.get('orders')).toMatchObject({ operation: null, stopped: null });
});

it('needs a role on both directions, and the second person where failing over does', async () => {
  const east = await signedIn(server, 'east', [onCluster('approver', 'east')]);
  expect((await start({}, '', { as: east.as })).status).toBeGreaterThanOrEqual(403);
  const settings = { 'two.person.operations': 'failover' } as const;
  await server.runtime.links.patchSettings({ kind: 'system' }, at, settings, false);
  const ann = await signedIn(server, 'ann', [everywhere('approver')]);
  expect(await start({}, '', { as: ann.as })).toMatchObject({
    status: 409,
    json: { code: 'APPROVAL_NEEDED' },
  });
});

it('hands what has diverged to approvers, with why, and writes down who took it', async () => {
  const ann = await signedIn(server, 'ann', [everywhere('approver')]);
  const ben = await signedIn(server, 'ben', [everywhere('operator')]);
  const why = `?reason=${encodeURIComponent(reason)}`;
  expect((await records(why, { as: ben.as })).status).toBe(403);
  expect((await records('', { as: ann.as })).status).toBe(400);
  expect(await records(why, { as: ann.as })).toMatchObject({ status: 200, text: '{"partition":0}\n' });
  const rows = (await listAudit(server.runtime.store.db, 20)).filter(
    ({ operation }) => operation === 'download diverged records',
  );
  expect(rows.map(({ kind, result }) => `${kind} ${result}`).toSorted()).toEqual([
    'INTENT null',
    'OUTCOME OK',
  ]);
  expect(rows.find(({ kind }) => kind === 'OUTCOME')?.details).toMatchObject({ records: 1 });
});
