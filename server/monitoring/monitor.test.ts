import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GET as topicConfigs } from '@/app/api/clusters/[name]/observed/topics/[topic]/configs/route';
import { GET as history } from '@/app/api/history/route';
import { GET as metrics } from '@/app/metrics/route';
import { Health } from '@/server/health/health';
import { KafkaError } from '@/server/kafka/wire/errors';
import { onLink, signedIn } from '@/server/testing/actors';
import { addClusters, createLink } from '@/server/testing/requests';
import { snapshotOf } from '@/server/testing/snapshots';
import { sweepOf, watchOf } from '@/server/testing/sweeps';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';
import type { ClusterWatch } from './cluster-watch';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const text = async () => (await callRoute(metrics, '/metrics')).text;
const link = 'link="orders-link",source="west",destination="east"';

/** A link with one mirror of which the engine has told, seen by monitoring. */
async function observed(atMs = Date.now()): Promise<void> {
  await addClusters();
  await createLink();
  const id = server.runtime.catalog.links[0]?.id ?? '';
  const numbers = [{ stable: 10n, end: 4n, highWatermark: 12n, lagSeconds: 3 }];
  server.engine.say(snapshotOf(Date.now(), [{ id, mirrors: [{ topic: 'orders', numbers }] }]));
  await vi.waitFor(() => expect(server.runtime.metrics.frame).not.toBeNull());
  await server.runtime.monitored.tick();
  server.monitoring.monitor.tick(atMs);
}

it('judges of links what the engine has told of them', async () => {
  await observed();
  const lines = (await text()).split('\n');
  expect(lines).toContain('landbridge_monitoring_up 1');
  expect(lines).toContain(`landbridge_link_max_lag_seconds{${link}} 3`);
  expect(lines).toContain(`landbridge_mirror_sum_lag_messages{${link},topic="orders"} 6`);
  expect(lines).toContain(`landbridge_mirror_blocked_messages{${link},topic="orders"} 2`);
  expect(lines.some((line) => /^landbridge_store_bytes [1-9]\d+$/.test(line))).toBe(true);
});

it('tells no metric twice', async () => {
  await observed();
  const types = (await text()).match(/^# TYPE \w+/gm) ?? [];
  expect(new Set(types).size).toBe(types.length);
});

it('forgets what it was told when the web thread tells nothing any more', async () => {
  await observed(Date.now() + 60_000);
  expect(await text()).not.toContain('landbridge_link_max_lag_seconds');
});

it('tells people who see one link nothing of others, nor of the server', async () => {
  await observed();
  const told = async (name: string) => {
    const person = await signedIn(server, name, [onLink('viewer', 'east', name)]);
    return (await callRoute(metrics, '/metrics', { as: person.as })).text;
  };
  expect(await told('another')).not.toMatch(/orders|store_bytes/);
  const own = await told('orders-link');
  expect(own).toContain('landbridge_link_max_lag_seconds');
  expect(own).not.toContain('landbridge_store_bytes');
});

it('is told as down when it does not answer, beside what the engine tells', async () => {
  await observed();
  server.monitoring.die();
  const told = await text();
  expect(told).toContain('landbridge_monitoring_up 0');
  expect(told).toContain('landbridge_mirror_lag_messages');
  expect(told).not.toContain('landbridge_link_max_lag_seconds');
});

it('keeps the numbers of a link, and draws them for who may see the link', async () => {
  const atMs = Date.now();
  await observed(atMs);
  server.monitoring.monitor.tick(atMs + 10_000);
  const range = `fromMs=${atMs - 1}&toMs=${atMs + 20_000}`;
  const labels = encodeURIComponent('{"destination":"east","link":"orders-link"}');
  const path = `/api/history?metric=landbridge_link_max_lag_seconds&labels=${labels}&${range}`;
  const { json } = await callRoute(history, path);
  expect(json.timesMs).toEqual([atMs, atMs + 10_000]);
  expect(json.series).toMatchObject([{ labels: { link: 'orders-link', source: 'west' }, values: [3, 3] }]);
  const person = await signedIn(server, 'other', [onLink('viewer', 'east', 'another')]);
  expect((await callRoute(history, path, { as: person.as })).json.code).toBe('LINK_NOT_FOUND');
  const everything = `/api/history?metric=landbridge_link_max_lag_seconds&${range}`;
  expect((await callRoute(history, everything, { as: person.as })).json.code).toBe('FORBIDDEN');
});

it('does not take what the web thread has not told for gone', async () => {
  const judged = vi.spyOn(Health.prototype, 'observe');
  await observed();
  expect(judged.mock.lastCall?.[0].whole.has('landbridge')).toBe(true);
  server.monitoring.monitor.tick(Date.now() + 60_000);
  expect(judged.mock.lastCall?.[0].whole.has('landbridge')).toBe(false);
  judged.mockRestore();
});

describe('all configs of a topic', () => {
  const asked = (topic: string, name = 'west') =>
    callRoute(topicConfigs, `/api/clusters/${name}/observed/topics/${topic}/configs`, {
      params: { name, topic },
    });
  const watching = async (watch: Partial<ClusterWatch> = {}) => {
    await server.close();
    const seen = watchOf([sweepOf({ cluster: 'west' })]);
    server = await startTestServer({}, undefined, { ...seen, ...watch });
    await addClusters();
  };

  it('are answered as they were read, and a topic that the broker does not know is not found', async () => {
    await watching();
    const { json } = await asked('orders');
    expect(json).toMatchObject({ cluster: 'west', topic: 'orders', configs: [{ source: 'TOPIC' }] });
    const none = await asked('none');
    expect(none.status).toBe(404);
    expect(none.json.message).toMatch(/^Cluster "west" has no topic "none": a broker was asked just now/);
    expect((await asked('orders', 'east')).json.code).toBe('NOT_OBSERVED_YET');
    expect((await asked('orders', 'nowhere')).json.code).toBe('CLUSTER_NOT_FOUND');
  });

  it('that brokers do not tell are an error of Kafka with their words, none of monitoring', async () => {
    const words = 'The principal of cluster "west" may not read the configs of topic "orders".';
    await watching({ topicConfigs: () => Promise.reject(new KafkaError(words, { retriable: false })) });
    const { status, json } = await asked('orders');
    expect({ status, code: json.code, message: json.message }).toEqual({
      ...{ status: 502, code: 'KAFKA_REQUEST_FAILED', message: words },
    });
  });
});
