// Keeps what the engine last said and the hour before it. Reads are answered from here; nothing here waits for Kafka.
import { attentionSamples, needsAttention } from './attention';
import {
  buildFrame,
  type Frame,
  partitionRates,
  type Rates,
  ratesBetween,
  type Snapshot,
  type Totals,
} from './frame';
import { MetricsHistory } from './history';

/** Rates are measured over about this long: steady enough to read, quick enough to follow. */
const rateWindowMs = 5_000;
/** An earlier frame older than this is no base for a rate. */
const rateBaseMaxAgeMs = 15_000;

export class Metrics {
  readonly history = new MetricsHistory();
  #frames: Frame[] = [];
  /** Last frame of an engine that is gone: still shown, never a base for rates. */
  #lastOfGone: Frame | null = null;
  /** Counters at the last tick, so that history holds the mean of its interval and not of the last seconds. */
  #atTick: { at: number; totals: Map<string, Totals> } | null = null;
  #attention = new Map<string, boolean>();

  /** The newest frame; null until the first snapshot. */
  get frame(): Frame | null {
    return this.#frames.at(-1) ?? this.#lastOfGone;
  }

  ingest(snapshot: Snapshot): void {
    this.#frames = this.#frames.filter((frame) => frame.at < snapshot.at);
    const frame = buildFrame(snapshot, this.#rateBase(snapshot.at));
    this.#frames.push(frame);
    this.#attention.clear();
    // One frame older than the window stays: it is the base of the next rates.
    while ((this.#frames[1]?.at ?? Number.POSITIVE_INFINITY) <= frame.at - rateWindowMs) this.#frames.shift();
  }

  /** The engine starts again: its counters begin at zero, its last numbers stay visible. */
  engineRestarted(): void {
    this.#lastOfGone = this.frame;
    this.#frames = [];
    this.#atTick = null;
  }

  /** @param current false while the engine is silent: the tick becomes a gap */
  tick(atMs: number, current: boolean): void {
    this.history.tick(atMs);
    this.#attention.clear();
    const frame = this.frame;
    if (!current || frame === null) {
      this.#atTick = null;
      return;
    }
    const totals = new Map<string, Totals>();
    const seconds = this.#atTick === null ? 0 : (frame.at - this.#atTick.at) / 1000;
    const record = (
      key: string,
      of: Totals & { lag: { messages: bigint | null; seconds: number | null; unknown: number } },
    ) => {
      totals.set(key, { bytesTotal: of.bytesTotal, recordsTotal: of.recordsTotal });
      const rates = ratesBetween(this.#atTick?.totals.get(key), of, seconds);
      this.history.record(key, {
        lagMessages: of.lag.messages === null ? null : Number(of.lag.messages),
        lagSeconds: of.lag.seconds,
        leftOut: of.lag.unknown,
        ...rates,
      });
    };
    for (const [linkId, link] of frame.links) {
      record(linkKey(linkId), link);
      for (const [topic, mirror] of link.mirrors) record(mirrorKey(linkId, topic), mirror);
    }
    this.#atTick = { at: frame.at, totals };
  }

  partitionRates(linkId: string, topic: string, partition: number): Rates {
    const frame = this.frame;
    if (frame === null) return { bytesPerSecond: null, recordsPerSecond: null };
    return partitionRates(frame, this.#rateBase(frame.at), linkId, topic, partition);
  }

  /** Worked out at most once per snapshot and tick. */
  attention(linkId: string, topic: string): boolean {
    const key = mirrorKey(linkId, topic);
    const known = this.#attention.get(key);
    if (known !== undefined) return known;
    const mirror = this.frame?.links.get(linkId)?.mirrors.get(topic);
    const value =
      mirror !== undefined &&
      needsAttention(
        mirror.mirror.state,
        mirror.lag.seconds,
        this.history.recentLagSeconds(key, attentionSamples),
      );
    this.#attention.set(key, value);
    return value;
  }

  #rateBase(atMs: number): Frame | null {
    const base = this.#frames.find((frame) => frame.at < atMs && frame.at >= atMs - rateBaseMaxAgeMs);
    return base ?? null;
  }
}

export const linkKey = (linkId: string) => linkId;
export const mirrorKey = (linkId: string, topic: string) => `${linkId}/${topic}`;
