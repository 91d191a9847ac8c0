// Taking mirrors off links and deleting links: what becomes of their topics, and that a deletion is carried on whatever happens in between.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as entryRoute from '@/app/api/audit/[id]/route';
import * as auditRoute from '@/app/api/audit/route';
import * as clusterRoute from '@/app/api/clusters/[name]/route';
import * as pausesRoute from '@/app/api/links/[destination]/[name]/mirror-pauses/route';
import * as removalsRoute from '@/app/api/links/[destination]/[name]/mirror-removals/route';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as mirrorsRoute from '@/app/api/links/[destination]/[name]/mirrors/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import { operationOptions } from '@/lib/contracts/operation';
import { listAudit } from '@/server/store/audit';
import { listTopicDeletions } from '@/server/store/topic-deletions';
import { onCluster, signedIn } from '@/server/testing/actors';
import { addClusters, at, createLink, post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

/** The waits of people and of brokers, a twentieth as long. */
const times = { topicDeletionRetryMs: 200, topicDeletionWaitMs: 1_000 };

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({}, undefined, undefined, times);
  await addClusters();
  await createLink({ topics: ['orders', 'payments', 'clicks'] });
  await server.runtime.store.db.updateTable('mirror').set({ created: 1 }).execute();
  await server.runtime.catalog.load();
});
afterEach(() => server.close());

const deletions = () => listTopicDeletions(server.runtime.store.db);
const mirrors = () => [...(server.runtime.catalog.links[0]?.mirrors.keys() ?? [])];
const asked = () =>
  server.engine.received.flatMap((message) =>
    message.type === 'request' && message.request.op === 'deleteTopics' ? [message.request.topics] : [],
  );
const remove = (topic: string, query = '') =>
  callRoute(mirrorRoute.DELETE, `/api/…${query}`, { method: 'DELETE', params: { ...at, topic } });
const removeLink = (query = '') =>
  callRoute(linkRoute.DELETE, `/api/…${query}`, { method: 'DELETE', params: at });
const removeMany = (body: object, query = '') =>
  callRoute(removalsRoute.POST, `/api/…${query}`, { ...post(body), params: at });
async function stopOne(topic: string): Promise<void> {
  const request = { kind: 'FAILOVER' as const, topics: [topic], reason: 'The source is gone for good.' };
  await server.runtime.operations.start(
    { kind: 'system' },
    at,
    { ...request, options: operationOptions.parse({}) },
    false,
  );
}

describe('a mirror that is removed', () => {
  it('leaves its topic unless its deletion is asked for and its name typed', async () => {
    expect((await remove('orders')).json).toMatchObject({ deleted: true });
    const dry = await remove('payments', '?topics=delete&validate_only=true');
    expect(dry.json).toMatchObject({ deleted: false });
    expect(dry.json.message).toContain('deleted for good, with all records: payments');
    const refused = await remove('payments', '?topics=delete&confirm=orders');
    expect(refused).toMatchObject({ status: 400, json: { fields: { confirm: 'Type payments.' } } });
    expect([mirrors(), asked()]).toEqual([['clicks', 'payments'], []]);
    const done = await remove('payments', '?topics=delete&confirm=payments');
    expect(done.json).toMatchObject({ deleted: true, topic: 'payments' });
    expect([mirrors(), asked()]).toEqual([['clicks'], [[{ topic: 'payments', topicId: 'id-of-payments' }]]]);
    expect(await deletions()).toEqual([]);
    const audit = await listAudit(server.runtime.store.db, 4);
    expect(audit.map(({ kind, operation, result }) => [kind, operation, result])).toEqual([
      ['OUTCOME', 'delete topics that were mirrors', 'OK'],
      ['INTENT', 'delete topics that were mirrors', null],
      ['OUTCOME', 'remove mirror', 'OK'],
      ['INTENT', 'remove mirror', null],
    ]);
  });

  it('is not, nor is its link, while it is being stopped', async () => {
    await stopOne('orders');
    for (const query of ['', '?topics=delete&confirm=orders'])
      expect((await remove('orders', query)).json).toMatchObject({ code: 'MIRROR_STATE' });
    for (const query of ['', '?topics=delete&confirm=orders-link'])
      expect((await removeLink(query)).json).toMatchObject({ code: 'MIRROR_STATE' });
    expect([mirrors().length, asked()]).toEqual([3, []]);
  });

  it('and whose topic is another one by now, or may not be deleted, stays as it is', async () => {
    const refusal = 'orders on east is another topic than the mirror.';
    server.engine.answers.lookAtTopics = () => [{ topic: 'orders', topicId: 'other', refusal }];
    const answer = await remove('orders', '?topics=delete&confirm=orders');
    expect(answer).toMatchObject({ status: 409, json: { code: 'MIRROR_STATE' } });
    expect(answer.json.message).toContain(refusal);
    expect([mirrors().length, asked()]).toEqual([3, []]);
  });

  it('whose topic is gone already is just taken off', async () => {
    server.engine.answers.lookAtTopics = () => [{ topic: 'orders', topicId: null, refusal: null }];
    const answer = await remove('orders', '?topics=delete');
    expect(answer.json.message).toContain('there is nothing to delete');
    expect([mirrors(), asked()]).toEqual([['clicks', 'payments'], []]);
  });
});

