// How the bench looks at a cluster: end offsets and fetches through our own wire client, in the bench's process, so that looking costs neither side anything.
import { clusterConfig } from '@/lib/contracts/cluster';
import { clientFor } from '@/server/kafka/security';
import { type FetchedPartition, fetch } from '@/server/kafka/wire/apis/fetch';
import { listOffsets, OFFSET_LATEST, REPLICA_CONSUMER } from '@/server/kafka/wire/apis/list-offsets';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { errorName, isRetriableCode } from '@/server/kafka/wire/errors';

export type Place = { topicId: string; partitionsByLeader: Map<number, number[]> };
export type Position = { partition: number; offset: bigint };

export class ClusterView {
  readonly #client: ClusterClient;
  readonly #places = new Map<string, Place>();

  constructor(name: string, bootstrap: string) {
    const config = clusterConfig.parse({ name, bootstrapServers: bootstrap.split(',') });
    this.#client = clientFor(config, 'landbridge-bench');
  }

  /** Where a topic's partitions are led; null while the topic, or a leader, is missing. */
  async place(topic: string): Promise<Place | null> {
    const known = this.#places.get(topic);
    if (known) return known;
    const { topics } = await this.#client.metadata([topic]);
    const found = topics[0];
    if (found?.errorCode !== 0 || found.partitions.some((p) => p.leader < 0)) return null;
    const partitionsByLeader = new Map<number, number[]>();
    for (const { leader, partition } of found.partitions) {
      const led = partitionsByLeader.get(leader);
      if (led) led.push(partition);
      else partitionsByLeader.set(leader, [partition]);
    }
    const place = { topicId: found.topicId, partitionsByLeader };
    this.#places.set(topic, place);
    return place;
  }

  /** High watermark of each partition; null while the topic is missing, or a leader has yet to take it up. */
  async ends(topic: string): Promise<Map<number, bigint> | null> {
    const place = await this.place(topic);
    if (!place) return null;
    const answers = await Promise.all(
      [...place.partitionsByLeader].map(async ([leader, led]) => {
        const connection = await this.#client.connection(leader, 'control');
        const partitions = led.map((partition) => ({
          partition,
          currentLeaderEpoch: -1,
          timestamp: OFFSET_LATEST,
        }));
        return connection.request(listOffsets, {
          replicaId: REPLICA_CONSUMER,
          readCommitted: false,
          topics: [{ topic, partitions }],
        });
      }),
    );
    const ends = new Map<number, bigint>();
    for (const { partition, errorCode, offset } of answers.flat()) {
      if (isRetriableCode(errorCode)) {
        this.#places.delete(topic);
        return null;
      }
      if (errorCode !== 0) throw new Error(`ListOffsets of ${topic}-${partition}: ${errorName(errorCode)}`);
      ends.set(partition, offset);
    }
    return ends;
  }

  /** One fetch from one leader, outside any session; waits for something new up to `maxWaitMs`. Purely what the broker shows to a consumer. */
  async fetch(
    topic: string,
    leader: number,
    positions: Position[],
    maxWaitMs: number,
    maxBytes = 1_048_576,
  ): Promise<FetchedPartition[]> {
    const place = await this.place(topic);
    if (!place) throw new Error(`${topic} is not there.`);
    const connection = await this.#client.connection(leader, 'fetch');
    const partitions = positions.map(({ partition, offset }) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: offset,
      lastFetchedEpoch: -1,
      maxBytes,
    }));
    const response = await connection.request(fetch, {
      maxWaitMs,
      minBytes: 1,
      maxBytes: maxBytes * 4,
      readCommitted: true,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topic, topicId: place.topicId, partitions }],
      forgotten: [],
      rack: '',
    });
    const fetched = response.topics.flatMap((t) => t.partitions);
    const failed = fetched.find((p) => p.errorCode !== 0);
    if (response.errorCode !== 0 || failed)
      throw new Error(`Fetch of ${topic}: ${errorName(failed?.errorCode ?? response.errorCode)}`);
    return fetched;
  }

  close(): void {
    this.#client.close();
  }
}

export function sameEnds(source: ReadonlyMap<number, bigint>, mirror: ReadonlyMap<number, bigint>): boolean {
  return (
    source.size === mirror.size && [...source].every(([partition, end]) => mirror.get(partition) === end)
  );
}

export function total(ends: ReadonlyMap<number, bigint>): bigint {
  let sum = 0n;
  for (const end of ends.values()) sum += end;
  return sum;
}
