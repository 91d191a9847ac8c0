/**
 * Answers questions about the history of metrics from any source of it: chooses ticks or buckets, and the series that are the worst.
 * Knows no file.
 */
import {
  fiveMinutesMs,
  type HistoryAnswer,
  type HistoryQuery,
  type HistorySeries,
} from '@/lib/monitoring/history';
import { aggregated } from './aggregate';
import { type Drawn, drawBuckets, drawTicks, points, type Range } from './draw';
import {
  dayMs,
  defaultSeriesLimit,
  hourMs,
  maxSeriesLimit,
  seriesDecodedAtOnce,
  seriesLookedAt,
} from './intervals';
import type { Candidate, HistorySource } from './source';

/** @param tickMs how far ticks are apart: after 2.5 times that, a pause is a gap */
export function answer(source: HistorySource, query: HistoryQuery, tickMs: number): HistoryAnswer {
  const range = rangeOf(source, query);
  const draw =
    range.stepMs === null ? drawTicks(source, query, range, tickMs) : drawBuckets(source, query, range);
  const { drawn, total, partial } = chosen(source, query, range, draw.series);
  return {
    metric: query.metric,
    fromMs: range.fromMs,
    toMs: range.toMs,
    stepMs: range.stepMs,
    timesMs: [...draw.timesMs],
    series: drawn.map((one) => toSeries(one, draw.timesMs)),
    total,
    partial,
    keptFromMs: source.keptFromMs,
    ticksFromMs: source.ticksFromMs,
  };
}

type Choice = { drawn: Drawn[]; total: number; partial: boolean };

/** The worst series, drawn; or the groups of an aggregate. */
function chosen(
  source: HistorySource,
  query: HistoryQuery,
  range: Range,
  draw: (candidate: Candidate) => Drawn,
): Choice {
  const limit = Math.min(query.limit ?? defaultSeriesLimit, maxSeriesLimit);
  const matched = source.match(query.metric, query.labels ?? {}, range.fromMs);
  const known = matched
    .slice(0, seriesLookedAt)
    .flatMap((candidate) => {
      const latest = source.latest(candidate.id, range.fromMs, range.toMs);
      return latest ? [{ candidate, value: latest.value }] : [];
    })
    .sort((a, b) => b.value - a.value);
  const tooMany = matched.length > seriesLookedAt;
  const byLast = query.order !== 'max' && !query.rate && !query.aggregate;
  if (byLast)
    return {
      drawn: known.slice(0, limit).map(({ candidate }) => draw(candidate)),
      total: known.length,
      partial: tooMany,
    };
  const partial = tooMany || known.length > seriesDecodedAtOnce;
  const all = known.slice(0, seriesDecodedAtOnce).map(({ candidate }) => draw(candidate));
  const drawn = query.aggregate ? aggregated(all, query.aggregate) : all;
  const rank = query.order === 'max' ? highest : newest;
  const ranked = drawn.map((one) => ({ one, rank: rank(one) })).sort((a, b) => b.rank - a.rank);
  return {
    drawn: ranked.slice(0, limit).map(({ one }) => one),
    total: query.aggregate ? drawn.length : known.length,
    partial,
  };
}

const steps = [1, 5, 10, 15, 20, 30, 60, 100, 150, 300]
  .map((seconds) => seconds * 1000)
  .concat([10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 3, 6, 12].map((hours) => hours * hourMs))
  .concat([1, 2, 7, 14, 28, 91, 364].map((days) => days * dayMs));

/** Ticks while there are no more of them than points; else the shortest step that is short of enough. */
function rangeOf(source: HistorySource, query: HistoryQuery): Range {
  const { fromMs, toMs } = query;
  const coarse = source.hasRollUpsOnly(fromMs, toMs);
  if (!coarse && source.countTicks(fromMs, toMs) <= query.maxPoints) return { fromMs, toMs, stepMs: null };
  const least = coarse ? fiveMinutesMs : 0;
  const widened = steps.map((stepMs) => ({
    stepMs,
    fromMs: Math.floor(fromMs / stepMs) * stepMs,
    toMs: Math.floor(toMs / stepMs) * stepMs + stepMs - 1,
  }));
  const fits = widened.find(
    (range) => range.stepMs >= least && (range.toMs + 1 - range.fromMs) / range.stepMs <= query.maxPoints,
  );
  return fits ?? (widened.at(-1) as Range);
}

function toSeries(drawn: Drawn, timesMs: Float64Array): HistorySeries {
  const values = drawn.last ?? drawn.values;
  const at = values.findLastIndex((value) => !Number.isNaN(value));
  return {
    labels: drawn.labels,
    values: points(drawn.values),
    ...(drawn.min && { min: points(drawn.min) }),
    ...(drawn.max && { max: points(drawn.max) }),
    ...(drawn.last && { last: points(drawn.last) }),
    latest: at < 0 ? null : { atMs: timesMs[at] as number, value: values[at] as number },
  };
}

function highest(drawn: Drawn): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of drawn.max ?? drawn.values) if (value > most) most = value;
  return most;
}

function newest(drawn: Drawn): number {
  const values = drawn.last ?? drawn.values;
  return values.findLast((value) => !Number.isNaN(value)) ?? Number.NEGATIVE_INFINITY;
}
