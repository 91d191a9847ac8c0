// How often there is something to observe: always in normal mode; in reduced mode once a report, and as often as otherwise while somebody looks. Pure.
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';

/** A page that is open asks at least this often. */
const watchedForMs = 30_000;
/** Timers are not exact. */
const earlyMs = 500;

export class Pace {
  readonly #mode: MonitoringMode;
  readonly #reportIntervalMs: number;
  readonly #tickIntervalMs: number;
  #lastMs: number | null = null;
  #watchedUntilMs = 0;

  constructor(mode: MonitoringMode, reportIntervalMs: number, tickIntervalMs: number) {
    this.#mode = mode;
    this.#reportIntervalMs = reportIntervalMs;
    this.#tickIntervalMs = tickIntervalMs;
  }

  /** Somebody looks. */
  watched(nowMs: number): void {
    this.#watchedUntilMs = nowMs + watchedForMs;
  }

  /** How far observations should be apart now. */
  intervalMs(nowMs: number): number {
    return this.#mode === 'normal' || nowMs < this.#watchedUntilMs
      ? this.#tickIntervalMs
      : this.#reportIntervalMs;
  }

  due(nowMs: number): boolean {
    if (this.#lastMs === null || nowMs < this.#lastMs) return true;
    return nowMs - this.#lastMs >= this.intervalMs(nowMs) - earlyMs;
  }

  observed(nowMs: number): void {
    this.#lastMs = nowMs;
  }
}
