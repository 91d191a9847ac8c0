import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import type { FromMonitor, MonitorRequest } from '@/lib/contracts/monitoring/thread';
import type { MetricName } from '@/lib/monitoring/metrics';
import { defaultReportMetrics } from '@/server/health/reporter/report-metrics';
import { sweepOf, watchTelling } from '@/server/testing/sweeps';
import { assembleMonitor } from './assemble';
import type { Monitor } from './monitor';

const dataDir = mkdtempSync(join(tmpdir(), 'landbridge-reduced-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

let running: Monitor | null = null;
afterEach(() => running?.stop());

const atMs = Date.now();
/** In reduced mode, with a cluster that was swept. `sent`: the metrics of reports; null: there are none. */
function reduced(sent: readonly MetricName[] | null = null) {
  const said: FromMonitor[] = [];
  const config = {
    ...{ consoleName: 'west', format: 'json' as const, token: null, ca: null, client: null },
    ...{ endpoints: [{ url: 'http://127.0.0.1:9/', proxy: null }], intervalMs: 60_000 },
    ...{ topicNames: 'plain' as const, metrics: [...(sent ?? [])], bufferBytes: 1_000_000 },
  };
  const monitor = assembleMonitor(
    {
      ...{ mode: 'reduced', dataDir, origin: 'http://127.0.0.1:3000', historyLimitBytes: 1e9, otlp: null },
      report: sent && { config, namesKey: Buffer.alloc(32).toString('base64'), version: 'test' },
    },
    (message) => said.push(message),
    watchTelling([sweepOf({ cluster: 'west', atMs })]),
  );
  running = monitor;
  const answerTo = async (request: MonitorRequest) => {
    const id = said.length + 1;
    monitor.receive({ type: 'request', id, request });
    const find = () => said.find((message) => message.type === 'answer' && message.id === id);
    await vi.waitFor(() => expect(find()).toBeDefined());
    return find();
  };
  const recorded = (metric: MetricName) =>
    answerTo({ op: 'history', query: { metric, fromMs: atMs, toMs: atMs + 60_000, maxPoints: 100 } });
  return { monitor, answerTo, recorded };
}
const none = { ok: true, value: { total: 0 } };
/** Of two partitions. */
const both = { ok: true, value: { total: 2 } };
const scrape: MonitorRequest = { op: 'exposition', clusters: ['west'], links: [], everything: true };

it('draws the last minutes in reduced mode, and writes nothing to the disk for it', async () => {
  const { monitor, recorded } = reduced();
  for (const passed of [0, 10_000, 20_000]) monitor.tick(atMs + passed);
  expect(await recorded('landbridge_process_memory_bytes')).toMatchObject({
    ok: true,
    value: { timesMs: [0, 10_000, 20_000].map((passed) => atMs + passed), total: 1, keptFromMs: atMs },
  });
  expect(existsSync(join(dataDir, 'history.db'))).toBe(false);
});

it('records single partitions in reduced mode only once somebody looks, and all else before', async () => {
  const { monitor, recorded } = reduced(defaultReportMetrics);
  monitor.tick(atMs);
  // This question is somebody who looks.
  expect(await recorded('kafka_consumergroup_group_lag')).toMatchObject(none);
  expect(await recorded('kafka_consumergroup_group_sum_lag')).toMatchObject({
    ok: true,
    value: { total: 1 },
  });
  monitor.tick(atMs + 10_000);
  expect(await recorded('kafka_consumergroup_group_lag')).toMatchObject(both);
  expect(await recorded('kafka_partition_latest_offset')).toMatchObject(both);
});

it('tells a scraper of single partitions from the observation after its first scrape', async () => {
  const { monitor, answerTo } = reduced();
  monitor.tick(atMs);
  const told = async () => String(JSON.stringify(await answerTo(scrape)));
  expect(await told()).not.toContain('kafka_consumergroup_group_lag{');
  monitor.tick(atMs + 60_000);
  expect(await told()).toContain('kafka_consumergroup_group_lag{');
});

it('observes single partitions without anybody who looks where reports hold them', async () => {
  const { monitor, recorded } = reduced(['kafka_consumergroup_group_lag']);
  monitor.tick(atMs);
  expect(await recorded('kafka_consumergroup_group_lag')).toMatchObject(both);
});
