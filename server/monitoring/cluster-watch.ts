// What the monitor needs of whoever watches clusters: the collector does it by asking brokers.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { TopicConfigsView } from '@/lib/contracts/monitoring/topics';
import type { ObservationBuilder } from '@/lib/monitoring/observation';
import type { ClusterSweep } from '@/server/metrics/collector/sweep';

export type ClusterWatch = {
  setClusters(clusters: readonly ClusterConfig[]): void;
  setIntervalMs(ms: number): void;
  /** Null: there was no sweep yet, or no such cluster. */
  sweepOf(cluster: string): ClusterSweep | null;
  /** Asks a broker now. Null as above; nothing found: the cluster has no such topic. @throws KafkaError in words for people */
  topicConfigs(cluster: string, topic: string): Promise<{ found: TopicConfigsView | null } | null>;
  /** `partitions`: also numbers of single ones, of those that are worst. */
  addTo(builder: ObservationBuilder, atMs: number, more: { partitions: boolean }): void;
  start(): void;
  stop(): Promise<void>;
};

/** Watches none: on a hub, and in tests of other things. */
export const noClusters: ClusterWatch = {
  setClusters: () => undefined,
  setIntervalMs: () => undefined,
  sweepOf: () => null,
  topicConfigs: async () => null,
  addTo: () => undefined,
  start: () => undefined,
  stop: async () => undefined,
};
