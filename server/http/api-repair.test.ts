// What can be done about a mirror that has failed, over the API: which ways fit which error, what is stored and told, and who may.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as confirmRoute from '@/app/api/approvals/[id]/confirm/route';
import * as repairRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/repair/route';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as cancelRoute from '@/app/api/links/[destination]/[name]/operations/[id]/cancel/route';
import * as operationRoute from '@/app/api/links/[destination]/[name]/operations/[id]/route';
import type { FromEngine } from '@/lib/contracts/engine';
import type { MirrorError, MirrorState } from '@/lib/contracts/link';
import type { RepairView } from '@/lib/contracts/repair';
import { listAudit } from '@/server/store/audit';
import { everywhere, signedIn } from '@/server/testing/actors';
import { addClusters, at, createLink } from '@/server/testing/requests';
import { snapshotOf } from '@/server/testing/snapshots';
import { type Call, callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink({ topics: ['orders'] });
  await server.runtime.store.db.updateTable('mirror').set({ created: 1 }).execute();
  await server.runtime.catalog.load();
});
afterEach(() => server.close());

const path = '/api/links/east/orders-link/mirrors/orders/repair';
const params = { ...at, topic: 'orders' };
const reason = 'The source lost them for good.';
const look = async (): Promise<RepairView> => (await callRoute(repairRoute.GET, path, { params })).json;
const fitting = async () => (await look()).ways.filter(({ fits }) => fits).map(({ way }) => way);
const repair = (body: object, query = '', call: Call = {}) =>
  callRoute(repairRoute.POST, `${path}${query}`, {
    method: 'POST',
    params,
    body: { reason, ...body },
    ...call,
  });
const wish = () => server.engine.desired[0]?.mirrors.find(({ topic }) => topic === 'orders');
const link = () => server.runtime.catalog.links[0]!;

function says(state: MirrorState, error: MirrorError, lost?: { from: string; to: string }) {
  const exception = { partition: 0, state, error, message: 'Said.', since: 1, ...(lost ? { lost } : {}) };
  const mirrors = [
    {
      topic: 'orders',
      state,
      error,
      message: 'Said.',
      numbers: [{ stable: 5n, end: 5n }],
      exceptions: [exception],
    },
  ];
  server.engine.say(snapshotOf(Date.now(), [{ id: link().id, mirrors }]));
}
const audited = async () =>
  (await listAudit(server.runtime.store.db, 20)).map(
    ({ operation, kind, result }) => `${operation} ${kind} ${result}`,
  );

describe('which ways fit', () => {
  it.each<[MirrorState, MirrorError, string[]]>([
    ['ACTIVE', 'NO_ERROR', ['RESEED']],
    ['FAILED', 'RECORD_TOO_LARGE', ['CHECK_AGAIN', 'RESEED']],
    ['FAILED', 'UNEXPECTED_WRITE', ['CHECK_AGAIN', 'RESEED']],
    ['FAILED', 'TOMBSTONES_EXPIRED', ['RESEED']],
    ['FAILED', 'SOURCE_TOPIC_MAY_BE_DELETED', ['CHECK_AGAIN']],
    ['SOURCE_UNAVAILABLE', 'NO_ERROR', []],
  ])('%s, %s: %s; the others say why not', async (state, error, ways) => {
    says(state, error);
    expect(await fitting()).toEqual(ways);
    for (const { fits, message } of (await look()).ways) expect(fits || message.length > 10).toBe(true);
  });

  it('refuses one that does not fit, in the same words', async () => {
    says('FAILED', 'TOMBSTONES_EXPIRED');
    const refused = await repair({ way: 'CHECK_AGAIN' });
    expect(refused).toMatchObject({ status: 409, json: { code: 'MIRROR_STATE' } });
    expect(refused.json.message).toContain('Re-seed the mirror');
  });
});

it('a second look is asked of the engine, with its reason in the audit log and in the timeline', async () => {
  says('FAILED', 'RECORD_TOO_LARGE');
  expect((await repair({ way: 'CHECK_AGAIN' }, '?validate_only=true')).json).toMatchObject({ done: false });
  expect((await repair({ way: 'CHECK_AGAIN' })).json).toMatchObject({ done: true });
  expect(await audited()).toEqual(
    expect.arrayContaining(['check mirror again INTENT null', 'check mirror again OUTCOME OK']),
  );
  const { events } = (await callRoute(mirrorRoute.GET, path, { params })).json;
  expect(events[0]).toMatchObject({ to: 'CHECK_AGAIN_REQUESTED', message: reason });
});

