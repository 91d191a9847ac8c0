// Runs one link: connects both ends, keeps its mirrors in the desired state, and ties readers, planner and writers together.
import type { DesiredLink } from '@/lib/contracts/engine';
import type { LinkError, LinkState } from '@/lib/contracts/link';
import { ClusterAdmin } from '@/server/kafka/admin';
import { clientFor } from '@/server/kafka/security';
import type { FetchedPartition } from '@/server/kafka/wire/apis/fetch';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { codecsReady } from '@/server/kafka/wire/compression';
import { ConnectError, ErrorCode, errorName, isRetriableCode, KafkaError } from '@/server/kafka/wire/errors';
import { OldMessageFormat, readBatches } from '@/server/kafka/wire/record-batch';
import type { Slab } from '@/server/kafka/wire/slab';
import { MemoryBudget } from './budget';
import {
  FILLER_IN_FLIGHT,
  FILLER_RECORDS,
  GUARD_MARGIN,
  HALF_CLOSE_WAIT_MS,
  IDENTITY_TOUCH_MS,
  MARKER_GAP_LIMIT,
  MARKERS_TIMEOUT_MS,
  OWNERSHIP_CHECK_MS,
  PRODUCE_TIMEOUT_MS,
  PRODUCER_EXPIRATION_MS,
  RECOVERY_BACKOFF_FIRST_MS,
  RECOVERY_BACKOFF_MAX_MS,
  RETRY_MS,
  SOURCE_SWEEP_MS,
  UNKNOWN_FATE_WAIT_MS,
  WATERMARK_SWEEP_MS,
} from './defaults';
import { fillerBatch } from './filler';
import { LinkIdentity, transactionalIdOf } from './identity';
import { LatencyWindow } from './latency';
import type { LinkContext, Tuning } from './link-context';
import { locate } from './locate';
import { MarkerWriter } from './marker-writer';
import { type LinkCondition, MirrorTopic } from './mirror-topic';
import { MirrorPartition } from './partition';
import { plan } from './plan';
import { recoverOnBroker } from './recovery';
import { SourceReader } from './source-reader';
import { followStarts, sweepMirror, sweepSource, wantedStart } from './sweeps';
import { configValue, isDeleting } from './topic-configs';
import { MirrorRefused, setTopicConfigs, setUpMirror } from './topic-setup';
import { DestinationWriter } from './writer';

export type MirrorFacts = {
  sourceTopicId?: string | null;
  starts?: Record<string, string>;
  created?: boolean;
  consistentAt?: number;
};

/** What the link gets handed in: it knows neither store nor threads. */
export type LinkPorts = {
  /** Resolves when the facts are on disk. */
  persist(topic: string, facts: MirrorFacts): Promise<void>;
  event(
    topic: string | null,
    partition: number | null,
    from: string | null,
    to: string,
    message: string | null,
  ): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
};

export const DEFAULT_TUNING: Tuning = {
  unknownFateWaitMs: UNKNOWN_FATE_WAIT_MS,
  halfCloseWaitMs: HALF_CLOSE_WAIT_MS,
  produceTimeoutMs: PRODUCE_TIMEOUT_MS,
  markersTimeoutMs: MARKERS_TIMEOUT_MS,
  fillerRecords: FILLER_RECORDS,
};

const SET_UPS_AT_ONCE = 8;
const MISSING_LOOKS = 3;
const STALLED_QUEUE_MS = 1_000;

export class LinkRunner {
  readonly id: string;
  desired: DesiredLink;
  readonly topics = new Map<string, MirrorTopic>();
  readonly context: LinkContext;
  state: LinkState = 'UNKNOWN';
  error: LinkError = 'NO_ERROR';
  message: string | null = null;
  since = Date.now();

  readonly #ports: LinkPorts;
  readonly #sourceAdmin: ClusterAdmin;
  readonly #destinationAdmin: ClusterAdmin;
  readonly #readers = new Map<number, SourceReader>();
  readonly #writers = new Map<number, DestinationWriter>();
  readonly #markers = new Map<number, MarkerWriter>();
  readonly #recovering = new Set<MirrorPartition>();
  readonly #destinationIds = new Map<string, string>();
  #recoveryRunning = false;
  #recoveryTimer: NodeJS.Timeout | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  #metadataRunning = false;
  #metadataWanted = false;
  #metadataAtMs = 0;
  #metadataTimer: NodeJS.Timeout | null = null;
  #sourceOkMs = performance.now();
  #destinationOkMs = performance.now();
  #sourceTrouble: KafkaError | null = null;
  #destinationTrouble: KafkaError | null = null;
  #fatal: string | null = null;
  #settingUp = 0;
  #guardLearnt = false;
  readonly #startedMs = performance.now();
  #sweeping = false;
  #sweepingSource = false;

  constructor(desired: DesiredLink, ports: LinkPorts, tuning: Partial<Tuning> = {}) {
    this.id = desired.id;
    this.desired = desired;
    this.#ports = ports;
    const clientId = `landbridge-${desired.name}`;
    const source = clientFor(desired.source, clientId);
    const destination = clientFor(desired.destination, clientId);
    this.#sourceAdmin = new ClusterAdmin(desired.source, clientId);
    this.#destinationAdmin = new ClusterAdmin(desired.destination, clientId);
    const transactionalId = transactionalIdOf(
      desired.sourceClusterId,
      desired.destinationClusterId,
      desired.name,
    );
    this.context = {
      linkId: desired.id,
      linkName: desired.name,
      source,
      destination,
      budget: new MemoryBudget(desired.settings['link.memory.bytes']),
      identity: new LinkIdentity(destination, transactionalId),
      latency: new LatencyWindow(),
      tuning: { ...DEFAULT_TUNING, ...tuning },
      settings: desired.settings,
      guardMs: PRODUCER_EXPIRATION_MS * GUARD_MARGIN,
      throttleUntilMs: 0,
      stopping: false,
      recover: (partition, why, settled) => this.#recover(partition, why, settled),
      fetchChanged: (partition) => this.#fetchChanged(partition),
      writable: (partition) => this.#writable(partition),
      refreshMetadata: () => this.#wantMetadata(),
      standDown: (error) => this.#standDown(error),
      failed: (partition) => this.#partitionFailed(partition),
      log: (level, message) => ports.log(level, `${desired.name}: ${message}`),
    };
  }

