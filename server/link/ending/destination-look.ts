// The destination's metadata of mirrors that are being stopped: asked anew each time, because the source's may be gone and with it the usual way to know them.
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import { ErrorCode, errorName, KafkaError } from '@/server/kafka/wire/errors';
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import { MirrorPartition } from '../partition';
import { Gathered, together } from './gathered';

export class DestinationLooks {
  readonly #core: LinkCore;
  readonly #looks: Gathered<string, TopicMetadata | null>;

  constructor(core: LinkCore) {
    this.#core = core;
    this.#looks = new Gathered((names) =>
      together(
        names,
        core.context.destination
          .metadata(names)
          .then(({ topics }) => new Map(topics.map((topic) => [topic.name, topic]))),
        () => null,
      ),
    );
  }

  /**
   * Takes over the leaders. Partitions that no engine of this run has set up are made: their source may not be there to be asked.
   * @returns false when there is no such topic. @throws KafkaError
   */
  async apply(topic: MirrorTopic): Promise<boolean> {
    const found = await this.#looks.get(topic.name);
    if (!found || found.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return false;
    const { destination } = this.#core.context;
    if (found.errorCode !== 0) {
      throw new KafkaError(`${topic.name} on ${destination.name}: ${errorName(found.errorCode)}`, {
        retriable: true,
      });
    }
    const before = this.#core.destinationIds.get(topic.name);
    if (before !== undefined && before !== found.topicId) return false;
    this.#core.destinationIds.set(topic.name, found.topicId);
    for (const meta of found.partitions) {
      const partition = topic.partitions[meta.partition] ?? this.#made(topic, meta.partition);
      topic.partitions[meta.partition] = partition;
      partition.mirrorLeader = meta.leader;
      partition.mirrorLeaderEpoch = Math.max(partition.mirrorLeaderEpoch, meta.leaderEpoch);
    }
    return true;
  }

  #made(topic: MirrorTopic, index: number): MirrorPartition {
    const partition = new MirrorPartition({
      linkId: this.#core.desired.id,
      topic: topic.name,
      sourceTopic: topic.desired.sourceTopic,
      sourceTopicId: topic.sourceTopicId ?? '',
      index,
    });
    partition.start = BigInt(topic.desired.starts?.[String(index)] ?? '0');
    partition.turnedAt = topic.turnedAt(index);
    partition.mode = 'ENDING';
    return partition;
  }
}
