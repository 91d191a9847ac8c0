/**
 * The history of metrics of one console, in a file of its own: takes an observation every tick, answers questions about any range of it.
 * It never throws on append and never keeps anything from starting: what goes wrong is logged and told by status(). For one thread.
 */
import type Database from 'libsql';
import type { HistoryAnswer, HistoryQuery, HistoryStatus, SeriesMatch } from '@/lib/monitoring/history';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { Labels, Observation } from '@/lib/monitoring/observation';
import type { Log } from '@/server/log';
import { answer } from './answer';
import { Archive } from './archive';
import { type ClusterIds, identify, replacedBy } from './cluster-identity';
import { bytesOnDisk, inTransaction, isDamage, moveAside, openHistoryFile } from './database';
import { noSeriesIds } from './dictionary';
import {
  dayMs,
  defaultCacheBytes,
  defaultMaxSeries,
  defaultRetentionDays,
  defaultRollUpDays,
  limitCheckTicks,
  rememberedSeriesFactor,
  reopenAfterMs,
  sliceMs,
  slicePauseMs,
} from './intervals';
import { nameSeries, record } from './record';
import type { MetricHistory } from './source';
import { isBeyondLimit, type Slices, sayCut, upkeep } from './upkeep';

export type HistoryOptions = {
  file: string;
  limitBytes: number;
  retentionDays?: number;
  rollUpDays?: number;
  log: Log;
  /** How far ticks should be apart: a longer pause is drawn as a gap. */
  tickMs?: number;
  maxSeries?: number;
  now?: () => number;
  /** Upkeep lets others through after this long. */
  sliceMs?: number;
  /** Pages that are kept in memory while the file is open. */
  cacheBytes?: number;
  /** Calls back later, with one slice of upkeep. By default after a pause; the process may end meanwhile. */
  later?: (slice: () => void) => void;
};

const afterPause = (slice: () => void): void => {
  setTimeout(slice, slicePauseMs).unref();
};

export class HistoryStore implements MetricHistory {
  readonly #options: Required<HistoryOptions>;
  #archive: Archive | null = null;
  #ids = noSeriesIds();
  #work: Slices | null = null;
  #closed = false;
  #failure: string | null = null;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #ticks = 0;
  #lostTicks = 0;
  #refusedSamples = 0;
  #cutByLimit = false;
  /** Whose series have their names, as long as those that are known are the same. */
  #named: { observation: Observation; known: object } | null = null;

