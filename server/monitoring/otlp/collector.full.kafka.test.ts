// Metrics over OTLP, and health reports as OTLP, read back by a real OpenTelemetry Collector and compared with what the brokers say.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as pauseRoute from '@/app/api/links/[destination]/[name]/mirrors/[topic]/pause/route';
import * as linksRoute from '@/app/api/links/route';
import { GET as metrics } from '@/app/metrics/route';
import { TestCa } from '@/harness/certificates';
import { type OtelCollector, startOtelCollector } from '@/harness/otel-collector';
import { produce } from '@/harness/produce';
import { sharedCluster, suiteCluster, uniqueName } from '@/harness/test-clusters';
import {
  commitGroupOffsets,
  createTopic,
  deleteRecords,
  listGroupOffsets,
  listOffsets,
} from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { metricNames } from '@/lib/monitoring/metrics';
import { defaultMonitoring, type MonitoringConfig } from '@/server/health-config';
import { Collector } from '@/server/metrics/collector/collector';
import { attributesOf, type OtlpRequest } from '@/server/metrics/testing/otlp-proto';
import { otlpValues, prometheusValues, type SeriesValues } from '@/server/metrics/testing/series-values';
import { spawnInProcess } from '@/server/testing/engine-in-process';
import { post } from '@/server/testing/requests';
import { callRoute, startTestServer, type TestServer } from '@/server/testing/test-server';

const source = suiteCluster({ name: 'otlp' });
const destination = sharedCluster();
const topic = uniqueName('read-back');
const group = uniqueName('readers "of" all\\that');
const link = uniqueName('to-east');
const within = { limitMs: 120_000, everyMs: 500 };
const headers = { authorization: 'Bearer of-the-test' };

let ca: TestCa;
let client: { cert: string; key: string };
let secured: OtelCollector;
let plain: OtelCollector;
let server: TestServer | null = null;

beforeAll(async () => {
  const { bootstrap } = source();
  await createTopic({ bootstrap, topic, partitions: 2 });
  await produce({ bootstrap, records: { topic, count: 100, partitions: [0] } });
  await produce({ bootstrap, records: { topic, count: 40, partitions: [1] } });
  await deleteRecords({ bootstrap, topic, before: new Map([[1, 10n]]) });
  await commitGroupOffsets({ bootstrap, topic, group, offsets: new Map([[0, 58n]]) });
  ca = await TestCa.create();
  const [own, others] = await Promise.all([ca.issueServer({ name: 'collector' }), TestCa.create('clients')]);
  secured = await startOtelCollector({ ...own, clientCa: others.pem });
  plain = await startOtelCollector();
  client = await others.issueClient({ name: 'landbridge' });
});

afterAll(async () => {
  await server?.close();
  await secured?.stop();
  await plain?.stop();
});

const cluster = (name: string, bootstrap: string) => ({
  name,
  bootstrapServers: bootstrap.split(','),
  security: { protocol: 'PLAINTEXT' as const },
});

async function start(monitoring: MonitoringConfig): Promise<TestServer> {
  await server?.close();
  const clusters = [cluster('west', source().bootstrap), cluster('east', destination().bootstrap)];
  const watch = new Collector({ log: () => undefined, intervalMs: 1_000 });
  server = await startTestServer({ clusters, monitoring }, spawnInProcess, watch);
  return server;
}

/** Of the newest request that the Collector has written; an export of so few points is one request. */
const newestOf = (collector: OtelCollector) => {
  const request = collector.written().at(-1) as OtlpRequest | undefined;
  return request && { request, values: otlpValues([request]) };
};
const keyOf = (name: string, labels: Record<string, string>) =>
  `${name}{${Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`;

/** What the brokers themselves say of the topic and of the group. */
async function ofBrokers(): Promise<Record<string, number>> {
  const { bootstrap } = source();
  const [latest, earliest, committed] = await Promise.all([
    listOffsets({ bootstrap, topic, at: 'latest' }),
    listOffsets({ bootstrap, topic, at: 'earliest' }),
    listGroupOffsets({ bootstrap, group }),
  ]);
  const told: Record<string, number> = {};
  for (const partition of ['0', '1']) {
    const at = { cluster_name: 'west', topic, partition };
    const end = latest.get(Number(partition)) ?? -1n;
    told[keyOf('kafka_partition_latest_offset', at)] = Number(end);
    told[keyOf('kafka_partition_earliest_offset', at)] = Number(earliest.get(Number(partition)));
    const commit = committed[topic]?.[partition]?.offset;
    if (commit === undefined) continue;
    told[keyOf('kafka_consumergroup_group_offset', { ...at, group })] = Number(commit);
    told[keyOf('kafka_consumergroup_group_lag', { ...at, group })] = Number(end - BigInt(commit));
  }
  return told;
}

/** Lag of the mirror's partitions, by the ends of both topics. */
async function lagOfMirror(): Promise<Record<string, number>> {
  const [from, to] = await Promise.all(
    [source(), destination()].map(({ bootstrap }) => listOffsets({ bootstrap, topic, at: 'latest' })),
  );
  const of = { link, source: 'west', destination: 'east', topic };
  return Object.fromEntries(
    ['0', '1'].map((partition) => [
      keyOf('landbridge_mirror_lag_messages', { ...of, partition }),
      Number((from?.get(Number(partition)) ?? -1n) - (to?.get(Number(partition)) ?? -1n)),
    ]),
  );
}

