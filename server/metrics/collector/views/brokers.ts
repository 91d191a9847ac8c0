// The page of brokers, the page of one broker, and the metadata quorum, from the last sweep. Pure.
import type {
  BrokerDetail,
  BrokerRow,
  BrokerState,
  BrokersPage,
  LogDirView,
  QuorumReplica,
  QuorumView,
} from '@/lib/contracts/monitoring/brokers';
import { releaseOf } from '@/server/kafka/kafka-version';
import {
  type BrokerSeen,
  type ClusterSweep,
  inSyncOf,
  known,
  type LogDirSeen,
  partitionNumber,
  type QuorumReplicaSeen,
  replicasOf,
  topicNameOf,
} from '../sweep';
import { finite, seenOf, text } from './rows';

const OUT_OF_SYNC_SHOWN = 500;
const LARGEST_SHOWN = 50;

export function brokersPage(sweep: ClusterSweep): BrokersPage {
  const rows = sweep.brokers.map((broker) => brokerRow(sweep, broker)).sort((a, b) => a.id - b.id);
  return { ...seenOf(sweep), leaderSkew: finite(sweep.totals.leaderSkew), rows };
}

/** @returns null when there is no such broker in the sweep */
export function brokerDetail(sweep: ClusterSweep, id: number): BrokerDetail | null {
  const broker = sweep.brokers.find((one) => one.id === id);
  if (!broker) return null;
  const largest = (broker.disks?.dirs ?? [])
    .flatMap((dir) => dir.largest)
    .sort((a, b) => (a.bytes > b.bytes ? -1 : a.bytes < b.bytes ? 1 : 0))
    .slice(0, LARGEST_SHOWN);
  return {
    ...seenOf(sweep),
    broker: brokerRow(sweep, broker),
    outOfSync: outOfSyncOf(sweep, id),
    largest: largest.map(({ topic, partition, bytes }) => ({ topic, partition, bytes: bytes.toString() })),
    features: broker.features?.map((feature) => ({ ...feature })) ?? null,
  };
}

function outOfSyncOf(sweep: ClusterSweep, id: number): { topic: string; partition: number }[] {
  const found: { topic: string; partition: number }[] = [];
  for (let at = 0; at < sweep.partitions.leader.length && found.length < OUT_OF_SYNC_SHOWN; at++)
    if (replicasOf(sweep, at).includes(id) && !inSyncOf(sweep, at).includes(id))
      found.push({ topic: topicNameOf(sweep, at), partition: partitionNumber(sweep, at) });
  return found;
}

export function stateOf(broker: BrokerSeen): BrokerState {
  if (broker.inService) return broker.reachable ? 'SERVING' : 'UNREACHABLE';
  return broker.fenced ? 'FENCED' : 'MISSING';
}

const stateWords: Record<Exclude<BrokerState, 'UNREACHABLE'>, string | null> = {
  SERVING: null,
  FENCED:
    'It is registered, and the controller keeps it out of service: it is shut down, starting, or sends no heartbeats.',
  MISSING: 'It should hold replicas, and the cluster does not name it.',
};

function brokerRow(sweep: ClusterSweep, broker: BrokerSeen): BrokerRow {
  const state = stateOf(broker);
  const { disks } = broker;
  return {
    id: broker.id,
    host: broker.host,
    port: broker.port,
    rack: broker.rack,
    state,
    why: state === 'UNREACHABLE' ? (broker.trouble ?? 'It does not answer.') : stateWords[state],
    sinceMs: broker.sinceMs,
    latencyMs: broker.latencyMs,
    stateChanges: broker.stateChanges,
    kafkaVersion: broker.kafkaVersion,
    quorumRole: roleOf(sweep, broker.id),
    leaders: broker.leaders,
    replicas: broker.replicas,
    outOfSync: broker.outOfSync,
    logBytes: text(disks ? disks.dirs.reduce((sum, dir) => sum + dir.logBytes, 0n) : null),
    diskUsedRatio: disks && fullest(disks.dirs),
    dirs: disks?.dirs.map(dirView) ?? null,
    disksOldSince: disks && !disks.current ? disks.readMs : null,
    certificateExpiresMs: broker.certificateExpiresMs,
  };
}

