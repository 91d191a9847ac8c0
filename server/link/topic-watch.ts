// Reads the metadata of both ends, on a timer and on demand: finds topics that appeared, grew, moved, changed their id or are gone.
import type { EndingWish } from '@/lib/contracts/operation';
import type { TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, errorName, KafkaError } from '@/server/kafka/wire/errors';
import type { BringUp } from './bring-up';
import type { LinkCore } from './link-core';
import type { MirrorTopic } from './mirror-topic';
import type { PartitionMode } from './partition';
import { noteRights } from './topic-rights';
import { anotherTopicMessage } from './topic-setup';

/** Looks in a row that must miss a topic before it counts as gone. */
const MISSING_LOOKS = 3;
/** Metadata is asked for at most this often. */
const LOOK_SPACING_MS = 100;

/** Modes in which the positions are believed: a new leader must be asked again. */
const WRITES_OR_IS_ABOUT_TO: ReadonlySet<PartitionMode> = new Set(['LOCATING', 'HEAD', 'RUNNING']);

const leavesSource = (wish: EndingWish | null): boolean =>
  wish !== null && (wish.kind === 'FAILOVER' || wish.fencing);

export class TopicWatch {
  readonly #core: LinkCore;
  readonly #bringUp: BringUp;
  #running = false;
  #wanted = false;
  #readAtMs = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(core: LinkCore, bringUp: BringUp) {
    this.#core = core;
    this.#bringUp = bringUp;
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  want(): void {
    if (this.#core.context.stopping || this.#core.fatal) return;
    this.#wanted = true;
    if (this.#running || this.#timer) return;
    const wait = Math.max(0, this.#readAtMs + LOOK_SPACING_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#wanted = false;
      this.#running = true;
      void this.#readMetadata().finally(() => {
        this.#running = false;
        this.#readAtMs = performance.now();
        if (this.#wanted) this.want();
      });
    }, wait);
  }