async function arrives(collector: OtelCollector, expected: Record<string, number>): Promise<SeriesValues> {
  const holds = () => {
    const values = newestOf(collector)?.values;
    return Object.entries(expected).every(([key, value]) => values?.get(key) === value);
  };
  await waitFor('the Collector to have it', holds, within).catch(() => undefined);
  const values: SeriesValues = newestOf(collector)?.values ?? new Map();
  expect(Object.fromEntries(Object.keys(expected).map((key) => [key, values.get(key)]))).toEqual(expected);
  return values;
}

describe('metrics over OTLP, read back by a Collector that asks for a certificate', () => {
  beforeAll(async () => {
    await start({
      ...defaultMonitoring,
      otlp: {
        ...{ consoleName: 'of the test', url: secured.url, proxy: null, ca: ca.pem, client, headers },
        intervalMs: 10_000,
      },
    });
    const wanted = { name: link, source: 'west', destination: 'east', topics: [topic] };
    const created = await callRoute(linksRoute.POST, '/api/links', post(wanted));
    expect(created.status, created.text).toBe(201);
  });

  it('has the ends of logs and the lags of groups that the brokers have', async () => {
    const told = await ofBrokers();
    expect(Object.values(told).sort((a, b) => a - b)).toEqual([0, 10, 40, 42, 58, 100]);
    await arrives(secured, told);
  });

  it('has the lag of a mirror as the ends of both topics have it, in step and behind', async () => {
    const copied = async () => Object.values(await lagOfMirror()).every((lag) => lag === 0);
    await waitFor('the mirror to be in step', copied, within);
    await arrives(secured, await lagOfMirror());
    const params = { destination: 'east', name: link, topic };
    await callRoute(pauseRoute.POST, '/api/…/pause', { method: 'POST', params });
    const isPaused = async () =>
      /landbridge_mirror_state\{[^}]*state="PAUSED"/.test((await callRoute(metrics, '/metrics')).text);
    await waitFor('the mirror to be paused', isPaused, within);
    await produce({ bootstrap: source().bootstrap, records: { topic, count: 25, partitions: [0] } });
    const behind = await lagOfMirror();
    expect(Object.values(behind)).toEqual([25, 0]);
    await arrives(secured, { ...behind, ...(await ofBrokers()) });
  });

  it('has what /metrics has: each series by name and labels, and no other', async () => {
    const keys = (values: SeriesValues | undefined) => [...(values?.keys() ?? [])].sort();
    const told = async () => keys(prometheusValues((await callRoute(metrics, '/metrics')).text));
    const same = async () => (await told()).join('\n') === keys(newestOf(secured)?.values).join('\n');
    await waitFor('the same series', same, within).catch(() => undefined);
    expect(keys(newestOf(secured)?.values)).toEqual(await told());
  });

  it('has counters, the histogram and who tells in the words of OpenTelemetry', async () => {
    const [resource] = newestOf(secured)?.request.resourceMetrics ?? [];
    expect(attributesOf(resource?.resource.attributes)).toMatchObject({
      'service.name': 'landbridge',
      'landbridge.console.name': 'of the test',
      'landbridge.mode': 'normal',
    });
    const metric = (name: string) => resource?.scopeMetrics[0]?.metrics.find((one) => one.name === name);
    // 2: cumulative.
    expect(metric('landbridge_mirror_records_total')?.sum).toMatchObject({
      ...{ isMonotonic: true, aggregationTemporality: 2 },
    });
    const told = prometheusValues((await callRoute(metrics, '/metrics')).text);
    const of = { link, source: 'west', destination: 'east', topic };
    for (const name of ['landbridge_mirror_records_total', 'landbridge_mirror_bytes_total']) {
      const key = keyOf(name, of);
      expect(told.get(key)).toBeGreaterThanOrEqual(130);
      expect(newestOf(secured)?.values.get(key)).toBe(told.get(key));
    }
    expect(metric('landbridge_mirror_bytes_total')?.unit).toBe('By');
    expect(metric('landbridge_mirror_replication_latency_seconds')).toMatchObject({
      unit: 's',
      histogram: { aggregationTemporality: 2 },
    });
    const { otlp } = await (server as TestServer).monitoring.monitor.healthReport();
    expect(otlp?.endpoint).toMatchObject({ state: 'REACHABLE', why: null, dropped: 0, refused: 0 });
  });
});

describe('health reports as OTLP, in reduced mode', () => {
  it('have the ends of logs and the lags of groups that the brokers have', async () => {
    await start({
      ...{ mode: 'reduced', otlp: null, dashboardUrl: null },
      report: {
        ...{ consoleName: 'reduced', endpoints: [{ url: plain.url, proxy: null }], format: 'otlp' },
        ...{ token: 'of-the-test', ca: null, client: null, topicNames: 'plain' },
        ...{ intervalMs: 10_000, metrics: [...metricNames], bufferBytes: 1_048_576 },
      },
    });
    const values = await arrives(plain, await ofBrokers());
    expect(values.get(keyOf('landbridge_cluster_brokers', { cluster: 'west' }))).toBe(1);
    const { report } = await (server as TestServer).monitoring.monitor.healthReport();
    expect(report?.endpoints[0]).toMatchObject({ state: 'REACHABLE', waiting: 0, refused: 0 });
  });
});
