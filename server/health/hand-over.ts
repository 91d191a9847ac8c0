/**
 * What is left of health in reduced mode: whoever was told of an alert that is still open is told that nothing more is heard of it from here, and
 * what waits is sent. Then alerts.db is closed; where there is nothing of that, it is not even opened. Judges nothing.
 */
import { existsSync } from 'node:fs';
import Database from 'libsql';
import type { HealthSettingsInput } from '@/lib/contracts/monitoring/health-settings';
import type { Log } from '@/server/log';
import { Health, type HealthOptions } from './health';
import { pumpIntervalMs } from './intervals';

export class HandOver {
  readonly #options: HealthOptions;
  #health: Health | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** Something is still to be told. */
  get isOpen(): boolean {
    return this.#health !== null;
  }

  start(): void {
    const { file, log } = this.#options;
    if (!isLeft(file, log)) return;
    const health = new Health(this.#options);
    health.start();
    // Why alerts.db cannot be used has been logged.
    if (health.problem === null) this.#health = health;
  }

  /** Channels and routes are told first after the start, and whenever they change. */
  setSettings(desired: HealthSettingsInput): void {
    if (!this.#health) return;
    this.#health.setSettings(desired);
    this.#health.endAll('MOVED');
    this.#timer ??= setInterval(() => void this.closeWhenTold(), pumpIntervalMs).unref();
  }

  /** What a channel does not take stays until it does, or is given up; a restart goes on with it. */
  async closeWhenTold(): Promise<void> {
    await this.#health?.pump();
    if (this.#health?.isTold) await this.stop();
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    const health = this.#health;
    this.#health = null;
    await health?.stop();
  }
}

/** Open alerts, or messages that wait. */
function isLeft(file: string, log: Log): boolean {
  if (!existsSync(file)) return false;
  try {
    const db = new Database(file);
    try {
      const [row] = db
        .prepare(
          "select exists (select 1 from alert where open = 1) or exists (select 1 from outbox where state = 'WAITING') as yes",
        )
        .all([]) as { yes: number }[];
      return row?.yes === 1;
    } finally {
      db.close();
    }
  } catch (error) {
    log(
      'error',
      `${file} cannot be read: whoever was told of an alert that is open in it is not told that alerting has moved.`,
      error,
    );
    return false;
  }
}