function roleOf({ quorum }: ClusterSweep, id: number): BrokerRow['quorumRole'] {
  if (!quorum) return null;
  if (quorum.leader === id) return 'LEADER';
  if (quorum.voters.some((voter) => voter.id === id)) return 'VOTER';
  return quorum.observers.some((observer) => observer.id === id) ? 'OBSERVER' : null;
}

function dirView(dir: LogDirSeen): LogDirView {
  const total = known(dir.totalBytes);
  const usable = known(dir.usableBytes);
  return {
    path: dir.path,
    totalBytes: text(total),
    usedBytes: total === null || usable === null ? null : text(total - usable),
    logBytes: dir.offline ? null : text(dir.logBytes),
    replicas: dir.replicas,
    offline: dir.offline,
  };
}

function fullest(dirs: readonly LogDirSeen[]): number | null {
  let worst: number | null = null;
  for (const { totalBytes, usableBytes } of dirs) {
    if (totalBytes <= 0n || usableBytes < 0n) continue;
    worst = Math.max(worst ?? 0, Number(totalBytes - usableBytes) / Number(totalBytes));
  }
  return worst;
}

export function quorumView(sweep: ClusterSweep): QuorumView {
  const { quorum } = sweep;
  const voters = quorum?.voters ?? [];
  const level = sweep.finalizedFeatures?.find(({ name }) => name === 'metadata.version')?.level ?? null;
  return {
    ...seenOf(sweep),
    told: quorum !== null,
    leader: quorum ? (quorum.leader < 0 ? null : quorum.leader) : sweep.controllerId,
    epoch: quorum?.epoch ?? null,
    highWatermark: text(quorum?.highWatermark),
    voters: voters.map(replicaView),
    observers: (quorum?.observers ?? []).map(replicaView),
    headroom: quorum && headroomOf(quorum.voters),
    evenVoters: voters.length > 0 && voters.length % 2 === 0,
    clockOffsetSeconds: quorum?.clockOffsetMs == null ? null : quorum.clockOffsetMs / 1000,
    fenced: sweep.brokers.filter((broker) => broker.fenced === true).map(({ id }) => id),
    features: featuresOf(sweep),
    metadataVersion: level === null ? null : releaseOf(level),
  };
}

/** A voter that has not been caught up for this long counts as failed. */
const VOTER_GONE_SECONDS = 30;

/** Voters that may still fail before there is no majority; negative when there is none. */
export function headroomOf(voters: readonly QuorumReplicaSeen[]): number | null {
  if (voters.length === 0 || voters.every(({ behindSeconds }) => behindSeconds === null)) return null;
  // Of whom the leader knows nothing has never fetched from it.
  const alive = voters.filter(
    ({ behindSeconds }) => behindSeconds !== null && behindSeconds < VOTER_GONE_SECONDS,
  ).length;
  return alive - (Math.floor(voters.length / 2) + 1);
}

function replicaView(replica: QuorumReplicaSeen): QuorumReplica {
  return {
    id: replica.id,
    directoryId: replica.directoryId,
    logEndOffset: text(known(replica.logEndOffset)),
    lag: text(replica.lag),
    lastFetchMs: replica.lastFetchMs,
    lastCaughtUpMs: replica.lastCaughtUpMs,
    behindSeconds: replica.behindSeconds,
  };
}

function featuresOf(sweep: ClusterSweep): QuorumView['features'] {
  const levels = new Map(sweep.finalizedFeatures?.map(({ name, level }) => [name, level]));
  const told = sweep.brokers.flatMap(({ features }) => (features ? [features] : []));
  const names = new Set([...levels.keys(), ...told.flatMap((features) => features.map(({ name }) => name))]);
  return [...names].sort().map((name) => {
    const ranges = told.flatMap((features) => features.filter((feature) => feature.name === name));
    // One that a broker doesn't name it doesn't support.
    const common = ranges.length > 0 && ranges.length === told.length;
    return {
      name,
      level: levels.get(name) ?? null,
      min: common ? Math.max(...ranges.map(({ min }) => min)) : null,
      max: common ? Math.min(...ranges.map(({ max }) => max)) : null,
    };
  });
}
