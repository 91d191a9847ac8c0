import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GET as metrics } from '@/app/metrics/route';
import { LATENCY_BOUNDS_SECONDS } from '@/lib/contracts/engine';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { Health } from '@/server/health/health';
import { defaultMonitoring } from '@/server/health-config';
import { attributesOf } from '@/server/metrics/testing/otlp-proto';
import { otlpValues, prometheusValues } from '@/server/metrics/testing/series-values';
import type { OtlpConfig } from '@/server/otlp-config';
import { addClusters, createLink } from '@/server/testing/requests';
import { snapshotOf } from '@/server/testing/snapshots';
import { callRoute, startTestServer } from '@/server/testing/test-server';
import { OtlpOutput, otlpSendOf } from './otlp-output';
import { OtlpReceiver } from './testing/otlp-receiver';

let receiver: OtlpReceiver;
let dataDir: string;
const outputs: OtlpOutput[] = [];
beforeEach(async () => {
  receiver = await OtlpReceiver.start();
  dataDir = mkdtempSync(join(tmpdir(), 'landbridge-otlp-'));
});
afterEach(async () => {
  for (const output of outputs.splice(0)) await output.stop();
  await receiver.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const minute = 60_000;
const begin = 1_700_000_000_000;
const within = { timeout: 15_000, interval: 5 };
const configOf = (url: string, more: Partial<OtlpConfig> = {}): OtlpConfig => ({
  ...{ consoleName: 'west', url, proxy: null, ca: null, client: null, headers: {}, intervalMs: minute },
  ...more,
});
const answering =
  (status: number, headers: Record<string, string> = {}, body: string | Buffer = '') =>
  (response: ServerResponse) =>
    response.writeHead(status, headers).end(body);

/** The output alone, with a clock that only a test moves. */
class World {
  nowMs = begin;
  readonly logged: string[] = [];
  readonly output: OtlpOutput;
  readonly #registry = new SeriesRegistry();

  constructor(url = receiver.url, more: Partial<OtlpConfig> = {}) {
    const config = configOf(url, more);
    this.output = new OtlpOutput({
      ...{ config, dataDir, mode: 'normal', version: '1.0', send: otlpSendOf(config), random: () => 1 },
      ask: () => this.output.tell({ columns: [], histograms: [] }),
      log: (level, message) => this.logged.push(`${level} ${message}`),
      nowMs: () => this.nowMs,
    });
    outputs.push(this.output);
  }

  observation(value = this.nowMs) {
    const builder = new ObservationBuilder(this.#registry);
    builder.add('landbridge_cluster_topics', ['dc1'], value);
    return builder.build(this.nowMs);
  }

  async tick(afterMs = minute): Promise<void> {
    this.output.take(this.observation());
    await this.output.settled();
    this.nowMs += afterMs;
  }

  get endpoint() {
    return this.output.status.endpoint;
  }
}

const topicsSeen = () => receiver.requests.map((request) => [...otlpValues([request]).values()][0]);

describe('metrics over OTLP', () => {
  it('are what /metrics tells: the same series, labels and numbers', async () => {
    const monitoring = { ...defaultMonitoring, otlp: configOf(receiver.url) };
    const server = await startTestServer({ monitoring });
    try {
      await addClusters();
      await createLink();
      const id = server.runtime.catalog.links[0]?.id ?? '';
      const numbers = [
        { stable: 10n, end: 4n, highWatermark: 12n, lagSeconds: 3, lagBytes: 600n, bytesTotal: 9n },
        { stable: -1n, end: 4n },
      ];
      const snapshot = snapshotOf(Date.now(), [{ id, mirrors: [{ topic: 'orders "é"', numbers }] }]);
      const counts = LATENCY_BOUNDS_SECONDS.map((_, i) => i).concat(7);
      Object.assign(snapshot.links[0] ?? {}, { latencyHistogram: { counts, sumSeconds: 4.5 } });
      server.engine.say(snapshot);
      await vi.waitFor(() => expect(server.runtime.metrics.frame).not.toBeNull());
      await server.runtime.monitored.tick();
      server.monitoring.monitor.tick(Date.now());
      await vi.waitFor(() => expect(receiver.requests).toHaveLength(1), within);
      const told = prometheusValues((await callRoute(metrics, '/metrics')).text);
      expect(otlpValues(receiver.requests)).toEqual(told);
      expect(told.size).toBeGreaterThan(50);
    } finally {
      await server.close();
    }
  });

  it('are sent once an interval, compressed, with the headers that are set and who tells', async () => {
    const world = new World(undefined, { headers: { authorization: 'Bearer of-the-test' } });
    for (let i = 0; i < 18; i++) await world.tick(10_000);
    expect(receiver.requests).toHaveLength(3);
    expect(receiver.headers[0]).toMatchObject({
      authorization: 'Bearer of-the-test',
      ...{ 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
    });
    const { resource } = receiver.requests[0]?.resourceMetrics[0] ?? {};
    expect(attributesOf(resource?.attributes)).toMatchObject({
      'service.name': 'landbridge',
      'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'landbridge.console.name': 'west',
    });
    expect(world.endpoint).toMatchObject({ state: 'REACHABLE', why: null, waiting: 0, dropped: 0 });
    expect(world.output.status.last).toMatchObject({ points: 1, requests: 1 });
    expect(JSON.stringify(world.output.status)).not.toMatch(/hidden|of-the-test/);
  });

  it('are sent without the numbers of a web thread that does not tell them', async () => {
    const world = new World();
    vi.spyOn(world.output, 'tell').mockImplementation(() => undefined);
    await world.tick();
    expect(receiver.requests).toHaveLength(0);
    await world.tick();
    expect(topicsSeen()).toEqual([begin]);
  });

  it('hold up no observation while the endpoint does not answer, and do not pile up', async () => {
    receiver.answer = () => undefined;
    const monitoring = { ...defaultMonitoring, otlp: configOf(receiver.url, { intervalMs: 10_000 }) };
    const server = await startTestServer({ monitoring });
    const judged = vi.spyOn(Health.prototype, 'observe');
    try {
      const { monitor } = server.monitoring;
      monitor.tick(begin);
      await vi.waitFor(() => expect(receiver.asked).toBe(1), within);
      for (let tick = 1; tick <= 100; tick++) {
        monitor.tick(begin + tick * 10_000);
        expect(judged.mock.lastCall?.[0].atMs).toBe(begin + tick * 10_000);
        await new Promise((done) => setImmediate(done));
      }
      const waiting = async () => (await monitor.healthReport()).otlp?.endpoint.waiting;
      await vi.waitFor(async () => expect(await waiting()).toBe(1), within);
      expect(receiver.asked).toBe(1);
    } finally {
      judged.mockRestore();
      await server.close();
    }
  });

  it('of an endpoint that is gone are tried again ever later, and only the newest are kept', async () => {
    const { url } = receiver;
    await receiver.stop();
    const world = new World(url);
    for (let i = 0; i < 5; i++) await world.tick();
    expect(world.endpoint).toMatchObject({
      state: 'UNREACHABLE',
      why: expect.stringContaining('No connection'),
      ...{ waiting: 1, dropped: 4 },
    });
    expect(world.logged).toEqual([
      expect.stringMatching(
        /^warn Metrics over OTLP are not taken by http:\/\/127.0.0.1:\d+\/v1\/metrics\. No/,
      ),
    ]);
    expect(world.logged.join()).not.toContain('hidden');
  });

  it('are told as taken again, the newest first', async () => {
    receiver.answer = answering(503);
    const world = new World();
    await world.tick();
    await world.tick();
    receiver.answer = answering(200);
    await world.tick();
    expect(topicsSeen()).toEqual([begin, begin + minute, begin + 2 * minute]);
    expect(world.endpoint).toMatchObject({ state: 'REACHABLE', waiting: 0, dropped: 2 });
    expect(world.logged.map((line) => line.split(' ')[0])).toEqual(['warn', 'info']);
  });

  it.each([429, 502, 503, 504])('are not sent sooner than the endpoint asks for with %i', async (status) => {
    receiver.answer = answering(status, { 'retry-after': '600' }, 'slowly');
    const world = new World();
    for (let i = 0; i < 10; i++) await world.tick();
    expect(receiver.asked).toBe(1);
    expect(world.endpoint.why).toContain('It said: slowly');
    receiver.answer = answering(200);
    await world.tick();
    expect(topicsSeen()).toEqual([begin, begin + 10 * minute]);
  });

  it.each([
    [400, 'REFUSING', 'malformed (400). It said: no such field'],
    [401, 'UNAUTHENTICATED', 'LANDBRIDGE_OTLP_HEADERS'],
    [403, 'FORBIDDEN', 'does not allow it'],
    [404, 'WRONG_ADDRESS', '/v1/metrics'],
    [308, 'WRONG_ADDRESS', 'final address'],
    [500, 'FAILING', 'trouble of its own (500)'],
  ])('that are answered %i are not sent again, and it is told as %s', async (status, state, why) => {
    receiver.answer = answering(status, {}, 'no such field');
    const world = new World();
    await world.tick(5_000);
    await world.output.settled();
    expect(receiver.asked).toBe(1);
    expect(world.endpoint).toMatchObject({
      state,
      why: expect.stringContaining(why),
      waiting: 0,
      refused: 1,
    });
    receiver.answer = answering(200);
    await world.tick(minute);
    await world.tick();
    expect(topicsSeen()).toEqual([begin, begin + 5_000 + minute]);
    expect(world.endpoint).toMatchObject({ state: 'REACHABLE', why: null });
  });

  it('repeat no secret that the endpoint repeats', async () => {
    receiver.answer = answering(401, {}, 'who is Bearer of-the-test?');
    const world = new World(undefined, { headers: { authorization: 'Bearer of-the-test' } });
    await world.tick();
    expect(world.endpoint.why).toContain('It said: who is [secret]?');
    expect(world.logged.join()).not.toContain('of-the-test');
  });

  it('count as refused where only some were taken', async () => {
    const type = { 'content-type': 'application/x-protobuf' };
    // partial_success: 3 rejected_data_points, and why.
    receiver.answer = answering(200, type, Buffer.from([10, 8, 8, 3, 18, 4, ...Buffer.from('full')]));
    const world = new World();
    await world.tick();
    expect(world.endpoint).toMatchObject({
      state: 'REFUSING',
      why: 'The endpoint has left out 3 data points of a request. It said: full',
      refused: 1,
    });
  });
});
