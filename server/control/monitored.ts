// Tells the data thread what to watch, and once a tick the numbers of links; asks it on behalf of people, of what they may see.
import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrokerDetail } from '@/lib/contracts/monitoring/brokers';
import type { GroupDetail } from '@/lib/contracts/monitoring/groups';
import type { ReportPreview } from '@/lib/contracts/monitoring/health-report';
import type { HistoryParameters } from '@/lib/contracts/monitoring/history';
import type { SweepPart } from '@/lib/contracts/monitoring/seen';
import type { MonitorAnswers, MonitorRequest, ToMonitor } from '@/lib/contracts/monitoring/thread';
import type { TopicConfigsView, TopicDetail } from '@/lib/contracts/monitoring/topics';
import type { Actor } from '@/server/access/actor';
import { authorise, maySee } from '@/server/access/authorise';
import type { EnginePort } from '@/server/engine-port';
import { isLandbridgeError, LandbridgeError } from '@/server/errors';
import type { MonitoringConfig } from '@/server/health-config';
import { observationIntervalMs } from '@/server/intervals';
import type { Log } from '@/server/log';
import type { Metrics } from '@/server/metrics/metrics';
import type { MonitorSupervisor } from '@/server/monitoring/monitor-supervisor';
import type { Catalog } from './catalog';
import type { HealthSettings } from './health-settings';
import { queryOf } from './history-query';
import type { Hub } from './hub';
import { linkNumbers } from './link-numbers';
import type { LinkViews } from './link-views';
import { notSeen } from './not-seen';
import { Visible } from './visible';

type Deps = {
  catalog: Catalog;
  metrics: Metrics;
  engine: EnginePort;
  views: LinkViews;
  monitor: MonitorSupervisor;
  dataDir: string;
  monitoring: MonitoringConfig;
  log: Log;
};

type ViewOp =
  | 'summary'
  | 'topics'
  | 'groups'
  | 'brokers'
  | 'quorum'
  | 'topic'
  | 'topicConfigs'
  | 'group'
  | 'broker';
type Asked<Op extends ViewOp> = Extract<MonitorRequest, { op: Op }>;
type Found<Op extends ViewOp> = NonNullable<MonitorAnswers[Op]>;

