// Promotes and failovers over both APIs: what is refused, what the engine is told, what becomes of what it says.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as confirmRoute from '@/app/api/approvals/[id]/confirm/route';
import * as pauseRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/pause/route';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as cancelRoute from '@/app/api/links/[destination]/[name]/operations/[id]/cancel/route';
import * as operationRoute from '@/app/api/links/[destination]/[name]/operations/[id]/route';
import * as statementRoute from '@/app/api/links/[destination]/[name]/operations/[id]/statement/route';
import * as operationsRoute from '@/app/api/links/[destination]/[name]/operations/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import type { FromEngine } from '@/lib/contracts/engine';
import { restAlteredMirrors } from '@/lib/contracts/kafka-rest';
import type { OperationStatement } from '@/lib/contracts/operation';
import { listAudit } from '@/server/store/audit';
import { everywhere, signedIn } from '@/server/testing/actors';
import { addClusters, at, createLink } from '@/server/testing/requests';
import { snapshotOf } from '@/server/testing/snapshots';
import {
  type Call,
  type Credentials,
  callRoute,
  requestOf,
  startTestServer,
  type TestServer,
} from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink({ topics: ['orders', 'orders-old', 'clicks'] });
  await created();
});
afterEach(() => server.close());

async function created() {
  await server.runtime.store.db.updateTable('mirror').set({ created: 1 }).execute();
  await server.runtime.catalog.load();
}

const base = '/api/links/east/orders-link';
const reason = 'We move over to the new site.';
const start = (body: object, query = '', call: Call = {}) =>
  callRoute(operationsRoute.POST, `${base}/operations${query}`, {
    ...{ method: 'POST', params: at, body: { kind: 'PROMOTE', reason, ...body } },
    ...call,
  });
const begun = async (body: object): Promise<string> =>
  (await start({ topics: ['orders'], ...body })).json.plans[0].operationId;
const one = (id: string) =>
  callRoute(operationRoute.GET, `${base}/operations/${id}`, { params: { ...at, id } });
const cancel = (id: string) =>
  callRoute(cancelRoute.POST, `${base}/operations/${id}/cancel`, { method: 'POST', params: { ...at, id } });
const mirror = (topic: string, method: 'GET' | 'DELETE' = 'GET') =>
  callRoute(method === 'GET' ? mirrorRoute.GET : mirrorRoute.DELETE, `${base}/mirrors/${topic}`, {
    method,
    params: { ...at, topic },
  });
const link = () => server.runtime.catalog.links[0]!;
const wish = (topic: string) => server.engine.desired[0]?.mirrors.find((one) => one.topic === topic);

type Said = Extract<FromEngine, { type: 'operation' }>;
let saying = 1_000;
/** What the engine says; where it is to be stored, waits until it was told that it is. */
async function say(operationId: string, over: Partial<Said>, stored = true, topic = 'orders') {
  const id = stored ? saying++ : null;
  const idle = { steps: [], fencing: false, outcome: null, message: null, statement: null };
  server.engine.say({
    ...{ type: 'operation', id, linkId: link().id, topic, operationId, at: Date.now() },
    ...idle,
    ...over,
  });
  if (id === null) return null;
  const told = () => server.engine.received.find((one) => one.type === 'persisted' && one.id === id);
  await vi.waitFor(() => expect(told()).toBeDefined());
  const answer = told();
  return answer?.type === 'persisted' ? answer.error : null;
}
const drain = {
  name: 'DRAIN',
  state: 'RUNNING',
  since: 5,
  endedAt: null,
  detail: '=5 offsets left.',
} as const;
const statement: OperationStatement = {
  ...{ at: 9, kind: 'FAILOVER', topic: 'orders', sourceTopic: 'orders', configs: { 'retention.ms': '7' } },
  ...{ notes: ['Said.'], missing: '3', knownAt: 8 },
  partitions: [
    {
      ...{ partition: 0, mirrorEnd: '5', fence: '5', epoch: 2, sourceLastStable: '8', sourceEnd: '8' },
      ...{ sourceSeenAt: 8, missing: '3', left: [], note: '=HYPERLINK("x")' },
    },
    {
      ...{ partition: 1, mirrorEnd: null, fence: null, epoch: null, sourceLastStable: null, sourceEnd: null },
      ...{ sourceSeenAt: null, missing: null, left: [], note: null },
    },
  ],
};

