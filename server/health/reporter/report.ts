// Makes the body of a health report of an observation: only metrics of the allow-list, topic names as it was decided. Pure.
import { createHmac } from 'node:crypto';
import type { HealthReport, ReportSeries, TopicNames } from '@/lib/contracts/monitoring/health-report';
import { defOf, labelNames, type MetricName } from '@/lib/monitoring/metrics';
import type { Labels, Observation, Series } from '@/lib/monitoring/observation';

/** `key` makes the hashes of names; nobody else has it. */
export type Told = { metrics: ReadonlySet<MetricName>; topicNames: TopicNames; key: Buffer };
export type ReportHead = Omit<HealthReport, 'at' | 'whole' | 'clusterIds' | 'series'>;

type Rows = { labels: Labels[]; values: number[] };

export function reportOf(observation: Observation, head: ReportHead, told: Told): HealthReport {
  return {
    ...head,
    at: observation.atMs,
    whole: [...observation.whole],
    clusterIds: Object.fromEntries(observation.clusterIds ?? []),
    series: seriesOf(observation, told),
  };
}

function seriesOf({ series, values }: Observation, told: Told): ReportSeries[] {
  const byMetric = new Map<MetricName, Rows>();
  // Without an iterator's pairs: once a minute this is interpreted, and each would be an object.
  for (let i = 0; i < series.length; i++) {
    const { metric, labels } = series[i] as Series;
    if (!told.metrics.has(metric)) continue;
    if (told.topicNames === 'omitted' && labels.topic !== undefined) continue;
    let rows = byMetric.get(metric);
    if (!rows) {
      rows = { labels: [], values: [] };
      byMetric.set(metric, rows);
    }
    rows.labels.push(labels);
    rows.values.push(values[i] as number);
  }
  const topicOf = reportedTopic(told);
  return [...byMetric].map(([metric, rows]) => column(metric, rows, topicOf));
}

function column(metric: MetricName, rows: Rows, topicOf: (topic: string) => string): ReportSeries {
  const { words } = defOf(metric);
  const labels = labelNames(metric).map((name): [string, string | string[]] => {
    const texts = rows.labels.map((labels) => labels[name] ?? '');
    const own = name === 'topic' ? texts.map(topicOf) : texts;
    const [first = ''] = own;
    return [name, own.every((text) => text === first) ? first : own];
  });
  return {
    metric,
    labels: Object.fromEntries(labels),
    values: words ? rows.values.map((code) => words[code] ?? code) : rows.values,
  };
}

/** How topics are called outside. */
export const reportedTopic = ({ topicNames, key }: Told): ((topic: string) => string) =>
  topicNames === 'hashed' ? hashes(key) : (topic) => topic;

/** 96 bits: two of a million names are the same once in 10¹⁷ consoles. */
const hashBytes = 12;

function hashes(key: Buffer): (topic: string) => string {
  const known = new Map<string, string>();
  return (topic) => {
    let hash = known.get(topic);
    if (hash === undefined) {
      const digest = createHmac('sha256', key).update(topic).digest();
      hash = `topic-${digest.subarray(0, hashBytes).toString('hex')}`;
      known.set(topic, hash);
    }
    return hash;
  };
}
