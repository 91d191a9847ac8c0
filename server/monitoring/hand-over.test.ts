import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { expect, it, vi } from 'vitest';
import { HealthWorld, hook } from '@/server/health/testing/health-world';
import { assembleMonitor } from './assemble';
import { noClusters } from './cluster-watch';

it('clears at their receivers, in reduced mode, what normal mode has left open', async () => {
  const world = new HealthWorld();
  await world.looks(12, { landbridge_cluster_reachable: 0 });
  expect(world.told()).toHaveLength(1);
  await world.health.stop();
  const got: string[] = [];
  const server = createServer(async (request, response) => {
    for await (const chunk of request) got.push(String(chunk));
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const monitor = assembleMonitor(
    {
      ...{ mode: 'reduced', dataDir: dirname(world.file), origin: 'http://127.0.0.1:3000' },
      ...{ historyLimitBytes: 1e9, report: null, otlp: null },
    },
    () => undefined,
    noClusters,
  );
  monitor.start();
  const health = {
    ...{ overrides: [], silences: [], subjects: null, routes: [] },
    channels: [{ ...hook('ops'), url }],
  };
  monitor.receive({ type: 'desired', clusters: [], health, consoles: [] } as never);
  await vi.waitFor(() => expect(got).toHaveLength(1), { timeout: 20_000, interval: 50 });
  expect(JSON.parse(got[0] as string)).toMatchObject({
    ...{ status: 'CLEAR', rule_id: 'cluster.unreachable' },
    message: expect.stringContaining('Alerting has moved'),
  });
  await monitor.stop();
  server.close();
  await world.close();
});
