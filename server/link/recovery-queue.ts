// Partitions that must find out where they stand: collected by destination broker, recovered, compared with the source, and sent on their way.
import { KafkaError } from '@/server/kafka/wire/errors';
import type { ConfigWatch } from './config-watch';
import { MARKER_GAP_LIMIT, RECOVERY_BACKOFF_FIRST_MS, RECOVERY_BACKOFF_MAX_MS } from './defaults';
import type { HeadFiller } from './head-filler';
import type { LinkCore } from './link-core';
import { locate } from './locate';
import type { MirrorTopic } from './mirror-topic';
import type { MirrorPartition } from './partition';
import { processIsGone } from './process-gone';
import { recoverOnBroker } from './recovery';
import { isAccepted } from './try-again';

export class RecoveryQueue {
  readonly #core: LinkCore;
  readonly #heads: HeadFiller;
  readonly #configs: ConfigWatch;
  readonly #recovering = new Set<MirrorPartition>();
  /** Brokers whose partitions are being recovered just now. */
  readonly #busy = new Set<number>();
  #timer: NodeJS.Timeout | null = null;
  #timerAtMs = 0;

  constructor(core: LinkCore, heads: HeadFiller, configs: ConfigWatch) {
    this.#core = core;
    this.#heads = heads;
    this.#configs = configs;
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
  remove(partition: MirrorPartition): void {
    this.#recovering.delete(partition);
  }
  clear(): void {
    this.#recovering.clear();
  }

  recover(partition: MirrorPartition, why: string): void {
    if (
      this.#core.context.stopping ||
      this.#core.fatal ||
      partition.mode === 'FAILED' ||
      !this.#core.topics.has(partition.topic)
    )
      return;
    // Whoever ends it reads its place anew; what is of unknown fate is fenced.
    if (partition.mode === 'ENDING') return;
    const retrying = partition.mode === 'RETRYING';
    if (partition.mode !== 'RECOVERING') {
      const message = partition.message;
      partition.beginRecovery();
      partition.since = Date.now();
      partition.message = retrying ? message : null;
      if (retrying) partition.mode = 'RETRYING';
      if (why !== 'start' && why !== 'resumed') this.#core.context.log('debug', `${partition.name}: ${why}`);
    }
    this.#core.context.fetchChanged(partition);
    this.#recovering.add(partition);
    this.#wake(0);
  }

  /**
   * Waits for the fate of what was sent, without holding up anybody else: whatever the partition does by then, also in a life that has begun since, it
   * does not append behind what may still come.
   */
  async unsettled(partition: MirrorPartition, settled: Promise<boolean>): Promise<void> {
    const leader = partition.mirrorLeader;
    partition.settling++;
    const closed = await settled;
    partition.settling--;
    // What a former leader may still append never reaches the log of the new one.
    if (!closed && partition.mirrorLeader === leader) {
      const safeMs = performance.now() + this.#core.context.tuning.unknownFateWaitMs;
      partition.unsafeUntilMs = Math.max(partition.unsafeUntilMs, safeMs);
    }
    this.#wake(0);
  }

  #wake(ms: number): void {
    if (this.#core.context.stopping) return;
    const atMs = performance.now() + ms;
    // The earliest call counts: a stream of later ones must not push it away.
    if (this.#timer && this.#timerAtMs <= atMs) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#dispatch();
    }, ms);
  }

