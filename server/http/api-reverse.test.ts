// Reverses over both APIs: what is refused before anything happens, what the engine is told, and the way back, which is made once.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as confirmRoute from '@/app/api/approvals/[id]/confirm/route';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as operationsRoute from '@/app/api/links/[destination]/[name]/operations/route';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import type { BackCheck, ToEngine } from '@/lib/contracts/engine';
import type { OperationStatement } from '@/lib/contracts/operation';
import { placesIn } from '@/server/link/groups/group-memory';
import { listAudit } from '@/server/store/audit';
import { keepGroupMemory } from '@/server/store/group-memory';
import { everywhere, onLink, signedIn } from '@/server/testing/actors';
import { passedCheck } from '@/server/testing/engine-messages';
import { addClusters, at, createLink } from '@/server/testing/requests';
import {
  type Call,
  callRoute,
  requestOf,
  startTestServer,
  type TestServer,
} from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink({
    topics: ['orders', { topic: 'west-clicks', sourceTopic: 'clicks' }],
    settings: { 'consumer.offset.sync.enable': true },
  });
  await server.runtime.store.db.updateTable('mirror').set({ created: 1 }).execute();
  await server.runtime.catalog.load();
});
afterEach(() => server.close());

const reason = 'We move over to the new site.';
const start = (body: object = {}, query = '', call: Call = {}) =>
  callRoute(operationsRoute.POST, `/api/links/east/orders-link/operations${query}`, {
    ...{ method: 'POST', params: at, body: { kind: 'REVERSE', topics: ['orders'], reason, ...body } },
    ...call,
  });
const link = () => server.runtime.catalog.findLink('east', 'orders-link')!;
const back = () => server.runtime.catalog.findLink('west', 'orders-link');
const allowed = (over: Partial<BackCheck>): BackCheck => ({
  ...{ check: passedCheck('east', 'west'), acls: 'ALLOWED', longer: {} },
  ...over,
});

let asking = 1_000;
/** As the engine asks; waits for the answer. */
async function said<Type extends 'turned' | 'persisted'>(
  type: Type,
  say: (id: number) => void,
): Promise<Extract<ToEngine, { type: Type }>> {
  const id = asking++;
  say(id);
  const answer = () => server.engine.received.find((one) => one.type === type && one.id === id);
  await vi.waitFor(() => expect(answer()).toBeDefined());
  return answer() as Extract<ToEngine, { type: Type }>;
}
const turn = (operationId: string, topic = 'orders') =>
  said('turned', (id) => server.engine.say({ type: 'turn', id, linkId: link().id, topic, operationId }));
const tell = (operationId: string, over: object, topic = 'orders') =>
  said('persisted', (id) =>
    server.engine.say({
      ...{ type: 'operation', id, linkId: link().id, topic, operationId, at: Date.now(), steps: [] },
      ...{ fencing: true, outcome: null, message: null, statement: null },
      ...over,
    }),
  );
const statement = (turnAt: string | null, topic = 'orders', sourceTopic = topic): OperationStatement => ({
  ...{ at: 9, kind: 'REVERSE', topic, sourceTopic, configs: {}, notes: [], missing: '0', knownAt: 8 },
  partitions: [
    {
      ...{ partition: 0, mirrorEnd: '5', fence: '5', epoch: 2, sourceLastStable: '5', sourceEnd: '5' },
      ...{ sourceSeenAt: 8, missing: '0', left: [], note: null, turnAt },
    },
  ],
});

