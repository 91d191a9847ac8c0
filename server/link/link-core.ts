// What all parts of a running link share: the wish, the topics, both ends, and how things fail. Decides nothing about when.
import type { AclPurpose, HeldAcls } from '@/lib/contracts/acl';
import type { AutoCreateJudgement } from '@/lib/contracts/auto-create';
import type {
  DesiredLink,
  DesiredMirror,
  DestinationWrite,
  FromEngine,
  SourceAdvice,
  StoredGroup,
  ToEngine,
} from '@/lib/contracts/engine';
import type { MirrorError, MirrorLock } from '@/lib/contracts/link';
import type { OperationOutcome } from '@/lib/contracts/operation';
import type { ClusterAdmin } from '@/server/kafka/admin';
import type { KafkaError } from '@/server/kafka/wire/errors';
import type { LinkContext } from './link-context';
import { MirrorTopic } from './mirror-topic';
import type { MirrorPartition } from './partition';

export type MirrorFacts = {
  sourceTopicId?: string | null;
  starts?: Record<string, string>;
  created?: boolean;
  destinationTopicId?: string;
  consistentAt?: number;
  advice?: SourceAdvice;
};

export type VerifiedFacts = Omit<Extract<FromEngine, { type: 'verified' }>, 'type' | 'linkId' | 'topic'>;

/** What the link gets handed in: it knows neither store nor threads. */
export type LinkPorts = {
  /** Resolves when the facts are on disk. */
  persist(topic: string, facts: MirrorFacts): Promise<void>;
  /** What was kept of the link's consumer groups. */
  recallGroups(): Promise<StoredGroup[]>;
  /** Resolves when it is on disk. */
  keepGroups(change: { put: StoredGroup[]; remove: string[] }): Promise<void>;
  /** Resolves when it is on disk. */
  holdAcls(held: HeldAcls[]): Promise<void>;
  /** Keys of ACLs that all links of this engine have added to a cluster for that purpose. */
  aclsHeldOn(clusterId: string, purpose: AclPurpose): ReadonlySet<string>;
  /** The same for every purpose, without what this link has added for that one. */
  aclsHeldElsewhere(clusterId: string, purpose: AclPurpose): ReadonlySet<string>;
  /** Unless only validated, topics that are MATCHED are mirrors in the store when it resolves. @throws Error */
  addMirrors(sourceTopics: string[], validateOnly: boolean): Promise<AutoCreateJudgement[]>;
  /** The mirror on the way back, once it is in the store. @throws Error when the store could not be asked */
  turn(topic: string, operationId: string): Promise<TurnAnswer>;
  /** What another link of this engine knows of a mirror of its own; null while it does not have it. */
  elsewhere(linkId: string, topic: string): MirrorElsewhere | null;
  event(
    topic: string | null,
    partition: number | null,
    from: string | null,
    to: string,
    message: string | null,
  ): void;
  /** To be kept in the store, as advice. */
  verified(topic: string, facts: VerifiedFacts): void;
  /** Something else than records was changed on the destination. */
  wrote(write: DestinationWrite): void;
  /** How far an operation is; where it is to be stored, resolves when it is on disk. */
  operation(report: OperationReport, stored: boolean): Promise<void>;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
};
export type TurnAnswer = Pick<Extract<ToEngine, { type: 'turned' }>, 'back' | 'refused'>;
export type MirrorElsewhere = { topic: MirrorTopic; lock: MirrorLock | null };
export type OperationReport = Omit<Extract<FromEngine, { type: 'operation' }>, 'type' | 'id' | 'linkId'>;

/** Group → partition, and where it stands there, as `markOf` writes it. */
export type GroupPlaces = readonly { group: string; places: readonly (readonly [number, string])[] }[];

export class LinkCore {
  desired: DesiredLink;
  readonly ports: LinkPorts;
  readonly context: LinkContext;
  readonly sourceAdmin: ClusterAdmin;
  readonly destinationAdmin: ClusterAdmin;
  readonly topics = new Map<string, MirrorTopic>();
  /** Topic ids on the destination, by mirror name. */
  readonly destinationIds = new Map<string, string>();
  /** Mirrors that were taken off with something of unknown fate: until then (monotonic ms) it may still be appended to their topics. */
  readonly lateUntilMs = new Map<string, number>();
  /** Last answers of both ends, in monotonic ms. */
  readonly health = {
    sourceTrouble: null as KafkaError | null,
    destinationTrouble: null as KafkaError | null,
    sourceOkMs: performance.now(),
    destinationOkMs: performance.now(),
  };
  /** Why the link has stopped for good: only a new runner takes over. */
  fatal: string | null = null;
  /** What verification failed the partition for, in this run or before: only a sweep takes it back. */
  differs: (partition: MirrorPartition) => { error: MirrorError; message: string } | null = () => null;
  /** Tells the sync of offsets that what groups have committed for a topic counts as its own. */
  groupsStood: (topic: string, by: string, groups: GroupPlaces) => Promise<void> = () => Promise.resolve();
  /** Looks at the locks of all mirrors: in force when it resolves, or known not to be. */
  lockAnew: () => Promise<void> = () => Promise.resolve();
  readonly startedMs = performance.now();
  /** By this engine. A wish that was sent before the store knew must not begin them anew. */
  readonly endedOperations = new Map<string, OperationOutcome>();

