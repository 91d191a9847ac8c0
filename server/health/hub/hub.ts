/**
 * All that a hub does with reports of consoles, in the data thread: history for each, rules and alerts for each, one list of all. Whose report it
 * is has been decided before; nothing of one console touches what is known of another.
 */
import type { HubCluster, HubLink, ReportTaken } from '@/lib/contracts/hub';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import type { HubAnswers, HubRequest, SeenConsole } from '@/lib/contracts/monitoring/hub-thread';
import type { HistoryAnswer, HistoryQuery } from '@/lib/monitoring/history';
import { type Observation, ObservationBuilder } from '@/lib/monitoring/observation';
import type { Health } from '@/server/health/health';
import type { Log } from '@/server/log';
import type { ClusterIds } from '@/server/metrics/store/cluster-identity';
import { atOnce, type Steps } from '@/server/steps';
import { HubConsoleState, skewToldMs } from './console-state';
import type { HubStore } from './hub-store';
import { LongWork } from './long-work';
import { observationOf, ReportError } from './observed';
import { seenIn } from './seen';

export type HubHistories = {
  /** What takes long of `append`, ahead of it. */
  prepare(console: string, observation: Observation): Steps<void>;
  append(console: string, observation: Observation): void;
  /** Names under which other Kafka clusters are recorded so far; null: not known just now. */
  replacedBy(console: string, ids: ClusterIds): string[] | null;
  /** What others have left under these names ends. False: not yet. */
  identify(console: string, ids: ClusterIds): boolean;
  read(console: string, query: HistoryQuery): HistoryAnswer;
  remove(console: string): void;
  close(): void;
};
/** Judges observations of consoles, and knows their alerts. */
export type HubHealth = Pick<Health, 'judging' | 'clustersReplaced' | 'alerts' | 'openIn' | 'forget'>;
export type HubOptions = {
  store: HubStore;
  histories: HubHistories;
  health: HubHealth | null;
  log: Log;
  nowMs?: () => number;
};
export type KnownConsole = { name: string; active: boolean };
type Take = Extract<HubRequest, { op: 'take' }>;
type Taken = ReportTaken | { refused: string } | { conflict: string };

const silenceLookMs = 10_000;
/** Reports with more series are taken bit by bit. */
const seriesTakenAtOnce = 4_000;
/** All that a history has is looked through for a cluster that was replaced: as much work as so many new names. */
const newSeriesPerReplacement = 20_000;

