import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as clusterRoute from '@/app/api/clusters/[name]/route';
import * as topicsRoute from '@/app/api/clusters/[name]/topics/route';
import * as clustersRoute from '@/app/api/clusters/route';
import { listAudit } from '@/server/store/audit';
import { addClusters, createLink, plain, post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const withSasl = (name: string) => ({
  ...plain(name),
  security: {
    protocol: 'SASL_PLAINTEXT',
    sasl: { mechanism: 'PLAIN', username: 'landbridge', password: 's3cret-of-the-test' },
  },
});

describe('clusters', () => {
  it('are added, listed with their probe, and removed', async () => {
    await addClusters();
    await vi.waitFor(async () => {
      const { json } = await callRoute(clustersRoute.GET, '/api/clusters');
      expect(json.clusters.map((c: { probe: { clusterId: string } }) => c.probe?.clusterId)).toEqual([
        'id-of-east',
        'id-of-west',
      ]);
    });
    const removed = await callRoute(clusterRoute.DELETE, '/api/clusters/west', {
      method: 'DELETE',
      params: { name: 'west' },
    });
    expect(removed.status).toBe(200);
    expect(
      (await callRoute(clusterRoute.GET, '/api/clusters/west', { params: { name: 'west' } })).status,
    ).toBe(404);
  });

  it('never show a password, neither in answers nor in the audit log nor in the log', async () => {
    await callRoute(clustersRoute.POST, '/api/clusters', post(withSasl('west')));
    const { text, json } = await callRoute(clustersRoute.GET, '/api/clusters');
    expect(text).not.toContain('s3cret');
    expect(json.clusters[0].security.saslUsername).toBe('landbridge');
    expect(JSON.stringify(await listAudit(server.runtime.store.db, 10))).not.toContain('s3cret');
    expect(server.logged.join()).not.toContain('s3cret');
    for (const file of readdirSync(server.dataDir)) {
      expect(readFileSync(join(server.dataDir, file)).includes('s3cret')).toBe(false);
    }
    await server.restart();
    expect(server.runtime.catalog.cluster('west').config.security.sasl).toMatchObject({
      password: 's3cret-of-the-test',
    });
  });

  it('keep the stored password only while nothing else changes', async () => {
    await callRoute(clustersRoute.POST, '/api/clusters', post(withSasl('west')));
    const put = (change: object) =>
      callRoute(clusterRoute.PUT, '/api/clusters/west', {
        method: 'PUT',
        params: { name: 'west' },
        body: {
          bootstrapServers: ['west.example.com:9092'],
          security: { protocol: 'SASL_PLAINTEXT', sasl: { mechanism: 'PLAIN', username: 'landbridge' } },
          ...change,
        },
      });
    expect((await put({})).status).toBe(200);
    expect(server.runtime.catalog.cluster('west').config.security.sasl).toMatchObject({
      password: 's3cret-of-the-test',
    });
    const elsewhere = await put({ bootstrapServers: ['thief.example.com:9092'] });
    expect(elsewhere.status).toBe(400);
    expect(elsewhere.json).toMatchObject({ code: 'PASSWORD_NEEDED' });
    expect(server.runtime.catalog.cluster('west').config.bootstrapServers).toEqual(['west.example.com:9092']);
  });

  it('from landbridge.yaml are edited there', async () => {
    await server.close();
    const file = { name: 'west', bootstrapServers: ['w:1'], security: { protocol: 'PLAINTEXT' as const } };
    server = await startTestServer({ clusters: [file] });
    const answer = await callRoute(clusterRoute.DELETE, '/api/clusters/west', {
      method: 'DELETE',
      params: { name: 'west' },
    });
    expect(answer.status).toBe(409);
    expect(answer.json.message).toContain('landbridge.yaml');
  });

  it('in use cannot be removed; the answer names the links', async () => {
    await addClusters();
    await createLink();
    const answer = await callRoute(clusterRoute.DELETE, '/api/clusters/west', {
      method: 'DELETE',
      params: { name: 'west' },
    });
    expect(answer.status).toBe(409);
    expect(answer.json).toMatchObject({ code: 'CLUSTER_IN_USE' });
    expect(answer.json.message).toContain('orders-link (west → east)');
  });

  it('ask Kafka for topics once for many readers', async () => {
    await addClusters();
    const asked = vi.spyOn(server.engine.answers, 'listTopics');
    await Promise.all(
      [1, 2, 3].map(() =>
        callRoute(topicsRoute.GET, '/api/clusters/west/topics', { params: { name: 'west' } }),
      ),
    );
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
