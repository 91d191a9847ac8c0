import { afterEach, describe, expect, it } from 'vitest';
import * as clustersRoute from '@/app/api/clusters/route';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import { StartError } from '@/server/errors';
import { probeOf } from '@/server/testing/engine-messages';
import { createLink, plain, post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

let server: TestServer;
afterEach(() => server.close());

const west = (password: string, user = 'lb'): ClusterConfig => ({
  name: 'west',
  bootstrapServers: ['a:1', 'b:1'],
  security: { protocol: 'SASL_PLAINTEXT', sasl: { mechanism: 'PLAIN', username: user, password } },
});
const east = clusterConfig.parse(plain('east'));

/** Two clusters of landbridge.yaml with a link between them. */
async function start(): Promise<void> {
  server = await startTestServer({ clusters: [west('old-s3cret'), east] });
  expect((await createLink()).status).toBe(201);
}
function edit(...clusters: ClusterConfig[]) {
  server.runtime.config.clusters = clusters;
  return server.runtime.reload.run();
}
const engineHas = () => server.engine.desired[0]?.source;

describe('landbridge.yaml read again', () => {
  it('brings new credentials to running links after they were tried at every server', async () => {
    await start();
    const asked: string[] = [];
    server.engine.answers.probeCluster = ({ cluster }) => {
      asked.push(`${cluster.bootstrapServers} ${JSON.stringify(cluster.security).includes('new-s3cret')}`);
      return probeOf(cluster.name);
    };
    expect(await edit(west('new-s3cret'), east)).toEqual({ added: [], removed: [], changed: ['west'] });
    expect(asked.slice(0, 2)).toEqual(['a:1 true', 'b:1 true']);
    expect(engineHas()).toEqual(west('new-s3cret'));
    expect(server.runtime.catalog.cluster('west')).toEqual({ config: west('new-s3cret'), managedBy: 'FILE' });
  });

  it('adds and removes clusters that no link uses', async () => {
    await start();
    const north = clusterConfig.parse(plain('north'));
    expect(await edit(west('old-s3cret'), east, north)).toMatchObject({ added: ['north'] });
    expect(server.runtime.catalog.findCluster('north')?.managedBy).toBe('FILE');
    expect(await edit(west('old-s3cret'), east)).toMatchObject({ removed: ['north'], changed: [] });
    expect(server.runtime.catalog.findCluster('north')).toBeUndefined();
  });

  it('is not taken up with a cluster gone that a link uses, or one that the console has', async () => {
    await start();
    await expect(edit(east)).rejects.toMatchObject({ code: 'CLUSTER_IN_USE' });
    expect((await callRoute(clustersRoute.POST, '/api/clusters', post(plain('north')))).status).toBe(201);
    await expect(edit(west('old-s3cret'), east, clusterConfig.parse(plain('north')))).rejects.toMatchObject({
      code: 'CLUSTER_EXISTS',
    });
    expect(server.runtime.catalog.cluster('west').config).toEqual(west('old-s3cret'));
    expect(engineHas()).toEqual(west('old-s3cret'));
  });

  it('is not taken up with credentials that are refused, nor with a mistake in it', async () => {
    await start();
    server.engine.answers.probeCluster = ({ cluster }) => ({
      ...probeOf(cluster.name),
      reachable: false,
      checks: [{ stage: 'SASL', status: 'FAILED', message: 'Invalid credentials.', durationMs: 1 }],
    });
    const refused = edit(west('mistyped-s3cret'), east);
    await expect(refused).rejects.toMatchObject({ code: 'CREDENTIALS_REFUSED' });
    await expect(refused).rejects.not.toThrow('s3cret');
    Object.defineProperty(server.runtime.config, 'clusters', {
      get: () => {
        throw new StartError('line 3 is not right');
      },
    });
    await expect(server.runtime.reload.run()).rejects.toThrow('line 3 is not right');
    expect(engineHas()).toEqual(west('old-s3cret'));
    expect(server.runtime.catalog.cluster('west').config).toEqual(west('old-s3cret'));
  });
});
