/**
 * Sends what `/metrics` tells over OTLP, once an interval, from the observation of that moment. Nothing waits for the endpoint: what it has not
 * taken when there are newer numbers is dropped, and nothing is kept over a restart.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ExposedNumbers } from '@/lib/contracts/monitoring/exposed';
import type { OtlpStatus } from '@/lib/contracts/monitoring/health-report';
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';
import type { Observation, ObservationBuilder } from '@/lib/monitoring/observation';
import { consoleAttributes, consoleId, reportsFolder } from '@/server/health/reporter/console-id';
import { Endpoint, type Send } from '@/server/health/reporter/endpoint';
import { readOtlpAnswer } from '@/server/health/reporter/otlp-answer';
import { contentTypes, sendBy } from '@/server/health/reporter/send';
import { CounterStarts } from '@/server/metrics/counter-starts';
import { headerSecrets, type OtlpConfig } from '@/server/otlp-config';
import { otlpMeaningOf } from './answers';
import { LatestExport } from './latest-export';

type Level = 'info' | 'warn' | 'error';
export type OtlpOutputOptions = {
  config: OtlpConfig;
  dataDir: string;
  mode: MonitoringMode;
  version: string;
  send: Send;
  /** The web thread's own numbers are wanted: `tell` brings them. */
  ask(): void;
  log(level: Level, message: string): void;
  nowMs?: () => number;
  random?: () => number;
};

/** An export may be this much early: ticks are not exact. */
const earlyMs = 500;
const compress = promisify(gzip);

export class OtlpOutput {
  readonly #of: OtlpOutputOptions;
  readonly #endpoint: Endpoint<LatestExport>;
  readonly #resource: { attributes: Record<string, string>; startedAtMs: number; starts: CounterStarts };
  readonly #nowMs: () => number;
  #lastAtMs = 0;
  /** Waits for the web thread's numbers. */
  #untold: Observation | null = null;
  #size: OtlpStatus['last'] = null;
  #work: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: OtlpOutputOptions) {
    const { config, dataDir, mode, version, send, log } = options;
    this.#of = options;
    this.#nowMs = options.nowMs ?? Date.now;
    const { origin, pathname } = new URL(config.url);
    this.#endpoint = new Endpoint({
      ...{ what: 'Metrics over OTLP', address: `${origin}${pathname}`, buffer: new LatestExport() },
      ...{ send, log, meaningOf: otlpMeaningOf, nowMs: this.#nowMs, random: options.random ?? Math.random },
    });
    const id = consoleId(reportsFolder(dataDir));
    this.#resource = {
      attributes: consoleAttributes({ id, name: config.consoleName, version, mode }),
      startedAtMs: this.#nowMs(),
      starts: new CounterStarts(),
    };
  }

  /** How sending itself goes, as part of what is observed. */
  addTo(builder: ObservationBuilder): void {
    const { status, reachable } = this.#endpoint;
    const labels = [status.address];
    builder.add('landbridge_endpoint_reachable', labels, reachable === null ? null : Number(reachable));
    builder.add('landbridge_otlp_dropped_total', labels, status.dropped + status.refused);
  }

  /** Sends it, when the interval since the last export is over; with what the web thread tells, if it does by the next observation. */
  take(observation: Observation): void {
    if (this.#untold) this.#export(this.#untold, null);
    this.#untold = null;
    const { atMs } = observation;
    const dueMs = this.#lastAtMs + this.#of.config.intervalMs - earlyMs;
    if (atMs < dueMs && atMs >= this.#lastAtMs) return;
    this.#lastAtMs = atMs;
    this.#untold = observation;
    this.#of.ask();
  }

  tell(exposed: ExposedNumbers): void {
    if (this.#untold) this.#export(this.#untold, exposed);
    this.#untold = null;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#work;
  }

  /** All that was taken and told is encoded, and was tried once. */
  async settled(): Promise<void> {
    await this.#work;
    await this.#endpoint.pump();
  }

  get status(): OtlpStatus {
    const { intervalMs } = this.#of.config;
    return { endpoint: this.#endpoint.status, intervalMs, last: this.#size };
  }

  #export(observation: Observation, exposed: ExposedNumbers | null): void {
    this.#work = this.#work
      .then(() => this.#encode(observation, exposed))
      .catch((error: unknown) => this.#of.log('error', `Metrics were not sent over OTLP: ${String(error)}`));
  }

  async #encode(observation: Observation, exposed: ExposedNumbers | null): Promise<void> {
    // OpenTelemetry's packages take 30 MB of memory: only who sends in their format has them.
    const { encodeExposition } = await import('@/server/metrics/otlp');
    const { bodies, points } = encodeExposition(observation, exposed, this.#resource);
    const compressed = await Promise.all(bodies.map((body) => compress(body)));
    const sum = (buffers: readonly Buffer[]) => buffers.reduce((all, { length }) => all + length, 0);
    this.#size = {
      ...{ at: observation.atMs, points, requests: bodies.length },
      ...{ bytes: sum(bodies), gzipBytes: sum(compressed) },
    };
    if (this.#stopped) return;
    this.#endpoint.buffer.put(observation.atMs, compressed);
    this.#pump();
  }

  #pump(): void {
    if (this.#stopped) return;
    this.#endpoint.pump().then(
      () => this.#schedule(),
      (error: unknown) => this.#of.log('error', `Metrics over OTLP are stuck: ${String(error)}`),
    );
  }

  /** Wakes up when the endpoint may be tried again. */
  #schedule(): void {
    const { nextTryMs, buffer } = this.#endpoint;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#stopped || nextTryMs === null || !buffer.first) return;
    this.#timer = setTimeout(() => this.#pump(), Math.max(50, nextTryMs - this.#nowMs()));
    this.#timer.unref();
  }
}

export const otlpSendOf = ({ headers, ...way }: OtlpConfig): Send =>
  sendBy({
    ...way,
    headers: () => ({
      ...headers,
      'content-type': contentTypes.otlp,
      accept: `${contentTypes.otlp}, ${contentTypes.json}`,
    }),
    read: readOtlpAnswer,
    secrets: headerSecrets(headers),
  });
