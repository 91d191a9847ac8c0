// What a question asks of a history, whether it is in a file or in memory.
import type { HistoryAnswer, HistoryQuery, SeriesMatch } from '@/lib/monitoring/history';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { Labels, Observation } from '@/lib/monitoring/observation';
import type { Axis } from './axis';
import type { Buckets } from './buckets';

export type Latest = { atMs: number; value: number };
export type Candidate = { id: number; labels: Labels };

export interface HistorySource {
  readonly keptFromMs: number | null;
  readonly ticksFromMs: number | null;
  /** Series that may have samples from then on. */
  match(metric: MetricName, labels: Labels, fromMs: number): Candidate[];
  /** That a part of the range is known from roll-ups only. */
  hasRollUpsOnly(fromMs: number, toMs: number): boolean;
  countTicks(fromMs: number, toMs: number): number;
  ticks(fromMs: number, toMs: number): Axis;
  /** With the roll-ups, each sample once. */
  ticksNotRolledUp(fromMs: number, toMs: number): Axis;
  addRollUps(seriesId: number, buckets: Buckets): void;
  latest(seriesId: number, fromMs: number, toMs: number): Latest | null;
}

/** What others see of a history, on disk or in memory. */
export interface MetricHistory {
  append(observation: Observation): void;
  read(query: HistoryQuery): HistoryAnswer;
  series(query: { metric: MetricName; labels?: Labels; fromMs?: number }): SeriesMatch[];
}
