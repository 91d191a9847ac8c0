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
    untold: totals.untold,
    groups: groupCount(sweep),
    logBytes: text(totals.logBytes),
    bytesInPerSecond: finite(totals.bytesIn),
    messagesInPerSecond: finite(totals.messagesIn),
    openTransactions: openTransactions(sweep),
    oldestTransactionSeconds: oldest === null ? null : oldest / 1000,
    transactions: [...(sweep.transactions ?? [])]
      .sort((a, b) => (a.startedMs ?? Infinity) - (b.startedMs ?? Infinity))
      .slice(0, TRANSACTIONS_SHOWN),
    heldPartitions: heldPartitions(sweep),
    held: sweep.held.slice(0, HELD_SHOWN).map((held) => ({
      ...held,
      blocked: held.blocked.toString(),
      producerId: text(held.producerId),
    })),
    clockOffsetSeconds: sweep.quorum?.clockOffsetMs == null ? null : sweep.quorum.clockOffsetMs / 1000,
    certificates: sweep.certificates.map((certificate) => ({ ...certificate })),
  };
}

/** Counts of what brokers list, each of its own: null as soon as one did not tell. */
export const groupCount = ({ groups, partial }: ClusterSweep): number | null =>
  groups === null || partial.has('GROUPS') ? null : groups.length;
export const openTransactions = ({ transactions, partial }: ClusterSweep): number | null =>
  transactions === null || partial.has('TRANSACTIONS') ? null : transactions.length;
export const heldPartitions = ({ held, heldWhole }: ClusterSweep): number | null =>
  heldWhole ? held.length : null;

/** Age in ms by the broker's clock, as far as that is known; null: none is open, its start is not told, or an older one may not be. */
export function oldestTransactionMs(sweep: ClusterSweep): number | null {
  const { transactions, atMs, quorum } = sweep;
  if (openTransactions(sweep) === null) return null;
  const starts = (transactions ?? []).flatMap(({ startedMs }) => (startedMs === null ? [] : [startedMs]));
  if (starts.length === 0) return null;
  return Math.max(0, atMs + (quorum?.clockOffsetMs ?? 0) - Math.min(...starts));
}
