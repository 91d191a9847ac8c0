// Runs one link: puts its parts together, follows the desired state, and tells what an operator sees. The work is in the parts.
import type { GroupDetail, GroupPage, GroupPreview, GroupQuery } from '@/lib/contracts/consumer-group';
import type { DesiredLink } from '@/lib/contracts/engine';
import type { LinkError, LinkState } from '@/lib/contracts/link';
import type { LinkTask, LinkTaskName } from '@/lib/contracts/link-task';
import type { MirrorConfigsView } from '@/lib/contracts/topic-config-sync';
import { ClusterAdmin } from '@/server/kafka/admin';
import { clientFor } from '@/server/kafka/security';
import { codecsReady } from '@/server/kafka/wire/compression';
import { AclBook } from './access/acl-book';
import { BringUp } from './bring-up';
import { MemoryBudget } from './budget';
import { checkAgain } from './check-again';
import { ConfigWatch } from './config-watch';
import {
  ADVICE_MS,
  FILLER_RECORDS,
  GUARD_MARGIN,
  HALF_CLOSE_WAIT_MS,
  IDENTITY_TOUCH_MS,
  MARKER_RIGHT_PROBE_MS,
  MARKERS_TIMEOUT_MS,
  MEMORY_RELIEF_MS,
  OFFSET_RENEW_MS,
  OWNERSHIP_CHECK_MS,
  PRODUCE_TIMEOUT_MS,
  PRODUCER_EXPIRATION_MS,
  SCRATCH_LOOK_DELAY_MS,
  SOURCE_FRESH_MARGIN_MS,
  SOURCE_SWEEP_MS,
  STATE_UPDATE_MS,
  TASK_TICK_MS,
  UNKNOWN_FATE_WAIT_MS,
  VERIFY_LOOK_MS,
  WATERMARK_SWEEP_MS,
} from './defaults';
import { AdviceKeeper } from './ending/advice';
import { Endings } from './ending/endings';
import type { FillWay } from './fill';
import { FillTransactions } from './fill-transactions';
import { finalOffsetSync } from './groups/final-offset-sync';
import { groupDetail, groupPage, previewGroups } from './groups/group-views';
import { OffsetSync } from './groups/offset-sync';
import { HeadFiller } from './head-filler';
import { Housekeeping } from './housekeeping';
import { LinkIdentity, transactionalIdOf } from './identity';
import { Intake } from './intake';
import { LatencyWindow } from './latency';
import { conditionOf, slowFillsMessage } from './link-condition';
import type { LinkContext, Tuning } from './link-context';
import { LinkCore, type LinkPorts } from './link-core';
import { finalAclSync, unlockPart } from './lock/ending-parts';
import { LockKeeper } from './lock/lock-keeper';
import { SourceFence } from './lock/source-fence';
import type { LinkCondition, MirrorTopic } from './mirror-topic';
import { NearestReplicas } from './nearest-replica';
import { RecoveryQueue } from './recovery-queue';
import { lookAtMirror, lookAtParting, recordsOfSource } from './remake/looks';
import { lookForRemakes } from './remake/remakes';
import { removeStaleScratchTopics } from './scratch-leftovers';
import { AclSync } from './tasks/acl-sync';
import { autoCreateMirror } from './tasks/auto-create-mirror';
import { consumerOffsetSync } from './tasks/consumer-offset-sync';
import { LinkTasks } from './tasks/link-tasks';
import { topicConfigsSync } from './tasks/topic-configs-sync';
import { TopicWatch } from './topic-watch';
import { Traffic } from './traffic';
import { Verifier } from './verify/verifier';
import { applyWish } from './wish';

const DEFAULT_TUNING: Tuning = {
  unknownFateWaitMs: UNKNOWN_FATE_WAIT_MS,
  halfCloseWaitMs: HALF_CLOSE_WAIT_MS,
  produceTimeoutMs: PRODUCE_TIMEOUT_MS,
  markersTimeoutMs: MARKERS_TIMEOUT_MS,
  fillerRecords: FILLER_RECORDS,
  fillWay: null,
  markerProbeMs: MARKER_RIGHT_PROBE_MS,
  verifyLookMs: VERIFY_LOOK_MS,
  offsetRenewMs: OFFSET_RENEW_MS,
};

export class LinkRunner {
  readonly id: string;
  state: LinkState = 'UNKNOWN';
  error: LinkError = 'NO_ERROR';
  message: string | null = null;
  since = Date.now();