  start(): void {
    for (const mirror of this.desired.mirrors) this.topics.set(mirror.topic, new MirrorTopic(mirror));
    void codecsReady().then(() => this.#wantMetadata());
    const every = (ms: number, work: () => void) => this.#timers.push(setInterval(work, ms));
    const settings = this.context.settings;
    every(Math.min(settings['metadata.max.age.ms'], settings['availability.check.ms']), () =>
      this.#wantMetadata(),
    );
    every(WATERMARK_SWEEP_MS, () => void this.#sweepDestination());
    every(SOURCE_SWEEP_MS, () => void this.#sweepSource());
    every(OWNERSHIP_CHECK_MS, () => this.#checkOwnership());
    every(IDENTITY_TOUCH_MS, () => void this.context.identity.raise(performance.now()).catch(() => {}));
    every(500, () => this.#relieveMemory());
    every(1_000, () => this.#updateStates());
  }

  // --- desired state ---

  /** Takes over a changed wish. A change of clusters needs a new runner. */
  update(desired: DesiredLink): void {
    const paused = desired.settings['cluster.link.paused'];
    // How the engine before this one stopped is told once, with the first wish.
    this.desired = { ...desired, cleanStopEpoch: this.desired.cleanStopEpoch };
    this.context.settings = desired.settings;
    this.context.budget.setLimit(desired.settings['link.memory.bytes']);
    const wanted = new Map(desired.mirrors.map((m) => [m.topic, m]));
    for (const [name, topic] of this.topics) {
      if (!wanted.has(name)) this.#forget(topic);
    }
    for (const mirror of desired.mirrors) {
      const topic = this.topics.get(mirror.topic);
      if (!topic) this.topics.set(mirror.topic, new MirrorTopic(mirror));
      else {
        // The store may not have heard yet what was learnt here.
        const { starts, created, consistentAt } = topic.desired;
        topic.desired = {
          ...mirror,
          starts: starts ?? mirror.starts,
          created: created || mirror.created,
          consistentAt: consistentAt ?? mirror.consistentAt,
        };
        this.#applyPause(topic, paused || mirror.paused);
      }
    }
    this.#wantMetadata();
    this.#updateStates();
  }

  #applyPause(topic: MirrorTopic, paused: boolean): void {
    for (const partition of topic.partitions) {
      if (paused && (partition.mode === 'RUNNING' || partition.mode === 'HEAD')) {
        // What is in flight settles; the rest is fetched again.
        partition.dropQueue();
        partition.mode = 'STOPPED';
        this.#fetchChanged(partition);
      } else if (!paused && partition.mode === 'STOPPED') this.#recover(partition, 'resumed');
    }
  }

  #forget(topic: MirrorTopic): void {
    this.topics.delete(topic.name);
    for (const partition of topic.partitions) {
      partition.generation++;
      partition.dropQueue();
      partition.mode = 'STOPPED';
      this.#detach(partition);
    }
  }

  #detach(partition: MirrorPartition): void {
    this.#readers.get(partition.sourceLeader)?.remove(partition);
    this.#writers.get(partition.mirrorLeader)?.remove(partition);
    this.#markers.get(partition.mirrorLeader)?.remove(partition);
    this.#recovering.delete(partition);
  }

  /** Stopped for good: only a new runner takes over. */
  get fatal(): boolean {
    return this.#fatal !== null;
  }

  get paused(): boolean {
    return this.desired.settings['cluster.link.paused'];
  }

  // --- metadata ---

  #wantMetadata(): void {
    if (this.context.stopping || this.#fatal) return;
    this.#metadataWanted = true;
    if (this.#metadataRunning || this.#metadataTimer) return;
    const wait = Math.max(0, this.#metadataAtMs + 100 - performance.now());
    this.#metadataTimer = setTimeout(() => {
      this.#metadataTimer = null;
      this.#metadataWanted = false;
      this.#metadataRunning = true;
      void this.#readMetadata().finally(() => {
        this.#metadataRunning = false;
        this.#metadataAtMs = performance.now();
        if (this.#metadataWanted) this.#wantMetadata();
      });
    }, wait);
  }

  async #readMetadata(): Promise<void> {
    const topics = [...this.topics.values()];
    const [source, destination] = await Promise.all([
      this.#topicsOf(
        this.context.source,
        [...new Set(topics.map((t) => t.desired.sourceTopic))],
        this.desired.sourceClusterId,
      ),
      this.#topicsOf(
        this.context.destination,
        topics.filter((t) => t.phase === 'READY').map((t) => t.name),
        this.desired.destinationClusterId,
      ),
    ]);
    if (source instanceof KafkaError) this.#sourceTrouble = source;
    else {
      this.#sourceTrouble = null;
      this.#sourceOkMs = performance.now();
    }
    if (destination instanceof KafkaError) this.#destinationTrouble = destination;
    else {
      this.#destinationTrouble = null;
      this.#destinationOkMs = performance.now();
    }
    if (this.context.stopping || this.#fatal) return;
    if (!(destination instanceof KafkaError))
      for (const topic of topics) this.#destinationMetadata(topic, destination.get(topic.name));
    if (!(source instanceof KafkaError))
      for (const topic of topics) this.#sourceMetadata(topic, source.get(topic.desired.sourceTopic));
    this.#updateStates();
  }

