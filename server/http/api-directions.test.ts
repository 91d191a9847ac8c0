// Links that lead both ways under one name, and the loops that they could make.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as linkRoute from '@/app/api/links/[destination]/[name]/route';
import * as linksRoute from '@/app/api/links/route';
import { addClusters, post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await addClusters();
});
afterEach(() => server.close());

const both = { 'link.mode': 'BIDIRECTIONAL' };
const create = (source: string, destination: string, body: object = {}) =>
  callRoute(linksRoute.POST, '/api/links', post({ name: 'pair', source, destination, ...body }));
const shown = async (destination: string) =>
  (
    await callRoute(linkRoute.GET, `/api/links/${destination}/pair`, {
      params: { destination, name: 'pair' },
    })
  ).json.link;

describe('a link in both directions', () => {
  it('is two links of one name that know each other, each with topics of its own', async () => {
    expect((await create('west', 'east', { settings: both, topics: ['orders'] })).status).toBe(201);
    expect(await shown('east')).toMatchObject({ mode: 'BIDIRECTIONAL', otherDirection: null });
    expect((await create('east', 'west', { settings: both, topics: ['clicks'] })).status).toBe(201);
    expect(await shown('east')).toMatchObject({ otherDirection: { destination: 'west', name: 'pair' } });
    expect(await shown('west')).toMatchObject({ otherDirection: { destination: 'east', name: 'pair' } });
  });

  it('takes no topic back to where it comes from, whatever it is called on the way', async () => {
    await create('west', 'east', {
      settings: { ...both, 'cluster.link.prefix': 'west.' },
      topics: ['orders'],
    });
    const back = await create('east', 'west', {
      settings: both,
      topics: [{ sourceTopic: 'west.orders', topic: 'orders' }],
    });
    expect(back).toMatchObject({ status: 422, json: { code: 'MIRROR_REFUSED' } });
    expect(back.json.message).toContain('round for ever');
    expect(server.runtime.catalog.links).toHaveLength(1);
  });

  it('shares its name with no link that leads one way only', async () => {
    await create('west', 'east', { settings: both });
    const oneWay = await create('east', 'west');
    expect(oneWay).toMatchObject({ status: 409, json: { code: 'LINK_EXISTS' } });
    expect(oneWay.json.message).toContain('BIDIRECTIONAL');
  });
});
