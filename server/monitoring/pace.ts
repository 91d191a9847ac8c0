// How often there is something to observe, and how much: always all in normal mode; in reduced mode once a report what reports hold, and as often and as
// much as otherwise while somebody looks. Pure.
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';

/** A page that is open asks at least this often. */
const watchedForMs = 30_000;
/** Whoever scrapes comes at least this often. */
const scrapedForMs = 300_000;
/** Timers are not exact. */
const earlyMs = 500;

export type PaceOptions = {
  mode: MonitoringMode;
  reportIntervalMs: number;
  tickIntervalMs: number;
  /** Numbers of single partitions are sent. */
  partitionsAreSent: boolean;
};

export class Pace {
  readonly #of: PaceOptions;
  #lastMs: number | null = null;
  #watchedUntilMs = 0;
  #scrapedUntilMs = 0;

  constructor(options: PaceOptions) {
    this.#of = options;
  }

  /** Somebody looks. */
  watched(nowMs: number): void {
    this.#watchedUntilMs = nowMs + watchedForMs;
  }

  /** A program takes the newest numbers, whatever their age. */
  scraped(nowMs: number): void {
    this.#scrapedUntilMs = nowMs + scrapedForMs;
  }

  isWatched(nowMs: number): boolean {
    return nowMs < this.#watchedUntilMs;
  }

  /** How far observations should be apart now. */
  intervalMs(nowMs: number): number {
    return this.#isWhole(nowMs) ? this.#of.tickIntervalMs : this.#of.reportIntervalMs;
  }

  /** Whether anybody takes numbers of single partitions, of which there are more than of all else. */
  withPartitions(nowMs: number): boolean {
    return this.#of.partitionsAreSent || this.#isWhole(nowMs) || nowMs < this.#scrapedUntilMs;
  }

  #isWhole(nowMs: number): boolean {
    return this.#of.mode === 'normal' || this.isWatched(nowMs);
  }

  due(nowMs: number): boolean {
    if (this.#lastMs === null || nowMs < this.#lastMs) return true;
    return nowMs - this.#lastMs >= this.intervalMs(nowMs) - earlyMs;
  }

  observed(nowMs: number): void {
    this.#lastMs = nowMs;
  }
}
