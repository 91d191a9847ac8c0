// What a link does on its timers: looks at both sides, lets log starts follow, watches its ownership, and frees memory that stalled queues hold.
import type { ConfigWatch } from './config-watch';
import { EMPTY_SAID_MS, SOURCE_SWEEP_MS, STALLED_QUEUE_MS } from './defaults';
import type { HeadFiller } from './head-filler';
import { heldUntil } from './lag';
import type { LinkCore } from './link-core';
import type { NearestReplicas } from './nearest-replica';
import type { MirrorPartition } from './partition';
import { followStarts, showsNothing, sweepMirror, sweepSource } from './sweeps';

/** How often it is stored that a compacted mirror holds everything. */
const CONSISTENCY_NOTE_MS = 60_000;

export class Housekeeping {
  readonly #core: LinkCore;
  readonly #heads: HeadFiller;
  readonly #configs: ConfigWatch;
  readonly #nearest: NearestReplicas;
  /** Brokers that are being asked. */
  readonly #atMirrors = new Set<number>();
  readonly #atSources = new Set<number>();

  constructor(core: LinkCore, heads: HeadFiller, configs: ConfigWatch, nearest: NearestReplicas) {
    this.#core = core;
    this.#heads = heads;
    this.#configs = configs;
    this.#nearest = nearest;
  }

