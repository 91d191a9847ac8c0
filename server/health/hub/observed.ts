// Turns the body of a health report into an observation: words into codes, columns into series. Pure but for the registry.
import type { HealthReport, ReportSeries } from '@/lib/contracts/monitoring/health-report';
import { defOf, isMetricName, labelNames, type MetricName } from '@/lib/monitoring/metrics';
import {
  type Observation,
  ObservationBuilder,
  type SeriesRegistry,
  subjectOf,
} from '@/lib/monitoring/observation';
import type { Steps } from '@/server/steps';

/** Clusters and links: each may have alerts, and stands on pages of all consoles. */
export const subjectsPerReport = 1_000;
const labelMaxCharacters = 1_000;
const rowsPerStep = 500;

/** What is wrong with a report; it will be wrong whenever it is sent. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}

/**
 * Some rows a step.
 *
 * @param shiftMs added to its time: how far the console's clock is behind ours
 * @param add what this hub knows besides
 * @throws ReportError
 */
export function* observationOf(
  report: HealthReport,
  registry: SeriesRegistry,
  shiftMs: number,
  add: (builder: ObservationBuilder) => void,
): Steps<{ observation: Observation; unknownSeries: number }> {
  const builder = new ObservationBuilder(registry);
  let unknownSeries = 0;
  for (const column of report.series) {
    if (isMetricName(column.metric)) yield* addColumn(builder, column.metric, column);
    else unknownSeries += column.values.length;
  }
  for (const subject of report.whole) builder.whole(subject);
  for (const [cluster, id] of Object.entries(report.clusterIds ?? {})) builder.clusterId(cluster, id);
  add(builder);
  const observation = builder.build(report.at + shiftMs);
  yield;
  const subjects = new Set<string>();
  for (const [i, { labels }] of observation.series.entries()) {
    subjects.add(subjectOf(labels));
    if (i % rowsPerStep === rowsPerStep - 1) yield;
  }
  subjects.delete('landbridge');
  for (const cluster of observation.clusterIds?.keys() ?? []) subjects.add(`cluster/${cluster}`);
  if (subjects.size > subjectsPerReport)
    throw new ReportError(
      `The report is about ${subjects.size} clusters and links; at most ${subjectsPerReport} are taken.`,
    );
  return { observation, unknownSeries };
}

function* addColumn(
  builder: ObservationBuilder,
  metric: MetricName,
  { labels, values }: ReportSeries,
): Steps<void> {
  const { words } = defOf(metric);
  const columns = labelNames(metric).map((name) => {
    const column = labels[name];
    if (column === undefined) throw new ReportError(`${metric} has no label ${name}.`);
    if (typeof column !== 'string' && column.length !== values.length)
      throw new ReportError(`${metric} has ${values.length} values, and ${column.length} of label ${name}.`);
    return column;
  });
  for (const [row, value] of values.entries()) {
    if (row % rowsPerStep === rowsPerStep - 1) yield;
    const number = typeof value === 'number' ? value : codeOf(metric, words, value);
    // A word that this hub doesn't know: the console is newer, and the state is not known here.
    if (number === null) continue;
    const texts = columns.map((column) => (typeof column === 'string' ? column : (column[row] as string)));
    const long = texts.find((text) => text.length > labelMaxCharacters);
    if (long !== undefined) throw new ReportError(`${metric} has a label of ${long.length} characters.`);
    builder.add(metric, texts, number);
  }
}

function codeOf(metric: MetricName, words: readonly string[] | undefined, value: string): number | null {
  if (!words) throw new ReportError(`${metric} is a number, not "${value.slice(0, 50)}".`);
  const code = words.indexOf(value);
  return code < 0 ? null : code;
}