describe('a promote', () => {
  it('is planned for names or a pattern without changing anything', async () => {
    const planned = await start({ pattern: 'orders.*' }, '?validate_only=true');
    expect(planned).toMatchObject({ status: 200, json: { started: 0, auditOperationId: null } });
    expect(planned.json.plans.map((plan: { topic: string }) => plan.topic)).toEqual(['orders', 'orders-old']);
    expect(planned.json.plans[0]).toMatchObject({ ok: true, operationId: null });
    expect(wish('orders')?.ending).toBeNull();
    for (const pattern of ['(', 'a'.repeat(250)]) expect((await start({ pattern })).status).toBe(400);
    expect((await start({ pattern: 'x', topics: ['orders'] })).status).toBe(400);
    expect(await start({ pattern: 'nothing' })).toMatchObject({ status: 404 });
  });

  it('goes to the engine, shows its steps live, and ends with a topic that is free', async () => {
    const started = await start({ topics: ['orders', 'none'], options: { openTransactions: 'abort' } });
    expect(started).toMatchObject({ status: 202, json: { started: 1 } });
    expect(started.json.plans[1]).toMatchObject({ ok: false, code: 'MIRROR_NOT_FOUND' });
    const id = started.json.plans[0].operationId;
    expect(wish('orders')?.ending).toMatchObject({
      ...{ operationId: id, kind: 'PROMOTE', cancel: false, fencing: false },
      options: { openTransactions: 'abort', quietMs: 3_000 },
    });
    await say(id, { steps: [drain] }, false);
    expect((await one(id)).json).toMatchObject({ outcome: null, cancellable: true, steps: [drain] });
    expect((await mirror('orders')).json.mirror).toMatchObject({
      ...{ state: 'PENDING_STOPPED', operation: { id, step: 'DRAIN', detail: '=5 offsets left.' } },
    });
    expect(await say(id, { outcome: 'DONE', message: 'Promoted.', statement })).toBeNull();
    expect(wish('orders')).toBeUndefined();
    expect((await mirror('orders')).json.mirror).toMatchObject({
      ...{ state: 'STOPPED', partitions: 2, operation: null },
      stopped: { how: 'PROMOTE', operationId: id, missing: '3' },
    });
    const list = await callRoute(operationsRoute.GET, `${base}/operations`, { params: at });
    expect(list.json).toMatchObject({ counts: { open: 0, done: 1 }, operations: [{ id, missing: '3' }] });
    // What is said twice, or too late, changes nothing.
    expect(await say(id, { outcome: 'FAILED' })).toContain('not open any more');
    // Another link may mirror to it now.
    const other = await createLink({ name: 'second', topics: ['orders'] });
    expect(other.status).toBe(201);
  });

  it('stands in the audit log with its reason, as asked for and as it ended, and in the timeline', async () => {
    const id = await begun({});
    await say(id, { outcome: 'DONE', message: 'Promoted.', statement });
    const rows = (await listAudit(server.runtime.store.db, 100))
      .toReversed()
      .filter(({ operation }) => /promote/.test(operation));
    expect(rows.map(({ operation, kind, result }) => [operation, kind, result])).toEqual([
      ['promote mirror', 'INTENT', null],
      ['promote mirror', 'OUTCOME', 'OK'],
      ['end promote of mirror', 'EVENT', 'OK'],
    ]);
    expect(rows[0]).toMatchObject({ reason, target: expect.stringContaining('orders of orders-link') });
    expect(rows[2]?.after).toEqual({ state: 'STOPPED', configs: { 'retention.ms': '7' } });
    const { events } = (await mirror('orders')).json;
    expect(events.map((event: { to: string }) => event.to)).toEqual(['PROMOTE_DONE', 'PROMOTE_REQUESTED']);
  });

  it.each([
    [
      'is paused',
      () => server.runtime.mirrors.setPaused({ kind: 'system' }, at, ['orders'], true, false),
      'resume it first',
    ],
    ['has failed', () => snapshot('FAILED', 'Partition 0 is broken.'), 'Partition 0 is broken.'],
    ['has no source just now', () => snapshot('SOURCE_UNAVAILABLE', null), 'Fail over'],
    ['is not there yet', () => notCreated(), 'Nothing of "orders" is on "east" yet'],
  ])(
    'is refused for a mirror that %s; a failover is not, unless there is nothing',
    async (what, make, said) => {
      await make();
      const refused = await start({ topics: ['orders'] });
      expect(refused).toMatchObject({ status: 409, json: { code: 'MIRROR_STATE' } });
      expect(refused.json.message).toContain(said);
      const failover = await start({ kind: 'FAILOVER', topics: ['orders'] });
      expect(failover.status).toBe(what === 'is not there yet' ? 409 : 202);
    },
  );

  it('is taken back until the fence, and the mirror goes on', async () => {
    const id = await begun({});
    expect(await cancel(id)).toMatchObject({ status: 202, json: { cancelAsked: true } });
    expect(wish('orders')?.ending).toMatchObject({ operationId: id, cancel: true });
    await say(id, { outcome: 'CANCELLED', message: 'Taken back.' });
    expect(wish('orders')).toMatchObject({ ending: null });
    expect(await cancel(id)).toMatchObject({ status: 409, json: { code: 'OPERATION_CLOSED' } });
    const again = await begun({});
    await say(again, { fencing: true, statement });
    expect(await cancel(again)).toMatchObject({ status: 409, json: { code: 'OPERATION_CLOSED' } });
    expect((await one(again)).json).toMatchObject({ cancellable: false, statement: null });
    // Kept for the next engine.
    const next = server.runtime.catalog.desired()[0]?.mirrors.find(({ topic }) => topic === 'orders');
    expect(next?.ending).toMatchObject({ fencing: true, statement: { missing: '3' } });
  });

  it('keeps its mirror and its link from being removed or paused, and is one at a time', async () => {
    await begun({});
    expect(await mirror('orders', 'DELETE')).toMatchObject({ status: 409, json: { code: 'MIRROR_STATE' } });
    const removed = await callRoute(linkRoute.DELETE, base, { method: 'DELETE', params: at });
    expect(removed).toMatchObject({ status: 409, json: { code: 'MIRROR_STATE' } });
    const path = `${base}/mirrors/orders/pause`;
    const paused = await callRoute(pauseRoute.POST, path, {
      method: 'POST',
      params: { ...at, topic: 'orders' },
    });
    expect(paused).toMatchObject({ status: 409 });
    expect(await start({ kind: 'FAILOVER', topics: ['orders'] })).toMatchObject({ status: 409 });
  });

  it('of a person needs a reason, an operator’s is refused', async () => {
    const ann = await signedIn(server, 'ann', [everywhere('approver')]);
    const olga = await signedIn(server, 'olga', [everywhere('operator')]);
    expect(await start({ topics: ['orders'], reason: null }, '', { as: ann.as })).toMatchObject({
      ...{ status: 400, json: { fields: { reason: expect.any(String) } } },
    });
    expect(await start({ topics: ['orders'] }, '', { as: olga.as })).toMatchObject({ status: 403 });
    expect(await start({ topics: ['orders'] }, '', { as: ann.as })).toMatchObject({ status: 202 });
  });
});