  /** Mirrors, right after the sources of those whose records come from followers. */
  sweepDestination(): void {
    const told = this.#nearest.look();
    if (told) void told.then(() => this.#sweepMirrors());
    else this.#sweepMirrors();
  }

  /** Each broker on its own: one that stands still must not hide how the others get on. */
  #sweepMirrors(): void {
    if (this.#core.context.stopping || this.#core.fatal) return;
    const byBroker = new Map<number, MirrorPartition[]>();
    for (const partition of this.#core.partitions()) {
      if (partition.mirrorLeader < 0 || partition.mode === 'WAITING' || partition.mode === 'RECOVERING')
        continue;
      const group = byBroker.get(partition.mirrorLeader);
      if (group) group.push(partition);
      else byBroker.set(partition.mirrorLeader, [partition]);
    }
    for (const [brokerId, group] of byBroker)
      this.#once(this.#atMirrors, brokerId, () => this.#sweepMirrorsAt(brokerId, group));
  }

  async #sweepMirrorsAt(brokerId: number, group: MirrorPartition[]): Promise<void> {
    await sweepMirror(this.#core.context, brokerId, group);
    const { refused, moved } = await followStarts(this.#core.context, brokerId, group);
    if (moved.length > 0) this.#core.ports.wrote({ what: 'RECORDS_DELETED', items: moved });
    for (const name of new Set(refused.map((p) => p.topic))) {
      const topic = this.#core.topics.get(name);
      if (!topic) continue;
      // Refused although it had been allowed: the policy was set back, by a growing topic's set-up or by a person.
      topic.deletable = false;
      await this.#heads.makeDeletable(topic);
    }
    for (const name of new Set(group.map((p) => p.topic))) {
      const topic = this.#core.topics.get(name);
      if (topic) await this.#heads.restorePolicy(topic);
    }
    this.#noteConsistency();
  }

  #once(busy: Set<number>, brokerId: number, work: () => Promise<void>): void {
    if (busy.has(brokerId)) return;
    busy.add(brokerId);
    work()
      .catch((error: Error) => this.#core.context.log('debug', `sweep: ${error.message}`))
      .finally(() => busy.delete(brokerId));
  }

  /** Remembers when compacted mirrors last held everything, once a minute. */
  #noteConsistency(): void {
    const now = Date.now();
    for (const topic of this.#core.topics.values()) {
      if (!topic.mayMissRecords || topic.phase !== 'READY') continue;
      let oldest = now;
      for (const partition of topic.partitions) {
        if (
          partition.mirrorHighWatermark >= 0n &&
          partition.lagSource >= 0n &&
          partition.mirrorHighWatermark >= partition.lagSource &&
          partition.mode === 'RUNNING'
        )
          partition.heldAllAt(partition.lagSourceKnownAt);
        else if (partition.mode === 'RUNNING') {
          // Steadily a little behind is not behind since the last standstill.
          const until = heldUntil(partition);
          if (until !== null) partition.heldAllAt(until);
          this.#core.tombstonesExpired(topic, partition);
        }
        if (partition.consistentAt !== null && partition.consistentAt < oldest)
          oldest = partition.consistentAt;
      }
      if (topic.desired.consistentAt === null || oldest - topic.desired.consistentAt > CONSISTENCY_NOTE_MS) {
        topic.desired = { ...topic.desired, consistentAt: oldest };
        this.#core.ports
          .persist(topic.name, { consistentAt: oldest })
          .catch((error: Error) =>
            this.#core.context.log('warn', `storing progress of ${topic.name}: ${error.message}`),
          );
      }
    }
  }

  sweepSource(): void {
    if (this.#core.context.stopping || this.#core.fatal) return;
    const byBroker = new Map<number, { blind: MirrorPartition[]; idle: MirrorPartition[] }>();
    const now = performance.now();
    for (const partition of this.#core.partitions()) {
      // A follower tells nothing of its leader's end: that is asked elsewhere, and what the follower does not bring its leader will.
      if (partition.sourceLeader < 0 || partition.followed) continue;
      const group = byBroker.get(partition.sourceLeader) ?? { blind: [], idle: [] };
      byBroker.set(partition.sourceLeader, group);
      if (partition.mode !== 'RUNNING' || partition.throttled || partition.source?.heldBack)
        group.blind.push(partition);
      else if (
        partition.sourceLastStable > partition.planned &&
        partition.queueLength === 0 &&
        now - partition.lastFetchedAt > SOURCE_SWEEP_MS
      )
        group.idle.push(partition);
      else if (partition.mode === 'RUNNING') this.#shown(partition);
    }
    for (const [brokerId, { blind, idle }] of byBroker)
      this.#once(this.#atSources, brokerId, () => this.#sweepSourcesAt(blind, idle));
  }

  async #sweepSourcesAt(blind: MirrorPartition[], idle: MirrorPartition[]): Promise<void> {
    // Ends first: they need no configs.
    await sweepSource(this.#core.context, blind, []);
    for (const partition of idle) {
      const topic = this.#core.topics.get(partition.topic);
      if (topic?.mayMissRecords && (await this.#configs.cleanedNow(topic)))
        await sweepSource(this.#core.context, [], [partition]);
      else await this.#hidden(partition);
    }
  }

  /** Waits, for as long as it takes: what isn't shown may be there all the same. */
  async #hidden(partition: MirrorPartition): Promise<void> {
    const now = performance.now();
    partition.emptySinceMs ??= now;
    if (now - partition.emptySinceMs < EMPTY_SAID_MS) return;
    if (!(await showsNothing(this.#core.context, partition))) return;
    const { sourceTopic, index, planned, sourceLastStable } = partition;
    partition.message =
      `The source answers without records for ${sourceTopic} partition ${index} at offset ${planned}, in front of its end ${sourceLastStable}: the mirror waits and leaves nothing out. ` +
      'With tiered storage, its remote tier is slower than remote.fetch.max.wait.ms: look at the tier and at the leading broker.';
  }

  #shown(partition: MirrorPartition): void {
    if (partition.emptySinceMs === null) return;
    partition.emptySinceMs = null;
    partition.message = null;
  }

  checkOwnership(): void {
    const { identity } = this.#core.context;
    if (this.#core.context.stopping || this.#core.fatal || identity.epoch < 0) return;
    identity.check().catch((error: Error) => {
      if (identity.superseded) this.#core.context.standDown(error);
    });
  }

  probeMarkerRight(): void {
    if (this.#core.context.stopping || this.#core.fatal) return;
    this.#core.context.fills
      .probe()
      .catch((error: Error) => this.#core.context.log('debug', `may markers be written: ${error.message}`));
  }

  /** When readers wait for memory, queues that make no progress give theirs back; it's fetched again. */
  relieveMemory(): void {
    if (this.#core.context.budget.waiting === 0) return;
    const now = performance.now();
    for (const partition of this.#core.partitions()) {
      if (partition.queueLength === 0 || partition.mode !== 'RUNNING' || partition.filling) continue;
      if (now - partition.progressAtMs < STALLED_QUEUE_MS) continue;
      partition.dropQueue();
      partition.throttled = partition.outstanding > 0;
      this.#core.context.fetchChanged(partition);
    }
  }
}
