// Tells the data thread what to watch, and once a tick the numbers of links; asks it on behalf of people, of what they may see.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ToMonitor } from '@/lib/contracts/monitoring/thread';
import type { Actor } from '@/server/access/actor';
import { maySee } from '@/server/access/authorise';
import type { EnginePort } from '@/server/engine-port';
import { isLandbridgeError } from '@/server/errors';
import { observationIntervalMs } from '@/server/intervals';
import type { Log } from '@/server/log';
import type { Metrics } from '@/server/metrics/metrics';
import type { MonitorSupervisor } from '@/server/monitoring/monitor-supervisor';
import type { Catalog } from './catalog';
import { linkNumbers } from './link-numbers';
import type { LinkViews } from './link-views';
import { Visible } from './visible';

type Deps = {
  catalog: Catalog;
  metrics: Metrics;
  engine: EnginePort;
  views: LinkViews;
  monitor: MonitorSupervisor;
  dataDir: string;
  log: Log;
};

export class Monitored {
  readonly #deps: Deps;
  #timer: NodeJS.Timeout | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  start(): void {
    const { log } = this.#deps;
    this.#timer = setInterval(() => {
      this.tick().catch((error: unknown) =>
        log('error', 'Numbers of links were not told to monitoring.', error),
      );
    }, observationIntervalMs);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  async tick(): Promise<void> {
    const { catalog, metrics, engine, views, monitor, dataDir } = this.#deps;
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
      landbridge_engine_up: Number(engine.status === 'RUNNING'),
      landbridge_store_bytes: await sizeOf(join(dataDir, 'landbridge.db')),
    };
    monitor.post({ type: 'links', at: nowMs, own, links });
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

/** All that is to be watched, as the catalog has it now. */
export const monitoredState = (catalog: Catalog): ToMonitor => ({
  type: 'desired',
  clusters: catalog.clusters.map(({ config }) => config),
});

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
