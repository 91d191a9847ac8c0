// Settings that decide over more than the link: whoever names the principals that get rights on the destination would otherwise take them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as aclsRoute from '@/app/api/links/[destination]/[name]/acls/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as linksRoute from '@/app/api/links/route';
import * as rest from '@/app/kafka/v3/[[...path]]/route';
import { everywhere, keyWith, onLink, signedIn } from '@/server/testing/actors';
import { addClusters, at, createLink, post } from '@/server/testing/requests';
import {
  type Credentials,
  callRoute,
  requestOf,
  startTestServer,
  type TestServer,
} from '@/server/testing/test-server';

const filters = '{"aclFilters":[{"accessFilter":{"principal":"User:admin"}}]}';
const map = '{"User:admin":"User:mallory"}';
const taking = { 'acl.sync.enable': true, 'acl.filters': filters, 'acl.principal.map': map };

let server: TestServer;
let mallory: Credentials;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
  await createLink();
  mallory = (await signedIn(server, 'mallory', [onLink('approver', 'east', at.name)])).as;
});
afterEach(() => server.close());

const settings = () => server.runtime.catalog.findLink('east', at.name)?.settings;
const patch = (body: object, as?: Credentials) =>
  callRoute(linkRoute.PATCH, '/x', { method: 'PATCH', params: at, body, ...(as ? { as } : {}) });
const onRest = async (method: 'PUT' | 'POST', path: string, body: object, as: Credentials) => {
  const { PUT, POST } = rest;
  const handler = method === 'PUT' ? PUT : POST;
  return (await handler(requestOf(`/kafka/v3/clusters/id-of-east${path}`, { method, body, as }))).status;
};

describe('who gets which rights on the destination', () => {
  it('is decided by administrators: no part of it is taken from an approver of the link', async () => {
    for (const [name, value] of Object.entries(taking)) {
      expect(await patch({ [name]: value }, mallory), name).toMatchObject({
        status: 403,
        json: { code: 'FORBIDDEN', message: expect.stringContaining('administrator') },
      });
      const configs = `/links/${at.name}/configs`;
      expect(await onRest('PUT', `${configs}/${name}`, { value: String(value) }, mallory)).toBe(403);
      const data = [{ name, value: String(value), operation: 'SET' }];
      expect(await onRest('PUT', `${configs}:alter`, { data }, mallory)).toBe(403);
    }
    expect(settings()).toMatchObject({
      'acl.sync.enable': false,
      'acl.filters': '',
      'acl.principal.map': '',
    });
    expect((await patch(taking)).status).toBe(200);
    // Also a name that is taken off the map gets rights again under its own.
    expect((await patch({ 'acl.principal.map': null }, mallory)).status).toBe(403);
  });

  it('nor with a new link of an operator of both clusters', async () => {
    const { as } = await keyWith(server, everywhere('operator'));
    const body = { name: 'second', source: 'west', destination: 'east', topics: [], settings: taking };
    expect((await callRoute(linksRoute.POST, '/x', { ...post(body), as })).status).toBe(403);
    const configs = Object.entries(taking).map(([name, value]) => ({ name, value: String(value) }));
    const given = { source_cluster_id: 'id-of-west', configs };
    expect(await onRest('POST', '/links?link_name=second', given, as)).toBe(403);
    expect(server.runtime.catalog.links).toHaveLength(1);
  });

  it('is tried out beforehand by those who may set it: it shows the ACLs of both clusters', async () => {
    const look = (query: string, as?: Credentials) =>
      callRoute(aclsRoute.GET, `/x${query}`, { params: at, ...(as ? { as } : {}) });
    const tried = [`?filters=${encodeURIComponent(filters)}`, `?principals=${encodeURIComponent(map)}`];
    for (const query of tried) {
      expect((await look(query, mallory)).status).toBe(403);
      expect((await look(query)).status).toBe(200);
    }
    expect((await look('', mallory)).status).toBe(200);
  });

  it('may be switched off, and looked at more seldom, by operators', async () => {
    expect((await patch(taking)).status).toBe(200);
    const { as } = await signedIn(server, 'olga', [onLink('operator', 'east', at.name)]);
    expect((await patch({ 'acl.sync.ms': 60_000 }, as)).status).toBe(200);
    expect((await patch({ 'acl.sync.enable': false }, as)).status).toBe(200);
    expect((await patch({ 'acl.filters': null, 'acl.principal.map': null }, as)).status).toBe(200);
    expect((await patch({ 'acl.sync.enable': true }, as)).status).toBe(403);
  });
});
