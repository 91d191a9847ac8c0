// Fills what stands in front of a mirror's start with records that are deleted again, and keeps the topic's cleanup policy fit for that deletion.
import { FILLER_IN_FLIGHT } from './defaults';
import { fillerBatch } from './filler';
import type { LinkCore } from './link-core';
import type { MirrorTopic } from './mirror-topic';
import type { MirrorPartition } from './partition';
import { wantedStart } from './sweeps';
import { isDeleting } from './topic-configs';
import { setTopicConfigs } from './topic-setup';

export class HeadFiller {
  readonly #core: LinkCore;

  constructor(core: LinkCore) {
    this.#core = core;
  }

  async begin(topic: MirrorTopic, partition: MirrorPartition, target: bigint, start: bigint): Promise<void> {
    const { generation } = partition;
    if (start !== partition.start) {
      const starts = { ...topic.desired.starts, [String(partition.index)]: String(start) };
      topic.desired = { ...topic.desired, starts };
      await this.#core.ports.persist(topic.name, { starts });
      partition.start = start;
    }
    if (!isDeleting(topic.sourcePolicy)) await this.makeDeletable(topic);
    if (partition.generation !== generation || this.#core.context.stopping) return;
    partition.headTarget = target;
    if (partition.acked >= target) {
      this.#core.context.run(partition);
      return;
    }
    partition.mode = 'HEAD';
    this.feed(partition);
    this.#core.context.stateChanged();
  }

  feed(partition: MirrorPartition): void {
    // What can't be deleted again must not be appended: it goes on when the right is back.
    if (this.#core.topics.get(partition.topic)?.lacks('DESTINATION', 'DELETE')) return;
    if (partition.acked >= partition.headTarget && partition.queueLength === 0) {
      this.#core.context.run(partition);
      return;
    }
    const size = BigInt(this.#core.context.tuning.fillerRecords);
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
    if (partition.queueLength > 0) this.#core.context.append(partition);
  }

  /** DeleteRecords needs `delete` in cleanup.policy; with both retentions at −1 nothing else is deleted by it. */
  async makeDeletable(topic: MirrorTopic): Promise<void> {
    if (topic.deletable) return;
    await this.#setConfigs(topic, {
      'cleanup.policy': 'compact,delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
    });
    topic.deletable = true;
  }

  async restorePolicy(topic: MirrorTopic): Promise<void> {
    if (
      topic.ending?.leavesSource ||
      !topic.deletable ||
      topic.sourcePolicy === null ||
      isDeleting(topic.sourcePolicy)
    )
      return;
    const agreed = topic.partitions.every(
      (p) => p.headDone && wantedStart(p) <= p.mirrorStart && p.mode !== 'HEAD',
    );
    if (!agreed) return;
    await this.#setConfigs(topic, { 'cleanup.policy': topic.sourcePolicy });
    topic.deletable = false;
  }

  async #setConfigs(topic: MirrorTopic, configs: Record<string, string>): Promise<void> {
    await setTopicConfigs(this.#core.context.destination, topic.name, configs);
    // Nobody reads the values first: what they were is in the entry of the topic's creation.
    this.#core.ports.wrote({
      what: 'CONFIGS_SET',
      items: [{ topic: topic.name, before: null, after: configs }],
    });
  }
}
