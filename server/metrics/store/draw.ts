// Puts the samples of series on the time axis of an answer: at ticks, with a point for each gap, or in buckets; and makes rates of them.
import { fiveMinutesMs, type HistoryQuery, type Points } from '@/lib/monitoring/history';
import type { Labels } from '@/lib/monitoring/observation';
import { Buckets } from './buckets';
import { gapAfterTicks } from './intervals';
import type { Candidate, HistorySource } from './source';

export type Range = { fromMs: number; toMs: number; stepMs: number | null };
/** NaN is a gap. */
export type Drawn = {
  labels: Labels;
  values: Float64Array;
  min?: Float64Array;
  max?: Float64Array;
  last?: Float64Array;
};
export type Drawing = { timesMs: Float64Array; series: (candidate: Candidate) => Drawn };

export function drawTicks(source: HistorySource, query: HistoryQuery, range: Range, tickMs: number): Drawing {
  const gapMs = gapAfterTicks * tickMs;
  // A rate needs the tick before.
  const axis = source.ticks(query.rate ? range.fromMs - gapMs : range.fromMs, range.toMs);
  const { timesMs, places } = withGaps(axis.timesMs, tickMs, gapMs);
  const first = Math.max(0, findFrom(timesMs, range.fromMs));
  const series = (candidate: Candidate): Drawn => {
    const known = axis.valuesOf(candidate.id);
    const values = new Float64Array(timesMs.length).fill(Number.NaN);
    for (let i = 0; i < known.length; i++) values[places[i] as number] = known[i] as number;
    const told = query.rate ? ratesOfTicks(timesMs, values, gapMs) : values;
    return { labels: candidate.labels, values: told.subarray(first) };
  };
  return { timesMs: timesMs.subarray(first), series };
}

export function drawBuckets(source: HistorySource, query: HistoryQuery, range: Range): Drawing {
  const stepMs = range.stepMs ?? fiveMinutesMs;
  const before = query.rate ? 1 : 0;
  const fromMs = range.fromMs - before * stepMs;
  const length = Math.round((range.toMs + 1 - fromMs) / stepMs);
  const withRollUps = stepMs % fiveMinutesMs === 0;
  const axis = withRollUps ? source.ticksNotRolledUp(fromMs, range.toMs) : source.ticks(fromMs, range.toMs);
  const series = (candidate: Candidate): Drawn => {
    const buckets = new Buckets(fromMs, stepMs, length);
    if (withRollUps) source.addRollUps(candidate.id, buckets);
    const known = axis.valuesOf(candidate.id);
    for (let i = 0; i < known.length; i++) buckets.add(axis.timesMs[i] as number, known[i] as number);
    const { labels } = candidate;
    if (query.rate) return { labels, values: ratesOfBuckets(buckets).subarray(before) };
    const { min, max, last } = buckets;
    return { labels, values: Float64Array.from(min, (_, i) => buckets.mean(i)), min, max, last };
  };
  return {
    timesMs: Float64Array.from({ length: length - before }, (_, i) => fromMs + (i + before) * stepMs),
    series,
  };
}

export const points = (values: Float64Array): Points =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : value));

/** After a pause that is too long, a point that nothing is known at, so that no line is drawn over it. */
function withGaps(ticks: Float64Array, tickMs: number, gapMs: number) {
  const times: number[] = [];
  const places = new Int32Array(ticks.length);
  for (let i = 0; i < ticks.length; i++) {
    const atMs = ticks[i] as number;
    const before = times.at(-1);
    if (before !== undefined && atMs - before > gapMs) times.push(before + tickMs);
    places[i] = times.push(atMs) - 1;
  }
  return { timesMs: Float64Array.from(times), places };
}

function findFrom(timesMs: Float64Array, fromMs: number): number {
  const first = timesMs.findIndex((atMs) => atMs >= fromMs);
  return first < 0 ? timesMs.length : first;
}

/** Growth a second since the sample before. A series that was left out for some ticks goes on, one with a gap begins anew. */
function ratesOfTicks(timesMs: Float64Array, values: Float64Array, gapMs: number): Float64Array {
  const rates = new Float64Array(values.length).fill(Number.NaN);
  let before = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    const passedMs =
      before < 0 ? Number.POSITIVE_INFINITY : (timesMs[i] as number) - (timesMs[before] as number);
    if (passedMs <= gapMs) {
      const grown = value - (values[before] as number);
      rates[i] = ((grown < 0 ? value : grown) * 1000) / passedMs;
    }
    before = i;
  }
  return rates;
}

/**
 * Growth a second since the end of the bucket before. A counter that began anew within the bucket had got to its highest before, and
 * grew to its last since; when it grew beyond that highest, what came before is not known, and the rate is the least that it was.
 */
function ratesOfBuckets({ length, count, min, max, last, stepMs }: Buckets): Float64Array {
  const rates = new Float64Array(length).fill(Number.NaN);
  for (let i = 1; i < length; i++) {
    if (count[i] === 0 || count[i - 1] === 0) continue;
    const before = last[i - 1] as number;
    const end = last[i] as number;
    const anew = (min[i] as number) < before;
    const untilThen = Math.max(0, (max[i] as number) - before);
    const grown = !anew ? end - before : end < (max[i] as number) ? untilThen + end : end;
    rates[i] = (grown * 1000) / stepMs;
  }
  return rates;
}
