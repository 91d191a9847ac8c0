/**
 * The last hour of every link and mirror at 10 s, in memory. Fixed arrays, so memory is bounded: 21 bytes a sample,
 * 7.6 KB a series, 7.6 MB for 1,000 mirrors. A tick nobody recorded for is a gap (NaN), and reads as null.
 */
import type { History } from '@/lib/contracts/link';

export const historyIntervalMs = 10_000;
/** An hour, and the sample that closes it. */
export const historyPoints = 361;
export const trendPoints = 60;
const ticksPerTrendPoint = (historyPoints - 1) / trendPoints;
/** A pause longer than this many intervals (a suspended machine) is drawn as a gap. */
const gapAfterIntervals = 2.5;

export type Sample = {
  lagMessages: number | null;
  lagSeconds: number | null;
  /** Partitions that lagMessages leaves out: it is at least that much then, and a dip would be none. */
  leftOut: number;
  bytesPerSecond: number | null;
  recordsPerSecond: number | null;
};

type Series = {
  lagMessages: Float64Array;
  lagSeconds: Float32Array;
  /** 1: not whole. */
  partial: Uint8Array;
  bytesPerSecond: Float32Array;
  recordsPerSecond: Float32Array;
  lastTick: number;
};

export class MetricsHistory {
  readonly #times = new Float64Array(historyPoints).fill(Number.NaN);
  readonly #series = new Map<string, Series>();
  /** Number of ticks so far; the newest is at `(#ticks − 1) % historyPoints`. */
  #ticks = 0;

  get seriesCount(): number {
    return this.#series.size;
  }

  /** Opens the next slot. Series that no longer hold a sample are dropped. */
  tick(atMs: number): void {
    const last = this.#ticks === 0 ? Number.NaN : (this.#times[this.#slot(this.#ticks - 1)] ?? Number.NaN);
    if (atMs - last > gapAfterIntervals * historyIntervalMs) this.#open(last + historyIntervalMs);
    this.#open(atMs);
  }

  record(key: string, sample: Sample): void {
    if (this.#ticks === 0) return;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = emptySeries();
      this.#series.set(key, series);
    }
    const slot = this.#slot(this.#ticks - 1);
    series.lagMessages[slot] = sample.lagMessages ?? Number.NaN;
    series.lagSeconds[slot] = sample.lagSeconds ?? Number.NaN;
    series.partial[slot] = Number(sample.leftOut > 0);
    series.bytesPerSecond[slot] = sample.bytesPerSecond ?? Number.NaN;
    series.recordsPerSecond[slot] = sample.recordsPerSecond ?? Number.NaN;
    series.lastTick = this.#ticks;
  }

  read(key: string): History {
    const series = this.#series.get(key);
    const history: History = {
      timesMs: [],
      lagMessages: [],
      lagSeconds: [],
      bytesPerSecond: [],
      recordsPerSecond: [],
    };
    const atLeast: (number | null)[] = [];
    for (let tick = Math.max(0, this.#ticks - historyPoints); tick < this.#ticks; tick++) {
      const slot = this.#slot(tick);
      history.timesMs.push(this.#times[slot] ?? 0);
      const lag = orNull(series?.lagMessages[slot]);
      const isPartial = series?.partial[slot] === 1;
      history.lagMessages.push(isPartial ? null : lag);
      atLeast.push(isPartial ? lag : null);
      history.lagSeconds.push(rounded(series?.lagSeconds[slot]));
      history.bytesPerSecond.push(rounded(series?.bytesPerSecond[slot]));
      history.recordsPerSecond.push(rounded(series?.recordsPerSecond[slot]));
    }
    return atLeast.some((lag) => lag !== null) ? { ...history, lagMessagesAtLeast: atLeast } : history;
  }

  /**
   * Worst lag in seconds in 60 equal slices of the last hour, oldest first; null is a gap. Empty while nothing is known.
   * Slices are aligned to the tick count, so that a finished slice keeps its value until it leaves.
   */
  trend(key: string): (number | null)[] {
    const series = this.#series.get(key);
    if (series === undefined) return [];
    const lastSlice = Math.ceil(this.#ticks / ticksPerTrendPoint);
    const points: (number | null)[] = [];
    for (let slice = lastSlice - trendPoints; slice < lastSlice; slice++) {
      const from = Math.max(0, slice * ticksPerTrendPoint, this.#ticks - historyPoints);
      const to = Math.min(this.#ticks, (slice + 1) * ticksPerTrendPoint);
      let worst: number | null = null;
      for (let tick = from; tick < to; tick++) {
        const value = series.lagSeconds[this.#slot(tick)] ?? Number.NaN;
        if (!Number.isNaN(value) && (worst === null || value > worst)) worst = value;
      }
      points.push(rounded(worst ?? undefined));
    }
    return points;
  }

  /** The newest lags in seconds, oldest first, at most `count`; null is a gap. */
  recentLagSeconds(key: string, count: number): (number | null)[] {
    const series = this.#series.get(key);
    if (series === undefined) return [];
    const recent: (number | null)[] = [];
    for (let tick = Math.max(0, this.#ticks - count); tick < this.#ticks; tick++) {
      recent.push(orNull(series.lagSeconds[this.#slot(tick)]));
    }
    return recent;
  }

  #open(atMs: number): void {
    this.#ticks++;
    const slot = this.#slot(this.#ticks - 1);
    this.#times[slot] = atMs;
    for (const [key, series] of this.#series) {
      if (series.lastTick <= this.#ticks - historyPoints) {
        this.#series.delete(key);
        continue;
      }
      series.lagMessages[slot] = Number.NaN;
      series.lagSeconds[slot] = Number.NaN;
      series.partial[slot] = 0;
      series.bytesPerSecond[slot] = Number.NaN;
      series.recordsPerSecond[slot] = Number.NaN;
    }
  }

  #slot(tick: number): number {
    return tick % historyPoints;
  }
}

function emptySeries(): Series {
  return {
    lagMessages: new Float64Array(historyPoints).fill(Number.NaN),
    lagSeconds: new Float32Array(historyPoints).fill(Number.NaN),
    partial: new Uint8Array(historyPoints),
    bytesPerSecond: new Float32Array(historyPoints).fill(Number.NaN),
    recordsPerSecond: new Float32Array(historyPoints).fill(Number.NaN),
    lastTick: 0,
  };
}

const orNull = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);

/** Float32 noise (0.10000000149) is not worth sending. */
const rounded = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? null : Math.round(value * 1000) / 1000;
