// For tests of the history: observations from plain records, upkeep by hand, and what a simple memory of all samples holds.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryAnswer, HistoryQuery } from '@/lib/monitoring/history';
import type { Observation } from '@/lib/monitoring/observation';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { type HistoryOptions, HistoryStore } from '../history-store';

export const lag = 'kafka_consumergroup_group_sum_lag';
export const lost = 'landbridge_group_lost_messages_total';

/** Values by name of the group. */
export type Sample = { atMs: number; values: Record<string, number | null> };

export function observer(metric: typeof lag | typeof lost = lag, cluster = 'c') {
  const registry = new SeriesRegistry();
  return ({ atMs, values }: Sample): Observation => {
    const builder = new ObservationBuilder(registry);
    for (const [group, value] of Object.entries(values)) builder.add(metric, [cluster, group], value);
    return builder.build(atMs);
  };
}

export class TestHistory {
  readonly dir = mkdtempSync(join(tmpdir(), 'landbridge-history-'));
  readonly file = join(this.dir, 'history.db');
  readonly logged: string[] = [];
  readonly #options: Partial<HistoryOptions>;
  #slices: (() => void)[] = [];
  store: HistoryStore;

  constructor(options: Partial<HistoryOptions> = {}) {
    this.#options = options;
    this.store = this.#open();
  }

  /** Like after the end of the process: what was being done is forgotten. */
  restart(options: Partial<HistoryOptions> = {}): void {
    this.store.close();
    this.#slices = [];
    Object.assign(this.#options, options);
    this.store = this.#open();
  }

  /** @returns how many slices were done */
  upkeep(atMost = Number.POSITIVE_INFINITY): number {
    let done = 0;
    for (; done < atMost; done++) {
      const slice = this.#slices.shift();
      if (!slice) break;
      slice();
    }
    return done;
  }

  remove(): void {
    this.store.close();
    rmSync(this.dir, { recursive: true, force: true });
  }

  #open(): HistoryStore {
    return new HistoryStore({
      file: this.file,
      limitBytes: 1e9,
      retentionDays: 10_000,
      rollUpDays: 10_000,
      log: (level, message) => this.logged.push(`${level} ${message}`),
      // However slow the machine is: slices end by their count.
      sliceMs: Number.POSITIVE_INFINITY,
      later: (slice) => this.#slices.push(slice),
      ...this.#options,
    });
  }
}

/** What is known of each group in an answer: [time, value], without gaps. */
export function known(answer: HistoryAnswer, label = 'group'): Record<string, [number, number][]> {
  return Object.fromEntries(
    answer.series.map(({ labels, values }) => [
      labels[label],
      values.flatMap((value, i) =>
        value === null ? [] : [[answer.timesMs[i] as number, value] as [number, number]],
      ),
    ]),
  );
}

export const all = (more: Partial<HistoryQuery> = {}): HistoryQuery => ({
  metric: lag,
  fromMs: 0,
  toMs: 8e15,
  maxPoints: 1e9,
  limit: 100,
  ...more,
});

/** All samples, by group and time; the later one of a time counts. */
export class Model {
  readonly #samples = new Map<string, Map<number, number>>();

  append({ atMs, values }: Sample): void {
    for (const [group, value] of Object.entries(values)) {
      if (value === null || !Number.isFinite(value)) continue;
      const series = this.#samples.get(group) ?? new Map<number, number>();
      this.#samples.set(group, series.set(atMs, value + 0));
    }
  }

  known(fromMs = 0, toMs = Number.POSITIVE_INFINITY): Record<string, [number, number][]> {
    const inRange = [...this.#samples].map(([group, samples]) => {
      const list = [...samples].filter(([atMs]) => atMs >= fromMs && atMs <= toMs).sort(([a], [b]) => a - b);
      return [group, list] as const;
    });
    return Object.fromEntries(inRange.filter(([, list]) => list.length > 0));
  }
}
