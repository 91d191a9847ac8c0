// Where the logs of mirrors that are stopped end, and the fence behind that end: one marker under a raised epoch, after which the brokers refuse whatever
// an engine of this link may still send. Many partitions at a time; what a fence is for is decided elsewhere.
import { REPLICA_DEBUG } from '@/server/kafka/wire/apis/list-offsets';
import { ErrorCode, errorName } from '@/server/kafka/wire/errors';
import { readBatches } from '@/server/kafka/wire/record-batch';
import { type Fill, missingFillRight } from '../fill';
import type { LinkContext } from '../link-context';
import { writeMarkers } from '../markers';
import { mirrorEnds } from '../mirror-ends';
import type { MirrorPartition } from '../partition';
import { groupByTopic } from '../partition-groups';
import { recoverOnBroker } from '../recovery';
import { fetchOne } from '../source-probe';
import { settle } from '../writer';
import { FENCED, fenceByTransaction } from './fence-transaction';
import { Gathered, together } from './gathered';

/** `offset` is null where there is none; `foreign`: in front of it, or of the log's end, stands something that is not of this link. */
export type FoundMarker = { offset: bigint | null; foreign: boolean };
/** Null: done. Otherwise what it waits for. */
export type Waits = string | null;

export class Fences {
  readonly #link: LinkContext;
  readonly #settled: Gathered<MirrorPartition, Waits>;
  readonly #fenced: Gathered<MirrorPartition, Waits>;

  constructor(link: LinkContext) {
    this.#link = link;
    this.#settled = new Gathered((partitions) => this.#byBroker(partitions, (id, p) => this.#settle(id, p)));
    this.#fenced = new Gathered((partitions) => this.#fenceAll(partitions));
  }

  /** The recovery rule: `acked` is the log's end once it holds still and all of it is safe, under an epoch above all that was sent before. */
  settle(partition: MirrorPartition): Promise<Waits> {
    return this.#settled.get(partition);
  }

  /** Appends the marker at `acked`, which a settlement has just found. */
  fence(partition: MirrorPartition): Promise<Waits> {
    return this.#fenced.get(partition);
  }

  /**
   * The first marker of this link at or behind `from`, of this epoch or a newer one: answers after restarts whether the fence was set, and where.
   * @throws KafkaError
   */
  async markerBehind(
    partition: MirrorPartition,
    topicId: string,
    from: bigint,
    epoch: number,
  ): Promise<FoundMarker> {
    const { topic, index, mirrorLeader: leader, mirrorLeaderEpoch: leaderEpoch } = partition;
    const at = { topic, topicId, partition: index, leader, leaderEpoch };
    const { producerId } = this.#link.identity;
    let foreign = false;
    for (let next = from; next < partition.acked; ) {
      const fetched = await fetchOne(this.#link.destination, at, next, { readCommitted: false });
      const batches = readBatches(fetched.records).filter(({ lastOffset }) => lastOffset >= next);
      if (batches.length === 0) break;
      for (const batch of batches) {
        const own = batch.producerId === producerId;
        if (own && batch.control && batch.producerEpoch >= epoch)
          return { offset: batch.baseOffset, foreign };
        if (!own) foreign = true;
        next = batch.lastOffset + 1n;
      }
    }
    return { offset: null, foreign };
  }

  #byBroker(
    partitions: MirrorPartition[],
    work: (brokerId: number, group: MirrorPartition[]) => Promise<Map<MirrorPartition, Waits>>,
  ): Map<MirrorPartition, Promise<Waits>> {
    const groups = new Map<number, MirrorPartition[]>();
    for (const partition of partitions) {
      const group = groups.get(partition.mirrorLeader);
      if (group) group.push(partition);
      else groups.set(partition.mirrorLeader, [partition]);
    }
    const answers = new Map<MirrorPartition, Promise<Waits>>();
    for (const [brokerId, group] of groups) {
      const answer =
        brokerId < 0
          ? Promise.resolve(new Map<MirrorPartition, Waits>())
          : this.#standingDown(work(brokerId, group));
      const missing = ({ mirrorLeader }: MirrorPartition) =>
        mirrorLeader < 0 ? noLeader : 'its leader is changing';
      for (const [partition, waits] of together(group, answer, missing)) answers.set(partition, waits);
    }
    return answers;
  }

