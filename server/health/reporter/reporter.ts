/**
 * Makes a health report of an observation once an interval, keeps it on disk, and lets each endpoint take it. Never sends what is not in the
 * observation, and never holds up the tick that made it.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type NextReport, reportFormatVersion } from '@/lib/contracts/monitoring/health-report';
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';
import type { Observation, ObservationBuilder } from '@/lib/monitoring/observation';
import type { ReportConfig } from '@/server/health-config';
import { meaningOf } from './answers';
import { ReportBuffer } from './buffer';
import { consoleId, reportsFolder } from './console-id';
import { Endpoint, type Send } from './endpoint';
import type { OtlpBody } from './otlp-body';
import { type ReportHead, reportOf, type Told } from './report';

type Level = 'info' | 'warn' | 'error';
export type ReporterOptions = {
  config: ReportConfig;
  dataDir: string;
  mode: MonitoringMode;
  version: string;
  /** Of hashed names. */
  key: Buffer;
  /** One for each endpoint, in their order. */
  sends: readonly Send[];
  log(level: Level, message: string): void;
  nowMs?: () => number;
  random?: () => number;
};

/** A report may be this much early: ticks are not exact. */
const earlyMs = 500;
const compress = promisify(gzip);
const expand = promisify(gunzip);

export class Reporter {
  readonly #of: ReporterOptions;
  readonly #told: Told;
  readonly #endpoints: Endpoint[];
  readonly #consoleId: string;
  /** Null: reports are in JSON. */
  readonly #otlp: Promise<OtlpBody | null>;
  readonly #nowMs: () => number;
  #lastAtMs = 0;
  #last: Observation | null = null;
  #newest = 0;
  #storing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: ReporterOptions) {
    const { config, dataDir, log, sends } = options;
    this.#of = options;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#told = { metrics: new Set(config.metrics), topicNames: config.topicNames, key: options.key };
    const folder = reportsFolder(dataDir);
    this.#consoleId = consoleId(folder);
    removeUnused(folder, config);
    this.#otlp = config.format === 'otlp' ? this.#loadOtlp() : Promise.resolve(null);
    const [nowMs, random] = [this.#nowMs, options.random ?? Math.random];
    this.#endpoints = config.endpoints.map(({ url }, i) => {
      // By its place, not its address: what waits because of a wrong address goes to the right one.
      const buffer = new ReportBuffer(join(folder, bufferName(config, i)), config.bufferBytes);
      const { origin, pathname } = new URL(url);
      return new Endpoint({
        ...{ what: 'Health reports', buffer, meaningOf, log, nowMs, random },
        address: `${origin}${pathname}`,
        send: sends[i] as Send,
      });
    });
    this.#newest = Math.max(
      0,
      ...this.#endpoints.map(({ buffer }) => Number.parseInt(buffer.newestName ?? '0', 10)),
    );
  }

  /** What is left of the last run is sent at once. */
  start(): void {
    this.#pump();
  }

  /** What is being sent is sent again after the next start: the other side knows reports by their ids. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#storing;
  }

  /** How reporting itself goes, as part of what is observed. */
  addTo(builder: ObservationBuilder): void {
    for (const { status, reachable } of this.#endpoints) {
      const labels = [status.address];
      builder.add('landbridge_endpoint_reachable', labels, reachable === null ? null : Number(reachable));
      builder.add('landbridge_report_buffered', labels, status.waiting);
      builder.add('landbridge_reports_dropped_total', labels, status.dropped);
      builder.add('landbridge_reports_refused_total', labels, status.refused);
    }
  }

  /** Reports it, when the interval since the last report is over. */
  take(observation: Observation): void {
    this.#last = observation;
    if (
      observation.atMs < this.#lastAtMs + this.#of.config.intervalMs - earlyMs &&
      observation.atMs >= this.#lastAtMs
    )
      return;
    this.#lastAtMs = observation.atMs;
    this.#storing = this.#storing
      .then(async () => this.#store(observation.atMs, await this.#bodies(observation)))
      .catch((error: unknown) => this.#of.log('error', `A health report was not kept: ${String(error)}`));
  }

  /** All that was given to `take` is on disk, and was tried once. */
  async settled(): Promise<void> {
    await this.#storing;
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.pump()));
  }

  async preview(): Promise<NextReport> {
    const { config, mode } = this.#of;
    const { format, intervalMs, topicNames, metrics } = config;
    const next = await this.#next();
    return {
      ...{ mode, format, intervalMs, topicNames, metrics },
      reporting: true,
      endpoints: this.#endpoints.map(({ status }) => status),
      dashboardUrl: null,
      of: next?.of ?? 'NONE',
      body: next?.text ?? null,
      bytes: next ? Buffer.byteLength(next.text) : null,
      gzipBytes: next?.gzipBytes ?? null,
    };
  }

  /** The oldest that waits anywhere; else what would be sent now. */
  async #next(): Promise<{ of: 'WAITING' | 'NEXT'; text: string; gzipBytes: number } | null> {
    const waiting = this.#endpoints
      .flatMap(({ buffer }) => (buffer.first ? [{ buffer, one: buffer.first }] : []))
      .sort((a, b) => (a.one.name < b.one.name ? -1 : 1))[0];
    const otlp = await this.#otlp;
    const body = waiting && (await waiting.buffer.read(waiting.one));
    // What waits as protobuf is not for people to read: they see what would be sent now, which is made alike.
    if (body && !otlp)
      return { of: 'WAITING', text: (await expand(body)).toString('utf8'), gzipBytes: body.length };
    if (!this.#last) return null;
    const text = await this.#text(this.#last);
    const bodies = await Promise.all((await this.#bodies(this.#last, text)).map((one) => compress(one)));
    return { of: 'NEXT', text, gzipBytes: bodies.reduce((sum, { length }) => sum + length, 0) };
  }

  /** One; as OTLP perhaps several. */
  async #bodies(observation: Observation, text?: string): Promise<readonly (string | Buffer)[]> {
    const otlp = await this.#otlp;
    return otlp ? otlp.encode(observation) : [text ?? (await this.#text(observation))];
  }

  async #text(observation: Observation): Promise<string> {
    const otlp = await this.#otlp;
    return otlp ? otlp.text(observation) : JSON.stringify(reportOf(observation, this.#head(), this.#told));
  }

  /** OpenTelemetry's packages take 30 MB of memory: only who reports in their format has them. */
  async #loadOtlp(): Promise<OtlpBody> {
    const { config, mode, version } = this.#of;
    const { OtlpBody } = await import('./otlp-body');
    return new OtlpBody(
      this.#told,
      { id: this.#consoleId, name: config.consoleName, version, mode },
      this.#nowMs(),
    );
  }

  #head(): ReportHead {
    const { config, mode, version } = this.#of;
    const most = (of: 'dropped' | 'refused') => Math.max(...this.#endpoints.map(({ buffer }) => buffer[of]));
    return {
      version: reportFormatVersion,
      id: randomUUID(),
      console: { id: this.#consoleId, name: config.consoleName, version, mode },
      intervalMs: config.intervalMs,
      dropped: most('dropped'),
      refused: most('refused'),
    };
  }

  async #store(atMs: number, bodies: readonly (string | Buffer)[]): Promise<void> {
    for (const one of bodies) {
      const body = await compress(one);
      // Names sort in the order of making, also after the clock was set back.
      this.#newest = Math.max(this.#newest + 1, atMs);
      const name = String(this.#newest).padStart(15, '0');
      let first: ReportBuffer | null = null;
      for (const { buffer } of this.#endpoints) {
        await buffer.put(name, body, first);
        first ??= buffer.failure === null ? buffer : null;
      }
    }
    this.#pump();
  }

  #pump(): void {
    if (this.#stopped) return;
    for (const endpoint of this.#endpoints) {
      endpoint.pump().then(
        () => this.#schedule(),
        (error: unknown) => this.#of.log('error', `Health reports are stuck: ${String(error)}`),
      );
    }
  }

  /** Wakes up when the first endpoint may be tried again. */
  #schedule(): void {
    if (this.#stopped) return;
    if (this.#timer) clearTimeout(this.#timer);
    const next = Math.min(
      ...this.#endpoints.map(({ nextTryMs, buffer }) => (buffer.first ? (nextTryMs ?? Infinity) : Infinity)),
    );
    if (next === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#pump(), Math.max(50, next - this.#nowMs()));
    this.#timer.unref();
  }
}

const bufferName = ({ format }: ReportConfig, at: number) => `${at + 1}-${format}`;

/** Of an endpoint that is not set any more, or in a format that it does not take. */
function removeUnused(folder: string, config: ReportConfig): void {
  const used = config.endpoints.map((_, i) => bufferName(config, i));
  const folders = readdirSync(folder).filter((name) => /^\d-/.test(name) && !used.includes(name));
  for (const name of folders) rmSync(join(folder, name), { recursive: true });
}