  async #readMetadata(): Promise<void> {
    const topics = [...this.#core.topics.values()];
    const [source, destination] = await Promise.all([
      this.#topicsOf(
        this.#core.context.source,
        [...new Set(topics.map((t) => t.desired.sourceTopic))],
        this.#core.desired.sourceClusterId,
      ),
      this.#topicsOf(
        this.#core.context.destination,
        topics.filter((t) => t.phase === 'READY').map((t) => t.name),
        this.#core.desired.destinationClusterId,
      ),
    ]);
    if (source instanceof KafkaError) this.#core.health.sourceTrouble = source;
    else {
      this.#core.health.sourceTrouble = null;
      this.#core.health.sourceOkMs = performance.now();
    }
    if (destination instanceof KafkaError) this.#core.health.destinationTrouble = destination;
    else {
      this.#core.health.destinationTrouble = null;
      this.#core.health.destinationOkMs = performance.now();
    }
    if (this.#core.context.stopping || this.#core.fatal) return;
    if (!(destination instanceof KafkaError))
      for (const topic of topics) this.#destinationMetadata(topic, destination.get(topic.name));
    if (!(source instanceof KafkaError))
      for (const topic of topics) this.#sourceMetadata(topic, source.get(topic.desired.sourceTopic));
    this.#core.context.stateChanged();
  }

  async #topicsOf(
    client: ClusterClient,
    names: string[],
    clusterId: string,
  ): Promise<Map<string, TopicMetadata> | KafkaError> {
    try {
      const { topics } = await client.metadata(names, { operations: true });
      if (client.clusterId !== null && client.clusterId !== clusterId) {
        this.#core.stopForGood(
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
    if (topic.phase === 'FAILED' || !this.#core.topics.has(topic.name)) return;
    // It goes its own way, with or without the source. Before the operation is taken up, too.
    if (topic.ending?.leavesSource || leavesSource(topic.desired.ending)) return;
    // What stands under its name is to be looked at first, and perhaps deleted.
    if (topic.remaking ? !topic.remaking.cleared : topic.desired.remake) return;
    const name = topic.desired.sourceTopic;
    noteRights(this.#core, topic, 'SOURCE', found);
    if (!found || found.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
      topic.missingLooks++;
      topic.message = `The source topic ${name} doesn't exist on ${this.#core.desired.source.name}.`;
      if (topic.phase === 'READY' && topic.missingLooks >= MISSING_LOOKS) {
        this.#core.failTopic(
          topic,
          'SOURCE_TOPIC_MAY_BE_DELETED',
          `The source topic ${name} is gone from ${this.#core.desired.source.name} (${topic.missingLooks} looks in a row). The mirror stays as it is. Delete the mirror to keep it as an ordinary topic.`,
        );
      } else this.#core.later(() => this.want(), 1_000);
      return;
    }
    if (found.errorCode !== 0) {
      topic.message = `The source topic ${name} can't be read: ${errorName(found.errorCode)}.`;
      return;
    }
    topic.missingLooks = 0;
    if (topic.sourceTopicId !== null && topic.sourceTopicId !== found.topicId) {
      this.#core.failTopic(
        topic,
        'SOURCE_TOPIC_ID_CHANGED',
        `The source topic ${name} was deleted and created again on ${this.#core.desired.source.name} (id ${topic.sourceTopicId} → ${found.topicId}): its offsets begin anew. Re-seed the mirror to copy it anew.`,
      );
      return;
    }
    if (topic.phase === 'NEW') {
      // A paused link touches nothing that isn't there yet.
      const { paused, created, turn } = topic.desired;
      if ((this.#core.paused || paused) && !created && !turn) return;
      void this.#bringUp.setUp(topic, found);
      return;
    }
    if (found.partitions.length < topic.partitions.length) {
      this.#core.failTopic(
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
        this.#core.moveSource(partition, meta.leader, meta.leaderEpoch);
    }
    if (found.partitions.length > topic.partitions.length && !topic.growing) {
      topic.growing = true;
      void this.#bringUp.setUp(topic, found).finally(() => {
        topic.growing = false;
      });
    }
  }

  #destinationMetadata(topic: MirrorTopic, found: TopicMetadata | undefined): void {
    if (topic.phase !== 'READY') return;
    noteRights(this.#core, topic, 'DESTINATION', found);
    if (!found || found.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
      if (++topic.mirrorMissingLooks >= MISSING_LOOKS) {
        this.#core.failTopic(
          topic,
          'ILLEGAL_STATE',
          `The mirror topic ${topic.name} was deleted on ${this.#core.desired.destination.name}. Take the mirror off the link, or re-seed it to copy anew.`,
        );
      } else this.#core.later(() => this.want(), 1_000);
      return;
    }
    if (found.errorCode !== 0) return;
    topic.mirrorMissingLooks = 0;
    const before = this.#core.destinationIds.get(topic.name);
    if (before !== undefined && before !== found.topicId) {
      this.#core.failTopic(
        topic,
        'ILLEGAL_STATE',
        anotherTopicMessage(this.#core.desired.destination.name, topic.name, before, found.topicId),
      );
      return;
    }
    this.#core.destinationIds.set(topic.name, found.topicId);
    for (const meta of found.partitions) {
      const partition = topic.partitions[meta.partition];
      if (!partition) continue;
      const moved = meta.leader !== partition.mirrorLeader;
      if (!moved && meta.leaderEpoch <= partition.mirrorLeaderEpoch) continue;
      if (moved) {
        this.#core.context.stopWriting(partition);
      }
      const known = partition.mirrorLeader >= 0;
      partition.mirrorLeader = meta.leader;
      partition.mirrorLeaderEpoch = Math.max(partition.mirrorLeaderEpoch, meta.leaderEpoch);
      if (known && WRITES_OR_IS_ABOUT_TO.has(partition.mode))
        this.#core.context.recover(partition, 'the leader of the mirror changed');
    }
  }
}
