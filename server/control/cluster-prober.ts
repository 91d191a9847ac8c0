// Looks at every registered cluster every 30 s and when it is added. Keeps the last look of each, with its time; pages never wait for it.
import type { ClusterConfig, ClusterProbe } from '@/lib/contracts/cluster';
import type { EnginePort } from '@/server/engine-port';
import { isLandbridgeError } from '@/server/errors';
import { clusterProbeConcurrency, clusterProbeIntervalMs } from '@/server/intervals';
import type { Log } from '@/server/log';
import type { Catalog } from './catalog';

type Entry = { config: string; probe: ClusterProbe };

export class ClusterProber {
  readonly #engine: EnginePort;
  readonly #catalog: Catalog;
  readonly #log: Log;
  readonly #last = new Map<string, Entry>();
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> | null = null;

  constructor(options: { engine: EnginePort; catalog: Catalog; log: Log }) {
    this.#engine = options.engine;
    this.#catalog = options.catalog;
    this.#log = options.log;
  }

  start(): void {
    this.#timer = setInterval(() => this.#startRound(), clusterProbeIntervalMs);
    this.#timer.unref();
    this.#startRound();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  /** Null until the first probe with this very configuration has finished. */
  last(cluster: ClusterConfig): ClusterProbe | null {
    const entry = this.#last.get(cluster.name);
    return entry && entry.config === JSON.stringify(cluster) ? entry.probe : null;
  }

  async probe(cluster: ClusterConfig): Promise<ClusterProbe> {
    const probe = await this.#engine.request({ op: 'probeCluster', cluster });
    // Only what is registered as it was probed is remembered: a test of a form is not.
    const registered = this.#catalog.findCluster(cluster.name);
    const config = JSON.stringify(cluster);
    if (registered && JSON.stringify(registered.config) === config) {
      this.#last.set(cluster.name, { config, probe });
    }
    return probe;
  }

  /** In the background; a failure to ask is not a result and leaves the last probe with its time. */
  probeSoon(cluster: ClusterConfig): void {
    this.#probeQuietly(cluster).catch((error: unknown) => {
      this.#log('error', `Cannot probe cluster ${cluster.name}.`, error);
    });
  }

  #startRound(): void {
    if (this.#round) return;
    this.#round = this.#probeAll()
      .catch((error: unknown) => this.#log('error', 'The round of cluster probes failed.', error))
      .finally(() => {
        this.#round = null;
      });
  }

  async #probeAll(): Promise<void> {
    const names = new Set(this.#catalog.clusters.map((cluster) => cluster.config.name));
    for (const name of this.#last.keys()) if (!names.has(name)) this.#last.delete(name);
    const queue = this.#catalog.clusters.map((cluster) => cluster.config);
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await this.#probeQuietly(next);
    };
    await Promise.all(Array.from({ length: clusterProbeConcurrency }, worker));
  }

  async #probeQuietly(cluster: ClusterConfig): Promise<void> {
    try {
      await this.probe(cluster);
    } catch (error) {
      if (!isLandbridgeError(error)) throw error;
      this.#log('debug', `Cluster ${cluster.name} was not probed: ${error.message}`);
    }
  }
}