export class Monitored {
  readonly #deps: Deps;
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** In reduced mode they are told when they are wanted. */
  start(): void {
    if (this.#deps.monitoring.mode === 'reduced') return;
    this.#timer = setInterval(() => this.tell(), observationIntervalMs);
    this.#timer.unref();
  }

  /** Tells the numbers of links now. */
  tell(): void {
    this.tick().catch((error: unknown) =>
      this.#deps.log('error', 'Numbers of links were not told to monitoring.', error),
    );
  }

  /** Tells what /metrics tells of links, of all of them. */
  tellExposed(): void {
    const { views, monitor } = this.#deps;
    monitor.post({ type: 'exposed', numbers: views.exposedNumbers() });
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  async tick(): Promise<void> {
    const { catalog, metrics, engine, views, monitor, dataDir, monitoring } = this.#deps;
    const nowMs = Date.now();
    const links = catalog.links.map((link) =>
      linkNumbers({
        link,
        state: views.state(link),
        facts: views.facts(link),
        metrics,
        engine: engine.status,
        nowMs,
      }),
    );
    const own = {
      ...(monitoring.mode === 'hub' ? {} : { landbridge_engine_up: Number(engine.status === 'RUNNING') }),
      landbridge_store_bytes: await sizeOf(join(dataDir, 'landbridge.db')),
      ...(await freeSpaceOf(dataDir)),
    };
    monitor.post({ type: 'links', at: nowMs, own, links });
  }

  /** What the last sweep of a cluster has seen. @throws LandbridgeError CLUSTER_NOT_FOUND, NOT_OBSERVED_YET */
  async view<Op extends ViewOp>(actor: Actor, request: Asked<Op>): Promise<Found<Op>> {
    const { catalog, monitor } = this.#deps;
    // Of every question that a cluster is asked by: its type does not survive being generic.
    const { cluster } = request as { cluster: string };
    new Visible(catalog, actor).cluster(cluster);
    const answer = await monitor.ask<Op>(request);
    if (answer !== null) return answer as Found<Op>;
    throw new LandbridgeError(
      'NOT_OBSERVED_YET',
      `Cluster "${cluster}" has not been looked at yet. The first look takes some seconds; if it stays so, test its connection.`,
      { retryAfterSeconds: 2 },
    );
  }

  /** @throws LandbridgeError CLUSTER_NOT_FOUND, LINK_NOT_FOUND, FORBIDDEN */
  history(actor: Actor, query: HistoryParameters): Promise<MonitorAnswers['history']> {
    const { catalog, monitor } = this.#deps;
    const { cluster, link, destination } = query.labels;
    const visible = new Visible(catalog, actor);
    if (link !== undefined && destination !== undefined) visible.link(destination, link);
    else if (cluster !== undefined) visible.cluster(cluster);
    else authorise(actor, 'viewer', { kind: 'everywhere' });
    return monitor.ask({ op: 'history', query: queryOf(query) });
  }

  async topic(actor: Actor, cluster: string, topic: string): Promise<TopicDetail> {
    const { found } = await this.view<'topic'>(actor, { op: 'topic', cluster, topic });
    return found ?? this.#notFound(actor, cluster, `topic "${topic}"`, 'METADATA');
  }

  /** Read from a broker now. @throws LandbridgeError KAFKA_REQUEST_FAILED where none tells them, NOT_FOUND, and as `view` does */
  async topicConfigs(actor: Actor, cluster: string, topic: string): Promise<TopicConfigsView> {
    const { found } = await this.view<'topicConfigs'>(actor, { op: 'topicConfigs', cluster, topic });
    if (found) return found;
    throw new LandbridgeError(
      'NOT_FOUND',
      `Cluster "${cluster}" has no topic "${topic}": a broker was asked just now and does not know it. It may have been deleted.`,
    );
  }

  async group(actor: Actor, cluster: string, group: string): Promise<GroupDetail> {
    const { found } = await this.view<'group'>(actor, { op: 'group', cluster, group });
    return found ?? this.#notFound(actor, cluster, `consumer group "${group}"`, 'GROUPS');
  }

  async broker(actor: Actor, cluster: string, broker: number): Promise<BrokerDetail> {
    const { found } = await this.view<'broker'>(actor, { op: 'broker', cluster, broker });
    return found ?? this.#notFound(actor, cluster, `broker ${broker}`, 'METADATA');
  }

  /** @throws LandbridgeError NOT_FOUND */
  async #notFound(actor: Actor, cluster: string, what: string, part: SweepPart): Promise<never> {
    const seen = await this.view<'summary'>(actor, { op: 'summary', cluster });
    throw new LandbridgeError('NOT_FOUND', notSeen(what, part, seen));
  }

  /** Of the clusters and links that the actor may see, in Prometheus' text format. Monitoring that is not there is told as such. */
  async exposition(actor: Actor): Promise<string> {
    const observed = await this.#observed(actor).catch((error: unknown) => {
      if (isLandbridgeError(error) && error.code === 'MONITORING_UNAVAILABLE') return null;
      throw error;
    });
    const links = await this.#deps.views.exposition(actor, observed !== null);
    return observed ? `${links}\n${observed}` : links;
  }

  /** Exactly what leaves the house next: numbers of everything, so for those who see everything. */
  async healthReport(actor: Actor): Promise<ReportPreview> {
    authorise(actor, 'viewer', { kind: 'everywhere' });
    const { monitor, monitoring } = this.#deps;
    const { mode, dashboardUrl } = monitoring;
    const { report, otlp } = await monitor.ask({ op: 'healthReport' });
    return { ...(report ?? { ...nothingReported, mode }), dashboardUrl, otlp };
  }

  #observed(actor: Actor): Promise<string> {
    const { catalog, monitor } = this.#deps;
    const visible = new Visible(catalog, actor);
    return monitor.ask({
      op: 'exposition',
      clusters: visible.clusters.map(({ config }) => config.name),
      links: visible.links.map(({ destination, name }) => `${destination}/${name}`),
      everything: maySee(actor, { kind: 'everywhere' }),
    });
  }
}

const nothingReported = {
  ...{ reporting: false, format: 'json', intervalMs: 0, topicNames: 'plain', metrics: [], endpoints: [] },
  ...{ of: 'NONE', body: null, bytes: null, gzipBytes: null },
} satisfies Partial<ReportPreview>;

/** All that is to be watched, as the catalog has it now. */
export const monitoredState = (catalog: Catalog, settings: HealthSettings, hub: Hub | null): ToMonitor => ({
  type: 'desired',
  consoles: hub?.senders.consoles ?? [],
  clusters: catalog.clusters.map(({ config }) => config),
  health: {
    ...settings.told,
    // What consoles have is known from their reports alone.
    subjects: hub
      ? null
      : [
          'landbridge',
          ...catalog.clusters.map(({ config }) => `cluster/${config.name}`),
          ...catalog.links.map(({ destination, name }) => `link/${destination}/${name}`),
        ],
  },
});

/** Not known on file systems that don't tell. */
const freeSpaceOf = (dir: string): Promise<Record<string, number>> =>
  statfs(dir).then(
    ({ bavail, bsize }) => ({ landbridge_data_dir_free_bytes: bavail * bsize }),
    () => ({}),
  );

/** With its write-ahead log. */
async function sizeOf(file: string): Promise<number> {
  const sizes = await Promise.all(
    [file, `${file}-wal`].map((name) =>
      stat(name).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