describe('a lost range', () => {
  const lost = { partition: 0, from: '100', to: '150' };

  it('is accepted as it is named, told to the engine, and stands in the log with who and why', async () => {
    says('FAILED', 'SOURCE_RANGE_LOST', { from: '100', to: '150' });
    expect((await look()).lost).toEqual([lost]);
    expect(await fitting()).toEqual(['DECLARE_LOST', 'RESEED']);
    expect((await repair({ way: 'DECLARE_LOST', lost }, '?validate_only=true')).json).toMatchObject({
      done: false,
    });
    expect(wish()?.acceptedLosses).toEqual([]);
    const done = await repair({ way: 'DECLARE_LOST', lost });
    expect(done.json.message).toContain('offsets 100 to 149 of partition 0');
    expect(wish()?.acceptedLosses).toMatchObject([{ ...lost, by: expect.any(String) }]);
    const [intent] = (await listAudit(server.runtime.store.db, 20)).filter(({ kind }) => kind === 'INTENT');
    expect(intent).toMatchObject({ operation: 'declare records of mirror lost', reason, details: { lost } });
  });

  it('is refused where another range is lost by now', async () => {
    says('FAILED', 'SOURCE_RANGE_LOST', { from: '100', to: '170' });
    const refused = await repair({ way: 'DECLARE_LOST', lost });
    expect(refused.json.message).toContain('100 to 169');
    expect(wish()?.acceptedLosses).toEqual([]);
  });
});

describe('a re-seed', () => {
  const body = { way: 'RESEED', confirm: 'orders', topicId: 'id-of-topic' };
  let saying = 500;
  async function say(operationId: string, over: Partial<Extract<FromEngine, { type: 'operation' }>>) {
    const id = saying++;
    server.engine.say({
      ...{ type: 'operation', id, linkId: link().id, topic: 'orders', operationId, at: Date.now() },
      ...{ steps: [], fencing: false, outcome: null, message: null, statement: null },
      ...over,
    });
    await vi.waitFor(() =>
      expect(server.engine.received.some((one) => one.type === 'persisted' && one.id === id)).toBe(true),
    );
  }

  it('shows what it would delete, and wants its name and its id', async () => {
    says('FAILED', 'UNEXPECTED_WRITE');
    const planned = await repair({ way: 'RESEED' }, '?validate_only=true');
    expect(planned).toMatchObject({
      status: 200,
      json: { done: false, look: { topicId: 'id-of-topic', offsets: '7' } },
    });
    for (const wrong of [{ confirm: 'order' }, { topicId: undefined }])
      expect(await repair({ ...body, ...wrong })).toMatchObject({
        status: 400,
        json: { code: 'INVALID_REQUEST' },
      });
    expect(wish()?.remake ?? null).toBeNull();
  });

  it('goes to the engine; what is known of the topic goes with it, and stays with the operation', async () => {
    says('FAILED', 'UNEXPECTED_WRITE');
    const begun = await repair(body);
    expect(begun).toMatchObject({ status: 202, json: { done: true } });
    const id: string = begun.json.operationId;
    expect(wish()).toMatchObject({
      ending: null,
      remake: { operationId: id, kind: 'RESEED', deleting: false, request: { topicId: 'id-of-topic' } },
    });
    const old = { topicId: 'id-of-topic', partitions: 1, replicationFactor: 1, offsets: '7' };
    const work = { old, parting: null, saved: null, cleared: false };
    await say(id, { fencing: true, work });
    const cancel = await callRoute(cancelRoute.POST, `${path}/cancel`, {
      method: 'POST',
      params: { ...at, id },
    });
    expect(cancel).toMatchObject({ status: 409, json: { code: 'OPERATION_CLOSED' } });
    // What the next engine would be told.
    const next = server.runtime.catalog.desired()[0]?.mirrors[0];
    expect(next).toMatchObject({ created: true, remake: { deleting: true, work: { old } } });
    await say(id, {
      fencing: true,
      work: { ...work, cleared: true },
      facts: { created: false, starts: null },
    });
    expect(server.runtime.catalog.desired()[0]?.mirrors[0]).toMatchObject({
      created: false,
      sourceTopicId: null,
    });
    await say(id, { outcome: 'DONE', message: 'Re-seeded.', work: { ...work, cleared: true } });
    expect(wish()?.remake ?? null).toBeNull();
    expect((await callRoute(operationRoute.GET, path, { params: { ...at, id } })).json).toMatchObject({
      ...{ kind: 'RESEED', outcome: 'DONE', statement: null, remake: { work: { old } } },
    });
    expect(await audited()).toEqual(
      expect.arrayContaining([
        're-seed mirror INTENT null',
        're-seed mirror OUTCOME OK',
        'end re-seed of mirror EVENT OK',
      ]),
    );
    expect(link().mirrors.get('orders')?.stopped).toBeNull();
  });

  it('is for approvers, and needs a second one where deleting does', async () => {
    says('FAILED', 'UNEXPECTED_WRITE');
    const operator = await signedIn(server, 'operator', [everywhere('operator')]);
    expect((await repair(body, '', { as: operator.as })).status).toBe(403);
    const settings = { 'two.person.operations': 'delete' } as const;
    await server.runtime.links.patchSettings({ kind: 'system' }, at, settings, false);
    const [first, second] = [
      await signedIn(server, 'first', [everywhere('approver')]),
      await signedIn(server, 'second', [everywhere('approver')]),
    ];
    const asked = await repair(body, '', { as: first.as });
    expect(asked).toMatchObject({ status: 409, json: { code: 'APPROVAL_NEEDED' } });
    const id = asked.json.fields.approval;
    const confirm = { method: 'POST', params: { id }, as: second.as };
    const confirmed = await callRoute(confirmRoute.POST, `/api/approvals/${id}/confirm`, confirm);
    expect(confirmed.status).toBe(200);
    expect((await repair(body, '', { as: first.as })).status).toBe(202);
  });
});
