import { describe, expect, it } from 'vitest';
import { healthReport } from '@/lib/contracts/monitoring/health-report';
import { metricNames } from '@/lib/monitoring/metrics';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { reportOf, type Told } from './report';
import { chosenMetrics, defaultReportMetrics } from './report-metrics';

const head = {
  version: 1 as const,
  id: '0f8fad5b-d9cb-469f-a165-70867728950e',
  console: {
    id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    name: 'west',
    version: '1',
    mode: 'reduced' as const,
  },
  ...{ intervalMs: 60_000, dropped: 0, refused: 0 },
};

function observation() {
  const builder = new ObservationBuilder(new SeriesRegistry());
  builder.whole('cluster/a');
  builder.clusterId('a', 'kafka-a');
  for (const topic of ['payroll', 'orders'])
    builder.add('landbridge_mirror_state', ['l', 'a', 'b', topic], topic === 'orders' ? 1 : 0);
  builder.add('landbridge_cluster_topics', ['a'], 12);
  builder.add('kafka_partition_latest_offset', ['a', 'payroll', '0'], 77);
  return builder.build(1_000);
}

const told = (more: Partial<Told> = {}): Told => ({
  metrics: new Set(defaultReportMetrics),
  topicNames: 'plain',
  key: Buffer.alloc(32, 1),
  ...more,
});

describe('a health report', () => {
  it('holds columns of what is on the list, with states as words', () => {
    const report = reportOf(observation(), head, told());
    expect(healthReport.parse(report)).toEqual(report);
    expect(report).toMatchObject({ at: 1_000, whole: ['cluster/a'], clusterIds: { a: 'kafka-a' } });
    expect(report.series).toEqual([
      {
        metric: 'landbridge_mirror_state',
        labels: { link: 'l', source: 'a', destination: 'b', topic: ['payroll', 'orders'] },
        values: [expect.stringMatching(/^[A-Z_]+$/), expect.stringMatching(/^[A-Z_]+$/)],
      },
      { metric: 'landbridge_cluster_topics', labels: { cluster: 'a' }, values: [12] },
    ]);
  });

  it('hashes names of topics so that only this console can tell which is which', () => {
    const topicsWith = (key: Buffer) =>
      reportOf(observation(), head, told({ topicNames: 'hashed', key })).series[0]?.labels.topic;
    const own = topicsWith(Buffer.alloc(32, 1));
    expect(own).toEqual(topicsWith(Buffer.alloc(32, 1)));
    expect(own).not.toEqual(topicsWith(Buffer.alloc(32, 2)));
    expect(JSON.stringify(reportOf(observation(), head, told({ topicNames: 'hashed' })))).not.toMatch(
      /payroll|orders/,
    );
  });

  it('says nothing of single topics where their names are left out', () => {
    const metrics = new Set(metricNames);
    const report = reportOf(observation(), head, told({ topicNames: 'omitted', metrics }));
    expect(report.series.map(({ metric }) => metric)).toEqual(['landbridge_cluster_topics']);
  });
});

describe('the list of metrics', () => {
  it('takes names, beginnings and the default, and tells what names nothing', () => {
    expect(
      chosenMetrics(['landbridge_quorum_*', 'landbridge_cluster_topics', 'nonsense', 'kafka_x*']),
    ).toMatchObject({
      metrics: expect.arrayContaining(['landbridge_quorum_leader', 'landbridge_cluster_topics']),
      unknown: ['nonsense', 'kafka_x*'],
    });
    expect(chosenMetrics(['default']).metrics).toEqual(defaultReportMetrics);
    expect(defaultReportMetrics).not.toContain('kafka_partition_latest_offset');
  });
});
