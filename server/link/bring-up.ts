// Brings mirrors up: sets their topics up on the destination, stores what was learnt, and starts their partitions.

import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { DestinationWrite } from '@/lib/contracts/engine';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import { KafkaError } from '@/server/kafka/wire/errors';
import { GUARD_MARGIN, RETRY_MS } from './defaults';
import type { LinkCore, MirrorFacts } from './link-core';
import { MirrorRefused } from './mirror-refused';
import type { MirrorTopic } from './mirror-topic';
import { MirrorPartition } from './partition';
import { grantCommand, TOPIC_RIGHTS } from './rights';
import { mirrorConfigs } from './topic-configs';
import { noteRights } from './topic-rights';
import { setUpMirror } from './topic-setup';

const SET_UPS_AT_ONCE = 8;

/** All that a mirror topic takes: which of them is missing isn't known before the topic exists. */
function needed(destination: ClusterConfig, topic: string): string {
  const operations = ['CREATE', ...TOPIC_RIGHTS.DESTINATION.map(({ operation }) => operation)] as const;
  return `The link's principal needs ${operations.join(', ')} on topic ${topic} of ${destination.name}: ${grantCommand(destination, 'TOPIC', operations, [topic])}. Tried again by itself.`;
}

export class BringUp {
  readonly #core: LinkCore;
  #settingUp = 0;
  /** Topics that wait for one of the few set-ups at once, with what was last seen of them. */
  readonly #line = new Map<MirrorTopic, TopicMetadata>();
  #guardLearnt = false;

  constructor(core: LinkCore) {
    this.#core = core;
  }

