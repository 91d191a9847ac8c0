/**
 * Health over a real alerts.db, with a clock that the test moves and a channel that only writes down what it is given. For tests of what is told
 * and when; how channels speak is tested against real servers.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel } from '@/lib/contracts/monitoring/channels';
import type { HealthSettingsInput } from '@/lib/contracts/monitoring/health-settings';
import { labelNames, type MetricName } from '@/lib/monitoring/metrics';
import { ObservationBuilder, SeriesRegistry, subjectOf } from '@/lib/monitoring/observation';
import type { Notice } from '../channels/notice';
import type { Sent } from '../channels/post';
import { Health } from '../health';
import type { Place } from '../place';
import { everyMs, startMs, usualLabels } from './series';

export const hook = (id: string, more: Partial<Channel> = {}): Channel =>
  ({
    kind: 'webhook',
    id,
    name: id,
    enabled: true,
    url: 'https://hooks.example.com/x',
    secret: null,
    headers: {},
    ca: null,
    ...more,
  }) as Channel;

/** Everything to one channel. */
export const toOps: HealthSettingsInput = {
  channels: [hook('ops')],
  routes: [{ id: 'all', matchers: [], atLeast: 'INFO', channels: ['ops'] }],
};

export type SentNotice = Notice & { channel: string; delivery: string };
/** Metric → number, or numbers by labels such as `{ broker: '3' }` as JSON. */
export type Now = Partial<Record<MetricName, number | [Record<string, string>, number][]>>;

export type LookOptions = {
  whole?: boolean;
  place?: Place;
  intervalMs?: number;
  /** False: what is due is only queued. */
  sends?: boolean;
  /** The process dies when what is due was sent, and nothing of that was written down. */
  dies?: boolean;
};

export class HealthWorld {
  nowMs = startMs;
  health: Health;
  file: string;
  readonly sent: SentNotice[] = [];
  /** What a channel answers; absent: it takes everything. */
  answers: (channel: Channel, notice: Notice) => Sent | Promise<Sent> = () => ({
    ok: true,
    said: 'taken',
    refused: false,
  });
  readonly #folder = mkdtempSync(join(tmpdir(), 'landbridge-health-'));
  readonly #registry = new SeriesRegistry();
  #copies = 0;
  #settings: HealthSettingsInput | null;

  constructor(settings: HealthSettingsInput | null = toOps) {
    this.#settings = settings;
    this.file = join(this.#folder, 'alerts.db');
    this.health = this.#new();
    this.health.start();
    if (settings) this.health.setSettings(settings);
  }

  /** Kept over restarts. */
  decide(settings: HealthSettingsInput): void {
    this.#settings = settings;
    this.health.setSettings(settings);
  }

  /** One observation, now; then time goes on by ten seconds. What is due is sent. */
  async look(now: Now, options: LookOptions = {}): Promise<void> {
    const builder = new ObservationBuilder(this.#registry);
    const whole = options.whole ?? true;
    if (whole) builder.whole('landbridge');
    for (const [name, told] of Object.entries(now)) {
      const metric = name as MetricName;
      const all: [Record<string, string>, number][] = typeof told === 'number' ? [[{}, told]] : told;
      if (whole) builder.whole(subjectOf({ ...usualLabels, ...only(metric, {}) }));
      for (const [own, value] of all) {
        const labels = only(metric, own);
        builder.add(metric, Object.values(labels), value);
        if (whole) builder.whole(subjectOf(labels));
      }
    }
    this.health.observe(builder.build(this.nowMs), options.place, options.intervalMs);
    if (options.dies) await this.crash();
    else if (options.sends ?? true) await this.health.pump();
    this.nowMs += everyMs;
  }

  async looks(times: number, now: Now, options: LookOptions = {}): Promise<void> {
    for (let i = 0; i < times; i++) await this.look(now, options);
  }

  /** Time goes on, and nothing is observed. */
  async wait(seconds: number): Promise<void> {
    this.nowMs += seconds * 1_000;
    await this.health.pump();
  }

  /** `RAISED ops CRITICAL broker.disk`, in order; only those since the last call. */
  told(): string[] {
    return this.sent
      .splice(0)
      .map(({ kind, channel, severity, rule }) => `${kind} ${channel} ${severity} ${rule}`);
  }

  async restart(settings: HealthSettingsInput | null = this.#settings): Promise<void> {
    await this.health.stop();
    this.#open(settings);
  }

  /** As after `kill -9`: what was not committed is not there; messages on their way arrive, and nobody knows. */
  async crash(settings: HealthSettingsInput | null = this.#settings): Promise<void> {
    const copy = join(this.#folder, `alerts-${++this.#copies}.db`);
    for (const end of ['', '-wal'])
      if (existsSync(this.file + end)) copyFileSync(this.file + end, copy + end);
    await this.health.pump();
    await this.health.stop();
    this.file = copy;
    this.#open(settings);
  }

  async close(): Promise<void> {
    await this.health.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #open(settings: HealthSettingsInput | null): void {
    this.health = this.#new();
    this.health.start();
    if (settings) this.health.setSettings(settings);
  }

  #new(): Health {
    return new Health({
      file: this.file,
      log: () => undefined,
      now: () => this.nowMs,
      random: () => 0,
      linkTo: ({ id }) => `https://landbridge.example.com/health/alerts/${id}`,
      send: async (channel, notice, delivery) => {
        const answer = await this.answers(channel, notice);
        if (answer.ok) this.sent.push({ ...notice, channel: channel.id, delivery });
        return answer;
      },
    });
  }
}

function only(metric: MetricName, own: Record<string, string>): Record<string, string> {
  return Object.fromEntries(labelNames(metric).map((name) => [name, own[name] ?? usualLabels[name] ?? name]));
}