  constructor(options: HistoryOptions) {
    this.#options = {
      retentionDays: defaultRetentionDays,
      rollUpDays: defaultRollUpDays,
      tickMs: 10_000,
      maxSeries: defaultMaxSeries,
      now: Date.now,
      sliceMs,
      cacheBytes: defaultCacheBytes,
      later: afterPause,
      ...options,
    };
  }

  get isOpen(): boolean {
    return this.#archive !== null;
  }

  /** Upkeep is going on. */
  get isBusy(): boolean {
    return this.#work !== null;
  }

  /**
   * Does the long part of `append` before it, bit by bit: the same observation is to be appended then. What goes wrong here
   * is told by that.
   */
  *prepare(observation: Observation): Slices {
    const archive = this.#readable();
    if (!archive) return;
    const slices = nameSeries(archive, observation, this.#options.maxSeries);
    // Let go meanwhile: it is all done by `append`.
    while (archive === this.#archive) {
      try {
        if (slices.next().done) {
          this.#named = { observation, known: archive.dictionary.known };
          return;
        }
      } catch (error) {
        this.#fail(error);
        return;
      }
      yield;
    }
  }

  /** Keeps one tick, durably. What cannot be kept is counted in status(). */
  append(observation: Observation): void {
    try {
      const archive = this.#usable();
      if (!archive) {
        this.#lostTicks++;
        return;
      }
      const { maxSeries } = this.#options;
      const named =
        this.#named?.observation === observation && this.#named.known === archive.dictionary.known;
      this.#named = null;
      const { begunPart, refused } = inTransaction(archive.db, () =>
        record(archive, observation, maxSeries, named),
      );
      this.#ticks++;
      if (refused > 0 && this.#refusedSamples === 0) this.#sayRefused(refused);
      this.#refusedSamples += refused;
      if (this.#failure) this.#options.log('info', 'The history of metrics is kept again.');
      this.#failure = null;
      const full = this.#ticks % limitCheckTicks === 0 && isBeyondLimit(archive, this.#options.limitBytes);
      if (begunPart || full) this.#startUpkeep();
    } catch (error) {
      this.#lostTicks++;
      this.#fail(error);
    }
  }

  /** Names under which another Kafka cluster is recorded so far; null: that cannot be read just now. */
  replacedBy(ids: ClusterIds): string[] | null {
    try {
      const archive = this.#usable();
      return archive && [...replacedBy(archive, ids).keys()];
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  /**
   * To be called before what is observed of clusters is appended: what others have left under their names ends then.
   * @returns false: that was not kept, and is to be called again
   */
  identify(ids: ClusterIds): boolean {
    try {
      const archive = this.#usable();
      if (!archive) return false;
      for (const [cluster, before] of identify(archive, ids))
        this.#options.log(
          'info',
          `Cluster ${cluster} is another Kafka cluster (${ids.get(cluster)}) than the one that was recorded under this name before (${before}): its history begins anew.`,
        );
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** @throws when the file cannot be read just now */
  read(query: HistoryQuery): HistoryAnswer {
    const archive = this.#readable();
    if (!archive)
      throw new Error(`The history of metrics cannot be read: ${this.#failure ?? 'it is closed'}.`);
    try {
      return answer(archive, query, this.#options.tickMs);
    } catch (error) {
      // One chunk that cannot be unpacked does not keep ticks from being recorded; a file that is damaged does.
      if (isDamage(error)) this.#fail(error);
      throw error;
    }
  }

  /** Series of a metric that have these labels and may have samples since then, in the order in which they were first seen. */
  series(query: { metric: MetricName; labels?: Labels; fromMs?: number }): SeriesMatch[] {
    const found = this.#readable()?.match(query.metric, query.labels ?? {}, query.fromMs ?? 0) ?? [];
    return found.map(({ labels }) => ({ metric: query.metric, labels }));
  }

  sizeBytes(): number {
    return bytesOnDisk(this.#options.file);
  }

  status(): HistoryStatus {
    const archive = this.#archive;
    return {
      failure: this.#failure,
      sizeBytes: this.sizeBytes(),
      limitBytes: this.#options.limitBytes,
      series: archive?.dictionary.size ?? 0,
      refusedSamples: this.#refusedSamples,
      ticks: this.#ticks,
      lostTicks: this.#lostTicks,
      keptFromMs: archive?.keptFromMs ?? null,
      ticksFromMs: archive?.ticksFromMs ?? null,
      cutByLimit: this.#cutByLimit,
      unsealedParts: archive?.live.filter(({ closed }) => closed).length ?? 0,
    };
  }

  /** Lets the file and what is in memory of it go, until it is needed again. */
  release(): void {
    this.#work = null;
    const db = this.#archive?.db;
    this.#archive = null;
    if (db?.open) db.close();
  }

  close(): void {
    this.#closed = true;
    try {
      this.#archive?.db.prepare('pragma wal_checkpoint(truncate)').all([]);
    } catch (error) {
      this.#options.log('warn', `The write-ahead log of ${this.#options.file} is left as it is.`, error);
    }
    this.release();
  }

  /** Begins upkeep where it is due, or goes on with it; it is done bit by bit. */
  #startUpkeep(): void {
    const archive = this.#archive;
    if (!archive || this.#work) return;
    const { limitBytes, retentionDays, rollUpDays, now, log } = this.#options;
    const limits = { limitBytes, retentionMs: retentionDays * dayMs, rollUpMs: rollUpDays * dayMs, now };
    this.#work = upkeep(archive, limits, (keptFromMs) => {
      this.#cutByLimit = true;
      sayCut(log, limitBytes, keptFromMs);
    });
    this.#continueLater(this.#work);
  }

  #continueLater(work: Slices): void {
    this.#options.later(() => {
      // Let go meanwhile: whoever opens it again begins anew, where the file says.
      if (this.#work !== work) return;
      try {
        if (!work.next().done) {
          this.#continueLater(work);
          return;
        }
        this.#work = null;
        if (this.#archive?.live.some(({ closed }) => closed)) this.#startUpkeep();
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #sayRefused(count: number): void {
    const { file, log, maxSeries } = this.#options;
    log(
      'warn',
      `The history of metrics ${file} keeps at most ${maxSeries} series an hour: ${count} are left out.`,
    );
  }

  /** Null while it cannot be opened; tried again after a while. */
  #usable(): Archive | null {
    if (this.#archive || this.#closed) return this.#archive;
    const { file, log, now } = this.#options;
    if (this.#failure && Math.abs(now() - this.#triedAtMs) < reopenAfterMs) return null;
    this.#triedAtMs = now();
    const db = openHistoryFile(file, this.#options.cacheBytes, log);
    this.#archive = this.#load(db);
    this.#startUpkeep();
    return this.#archive;
  }

  #load(db: Database.Database): Archive {
    try {
      return new Archive(
        db,
        this.#ids,
        this.#options.maxSeries * rememberedSeriesFactor,
        this.#options.sliceMs,
      );
    } catch (error) {
      db.close();
      throw error;
    }
  }

  #readable(): Archive | null {
    try {
      return this.#usable();
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  /** After anything has gone wrong, what is in memory may not be what is in the file: it is opened anew. */
  #fail(error: unknown): void {
    const { file, log } = this.#options;
    this.#ids = noSeriesIds();
    try {
      this.release();
      if (isDamage(error)) {
        moveAside(file, error, log);
        return;
      }
    } catch (second) {
      log('warn', `The history of metrics ${file} could not be closed or moved.`, second);
    }
    const why = error instanceof Error ? error.message : String(error);
    if (why !== this.#failure)
      log('error', `The history of metrics ${file} cannot be written or read.`, error);
    this.#failure = why;
  }
}
