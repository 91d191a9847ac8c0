// New credentials from the API to the brokers: refused ones change nothing, good ones reach a running link without a pause in what it is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as clusterRoute from '@/app/api/clusters/[name]/route';
import * as clustersRoute from '@/app/api/clusters/route';
import * as linksRoute from '@/app/api/links/route';
import { setScramUser } from '@/harness/access';
import { compareTopics } from '@/harness/compare';
import { startTraffic } from '@/harness/produce';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { spawnInProcess } from '@/server/testing/engine-in-process';
import { post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

const source = suiteCluster({ name: 'credentials', security: { scramUsers: { frank: 'first-secret' } } });
const destination = sharedCluster();

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({}, spawnInProcess);
});
afterAll(() => server?.close());

const setPassword = (password: string) =>
  setScramUser({ bootstrap: source().bootstrap, user: 'frank', password });
const patch = (body: object) =>
  callRoute(clusterRoute.PATCH, '/api/clusters/west', { method: 'PATCH', params: { name: 'west' }, body });
const changes = async () =>
  (await server.runtime.store.db.selectFrom('linkEvent').select(['toState', 'message']).execute()).filter(
    ({ toState }) => toState === 'CREDENTIALS_CHANGED' || toState === 'FAILED' || toState === 'UNAVAILABLE',
  );

describe('new credentials', () => {
  it('are refused by the brokers themselves, then taken, while a link runs exactly on', async () => {
    const topic = uniqueName('credentials');
    await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
    const west = {
      name: 'west',
      bootstrapServers: source().security.bootstrap('SASL_PLAINTEXT').split(','),
      security: {
        protocol: 'SASL_PLAINTEXT',
        sasl: { mechanism: 'SCRAM-SHA-256', username: 'frank', password: 'first-secret' },
      },
    };
    const east = { name: 'east', bootstrapServers: destination().bootstrap.split(',') };
    for (const cluster of [west, east]) {
      expect((await callRoute(clustersRoute.POST, '/api/clusters', post(cluster))).status).toBe(201);
    }
    const link = { name: uniqueName('l'), source: 'west', destination: 'east', topics: [topic] };
    const created = await callRoute(linksRoute.POST, '/api/links', post(link));
    expect(created.status, created.text).toBe(201);
    const traffic = await startTraffic({
      bootstrap: source().bootstrap,
      lingerMs: 1,
      records: { topic },
      ratePerSecond: 500,
    });

    const refused = await patch({ password: 'mistyped-secret' });
    expect(refused.status).toBe(422);
    expect(refused.json.message).toMatch(/127\.0\.0\.1:\d+: SASL: /);
    expect(refused.text).not.toContain('-secret');
    expect(server.runtime.catalog.cluster('west').config).toEqual(west);

    await setPassword('second-secret');
    expect((await patch({ password: 'second-secret' })).status).toBe(200);
    await waitFor('the link to take them', async () => (await changes()).length > 0);
    const sent = await traffic.stop();
    expect(sent.failure).toBeNull();
    await waitFor(
      'the mirror to have everything',
      async () =>
        await compareTopics({
          source: { bootstrap: source().bootstrap, topic },
          mirror: { bootstrap: destination().bootstrap, topic },
        }).then(
          ({ records }) => records > 0,
          () => false,
        ),
      { everyMs: 500 },
    );
    expect(await changes()).toEqual([
      { toState: 'CREDENTIALS_CHANGED', message: expect.stringContaining('nothing was interrupted') },
    ]);
    expect(server.logged.join()).not.toContain('-secret');
  });
});
