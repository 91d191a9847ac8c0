/**
 * All that the data thread does, as a plain module: watches clusters, gathers an observation each tick, and hands it on. It knows no thread and no
 * store: it is told what to watch, and answers questions from memory.
 */
import type {
  FromMonitor,
  LinkNumbers,
  MonitorAnswers,
  MonitoringMode,
  MonitorRequest,
  ToMonitor,
} from '@/lib/contracts/monitoring/thread';
import { isMetricName } from '@/lib/monitoring/metrics';
import { type Observation, ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { observationIntervalMs, seriesKeptRounds } from '@/server/intervals';
import { observationText } from './exposition';
import { LinkObservation } from './link-observation';

type Links = Extract<ToMonitor, { type: 'links' }>;
/** Numbers that the web thread has told longer ago than this say nothing about now. */
const linksMaxAgeMs = 2.5 * observationIntervalMs;

export type MonitorOptions = {
  dataDir: string;
  mode: MonitoringMode;
  send(message: FromMonitor): void;
};

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #registry = new SeriesRegistry();
  readonly #links = new LinkObservation();
  #told: Links | null = null;
  #last: Observation | null = null;
  #tickMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: MonitorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(Date.now()), observationIntervalMs);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#options.send({ type: 'stopped' });
  }

  receive(message: ToMonitor): void {
    switch (message.type) {
      case 'desired':
        return;
      case 'links':
        this.#told = message;
        return;
      case 'request':
        void this.#answer(message.id, message.request);
        return;
      case 'stop':
        void this.stop();
    }
  }

  tick(nowMs: number): void {
    const began = performance.now();
    const observation = this.#observe(nowMs);
    this.#last = observation;
    this.#registry.endRound(seriesKeptRounds);
    this.#tickMs = performance.now() - began;
  }

  #observe(nowMs: number): Observation {
    const builder = new ObservationBuilder(this.#registry);
    builder.whole('landbridge');
    builder.add('landbridge_process_memory_bytes', [], process.memoryUsage.rss());
    const told = this.#told;
    if (told && nowMs - told.at < linksMaxAgeMs) {
      for (const [name, value] of Object.entries(told.own))
        if (isMetricName(name)) builder.add(name, [], value);
      this.#links.add(builder, told.links as LinkNumbers[], nowMs, () => null);
    }
    return builder.build(nowMs);
  }

  async #answer(id: number, request: MonitorRequest): Promise<void> {
    try {
      const value = await this.#answerTo(request);
      this.#options.send({ type: 'answer', id, ok: true, value, error: null });
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.#options.send({ type: 'answer', id, ok: false, value: null, error: words });
    }
  }

  async #answerTo(request: MonitorRequest): Promise<MonitorAnswers[MonitorRequest['op']]> {
    switch (request.op) {
      case 'status':
        return {
          mode: this.#options.mode,
          observedAt: this.#last?.atMs ?? null,
          series: this.#last?.series.length ?? 0,
          tickMs: this.#tickMs,
        };
      case 'exposition':
        return observationText(this.#last, request);
    }
  }
}
