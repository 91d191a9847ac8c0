// What is told of links and mirrors, in Prometheus' text format.
import { Registry } from 'prom-client';
import { LATENCY_BOUNDS_SECONDS } from '@/lib/contracts/engine';
import type { ExposedHistogram } from '@/lib/contracts/monitoring/exposed';
import { type Exposed, type ExposedName, exposedMetrics, exposedNames } from './exposed';

/** `metricName`: of one of the lines that a histogram has. */
type Line = { labels: Record<string, string>; value: number; metricName?: string };

export const CONTENT_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

export function expositionText({ values, histograms }: Exposed): Promise<string> {
  const registry = new Registry();
  for (const name of exposedNames) {
    const own = histograms.filter(({ metric }) => metric === name).flatMap(linesOf);
    const lines: Line[] = [...(values.get(name) ?? []), ...own];
    if (lines.length > 0) register(registry, name, lines);
  }
  return registry.metrics();
}

function register(registry: Registry, name: ExposedName, values: Line[]): void {
  const [type, , help] = exposedMetrics[name];
  // A registry asks its metrics when it is asked; these have their answer already.
  const get = async () => ({ name, help, type, values, aggregator: 'sum' });
  registry.registerMetric({ name, help, type, get } as never);
}

/** Buckets add up. */
function linesOf({ metric, labels, counts, sumSeconds }: ExposedHistogram): Line[] {
  let below = 0;
  const buckets = [...LATENCY_BOUNDS_SECONDS.map(String), '+Inf'].map((le, i) => {
    below += counts[i] ?? 0;
    return { labels: { ...labels, le }, value: below, metricName: `${metric}_bucket` };
  });
  return [
    ...buckets,
    { labels, value: sumSeconds, metricName: `${metric}_sum` },
    { labels, value: below, metricName: `${metric}_count` },
  ];
}
