// How a number of a series is told outside: by the same names and labels in Prometheus' text and in OTLP. Pure.
import { defOf, type MetricDef, type MetricName } from '@/lib/monitoring/metrics';
import type { Labels } from '@/lib/monitoring/observation';

export type ToldValue = { labels: Record<string, string>; value: number };

/** A code becomes one series a word, and metrics of kafka-lag-exporter call a cluster what it calls it. */
export function told(metric: MetricName, labels: Labels, value: number): ToldValue[] {
  const { words }: MetricDef = defOf(metric);
  const own = isOfLagExporter(metric) ? renamed(labels) : { ...labels };
  if (!words) return [{ labels: own, value }];
  return words.map((state, code) => ({ labels: { ...own, state }, value: Number(code === value) }));
}

/** What a label of a metric is called outside. */
export const labelTold = (metric: string, label: string): string =>
  label === 'cluster' && isOfLagExporter(metric) ? clusterOfLagExporter : label;

const isOfLagExporter = (metric: string) => metric.startsWith('kafka_');
const clusterOfLagExporter = 'cluster_name';

function renamed({ cluster, ...others }: Labels): Record<string, string> {
  return {
    ...(cluster === undefined ? {} : { [clusterOfLagExporter]: cluster }),
    ...(others as Record<string, string>),
  };
}