  /** Whoever is told that another engine has taken over leaves the rest to it. */
  async #standingDown<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (this.#link.identity.superseded) this.#link.standDown(error as Error);
      else this.#link.refreshMetadata();
      throw error;
    }
  }

  async #settle(brokerId: number, group: MirrorPartition[]): Promise<Map<MirrorPartition, Waits>> {
    const { recovered, failed } = await recoverOnBroker(this.#link, brokerId, group, 'ENDING');
    const found = new Map<MirrorPartition, Waits>(recovered.map((partition) => [partition, null]));
    for (const [partition, why] of failed) found.set(partition, why);
    if (failed.size > 0) this.#link.refreshMetadata();
    return found;
  }

  #fenceAll(partitions: MirrorPartition[]): Map<MirrorPartition, Promise<Waits>> {
    if (this.#link.fills.way === 'MARKERS')
      return this.#byBroker(partitions, (id, group) => this.#byMarkers(id, group));
    const topics = groupByTopic(partitions, ({ index }) => index);
    const errors = this.#standingDown(this.#confirmed().then(() => fenceByTransaction(this.#link, topics)));
    // Nobody waits for it where all leaders are gone meanwhile.
    errors.catch(() => undefined);
    return this.#byBroker(partitions, async (brokerId, group) => this.#judge(brokerId, group, await errors));
  }

  async #confirmed(): Promise<void> {
    const { identity } = this.#link;
    if (!identity.owned(performance.now())) await identity.check();
  }

  async #byMarkers(brokerId: number, group: MirrorPartition[]): Promise<Map<MirrorPartition, Waits>> {
    await this.#confirmed();
    const connection = await this.#link.destination.connection(brokerId, 'markers');
    const fills = group.map(
      (partition): Fill => ({
        partition,
        generation: partition.generation,
        from: partition.acked,
        count: 1,
        producerId: partition.producerId,
        epoch: partition.targetEpoch,
      }),
    );
    try {
      const errors = await writeMarkers(connection, fills, this.#link.tuning.markersTimeoutMs);
      return await this.#judge(brokerId, group, errors);
    } catch (error) {
      // What is on the connection may still be carried out: it is read anew behind its end.
      this.#link.destination.detach(brokerId, 'markers');
      await settle(connection, this.#link.tuning.halfCloseWaitMs);
      throw error;
    }
  }

  /**
   * The end of the log behind the markers is the truth; their answers are merged by producer id. Where one was refused, the log may have grown by what
   * somebody else wrote: the next look finds out whether the marker is there all the same.
   */
  async #judge(
    brokerId: number,
    group: MirrorPartition[],
    errors: Map<string, number>,
  ): Promise<Map<MirrorPartition, Waits>> {
    const connection = await this.#link.destination.connection(brokerId, 'control');
    const ends = await mirrorEnds(connection, group, REPLICA_DEBUG);
    return new Map(
      group.map((partition): [MirrorPartition, Waits] => {
        const end = ends.get(partition);
        const refused = errors.get(partition.name);
        if (refused === undefined && end?.errorCode === 0 && end.offset > partition.acked) {
          partition.acked = end.offset;
          return [partition, null];
        }
        const code = refused ?? end?.errorCode ?? ErrorCode.NOT_LEADER_OR_FOLLOWER;
        return [partition, this.#refused(partition, code)];
      }),
    );
  }

  #refused(partition: MirrorPartition, code: number): string {
    const { fills, identity } = this.#link;
    if (code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED) {
      fills.markersRefused();
      return 'the fence is set by a transaction instead, because markers may not be written';
    }
    if (code === ErrorCode.TOPIC_AUTHORIZATION_FAILED)
      return missingFillRight(partition, code, identity.transactionalId);
    if (FENCED.has(code)) {
      identity.check().catch((error: Error) => {
        if (identity.superseded) this.#link.standDown(error);
      });
    }
    this.#link.refreshMetadata();
    return code === 0 ? 'the fence is not there yet' : errorName(code);
  }
}

export const noLeader =
  'it has no leader on the destination: the brokers that hold it are gone or not in sync';
