import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as entryRoute from '@/app/api/audit/[id]/route';
import * as exportRoute from '@/app/api/audit/export/route';
import * as auditRoute from '@/app/api/audit/route';
import * as clusterRoute from '@/app/api/clusters/[name]/route';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as linksRoute from '@/app/api/links/route';
import type { AclBinding } from '@/lib/contracts/acl';
import { RefusalCounter, refusalKeysMax, routeClass } from '@/server/access/audit-refusals';
import { recordHeldAcls } from '@/server/store/held-acls';
import { signedIn } from '@/server/testing/actors';
import { addClusters, at, createLink, post } from '@/server/testing/requests';
import {
  basic,
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
});
afterEach(() => server.close());

const list = (query = '') => callRoute(auditRoute.GET, `/api/audit${query}`);
const patchLink = (body: object) => callRoute(linkRoute.PATCH, '/x', { method: 'PATCH', params: at, body });
const entry = async (operation: string) => {
  const { json } = await list(`?operation=${encodeURIComponent(operation)}`);
  const id = json.entries[0].operationId;
  return (await callRoute(entryRoute.GET, `/api/audit/${id}`, { params: { id } })).json;
};

describe('the audit log', () => {
  it('finds a change by the request id that its answer carried, with who asked', async () => {
    const olga = await signedIn(server, 'olga', [{ role: 'operator', scope: { kind: 'everywhere' } }]);
    const body = { name: at.name, source: 'west', destination: 'east', topics: ['orders'] };
    const answer = await callRoute(linksRoute.POST, '/api/links', { ...post(body), as: olga.as });
    expect(answer.status, answer.text).toBe(201);
    const { json } = await list(`?requestId=${answer.headers.get('x-request-id')}`);
    expect(json.entries).toMatchObject([
      {
        operation: 'create link',
        outcome: 'OK',
        actor: { kind: 'person', name: 'olga', id: olga.id },
        link: at.name,
      },
    ]);
  });

  it('names who deletes a link before the first fence is lifted, also when the deletion is refused then', async () => {
    await createLink();
    const link = server.runtime.catalog.link('east', at.name);
    const binding: AclBinding = {
      resourceType: 'TOPIC',
      resourceName: 'orders',
      patternType: 'LITERAL',
      principal: 'User:*',
      host: '*',
      operation: 'WRITE',
      permission: 'DENY',
    };
    await recordHeldAcls(server.runtime.store.db, link.id, [
      { purpose: 'FENCE', name: 'orders', bindings: [binding] },
    ]);
    await server.runtime.catalog.load();
    let before: unknown;
    server.engine.answers.releaseAcls = async () => {
      before = (await list('?operation=delete%20link')).json.entries;
      // While Kafka is asked, somebody puts deletions under the rule of two persons.
      await patchLink({ 'two.person.operations': 'delete' });
      return { left: ['DENY WRITE on topic orders for User:*'] };
    };
    const { as } = await signedIn(server, 'ann', [{ role: 'approver', scope: { kind: 'everywhere' } }]);
    const refused = await callRoute(linkRoute.DELETE, '/x', { method: 'DELETE', params: at, as });
    expect(refused.json.code).toBe('APPROVAL_NEEDED');
    expect(before).toMatchObject([{ actor: { name: 'ann' }, outcome: 'PENDING' }]);
    expect(await entry('delete link')).toMatchObject({
      actor: { name: 'ann' },
      outcome: 'FAILED',
      details: { aclsLeftBehind: ['DENY WRITE on topic orders for User:*'] },
    });
    expect(server.runtime.catalog.links).toHaveLength(1);
  });

  it('shows a cluster before and after a change, and that its password changed, but no password', async () => {
    const security = (password: string) => ({
      protocol: 'SASL_SSL',
      sasl: { mechanism: 'PLAIN', username: 'u', password },
    });
    const change = (bootstrapServers: string[], password: string) =>
      callRoute(clusterRoute.PUT, '/api/clusters/west', {
        method: 'PUT',
        params: { name: 'west' },
        body: { bootstrapServers, security: security(password) },
      });
    expect((await change(['a.example.com:9093'], 'first-s3cret')).status).toBe(200);
    expect((await change(['b.example.com:9093'], 'second-s3cret')).status).toBe(200);
    const found = await entry('edit cluster');
    expect(found).toMatchObject({
      before: { bootstrapServers: ['a.example.com:9093'], security: { sasl: { password: 'secret' } } },
      after: {
        bootstrapServers: ['b.example.com:9093'],
        security: { sasl: { password: 'secret (changed)' } },
      },
    });
    const rows = await server.runtime.store.db.selectFrom('audit').selectAll().execute();
    expect(JSON.stringify(rows)).not.toMatch(/first-s3cret|second-s3cret/);
  });

  it('is streamed as CSV with its header, and refuses what it does not know', async () => {
    await createLink();
    const csv = await callRoute(exportRoute.GET, '/api/audit/export?format=csv&object=east');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.headers.get('content-disposition')).toMatch(
      /^attachment; filename="landbridge-audit-.*\.csv"$/,
    );
    expect(csv.text.split('\r\n')[0]).toMatch(/^row,time,actor_kind,/);
    expect(csv.text).toContain('create link');
    expect((await list('?actr=x')).status).toBe(400);
    expect((await list('?from=yesterday')).status).toBe(400);
  });

  it('gives out in a stream no faster than it is taken', async () => {
    const response = await exportRoute.GET(requestOf('/api/audit/export'), { params: Promise.resolve({}) });
    const before = (await list('?operation=export')).json.entries[0];
    expect(before.outcome).toBe('PENDING');
    await response.text();
    expect((await list('?operation=export')).json.entries[0].outcome).toBe('OK');
  });
});

