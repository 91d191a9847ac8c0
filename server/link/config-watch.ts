// Follows the configs of source topics while they are mirrored: cleanup policy, time of deletions, limits of batches and segments.
// Sets back on mirrors what somebody else has changed of what mirroring depends on.
// Raises a mirror's limit for a batch that it refuses. Lowers no limit: larger batches may still be on their way.
import { includedConfigs, type MirrorConfigsView } from '@/lib/contracts/topic-config-sync';
import type { TopicConfig } from '@/server/kafka/admin';
import { ErrorCode, KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import { configDrift } from './config-drift';
import { LIMIT_TAKES_EFFECT_MS, LIMIT_TRY_MS, RETRY_MS } from './defaults';
import type { LinkCore } from './link-core';
import type { MirrorTopic } from './mirror-topic';
import type { MirrorPartition } from './partition';
import { changedConfigs, configValue, mirrorConfigs, standing, wideTimestamps } from './topic-configs';
import { setTopicConfigs } from './topic-setup';

/** A look takes a moment. */
const LOOK_MARGIN_MS = 1_000;

export class ConfigWatch {
  readonly #core: LinkCore;
  #looking: Promise<number> | null = null;

  constructor(core: LinkCore) {
    this.#core = core;
  }

  /** One look at all source topics; one at a time. @returns how many mirror topics got configs */
  look(): Promise<number> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<number> {
    const topics = [...this.#core.topics.values()].filter(
      (topic) => topic.phase === 'READY' && !topic.ending?.leavesSource,
    );
    if (topics.length === 0) return 0;
    await this.#learn(topics);
    const readAtMs = Date.now();
    const present = await this.#core.destinationAdmin.describeTopicConfigs(topics.map((topic) => topic.name));
    let changed = 0;
    for (const topic of topics) {
      if (this.#core.context.stopping) return changed;
      this.#compare(topic, present.get(topic.name), readAtMs);
      if (this.#core.paused || topic.desired.paused || topic.ending?.leavesSource) continue;
      try {
        if (await this.#apply(topic, undefined, present.get(topic.name))) changed++;
        topic.configTrouble = null;
      } catch (error) {
        const trouble = `The configs of ${topic.name} can't follow its source: ${(error as Error).message}. Tried again by itself.`;
        if (trouble !== topic.configTrouble) this.#core.context.log('warn', trouble);
        topic.configTrouble = trouble;
      }
    }
    return changed;
  }

  get #include(): string {
    return this.#core.context.settings['topic.config.sync.include'];
  }

  /** @param present null where they may not be read: what was seen last stays, with its age */
  #compare(topic: MirrorTopic, present: TopicConfig[] | undefined, mirrorReadAtMs: number): void {
    if (topic.sourceConfigs === null || !present) return;
    const chosen = {
      include: new Set(includedConfigs(this.#include)),
      own: topic.desired.options.configs,
    };
    topic.drift = {
      readAtMs: Math.min(topic.learntAtMs, mirrorReadAtMs),
      rows: configDrift({ source: topic.sourceConfigs, mirror: present }, chosen),
    };
  }

  /** As the last look has seen it. */
  view(topic: MirrorTopic): MirrorConfigsView {
    return {
      readAt: topic.drift?.readAtMs ?? null,
      trouble: topic.configTrouble,
      include: includedConfigs(this.#include),
      rows: topic.drift?.rows ?? [],
    };
  }

  /** What the source's configs are now. @throws KafkaError when the source doesn't answer */
  async learn(topic: MirrorTopic): Promise<void> {
    await this.#learn([topic]);
  }

  /** After an outage the last look may be long ago: what is decided by the configs waits for them. */
  async learnIfOld(topic: MirrorTopic): Promise<void> {
    const ageMs = this.#core.context.settings['topic.config.sync.ms'] + LOOK_MARGIN_MS;
    if (Date.now() - topic.learntAtMs > ageMs) await this.#learn([topic]);
  }

  /** A cleaner works on the source's log, by configs read just now: an empty answer in front of its end can be a hole. */
  async cleanedNow(topic: MirrorTopic): Promise<boolean> {
    const atMs = Date.now();
    await this.#learn([topic]);
    const { sourceConfigs, learntAtMs } = topic;
    if (sourceConfigs === null || learntAtMs < atMs) return false;
    return topic.compacted === true && configValue(sourceConfigs, 'remote.storage.enable') !== 'true';
  }

  async #learn(topics: MirrorTopic[]): Promise<void> {
    const atMs = Date.now();
    const names = [...new Set(topics.map((topic) => topic.desired.sourceTopic))];
    const described = await this.#core.sourceAdmin.describeTopicConfigs(names);
    for (const topic of topics) {
      const configs = described.get(topic.desired.sourceTopic);
      // Left out where it may not be read: what was read last holds.
      if (configs) topic.learnSource(configs, atMs);
    }
  }

  /** @returns whether anything was set */
  async #apply(topic: MirrorTopic, atLeastBytes?: number, present: TopicConfig[] = []): Promise<boolean> {
    if (topic.sourceConfigs === null) return false;
    const wanted = {
      ...mirrorConfigs(topic.sourceConfigs, topic.desired.options.configs, this.#include),
      ...wideTimestamps(present),
    };
    topic.appliedConfigs = standing(topic.appliedConfigs, present);
    const changed = changedConfigs(topic.appliedConfigs, wanted, topic.deletable, atLeastBytes);
    if (Object.keys(changed).length === 0) return false;
    await setTopicConfigs(this.#core.context.destination, topic.name, changed);
    const before = Object.fromEntries(
      Object.keys(changed).map((name) => [name, topic.appliedConfigs?.[name] ?? null]),
    );
    this.#core.ports.wrote({ what: 'CONFIGS_SET', items: [{ topic: topic.name, before, after: changed }] });
    topic.appliedConfigs = { ...topic.appliedConfigs, ...changed };
    if (topic.drift)
      this.#compare(
        topic,
        present.map((config) => ({ ...config, value: changed[config.name] ?? config.value })),
        topic.drift.readAtMs,
      );
    const said = Object.entries(changed).map(([name, value]) => `${name}=${value}`);
    const message = `Set on the mirror topic, because its source has changed or somebody had set something else: ${said.join(', ')}.`;
    this.#core.ports.event(topic.name, null, null, 'CONFIGS_FOLLOWED', message);
    this.#core.context.log('info', `${topic.name}: ${message}`);
    return true;
  }

  /** The mirror refused a batch for its size, and nothing of it was appended: raises the limit, then the partition goes on from there. */
  tooLarge(partition: MirrorPartition, offset: bigint, bytes: number, place: string): void {
    const topic = this.#core.topics.get(partition.topic);
    if (!topic) return;
    const raised = partition.limitRaised?.offset === offset ? partition.limitRaised : null;
    if (raised && performance.now() - raised.atMs > LIMIT_TAKES_EFFECT_MS) {
      const seconds = LIMIT_TAKES_EFFECT_MS / 1000;
      this.#fail(partition, bytes, place, `raising it was accepted ${seconds} s ago without effect`);
      return;
    }
    partition.beginRecovery();
    partition.since = Date.now();
    partition.message = null;
    this.#core.context.fetchChanged(partition);
    const { generation } = partition;
    void this.#raise(topic, bytes).then(
      () => {
        if (partition.generation !== generation) return;
        partition.limitRaised = raised ?? { offset, atMs: performance.now() };
        // Brokers hear of a config a moment after it was accepted.
        partition.recoverNotBeforeMs = performance.now() + LIMIT_TRY_MS;
        this.#core.context.recover(partition, 'max.message.bytes was raised');
      },
      (error: Error) => {
        if (partition.generation === generation) this.#notRaised(partition, bytes, place, error);
      },
    );
  }

  async #raise(topic: MirrorTopic, bytes: number): Promise<void> {
    try {
      await this.#learn([topic]);
    } catch (error) {
      // The batch itself says enough.
      this.#core.context.log('debug', `reading configs of ${topic.name}: ${(error as Error).message}`);
    }
    await this.#apply(topic, bytes);
  }

  #notRaised(partition: MirrorPartition, bytes: number, place: string, error: Error): void {
    const code = error instanceof ProtocolError ? error.code : null;
    if (code === ErrorCode.TOPIC_AUTHORIZATION_FAILED || code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED) {
      partition.awaitRight(
        `${place}: a batch of ${bytes} bytes is larger than the mirror topic's max.message.bytes, and the link's principal may not raise it. Grant ALTER_CONFIGS on topic ${partition.topic}, or raise it to at least ${bytes}; tried again every ${RETRY_MS / 1000} s.`,
        RETRY_MS,
      );
      this.#core.context.recover(partition, error.message);
    } else if (error instanceof KafkaError && (code === null || error.retriable)) {
      partition.recoverNotBeforeMs = performance.now() + LIMIT_TRY_MS;
      this.#core.context.recover(partition, error.message);
    } else this.#fail(partition, bytes, place, error.message);
  }

  #fail(partition: MirrorPartition, bytes: number, place: string, why: string): void {
    partition.limitRaised = null;
    this.#core.failPartition(
      partition,
      'RECORD_TOO_LARGE',
      `${place}: a batch of ${bytes} bytes is larger than the mirror topic's max.message.bytes, which can't be raised: ${why}. Raise max.message.bytes of ${partition.topic} to at least ${bytes}, then pause and resume the mirror.`,
    );
  }
}