  constructor(parts: {
    desired: DesiredLink;
    ports: LinkPorts;
    context: LinkContext;
    sourceAdmin: ClusterAdmin;
    destinationAdmin: ClusterAdmin;
  }) {
    this.desired = parts.desired;
    this.ports = parts.ports;
    this.context = parts.context;
    this.sourceAdmin = parts.sourceAdmin;
    this.destinationAdmin = parts.destinationAdmin;
  }

  get paused(): boolean {
    return this.desired.settings['cluster.link.paused'];
  }

  /** A mirror that is new to this run, with what earlier ones knew of it. */
  take(mirror: DesiredMirror): void {
    this.topics.set(mirror.topic, new MirrorTopic(mirror));
    if (mirror.destinationTopicId) this.destinationIds.set(mirror.topic, mirror.destinationTopicId);
  }

  *partitions(): Generator<MirrorPartition> {
    for (const topic of this.topics.values()) yield* topic.partitions;
  }

  later(work: () => void, ms: number): void {
    const timer = setTimeout(() => {
      if (!this.context.stopping) work();
    }, ms);
    timer.unref();
  }

  /** A compacted mirror that was behind for longer than deletes are kept may have missed some. */
  tombstonesExpired(topic: MirrorTopic, partition: MirrorPartition): boolean {
    if (!topic.mayMissRecords) return false;
    const now = Date.now();
    if (partition.acked >= partition.sourceLastStable) {
      partition.heldAllAt(partition.sourceKnownAt);
      return false;
    }
    if (partition.consistentAt === null) return false;
    const keptMs = topic.deletesKeptSince(partition.consistentAt);
    if (now - partition.consistentAt <= keptMs) return false;
    this.failPartition(
      partition,
      'TOMBSTONES_EXPIRED',
      `${partition.topic} partition ${partition.index} was behind since ${new Date(partition.consistentAt).toISOString()}, longer than the source keeps deletes (delete.retention.ms=${keptMs}): ` +
        'records deleted meanwhile may still stand in the mirror. Re-seed the mirror.',
    );
    return true;
  }

  moveSource(partition: MirrorPartition, leader: number, leaderEpoch: number): void {
    if (leader !== partition.sourceLeader || partition.followed) this.context.stopFetching(partition);
    // A new leader is asked anew: what the one before has named may be behind it, or gone.
    partition.replica.forget();
    partition.sourceLeader = leader;
    partition.sourceLeaderEpoch = leaderEpoch;
    if (leader >= 0) this.context.startFetching(partition);
  }

  /** False until the coordinator has told who was here before. */
  previousStoppedClean(): boolean {
    const { previousEpoch } = this.context.identity;
    return (
      previousEpoch === null || (previousEpoch !== undefined && previousEpoch === this.desired.cleanStopEpoch)
    );
  }

  failPartition(
    partition: MirrorPartition,
    error: Parameters<MirrorPartition['fail']>[0],
    message: string,
  ): void {
    partition.fail(error, message);
    this.partitionFailed(partition);
  }

  partitionFailed(partition: MirrorPartition): void {
    this.context.forgetRecovery(partition);
    this.context.fetchChanged(partition);
    this.ports.event(partition.topic, partition.index, null, 'FAILED', partition.message);
    this.context.log('warn', partition.message ?? 'failed');
    this.context.stateChanged();
  }

  failTopic(topic: MirrorTopic, error: Parameters<MirrorTopic['fail']>[0], message: string): void {
    topic.fail(error, message);
    for (const partition of topic.partitions) {
      this.context.forgetRecovery(partition);
      this.context.fetchChanged(partition);
    }
    this.context.log('warn', message);
    this.context.stateChanged();
  }

  stopForGood(message: string): void {
    if (this.fatal) return;
    this.fatal = message;
    for (const partition of this.partitions()) {
      partition.generation++;
      partition.dropQueue();
      if (partition.mode !== 'FAILED') partition.mode = 'STOPPED';
      this.context.fetchChanged(partition);
    }
    this.context.log('error', message);
    this.context.stateChanged();
  }
}