  async setUp(topic: MirrorTopic, sourceTopic: TopicMetadata): Promise<void> {
    // Metadata comes again by itself; a topic that waits for its turn is taken from the line, without reading all of them anew.
    if (topic.setUpRunning || performance.now() < topic.setUpNotBeforeMs) return;
    if (this.#settingUp >= SET_UPS_AT_ONCE) {
      this.#line.set(topic, sourceTopic);
      return;
    }
    this.#line.delete(topic);
    topic.setUpRunning = true;
    this.#settingUp++;
    try {
      const sides = {
        source: this.#core.context.source,
        destination: this.#core.context.destination,
        sourceAdmin: this.#core.sourceAdmin,
        destinationAdmin: this.#core.destinationAdmin,
        wrote: (write: DestinationWrite) => this.#wrote(topic, write),
        knownId: this.#core.destinationIds.get(topic.name),
      };
      const startedAtMs = Date.now();
      const facts = await setUpMirror(sides, topic.desired, sourceTopic, this.#core.context.settings);
      const starts = facts.starts ?? topic.desired.starts ?? {};
      const stored: MirrorFacts = {
        sourceTopicId: sourceTopic.topicId,
        created: true,
        destinationTopicId: facts.destinationTopic.topicId,
        ...(facts.starts ? { starts: facts.starts } : {}),
      };
      if (topic.desired.consistentAt === null) {
        topic.desired = { ...topic.desired, consistentAt: Date.now() };
        stored.consistentAt = topic.desired.consistentAt ?? Date.now();
      }
      await this.#core.ports.persist(topic.name, stored);
      if (this.#core.context.stopping || this.#core.topics.get(topic.name) !== topic) return;
      // Failed over meanwhile.
      if (topic.ending?.leavesSource) return;
      topic.desired = { ...topic.desired, created: true, starts };
      topic.sourceTopicId = sourceTopic.topicId;
      topic.learnSource(facts.sourceConfigs, startedAtMs);
      topic.appliedConfigs = mirrorConfigs(
        facts.sourceConfigs,
        topic.desired.options.configs,
        this.#core.context.settings['topic.config.sync.include'],
      );
      topic.message = null;
      topic.setUpRefused = false;
      topic.setUpFailures = 0;
      await this.#learnGuard();
      this.#core.destinationIds.set(topic.name, facts.destinationTopic.topicId);
      noteRights(this.#core, topic, 'DESTINATION', facts.destinationTopic);
      this.#addPartitions(topic, sourceTopic, facts.destinationTopic);
      topic.phase = 'READY';
    } catch (error) {
      if (this.#core.context.stopping) return;
      if (error instanceof MirrorRefused) this.#core.failTopic(topic, error.code, error.message);
      else {
        topic.setUpFailures++;
        topic.setUpNotBeforeMs = performance.now() + Math.min(RETRY_MS, 200 * 2 ** topic.setUpFailures);
        topic.setUpRefused = /AUTHORIZATION_FAILED/.test((error as Error).message);
        topic.message = `Not set up yet: ${(error as Error).message}. ${topic.setUpRefused ? needed(this.#core.desired.destination, topic.name) : 'Tried again by itself.'}`;
        this.#core.context.log(
          error instanceof KafkaError ? 'info' : 'error',
          `setting up ${topic.name}: ${error instanceof KafkaError ? error.message : (error as Error).stack}`,
        );
      }
    } finally {
      this.#settingUp--;
      topic.setUpRunning = false;
      const next = this.#next();
      if (next) void this.setUp(...next);
      else if (topic.phase === 'NEW') {
        const waitMs = Math.max(200, topic.setUpNotBeforeMs - performance.now());
        this.#core.later(() => this.#core.context.refreshMetadata(), waitMs);
      }
      this.#core.context.stateChanged();
    }
  }

  #wrote({ name, desired }: MirrorTopic, write: DestinationWrite): void {
    const { ports } = this.#core;
    ports.wrote(write);
    if (write.what !== 'PARTITIONS_ADDED') return;
    const [before, after] = [write.items[0]?.before?.partitions, write.items[0]?.after.partitions];
    const message = `The source topic ${desired.sourceTopic} has ${after} partitions, the mirror had ${before}: it was given the others, which are mirrored from their beginning.`;
    ports.event(name, null, null, 'PARTITIONS_ADDED', message);
  }

  /** First in the line that still is wanted. */
  #next(): [MirrorTopic, TopicMetadata] | null {
    for (const [topic, found] of this.#line) {
      if (this.#core.topics.get(topic.name) === topic && topic.phase !== 'FAILED') return [topic, found];
      this.#line.delete(topic);
    }
    return null;
  }

  /** How long the destination's brokers remember a producer; read once. */
  async #learnGuard(): Promise<void> {
    const broker = this.#core.context.destination.brokers[0];
    if (!broker || this.#guardLearnt) return;
    this.#guardLearnt = true;
    try {
      const value = await this.#core.destinationAdmin.brokerConfig(broker.id, 'producer.id.expiration.ms');
      if (value !== null) this.#core.context.guardMs = Number(value) * GUARD_MARGIN;
    } catch (error) {
      this.#core.context.log(
        'info',
        `producer.id.expiration.ms can't be read (${(error as Error).message}); a day is assumed`,
      );
    }
  }

  #addPartitions(topic: MirrorTopic, source: TopicMetadata, destination: TopicMetadata): void {
    for (const meta of source.partitions) {
      if (topic.partitions[meta.partition]) continue;
      const partition = new MirrorPartition({
        linkId: this.#core.desired.id,
        topic: topic.name,
        sourceTopic: topic.desired.sourceTopic,
        sourceTopicId: source.topicId,
        index: meta.partition,
      });
      const there = destination.partitions[meta.partition];
      partition.start = BigInt(topic.desired.starts?.[String(meta.partition)] ?? '0');
      partition.turnedAt = topic.turnedAt(meta.partition);
      partition.mirrorLeader = there?.leader ?? -1;
      partition.mirrorLeaderEpoch = there?.leaderEpoch ?? -1;
      partition.consistentAt = topic.desired.consistentAt;
      // Whatever an earlier engine sent may still arrive, unless it stopped in order and nobody was here since.
      const earlier = this.#core.previousStoppedClean()
        ? 0
        : this.#core.startedMs + this.#core.context.tuning.unknownFateWaitMs;
      partition.unsafeUntilMs = Math.max(earlier, this.#core.lateUntilMs.get(topic.name) ?? 0);
      topic.partitions[meta.partition] = partition;
      this.#core.moveSource(partition, meta.leader, meta.leaderEpoch);
      const differs = this.#core.differs(partition);
      // A paused link does not raise the epoch: another engine may be at work.
      if (differs) this.#core.failPartition(partition, differs.error, differs.message);
      else if (this.#core.paused || topic.halted) partition.mode = 'STOPPED';
      else this.#core.context.recover(partition, 'start');
    }
  }
}
