// Fills offsets that hold no record, by transaction markers under the link's own producer id. One request in flight per broker, many partitions in it.
// The end offset before and after is the truth: answers are merged per producer id.
import {
  type ListedOffset,
  listOffsets,
  OFFSET_LATEST,
  REPLICA_CONSUMER,
  REPLICA_DEBUG,
} from '@/server/kafka/wire/apis/list-offsets';
import { type TxnMarker, writeTxnMarkers } from '@/server/kafka/wire/apis/write-txn-markers';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode, errorName, isRetriableCode, KafkaError } from '@/server/kafka/wire/errors';
import { MARKERS_PER_REQUEST, RETRY_MS } from './defaults';
import type { LinkContext } from './link-context';
import type { FillStep, MirrorPartition } from './partition';
import { settle } from './writer';

type FillAnswer = { errors: Map<string, number>; ends: Map<MirrorPartition, ListedOffset> };
type Fill = {
  partition: MirrorPartition;
  generation: number;
  from: bigint;
  count: number;
  producerId: bigint;
  epoch: number;
};

export class MarkerWriter {
  readonly brokerId: number;
  readonly #link: LinkContext;
  readonly #waiting = new Set<MirrorPartition>();
  #running = false;
  #wake: NodeJS.Timeout | null = null;

  constructor(link: LinkContext, brokerId: number) {
    this.#link = link;
    this.brokerId = brokerId;
  }