describe('those who are turned away', () => {
  const knock = (as: Credentials | null) => callRoute(linksRoute.GET, '/api/links', { as });
  const refusals = async () => {
    await server.runtime.flushRefusals();
    return (await list('?operation=refuse')).json.entries;
  };

  it('are counted, by address, route and reason, and written as one row', async () => {
    expect(await refusals()).toEqual([]);
    for (let i = 0; i < 20; i++) expect((await knock(null)).status).toBe(401);
    for (let i = 0; i < 5; i++) expect((await knock(basic('nobody', 'guess'))).status).toBe(401);
    const vera = await signedIn(server, 'vera', [{ role: 'viewer', scope: { kind: 'everywhere' } }]);
    expect((await callRoute(linksRoute.POST, '/api/links', { ...post({}), as: vera.as })).status).toBe(403);
    expect(await refusals()).toHaveLength(1);
    const { details } = await entry('refuse requests');
    expect(details).toMatchObject({ total: 26, others: 0 });
    expect(details.refused).toContainEqual({
      address: null,
      actor: null,
      route: 'GET /api/links',
      code: 'UNAUTHENTICATED',
      count: 25,
    });
    expect(details.refused).toContainEqual({
      address: null,
      actor: 'vera',
      route: 'POST /api/links',
      code: 'FORBIDDEN',
      count: 1,
    });
    expect(await refusals()).toHaveLength(1);
  });

  it('take a bounded memory and a bounded row, however many there are', () => {
    const counter = new RefusalCounter(0);
    const total = refusalKeysMax + 5_000;
    for (let i = 0; i < total; i++)
      counter.count({
        address: `2001:db8::${i}`,
        actor: null,
        route: 'GET /api/links',
        code: 'UNAUTHENTICATED',
      });
    const details = counter.summary(1)?.details as { refused: unknown[]; others: number; total: number };
    expect(details.total).toBe(total);
    expect(details.refused).toHaveLength(100);
    expect(details.others).toBe(total - 100);
    expect(JSON.stringify(details).length).toBeLessThan(20_000);
  });

  it('are told apart by classes of routes, which name no cluster, link or topic', () => {
    expect(routeClass('GET', '/api/links/east/orders')).toBe('GET /api/links');
    expect(routeClass('POST', '/kafka/v3/clusters/abc/links')).toBe('POST /kafka/v3/clusters');
    expect(routeClass('GET', '/api/<script>')).toBe('GET /api');
    expect(routeClass('GET', '/')).toBe('GET /');
  });
});