  /** One group at a time per broker: a broker that doesn't answer holds up its own partitions only. */
  #dispatch(): void {
    const now = performance.now();
    const byBroker = new Map<number, MirrorPartition[]>();
    for (const partition of this.#recovering) {
      if (partition.mode !== 'RECOVERING' && partition.mode !== 'RETRYING')
        this.#recovering.delete(partition);
      else if (partition.mirrorLeader < 0) this.#core.context.refreshMetadata();
      else if (
        partition.outstanding === 0 &&
        partition.settling === 0 &&
        now >= partition.recoverNotBeforeMs &&
        !this.#busy.has(partition.mirrorLeader)
      ) {
        const group = byBroker.get(partition.mirrorLeader);
        if (group) group.push(partition);
        else byBroker.set(partition.mirrorLeader, [partition]);
      }
    }
    for (const [brokerId, group] of byBroker) {
      this.#busy.add(brokerId);
      void this.#group(brokerId, group).finally(() => {
        this.#busy.delete(brokerId);
        if (this.#recovering.size > 0) this.#wake(20);
      });
    }
    if (this.#recovering.size > 0 && byBroker.size === 0) this.#wake(50);
  }

  async #group(brokerId: number, ready: MirrorPartition[]): Promise<void> {
    for (const partition of ready) if (partition.mode === 'RETRYING') partition.mode = 'RECOVERING';
    try {
      const firstRaise = this.#core.context.identity.epoch < 0;
      const { recovered, failed } = await recoverOnBroker(this.#core.context, brokerId, ready);
      if (firstRaise && this.#core.previousStoppedClean())
        for (const p of this.#core.partitions()) if (p.generation <= 1) p.unsafeUntilMs = 0;
      for (const [partition, why] of failed) this.#again(partition, why);
      for (const partition of recovered) {
        this.#recovering.delete(partition);
        void this.#goOn(partition);
      }
      if (failed.size > 0) this.#core.context.refreshMetadata();
    } catch (error) {
      if (this.#core.context.identity.superseded) {
        this.#core.context.standDown(error as Error);
        return;
      }
      if (processIsGone(error)) for (const p of ready) if (p.mirrorLeader === brokerId) p.unsafeUntilMs = 0;
      // Those that got another leader while this one was silent may have been recovered there: asked again, they would never leave the queue.
      for (const partition of ready)
        if (partition.mode === 'RECOVERING') this.#again(partition, (error as Error).message);
      this.#core.context.refreshMetadata();
      if (!(error instanceof KafkaError))
        this.#core.context.log('error', `recovery: ${(error as Error).stack}`);
    }
  }

  #again(partition: MirrorPartition, why: string): void {
    partition.recoveryFailures++;
    const ceiling = Math.min(
      RECOVERY_BACKOFF_MAX_MS,
      RECOVERY_BACKOFF_FIRST_MS * 2 ** Math.min(partition.recoveryFailures - 1, 6),
    );
    partition.recoverNotBeforeMs = performance.now() + ceiling * (0.5 + Math.random() / 2);
    partition.message = `Waiting to go on with ${partition.topic} partition ${partition.index} at ${this.#core.context.destination.where(partition.mirrorLeader)}: ${why}.`;
    this.#recovering.add(partition);
    if (!this.#timer) this.#wake(50);
  }

  /** The partition knows where its mirror stands; now against the source. */
  async #goOn(partition: MirrorPartition): Promise<void> {
    const topic = this.#core.topics.get(partition.topic);
    if (!topic || partition.mode !== 'RECOVERING') return;
    const { generation } = partition;
    partition.mode = 'LOCATING';
    try {
      const located = await locate(
        this.#core.context,
        partition,
        this.#core.destinationIds.get(topic.name) ?? '',
        topic.mayMissRecords,
      );
      if (partition.generation !== generation || this.#core.context.stopping) return;
      switch (located.kind) {
        case 'UNKNOWN':
          partition.mode = 'RECOVERING';
          this.#core.context.refreshMetadata();
          this.#again(partition, located.message);
          return;
        case 'PARTED':
          // A source that began to be compacted since its configs were read looks like another history.
          await this.#configs.learn(topic);
          if (partition.generation !== generation || this.#core.context.stopping) return;
          // Asked twice: a new leader's high watermark may trail for a moment.
          if (++partition.divergenceSeen < 3) {
            partition.mode = 'RECOVERING';
            this.#again(partition, located.message);
          } else
            this.#core.failPartition(
              partition,
              located.error,
              `${partition.topic} partition ${partition.index}: ${located.message}. Mirroring of this partition has stopped; the mirror keeps what it has.`,
            );
          return;
      }
      partition.divergenceSeen = 0;
      partition.message = null;
      partition.error = 'NO_ERROR';
      partition.sourceSeen(
        located.ends.start,
        located.ends.lastStable,
        located.ends.highWatermark,
        Date.now(),
      );
      if (partition.acked < partition.sourceLastStable) await this.#configs.learnIfOld(topic);
      if (partition.generation !== generation || this.#core.context.stopping) return;
      if (this.#core.tombstonesExpired(topic, partition)) return;
      if (this.#core.paused || topic.halted) {
        partition.headDone ||= located.kind === 'RUN';
        partition.mode = 'STOPPED';
        return;
      }
      if (located.kind === 'RANGE_LOST') await this.#rangeLost(topic, partition, located.to);
      else if (located.kind === 'HEAD')
        await this.#heads.begin(topic, partition, located.target, located.start);
      else this.run(partition);
    } catch (error) {
      if (partition.generation !== generation || this.#core.context.stopping) return;
      partition.mode = 'RECOVERING';
      this.#again(partition, (error as Error).message);
      this.#core.context.refreshMetadata();
      this.#wake(100);
      if (!(error instanceof KafkaError))
        this.#core.context.log('error', `locating ${partition.name}: ${(error as Error).stack}`);
    }
    this.#wake(20);
  }

  run(partition: MirrorPartition): void {
    if (!partition.headDone) {
      partition.headDone = true;
      partition.since = Date.now();
    }
    partition.mode = 'RUNNING';
    partition.inStep = partition.acked >= partition.sourceLastStable;
    partition.fetchOffset =
      partition.planned > partition.sourceStart ? partition.planned : partition.sourceStart;
    this.#core.context.fetchChanged(partition);
    this.#core.context.writable(partition);
    this.#core.context.stateChanged();
  }

  async #rangeLost(topic: MirrorTopic, partition: MirrorPartition, to: bigint): Promise<void> {
    const lost = `${partition.acked} to ${to - 1n} of ${partition.sourceTopic} partition ${partition.index}`;
    const stops = this.#core.context.settings['source.range.lost'] === 'stop';
    if (stops && !isAccepted(topic, partition, to)) {
      this.#core.failPartition(
        partition,
        'SOURCE_RANGE_LOST',
        `The source deleted offsets ${lost} before they were mirrored. Declare them lost to go on behind them, set source.range.lost=follow, or re-seed the mirror.`,
      );
      partition.lost = { from: partition.acked, to };
      return;
    }
    partition.lostTotal += to - partition.acked;
    this.#core.ports.event(
      topic.name,
      partition.index,
      null,
      'SOURCE_RANGE_LOST',
      `The source deleted offsets ${lost} before they were mirrored; the mirror goes on behind them and begins at ${to}.`,
    );
    this.#core.context.log('warn', `source range lost: offsets ${lost}`);
    if (to - partition.acked > MARKER_GAP_LIMIT) {
      await this.#heads.begin(topic, partition, to, partition.start);
      return;
    }
    partition.enqueue({ kind: 'fill', baseOffset: partition.acked, count: to - partition.acked });
    partition.planned = to;
    this.run(partition);
  }
}
