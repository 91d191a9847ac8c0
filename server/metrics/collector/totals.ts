// Sums of a cluster over its partitions and brokers. No I/O.
import { keepShape } from '@/lib/keep-shape';
import { diskTellers, sumOfRates } from './rate-sums';
import type { BrokerSeen, ClusterTotals, PartitionColumns, TopicColumns } from './sweep';

export type BrokerCounts = { leaders: number; replicas: number; outOfSync: number };

/** By broker, also of those that are not in service. */
export function countsByBroker(p: PartitionColumns): Map<number, BrokerCounts> {
  const counts = new Map<number, BrokerCounts>();
  const of = (id: number) => {
    let count = counts.get(id);
    if (!count) {
      count = { leaders: 0, replicas: 0, outOfSync: 0 };
      counts.set(id, count);
    }
    return count;
  };
  for (let at = 0; at < p.leader.length; at++) {
    if ((p.leader[at] as number) >= 0) of(p.leader[at] as number).leaders++;
    for (let r = p.replicasFrom[at] as number; r < (p.replicasFrom[at + 1] as number); r++)
      of(p.replicas[r] as number).replicas++;
    const [from, to] = [p.inSyncFrom[at] as number, p.inSyncFrom[at + 1] as number];
    if (to - from === (p.replicasFrom[at + 1] as number) - (p.replicasFrom[at] as number)) continue;
    const inSync = p.inSync.subarray(from, to);
    for (let r = p.replicasFrom[at] as number; r < (p.replicasFrom[at + 1] as number); r++)
      if (!inSync.includes(p.replicas[r] as number)) of(p.replicas[r] as number).outOfSync++;
  }
  return counts;
}

export function totalsOf(
  topics: TopicColumns,
  p: PartitionColumns,
  brokers: readonly BrokerSeen[],
  seen: { uncleanElections: number; leaderChanges: number; brokersTold: boolean },
): ClusterTotals {
  const counts = new Counts();
  for (let t = 0; t < topics.names.length; t++)
    counts.add(
      p,
      topics.first[t] as number,
      topics.first[t + 1] as number,
      topics.configs[t]?.minIsr ?? null,
    );
  const inService = brokers.filter((broker) => broker.inService);
  const { brokersTold, ...elections } = seen;
  const all = p.leader.length;
  return {
    brokers: inService.length,
    brokersMissing: brokersTold ? brokers.length - inService.length : null,
    offline: counts.offline,
    underReplicated: counts.underReplicated,
    untold: counts.untold,
    underMinIsr: counts.configsKnown ? counts.underMinIsr : null,
    atMinIsr: counts.configsKnown ? counts.atMinIsr : null,
    singleReplica: brokers.length > 1 ? counts.single : 0,
    nonPreferredRatio: counts.led === 0 ? Number.NaN : counts.nonPreferred / counts.led,
    leaderSkew: skewOf(inService),
    logBytes: logBytesOf(brokers),
    // In a cluster without partitions nothing comes in.
    bytesIn: all === 0 ? 0 : sumOfRates(p, p.byteRate, 0, all, diskTellers(brokers)),
    messagesIn: all === 0 ? 0 : sumOfRates(p, p.messageRate, 0, all),
    ...elections,
  };
}

class Counts {
  offline = 0;
  underReplicated = 0;
  untold = 0;
  underMinIsr = 0;
  atMinIsr = 0;
  single = 0;
  nonPreferred = 0;
  led = 0;
  configsKnown = true;

  /** Of one topic. */
  add(p: PartitionColumns, from: number, to: number, minIsr: number | null): void {
    if (minIsr === null && to > from) this.configsKnown = false;
    for (let at = from; at < to; at++) {
      const leader = p.leader[at] as number;
      const replicas = (p.replicasFrom[at + 1] as number) - (p.replicasFrom[at] as number);
      const inSync = (p.inSyncFrom[at + 1] as number) - (p.inSyncFrom[at] as number);
      if (leader < 0) this.offline++;
      else if (isUntold(p, at)) this.untold++;
      if (inSync < replicas) this.underReplicated++;
      if (replicas === 1) this.single++;
      if (leader >= 0) {
        this.led++;
        if (leader !== p.replicas[p.replicasFrom[at] as number]) this.nonPreferred++;
      }
      if (minIsr === null) continue;
      // Brokers ask for no more than there are replicas.
      const least = Math.min(minIsr, replicas);
      if (inSync < least) this.underMinIsr++;
      else if (inSync === least && replicas > inSync) this.atMinIsr++;
    }
  }
}
keepShape(new Counts());

/** Its leader, if it has one, did not tell where it ends. */
export const isUntold = (p: PartitionColumns, at: number): boolean =>
  (p.leader[at] as number) >= 0 &&
  ((p.highWatermark[at] as bigint) < 0n || (p.lastStable[at] as bigint) < 0n);

function skewOf(brokers: readonly BrokerSeen[]): number {
  const leaders = brokers.map((broker) => broker.leaders);
  const mean = leaders.reduce((sum, n) => sum + n, 0) / leaders.length;
  return mean > 0 ? Math.max(...leaders) / mean : Number.NaN;
}

/** Null as soon as a broker that holds replicas, in service or not, has not told. */
function logBytesOf(brokers: readonly BrokerSeen[]): bigint | null {
  let sum = 0n;
  for (const { disks, inService, replicas } of brokers) {
    if (!inService && replicas === 0) continue;
    if (!disks?.current) return null;
    for (const dir of disks.dirs) sum += dir.logBytes;
  }
  return sum;
}
