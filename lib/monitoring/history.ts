/**
 * What is asked of the history of metrics, and what it answers: the same from disk, from memory, and of a console in a hub.
 * All series of an answer share one time axis, so that they are drawn on one chart as they come. No I/O.
 */
import type { MetricName } from './metrics';
import type { Labels } from './observation';

export type HistoryQuery = {
  metric: MetricName;
  /** Series that have all of these; none are all series of the metric. */
  labels?: Labels;
  fromMs: number;
  /** Inclusive. */
  toMs: number;
  /** Of the time axis. More ticks than this are put together to buckets. */
  maxPoints: number;
  /** Series in the answer, the worst first; `total` says how many there are. */
  limit?: number;
  /** Worst is who was highest at the end of the range (`last`, the default), or at any time of it (`max`). */
  order?: 'last' | 'max';
  /** Of a counter: growth a second instead of its value. A counter that begins anew counts from 0, a gap has no rate. */
  rate?: boolean;
  /** One series for each value of the labels `by`, made of all that are known at that point. */
  aggregate?: { with: 'sum' | 'max' | 'min' | 'mean'; by?: readonly string[] };
};

/** A point that is null is a gap: not known then. */
export type Points = (number | null)[];

export type HistorySeries = {
  labels: Labels;
  /** At ticks the values; in buckets their means; with `rate`, the rates. */
  values: Points;
  /** Only in buckets, and not of a rate. Of an aggregate: the aggregate of the series' own. */
  min?: Points;
  max?: Points;
  last?: Points;
  /** The newest point that is known: at its tick, or the last of its bucket. */
  latest: { atMs: number; value: number } | null;
};

export type HistoryAnswer = {
  metric: MetricName;
  fromMs: number;
  toMs: number;
  /** Width of the buckets, which begin at `timesMs`; null: the points are ticks as they were recorded. */
  stepMs: number | null;
  timesMs: number[];
  series: HistorySeries[];
  /** Series that were known in the range; `series` has the worst of them. Of an aggregate: groups. */
  total: number;
  /** Not all series went into an aggregate, or were looked at for their maximum: there are too many. */
  partial: boolean;
  /** What is older is not kept; null while there is nothing. */
  keptFromMs: number | null;
  /** What is older is kept as buckets of 5 minutes only. */
  ticksFromMs: number | null;
};

export type SeriesMatch = { metric: MetricName; labels: Labels };

export type HistoryStatus = {
  /** Null while all is well, else why ticks are not kept. */
  failure: string | null;
  sizeBytes: number;
  limitBytes: number;
  series: number;
  /** Samples of series beyond the limit, which were not kept, since the start. */
  refusedSamples: number;
  ticks: number;
  lostTicks: number;
  keptFromMs: number | null;
  ticksFromMs: number | null;
  /** True when the limit of bytes, not of days, is what ends history. */
  cutByLimit: boolean;
  /** Closed hours that wait to be sealed. */
  unsealedParts: number;
};

export const fiveMinutesMs = 300_000;
