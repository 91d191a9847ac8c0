// One look at the sources of mirrors that are being drained: topic ids, partitions, and all their ends, asked of their leaders in this moment.
import { NO_TOPIC_ID, type TopicMetadata } from '@/server/kafka/wire/apis/metadata';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { errorName, KafkaError } from '@/server/kafka/wire/errors';
import { type Ends, endsOf, logEndsOf, type PartitionAt, placesOf } from '../source-probe';
import { Gathered } from './gathered';

export type SourcePartition = Ends & {
  at: PartitionAt;
  /** End of the leader's log itself: ahead of the high watermark while followers are behind. */
  logEnd: bigint;
};
export type SourceLook = {
  /** When it was asked for (ms). */
  atMs: number;
  topicId: string;
  /** How many the topic has. */
  partitions: number;
  /** Those whose leader has answered. */
  ends: Map<number, SourcePartition>;
};

export class SourceLooks {
  readonly #source: ClusterClient;
  readonly #looks: Gathered<string, SourceLook>;

  constructor(source: ClusterClient) {
    this.#source = source;
    this.#looks = new Gathered((topics) => this.#ask(topics));
  }

  /** @throws KafkaError when the source does not answer, or says that the topic is not there */
  look(topic: string): Promise<SourceLook> {
    return this.#looks.get(topic);
  }

  #ask(topics: string[]): Map<string, Promise<SourceLook>> {
    const atMs = Date.now();
    const all = this.#source.metadata(topics).then(async ({ topics: found }) => {
      const known = found.filter(({ errorCode }) => errorCode === 0);
      const places = known.flatMap(placesOf);
      const [ends, logEnds] = await Promise.all([
        endsOf(this.#source, places),
        logEndsOf(this.#source, places),
      ]);
      return { found, ends, logEnds };
    });
    return new Map(
      topics.map((topic) => [
        topic,
        all.then(({ found, ends, logEnds }) => {
          const metadata = found.find(({ name }) => name === topic);
          if (metadata?.errorCode !== 0) throw notThere(this.#source, topic, metadata);
          const partitions = new Map<number, SourcePartition>();
          for (const at of placesOf(metadata)) {
            const [own, logEnd] = [`${topic}-${at.partition}`].flatMap((key) => [
              ends.get(key),
              logEnds.get(key),
            ]) as [Ends | undefined, bigint | undefined];
            if (own && logEnd !== undefined) partitions.set(at.partition, { ...own, logEnd, at });
          }
          const { topicId } = metadata;
          return { atMs, topicId, partitions: metadata.partitions.length, ends: partitions };
        }),
      ]),
    );
  }
}

/** Brokers before 2.8 give topics no id. */
export const sameTopicId = (a: string | null, b: string): boolean =>
  a === null || a === NO_TOPIC_ID || b === NO_TOPIC_ID || a === b;

function notThere(source: ClusterClient, topic: string, metadata: TopicMetadata | undefined): KafkaError {
  const why = metadata ? errorName(metadata.errorCode) : 'it is missing from the answer';
  return new KafkaError(`the source topic ${topic} on ${source.name} can't be read: ${why}`, {
    retriable: true,
  });
}