  /** The partition's next step is a fill, and nothing of it is in flight. */
  add(partition: MirrorPartition): void {
    this.#waiting.add(partition);
    this.#start();
  }
  remove(partition: MirrorPartition): void {
    this.#waiting.delete(partition);
  }
  close(): void {
    if (this.#wake) clearTimeout(this.#wake);
    this.#wake = null;
    this.#waiting.clear();
  }

  #later(ms: number): void {
    this.#wake ??= setTimeout(() => {
      this.#wake = null;
      this.#start();
    }, ms);
  }

  #start(): void {
    if (this.#running || this.#link.stopping) return;
    this.#running = true;
    setImmediate(() => {
      this.#run()
        .catch((error: Error) => {
          this.#link.log(
            'debug',
            `markers at ${this.#link.destination.where(this.brokerId)}: ${error.message}`,
          );
          this.#link.refreshMetadata();
          this.#later(300);
        })
        .finally(() => {
          this.#running = false;
          if (this.#waiting.size > 0 && !this.#wake) this.#start();
        });
    });
  }

  async #run(): Promise<void> {
    if (this.#link.stopping) return;
    const candidates = this.#candidates();
    if (candidates.length === 0) return;
    if (!this.#link.identity.owned(performance.now())) {
      try {
        await this.#link.identity.check();
      } catch (error) {
        if (this.#link.identity.superseded) this.#link.standDown(error as Error);
        throw error;
      }
    }
    const connection = await this.#link.destination.connection(this.brokerId, 'markers');
    const ready = await this.#confirmEnds(connection, candidates);
    if (ready.length === 0) return;
    await this.#append(connection, ready);
  }

  #candidates(): MirrorPartition[] {
    const now = performance.now();
    const candidates: MirrorPartition[] = [];
    for (const partition of this.#waiting) {
      const step = partition.peek();
      if (step?.kind !== 'fill' || partition.mode !== 'RUNNING' || partition.outstanding > 0)
        this.#waiting.delete(partition);
      else if (this.#unsafe(partition, now))
        this.#later(Math.min(1_000, Math.max(1, partition.unsafeUntilMs - now)));
      else candidates.push(partition);
    }
    return candidates;
  }

  /** Markers have no sequence number. They are safe once nothing older can arrive, or when a batch of ours has shown that the old life was at its end. */
  #unsafe(partition: MirrorPartition, now: number): boolean {
    return now < partition.unsafeUntilMs && partition.alone;
  }

  /** Only where the log ends at the planned offset, and all of it is safe: a leader change must not move what a marker lands behind. */
  async #confirmEnds(connection: Connection, partitions: MirrorPartition[]): Promise<MirrorPartition[]> {
    const generations = new Map(partitions.map((p) => [p, p.generation]));
    const [ends, safe] = await Promise.all([
      this.#ends(connection, partitions, REPLICA_DEBUG),
      this.#ends(connection, partitions, REPLICA_CONSUMER),
    ]);
    const ready: MirrorPartition[] = [];
    for (const partition of partitions) {
      if (generations.get(partition) !== partition.generation || partition.peek()?.kind !== 'fill') continue;
      const end = ends.get(partition);
      const highWatermark = safe.get(partition);
      if (!end || !highWatermark || end.errorCode !== 0 || highWatermark.errorCode !== 0) {
        this.#waiting.delete(partition);
        this.#link.recover(
          partition,
          `ListOffsets: ${errorName(end?.errorCode || highWatermark?.errorCode || ErrorCode.NOT_LEADER_OR_FOLLOWER)}`,
        );
      } else if (end.offset !== partition.acked) {
        this.#waiting.delete(partition);
        // Recovery decides whether that was a leader change, an older request of ours, or somebody else.
        this.#link.recover(partition, `the mirror ends at ${end.offset}, not at ${partition.acked}`);
      } else if (highWatermark.offset < end.offset) {
        this.#later(10);
      } else ready.push(partition);
    }
    return ready;
  }

  async #ends(
    connection: Connection,
    partitions: MirrorPartition[],
    replicaId: number,
  ): Promise<Map<MirrorPartition, ListedOffset>> {
    const topics = groupByTopic(partitions, (p) => ({
      partition: p.index,
      currentLeaderEpoch: p.mirrorLeaderEpoch,
      timestamp: OFFSET_LATEST,
    }));
    const answers = await connection.request(listOffsets, { replicaId, readCommitted: false, topics });
    const byName = new Map(answers.map((a) => [`${a.topic}-${a.partition}`, a]));
    const found = new Map<MirrorPartition, ListedOffset>();
    for (const partition of partitions) {
      const answer = byName.get(partition.name);
      if (answer) found.set(partition, answer);
    }
    return found;
  }

  async #append(connection: Connection, partitions: MirrorPartition[]): Promise<void> {
    const fills = this.#share(partitions);
    for (const fill of fills) {
      fill.partition.filling = true;
      fill.partition.outstanding++;
      fill.partition.sent = fill.from + BigInt(fill.count);
    }
    let answers: FillAnswer;
    try {
      answers = await this.#write(connection, fills);
    } catch (error) {
      this.#lost(connection, fills, error);
      return;
    }
    for (const fill of fills) {
      const { partition } = fill;
      partition.outstanding--;
      if (partition.generation !== fill.generation) continue;
      partition.filling = false;
      const code = answers.errors.get(partition.name);
      const end = answers.ends.get(partition);
      const target = fill.from + BigInt(fill.count);
      if (code !== undefined) this.#refused(partition, code);
      else if (end?.errorCode !== 0)
        this.#link.recover(partition, `ListOffsets after markers: ${errorName(end?.errorCode ?? -1)}`);
      else if (end.offset !== target)
        this.#link.recover(partition, `the mirror ends at ${end.offset} after a fill to ${target}`);
      else this.#accepted(fill);
    }
  }

  /** The markers of all partitions within one request's limit, shared evenly. */
  #share(partitions: MirrorPartition[]): Fill[] {
    const each = Math.max(1, Math.floor(MARKERS_PER_REQUEST / partitions.length));
    return partitions.slice(0, MARKERS_PER_REQUEST).map((partition) => {
      const step = partition.peek() as FillStep;
      const count = step.count > BigInt(each) ? each : Number(step.count);
      return {
        partition,
        generation: partition.generation,
        from: partition.acked,
        count,
        producerId: partition.producerId,
        epoch: partition.targetEpoch,
      };
    });
  }

  async #write(connection: Connection, fills: Fill[]): Promise<FillAnswer> {
    const sorted = [...fills].sort((a, b) => b.count - a.count);
    const markers: TxnMarker[] = [];
    // Entry k names all partitions that need more than k markers. Partitions of different lives need entries of their own.
    for (const life of new Set(sorted.map(lifeOf))) {
      const group = sorted.filter((f) => lifeOf(f) === life);
      const { producerId, epoch } = group[0] as Fill;
      for (let k = 0; group.length > 0; k++) {
        while (group.length > 0 && (group.at(-1) as Fill).count <= k) group.pop();
        if (group.length === 0) break;
        const topics = groupByTopic(
          group.map((f) => f.partition),
          (p) => p.index,
        );
        markers.push({ producerId, producerEpoch: epoch, commit: false, coordinatorEpoch: 0, topics });
      }
    }
    const timeoutMs = this.#link.tuning.markersTimeoutMs;
    // A broker works through one connection in order: the ends are read behind the markers, in one round trip.
    const [answers, ends] = await Promise.all([
      connection.request(writeTxnMarkers, { markers }, { timeoutMs }),
      this.#ends(
        connection,
        fills.map((f) => f.partition),
        REPLICA_DEBUG,
      ),
    ]);
    const errors = new Map<string, number>();
    for (const answer of answers)
      if (answer.errorCode !== 0) errors.set(`${answer.topic}-${answer.partition}`, answer.errorCode);
    return { errors, ends };
  }

  #accepted(fill: Fill): void {
    const { partition } = fill;
    const step = partition.peek();
    const filled = BigInt(fill.count);
    partition.acked = fill.from + filled;
    partition.sent = partition.acked;
    partition.fillMarkers += filled;
    partition.recoveryFailures = 0;
    partition.progressAtMs = performance.now();
    // A marker of a newer epoch begins a new sequence; of the same epoch, the sequence goes on behind it.
    if (partition.epoch !== fill.epoch || !partition.listed) {
      partition.epoch = fill.epoch;
      partition.sequence = 0;
      partition.listed = true;
    }
    // Markers carry the destination's clock.
    partition.newestTimestamp = BigInt(Date.now());
    partition.alone = false;
    partition.unsafeUntilMs = 0;
    // The queue may have been dropped meanwhile, by a pause.
    if (step?.kind === 'fill' && step.baseOffset === fill.from) {
      step.baseOffset += filled;
      step.count -= filled;
      if (step.count === 0n) {
        partition.dequeue();
        this.#waiting.delete(partition);
      }
    }
    this.#link.writable(partition);
  }

  #refused(partition: MirrorPartition, code: number): void {
    this.#waiting.delete(partition);
    if (code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED || code === ErrorCode.TOPIC_AUTHORIZATION_FAILED) {
      partition.beginRecovery();
      partition.mode = 'RETRYING';
      partition.message =
        `${partition.topic} partition ${partition.index} at offset ${partition.acked}: the link's principal may not write transaction markers (${errorName(code)}). ` +
        `Grant ALTER on the cluster (Kafka 3.9 and newer) or CLUSTER_ACTION; tried again every ${RETRY_MS / 1000} s.`;
      partition.recoverNotBeforeMs = performance.now() + RETRY_MS;
      this.#link.recover(partition, errorName(code));
      return;
    }
    if (code === ErrorCode.INVALID_PRODUCER_EPOCH || code === ErrorCode.PRODUCER_FENCED) {
      this.#link.identity.check().then(
        () => this.#link.recover(partition, errorName(code)),
        (error: Error) =>
          this.#link.identity.superseded
            ? this.#link.standDown(error)
            : this.#link.recover(partition, error.message),
      );
      return;
    }
    if (!isRetriableCode(code)) this.#link.log('warn', `markers for ${partition.name}: ${errorName(code)}`);
    this.#link.recover(partition, `markers: ${errorName(code)}`);
  }

  #lost(connection: Connection, fills: Fill[], error: unknown): void {
    this.#link.destination.detach(this.brokerId, 'markers');
    this.#link.refreshMetadata();
    const settled = settle(connection, this.#link.tuning.halfCloseWaitMs);
    const why = error instanceof KafkaError ? error.message : String(error);
    for (const { partition, generation } of fills) {
      partition.outstanding--;
      this.#waiting.delete(partition);
      if (generation === partition.generation) this.#link.recover(partition, why, settled);
    }
  }
}

function lifeOf(fill: Fill): string {
  return `${fill.producerId}/${fill.epoch}`;
}

/** Groups partitions by topic, in the shape that Kafka's requests have. */
export function groupByTopic<T>(
  partitions: MirrorPartition[],
  entry: (partition: MirrorPartition) => T,
): { topic: string; partitions: T[] }[] {
  const topics = new Map<string, { topic: string; partitions: T[] }>();
  for (const partition of partitions) {
    const topic = topics.get(partition.topic);
    if (topic) topic.partitions.push(entry(partition));
    else topics.set(partition.topic, { topic: partition.topic, partitions: [entry(partition)] });
  }
  return [...topics.values()];
}
