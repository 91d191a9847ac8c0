// Which metrics a report holds: by default all but those of single partitions, which are many and which no rule asks for. Pure.
import { defOf, type MetricName, metricNames, type Per } from '@/lib/monitoring/metrics';

const ofPartitions: readonly Per[] = ['partition', 'groupPartition', 'mirrorPartition'];

export const isOfPartitions = (name: MetricName): boolean => ofPartitions.includes(defOf(name).per);

export const defaultReportMetrics: readonly MetricName[] = metricNames.filter(
  (name) => !isOfPartitions(name),
);

/**
 * @param entries names; a `*` at the end stands for the rest of one, and `default` for the default
 * @returns `unknown`: entries that name nothing
 */
export function chosenMetrics(entries: readonly string[]): { metrics: MetricName[]; unknown: string[] } {
  const matching = (entry: string): readonly MetricName[] => {
    if (entry === 'default') return defaultReportMetrics;
    if (entry.endsWith('*')) return metricNames.filter((name) => name.startsWith(entry.slice(0, -1)));
    return metricNames.filter((name) => name === entry);
  };
  const chosen = new Set(entries.flatMap(matching));
  return {
    metrics: metricNames.filter((name) => chosen.has(name)),
    unknown: entries.filter((entry) => matching(entry).length === 0),
  };
}
