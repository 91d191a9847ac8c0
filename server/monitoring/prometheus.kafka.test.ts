// /metrics read back by a real Prometheus, and compared with what the broker says.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GET as metrics } from '@/app/metrics/route';
import { produce } from '@/harness/produce';
import { type Prometheus, startPrometheus } from '@/harness/prometheus';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { commitGroupOffsets, createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { LATENCY_BOUNDS_SECONDS } from '@/lib/contracts/engine';
import { linkTaskName } from '@/lib/contracts/link-task';
import { Collector } from '@/server/metrics/collector/collector';
import { everywhere, keyWith } from '@/server/testing/actors';
import { taskOf } from '@/server/testing/engine-messages';
import { createLink } from '@/server/testing/requests';
import { snapshotOf } from '@/server/testing/snapshots';
import { startTestServer, type TestServer } from '@/server/testing/test-server';
import { grafanaDashboard, rows } from './grafana/dashboard';
import type { Panel } from './grafana/panel';

const kafka = sharedCluster();
let server: TestServer;
let door: Server;
let prometheus: Prometheus;

const topic = uniqueName('read-back');
const link = { name: 'read-back', source: 'dc1', destination: 'dc2' };
let telling: NodeJS.Timeout;
const group = uniqueName('readers "of" all\\that');

beforeAll(async () => {
  const bootstrap = kafka().bootstrap;
  await createTopic({ bootstrap, topic, partitions: 2 });
  await produce({ bootstrap, records: { topic, count: 100, partitions: [0] } });
  await commitGroupOffsets({ bootstrap, topic, group, offsets: new Map([[0, 58n]]) });
  const clusters = new Collector({ log: () => undefined, intervalMs: 500 });
  const config = { name: 'dc1', bootstrapServers: [bootstrap], security: { protocol: 'PLAINTEXT' as const } };
  // The destination of the link is the same cluster by another name: what is looked at here is what is told.
  const both = [config, { ...config, name: link.destination }];
  server = await startTestServer({ clusters: both }, undefined, clusters);
  await waitFor('the first sweeps', () =>
    both.every(({ name }) => clusters.sweepOf(name)?.complete === true),
  );
  expect((await createLink({ ...link, topics: [topic] })).status).toBe(201);
  telling = setInterval(tell, 500);
  door = createServer((incoming, outgoing) => void serve(incoming.headers, outgoing));
  await new Promise<void>((up) => door.listen(0, '127.0.0.1', up));
  const key = await keyWith(server, everywhere('viewer'));
  const { port } = door.address() as AddressInfo;
  prometheus = await startPrometheus(`127.0.0.1:${port}`, { username: key.id, password: key.secret });
});
afterAll(async () => {
  clearInterval(telling);
  await prometheus?.stop();
  door?.close();
  await server?.close();
});

let told = 0;
/** What the engine says of a link that mirrors, and an observation of it. */
function tell(): void {
  told++;
  const at = Date.now();
  const id = server.runtime.catalog.links[0]?.id ?? '';
  const numbers = { end: 40n, lagBytes: 600n, lagSeconds: 3.5, bytesTotal: BigInt(told), recordsTotal: 1n };
  const mirrors = [{ topic, drift: 0, numbers: [{ ...numbers, stable: 100n, highWatermark: 120n }] }];
  const snapshot = snapshotOf(at, [{ id, mirrors }]);
  const counts = [...LATENCY_BOUNDS_SECONDS.map(() => told), 0];
  const tasks = linkTaskName.options.map(taskOf);
  for (const own of snapshot.links)
    Object.assign(own, { tasks, groupsBehind: 0, latencyHistogram: { counts, sumSeconds: told } });
  server.engine.say({ type: 'heartbeat', at });
  server.engine.say(snapshot);
  void server.runtime.monitored.tick();
  server.monitoring.monitor.tick(at);
}

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

/** What Prometheus has of it, once it has something: of a scrape that came too late on a busy machine it has nothing. */
const valuesOf = async (expression: string) => {
  let found: string[] = [];
  await waitFor(expression, async () => {
    found = (await prometheus.query(expression)).map(({ value }) => value);
    return found.length > 0;
  });
  return found;
};
/** The same for what is asked in several queries, between which a scrape may come too late. */
const soon = (look: () => Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 500 });
const quoted = (text: string) => JSON.stringify(text);

it('scrapes without an error', async () => {
  expect(await valuesOf('up == 1')).toEqual(['1']);
  expect(await valuesOf('landbridge_monitoring_up')).toEqual(['1']);
});

