/**
 * Queries of the Grafana dashboard: PromQL over the metrics that /metrics tells, each filtered by the variables that its labels have. Names are
 * typed, so that a metric which is renamed breaks the build. Pure.
 */
import {
  defOf,
  isMetricName,
  labelNames,
  type MetricName,
  type Per,
  type Unit,
} from '@/lib/monitoring/metrics';
import { rules } from '@/server/health/rules/all';
import { type ExposedName, exposedMetrics, isExposedName } from '@/server/metrics/exposed';
import { labelTold } from '@/server/metrics/told';

/** Every metric of /metrics. */
export type ToldName = MetricName | ExposedName;
export const isToldName = (name: string): name is ToldName => isMetricName(name) || isExposedName(name);

/** `legend` names a series by its labels; `unit` is of the query's numbers. */
export type Query = { expr: string; legend: string; unit: Unit };

/** Labels of those that are told of the engine's snapshot alone. */
const snapshotMetrics: Record<Exclude<ExposedName, MetricName>, { per: Per; labels?: readonly string[] }> = {
  landbridge_monitoring_up: { per: 'landbridge' },
  landbridge_snapshot_timestamp_seconds: { per: 'landbridge' },
  landbridge_mirror_lag_messages: { per: 'mirrorPartition' },
  landbridge_mirror_lag_bytes: { per: 'mirrorPartition' },
  landbridge_mirror_lag_seconds: { per: 'mirrorPartition' },
  landbridge_mirror_fills_total: { per: 'mirror', labels: ['kind'] },
  landbridge_mirror_verified_offset: { per: 'mirrorPartition' },
  landbridge_mirror_replication_latency_seconds: { per: 'link' },
  landbridge_partition_series_dropped: { per: 'landbridge' },
};

/** Which variable chooses by which label, for what a series is about. */
const chosenBy: Record<Per, readonly string[]> = {
  landbridge: [],
  cluster: ['cluster'],
  broker: ['cluster'],
  topic: ['cluster'],
  partition: ['cluster'],
  group: ['cluster', 'group'],
  groupPartition: ['cluster', 'group'],
  link: ['link'],
  mirror: ['link', 'topic'],
  mirrorPartition: ['link', 'topic'],
};

const legends: Record<Per, string> = {
  landbridge: '{{instance}}',
  cluster: '{{cluster}}',
  broker: '{{cluster}} / {{broker}}',
  topic: '{{cluster}} / {{topic}}',
  partition: '{{cluster}} / {{topic}}-{{partition}}',
  group: '{{cluster}} / {{group}}',
  groupPartition: '{{cluster}} / {{group}} / {{topic}}-{{partition}}',
  link: '{{link}} ({{source}} → {{destination}})',
  mirror: '{{link}} / {{topic}}',
  mirrorPartition: '{{link}} / {{topic}}-{{partition}}',
};

export const helpOf = (name: ToldName): string =>
  isMetricName(name) ? defOf(name).help : exposedMetrics[name][2];
const unitOf = (name: ToldName): Unit => (isMetricName(name) ? defOf(name).unit : exposedMetrics[name][1]);
const aboutOf = (name: ToldName): { per: Per; labels?: readonly string[] } =>
  isMetricName(name) ? defOf(name) : snapshotMetrics[name];

/**
 * The series of a metric that the variables choose.
 *
 * @param only words of a state: only the series of these
 * @throws when a word is none of the metric's
 */
export function series(name: ToldName, only?: readonly string[]): string {
  const { per } = aboutOf(name);
  const chosen = chosenBy[per].map((label) => `${labelTold(name, label)}=~"$${label}"`);
  const matchers = ['instance=~"$instance"', ...chosen, ...(only ? [statesOf(name, only)] : [])];
  return `${name}{${matchers.join(',')}}`;
}

function statesOf(name: ToldName, only: readonly string[]): string {
  const words = (isMetricName(name) && defOf(name).words) || [];
  const stranger = only.find((word) => !words.includes(word));
  if (stranger !== undefined) throw new Error(`${stranger} is no state of ${name}.`);
  return only.length === 1 ? `state="${only[0]}"` : `state=~"${only.join('|')}"`;
}

/** The metric as it is, one line a series. */
export function of(name: ToldName): Query {
  const { per, labels = [] } = aboutOf(name);
  const own = legends[per].replace('{{cluster}}', `{{${labelTold(name, 'cluster')}}}`);
  const more = labels.map((label) => ` / {{${label}}}`).join('');
  return { expr: series(name), legend: own + more, unit: unitOf(name) };
}

/** Growth of a counter a second. */
export function rateOf(name: ToldName): Query {
  const unit = unitOf(name) === 'bytes' ? 'bytesPerSecond' : 'perSecond';
  return { ...of(name), expr: `rate(${series(name)}[$__rate_interval])`, unit };
}

/** Growth of a counter from one point of the chart to the next. */
export const increaseOf = (name: ToldName): Query => ({
  ...of(name),
  expr: `increase(${series(name)}[$__rate_interval])`,
});

/**
 * What a rule with a window judges: growth of its counter over the window that it has by default.
 *
 * @throws when the rule has no window
 */
export function grownOf(id: string): Query {
  const { metric, unit } = ruleNamed(id);
  return { ...of(metric), expr: `increase(${series(metric)}[${windowOf(id)}s])`, unit };
}

/** In seconds. */
export function windowOf(id: string): number {
  const { window, thresholds } = ruleNamed(id);
  const setting = thresholds.find(({ name }) => name === window?.seconds);
  if (!setting) throw new Error(`Rule ${id} has no window.`);
  return setting.default;
}

export const named = (query: Query, legend: string): Query => ({ ...query, legend });
export const worst = (count: number, query: Query): Query => ({
  ...query,
  expr: `topk(${count}, ${query.expr})`,
});
export const least = (count: number, query: Query): Query => ({
  ...query,
  expr: `bottomk(${count}, ${query.expr})`,
});

/** Labels that identify what the metric is about, as all metrics of Landbridge's own call them. */
export const identityOf = (name: MetricName): string => labelNames(name).join(', ');

/** One number for each thing that the metric is about, whoever told it; by the labels of Landbridge's own metrics. */
export function each(name: MetricName, expr = series(name)): string {
  const ours =
    labelTold(name, 'cluster') === 'cluster'
      ? expr
      : `label_replace(${expr}, "cluster", "$1", "${labelTold(name, 'cluster')}", "(.*)")`;
  return `max by (${identityOf(name)}) (${ours})`;
}

/** The state of each thing as a number: its place in the list of the metric's words. */
export function codeOf(name: MetricName): Query {
  const words = defOf(name).words ?? [];
  const known = words.map((word, code) => `(${series(name, [word])} == 1) * ${code}`);
  return { ...of(name), expr: each(name, known.join(' or ')) };
}

/** Metrics that a query asks for, each once. Of a histogram its lines have endings of their own. */
export function metricsIn(expr: string): string[] {
  const names = expr.match(/\b(?:landbridge|kafka)_\w+/g) ?? [];
  const whole = (name: string) => (isToldName(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));
  return [...new Set(names.map(whole))];
}

/** @throws when there is no such rule */
export function ruleNamed(id: string) {
  const found = rules.find((rule) => rule.id === id);
  if (!found) throw new Error(`There is no rule ${id}.`);
  return found;
}
