/**
 * The collector: sweeps every registered cluster, each in its own time, and holds the last sweep of each. One that hangs holds up no other.
 * Knows no store and no page: it gets the clusters handed in, and is asked.
 */
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { PartitionHistory, SweepProgress } from '@/lib/contracts/monitoring/cluster-summary';
import type { TopicConfigsView } from '@/lib/contracts/monitoring/topics';
import type { ObservationBuilder } from '@/lib/monitoring/observation';
import type { Log } from '@/server/log';
import { staleAfterIntervals } from './limits';
import { PartitionSeries } from './partition-series';
import { addBroker, addCluster, addEndings, addGroup } from './series';
import type { ClusterSweep } from './sweep';
import { ClusterSweeper } from './sweeper';

export type CollectorOptions = {
  log: Log;
  intervalMs: number;
  /** Over the last hour, for whoever draws a partition; no lag takes them. On unless it is said otherwise. */
  keepsHighWatermarks?: boolean;
};

type Watched = {
  sweeper: ClusterSweeper;
  series: PartitionSeries;
  timer: NodeJS.Timeout | null;
  sweeping: Promise<void> | null;
  /** Of the last sweep (monotonic ms). */
  beganMs: number;
};

export class Collector {
  readonly #log: Log;
  readonly #watched = new Map<string, Watched>();
  readonly #keepsHighWatermarks: boolean;
  #intervalMs: number;
  #started = false;

  constructor({ log, intervalMs, keepsHighWatermarks = true }: CollectorOptions) {
    this.#log = log;
    this.#keepsHighWatermarks = keepsHighWatermarks;
    this.#intervalMs = intervalMs;
  }

  /** Those that are the same go on with their connections and their memory, also with other credentials; the others are let go. */
  setClusters(clusters: readonly ClusterConfig[]): void {
    const wanted = new Map(clusters.map((config) => [config.name, config]));
    for (const [name, watched] of this.#watched) {
      const { config } = watched.sweeper;
      const next = wanted.get(name);
      if (!next || !sameText(next.bootstrapServers, config.bootstrapServers)) this.#letGo(name, watched);
      else if (!sameText(next.security, config.security)) void watched.sweeper.signInWith(next);
    }
    for (const config of clusters) {
      if (this.#watched.has(config.name)) continue;
      const sweeper = new ClusterSweeper(config, this.#log, Date.now, this.#keepsHighWatermarks);
      const watched: Watched = {
        sweeper,
        series: new PartitionSeries(),
        timer: null,
        sweeping: null,
        beganMs: 0,
      };
      this.#watched.set(config.name, watched);
      if (this.#started) this.#sweepSoon(watched, 0);
    }
  }

  setIntervalMs(intervalMs: number): void {
    if (intervalMs === this.#intervalMs) return;
    this.#intervalMs = intervalMs;
    for (const watched of this.#watched.values()) if (watched.timer) this.#sweepNext(watched);
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const watched of this.#watched.values()) this.#sweepSoon(watched, 0);
  }

  async stop(): Promise<void> {
    this.#started = false;
    const sweeping = [...this.#watched.values()].map(({ sweeping: running }) => running);
    for (const [name, watched] of this.#watched) this.#letGo(name, watched);
    await Promise.all(sweeping);
  }

  #letGo(name: string, { sweeper, timer }: Watched): void {
    if (timer) clearTimeout(timer);
    this.#watched.delete(name);
    sweeper.close();
  }

  #sweepSoon(watched: Watched, inMs: number): void {
    if (watched.timer) clearTimeout(watched.timer);
    watched.timer = setTimeout(() => {
      watched.timer = null;
      watched.sweeping = this.#sweep(watched);
    }, inMs);
  }

  #sweepNext(watched: Watched): void {
    this.#sweepSoon(watched, Math.max(0, watched.beganMs + this.#intervalMs - performance.now()));
  }

  /** The next one begins an interval after this has begun, or at once when it has taken longer. */
  async #sweep(watched: Watched): Promise<void> {
    watched.beganMs = performance.now();
    const { name } = watched.sweeper.config;
    try {
      await watched.sweeper.sweep(this.#intervalMs);
    } catch (error) {
      // A closed client ends sweeps under way; anything else is a fault of ours, and the next sweep may be spared it.
      if (this.#watched.get(name) === watched)
        this.#log('error', `A sweep of cluster ${name} has failed`, error);
    }
    watched.sweeping = null;
    if (!this.#started || this.#watched.get(name) !== watched) return;
    this.#sweepNext(watched);
  }

  /** Null before the first sweep has ended. After nobody answered, what was seen before, with its age. */
  sweepOf(cluster: string): ClusterSweep | null {
    return this.#watched.get(cluster)?.sweeper.last ?? null;
  }

  /** Null before the first sweep has ended. @throws KafkaError in words for people */
  async topicConfigs(cluster: string, topic: string): Promise<{ found: TopicConfigsView | null } | null> {
    const sweeper = this.#watched.get(cluster)?.sweeper;
    return sweeper?.last ? { found: await sweeper.topicConfigs(topic) } : null;
  }

  /** Null: the cluster is not watched. */
  progressOf(cluster: string): SweepProgress | null {
    return this.#watched.get(cluster)?.sweeper.progress ?? null;
  }

  /** Offsets of a partition over the last hour, also of those without series. Null: the cluster is not watched. */
  partitionHistory(cluster: string, topic: string, partition: number): PartitionHistory | null {
    const history = this.#watched.get(cluster)?.sweeper.history;
    if (!history) return null;
    const samples = history.of(topic, partition);
    const text = (value: bigint) => (value < 0n ? null : value.toString());
    return {
      ...{ cluster, topic, partition },
      atMs: samples.map(({ atMs }) => atMs),
      start: samples.map(({ start }) => text(start)),
      lastStable: samples.map(({ lastStable }) => text(lastStable)),
      highWatermark: samples.map(({ highWatermark }) => text(highWatermark)),
    };
  }

  /** Adds what is known of every cluster at this moment; of single partitions only where it is asked for. A cluster that is silent tells only that, and what is older than some sweeps is not known. */
  addTo(builder: ObservationBuilder, atMs: number, { partitions } = { partitions: true }): void {
    for (const [name, { sweeper, series }] of this.#watched) {
      const { last, trouble } = sweeper;
      builder.add('landbridge_cluster_sweep_interval_seconds', [name], this.#intervalMs / 1000);
      addEndings(builder, name, sweeper.endings(atMs), atMs);
      if (!last && trouble === null) continue;
      const present =
        last !== null && trouble === null && atMs - last.atMs <= staleAfterIntervals * this.#intervalMs;
      const answers = last?.brokers.some(({ reachable }) => reachable) ?? false;
      builder.add('landbridge_cluster_reachable', [name], trouble === null && answers ? 1 : 0);
      builder.add('landbridge_cluster_sweep_complete', [name], present && last.complete ? 1 : 0);
      if (!last) continue;
      builder.add('landbridge_cluster_sweep_age_seconds', [name], (atMs - last.atMs) / 1000);
      for (const broker of last.brokers) addBroker(builder, name, broker, present);
      if (!present) continue;
      builder.add('landbridge_cluster_sweep_seconds', [name], last.tookMs / 1000);
      addCluster(builder, last, atMs);
      for (const group of last.groups ?? []) addGroup(builder, name, group);
      if (partitions) series.addPartitions(builder, last);
      series.addTopics(builder, last);
      if (last.whole) builder.whole(`cluster/${name}`);
    }
  }
}

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
