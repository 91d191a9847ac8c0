// One cluster in a few numbers, from the last sweep. Pure.
import type { ClusterSummary } from '@/lib/contracts/monitoring/cluster-summary';
import type { ClusterSweep } from '../sweep';
import { finite, seenOf, text } from './rows';

const TRANSACTIONS_SHOWN = 100;
const HELD_SHOWN = 100;

export function clusterSummary(sweep: ClusterSweep): ClusterSummary {
  const { totals, topics } = sweep;
  const oldest = oldestTransactionMs(sweep);
  return {
    ...seenOf(sweep),
    clusterId: sweep.clusterId,
    kafkaVersion: sweep.kafkaVersion,
    reachable: sweep.brokers.some((broker) => broker.reachable),
    brokers: totals.brokers,
    brokersMissing: totals.brokersMissing,
    controllerId: sweep.controllerId,
    topics: topics.names.length,
    partitions: sweep.partitions.leader.length,
    offline: totals.offline,
    underReplicated: totals.underReplicated,
    underMinIsr: totals.underMinIsr,
    atMinIsr: totals.atMinIsr,
    singleReplica: totals.singleReplica,
    nonPreferredRatio: finite(totals.nonPreferredRatio),
    leaderSkew: finite(totals.leaderSkew),
    uncleanElections: totals.uncleanElections,
    leaderChanges: totals.leaderChanges,
    groups: sweep.groups?.length ?? null,
    logBytes: text(totals.logBytes),
    bytesInPerSecond: finite(totals.bytesIn),
    messagesInPerSecond: finite(totals.messagesIn),
    openTransactions: sweep.transactions?.length ?? null,
    oldestTransactionSeconds: oldest === null ? null : oldest / 1000,
    transactions: [...(sweep.transactions ?? [])]
      .sort((a, b) => (a.startedMs ?? Infinity) - (b.startedMs ?? Infinity))
      .slice(0, TRANSACTIONS_SHOWN),
    held: sweep.held.slice(0, HELD_SHOWN).map((held) => ({
      ...held,
      blocked: held.blocked.toString(),
      producerId: text(held.producerId),
    })),
    clockOffsetSeconds: sweep.quorum?.clockOffsetMs == null ? null : sweep.quorum.clockOffsetMs / 1000,
    certificates: sweep.certificates.map((certificate) => ({ ...certificate })),
  };
}

/** Age in ms by the broker's clock, as far as that is known; null: none is open, or its start is not told. */
export function oldestTransactionMs({ transactions, atMs, quorum }: ClusterSweep): number | null {
  const starts = (transactions ?? []).flatMap(({ startedMs }) => (startedMs === null ? [] : [startedMs]));
  if (starts.length === 0) return null;
  return Math.max(0, atMs + (quorum?.clockOffsetMs ?? 0) - Math.min(...starts));
}
