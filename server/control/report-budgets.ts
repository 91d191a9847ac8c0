/**
 * How much of a hub's time each console may have, so that none takes it from the others: counted in series, over all its reports and keys. What a
 * report costs is known only when it was read, so a console may owe: nothing more is read of it until that is paid. In memory: a restart forgives.
 */
import { LandbridgeError } from '@/server/errors';
import { seriesPerMinute, seriesPerReportAtLeast, seriesSavedUp } from '@/server/intervals';

type Budget = { left: number; atMs: number; reading: boolean; refusedAtMs: number | null };
/** Takes so many series more off the budget. */
export type Spend = (series: number) => void;

export class ReportBudgets {
  readonly #nowMs: () => number;
  readonly #of = new Map<string, Budget>();

  /** @param nowMs of a clock that nobody sets */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /**
   * Reads one report of a console; another one of it is refused meanwhile, as nobody knows yet what this one costs.
   * @throws LandbridgeError RATE_LIMITED with the seconds after which it is paid, and whatever `read` throws
   */
  async reading<T>(console: string, read: (spend: Spend) => Promise<T>): Promise<T> {
    const budget = this.#budget(console);
    if (budget.left <= 0) throw this.#refusal(budget, overBudget, (60 * -budget.left) / seriesPerMinute);
    if (budget.reading) throw this.#refusal(budget, oneAtATime, 1);
    budget.reading = true;
    this.spend(console, seriesPerReportAtLeast);
    try {
      return await read((series) => this.spend(console, series));
    } finally {
      budget.reading = false;
    }
  }

  spend(console: string, series: number): void {
    this.#budget(console).left -= series;
  }

  /** How long ago a report was refused because others were before it; null: never. */
  refusedAgoMs(console: string): number | null {
    const at = this.#of.get(console)?.refusedAtMs ?? null;
    return at === null ? null : this.#nowMs() - at;
  }

  forget(console: string): void {
    this.#of.delete(console);
  }

  #budget(console: string): Budget {
    const nowMs = this.#nowMs();
    let budget = this.#of.get(console);
    if (!budget) {
      budget = { left: seriesSavedUp, atMs: nowMs, reading: false, refusedAtMs: null };
      this.#of.set(console, budget);
    }
    const earned = ((nowMs - budget.atMs) / 60_000) * seriesPerMinute;
    budget.left = Math.min(seriesSavedUp, budget.left + earned);
    budget.atMs = nowMs;
    return budget;
  }

  #refusal(budget: Budget, why: string, seconds: number): LandbridgeError {
    budget.refusedAtMs = this.#nowMs();
    const retryAfterSeconds = Math.max(1, Math.ceil(seconds));
    return new LandbridgeError('RATE_LIMITED', `${why} Send it again in ${retryAfterSeconds} s.`, {
      retryAfterSeconds,
    });
  }
}

const overBudget = `This hub takes ${seriesPerMinute} series a minute of one console, and has taken more; names that are new count tenfold.`;
const oneAtATime = 'Another report of this console is being received.';