  async #topicsOf(
    client: ClusterClient,
    names: string[],
    clusterId: string,
  ): Promise<Map<string, TopicMetadata> | KafkaError> {
    try {
      const { topics } = await client.metadata(names);
      if (client.clusterId !== null && client.clusterId !== clusterId) {
        this.#stopForGood(
          `${client.name} now is cluster ${client.clusterId}; the link was created for ${clusterId}. Check the bootstrap servers.`,
        );
      }
      return new Map(
        topics.map((t) => [
          t.name,
          { ...t, partitions: [...t.partitions].sort((a, b) => a.partition - b.partition) },
        ]),
      );
    } catch (error) {
      if (error instanceof KafkaError) return error;
      throw error;
    }
  }

  #sourceMetadata(topic: MirrorTopic, found: TopicMetadata | undefined): void {
    if (topic.phase === 'FAILED' || !this.topics.has(topic.name)) return;
    const name = topic.desired.sourceTopic;
    if (!found || found.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
      topic.missingLooks++;
      topic.message = `The source topic ${name} doesn't exist on ${this.desired.source.name}.`;
      if (topic.phase === 'READY' && topic.missingLooks >= MISSING_LOOKS) {
        this.#failTopic(
          topic,
          'SOURCE_TOPIC_MAY_BE_DELETED',
          `The source topic ${name} is gone from ${this.desired.source.name} (${topic.missingLooks} looks in a row). The mirror stays as it is. Delete the mirror to keep it as an ordinary topic.`,
        );
      } else this.#later(() => this.#wantMetadata(), 1_000);
      return;
    }
    if (found.errorCode !== 0) {
      topic.message = `The source topic ${name} can't be read: ${errorName(found.errorCode)}.`;
      return;
    }
    topic.missingLooks = 0;
    if (topic.sourceTopicId !== null && topic.sourceTopicId !== found.topicId) {
      this.#failTopic(
        topic,
        'SOURCE_TOPIC_ID_CHANGED',
        `The source topic ${name} was deleted and created again on ${this.desired.source.name} (id ${topic.sourceTopicId} → ${found.topicId}): its offsets begin anew. Delete this mirror and its topic, then mirror it again.`,
      );
      return;
    }
    if (topic.phase === 'NEW') {
      // A paused link touches nothing that isn't there yet.
      if ((this.paused || topic.desired.paused) && !topic.desired.created) return;
      void this.#setUp(topic, found);
      return;
    }
    if (found.partitions.length < topic.partitions.length) {
      this.#failTopic(
        topic,
        'SOURCE_PARTITIONS_DECREASED',
        `The source topic ${name} has ${found.partitions.length} partitions, the mirror ${topic.partitions.length}.`,
      );
      return;
    }
    for (const meta of found.partitions) {
      const partition = topic.partitions[meta.partition];
      if (!partition) continue;
      if (meta.leader !== partition.sourceLeader || meta.leaderEpoch !== partition.sourceLeaderEpoch)
        this.#moveSource(partition, meta.leader, meta.leaderEpoch);
    }
    if (found.partitions.length > topic.partitions.length && !topic.growing) {
      topic.growing = true;
      void this.#setUp(topic, found).finally(() => {
        topic.growing = false;
      });
    }
  }

  #moveSource(partition: MirrorPartition, leader: number, leaderEpoch: number): void {
    if (leader !== partition.sourceLeader) this.#readers.get(partition.sourceLeader)?.remove(partition);
    partition.sourceLeader = leader;
    partition.sourceLeaderEpoch = leaderEpoch;
    if (leader >= 0) this.#reader(leader).add(partition);
  }

  #destinationMetadata(topic: MirrorTopic, found: TopicMetadata | undefined): void {
    if (topic.phase !== 'READY') return;
    if (!found || found.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
      if (++topic.missingLooks >= MISSING_LOOKS) {
        this.#failTopic(
          topic,
          'ILLEGAL_STATE',
          `The mirror topic ${topic.name} was deleted on ${this.desired.destination.name}. Delete the mirror, or delete and create it again to copy anew.`,
        );
      } else this.#later(() => this.#wantMetadata(), 1_000);
      return;
    }
    if (found.errorCode !== 0) return;
    this.#destinationIds.set(topic.name, found.topicId);
    for (const meta of found.partitions) {
      const partition = topic.partitions[meta.partition];
      if (!partition) continue;
      const moved = meta.leader !== partition.mirrorLeader;
      if (!moved && meta.leaderEpoch <= partition.mirrorLeaderEpoch) continue;
      if (moved) {
        this.#writers.get(partition.mirrorLeader)?.remove(partition);
        this.#markers.get(partition.mirrorLeader)?.remove(partition);
      }
      const known = partition.mirrorLeader >= 0;
      partition.mirrorLeader = meta.leader;
      partition.mirrorLeaderEpoch = Math.max(partition.mirrorLeaderEpoch, meta.leaderEpoch);
      if (known && (partition.mode === 'RUNNING' || partition.mode === 'HEAD'))
        this.#recover(partition, 'the leader of the mirror changed');
    }
  }

  // --- bringing mirrors up ---

  async #setUp(topic: MirrorTopic, sourceTopic: TopicMetadata): Promise<void> {
    if (
      topic.setUpRunning ||
      this.#settingUp >= SET_UPS_AT_ONCE ||
      performance.now() < topic.setUpNotBeforeMs
    ) {
      this.#later(() => this.#wantMetadata(), 100);
      return;
    }
    topic.setUpRunning = true;
    this.#settingUp++;
    try {
      const sides = {
        source: this.context.source,
        destination: this.context.destination,
        sourceAdmin: this.#sourceAdmin,
        destinationAdmin: this.#destinationAdmin,
      };
      const facts = await setUpMirror(sides, topic.desired, sourceTopic, this.context.settings);
      const starts = facts.starts ?? topic.desired.starts ?? {};
      const stored: MirrorFacts = {
        sourceTopicId: sourceTopic.topicId,
        created: true,
        ...(facts.starts ? { starts: facts.starts } : {}),
      };
      if (topic.desired.consistentAt === null) {
        topic.desired = { ...topic.desired, consistentAt: Date.now() };
        stored.consistentAt = topic.desired.consistentAt ?? Date.now();
      }
      await this.#ports.persist(topic.name, stored);
      if (this.context.stopping || !this.topics.has(topic.name)) return;
      topic.desired = { ...topic.desired, created: true, starts };
      topic.sourceTopicId = sourceTopic.topicId;
      topic.sourcePolicy = configValue(facts.sourceConfigs, 'cleanup.policy') ?? 'delete';
      topic.deleteRetentionMs = Number(configValue(facts.sourceConfigs, 'delete.retention.ms') ?? 86_400_000);
      topic.message = null;
      topic.setUpFailures = 0;
      await this.#learnGuard();
      this.#destinationIds.set(topic.name, facts.destinationTopic.topicId);
      this.#addPartitions(topic, sourceTopic, facts.destinationTopic);
      topic.phase = 'READY';
    } catch (error) {
      if (this.context.stopping) return;
      if (error instanceof MirrorRefused) this.#failTopic(topic, error.code, error.message);
      else {
        topic.setUpFailures++;
        topic.setUpNotBeforeMs = performance.now() + Math.min(RETRY_MS, 200 * 2 ** topic.setUpFailures);
        topic.message = `Not set up yet: ${(error as Error).message}. Tried again by itself.`;
        this.context.log(
          error instanceof KafkaError ? 'info' : 'error',
          `setting up ${topic.name}: ${error instanceof KafkaError ? error.message : (error as Error).stack}`,
        );
      }
    } finally {
      this.#settingUp--;
      topic.setUpRunning = false;
      if (topic.phase === 'NEW') this.#later(() => this.#wantMetadata(), 200);
      this.#updateStates();
    }
  }

  /** How long the destination's brokers remember a producer; read once. */
  async #learnGuard(): Promise<void> {
    const broker = this.context.destination.brokers[0];
    if (!broker || this.#guardLearnt) return;
    this.#guardLearnt = true;
    try {
      const value = await this.#destinationAdmin.brokerConfig(broker.id, 'producer.id.expiration.ms');
      if (value !== null) this.context.guardMs = Number(value) * GUARD_MARGIN;
    } catch (error) {
      this.context.log(
        'info',
        `producer.id.expiration.ms can't be read (${(error as Error).message}); a day is assumed`,
      );
    }
  }

  #addPartitions(topic: MirrorTopic, source: TopicMetadata, destination: TopicMetadata): void {
    for (const meta of source.partitions) {
      if (topic.partitions[meta.partition]) continue;
      const partition = new MirrorPartition({
        linkId: this.id,
        topic: topic.name,
        sourceTopic: topic.desired.sourceTopic,
        sourceTopicId: source.topicId,
        index: meta.partition,
      });
      const there = destination.partitions[meta.partition];
      partition.start = BigInt(topic.desired.starts?.[String(meta.partition)] ?? '0');
      partition.mirrorLeader = there?.leader ?? -1;
      partition.mirrorLeaderEpoch = there?.leaderEpoch ?? -1;
      partition.consistentAt = topic.desired.consistentAt;
      // Whatever an earlier engine sent may still arrive, unless it stopped in order and nobody was here since.
      partition.unsafeUntilMs = this.#previousStoppedClean()
        ? 0
        : this.#startedMs + this.context.tuning.unknownFateWaitMs;
      topic.partitions[meta.partition] = partition;
      this.#moveSource(partition, meta.leader, meta.leaderEpoch);
      // A paused link does not raise the epoch: another engine may be at work.
      if (this.paused || topic.desired.paused) partition.mode = 'STOPPED';
      else this.#recover(partition, 'start');
    }
  }

  /** False until the coordinator has told who was here before. */
  #previousStoppedClean(): boolean {
    const { previousEpoch } = this.context.identity;
    return (
      previousEpoch === null || (previousEpoch !== undefined && previousEpoch === this.desired.cleanStopEpoch)
    );
  }

  // --- recovery ---

  #recover(partition: MirrorPartition, why: string, settled?: Promise<boolean>): void {
    if (
      this.context.stopping ||
      this.#fatal ||
      partition.mode === 'FAILED' ||
      !this.topics.has(partition.topic)
    )
      return;
    const retrying = partition.mode === 'RETRYING';
    if (partition.mode !== 'RECOVERING') {
      const message = partition.message;
      partition.beginRecovery();
      partition.since = Date.now();
      partition.message = retrying ? message : null;
      if (retrying) partition.mode = 'RETRYING';
      if (why !== 'start' && why !== 'resumed') this.context.log('debug', `${partition.name}: ${why}`);
    }
    if (settled) {
      const before = partition.settled;
      partition.settled = before ? Promise.all([before, settled]).then(([a, b]) => a && b) : settled;
    }
    this.#fetchChanged(partition);
    this.#recovering.add(partition);
    this.#wakeRecovery(0);
  }

  #wakeRecovery(ms: number): void {
    if (this.#recoveryRunning || this.context.stopping) return;
    if (this.#recoveryTimer) clearTimeout(this.#recoveryTimer);
    this.#recoveryTimer = setTimeout(() => {
      this.#recoveryTimer = null;
      this.#recoveryRunning = true;
      void this.#recoverRound().finally(() => {
        this.#recoveryRunning = false;
        if (this.#recovering.size > 0) this.#wakeRecovery(20);
      });
    }, ms);
  }

  async #recoverRound(): Promise<void> {
    const now = performance.now();
    const byBroker = new Map<number, MirrorPartition[]>();
    for (const partition of this.#recovering) {
      if (partition.mode === 'FAILED') this.#recovering.delete(partition);
      else if (
        partition.outstanding === 0 &&
        now >= partition.recoverNotBeforeMs &&
        partition.mirrorLeader >= 0
      ) {
        const group = byBroker.get(partition.mirrorLeader);
        if (group) group.push(partition);
        else byBroker.set(partition.mirrorLeader, [partition]);
      } else if (partition.mirrorLeader < 0) this.#wantMetadata();
    }
    await Promise.all([...byBroker].map(([brokerId, group]) => this.#recoverGroup(brokerId, group)));
  }

  async #recoverGroup(brokerId: number, group: MirrorPartition[]): Promise<void> {
    const ready: MirrorPartition[] = [];
    await Promise.all(
      group.map(async (partition) => {
        const settled = partition.settled;
        if (settled) {
          const closed = await settled;
          partition.settled = null;
          if (!closed)
            partition.unsafeUntilMs = Math.max(
              partition.unsafeUntilMs,
              performance.now() + this.context.tuning.unknownFateWaitMs,
            );
        }
        if (partition.mode === 'RETRYING') partition.mode = 'RECOVERING';
        ready.push(partition);
      }),
    );
    try {
      const firstRaise = this.context.identity.epoch < 0;
      const { recovered, failed } = await recoverOnBroker(this.context, brokerId, ready);
      if (firstRaise && this.#previousStoppedClean())
        for (const p of this.#allPartitions()) if (p.generation <= 1) p.unsafeUntilMs = 0;
      for (const [partition, why] of failed) this.#recoverLater(partition, why);
      for (const partition of recovered) {
        this.#recovering.delete(partition);
        void this.#goOn(partition);
      }
      if (failed.size > 0) this.#wantMetadata();
    } catch (error) {
      if (this.context.identity.superseded) {
        this.#standDown(error as Error);
        return;
      }
      // Nobody listens at the broker's address: its process is gone, and with it what it had queued.
      if (
        error instanceof ConnectError &&
        (error.cause as { code?: string } | undefined)?.code === 'ECONNREFUSED'
      )
        for (const p of ready) p.unsafeUntilMs = 0;
      for (const partition of ready) this.#recoverLater(partition, (error as Error).message);
      this.#wantMetadata();
      if (!(error instanceof KafkaError)) this.context.log('error', `recovery: ${(error as Error).stack}`);
    }
  }

  #recoverLater(partition: MirrorPartition, why: string): void {
    partition.recoveryFailures++;
    const ceiling = Math.min(
      RECOVERY_BACKOFF_MAX_MS,
      RECOVERY_BACKOFF_FIRST_MS * 2 ** Math.min(partition.recoveryFailures - 1, 6),
    );
    partition.recoverNotBeforeMs = performance.now() + ceiling * (0.5 + Math.random() / 2);
    partition.message = `Waiting to go on with ${partition.topic} partition ${partition.index} at ${this.context.destination.where(partition.mirrorLeader)}: ${why}.`;
    this.#recovering.add(partition);
  }

  /** The partition knows where its mirror stands; now against the source. */
  async #goOn(partition: MirrorPartition): Promise<void> {
    const topic = this.topics.get(partition.topic);
    if (!topic || partition.mode !== 'RECOVERING') return;
    const { generation } = partition;
    partition.mode = 'LOCATING';
    try {
      const located = await locate(
        this.context,
        partition,
        this.#destinationIds.get(topic.name) ?? '',
        topic.compacted ?? false,
      );
      if (partition.generation !== generation || this.context.stopping) return;
      switch (located.kind) {
        case 'UNKNOWN':
          partition.mode = 'RECOVERING';
          this.#wantMetadata();
          this.#recoverLater(partition, located.message);
          return;
        case 'TRUNCATED':
          // Asked twice: a new leader's high watermark may trail for a moment.
          if (++partition.divergenceSeen < 3) {
            partition.mode = 'RECOVERING';
            this.#recoverLater(partition, located.message);
          } else
            this.#failPartition(
              partition,
              'UNEXPECTED_TRUNCATION',
              `${partition.topic} partition ${partition.index}: ${located.message}. Mirroring of this partition has stopped; the mirror keeps what it has.`,
            );
          return;
      }
      partition.divergenceSeen = 0;
      partition.message = null;
      partition.sourceSeen(
        located.ends.start,
        located.ends.lastStable,
        located.ends.highWatermark,
        Date.now(),
      );
      if (this.#tombstonesExpired(topic, partition)) return;
      if (this.paused || topic.desired.paused) {
        partition.headDone ||= located.kind === 'RUN';
        partition.mode = 'STOPPED';
        return;
      }
      if (located.kind === 'RANGE_LOST') await this.#rangeLost(topic, partition, located.to);
      else if (located.kind === 'HEAD')
        await this.#beginHead(topic, partition, located.target, located.start);
      else this.#run(partition);
    } catch (error) {
      if (partition.generation !== generation || this.context.stopping) return;
      partition.mode = 'RECOVERING';
      this.#recoverLater(partition, (error as Error).message);
      this.#wantMetadata();
      this.#wakeRecovery(100);
      if (!(error instanceof KafkaError))
        this.context.log('error', `locating ${partition.name}: ${(error as Error).stack}`);
    }
    this.#wakeRecovery(20);
  }

  #run(partition: MirrorPartition): void {
    if (!partition.headDone) {
      partition.headDone = true;
      partition.since = Date.now();
    }
    partition.mode = 'RUNNING';
    partition.fetchOffset =
      partition.planned > partition.sourceStart ? partition.planned : partition.sourceStart;
    this.#fetchChanged(partition);
    this.#writable(partition);
    this.#updateStates();
  }

  async #beginHead(
    topic: MirrorTopic,
    partition: MirrorPartition,
    target: bigint,
    start: bigint,
  ): Promise<void> {
    const { generation } = partition;
    if (start !== partition.start) {
      const starts = { ...topic.desired.starts, [String(partition.index)]: String(start) };
      topic.desired = { ...topic.desired, starts };
      await this.#ports.persist(topic.name, { starts });
      partition.start = start;
    }
    if (!isDeleting(topic.sourcePolicy)) await this.#makeDeletable(topic);
    if (partition.generation !== generation || this.context.stopping) return;
    partition.headTarget = target;
    if (partition.acked >= target) {
      this.#run(partition);
      return;
    }
    partition.mode = 'HEAD';
    this.#feedHead(partition);
    this.#updateStates();
  }

  #feedHead(partition: MirrorPartition): void {
    if (partition.acked >= partition.headTarget && partition.queueLength === 0) {
      this.#run(partition);
      return;
    }
    const size = BigInt(this.context.tuning.fillerRecords);
    while (
      partition.planned < partition.headTarget &&
      partition.queueLength + partition.outstanding < FILLER_IN_FLIGHT
    ) {
      const left = partition.headTarget - partition.planned;
      const count = Number(left < size ? left : size);
      const { bytes, maxTimestamp } = fillerBatch(count, Date.now());
      partition.enqueue({
        kind: 'append',
        baseOffset: partition.planned,
        count,
        bytes,
        maxTimestamp,
        copies: 0,
        slab: null,
        head: true,
      });
      partition.planned += BigInt(count);
    }
    if (partition.queueLength > 0) this.#writer(partition.mirrorLeader).add(partition);
  }

  /** DeleteRecords needs `delete` in cleanup.policy; with both retentions at −1 nothing else is deleted by it. */
  async #makeDeletable(topic: MirrorTopic): Promise<void> {
    if (topic.deletable) return;
    await setTopicConfigs(this.context.destination, topic.name, {
      'cleanup.policy': 'compact,delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
    });
    topic.deletable = true;
  }

  async #rangeLost(topic: MirrorTopic, partition: MirrorPartition, to: bigint): Promise<void> {
    const lost = `${partition.acked} to ${to - 1n} of ${partition.sourceTopic} partition ${partition.index}`;
    if (this.context.settings['source.range.lost'] === 'stop') {
      this.#failPartition(
        partition,
        'SOURCE_RANGE_LOST',
        `The source deleted offsets ${lost} before they were mirrored. Set source.range.lost=follow to go on behind them, or recreate the mirror.`,
      );
      return;
    }
    this.#ports.event(
      topic.name,
      partition.index,
      null,
      'SOURCE_RANGE_LOST',
      `The source deleted offsets ${lost} before they were mirrored; the mirror goes on behind them and begins at ${to}.`,
    );
    this.context.log('warn', `source range lost: offsets ${lost}`);
    if (to - partition.acked > MARKER_GAP_LIMIT) {
      await this.#beginHead(topic, partition, to, partition.start);
      return;
    }
    partition.enqueue({ kind: 'fill', baseOffset: partition.acked, count: to - partition.acked });
    partition.planned = to;
    this.#run(partition);
  }

  /** A compacted mirror that was behind for longer than deletes are kept may have missed some. */
  #tombstonesExpired(topic: MirrorTopic, partition: MirrorPartition): boolean {
    if (!topic.compacted) return false;
    const now = Date.now();
    if (partition.acked >= partition.sourceLastStable) {
      partition.consistentAt = now;
      return false;
    }
    if (partition.consistentAt === null || now - partition.consistentAt <= topic.deleteRetentionMs)
      return false;
    this.#failPartition(
      partition,
      'TOMBSTONES_EXPIRED',
      `${partition.topic} partition ${partition.index} was behind since ${new Date(partition.consistentAt).toISOString()}, longer than the source keeps deletes (delete.retention.ms=${topic.deleteRetentionMs}): ` +
        'records deleted meanwhile may still stand in the mirror. Delete the mirror and its topic and mirror it again.',
    );
    return true;
  }

  // --- fetched records ---

  #fetched(partition: MirrorPartition, fetched: FetchedPartition, slab: Slab | null): void {
    if (partition.mode !== 'RUNNING') return;
    if (fetched.errorCode !== 0) {
      this.#sourceError(partition, fetched.errorCode);
      return;
    }
    if (fetched.divergingEndOffset !== null) {
      this.#recover(
        partition,
        `the source's log has parted from what was fetched at ${fetched.divergingEndOffset}`,
      );
      partition.tailChecked = false;
      return;
    }
    partition.sourceSeen(fetched.logStartOffset, fetched.lastStableOffset, fetched.highWatermark, Date.now());
    if (fetched.records.length === 0) return;
    try {
      this.#planned(partition, fetched, slab);
    } catch (error) {
      const where = `${partition.sourceTopic} partition ${partition.index}`;
      if (error instanceof OldMessageFormat) {
        this.#failPartition(
          partition,
          'UNSUPPORTED_MESSAGE_FORMAT',
          `${where}: ${error.message}. Landbridge carries v2 only; rewrite the topic with message.format.version 0.11 or newer, or start behind these records.`,
        );
      } else {
        this.#failPartition(
          partition,
          'ILLEGAL_STATE',
          `${where} near offset ${partition.planned}: ${(error as Error).message}.`,
        );
      }
    }
  }

  #planned(partition: MirrorPartition, fetched: FetchedPartition, slab: Slab | null): void {
    const batches = readBatches(fetched.records);
    const last = batches.at(-1);
    // Less than one whole batch: the broker gives it whole when the partition comes first in an answer.
    if (!last) return;
    partition.lastFetchedAt = performance.now();
    const { steps, cursor } = plan(
      partition.planned,
      { batches, aborted: fetched.aborted, lastStableOffset: fetched.lastStableOffset },
      { compactedGapFill: this.context.settings['compacted.gap.fill'] },
    );
    for (const step of steps) {
      if (step.kind === 'fill') {
        partition.enqueue(step);
        continue;
      }
      const held = slab !== null && step.bytes.buffer === slab.buffer.buffer;
      if (held) slab.retain();
      partition.enqueue({ ...step, slab: held ? slab : null, head: false });
    }
    if (cursor === partition.planned) return;
    partition.planned = cursor;
    partition.fetchOffset = cursor > fetched.logStartOffset ? cursor : fetched.logStartOffset;
    partition.lastFetchedEpoch = last.leaderEpoch;
    if (partition.queuedBytes + partition.outstandingBytes > this.#queueLimitBytes()) {
      partition.throttled = true;
    }
    this.#writable(partition);
  }

  #queueLimitBytes(): number {
    let active = 0;
    for (const reader of this.#readers.values()) active += reader.size;
    return Math.max(262_144, this.context.budget.limitBytes / 2 / Math.max(1, Math.min(active, 256)));
  }

  #sourceError(partition: MirrorPartition, code: number): void {
    if (code === ErrorCode.OFFSET_OUT_OF_RANGE) {
      // Retention has passed us, or the source was cut: reading both sides again tells which.
      partition.tailChecked = false;
      this.#recover(partition, errorName(code));
    } else if (code === ErrorCode.TOPIC_AUTHORIZATION_FAILED) {
      partition.beginRecovery();
      partition.mode = 'RETRYING';
      partition.message = `${partition.sourceTopic} on ${this.desired.source.name}: the link's principal may not read (${errorName(code)}). Grant READ on the topic; tried again every ${RETRY_MS / 1000} s.`;
      partition.recoverNotBeforeMs = performance.now() + RETRY_MS;
      this.#recover(partition, errorName(code));
    } else if (code === ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT) {
      this.#failPartition(
        partition,
        'UNSUPPORTED_MESSAGE_FORMAT',
        `${partition.sourceTopic} partition ${partition.index}: the source answers UNSUPPORTED_FOR_MESSAGE_FORMAT at offset ${partition.fetchOffset}.`,
      );
    } else {
      this.#wantMetadata();
      if (!isRetriableCode(code))
        this.context.log('warn', `fetch of ${partition.sourceTopic}-${partition.index}: ${errorName(code)}`);
      // Out of the session until the metadata names the leader again.
      const leader = partition.sourceLeader;
      this.#readers.get(leader)?.remove(partition);
      this.#later(() => {
        if (
          partition.sourceLeader === leader &&
          partition.mode !== 'FAILED' &&
          this.topics.has(partition.topic)
        )
          this.#reader(leader).add(partition);
      }, 250);
    }
  }

  // --- ties between the parts ---

  #fetchChanged(partition: MirrorPartition): void {
    if (
      partition.throttled &&
      partition.queuedBytes + partition.outstandingBytes <= this.#queueLimitBytes() / 2
    )
      partition.throttled = false;
    this.#readers.get(partition.sourceLeader)?.changed(partition);
  }

  #writable(partition: MirrorPartition): void {
    if (partition.mode === 'HEAD') {
      this.#feedHead(partition);
      return;
    }
    if (partition.mode !== 'RUNNING') return;
    const step = partition.peek();
    if (!step) return;
    if (step.kind === 'append') this.#writer(partition.mirrorLeader).add(partition);
    else if (partition.outstanding === 0 && !partition.filling)
      this.#marker(partition.mirrorLeader).add(partition);
  }

  #reader(brokerId: number): SourceReader {
    let reader = this.#readers.get(brokerId);
    if (!reader) {
      reader = new SourceReader(this.context, brokerId, (partition, fetched, slab) =>
        this.#fetched(partition, fetched, slab),
      );
      this.#readers.set(brokerId, reader);
    }
    return reader;
  }
  #writer(brokerId: number): DestinationWriter {
    let writer = this.#writers.get(brokerId);
    if (!writer) {
      writer = new DestinationWriter(this.context, brokerId);
      this.#writers.set(brokerId, writer);
    }
    return writer;
  }
  #marker(brokerId: number): MarkerWriter {
    let marker = this.#markers.get(brokerId);
    if (!marker) {
      marker = new MarkerWriter(this.context, brokerId);
      this.#markers.set(brokerId, marker);
    }
    return marker;
  }

  *#allPartitions(): Generator<MirrorPartition> {
    for (const topic of this.topics.values()) yield* topic.partitions;
  }

  // --- sweeps ---

  async #sweepDestination(): Promise<void> {
    if (this.#sweeping || this.context.stopping || this.#fatal) return;
    this.#sweeping = true;
    try {
      const byBroker = new Map<number, MirrorPartition[]>();
      for (const partition of this.#allPartitions()) {
        if (partition.mirrorLeader < 0 || partition.mode === 'WAITING' || partition.mode === 'RECOVERING')
          continue;
        const group = byBroker.get(partition.mirrorLeader);
        if (group) group.push(partition);
        else byBroker.set(partition.mirrorLeader, [partition]);
      }
      await Promise.all(
        [...byBroker].map(async ([brokerId, group]) => {
          await sweepMirror(this.context, brokerId, group);
          const refused = await followStarts(this.context, brokerId, group);
          for (const name of new Set(refused.map((p) => p.topic))) {
            const topic = this.topics.get(name);
            if (topic) await this.#makeDeletable(topic);
          }
        }),
      );
      for (const topic of this.topics.values()) await this.#restorePolicy(topic);
      this.#noteConsistency();
    } catch (error) {
      this.context.log('debug', `sweep of ${this.desired.destination.name}: ${(error as Error).message}`);
    } finally {
      this.#sweeping = false;
    }
  }

  async #restorePolicy(topic: MirrorTopic): Promise<void> {
    if (!topic.deletable || topic.sourcePolicy === null || isDeleting(topic.sourcePolicy)) return;
    const agreed = topic.partitions.every(
      (p) => p.headDone && wantedStart(p) <= p.mirrorStart && p.mode !== 'HEAD',
    );
    if (!agreed) return;
    await setTopicConfigs(this.context.destination, topic.name, { 'cleanup.policy': topic.sourcePolicy });
    topic.deletable = false;
  }

  /** Remembers when compacted mirrors last held everything, once a minute. */
  #noteConsistency(): void {
    const now = Date.now();
    for (const topic of this.topics.values()) {
      if (!topic.compacted || topic.phase !== 'READY') continue;
      let oldest = now;
      for (const partition of topic.partitions) {
        if (
          partition.mirrorHighWatermark >= 0n &&
          partition.lagSource >= 0n &&
          partition.mirrorHighWatermark >= partition.lagSource &&
          partition.mode === 'RUNNING'
        )
          partition.consistentAt = now;
        else if (partition.mode === 'RUNNING') this.#tombstonesExpired(topic, partition);
        if (partition.consistentAt !== null && partition.consistentAt < oldest)
          oldest = partition.consistentAt;
      }
      if (topic.desired.consistentAt === null || oldest - topic.desired.consistentAt > 60_000) {
        topic.desired = { ...topic.desired, consistentAt: oldest };
        this.#ports
          .persist(topic.name, { consistentAt: oldest })
          .catch((error: Error) =>
            this.context.log('warn', `storing progress of ${topic.name}: ${error.message}`),
          );
      }
    }
  }

  async #sweepSource(): Promise<void> {
    if (this.#sweepingSource || this.context.stopping || this.#fatal) return;
    this.#sweepingSource = true;
    try {
      const blind: MirrorPartition[] = [];
      const idle: MirrorPartition[] = [];
      const now = performance.now();
      for (const partition of this.#allPartitions()) {
        if (partition.sourceLeader < 0) continue;
        if (partition.mode !== 'RUNNING' || partition.throttled) blind.push(partition);
        else if (
          partition.sourceLastStable > partition.planned &&
          partition.queueLength === 0 &&
          now - partition.lastFetchedAt > SOURCE_SWEEP_MS
        )
          idle.push(partition);
      }
      await sweepSource(this.context, blind, idle);
    } catch (error) {
      this.context.log('debug', `sweep of ${this.desired.source.name}: ${(error as Error).message}`);
    } finally {
      this.#sweepingSource = false;
    }
  }

  #checkOwnership(): void {
    const { identity } = this.context;
    if (this.context.stopping || this.#fatal || identity.epoch < 0) return;
    identity.check().catch((error: Error) => {
      if (identity.superseded) this.#standDown(error);
    });
  }

  /** When readers wait for memory, queues that make no progress give theirs back; it's fetched again. */
  #relieveMemory(): void {
    if (this.context.budget.waiting === 0) return;
    const now = performance.now();
    for (const partition of this.#allPartitions()) {
      if (partition.queueLength === 0 || partition.mode !== 'RUNNING' || partition.filling) continue;
      if (now - partition.progressAtMs < STALLED_QUEUE_MS) continue;
      partition.dropQueue();
      partition.throttled = partition.outstanding > 0;
      this.#fetchChanged(partition);
    }
  }

  // --- failures and states ---

  #failPartition(
    partition: MirrorPartition,
    error: Parameters<MirrorPartition['fail']>[0],
    message: string,
  ): void {
    partition.fail(error, message);
    this.#partitionFailed(partition);
  }

  #partitionFailed(partition: MirrorPartition): void {
    this.#recovering.delete(partition);
    this.#fetchChanged(partition);
    this.#ports.event(partition.topic, partition.index, null, 'FAILED', partition.message);
    this.context.log('warn', partition.message ?? 'failed');
    this.#updateStates();
  }

  #failTopic(topic: MirrorTopic, error: Parameters<MirrorTopic['fail']>[0], message: string): void {
    topic.fail(error, message);
    for (const partition of topic.partitions) {
      this.#recovering.delete(partition);
      this.#fetchChanged(partition);
    }
    this.context.log('warn', message);
    this.#updateStates();
  }

  #standDown(error: Error): void {
    this.#stopForGood(
      `${capital(error.message)}. This engine has stood down; the other one goes on. Stop one of them, then pause and resume the link here to take over.`,
    );
  }

  #stopForGood(message: string): void {
    if (this.#fatal) return;
    this.#fatal = message;
    for (const partition of this.#allPartitions()) {
      partition.generation++;
      partition.dropQueue();
      if (partition.mode !== 'FAILED') partition.mode = 'STOPPED';
      this.#fetchChanged(partition);
    }
    this.#recovering.clear();
    this.context.log('error', message);
    this.#updateStates();
  }

  #condition(): { condition: LinkCondition; state: LinkState; error: LinkError; message: string | null } {
    if (this.#fatal) return { condition: 'FAILED', state: 'FAILED', error: 'UNKNOWN', message: this.#fatal };
    const settings = this.context.settings;
    const patienceMs =
      settings['availability.check.ms'] * settings['availability.check.consecutive.failure.threshold'];
    const now = performance.now();
    for (const [trouble, okMs, side] of [
      [this.#sourceTrouble, this.#sourceOkMs, 'SOURCE_UNAVAILABLE'],
      [this.#destinationTrouble, this.#destinationOkMs, 'FAILED'],
    ] as const) {
      if (!trouble || (now - okMs < patienceMs && this.state !== 'UNKNOWN' && this.state !== 'UNAVAILABLE'))
        continue;
      const authentication =
        trouble instanceof ConnectError && trouble.stage === 'SASL' && !trouble.retriable;
      return {
        condition: side,
        state: authentication ? 'FAILED' : 'UNAVAILABLE',
        error: linkErrorOf(trouble),
        message: `${trouble.message}. Tried again by itself.`,
      };
    }
    if (this.paused) return { condition: 'PAUSED', state: 'PAUSED', error: 'NO_ERROR', message: null };
    const known = this.context.source.clusterId !== null && this.context.destination.clusterId !== null;
    return { condition: 'OK', state: known ? 'ACTIVE' : 'UNKNOWN', error: 'NO_ERROR', message: null };
  }

  #updateStates(): void {
    const link = this.#condition();
    if (link.state !== this.state) {
      this.#ports.event(null, null, this.state, link.state, link.message);
      this.state = link.state;
      this.since = Date.now();
    }
    this.error = link.error;
    this.message = link.message;
    for (const topic of this.topics.values()) {
      const view = topic.view(link.condition, link.message);
      if (view.state !== topic.state) {
        this.#ports.event(topic.name, null, topic.state, view.state, view.explain);
        topic.state = view.state;
        topic.since = Date.now();
      }
    }
  }

  #later(work: () => void, ms: number): void {
    const timer = setTimeout(() => {
      if (!this.context.stopping) work();
    }, ms);
    timer.unref();
  }

  /** The condition that mirrors are shown under. */
  get condition(): LinkCondition {
    return this.#condition().condition;
  }

  // --- the end ---

  /**
   * Stops taking work and lets what is in flight settle.
   * @returns the producer epoch when everything was answered, null when something is of unknown fate
   */
  async stop(settleMs: number): Promise<number | null> {
    this.context.stopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#metadataTimer) clearTimeout(this.#metadataTimer);
    if (this.#recoveryTimer) clearTimeout(this.#recoveryTimer);
    for (const reader of this.#readers.values()) reader.close();
    for (const partition of this.#allPartitions()) partition.dropQueue();
    const limit = performance.now() + settleMs;
    const busy = () => [...this.#allPartitions()].some((p) => p.outstanding > 0);
    while (busy() && performance.now() < limit) await new Promise((resolve) => setTimeout(resolve, 10));
    const clean =
      !busy() &&
      [...this.#allPartitions()].every((p) => p.unsafeUntilMs <= performance.now() && p.settled === null);
    for (const writer of this.#writers.values()) writer.close();
    for (const marker of this.#markers.values()) marker.close();
    this.context.source.close();
    this.context.destination.close();
    await Promise.all(
      [this.#sourceAdmin.close(), this.#destinationAdmin.close()].map((p) => p.catch(() => {})),
    );
    return clean && this.context.identity.epoch >= 0 && !this.context.identity.superseded
      ? this.context.identity.epoch
      : null;
  }
}

function linkErrorOf(error: KafkaError): LinkError {
  if (!(error instanceof ConnectError)) return 'TIMEOUT_ERROR';
  switch (error.stage) {
    case 'RESOLVE':
      return 'UNRESOLVABLE_BOOTSTRAP_ERROR';
    case 'TCP':
      return 'BOOTSTRAP_TCP_CONNECTION_FAILED_ERROR';
    case 'TLS':
    case 'SASL':
      return 'AUTHENTICATION_ERROR';
    case 'API_VERSIONS':
      return 'UNKNOWN';
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