describe('a mirror that was stopped while its topic was looked at', () => {
  const stopMeanwhile = () => {
    server.engine.answers.lookAtTopics = async ({ topics }) => {
      const stopped = { how: 'FAILOVER', at: Date.now(), operationId: 'x', partitions: 1, missing: null };
      await server.runtime.store.db
        .updateTable('mirror')
        .set({ stopped: JSON.stringify(stopped) })
        .where('topic', '=', 'orders')
        .execute();
      await server.runtime.catalog.load();
      return topics.map(({ topic }) => ({ topic, topicId: `id-of-${topic}`, refusal: null }));
    };
  };
  it('keeps its topic: it is an ordinary one by now', async () => {
    stopMeanwhile();
    const answer = await remove('orders', '?topics=delete&confirm=orders');
    expect(answer).toMatchObject({ status: 409, json: { code: 'MIRROR_STATE' } });
    expect([mirrors().length, asked(), await deletions()]).toEqual([3, [], []]);
  });

  it('keeps it also when the whole link is deleted', async () => {
    stopMeanwhile();
    const answer = await removeLink('?topics=delete&confirm=orders-link');
    expect(answer).toMatchObject({ status: 409, json: { code: 'MIRROR_STATE' } });
    expect([mirrors().length, asked(), await deletions()]).toEqual([3, [], []]);
  });
});

describe('a deletion of topics', () => {
  const whenAsked = (count: number) => vi.waitFor(() => expect(asked()).toHaveLength(count));

  it('that a server was ended in is carried on by the next one, also when the link is gone', async () => {
    let asks = 0;
    server.engine.answers.deleteTopics = () => {
      asks++;
      return new Promise(() => {});
    };
    void removeLink('?topics=delete&confirm=orders-link').catch(() => undefined);
    await whenAsked(1);
    expect(server.runtime.catalog.links).toEqual([]);
    expect((await deletions()).map(({ topic, topicId }) => [topic, topicId])).toEqual([
      ['clicks', 'id-of-clicks'],
      ['orders', 'id-of-orders'],
      ['payments', 'id-of-payments'],
    ]);
    server.engine.answers.deleteTopics = ({ topics }) =>
      topics.map(({ topic }) => ({ topic, outcome: 'GONE', message: `${topic} is deleted.` }));
    await server.restart();
    await vi.waitFor(async () => expect(await deletions()).toEqual([]), { timeout: 30_000, interval: 100 });
    expect([
      asks,
      asked()
        .at(-1)
        ?.map(({ topic }) => topic),
    ]).toEqual([1, ['clicks', 'orders', 'payments']]);
  });

  it('keeps others from mirroring to the topic until it is gone', async () => {
    server.engine.answers.deleteTopics = ({ topics }) =>
      topics.map(({ topic }) => ({ topic, outcome: 'LATER', message: 'broker 2 still names it' }));
    const answer = await remove('orders', '?topics=delete&confirm=orders');
    expect(answer.json.message).toContain(
      'still being deleted, which goes on by itself: broker 2 still names it',
    );
    const again = () =>
      callRoute(mirrorsRoute.POST, '/api/…', { ...post({ topics: ['orders'] }), params: at });
    const refused = await again();
    expect(refused.json.fields.orders).toContain('is being deleted on the destination');
    expect(server.runtime.clusters.get({ kind: 'system' }, 'east').deletions).toMatchObject([
      { topic: 'orders', link: 'orders-link', trouble: 'broker 2 still names it' },
    ]);
    server.engine.answers.deleteTopics = ({ topics }) =>
      topics.map(({ topic }) => ({ topic, outcome: 'GONE', message: '' }));
    await vi.waitFor(async () => expect(await deletions()).toEqual([]), { timeout: 30_000, interval: 100 });
    expect((await again()).status).toBe(201);
  });

  it('that brokers refuse for good is given up, said, and recorded as failed', async () => {
    server.engine.answers.deleteTopics = ({ topics }) =>
      topics.map(({ topic }) => ({ topic, outcome: 'REFUSED', message: 'TOPIC_DELETION_DISABLED.' }));
    const answer = await remove('orders', '?topics=delete&confirm=orders');
    expect(answer.json.message).toContain('kept as ordinary topics: TOPIC_DELETION_DISABLED');
    expect(await deletions()).toEqual([]);
    expect((await listAudit(server.runtime.store.db, 1))[0]).toMatchObject({
      operation: 'delete topics that were mirrors',
      result: 'FAILED',
    });
  });

  it('is recorded as failed whatever the topic is called', async () => {
    const topic = '__proto__';
    await callRoute(mirrorsRoute.POST, '/api/…', { ...post({ topics: [topic] }), params: at });
    await server.runtime.store.db.updateTable('mirror').set({ created: 1 }).execute();
    await server.runtime.catalog.load();
    server.engine.answers.deleteTopics = () => [
      { topic, outcome: 'REFUSED', message: 'TOPIC_DELETION_DISABLED.' },
    ];
    const answer = await remove(topic, `?topics=delete&confirm=${topic}`);
    expect(answer.json.message).toContain('kept as ordinary topics: TOPIC_DELETION_DISABLED');
    expect((await listAudit(server.runtime.store.db, 1))[0]).toMatchObject({ result: 'FAILED' });
  });

  it('tells those who see the cluster and not the link neither its name nor who asked', async () => {
    server.engine.answers.deleteTopics = ({ topics }) =>
      topics.map(({ topic }) => ({ topic, outcome: 'LATER', message: 'broker 2 still names it' }));
    const { as: stranger } = await signedIn(server, 'stranger', [onCluster('viewer', 'east')]);
    await remove('orders', '?topics=delete&confirm=orders');
    const cluster = await callRoute(clusterRoute.GET, '/api/…', { params: { name: 'east' }, as: stranger });
    const audit = await callRoute(auditRoute.GET, '/api/audit', { as: stranger });
    const details = [];
    for (const { operationId } of audit.json.entries) {
      const params = { id: operationId };
      details.push((await callRoute(entryRoute.GET, '/api/audit/x', { params, as: stranger })).text);
    }
    expect(cluster.json.deletions).toMatchObject([{ topic: 'orders', link: null, actor: null }]);
    for (const text of [cluster.text, audit.text, ...details]) expect(text).not.toContain(at.name);
  });
});

