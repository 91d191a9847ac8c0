import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TopicNames } from '@/lib/contracts/monitoring/health-report';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { pointsPerRequest } from '@/server/metrics/otlp';
import { attributesOf, decodeOtlp } from '@/server/metrics/testing/otlp-proto';
import { Reporter } from './reporter';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'landbridge-otlp-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const begin = 1_700_000_000_000;
const minute = 60_000;
const registry = new SeriesRegistry();

function observation(atMs: number, lost = 5) {
  const builder = new ObservationBuilder(registry);
  builder.add('landbridge_cluster_topics', ['a'], 12);
  builder.add('landbridge_mirror_sum_lag_messages', ['l', 'a', 'b', 'payroll'], 7);
  builder.add('landbridge_mirror_lost_messages_total', ['l', 'a', 'b', 'payroll'], lost);
  builder.add('landbridge_broker_reachable', ['a', '1'], 1);
  return builder.build(atMs);
}

function reporterOf(topicNames: TopicNames, sent: Buffer[]): Reporter {
  return new Reporter({
    config: {
      consoleName: 'west',
      endpoints: [{ url: 'https://otel.example.com/v1/metrics', proxy: null }],
      format: 'otlp',
      ...{ token: null, ca: null, client: null, topicNames, intervalMs: minute, bufferBytes: 1e7 },
      metrics: [
        ...(['landbridge_cluster_topics', 'landbridge_mirror_sum_lag_messages'] as const),
        'landbridge_mirror_lost_messages_total',
      ],
    },
    ...{ dataDir, mode: 'reduced', version: '1.0', key: Buffer.alloc(32), random: () => 1 },
    sends: [
      async (body) => {
        sent.push(gunzipSync(body));
        return { status: 200, retryAfter: undefined, said: '' };
      },
    ],
    log: (_, message) => expect(message).toBe(''),
    nowMs: () => begin - 60 * minute,
  });
}

const metricsOf = (bytes: Buffer) => decodeOtlp(bytes).resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
const topicOf = (bytes: Buffer) => {
  const metric = metricsOf(bytes).find(({ name }) => name === 'landbridge_mirror_sum_lag_messages');
  return attributesOf(metric?.gauge?.dataPoints[0]?.attributes ?? []).topic;
};

describe('a health report in the format of OpenTelemetry', () => {
  it('holds what is on the list and who tells, and is read by another library', async () => {
    const sent: Buffer[] = [];
    const reporter = reporterOf('plain', sent);
    for (const [i, lost] of [5, 2].entries()) {
      reporter.take(observation(begin + i * minute, lost));
      await reporter.settled();
    }
    expect(sent).toHaveLength(2);
    const [first, second] = sent as [Buffer, Buffer];
    expect(metricsOf(first).map(({ name }) => name)).toEqual([
      'landbridge_cluster_topics',
      'landbridge_mirror_sum_lag_messages',
      'landbridge_mirror_lost_messages_total',
    ]);
    const { resource } = decodeOtlp(first).resourceMetrics[0] ?? {};
    expect(attributesOf(resource?.attributes ?? [])).toMatchObject({
      'service.name': 'landbridge',
      'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'landbridge.console.name': 'west',
    });
    expect(topicOf(first)).toBe('payroll');
    const starts = [first, second].map((bytes) => metricsOf(bytes)[2]?.sum?.dataPoints[0]?.startTimeUnixNano);
    // It fell after the first report: it has begun anew since.
    expect(starts).toEqual([`${begin - 60 * minute}000000`, `${begin}000000`]);
    expect(metricsOf(second)[2]?.sum?.dataPoints[0]?.asDouble).toBe(2);
  });

  it('is sent as several requests, in order, where receivers would refuse one', async () => {
    const sent: Buffer[] = [];
    const reporter = reporterOf('plain', sent);
    const builder = new ObservationBuilder(registry);
    const topics = Array.from({ length: pointsPerRequest + 5 }, (_, i) => `topic-${i}`);
    for (const topic of topics) builder.add('landbridge_mirror_sum_lag_messages', ['l', 'a', 'b', topic], 1);
    reporter.take(builder.build(begin));
    await reporter.settled();
    const pointsOf = (bytes: Buffer) => metricsOf(bytes)[0]?.gauge?.dataPoints ?? [];
    expect(sent.map((bytes) => pointsOf(bytes).length)).toEqual([pointsPerRequest, 5]);
    const told = sent.flatMap(pointsOf).map(({ attributes }) => attributesOf(attributes).topic);
    expect(told).toEqual(topics);
  });

  it('tells names of topics as it was decided', async () => {
    const names = new Map<TopicNames, string | undefined>();
    for (const topicNames of ['hashed', 'omitted'] as const) {
      const sent: Buffer[] = [];
      const reporter = reporterOf(topicNames, sent);
      reporter.take(observation(begin));
      await reporter.settled();
      names.set(topicNames, topicOf(sent[0] as Buffer));
      expect(sent[0]?.includes('payroll')).toBe(false);
      rmSync(join(dataDir, 'reports'), { recursive: true });
    }
    expect(names.get('hashed')).toMatch(/^topic-[0-9a-f]{24}$/);
    expect(names.get('omitted')).toBeUndefined();
  });

  it('is shown as the same message in JSON', async () => {
    const reporter = reporterOf('plain', []);
    expect(await reporter.preview()).toMatchObject({ of: 'NONE', body: null });
    reporter.take(observation(begin));
    await reporter.settled();
    const { of, body, gzipBytes } = await reporter.preview();
    expect(of).toBe('NEXT');
    expect(JSON.parse(body ?? '').resourceMetrics[0].scopeMetrics[0].metrics).toHaveLength(3);
    expect(gzipBytes).toBeGreaterThan(100);
  });
});