export class Hub {
  readonly #of: HubOptions;
  readonly #nowMs: () => number;
  readonly #consoles = new Map<string, HubConsoleState>();
  readonly #startedAtMs: number;
  readonly #long = new LongWork();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: HubOptions) {
    this.#of = options;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#startedAtMs = this.#nowMs();
    for (const [name, heard] of options.store.load()) this.#console(name).restore(heard);
  }

  start(): void {
    this.#timer = setInterval(() => this.lookForSilence(this.#nowMs()), silenceLookMs);
    this.#timer.unref();
  }

  /** What is being taken is not acknowledged, and comes again. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#long.drop(null, new Error(stopping));
    this.#of.histories.close();
    this.#of.store.close();
  }

  /** All that have, or had, a key. */
  setConsoles(consoles: readonly KnownConsole[]): void {
    for (const { name, active } of consoles) this.#console(name).active = active;
  }

  /** @throws when it has been stopped */
  answer(request: HubRequest): HubAnswers[HubRequest['op']] | Promise<HubAnswers['take']> {
    if (this.#stopped) throw new Error(stopping);
    switch (request.op) {
      case 'take':
        return this.#take(request);
      case 'consoles':
        return this.#those(request.names).map((one) => this.#view(one));
      case 'clusters':
        return this.#those(request.names).flatMap((one) => this.#clusters(one));
      case 'links':
        return this.#those(request.names).flatMap((one) => this.#links(one));
      case 'history':
        return this.#of.histories.read(
          request.console,
          request.query as HistoryQuery,
        ) as HubAnswers['history'];
      case 'alerts':
        return this.#of.health?.alerts({ ...request.query, console: request.console }) ?? noAlerts;
      case 'forget':
        return this.#forget(request.console);
    }
  }

  /** A console whose reports do not come is judged by its silence, until one comes. */
  lookForSilence(nowMs: number): void {
    for (const one of this.#consoles.values()) {
      // Its report is here, and will be judged.
      if (this.#long.has(one.name)) continue;
      // What was not heard while this hub itself was down says nothing about the console.
      const ageMs = one.silentForMs(nowMs, this.#startedAtMs);
      if (ageMs !== null) this.#judgeSilence(one, ageMs, nowMs);
    }
  }

  /** Reports of one console in their order: a small one waits for a large one that came before. */
  #take(take: Take): HubAnswers['take'] | Promise<HubAnswers['take']> {
    const one = this.#console(take.console);
    const series = take.report.series.reduce((sum, { values }) => sum + values.length, 0);
    const steps = this.#counted(take, one);
    if (series <= seriesTakenAtOnce && !this.#long.has(one.name)) return atOnce(steps);
    return this.#long.add(one.name, steps).catch((error: unknown) => {
      if (error instanceof ReportError) return { refused: error.message, newSeries: series };
      throw error;
    });
  }

  *#counted(take: Take, one: HubConsoleState): Steps<HubAnswers['take']> {
    const before = one.registry.made;
    const replacements = one.replacements;
    const answer = yield* this.#taken(take, one);
    const looked = (one.replacements - replacements) * newSeriesPerReplacement;
    return { ...answer, newSeries: one.registry.made - before + looked };
  }

  *#taken({ console: name, report, sentAt, receivedAt }: Take, one: HubConsoleState): Steps<Taken> {
    if (this.#of.store.isTaken(name, report.id)) return { taken: 'DUPLICATE' };
    if (one.isAnother(report, receivedAt))
      return { conflict: `Console "${one.reportedName}" reports with this key, and did so a moment ago.` };
    const skewMs = skewOf(report, sentAt, receivedAt);
    const shiftMs = Math.abs(skewMs) > skewToldMs ? -Math.round(skewMs / 1000) * 1000 : 0;
    // Judged as of then, everything true would be older than it until then.
    if (report.at + shiftMs - receivedAt > skewToldMs) return { refused: ofTheFuture };
    const fresh = one.isFresh(report.at + shiftMs, report.intervalMs, receivedAt);
    const wasSilent = one.silentForMs(receivedAt, this.#startedAtMs) !== null;
    try {
      const { observation, unknownSeries } = yield* observationOf(
        report,
        one.registry,
        shiftMs,
        (builder) => fresh && addSilence(builder, 0, report.intervalMs),
      );
      this.#identify(one, observation);
      yield;
      if (observation.series.length > seriesTakenAtOnce) yield* this.#of.histories.prepare(name, observation);
      yield;
      this.#of.histories.append(name, observation);
      yield;
      if (fresh && this.#of.health)
        yield* this.#of.health.judging(observation, placeOf(one), report.intervalMs);
      // From its last step on to its acknowledgement at once: what was judged is known to be taken.
      one.heard(report, { receivedAt, skewMs, unknownSeries }, fresh ? observation.atMs : null);
      if (fresh) one.seen = seenIn(observation);
      else if (wasSilent) this.#judgeSilence(one, 0, receivedAt);
    } catch (error) {
      if (error instanceof ReportError) return { refused: error.message };
      throw error;
    } finally {
      // Also of what is refused: its names would stay for ever.
      one.registry.endRound(1);
    }
    this.#of.store.take(name, report.id, receivedAt, one.stored);
    return { taken: fresh ? 'NEW' : 'LATE' };
  }

  /** What came out of its order says nothing of which clusters there are now. */
  #identify(one: HubConsoleState, { atMs, clusterIds = new Map() }: Observation): void {
    if (atMs <= one.identifiedAtMs || clusterIds.size === 0) return;
    one.identifiedAtMs = atMs;
    one.recorded.identify(clusterIds, (clusters) => {
      one.replacements++;
      this.#of.health?.clustersReplaced(clusters, placeOf(one));
    });
  }

  /** Done again after a failure in between, it does what is left. */
  #forget(name: string): null {
    this.#long.drop(name, new ReportError('The console was removed.'));
    this.#of.health?.forget({ tenant: '', console: name });
    this.#of.histories.remove(name);
    this.#of.store.forget(name);
    this.#consoles.delete(name);
    return null;
  }

  #judgeSilence(one: HubConsoleState, ageMs: number, nowMs: number): void {
    const builder = new ObservationBuilder(one.registry);
    addSilence(builder, ageMs, one.intervalMs);
    const judging = this.#of.health?.judging(builder.build(nowMs), placeOf(one), one.intervalMs);
    if (judging) atOnce(judging);
  }

  #console(name: string): HubConsoleState {
    let one = this.#consoles.get(name);
    if (!one) {
      const { histories } = this.#of;
      one = new HubConsoleState(name, {
        replacedBy: (ids) => histories.replacedBy(name, ids),
        identify: (ids) => histories.identify(name, ids),
      });
      this.#consoles.set(name, one);
    }
    return one;
  }

  #those(names: readonly string[]): HubConsoleState[] {
    return names.flatMap((name) => this.#consoles.get(name) ?? []);
  }

  #view(one: HubConsoleState): SeenConsole {
    const alerts = this.#of.health?.openIn(placeOf(one)) ?? {};
    return one.view(this.#nowMs(), { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 0, ...alerts });
  }

  #clusters(one: HubConsoleState): HubCluster[] {
    const { name: console, seenAtMs: seenAt } = one;
    const stale = one.isStale(this.#nowMs());
    return seenAt === null ? [] : one.seen.clusters.map((seen) => ({ console, seenAt, stale, ...seen }));
  }

  #links(one: HubConsoleState): HubLink[] {
    const { name: console, seenAtMs: seenAt } = one;
    const stale = one.isStale(this.#nowMs());
    return seenAt === null ? [] : one.seen.links.map((seen) => ({ console, seenAt, stale, ...seen }));
  }
}

const ofTheFuture =
  'The report says that it was made after it was sent: the clock of the console was wrong then, so that nobody knows when it was.';

const stopping = 'The hub is being stopped.';

const noAlerts: HubAnswers['alerts'] = {
  alerts: [],
  next: null,
  open: { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 0 },
};

const placeOf = ({ name }: HubConsoleState) => ({ tenant: '', console: name });

function addSilence(builder: ObservationBuilder, ageMs: number, intervalMs: number): void {
  builder.add('landbridge_console_report_age_seconds', [], ageMs / 1000);
  builder.add('landbridge_console_report_interval_seconds', [], intervalMs / 1000);
}

/** How far the console's clock is ahead of ours; what came on the way is part of it. */
function skewOf(report: HealthReport, sentAt: number | null, receivedAt: number): number {
  if (sentAt !== null) return sentAt - receivedAt;
  return Math.max(0, report.at - receivedAt);
}
