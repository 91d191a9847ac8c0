// What verification knows of the partitions of one link: restores it from the store, tells it to the store, and shows it. Reads nothing of Kafka.
import type { DifferenceReport, SweepOutcome } from '@/lib/contracts/verify';
import type { LinkCore } from '../link-core';
import { sourcePlace } from '../locate';
import type { MirrorTopic } from '../mirror-topic';
import type { MirrorPartition } from '../partition';
import {
  differsInSweep,
  PartitionProgress,
  parseStored,
  restore,
  type StoredMirror,
  serialise,
} from './progress';
import type { Sides } from './read-pair';

/** A sweep of one mirror. */
type TopicSweep = { id: string; different: boolean };

/** With their back-off, some seconds. */
const LASTING_FAILURES = 4;

export class Verification {
  readonly #core: LinkCore;
  readonly #progress = new WeakMap<MirrorPartition, PartitionProgress>();
  readonly #sweeps = new WeakMap<MirrorTopic, TopicSweep>();
  readonly #stored = new WeakMap<MirrorTopic, StoredMirror | null>();
  /** Sweeps that have ended, until the store has them: the wish may still name them. */
  readonly #ended = new Set<string>();

  constructor(core: LinkCore) {
    this.#core = core;
  }

  of(partition: MirrorPartition): PartitionProgress {
    let progress = this.#progress.get(partition);
    if (!progress) {
      const topic = this.#core.topics.get(partition.topic);
      progress = topic ? restore(this.#storedOf(topic), partition.index) : new PartitionProgress();
      this.#progress.set(partition, progress);
    }
    if (partition.takenUpAt !== null) {
      progress.cutTo(partition.takenUpAt);
      partition.takenUpAt = null;
    }
    return progress;
  }

  /** A claim is about these two logs: of other topics by the same name nothing is known. */
  #storedOf(topic: MirrorTopic): StoredMirror | null {
    let stored = this.#stored.get(topic);
    if (stored === undefined) {
      const parsed = parseStored(topic.desired.verified ?? null);
      const known =
        parsed?.sourceTopicId === topic.sourceTopicId &&
        parsed?.mirrorTopicId === this.#core.destinationIds.get(topic.name);
      stored = known ? parsed : null;
      this.#stored.set(topic, stored);
      const sweep = topic.desired.sweep;
      if (sweep && stored?.sweepId === sweep.id)
        this.#sweeps.set(topic, { id: sweep.id, different: differsInSweep(stored) });
    }
    return stored;
  }

  /** Why a partition of the mirror can't be compared, once that lasts. */
  trouble(topic: MirrorTopic): string | null {
    for (const partition of topic.partitions) {
      const { trouble, failures } = this.of(partition);
      if (trouble !== null && failures >= LASTING_FAILURES)
        return `Partition ${partition.index} cannot be compared now: ${trouble}. Tried again by itself.`;
    }
    return null;
  }

  /** Where both sides of a partition are read; null while that isn't known. */
  sides(partition: MirrorPartition): Sides | null {
    const { source, destination } = this.#core.context;
    const topicId = this.#core.destinationIds.get(partition.topic);
    const { mirrorLeader: leader, mirrorLeaderEpoch: leaderEpoch } = partition;
    if (topicId === undefined || leader < 0 || partition.sourceLeader < 0) return null;
    const at = { topic: partition.topic, topicId, partition: partition.index, leader, leaderEpoch };
    return { source: { client: source, at: sourcePlace(partition) }, mirror: { client: destination, at } };
  }

  // --- sweeps ---

  /** Takes up what the wish says of sweeps: begins them, goes on, gives up. */
  followWish(): void {
    for (const topic of this.#core.topics.values()) {
      const wanted = topic.desired.sweep ?? null;
      if (topic.phase === 'FAILED' && wanted && !this.#ended.has(wanted.id))
        this.#impossible(topic, wanted.id);
      if (topic.phase !== 'READY') continue;
      this.#storedOf(topic);
      const running = this.#sweeps.get(topic);
      if (running && running.id !== wanted?.id) this.#drop(topic);
      // Where the engine before this one died behind the last partition, and in front of saying so.
      else if (running) this.#endSweep(topic, running);
      if (!wanted || this.#ended.has(wanted.id) || this.#sweeps.get(topic)?.id === wanted.id) continue;
      this.#sweeps.set(topic, { id: wanted.id, different: false });
      for (const partition of topic.partitions) {
        const progress = this.of(partition);
        progress.sweep = 'WANTED';
        progress.dirty = true;
      }
      this.store(topic);
    }
  }

  /** The topic as a whole has failed: there are no two logs to compare. */
  #impossible(topic: MirrorTopic, id: string): void {
    this.#sweeps.delete(topic);
    for (const partition of topic.partitions) this.of(partition).sweep = null;
    this.#ended.add(id);
    this.#core.ports.verified(topic.name, {
      progress: topic.desired.verified ?? '',
      sweepEnded: { id, at: Date.now(), outcome: 'CANCELLED' },
      difference: null,
    });
  }

  #drop(topic: MirrorTopic): void {
    this.#sweeps.delete(topic);
    for (const partition of topic.partitions) this.of(partition).sweep = null;
    this.store(topic);
  }

  sweeping(topic: MirrorTopic): boolean {
    return this.#sweeps.has(topic);
  }

  /** After the last partition the sweep is over. */
  partitionSwept(topic: MirrorTopic, equal: boolean): void {
    const sweep = this.#sweeps.get(topic);
    if (!sweep) return;
    if (!equal) sweep.different = true;
    this.#endSweep(topic, sweep);
  }

  #endSweep(topic: MirrorTopic, sweep: TopicSweep): void {
    const { partitions } = topic;
    if (partitions.length === 0 || partitions.some((partition) => this.of(partition).sweep !== null)) return;
    this.#sweeps.delete(topic);
    this.#ended.add(sweep.id);
    const outcome: SweepOutcome = sweep.different ? 'DIFFERENT' : 'EQUAL';
    this.store(topic, { sweepEnded: { id: sweep.id, at: Date.now(), outcome } });
  }

  // --- the store ---

  store(
    topic: MirrorTopic,
    more: {
      sweepEnded?: { id: string; at: number; outcome: SweepOutcome };
      difference?: DifferenceReport;
    } = {},
  ): void {
    const mirrorTopicId = this.#core.destinationIds.get(topic.name);
    if (topic.sourceTopicId === null || mirrorTopicId === undefined) return;
    const sweepId = this.#sweeps.get(topic)?.id ?? null;
    const partitions = topic.partitions.map((p): [number, PartitionProgress] => [p.index, this.of(p)]);
    const progress = serialise({ sourceTopicId: topic.sourceTopicId, mirrorTopicId, sweepId }, partitions);
    for (const [, partition] of partitions) partition.dirty = false;
    const { sweepEnded = null, difference = null } = more;
    this.#core.ports.verified(topic.name, { progress, sweepEnded, difference });
  }

  /** What has changed since it was last told. */
  storeChanged(): void {
    for (const topic of this.#core.topics.values())
      if (topic.partitions.some((p) => this.#progress.get(p)?.dirty)) this.store(topic);
  }
}
