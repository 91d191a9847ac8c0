// For tests: a sweep as the collector makes it, of one broker, one topic and one group; and a watch that has seen it.

import { PartitionSeries } from '@/server/metrics/collector/partition-series';
import { addCluster, addGroup } from '@/server/metrics/collector/series';
import type { BrokerSeen, ClusterSweep, GroupSeen } from '@/server/metrics/collector/sweep';
import type { ClusterWatch } from '@/server/monitoring/cluster-watch';
import { noClusters } from '@/server/monitoring/cluster-watch';
import type { Monitor } from '@/server/monitoring/monitor';

export type SweepInput = {
  cluster: string;
  topic?: string;
  group?: string;
  partitions?: number;
  atMs?: number;
};

/** Every partition holds 100 records, of which the group has read 90. */
export function sweepOf({
  cluster,
  topic = 'orders',
  group = 'billing',
  partitions = 2,
  atMs = Date.now(),
}: SweepInput): ClusterSweep {
  const offsets = (value: bigint) => new BigInt64Array(partitions).fill(value);
  const one = Int32Array.from({ length: partitions }, () => 1);
  const from = Int32Array.from({ length: partitions + 1 }, (_, i) => i);
  return {
    ...{
      cluster,
      clusterId: `id-of-${cluster}`,
      atMs,
      tookMs: 12,
      intervalMs: 10_000,
      complete: true,
      whole: true,
      gaps: [],
      partial: new Set<never>(),
    },
    ...{ kafkaVersion: '4.3', controllerId: 1, brokers: [broker(partitions)] },
    topics: {
      names: [topic],
      ids: ['AAAAAAAAAAAAAAAAAAAAAQ'],
      internal: new Uint8Array(1),
      first: Int32Array.from([0, partitions]),
      configs: [null],
      configsReadMs: [null],
      byName: new Map([[topic, 0]]),
    },
    partitions: {
      ...{ topic: new Int32Array(partitions), leader: one, leaderEpoch: new Int32Array(partitions) },
      ...{ start: offsets(0n), lastStable: offsets(100n), highWatermark: offsets(100n) },
      ...{ leaderBytes: offsets(1_000n), replicaBytes: offsets(1_000n) },
      ...{ replicasFrom: from, replicas: one, inSyncFrom: from, inSync: one },
      ...{ messageRate: new Float64Array(partitions), byteRate: new Float64Array(partitions) },
      ...{ isNew: new Uint8Array(partitions), toldMs: new Float64Array(partitions).fill(atMs) },
    },
    groups: [groupSeen(group, partitions)],
    quorum: {
      ...{ leader: 1, epoch: 3, highWatermark: 500n, observers: [], clockOffsetMs: 0 },
      voters: [
        {
          ...{ id: 1, directoryId: null, logEndOffset: 500n, lag: 0n },
          ...{ lastFetchMs: atMs, lastCaughtUpMs: atMs, behindSeconds: 0 },
        },
      ],
    },
    finalizedFeatures: [],
    transactions: [],
    ...{ held: [], heldWhole: true },
    certificates: [],
    totals: {
      ...{ brokers: 1, brokersMissing: 0, offline: 0, underReplicated: 0, untold: 0, underMinIsr: 0 },
      ...{
        atMinIsr: 0,
        singleReplica: 0,
        nonPreferredRatio: 0,
        leaderSkew: 1,
        logBytes: BigInt(1_000 * partitions),
      },
      ...{ bytesIn: 0, messagesIn: 0, uncleanElections: 0, leaderChanges: 0 },
    },
  };
}

/** Has seen what it is given, and asks nobody: of each topic that was seen, one config is known. */
export const watchOf = (
  sweeps: readonly ClusterSweep[],
  addTo: ClusterWatch['addTo'] = noClusters.addTo,
): ClusterWatch => {
  const seen = (cluster: string) => sweeps.find((sweep) => sweep.cluster === cluster) ?? null;
  return {
    ...noClusters,
    sweepOf: seen,
    topicConfigs: async (cluster, topic) => {
      const sweep = seen(cluster);
      if (!sweep) return null;
      const configs = [{ name: 'retention.ms', value: '3600000', source: 'TOPIC' as const }];
      const view = { cluster, topic, readAt: sweep.atMs, configs };
      return { found: sweep.topics.byName.has(topic) ? view : null };
    },
    addTo,
  };
};

/** Sees these sweeps, and tells of them as the collector does. */
export function watchTelling(sweeps: readonly ClusterSweep[]): ClusterWatch {
  const collected = new Map(sweeps.map((sweep) => [sweep, new PartitionSeries()]));
  return watchOf(sweeps, (builder, atMs, { partitions }) => {
    for (const [sweep, series] of collected) {
      addCluster(builder, sweep, atMs);
      for (const group of sweep.groups ?? []) addGroup(builder, sweep.cluster, group);
      if (partitions) series.addPartitions(builder, sweep);
      series.addTopics(builder, sweep);
    }
  });
}

/** One minute after the other, so that what must have been so for a while has. */
export function passMinutes(monitor: Monitor, minutes: number, untilMs = Date.now()): void {
  for (let left = minutes * 6; left >= 0; left--) monitor.tick(untilMs - left * 10_000);
}

const broker = (partitions: number): BrokerSeen => ({
  ...{ id: 1, host: 'kafka-1', port: 9092, rack: null, inService: true, fenced: false, reachable: true },
  ...{ trouble: null, sinceMs: null, latencyMs: 1, stateChanges: 0, kafkaVersion: '4.3', features: [] },
  ...{ certificateExpiresMs: null, leaders: partitions, replicas: partitions, outOfSync: 0 },
  disks: { dirs: [], readMs: 0, current: true },
});

function groupSeen(name: string, partitions: number): GroupSeen {
  return {
    ...{
      name,
      type: 'consumer',
      state: 'Empty',
      coordinator: 1,
      members: [],
      deletedTopics: [],
      watchedSinceMs: 0,
      why: null,
      unknownSinceMs: null,
    },
    commits: {
      at: Int32Array.from({ length: partitions }, (_, i) => i),
      commit: new BigInt64Array(partitions).fill(90n),
      seconds: new Float64Array(partitions).fill(5),
      secondsFrom: new Uint8Array(partitions).fill(1),
      rate: new Float64Array(partitions),
      status: new Uint8Array(partitions),
    },
    totals: {
      ...{
        topics: 1,
        partitions,
        known: partitions,
        lag: BigInt(10 * partitions),
        maxLag: 10n,
        lagBytes: 100n,
      },
      ...{ maxSeconds: 5, commitRate: 0, stalled: 0, fallingBehind: 0, beyondEnd: 0, lost: 0n },
      headroomSeconds: Number.NaN,
    },
  };
}
