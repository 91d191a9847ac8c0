import { describe, expect, it } from 'vitest';
import { LATENCY_BOUNDS_SECONDS } from '@/lib/contracts/engine';
import { groupStates } from '@/lib/monitoring/metrics';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { CounterStarts } from './counter-starts';
import { encodeExposition, encodeOtlp, otlpJson } from './otlp';
import { attributesOf, decodeOtlp } from './testing/otlp-proto';
import { otlpValues } from './testing/series-values';

const startedAtMs = 1_700_000_000_000;
const atMs = 1_700_000_123_456;
const resource = { attributes: { 'service.name': 'landbridge', 'service.instance.id': 'c1' }, startedAtMs };
const registry = new SeriesRegistry();

function observation(at = atMs, lost = 12) {
  const builder = new ObservationBuilder(registry);
  builder.add('kafka_consumergroup_group_max_lag_seconds', ['dc1', 'billing'], 1.25);
  builder.add('kafka_consumergroup_group_max_lag_seconds', ['dc1', 'shipping "é"'], 0);
  builder.add('kafka_partition_latest_offset', ['dc1', 'orders', '0'], 2 ** 53 - 1);
  builder.add('landbridge_group_lost_messages_total', ['dc1', 'billing'], lost);
  builder.add('landbridge_group_state', ['dc1', 'billing'], 2);
  return builder.build(at);
}
/** As one request. */
const encodeOne = (...of: Parameters<typeof encodeOtlp>) => encodeOtlp(...of)[0] as Buffer;
const metricsOf = (bytes: Uint8Array) => decodeOtlp(bytes).resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
const metric = (bytes: Uint8Array, name: string) => metricsOf(bytes).find((one) => one.name === name);

describe('an observation as OTLP', () => {
  it('is read by another library: who tells, and each metric once, with its unit and what it means', () => {
    const { resourceMetrics } = decodeOtlp(encodeOne(observation(), resource));
    expect(resourceMetrics).toHaveLength(1);
    expect(attributesOf(resourceMetrics[0]?.resource.attributes ?? [])).toEqual(resource.attributes);
    const metrics = resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? [];
    expect(metrics.map(({ name, unit }) => [name, unit])).toEqual([
      ['kafka_consumergroup_group_max_lag_seconds', 's'],
      ['kafka_partition_latest_offset', undefined],
      ['landbridge_group_lost_messages_total', undefined],
      ['landbridge_group_state', undefined],
    ]);
    expect(metrics[0]?.description).toBe('Worst lag of a partition, in seconds.');
  });

  it('has gauges with exact values and times, and labels as Prometheus has them', () => {
    const bytes = encodeOne(observation(), resource);
    const points = metric(bytes, 'kafka_consumergroup_group_max_lag_seconds')?.gauge?.dataPoints ?? [];
    expect(points.map(({ asDouble, attributes }) => [asDouble, attributesOf(attributes)])).toEqual([
      [1.25, { cluster_name: 'dc1', group: 'billing' }],
      [0, { cluster_name: 'dc1', group: 'shipping "é"' }],
    ]);
    expect(points[0]?.timeUnixNano).toBe('1700000123456000000');
    expect(metric(bytes, 'kafka_partition_latest_offset')?.gauge?.dataPoints[0]?.asDouble).toBe(2 ** 53 - 1);
  });

  it('has counters as cumulative sums since the start', () => {
    const sum = metric(encodeOne(observation(), resource), 'landbridge_group_lost_messages_total')?.sum;
    expect(sum).toMatchObject({ aggregationTemporality: 'CUMULATIVE', isMonotonic: true });
    expect(sum?.dataPoints[0]).toMatchObject({ asDouble: 12, startTimeUnixNano: '1700000000000000000' });
  });

  it('says of a counter that has begun anew since when it counts', () => {
    const starts = new CounterStarts();
    const startsAt = (at: number, lost: number) => {
      const seen = observation(at, lost);
      starts.observe(seen);
      const bytes = encodeOne(seen, { ...resource, starts });
      const point = metric(bytes, 'landbridge_group_lost_messages_total')?.sum?.dataPoints[0];
      return (Number(point?.startTimeUnixNano.slice(0, -6)) - atMs) / 10_000;
    };
    const fromStart = (startedAtMs - atMs) / 10_000;
    expect(
      [0, 1, 2, 3, 4].map((tick) => startsAt(atMs + tick * 10_000, [5, 9, 2, 2, 7][tick] as number)),
    ).toEqual([fromStart, fromStart, ...[1, 1, 1]]);
  });

  it('has one series for each state, like Prometheus', () => {
    const points =
      metric(encodeOne(observation(), resource), 'landbridge_group_state')?.gauge?.dataPoints ?? [];
    const now = points.filter(({ asDouble }) => asDouble === 1);
    expect(points.length).toBeGreaterThan(5);
    expect(now.map(({ attributes }) => attributesOf(attributes).state)).toEqual(['STABLE']);
  });

  it('is the same message in JSON', () => {
    const json = JSON.parse(otlpJson(observation(), resource));
    const sum = json.resourceMetrics[0].scopeMetrics[0].metrics[2].sum;
    expect(sum.isMonotonic).toBe(true);
    expect(sum.dataPoints[0]).toMatchObject({ asDouble: 12, timeUnixNano: '1700000123456000000' });
  });

  it('is a message even when nothing is known', () => {
    const empty = new ObservationBuilder(registry).build(atMs);
    expect(metricsOf(encodeOne(empty, resource))).toEqual([]);
  });
});