describe('a failover', () => {
  it('leaves a statement of loss as JSON and as CSV, in which unknown is unknown', async () => {
    const id = await begun({ kind: 'FAILOVER' });
    const get = (format: string) =>
      callRoute(statementRoute.GET, `${base}/operations/${id}/statement?format=${format}`, {
        params: { ...at, id },
      });
    expect(await get('json')).toMatchObject({ status: 409, json: { code: 'OPERATION_CLOSED' } });
    await say(id, { outcome: 'DONE', message: 'Failed over.', statement });
    expect((await get('json')).json).toEqual(statement);
    const csv = await get('csv');
    expect(csv.text.split('\r\n')).toEqual([
      'topic,partition,mirror_end,fence,fence_epoch,source_last_stable,source_end,source_seen_at,missing,left,note',
      'orders,0,5,5,2,8,8,1970-01-01T00:00:00.008Z,3,,"\'=HYPERLINK(""x"")"',
      'orders,1,,,,,,,unknown,,',
      '',
    ]);
  });

  it('under the rule of two persons waits for the second, for exactly these topics and options', async () => {
    const settings = { 'two.person.operations': 'failover' } as const;
    await server.runtime.links.patchSettings({ kind: 'system' }, at, settings, false);
    const ann = await signedIn(server, 'ann', [everywhere('approver')]);
    const ben = await signedIn(server, 'ben', [everywhere('approver')]);
    const failover = (as: Credentials, over: object = {}) =>
      start({ kind: 'FAILOVER', topics: ['orders', 'clicks'], ...over }, '', { as });
    const asked = await failover(ann.as);
    expect(asked).toMatchObject({ status: 409, json: { code: 'APPROVAL_NEEDED' } });
    const id = asked.json.fields.approval;
    const confirm = { method: 'POST', params: { id }, as: ben.as };
    expect((await callRoute(confirmRoute.POST, `/api/approvals/${id}/confirm`, confirm)).status).toBe(200);
    expect((await failover(ann.as, { options: { force: true } })).status).toBe(409);
    expect((await failover(ann.as)).status).toBe(409);
    const second = (await failover(ann.as)).json.fields.approval;
    await callRoute(confirmRoute.POST, `/api/approvals/${second}/confirm`, {
      ...confirm,
      params: { id: second },
    });
    expect(await failover(ann.as)).toMatchObject({ status: 202, json: { started: 2 } });
    expect(await start({ topics: ['orders-old'] })).toMatchObject({ status: 202 });
  });
});