describe('a reverse', () => {
  it('says beforehand what it makes, and who else reads from the source', async () => {
    await createLink({ name: 'reader', topics: [{ topic: 'copy', sourceTopic: 'orders' }] });
    const { json } = await start({}, '?validate_only=true');
    expect(json.plans[0]).toMatchObject({ ok: true, operationId: null });
    expect(json.plans[0].message).toContain('on link "orders-link" from "east" to "west", which is made');
    expect(json.plans[0].warnings.join(' ')).toContain('link "reader" to "east"');
    expect(back()).toBeUndefined();
  });

  it('is refused where the source can be neither fenced nor written to, or is longer than the mirror', async () => {
    const refused = async (check: BackCheck, options: object = {}) => {
      server.engine.answers.checkBack = () => check;
      const { status, json } = await start({ options });
      expect([status, json.code]).toEqual([409, 'MIRROR_STATE']);
      return json.message as string;
    };
    expect(await refused(allowed({ acls: 'NO_AUTHORIZER' }))).toContain('sourceFence: none');
    expect(await refused(allowed({ acls: 'REFUSED' }))).toContain('--operation Alter');
    expect(await refused(allowed({}), { sourceFence: 'none' })).toContain('producersStopped');
    expect(await refused(allowed({}), { openTransactions: 'leave' })).toContain('Nothing can be left');
    expect(await refused(allowed({ longer: { orders: 'It begins later.' } }))).toBe('It begins later.');
    const row = { side: 'DESTINATION', resource: 'TOPIC', operation: 'WRITE', status: 'MISSING' } as const;
    const rights = [{ ...row, message: '', topics: ['orders'], command: 'kafka-acls.sh …' }];
    const check = { ...passedCheck('east', 'west'), rights };
    expect(await refused(allowed({ check }))).toContain('needs WRITE on topic orders. kafka-acls.sh');
    const options = { sourceFence: 'none', producersStopped: true };
    server.engine.answers.checkBack = () => allowed({ acls: 'NO_AUTHORIZER' });
    expect((await start({ options })).status).toBe(202);
  });

  it('is refused where another link stands in the way, and to whom the way back is not given', async () => {
    const onOne = await signedIn(server, 'ann', [onLink('approver', 'east', 'orders-link')]);
    expect((await start({}, '', { as: onOne.as })).status).toBe(403);
    await addCluster('south');
    const other = { name: 'orders-link', source: 'south', destination: 'west', topics: ['x'] };
    expect((await createLink(other)).status).toBe(201);
    const { json } = await start({}, '?validate_only=true');
    expect(json.plans[0]).toMatchObject({ ok: false, code: 'LINK_EXISTS' });
  });

  it('shows its state, and makes the way back once, held until it has ended, however often it is asked', async () => {
    const place = JSON.stringify({
      ...{ used: null, renewedAtMs: null, syncedAtMs: 1 },
      offsets: { orders: [[0, '4', []]], 'west-clicks': [[0, '9', []]] },
    });
    const put = [{ group: 'billing', memory: place }];
    expect(placesIn(put[0]!, 'orders')).toEqual([[0, '4']]);
    await keepGroupMemory(server.runtime.store.db, link().id, { put, remove: [] });
    const started = await start({ options: { pauseBack: true } });
    const id = started.json.plans[0].operationId;
    const mirror = await callRoute(mirrorRoute.GET, '/api/links/east/orders-link/mirrors/orders', {
      params: { ...at, topic: 'orders' },
    });
    expect(mirror.json.mirror.state).toBe('PENDING_SYNCHRONIZE');
    // Not before the store knows where the source ended.
    expect(await turn(id)).toMatchObject({
      back: null,
      refused: expect.stringContaining('where the source ended'),
    });
    await tell(id, { statement: statement('5') });
    const first = await turn(id);
    expect(first.back).toMatchObject({ destination: 'west', name: 'orders-link', topic: 'orders' });
    expect(await turn(id)).toMatchObject({ back: first.back });
    await server.restart();
    expect(await turn(id)).toMatchObject({ back: first.back });
    expect(server.runtime.catalog.links).toHaveLength(2);
    const wish = () =>
      server.engine.desired.find(({ destination }) => destination.name === 'west')?.mirrors[0];
    expect(wish()).toMatchObject({
      ...{ topic: 'orders', sourceTopic: 'orders', paused: true, created: false, held: true },
      turn: { operationId: id, ends: { '0': '5' }, groups: [{ group: 'billing', places: [[0, '4']] }] },
    });
    await tell(id, { outcome: 'DONE', statement: statement('5') });
    expect(wish()).toMatchObject({ held: false });
    expect(link().mirrors.get('orders')?.stopped?.how).toBe('REVERSE');
    const rows = (await listAudit(server.runtime.store.db, 50)).filter(
      ({ operation, kind }) => operation === 'turn mirror round' && kind === 'INTENT',
    );
    expect(rows).toHaveLength(1);
    expect(await turn(id)).toMatchObject({
      back: null,
      refused: expect.stringContaining('not open any more'),
    });
  });

  it('gives a renamed mirror its old name, and turns nothing where the two have parted', async () => {
    const id = (await start({ topics: ['west-clicks'] })).json.plans[0].operationId;
    await tell(id, { statement: statement('5', 'west-clicks', 'clicks') }, 'west-clicks');
    expect((await turn(id, 'west-clicks')).back?.topic).toBe('clicks');
    expect(back()?.mirrors.get('clicks')?.sourceTopic).toBe('west-clicks');
    const parted = (await start()).json.plans[0].operationId;
    await tell(parted, { statement: statement(null) });
    expect((await turn(parted)).refused).not.toBeNull();
    expect(back()?.mirrors.has('orders')).toBe(false);
  });

  it('takes two persons where the link wants that', async () => {
    const settings = { 'two.person.operations': 'reverse' } as const;
    await server.runtime.links.patchSettings({ kind: 'system' }, at, settings, false);
    const ann = await signedIn(server, 'ann', [everywhere('approver')]);
    const ben = await signedIn(server, 'ben', [everywhere('approver')]);
    const asked = await start({}, '', { as: ann.as });
    expect(asked).toMatchObject({ status: 409, json: { code: 'APPROVAL_NEEDED' } });
    const id = asked.json.fields.approval;
    const confirm = { method: 'POST', params: { id }, as: ben.as };
    expect((await callRoute(confirmRoute.POST, `/api/approvals/${id}/confirm`, confirm)).status).toBe(200);
    expect(await start({}, '', { as: ann.as })).toMatchObject({ status: 202, json: { started: 1 } });
  });
});

