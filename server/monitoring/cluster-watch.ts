// What the monitor needs of whoever watches clusters: the collector does it by asking brokers.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { ObservationBuilder } from '@/lib/monitoring/observation';
import type { ClusterSweep } from '@/server/metrics/collector/sweep';

export type ClusterWatch = {
  setClusters(clusters: readonly ClusterConfig[]): void;
  setIntervalMs(ms: number): void;
  /** Null: there was no sweep yet, or no such cluster. */
  sweepOf(cluster: string): ClusterSweep | null;
  addTo(builder: ObservationBuilder, atMs: number): void;
  start(): void;
  stop(): Promise<void>;
};

/** Watches none: on a hub, and in tests of other things. */
export const noClusters: ClusterWatch = {
  setClusters: () => undefined,
  setIntervalMs: () => undefined,
  sweepOf: () => null,
  addTo: () => undefined,
  start: () => undefined,
  stop: async () => undefined,
};