describe('mirrors:promote and mirrors:failover of the REST API', () => {
  const path = '/kafka/v3/clusters/id-of-east/links/orders-link/mirrors';
  const post = async (verb: string, body: object, query = '') => {
    const response = await rest.POST(requestOf(`${path}:${verb}${query}`, { method: 'POST', body }));
    return { status: response.status, json: await response.json() };
  };
  const codes = (json: unknown) =>
    restAlteredMirrors.parse(json).data.map((row) => [row.mirror_topic_name, row.error_code]);

  it('answer with a row per topic, begin what they can, and only look with validate_only', async () => {
    await begun({ kind: 'FAILOVER', topics: ['clicks'] });
    const names = { mirror_topic_names: ['orders', 'clicks', 'none'] };
    const rows = [
      ['orders', null],
      ['clicks', 40_002],
      ['none', 40_403],
    ];
    expect(codes((await post('promote', names, '?validate_only=true')).json)).toEqual(rows);
    expect(wish('orders')?.ending).toBeNull();
    expect(codes((await post('promote', names)).json)).toEqual(rows);
    expect(wish('orders')?.ending?.kind).toBe('PROMOTE');
    const pattern = { mirror_topic_name_pattern: 'orders.*' };
    expect(codes((await post('failover', pattern)).json)).toEqual([
      ['orders', 40_002],
      ['orders-old', null],
    ]);
    expect((await post('failover', {})).status).toBe(400);
  });

  it('are followed by the states that Confluent has for it', async () => {
    await post('failover', { mirror_topic_names: ['orders'] });
    const state = async (query = '') => {
      const response = await rest.GET(requestOf(`${path}/orders${query}`));
      return response.json();
    };
    expect(await state()).toMatchObject({ mirror_status: 'PENDING_STOPPED' });
    const id = link().mirrors.get('orders')?.operation?.id ?? '';
    await say(id, { outcome: 'DONE', statement });
    expect(await state('?include_state_transition_errors=true')).toMatchObject({
      ...{ mirror_status: 'STOPPED', num_partitions: 2, mirror_lags: [], mirror_state_transition_errors: [] },
    });
    expect(codes((await post('pause', { mirror_topic_names: ['orders', 'clicks'] })).json)).toEqual([
      ...[
        ['orders', 40_002],
        ['clicks', null],
      ],
    ]);
  });
});

function snapshot(state: 'FAILED' | 'SOURCE_UNAVAILABLE', message: string | null) {
  const mirrors = [{ topic: 'orders', state, message, numbers: [{ stable: 5n, end: 5n }] }];
  server.engine.say(snapshotOf(Date.now(), [{ id: link().id, mirrors }]));
}
async function notCreated() {
  await server.runtime.store.db.updateTable('mirror').set({ created: 0 }).execute();
  await server.runtime.catalog.load();
}