describe('a link that is deleted', () => {
  it('with its topics never takes one that is an ordinary topic by now', async () => {
    await stopOne('orders');
    const operation = server.runtime.catalog.links[0]?.mirrors.get('orders')?.operation;
    server.engine.say({
      ...{ type: 'operation', id: 1, linkId: server.runtime.catalog.links[0]?.id ?? '', topic: 'orders' },
      ...{ operationId: operation?.id ?? '', at: Date.now(), steps: [], fencing: true },
      ...{ outcome: 'DONE', message: null, statement: null },
    });
    await vi.waitFor(() =>
      expect(server.runtime.catalog.links[0]?.mirrors.get('orders')?.stopped).not.toBeNull(),
    );
    const single = await remove('orders', '?topics=delete&confirm=orders');
    expect(single.json.message).toContain('is STOPPED, an ordinary topic that others may use');
    const answer = await removeLink('?topics=delete&confirm=orders-link');
    expect(answer.json).toMatchObject({
      deleted: true,
      topics: ['orders'],
      deletedTopics: ['clicks', 'payments'],
    });
    expect(asked()).toEqual([
      [
        { topic: 'clicks', topicId: 'id-of-clicks' },
        { topic: 'payments', topicId: 'id-of-payments' },
      ],
    ]);
  });
});

describe('many mirrors', () => {
  it('are taken off by names or pattern; one that cannot be keeps the others from nothing', async () => {
    await stopOne('orders');
    const dry = await removeMany({ pattern: 'orders|pay.*' }, '?validate_only=true');
    expect(dry.json).toMatchObject({
      removed: 0,
      mirrors: [
        { topic: 'orders', ok: false },
        { topic: 'payments', ok: true, fate: 'KEPT' },
      ],
    });
    const body = { topics: ['orders', 'payments', 'clicks'], destinationTopics: 'delete' };
    expect((await removeMany({ ...body, confirm: 'orders' })).json.fields.confirm).toBe('Type orders-link.');
    const done = await removeMany({ ...body, confirm: 'orders-link' });
    expect(done.json).toMatchObject({ removed: 2 });
    expect(mirrors()).toEqual(['orders']);
    expect(asked()[0]?.map(({ topic }) => topic)).toEqual(['clicks', 'payments']);
    expect((await removeMany({ pattern: 'nothing' })).status).toBe(404);
  });

  it('are paused and resumed by a pattern, with a dry run that names them', async () => {
    await stopOne('clicks');
    const pause = (paused: boolean, query = '') =>
      callRoute(pausesRoute.POST, `/api/…${query}`, { ...post({ paused, pattern: '.*s' }), params: at });
    const dry = await pause(true, '?validate_only=true');
    expect(dry.json).toMatchObject({
      changed: 0,
      mirrors: [
        { topic: 'clicks', ok: false, code: 'MIRROR_STATE' },
        { topic: 'orders', ok: true, changes: true },
        { topic: 'payments', ok: true, changes: true },
      ],
    });
    const pausedNow = () =>
      server.engine.desired[0]?.mirrors.filter(({ paused }) => paused).map(({ topic }) => topic);
    expect(pausedNow()).toEqual([]);
    expect((await pause(true)).json.changed).toBe(2);
    expect(pausedNow()).toEqual(['orders', 'payments']);
    expect((await pause(true)).json).toMatchObject({ changed: 0, mirrors: [{}, { changes: false }, {}] });
    expect((await pause(false)).json.changed).toBe(2);
    expect(pausedNow()).toEqual([]);
    expect(
      (await callRoute(pausesRoute.POST, '/api/…', { ...post({ paused: true, pattern: '(' }), params: at }))
        .status,
    ).toBe(400);
  });
});
