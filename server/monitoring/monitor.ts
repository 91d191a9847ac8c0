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
import type { HistoryQuery } from '@/lib/monitoring/history';
import { isMetricName } from '@/lib/monitoring/metrics';
import { type Observation, ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { observationIntervalMs, seriesKeptRounds } from '@/server/intervals';
import type { ClusterSweep } from '@/server/metrics/collector/sweep';
import { brokerDetail, brokersPage, quorumView } from '@/server/metrics/collector/views/brokers';
import { clusterSummary } from '@/server/metrics/collector/views/cluster';
import { groupDetail, groupsPage } from '@/server/metrics/collector/views/groups';
import { topicDetail, topicsPage } from '@/server/metrics/collector/views/topics';
import type { HistoryStore } from '@/server/metrics/store/history-store';
import { type ClusterWatch, noClusters } from './cluster-watch';
import { observationText } from './exposition';
import { LinkObservation } from './link-observation';
import { retentionOf } from './source-retention';

type Links = Extract<ToMonitor, { type: 'links' }>;
/** Numbers that the web thread has told longer ago than this say nothing about now. */
const linksMaxAgeMs = 2.5 * observationIntervalMs;

/** What keeps observations and draws them. */
export type History = Pick<HistoryStore, 'append' | 'read' | 'status' | 'close'>;

export type MonitorOptions = {
  dataDir: string;
  mode: MonitoringMode;
  send(message: FromMonitor): void;
  /** Another one than that which asks brokers. */
  collector?: ClusterWatch;
  history?: History;
};

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #registry = new SeriesRegistry();
  readonly #links = new LinkObservation();
  readonly #collector: ClusterWatch;
  #told: Links | null = null;
  #last: Observation | null = null;
  #tickMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#collector = options.collector ?? noClusters;
  }

  start(): void {
    this.#collector.start();
    this.#timer = setInterval(() => this.tick(Date.now()), observationIntervalMs);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#collector.stop();
    this.#options.history?.close();
    this.#options.send({ type: 'stopped' });
  }

  receive(message: ToMonitor): void {
    switch (message.type) {
      case 'desired':
        this.#collector.setClusters(message.clusters);
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
    this.#options.history?.append(observation);
    this.#registry.endRound(seriesKeptRounds);
    this.#tickMs = performance.now() - began;
  }

  #observe(nowMs: number): Observation {
    const builder = new ObservationBuilder(this.#registry);
    builder.whole('landbridge');
    builder.add('landbridge_process_memory_bytes', [], process.memoryUsage.rss());
    const kept = this.#options.history?.status();
    if (kept) {
      builder.add('landbridge_history_bytes', [], kept.sizeBytes);
      builder.add('landbridge_history_limit_bytes', [], kept.limitBytes);
    }
    const told = this.#told;
    if (told && nowMs - told.at < linksMaxAgeMs) {
      for (const [name, value] of Object.entries(told.own))
        if (isMetricName(name)) builder.add(name, [], value);
      this.#links.add(builder, told.links as LinkNumbers[], nowMs, (cluster, topic) =>
        retentionOf(this.#collector.sweepOf(cluster), topic),
      );
    }
    this.#collector.addTo(builder, nowMs);
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

  #seen<T>(cluster: string, view: (sweep: ClusterSweep) => T): T | null {
    const sweep = this.#collector.sweepOf(cluster);
    return sweep && view(sweep);
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
      case 'summary':
        return this.#seen(request.cluster, clusterSummary);
      case 'topics':
        return this.#seen(request.cluster, (sweep) => topicsPage(sweep, request.query));
      case 'groups':
        return this.#seen(request.cluster, (sweep) => groupsPage(sweep, request.query));
      case 'brokers':
        return this.#seen(request.cluster, brokersPage);
      case 'quorum':
        return this.#seen(request.cluster, quorumView);
      case 'topic':
        return this.#seen(request.cluster, (sweep) => ({ found: topicDetail(sweep, request.topic) }));
      case 'group':
        return this.#seen(request.cluster, (sweep) => ({ found: groupDetail(sweep, request.group) }));
      case 'history':
        if (!this.#options.history) throw new Error('No history is kept here.');
        return this.#options.history.read(request.query as HistoryQuery) as MonitorAnswers['history'];
      case 'broker':
        return this.#seen(request.cluster, (sweep) => ({ found: brokerDetail(sweep, request.broker) }));
    }
  }
}
