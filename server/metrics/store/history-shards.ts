/**
 * A history for each console of a hub, in files of their own. Hundreds of them cost little: only those used last are open, and their
 * upkeep is done one after the other, however many hours end at once.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryAnswer, HistoryQuery, HistoryStatus, SeriesMatch } from '@/lib/monitoring/history';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { Labels, Observation } from '@/lib/monitoring/observation';
import type { ClusterIds } from './cluster-identity';
import { type HistoryOptions, HistoryStore } from './history-store';
import { openShards, shardCacheBytes, slicePauseMs } from './intervals';
import type { Slices } from './upkeep';

type ShardOptions = Omit<HistoryOptions, 'file' | 'later'> & {
  dir: string;
  /** Files that are open at a time. */
  openAtOnce?: number;
  /** Calls back later with one slice of upkeep of any of them. */
  later?: (slice: () => void) => void;
};

const ending = '.history.db';
const validName = /^[A-Za-z0-9_-]{1,100}$/;

export class HistoryShards {
  readonly #options: ShardOptions;
  readonly #openAtOnce: number;
  readonly #later: (slice: () => void) => void;
  /** In the order of their last use. */
  readonly #stores = new Map<string, HistoryStore>();
  readonly #slices: (() => void)[] = [];
  #running = false;
  #inSlice = false;

  constructor(options: ShardOptions) {
    this.#options = options;
    this.#openAtOnce = options.openAtOnce ?? openShards;
    this.#later = options.later ?? ((slice) => setTimeout(slice, slicePauseMs).unref());
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  }

  /** Of whom there is a history, by name. */
  names(): string[] {
    const files = readdirSync(this.#options.dir).filter((file) => file.endsWith(ending));
    return files.map((file) => file.slice(0, -ending.length)).sort();
  }

  /** See `HistoryStore.prepare`. */
  *prepare(name: string, observation: Observation): Slices {
    yield* this.#use(name).prepare(observation);
  }

  /** See `HistoryStore`. */
  replacedBy(name: string, ids: ClusterIds): string[] | null {
    return this.#use(name).replacedBy(ids);
  }

  identify(name: string, ids: ClusterIds): boolean {
    return this.#use(name).identify(ids);
  }

  append(name: string, observation: Observation): void {
    this.#use(name).append(observation);
  }

  /** @throws when the file cannot be read just now */
  read(name: string, query: HistoryQuery): HistoryAnswer {
    return this.#use(name).read(query);
  }

  series(name: string, query: { metric: MetricName; labels?: Labels; fromMs?: number }): SeriesMatch[] {
    return this.#use(name).series(query);
  }

  status(name: string): HistoryStatus {
    return this.#use(name).status();
  }

  get openCount(): number {
    return [...this.#stores.values()].filter(({ isOpen }) => isOpen).length;
  }

  sizeBytes(): number {
    return this.names().reduce((sum, name) => sum + this.#store(name).sizeBytes(), 0);
  }

  /** Forgets a console: its file goes. */
  remove(name: string): void {
    this.#stores.get(name)?.close();
    this.#stores.delete(name);
    for (const end of ['', '-wal', '-shm']) rmSync(`${this.#fileOf(name)}${end}`, { force: true });
  }

  close(): void {
    this.#slices.length = 0;
    for (const store of this.#stores.values()) store.close();
    this.#stores.clear();
  }

  #use(name: string): HistoryStore {
    const store = this.#store(name);
    this.#stores.delete(name);
    this.#stores.set(name, store);
    if (!store.isOpen) this.#makeRoom();
    return store;
  }

  #store(name: string): HistoryStore {
    const known = this.#stores.get(name);
    if (known) return known;
    const store: HistoryStore = new HistoryStore({
      cacheBytes: shardCacheBytes,
      ...this.#options,
      file: this.#fileOf(name),
      later: (slice) => this.#queue(slice),
    });
    this.#stores.set(name, store);
    return store;
  }

  #fileOf(name: string): string {
    if (!validName.test(name)) throw new Error(`${JSON.stringify(name)} cannot name a file of history.`);
    return join(this.#options.dir, `${name}${ending}`);
  }

  /** Those that are being sealed stay open where that is possible: they would begin anew. */
  #makeRoom(): void {
    const open = [...this.#stores.values()].filter(({ isOpen }) => isOpen);
    const victims = [...open.filter(({ isBusy }) => !isBusy), ...open.filter(({ isBusy }) => isBusy)];
    for (const store of victims.slice(0, Math.max(0, open.length + 1 - this.#openAtOnce))) store.release();
  }

  /** What a slice asks for goes first: one file is done before the next begins. */
  #queue(slice: () => void): void {
    if (this.#inSlice) this.#slices.unshift(slice);
    else this.#slices.push(slice);
    if (!this.#running) this.#runLater();
  }

  #runLater(): void {
    this.#running = true;
    this.#later(() => {
      this.#inSlice = true;
      try {
        this.#slices.shift()?.();
      } finally {
        this.#inSlice = false;
        this.#running = false;
        if (this.#slices.length > 0) this.#runLater();
      }
    });
  }
}
