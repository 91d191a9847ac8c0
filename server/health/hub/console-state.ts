// What a hub knows of one console: when it was heard, what it said of itself, what was seen of its clusters. Knows no clock.
import type { ConsoleState } from '@/lib/contracts/hub';
import type { HealthReport } from '@/lib/contracts/monitoring/health-report';
import type { SeenConsole } from '@/lib/contracts/monitoring/hub-thread';
import { SeriesRegistry } from '@/lib/monitoring/observation';
import { RecordedClusters } from '@/server/metrics/store/recorded-clusters';
import type { StoredHeard } from './hub-store';
import type { Seen } from './seen';

type Circumstances = { receivedAt: number; skewMs: number; unknownSeries: number };

/** So many intervals without a report are silence. */
export const silentIntervals = 3;
/** Clocks that are this far apart are told, and reports are moved by it. */
export const skewToldMs = 30_000;
const defaultIntervalMs = 60_000;

export class HubConsoleState {
  readonly name: string;
  readonly registry = new SeriesRegistry();
  /** It has a key that holds. */
  active = true;
  seen: Seen = { clusters: [], links: [] };
  readonly recorded: RecordedClusters;
  /** As of when it was told last which clusters it has. */
  identifiedAtMs = 0;
  /** How often clusters of it were replaced by others. */
  replacements = 0;
  #heard: StoredHeard | null = null;

  constructor(name: string, history: ConstructorParameters<typeof RecordedClusters>[0]) {
    this.name = name;
    this.recorded = new RecordedClusters(history);
  }

  restore(heard: StoredHeard): void {
    this.#heard = heard;
    this.seen = heard.seen as Seen;
    this.identifiedAtMs = heard.seenAtMs;
  }

  /** As hub.db keeps it. */
  get stored(): StoredHeard | null {
    return this.#heard && { ...this.#heard, seen: this.seen };
  }

  get reportedName(): string | null {
    return this.#heard?.name ?? null;
  }

  get intervalMs(): number {
    return this.#heard?.intervalMs ?? defaultIntervalMs;
  }

  get seenAtMs(): number | null {
    return this.#heard && this.#heard.seenAtMs > 0 ? this.#heard.seenAtMs : null;
  }

  /** Another console with the same key; one that takes an old one's place is taken once that has been silent. */
  isAnother(report: HealthReport, nowMs: number): boolean {
    const heard = this.#heard;
    if (!heard || heard.consoleId === report.console.id) return false;
    return nowMs - heard.heardAtMs < silentIntervals * heard.intervalMs;
  }

  /** Newer than all before it, and young enough to say something about now. */
  isFresh(atMs: number, intervalMs: number, nowMs: number): boolean {
    const newestMs = this.#heard?.seenAtMs ?? 0;
    // This hub's own clock was ahead when it took that one, and has been set back.
    const impossible = newestMs - nowMs > skewToldMs;
    return (impossible || atMs > newestMs) && nowMs - atMs < silentIntervals * intervalMs;
  }

  /** Null: it is not silent, or nobody waits for it. */
  silentForMs(nowMs: number, startedAtMs: number): number | null {
    if (!this.active || !this.#heard) return null;
    const ageMs = nowMs - this.#heard.heardAtMs;
    const waitedMs = Math.min(ageMs, nowMs - startedAtMs);
    return waitedMs < silentIntervals * this.intervalMs ? null : ageMs;
  }

  /** Its numbers say nothing about now. */
  isStale(nowMs: number): boolean {
    return this.seenAtMs === null || nowMs - this.seenAtMs >= silentIntervals * this.intervalMs;
  }

  /** @param seenAtMs null: older than what was seen before */
  heard(report: HealthReport, at: Circumstances, seenAtMs: number | null): void {
    const { console, intervalMs, dropped, refused, series } = report;
    this.#heard = {
      consoleId: console.id,
      name: console.name,
      version: console.version,
      mode: console.mode,
      heardAtMs: at.receivedAt,
      seenAtMs: seenAtMs ?? this.#heard?.seenAtMs ?? 0,
      series: series.reduce((sum, { values }) => sum + values.length, 0),
      ...{ skewMs: at.skewMs, unknownSeries: at.unknownSeries, intervalMs, dropped, refused },
      seen: this.seen,
    };
  }

  view(nowMs: number, alerts: SeenConsole['alerts']): SeenConsole {
    const heard = this.#heard;
    const { clusters, links } = this.seen;
    const known = this.seenAtMs !== null;
    const lags = links.flatMap(({ maxLagSeconds }) => maxLagSeconds ?? []);
    return {
      name: this.name,
      state: this.#state(nowMs),
      reportedName: heard?.name ?? null,
      version: heard?.version ?? null,
      mode: heard?.mode ?? null,
      heardAt: heard?.heardAtMs ?? null,
      seenAt: this.seenAtMs,
      intervalMs: heard?.intervalMs ?? null,
      clockSkewSeconds: heard && Math.abs(heard.skewMs) > skewToldMs ? Math.round(heard.skewMs / 1000) : null,
      series: heard?.series ?? null,
      unknownSeries: heard?.unknownSeries ?? null,
      dropped: heard?.dropped ?? null,
      refused: heard?.refused ?? null,
      clusters: known ? clusters.length : null,
      clustersUnreachable: known ? clusters.filter(({ reachable }) => reachable === false).length : null,
      links: known ? links.length : null,
      linksNotActive: known ? links.filter(({ state }) => state !== null && state !== 'ACTIVE').length : null,
      worstLagSeconds: lags.length > 0 ? Math.max(...lags) : null,
      alerts,
    };
  }

  #state(nowMs: number): ConsoleState {
    if (!this.active) return 'REVOKED';
    if (!this.#heard) return 'NEVER';
    return nowMs - this.#heard.heardAtMs >= silentIntervals * this.intervalMs ? 'SILENT' : 'REPORTING';
  }
}
