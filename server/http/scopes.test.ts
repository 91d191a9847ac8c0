// What may not be seen is answered as what does not exist: the same status, the same words, and nothing is asked of Kafka for it.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as approvalRoute from '@/app/api/approvals/[id]/route';
import * as auditRoute from '@/app/api/audit/[id]/route';
import * as topicsRoute from '@/app/api/clusters/[name]/topics/route';
import * as mirrorRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/route';
import * as mirrorsRoute from '@/app/api/links/[destination]/[name]/mirrors/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as checkRoute from '@/app/api/links/check/route';
import * as linksRoute from '@/app/api/links/route';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import { AccessWorld } from '@/server/testing/access-world';
import { onCluster, signedIn } from '@/server/testing/actors';
import { post } from '@/server/testing/requests';
import { type Call, type Credentials, callRoute, requestOf } from '@/server/testing/test-server';

let world: AccessWorld;
/** Approver on "east" and "unused": sees neither "west" nor "north", nor any of the links. */
let stranger: Credentials;
beforeAll(async () => {
  world = await AccessWorld.start();
  const grants = [onCluster('approver', 'east'), onCluster('approver', 'unused')];
  stranger = (await signedIn(world.server, 'stranger', grants)).as;
});
afterAll(() => world.server.close());

type Ask = (name: string) => Promise<{ status: number; text: string }>;

/** `requestId` differs from request to request, and each answer repeats the name that was asked for. */
const shape = ({ status, text }: { status: number; text: string }, name: string) => ({
  status,
  text: text.replace(/"requestId":"[^"]+"/, '').replaceAll(name, '<name>'),
});

const restAsk =
  (path: (name: string) => string, method = 'GET', body?: unknown): Ask =>
  (name) =>
    callRoute(
      () =>
        rest.GET(requestOf(`/kafka/v3${path(name)}`, { method, as: stranger, ...(body ? { body } : {}) })),
      '/kafka/v3',
    );

const ask =
  (handler: Parameters<typeof callRoute>[0], call: (name: string) => Call): Ask =>
  (name) =>
    callRoute(handler, '/api/x', { as: stranger, ...call(name) });

const inPath = (name: string, method = 'GET') => ({ method, params: { destination: 'east', name } });

const asks: Record<string, { ask: Ask; hidden: string; missing: string }> = {
  'a cluster’s topics': {
    ask: ask(topicsRoute.GET, (name) => ({ params: { name } })),
    hidden: 'west',
    missing: 'wset',
  },
  'a link': { ask: ask(linkRoute.GET, (name) => inPath(name)), hidden: 'orders', missing: 'oders' },
  'a link to delete': {
    ask: ask(linkRoute.DELETE, (name) => inPath(name, 'DELETE')),
    hidden: 'guarded',
    missing: 'gaurded',
  },
  'a link to change': {
    ask: ask(linkRoute.PATCH, (name) => ({
      ...inPath(name, 'PATCH'),
      body: { 'cluster.link.paused': true },
    })),
    hidden: 'hidden',
    missing: 'hiden',
  },
  'a link for more mirrors': {
    ask: ask(mirrorsRoute.POST, (name) => ({ ...inPath(name, 'POST'), body: { topics: ['more'] } })),
    hidden: 'orders',
    missing: 'oders',
  },
  'a mirror to take off': {
    ask: ask(mirrorRoute.DELETE, (name) => ({
      method: 'DELETE',
      params: { destination: 'east', name, topic: 'orders' },
    })),
    hidden: 'orders',
    missing: 'oders',
  },
  'the source of a new link': {
    ask: ask(linksRoute.POST, (source) =>
      post({ name: 'new', source, destination: 'east', topics: ['orders'] }),
    ),
    hidden: 'west',
    missing: 'wset',
  },
  'an end of a check': {
    ask: ask(checkRoute.POST, (source) => post({ name: 'new', source, destination: 'east', scratch: true })),
    hidden: 'west',
    missing: 'wset',
  },
  'a cluster of the REST API': {
    ask: restAsk((id) => `/clusters/${id}/links`),
    hidden: 'id-of-west',
    missing: 'id-of-wset',
  },
  'a link of the REST API': {
    ask: restAsk((name) => `/clusters/id-of-east/links/${name}/configs`),
    hidden: 'orders',
    missing: 'oders',
  },
  'a link to delete in the REST API': {
    ask: restAsk((name) => `/clusters/id-of-east/links/${name}`, 'DELETE'),
    hidden: 'guarded',
    missing: 'gaurded',
  },
  'a source of the REST API': {
    ask: (id) =>
      restAsk(() => '/clusters/id-of-east/links?link_name=new', 'POST', { source_cluster_id: id })(id),
    hidden: 'id-of-west',
    missing: 'id-of-wset',
  },
};

describe('somebody who may not see it', () => {
  it.each(Object.entries(asks))(
    'cannot tell %s from one that is not there',
    async (_, { ask, hidden, missing }) => {
      const answer = vi.spyOn(world.server.engine.answers, 'checkLink');
      const topics = vi.spyOn(world.server.engine.answers, 'listTopics');
      const [there, notThere] = [await ask(hidden), await ask(missing)];
      expect(there.status).toBeGreaterThanOrEqual(400);
      expect(shape(there, hidden)).toEqual(shape(notThere, missing));
      expect(answer).not.toHaveBeenCalled();
      expect(topics).not.toHaveBeenCalled();
    },
  );

  it('cannot tell an approval or an entry of the audit log from none', async () => {
    const { operationId } = await world.server.runtime.store.db
      .selectFrom('audit')
      .select('operationId')
      .where('link', '=', 'orders')
      .limit(1)
      .executeTakeFirstOrThrow();
    const missing = '00000000-0000-0000-0000-000000000000';
    const routes: [Parameters<typeof callRoute>[0], string][] = [
      [approvalRoute.GET, world.approval],
      [auditRoute.GET, operationId],
    ];
    for (const [handler, id] of routes) {
      const see = ask(handler, (name) => ({ params: { id: name } }));
      expect(shape(await see(id), id)).toEqual(shape(await see(missing), missing));
      expect((await see(id)).status).toBe(404);
    }
  });

  it('is told that a name or a topic is taken, as that cannot be hidden, but not by which link', async () => {
    const create = (body: object) =>
      callRoute(linksRoute.POST, '/api/links', { ...post(body), as: stranger });
    const name = await create({ name: 'orders', source: 'unused', destination: 'east' });
    expect(name).toMatchObject({ status: 409, json: { code: 'LINK_EXISTS' } });
    expect(name.text).not.toContain('There is a link');
    const topic = await create({
      name: 'new',
      source: 'unused',
      destination: 'east',
      topics: ['hidden-topic'],
    });
    expect(topic.json.code).toBe('MIRROR_REFUSED');
    expect(topic.text).toContain('another link');
    expect(topic.text).not.toMatch(/"hidden\\*"|north/);
  });
});
