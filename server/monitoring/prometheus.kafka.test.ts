// /metrics read back by a real Prometheus, and compared with what the broker says.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GET as metrics } from '@/app/metrics/route';
import { produce } from '@/harness/produce';
import { type Prometheus, startPrometheus } from '@/harness/prometheus';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { commitGroupOffsets, createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { Collector } from '@/server/metrics/collector/collector';
import { everywhere, keyWith } from '@/server/testing/actors';
import { startTestServer, type TestServer } from '@/server/testing/test-server';

const kafka = sharedCluster();
let server: TestServer;
let door: Server;
let prometheus: Prometheus;

const topic = uniqueName('read-back');
const group = uniqueName('readers "of" all\\that');

beforeAll(async () => {
  const bootstrap = kafka().bootstrap;
  await createTopic({ bootstrap, topic, partitions: 2 });
  await produce({ bootstrap, records: { topic, count: 100, partitions: [0] } });
  await commitGroupOffsets({ bootstrap, topic, group, offsets: new Map([[0, 58n]]) });
  const clusters = new Collector({ log: () => undefined, intervalMs: 500 });
  const config = { name: 'dc1', bootstrapServers: [bootstrap], security: { protocol: 'PLAINTEXT' as const } };
  server = await startTestServer({ clusters: [config] }, undefined, clusters);
  await waitFor('the first sweep', () => clusters.sweepOf('dc1')?.complete === true);
  server.monitoring.monitor.tick(Date.now());
  door = createServer((incoming, outgoing) => void serve(incoming.headers, outgoing));
  await new Promise<void>((up) => door.listen(0, '127.0.0.1', up));
  const key = await keyWith(server, everywhere('viewer'));
  const { port } = door.address() as AddressInfo;
  prometheus = await startPrometheus(`127.0.0.1:${port}`, { username: key.id, password: key.secret });
});
afterAll(async () => {
  await prometheus?.stop();
  door?.close();
  await server?.close();
});

/** The route itself behind a plain HTTP server: Next is tested elsewhere. */
async function serve(
  { authorization = '' }: { authorization?: string | undefined },
  outgoing: import('node:http').ServerResponse,
): Promise<void> {
  const request = new Request('http://127.0.0.1:3000/metrics', {
    headers: { host: '127.0.0.1:3000', authorization },
  });
  const response = await metrics(request, { params: Promise.resolve({}) });
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

const valuesOf = async (expression: string) => {
  await waitFor(expression, async () => (await prometheus.query(expression)).length > 0);
  return (await prometheus.query(expression)).map(({ value }) => value);
};
const quoted = (text: string) => JSON.stringify(text);

it('scrapes without an error', async () => {
  expect(await valuesOf('up')).toEqual(['1']);
  expect(await valuesOf('landbridge_monitoring_up')).toEqual(['1']);
});

it('reads ends of logs and lags of groups by the names of kafka-lag-exporter', async () => {
  const at = `{cluster_name="dc1",topic=${quoted(topic)},partition="0"}`;
  expect(await valuesOf(`kafka_partition_latest_offset${at}`)).toEqual(['100']);
  expect(await valuesOf(`kafka_partition_earliest_offset${at}`)).toEqual(['0']);
  const of = `{cluster_name="dc1",group=${quoted(group)},topic=${quoted(topic)},partition="0"}`;
  expect(await valuesOf(`kafka_consumergroup_group_offset${of}`)).toEqual(['58']);
  expect(await valuesOf(`kafka_consumergroup_group_lag${of}`)).toEqual(['42']);
  expect(await valuesOf(`kafka_consumergroup_group_max_lag{group=${quoted(group)}}`)).toEqual(['42']);
});

it('finds no sample where nothing was committed', async () => {
  await valuesOf('up');
  const nothing = `kafka_consumergroup_group_lag{group=${quoted(group)},partition="1"}`;
  expect(await prometheus.query(nothing)).toEqual([]);
});

it('reads brokers, the quorum and states', async () => {
  expect(await valuesOf('landbridge_cluster_brokers{cluster="dc1"}')).toEqual(['1']);
  expect(await valuesOf('landbridge_cluster_offline_partitions{cluster="dc1"}')).toEqual(['0']);
  expect(await valuesOf('landbridge_quorum_voters{cluster="dc1"}')).toEqual(['1']);
  expect(await valuesOf(`landbridge_group_state{group=${quoted(group)}} == 1`)).toEqual(['1']);
});