describe('mirrors:reverse-and-start-mirror and -pause-mirror', () => {
  it('begin what they can and say for each row what is in the way', async () => {
    const call = async (verb: string, names: string[]) => {
      const path = `/kafka/v3/clusters/id-of-east/links/orders-link/mirrors:${verb}`;
      const response = await rest.POST(
        requestOf(path, { method: 'POST', body: { mirror_topic_names: names } }),
      );
      return JSON.parse(await response.text());
    };
    const paused = await call('reverse-and-pause-mirror', ['orders', 'none']);
    expect(paused.data.map((row: { error_code: number | null }) => row.error_code)).toEqual([null, 40_403]);
    expect(link().mirrors.get('orders')?.operation).toMatchObject({
      ...{ kind: 'REVERSE', options: { pauseBack: true, sourceFence: 'acl' } },
      reason: 'Asked for by mirrors:reverse-and-pause-mirror of the REST API.',
    });
    server.engine.answers.checkBack = () => allowed({ acls: 'NO_AUTHORIZER' });
    const { data } = await call('reverse-and-start-mirror', ['west-clicks']);
    expect(data[0]).toMatchObject({
      error_code: 40_002,
      error_message: expect.stringContaining('no authorizer'),
    });
    server.engine.answers.checkBack = () => allowed({});
    await call('reverse-and-start-mirror', ['west-clicks']);
    expect(link().mirrors.get('west-clicks')?.operation?.options.pauseBack).toBe(false);
  });
});

async function addCluster(name: string): Promise<void> {
  const { clusters, prober, catalog } = server.runtime;
  const cluster = {
    ...{ name, bootstrapServers: [`${name}.example.com:9092`] },
    security: { protocol: 'PLAINTEXT' as const },
  };
  await clusters.add({ kind: 'system' }, cluster);
  await prober.probe(catalog.cluster(name).config);
}