describe('what /metrics tells as OTLP', () => {
  const link = { link: 'l', source: 'a', destination: 'b' };
  const exposed = (records: number, slow = 1) => ({
    columns: [
      {
        metric: 'landbridge_mirror_records_total',
        labels: { ...link, topic: ['orders', 'payments'] },
        values: Float64Array.of(records, 7),
      },
    ],
    histograms: [
      {
        metric: 'landbridge_mirror_replication_latency_seconds',
        labels: link,
        counts: [...LATENCY_BOUNDS_SECONDS.map(() => 0), slow],
        sumSeconds: 70,
      },
    ],
  });
  const own = () => ({ ...resource, starts: new CounterStarts() });

  it('has the histogram with its bounds, and names labels by row', () => {
    const { bodies, points } = encodeExposition(observation(), exposed(40), own());
    expect(points).toBe(observation().series.length - 1 + groupStates.length + 3);
    const [body] = bodies as [Buffer];
    const records = metric(body, 'landbridge_mirror_records_total');
    expect(
      records?.sum?.dataPoints.map(({ asDouble, attributes }) => [asDouble, attributesOf(attributes)]),
    ).toEqual([
      [40, { ...link, topic: 'orders' }],
      [7, { ...link, topic: 'payments' }],
    ]);
    expect(metric(body, 'landbridge_mirror_replication_latency_seconds')).toMatchObject({
      unit: 's',
      histogram: {
        aggregationTemporality: 'CUMULATIVE',
        dataPoints: [{ count: '1', sum: 70, explicitBounds: [...LATENCY_BOUNDS_SECONDS] }],
      },
    });
  });

  it('says since when counters of the web thread count that have begun anew', () => {
    const to = own();
    const startOf = (records: number, at: number) => {
      const [body] = encodeExposition(observation(at), exposed(records), to).bodies as [Buffer];
      const points = metric(body, 'landbridge_mirror_records_total')?.sum?.dataPoints ?? [];
      return points.map(({ startTimeUnixNano }) => startTimeUnixNano);
    };
    const since = `${startedAtMs}000000`;
    expect(startOf(40, atMs)).toEqual([since, since]);
    expect(startOf(3, atMs + 10_000)).toEqual([`${atMs}000000`, since]);
    expect(startOf(5, atMs + 20_000)).toEqual([`${atMs}000000`, since]);
  });

  it('is cut into requests that receivers take, each point once', () => {
    const whole = encodeExposition(observation(), exposed(40), own());
    const cut = encodeExposition(observation(), exposed(40), own(), 4);
    expect(cut.bodies).toHaveLength(Math.ceil(cut.points / 4));
    const decoded = cut.bodies.map((body) => decodeOtlp(body));
    expect(otlpValues(decoded)).toEqual(otlpValues(whole.bodies.map((body) => decodeOtlp(body))));
    for (const { resourceMetrics } of decoded)
      expect(attributesOf(resourceMetrics[0]?.resource.attributes)).toEqual(resource.attributes);
  });
});
