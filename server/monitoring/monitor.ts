/**
 * All that the data thread does, as a plain module: watches clusters, gathers an observation each tick, and hands it on. It knows no thread and no
 * store: it is told what to watch, and answers questions from memory; only all configs of one topic are asked of a broker.
 */
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';
import type {
  FromMonitor,
  LinkNumbers,
  MonitorAnswers,
  MonitorRequest,
  ToMonitor,
} from '@/lib/contracts/monitoring/thread';
import type { HistoryQuery, HistoryStatus } from '@/lib/monitoring/history';
import { isMetricName } from '@/lib/monitoring/metrics';
import { type Observation, ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { HealthError } from '@/server/health/errors';
import type { HandOver } from '@/server/health/hand-over';
import type { Health } from '@/server/health/health';
import type { Hub } from '@/server/health/hub/hub';
import type { Reporter } from '@/server/health/reporter/reporter';
import { observationIntervalMs, seriesKeptRounds } from '@/server/intervals';
import { KafkaError } from '@/server/kafka/wire/errors';
import type { ClusterSweep } from '@/server/metrics/collector/sweep';
import { brokerDetail, brokersPage, quorumView } from '@/server/metrics/collector/views/brokers';
import { clusterSummary } from '@/server/metrics/collector/views/cluster';
import { groupDetail, groupsPage } from '@/server/metrics/collector/views/groups';
import { topicDetail, topicsPage } from '@/server/metrics/collector/views/topics';
import type { HistoryStore } from '@/server/metrics/store/history-store';
import { RecordedClusters } from '@/server/metrics/store/recorded-clusters';
import { type ClusterWatch, noClusters } from './cluster-watch';
import { observationText } from './exposition';
import type { Leftovers } from './leftovers';
import { LinkObservation } from './link-observation';
import type { OtlpOutput } from './otlp/otlp-output';
import { Pace } from './pace';
import { retentionOf } from './source-retention';

type Links = Extract<ToMonitor, { type: 'links' }>;
/** Questions of programs, which come whether or not anybody looks. */
const unwatched: ReadonlySet<MonitorRequest['op']> = new Set(['status', 'exposition', 'healthReport']);

/** Numbers that the web thread has told longer ago than this say nothing about now. */
const linksMaxAgeMs = 2.5 * observationIntervalMs;

/** What keeps observations and draws them: on disk, or of the last minutes in memory. */
export type History = Pick<HistoryStore, 'append' | 'replacedBy' | 'identify' | 'read' | 'close'> & {
  status(): Pick<HistoryStatus, 'sizeBytes' | 'limitBytes'> | null;
};

export type MonitorOptions = {
  mode: MonitoringMode;
  /** In reduced mode, how far observations are apart while nobody looks: as often as something is sent. */
  reportIntervalMs: number;
  /** What is sent holds numbers of single partitions: in reduced mode they are observed for nobody else while nobody looks. */
  partitionsAreSent?: boolean;
  send(message: FromMonitor): void;
  /** Another one than that which asks brokers. */
  collector?: ClusterWatch | undefined;
  history?: History | null;
  health?: Health | null;
  /** In reduced mode, for what normal mode has left. */
  handOver?: HandOver | null;
  reporter?: Reporter | null;
  otlp?: OtlpOutput | null;
  /** On a hub. */
  hub?: Hub | null;
  /** In reduced mode, where sweeps are rare. */
  leftovers?: Leftovers | null;
};

export class Monitor {
  readonly #options: MonitorOptions;
  readonly #registry = new SeriesRegistry();
  readonly #links = new LinkObservation();
  readonly #collector: ClusterWatch;
  readonly #pace: Pace;
  readonly #reporter: Reporter | null;
  readonly #recorded: RecordedClusters | null;
  /** Numbers of links were asked for, and are observed when they come. */
  #waitsForLinks = false;
  #told: Links | null = null;
  #clusters: readonly string[] = [];
  #last: Observation | null = null;
  #tickMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.#collector = options.collector ?? noClusters;
    this.#reporter = options.reporter ?? null;
    this.#recorded = options.history ? new RecordedClusters(options.history) : null;
    const { mode, reportIntervalMs, partitionsAreSent = false } = options;
    this.#pace = new Pace({
      mode,
      reportIntervalMs,
      partitionsAreSent,
      tickIntervalMs: observationIntervalMs,
    });
  }

  start(): void {
    this.#collector.start();
    this.#options.health?.start();
    this.#options.handOver?.start();
    this.#reporter?.start();
    this.#options.hub?.start();
    this.#timer = setInterval(() => this.#beat(Date.now()), observationIntervalMs);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    // Before health: what is taken is judged.
    this.#options.hub?.stop();
    await Promise.all([this.#collector.stop(), this.#reporter?.stop(), this.#options.otlp?.stop()]);
    await this.#options.health?.stop();
    await this.#options.handOver?.stop();
    this.#options.history?.close();
    this.#options.send({ type: 'stopped' });
  }

  receive(message: ToMonitor): void {
    switch (message.type) {
      case 'desired':
        this.#collector.setClusters(message.clusters);
        this.#clusters = message.clusters.map(({ name }) => name);
        this.#options.health?.setSettings(message.health);
        this.#options.handOver?.setSettings(message.health);
        this.#options.hub?.setConsoles(message.consoles);
        return;
      case 'links':
        this.#told = message;
        if (this.#waitsForLinks) this.tick(message.at);
        return;
      case 'exposed':
        this.#options.otlp?.tell(message.numbers);
        return;
      case 'request':
        void this.#answer(message.id, message.request);
        return;
      case 'stop':
        void this.stop();
    }
  }

  /** In reduced mode nothing is worked out that nobody takes: the web thread is asked for its numbers when it is time. */
  #beat(nowMs: number): void {
    if (this.#options.mode !== 'reduced') {
      this.tick(nowMs);
      return;
    }
    this.#collector.setIntervalMs(this.#pace.intervalMs(nowMs));
    if (!this.#pace.due(nowMs)) return;
    // Asked a beat ago and not told: what else is known is observed without them.
    if (this.#waitsForLinks) {
      this.tick(nowMs);
      return;
    }
    this.#waitsForLinks = true;
    this.#options.send({ type: 'linksWanted' });
  }

  tick(nowMs: number): void {
    const began = performance.now();
    this.#waitsForLinks = false;
    this.#pace.observed(nowMs);
    const observation = this.#observe(nowMs);
    this.#last = observation;
    this.#recorded?.identify(observation.clusterIds ?? new Map(), (clusters) =>
      this.#options.health?.clustersReplaced(clusters),
    );
    this.#options.history?.append(observation);
    this.#options.health?.observe(observation);
    this.#reporter?.take(observation);
    this.#options.otlp?.take(observation);
    this.#registry.endRound(seriesKeptRounds);
    this.#tickMs = performance.now() - began;
    if (!this.#pace.isWatched(nowMs)) this.#options.leftovers?.tidy(performance.now());
  }

  #observe(nowMs: number): Observation {
    const builder = new ObservationBuilder(this.#registry);
    builder.add('landbridge_process_memory_bytes', [], process.memoryUsage.rss());
    const kept = this.#options.history?.status();
    if (kept) {
      builder.add('landbridge_history_bytes', [], kept.sizeBytes);
      builder.add('landbridge_history_limit_bytes', [], kept.limitBytes);
    }
    const told = this.#told;
    // Without the web thread's numbers what is missing is unknown, not gone: a silent engine stays silent.
    if (told && nowMs - told.at < linksMaxAgeMs) {
      builder.whole('landbridge');
      for (const [name, value] of Object.entries(told.own))
        if (isMetricName(name)) builder.add(name, [], value);
      this.#links.add(builder, told.links as LinkNumbers[], nowMs, (cluster, topic) =>
        retentionOf(this.#collector.sweepOf(cluster), topic),
      );
    }
    this.#collector.addTo(builder, nowMs, { partitions: this.#pace.withPartitions(nowMs) });
    for (const cluster of this.#clusters) {
      const id = this.#collector.sweepOf(cluster)?.clusterId ?? null;
      if (id !== null) builder.clusterId(cluster, id);
    }
    this.#reporter?.addTo(builder);
    this.#options.otlp?.addTo(builder);
    for (const { channel, seconds } of this.#options.health?.channelsFailing() ?? [])
      builder.add('landbridge_channel_failing_seconds', [channel], seconds);
    return builder.build(nowMs);
  }

  /** What leaves the house next. */
  async healthReport(): Promise<MonitorAnswers['healthReport']> {
    const report = (await this.#reporter?.preview()) ?? null;
    return { report, otlp: this.#options.otlp?.status ?? null };
  }

  async #answer(id: number, request: MonitorRequest): Promise<void> {
    try {
      const value = await this.#answerTo(request);
      this.#options.send({ type: 'answer', id, ok: true, value, error: null, code: null });
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.#options.send({ type: 'answer', id, ok: false, value: null, error: words, code: codeOf(error) });
    }
  }

  /** A page is open: what it shows is seen as often as in normal mode. */
  #looked(nowMs: number): void {
    if (this.#options.mode !== 'reduced') return;
    this.#pace.watched(nowMs);
    this.#beat(nowMs);
  }

  get #health(): Health {
    const { health } = this.#options;
    if (health) return health;
    throw new Error('Rules are not judged here, but where health is reported to.');
  }

  #seen<T>(cluster: string, view: (sweep: ClusterSweep) => T): T | null {
    const sweep = this.#collector.sweepOf(cluster);
    return sweep && view(sweep);
  }

  async #answerTo(request: MonitorRequest): Promise<MonitorAnswers[MonitorRequest['op']]> {
    if (!unwatched.has(request.op)) this.#looked(Date.now());
    switch (request.op) {
      case 'status':
        return {
          mode: this.#options.mode,
          observedAt: this.#last?.atMs ?? null,
          series: this.#last?.series.length ?? 0,
          tickMs: this.#tickMs,
        };
      case 'exposition':
        this.#pace.scraped(Date.now());
        return observationText(this.#last, request, Date.now());
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
      case 'topicConfigs':
        return this.#collector.topicConfigs(request.cluster, request.topic);
      case 'group':
        return this.#seen(request.cluster, (sweep) => ({ found: groupDetail(sweep, request.group) }));
      case 'history':
        if (!this.#options.history) throw new Error('No history is kept here.');
        return this.#options.history.read(request.query as HistoryQuery) as MonitorAnswers['history'];
      case 'alerts':
        return this.#health.alerts(request.query);
      case 'alert':
        return this.#health.alert(request.id, { visible: request.visible });
      case 'acknowledge':
        this.#health.acknowledge(request.id, request);
        return null;
      case 'rules':
        return this.#health.library({ visible: request.visible, console: request.console });
      case 'deliveries':
        return this.#health.deliveries(request.query);
      case 'sendAgain':
        this.#health.sendAgain(request.id);
        return null;
      case 'testChannel':
        return this.#health.testChannel(request.channel, request.by);
      case 'broker':
        return this.#seen(request.cluster, (sweep) => ({ found: brokerDetail(sweep, request.broker) }));
      case 'hub':
        if (!this.#options.hub) throw new Error('This server is no hub.');
        return this.#options.hub.answer(request.ask);
      case 'healthReport':
        return this.healthReport();
    }
  }
}

const codeOf = (error: unknown): string | null => {
  if (error instanceof HealthError) return error.code;
  return error instanceof KafkaError ? 'KAFKA_REQUEST_FAILED' : null;
};
