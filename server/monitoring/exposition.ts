/**
 * The newest observation in Prometheus' text format: clusters, brokers, topics, groups, and what is judged of links. What the web thread tells
 * of links by itself, from newer numbers, is not repeated here (server/metrics/exposed.ts).
 */
import { Registry } from 'prom-client';
import { defOf, type MetricDef, type MetricName, metricNames } from '@/lib/monitoring/metrics';
import type { Labels, Observation } from '@/lib/monitoring/observation';
import { isExposedName } from '@/server/metrics/exposed';
import { type ToldValue, told } from '@/server/metrics/told';

/** `everything`: also what is about Landbridge itself. */
export type Scope = { clusters: readonly string[]; links: readonly string[]; everything: boolean };

const sweepAge: MetricName = 'landbridge_cluster_sweep_age_seconds';

/** Metrics told from observations. */
export const observedMetrics: readonly MetricName[] = metricNames.filter((name) => !isExposedName(name));

/** @param nowMs ages are told as of now: in reduced mode the newest observation may be an hour old */
export async function observationText(
  observation: Observation | null,
  scope: Scope,
  nowMs: number,
): Promise<string> {
  if (observation === null) return '';
  const clusters = new Set(scope.clusters);
  const links = new Set(scope.links);
  const sees = (labels: Labels) =>
    labels.link !== undefined
      ? links.has(`${labels.destination}/${labels.link}`)
      : labels.cluster !== undefined
        ? clusters.has(labels.cluster)
        : scope.everything;
  const values = new Map<MetricName, ToldValue[]>(observedMetrics.map((name) => [name, []]));
  const sinceSeconds = Math.max(0, nowMs - observation.atMs) / 1_000;
  for (const [i, { metric, labels }] of observation.series.entries()) {
    const of = values.get(metric);
    if (!of || !sees(labels)) continue;
    const seen = observation.values[i] as number;
    of.push(...told(metric, labels, metric === sweepAge ? seen + sinceSeconds : seen));
  }
  const registry = new Registry();
  for (const [name, of] of values) {
    if (of.length === 0) continue;
    const { help, type }: MetricDef = defOf(name);
    // A registry asks its metrics when it is asked; these have their answer already.
    const get = async () => ({ name, help, type, values: of, aggregator: 'sum' });
    registry.registerMetric({ name, help, type, get } as never);
  }
  return registry.metrics();
}