  readonly #core: LinkCore;
  readonly #traffic: Traffic;
  readonly #nearest: NearestReplicas;
  readonly #recovery: RecoveryQueue;
  readonly #watch: TopicWatch;
  readonly #configs: ConfigWatch;
  readonly #housekeeping: Housekeeping;
  readonly #groups: OffsetSync;
  readonly #tasks: LinkTasks;
  readonly #endings: Endings;
  readonly #advice: AdviceKeeper;
  readonly verifier: Verifier;
  readonly acls: AclBook;
  readonly lock: LockKeeper;
  readonly fence: SourceFence;
  readonly aclSync: AclSync;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(desired: DesiredLink, ports: LinkPorts, tuning: Partial<Tuning> = {}) {
    this.id = desired.id;
    const clientId = `landbridge-${desired.name}`;
    this.#core = new LinkCore({
      desired,
      ports,
      context: this.#contextOf(desired, ports, tuning, clientId),
      sourceAdmin: new ClusterAdmin(desired.source, clientId),
      destinationAdmin: new ClusterAdmin(desired.destination, clientId),
    });
    const heads = new HeadFiller(this.#core);
    const intake = new Intake(this.#core);
    this.#traffic = new Traffic(this.#core, intake, heads);
    this.#nearest = new NearestReplicas(this.#core, this.#traffic);
    this.#configs = new ConfigWatch(this.#core);
    this.#recovery = new RecoveryQueue(this.#core, heads, this.#configs);
    this.#watch = new TopicWatch(this.#core, new BringUp(this.#core));
    this.#housekeeping = new Housekeeping(this.#core, heads, this.#configs, this.#nearest);
    this.#advice = new AdviceKeeper(this.#core);
    this.#groups = new OffsetSync(this.#core);
    this.#core.groupsStood = (...stood) => this.#groups.stood(...stood);
    this.verifier = new Verifier(this.#core);
    this.#core.differs = (partition) => this.verifier.verification.of(partition).difference;
    this.acls = new AclBook(
      {
        holdAcls: ports.holdAcls,
        wrote: ports.wrote,
        heldElsewhere: ports.aclsHeldElsewhere,
      },
      desired.heldAcls,
    );
    this.lock = new LockKeeper(this.#core, this.acls);
    this.#core.lockAnew = () => this.lock.lookAnew();
    this.fence = new SourceFence(this.#core, this.acls);
    this.aclSync = new AclSync(this.#core, this.acls, () => this.lock.self.principal);
    this.#endings = new Endings(this.#core, {
      heads,
      configs: this.#configs,
      ports: {
        finalSyncs: [finalAclSync(this.aclSync), finalOffsetSync(this.#core, this.#groups)],
        unlock: unlockPart(this.#core, this.lock, this.aclSync),
        sourceFence: this.fence,
      },
    });
    this.#tasks = new LinkTasks(this.#core, [
      topicConfigsSync(this.#core, this.#configs),
      autoCreateMirror(this.#core),
      consumerOffsetSync(this.#core, this.#groups),
      this.aclSync,
    ]);
  }

  /** How the parts reach each other: each tells what has happened, none knows who acts on it. */
  #contextOf(desired: DesiredLink, ports: LinkPorts, tuning: Partial<Tuning>, clientId: string): LinkContext {
    const destination = clientFor(desired.destination, clientId);
    const transactionalId = transactionalIdOf(
      desired.sourceClusterId,
      desired.destinationClusterId,
      desired.name,
    );
    const tuned = { ...DEFAULT_TUNING, ...tuning };
    const identity = new LinkIdentity(destination, transactionalId);
    const log: LinkContext['log'] = (level, message) => ports.log(level, `${desired.name}: ${message}`);
    const fills = new FillTransactions(
      destination,
      identity,
      {
        stopping: () => context.stopping,
        standDown: (error) => this.#standDown(error),
        wayChanged: (way) => this.#fillWayChanged(way),
        log,
      },
      tuned,
    );
    const context: LinkContext = {
      linkId: desired.id,
      linkName: desired.name,
      source: clientFor(desired.source, clientId),
      destination,
      budget: new MemoryBudget(desired.settings['link.memory.bytes']),
      identity,
      fills,
      latency: new LatencyWindow(),
      tuning: tuned,
      settings: desired.settings,
      guardMs: PRODUCER_EXPIRATION_MS * GUARD_MARGIN,
      throttleUntilMs: 0,
      stopping: false,
      takeOverFills: async () => {
        if (!this.#core.previousStoppedClean()) await fills.takeOver();
      },
      recover: (partition, why) => this.#recovery.recover(partition, why),
      unsettled: (partition, settled) => void this.#recovery.unsettled(partition, settled),
      forgetRecovery: (partition) => this.#recovery.remove(partition),
      run: (partition) => this.#recovery.run(partition),
      fetchChanged: (partition) => this.#traffic.fetchChanged(partition),
      fetching: () => this.#traffic.fetching,
      startFetching: (partition) => this.#traffic.startFetching(partition),
      stopFetching: (partition) => this.#traffic.stopFetching(partition),
      leaveFollower: (partition, why) => this.#nearest.giveUp(partition, why),
      writable: (partition) => this.#traffic.writable(partition),
      append: (partition) => this.#traffic.append(partition),
      stopWriting: (partition) => this.#traffic.stopWriting(partition),
      refreshMetadata: () => this.#watch.want(),
      stateChanged: () => this.#updateStates(),
      standDown: (error) => this.#standDown(error),
      failed: (partition) => this.#core.partitionFailed(partition),
      tooLarge: (...refusal) => this.#configs.tooLarge(...refusal),
      log,
    };
    return context;
  }

  get context(): LinkContext {
    return this.#core.context;
  }
  get desired(): DesiredLink {
    return this.#core.desired;
  }
  get topics(): ReadonlyMap<string, MirrorTopic> {
    return this.#core.topics;
  }
  /** Of the topics that it writes to, by name. */
  get destinationIds(): ReadonlyMap<string, string> {
    return this.#core.destinationIds;
  }
  /** Topics of the destination were deleted that it had mirrored. What was committed for groups on them is gone, too. */
  async forgetTopics(names: readonly string[]): Promise<void> {
    for (const name of names) this.#core.destinationIds.delete(name);
    await this.#groups.forgetTopics(names);
  }
  /** Stopped for good: only a new runner takes over. */
  get fatal(): boolean {
    return this.#core.fatal !== null;
  }
  /** The source answered lately: what is known of its ends is how it is. */
  get sourceFresh(): boolean {
    const { health, fatal } = this.#core;
    const { settings } = this.context;
    const intervalMs = Math.min(settings['metadata.max.age.ms'], settings['availability.check.ms']);
    return fatal === null && performance.now() - health.sourceOkMs < intervalMs + SOURCE_FRESH_MARGIN_MS;
  }
  /** After so long without an answer a side is called unavailable. */
  get patienceMs(): number {
    const { settings } = this.context;
    return settings['availability.check.ms'] * settings['availability.check.consecutive.failure.threshold'];
  }
  /** The condition that mirrors are shown under. */
  get condition(): LinkCondition {
    return conditionOf(this.#core, this.state).condition;
  }

  start(): void {
    const { context } = this.#core;
    for (const mirror of this.#core.desired.mirrors) this.#core.take(mirror);
    void codecsReady().then(() => {
      this.#watch.want();
      this.verifier.start();
    });
    const every = (ms: number, work: () => void) => this.#timers.push(setInterval(work, ms));
    const { settings } = context;
    every(Math.min(settings['metadata.max.age.ms'], settings['availability.check.ms']), () =>
      this.#watch.want(),
    );
    every(TASK_TICK_MS, () => this.#tasks.tick(this.condition));
    every(TASK_TICK_MS, () => this.lock.tick());
    every(WATERMARK_SWEEP_MS, () => void this.#housekeeping.sweepDestination());
    every(SOURCE_SWEEP_MS, () => void this.#housekeeping.sweepSource());
    every(OWNERSHIP_CHECK_MS, () => this.#housekeeping.checkOwnership());
    every(OWNERSHIP_CHECK_MS, () => this.#housekeeping.probeMarkerRight());
    every(MEMORY_RELIEF_MS, () => this.#housekeeping.relieveMemory());
    every(STATE_UPDATE_MS, () => this.#endings.look());
    every(STATE_UPDATE_MS, () => lookForRemakes(this.#core));
    every(ADVICE_MS, () => this.#advice.keep());
    every(STATE_UPDATE_MS, () => this.#updateStates());
    this.#core.later(() => void this.#removeScratchTopics(), SCRATCH_LOOK_DELAY_MS);
    every(IDENTITY_TOUCH_MS, () => {
      if (this.#core.paused || this.fatal) return;
      context.identity
        .raise(performance.now())
        .catch((error: Error) => context.log('warn', `keeping the transactional id alive: ${error.message}`));
    });
  }

  async #removeScratchTopics(): Promise<void> {
    const { context, destinationAdmin } = this.#core;
    try {
      for (const topic of await removeStaleScratchTopics(context.destination, destinationAdmin))
        context.log('info', `deleted ${topic}, which a check of a link has left behind`);
    } catch (error) {
      context.log('debug', `scratch topics left behind: ${(error as Error).message}`);
    }
  }

  // --- desired state ---

  /** Takes over a changed wish. A change of clusters needs a new runner. */
  update(desired: DesiredLink): void {
    const before = this.context.settings;
    applyWish(this.#core, desired);
    this.#endings.look();
    lookForRemakes(this.#core);
    if (JSON.stringify(before) !== JSON.stringify(desired.settings)) this.#tasks.settingsChanged();
    this.lock.soon();
    this.#watch.want();
    this.#updateStates();
  }

  // --- tasks ---

  get tasks(): LinkTask[] {
    return this.#tasks.views(this.condition);
  }
  /** @throws Error when the task is switched off, or the link does not run */
  runTask(name: LinkTaskName): Promise<LinkTask> {
    return this.#tasks.runNow(name, this.condition);
  }

  /** Null: it is no mirror of this link. */
  mirrorConfigs(name: string): MirrorConfigsView | null {
    const topic = this.topics.get(name);
    return topic ? this.#configs.view(topic) : null;
  }

  get groups(): OffsetSync {
    return this.#groups;
  }
  groupPage(query: GroupQuery): GroupPage {
    return groupPage(this.#core, this.#groups, query);
  }
  /** Null: the last run has seen no such group. */
  groupDetail(group: string): Promise<GroupDetail | null> {
    return groupDetail(this.#core, this.#groups, group);
  }
  previewGroups(filters: string): Promise<GroupPreview> {
    return previewGroups(this.#core, filters);
  }

  // --- after something went wrong ---

  checkAgain = (topic: string) => checkAgain(this.#core, topic);
  lookAtMirror = (topic: string) => lookAtMirror(this.#core, topic);
  lookAtParting = (request: Parameters<typeof lookAtParting>[1]) => lookAtParting(this.#core, request);
  recordsOfSource = (request: Parameters<typeof recordsOfSource>[1]) => recordsOfSource(this.#core, request);

  // --- states ---

  #fillWayChanged(way: FillWay): void {
    const { ports, desired, context } = this.#core;
    const message =
      way === 'TRANSACTIONS'
        ? slowFillsMessage(desired.destination.name)
        : 'Gaps are filled by transaction markers again.';
    ports.event(null, null, null, `FILLS_BY_${way}`, message);
    context.log(way === 'TRANSACTIONS' ? 'warn' : 'info', message);
    this.#updateStates();
  }

  #standDown(error: Error): void {
    const said = error.message.charAt(0).toUpperCase() + error.message.slice(1);
    this.#recovery.clear();
    this.#core.stopForGood(
      `${said}. This engine has stood down; the other one goes on. Stop one of them, then pause and resume the link here to take over.`,
    );
  }

  #updateStates(): void {
    const { ports, topics } = this.#core;
    const link = conditionOf(this.#core, this.state);
    if (link.state !== this.state) {
      ports.event(null, null, this.state, link.state, link.message);
      if (link.state === 'UNAVAILABLE') this.#advice.keep(true);
      this.state = link.state;
      this.since = Date.now();
    }
    this.error = link.error;
    this.message = link.message;
    for (const topic of topics.values()) {
      const view = topic.view(link.condition, link.message, this.patienceMs);
      if (view.state === topic.state) continue;
      ports.event(topic.name, null, topic.state, view.state, view.explain);
      topic.state = view.state;
      topic.since = Date.now();
    }
  }

  // --- the end ---

  /**
   * Stops taking work and lets what is in flight settle.
   * @returns the producer epoch when everything was answered, null when something is of unknown fate
   */
  async stop(settleMs: number): Promise<number | null> {
    const core = this.#core;
    const { context } = core;
    // Stored with the last words of the engine; nobody waits for it.
    this.#advice.keep(true);
    context.stopping = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#watch.close();
    this.#recovery.close();
    this.#traffic.stopReading();
    this.verifier.stop();
    const partitions = [...core.partitions()];
    for (const partition of partitions) partition.dropQueue();
    const limit = performance.now() + settleMs;
    const busy = () => partitions.some((p) => p.outstanding > 0);
    while (busy() && performance.now() < limit) await new Promise((resolve) => setTimeout(resolve, 10));
    const now = performance.now();
    const clean = !busy() && partitions.every((p) => p.unsafeUntilMs <= now && p.settling === 0);
    this.#traffic.close();
    context.source.close();
    context.destination.close();
    await Promise.all(
      [core.sourceAdmin, core.destinationAdmin].map((admin) =>
        admin.close().catch((error: Error) => context.log('debug', `closing: ${error.message}`)),
      ),
    );
    return clean && context.identity.epoch >= 0 && !context.identity.superseded
      ? context.identity.epoch
      : null;
  }
}