it('reads ends of logs and lags of groups by the names of kafka-lag-exporter', async () => {
  const at = `{cluster_name="dc1",topic=${quoted(topic)},partition="0"}`;
  expect(await valuesOf(`kafka_partition_latest_offset${at}`)).toEqual(['100']);
  expect(await valuesOf(`kafka_partition_earliest_offset${at}`)).toEqual(['0']);
  const of = `{cluster_name="dc1",group=${quoted(group)},topic=${quoted(topic)},partition="0"}`;
  expect(await valuesOf(`kafka_consumergroup_group_offset${of}`)).toEqual(['58']);
  expect(await valuesOf(`kafka_consumergroup_group_lag${of}`)).toEqual(['42']);
  expect(
    await valuesOf(`kafka_consumergroup_group_max_lag{cluster_name="dc1",group=${quoted(group)}}`),
  ).toEqual(['42']);
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
  expect(await valuesOf(`landbridge_group_state{cluster="dc1",group=${quoted(group)}} == 1`)).toEqual(['1']);
});

describe('the Grafana dashboard', () => {
  const panels = rows.flatMap((row) => row.panels);
  /** As Grafana asks when everything is chosen. */
  const asked = (expression: string) =>
    expression.replace(/"\$[a-z]+"/g, '".*"').replaceAll('$__rate_interval', '10s');

  it('asks nothing that Prometheus does not take', async () => {
    for (const [title, expr] of panels.flatMap(parts)) {
      expect(asked(expr), title).not.toMatch(/\$(?!1")/);
      await prometheus.query(asked(expr));
    }
  });

  it('shows all that there is here', async () => {
    const missing = async () => {
      const found: string[] = [];
      for (const [title, expr] of panels.flatMap(parts))
        if (!notHere.has(title) && (await prometheus.query(asked(expr))).length === 0) found.push(title);
      return found;
    };
    await soon(async () => expect(await missing()).toEqual([]));
    const titles = new Set(panels.flatMap(parts).map(([title]) => title));
    expect([...notHere].filter((title) => !titles.has(title))).toEqual([]);
  });

  it('names lines by labels that they have', async () => {
    for (const panel of panels) {
      if (panel.kind === 'table') continue;
      for (const { expr, legend } of panel.queries) {
        const wanted = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
        for (const { labels } of await prometheus.query(asked(expr)))
          expect(Object.keys(labels), panel.title).toEqual(expect.arrayContaining(wanted));
      }
    }
  });

  it('has tables whose columns are about the same things', () =>
    soon(async () => {
      for (const panel of panels) {
        if (panel.kind !== 'table') continue;
        const [first = ''] = panel.columns.map(({ expr }) => expr);
        const of = async (expr: string) =>
          (await prometheus.query(asked(expr))).map(({ labels }) => JSON.stringify(labels));
        const things = new Set(await of(first));
        expect(things.size, panel.title).toBeGreaterThan(0);
        for (const { title, expr } of panel.columns)
          expect(
            (await of(expr)).filter((thing) => !things.has(thing)),
            title,
          ).toEqual([]);
      }
    }));

  it('finds what can be chosen', () =>
    soon(async () => {
      const { list } = JSON.parse(grafanaDashboard()).templating as {
        list: { name: string; definition?: string }[];
      };
      for (const { name, definition } of list) {
        const [, metric = '', label = ''] = definition?.match(/^label_values\((.*), (\w+)\)$/) ?? [];
        if (name === 'datasource') continue;
        const values = await prometheus.query(`group by (${label}) (${asked(metric)})`);
        expect(
          values.filter(({ labels }) => labels[label]),
          name,
        ).not.toEqual([]);
      }
    }));
});

/** Each query with the panel, or the column, that shows it. */
function parts(panel: Panel): [title: string, expr: string][] {
  return panel.kind === 'table'
    ? panel.columns.map(({ title, expr }) => [`${panel.title}: ${title}`, expr])
    : panel.queries.map(({ expr }) => [panel.title, expr]);
}

/** What nothing is known of here, and why. */
const notHere = new Set([
  // Nothing was verified yet, and the link has no throttle.
  ...['Not verified for', 'The 20 mirrors with the worst lag: Not verified for'],
  // Told only where there are any.
  'The 20 mirrors with the worst lag: Partitions left out',
  'Links one by one: Throttle used while behind',
  // Retention is off in these tests, and so nothing is at risk.
  ...['The 20 mirrors with the worst lag: Retention leaves', 'Time before retention overtakes a mirror'],
  ...['The 20 mirrors with the worst lag: Deletes kept for', 'Time before a mirror misses deletes'],
  ...['The 20 groups with the most lag: Retention leaves', 'Time before retention overtakes a group'],
  // One node, without TLS or credentials.
  ...['Clusters one by one: Voters to spare', 'Slowest observer behind'],
  ...['Time left of certificates', 'Time left of credentials'],
  // Nothing is sent.
  ...['Endpoints that take what is sent', 'Reports that wait', 'Reports dropped'],
  ...['Reports and OTLP requests not taken', 'Alert channels that take nothing'],
]);
