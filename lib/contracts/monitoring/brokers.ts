// Brokers and the metadata quorum of a cluster as pages see them, from the last sweep. Null is not known, never 0.
import { z } from 'zod';
import { bigintString, timestampMs } from '../common';
import { ratio, seconds, seen } from './seen';

export const logDirView = z.object({
  path: z.string(),
  /** Size and used space of its volume, by whomever; null before Kafka 3.3. */
  totalBytes: bigintString.nullable(),
  usedBytes: bigintString.nullable(),
  /** Replicas in it. */
  logBytes: bigintString.nullable(),
  replicas: z.int(),
  /** The broker has given it up. */
  offline: z.boolean(),
});
export type LogDirView = z.infer<typeof logDirView>;

/** SERVING · FENCED: registered, and kept out of service by the controller · UNREACHABLE: in service, but does not answer us · MISSING: holds replicas, and the cluster doesn't name it. */
export const brokerState = z.enum(['SERVING', 'FENCED', 'UNREACHABLE', 'MISSING']);
export type BrokerState = z.infer<typeof brokerState>;

export const brokerRow = z.object({
  id: z.int(),
  /** Null of one that is missing. */
  host: z.string().nullable(),
  port: z.int().nullable(),
  rack: z.string().nullable(),
  state: brokerState,
  /** Of what is not SERVING: what was seen. */
  why: z.string().nullable(),
  /** Since when it is so, as seen by us. */
  sinceMs: timestampMs.nullable(),
  latencyMs: z.number().nonnegative().nullable(),
  /** Times that it went or came back since Landbridge watches. */
  stateChanges: z.int(),
  /** "4.1", or "3.1 or newer"; null when it can't be told. */
  kafkaVersion: z.string().nullable(),
  /** In the metadata quorum. */
  quorumRole: z.enum(['LEADER', 'VOTER', 'OBSERVER']).nullable(),
  leaders: z.int(),
  replicas: z.int(),
  outOfSync: z.int(),
  logBytes: bigintString.nullable(),
  /** Of its fullest volume. */
  diskUsedRatio: ratio,
  dirs: z.array(logDirView).nullable(),
  /** When its disks were read, if it did not tell them when it was asked last; null: they are as of this sweep. */
  disksOldSince: timestampMs.nullable(),
  /** Of the certificate that it showed us; null without TLS. */
  certificateExpiresMs: z.number().nullable(),
});
export type BrokerRow = z.infer<typeof brokerRow>;

export const brokersPage = z.object({
  ...seen,
  /** Leaders of the busiest broker ÷ mean of all. */
  leaderSkew: ratio,
  rows: z.array(brokerRow),
});
export type BrokersPage = z.infer<typeof brokersPage>;

export const replicaRef = z.object({ topic: z.string(), partition: z.int() });
export const brokerDetail = z.object({
  ...seen,
  broker: brokerRow,
  /** Replicas that it holds and that are not in sync; the first 500. */
  outOfSync: z.array(replicaRef),
  /** The largest replicas on its disks, by bytes. */
  largest: z.array(replicaRef.extend({ bytes: bigintString })),
  features: z.array(z.object({ name: z.string(), min: z.int(), max: z.int() })).nullable(),
});
export type BrokerDetail = z.infer<typeof brokerDetail>;

export const quorumReplica = z.object({
  id: z.int(),
  /** Differs when a voter came back with an empty disk; null before Kafka 3.9. */
  directoryId: z.string().nullable(),
  logEndOffset: bigintString.nullable(),
  /** Metadata records behind the leader. */
  lag: bigintString.nullable(),
  lastFetchMs: timestampMs.nullable(),
  lastCaughtUpMs: timestampMs.nullable(),
  /** By the leader's clock; 0 for the leader itself. */
  behindSeconds: seconds,
});
export type QuorumReplica = z.infer<typeof quorumReplica>;

export const quorumView = z.object({
  ...seen,
  /** False: the cluster runs with ZooKeeper, or does not tell; `gaps` says which. */
  told: z.boolean(),
  /** Of KRaft, the quorum's leader; of ZooKeeper, the controller. Null: there is none. */
  leader: z.int().nullable(),
  epoch: z.int().nullable(),
  highWatermark: bigintString.nullable(),
  voters: z.array(quorumReplica),
  observers: z.array(quorumReplica),
  /** Voters that may still fail before there is no majority; negative: there is none. */
  headroom: z.int().nullable(),
  /** An even number of voters stands no more failures than one fewer. */
  evenVoters: z.boolean(),
  /** Clock of the quorum's leader − ours. */
  clockOffsetSeconds: seconds,
  fenced: z.array(z.int()),
  features: z.array(
    z.object({
      name: z.string(),
      /** In force; null: not finalized. */
      level: z.int().nullable(),
      /** What all brokers support in common. */
      min: z.int().nullable(),
      max: z.int().nullable(),
    }),
  ),
  /** Of metadata.version, as a release; null when it can't be told. */
  metadataVersion: z.string().nullable(),
});
export type QuorumView = z.infer<typeof quorumView>;
