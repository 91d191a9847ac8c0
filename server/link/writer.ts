// Appends planned batches at one destination broker: at most one batch per partition in a request, many partitions per request, many requests in flight.
// Compares every acknowledged base offset with the plan. What its sequence number doesn't protect is sent alone.
import { type ProducedPartition, produce } from '@/server/kafka/wire/apis/produce';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode, errorName, isRetriableCode, KafkaError } from '@/server/kafka/wire/errors';
import { restamp } from '@/server/kafka/wire/record-batch';
import { PRODUCE_IN_FLIGHT, PRODUCE_REFILL_AT, RETRY_MS } from './defaults';
import type { LinkContext } from './link-context';
import type { MirrorPartition } from './partition';
import type { AppendStep } from './plan';
import { ProducePace } from './produce-pace';
import { failForeignWrite } from './verify/foreign-write';

/** The broker's idea of our sequence differs from ours: recovery finds out why. */
const LOST_TRACK: ReadonlySet<number> = new Set([
  ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
  ErrorCode.DUPLICATE_SEQUENCE_NUMBER,
  ErrorCode.UNKNOWN_PRODUCER_ID,
]);

/** One batch of a request: what is written, and what it was for. */
type Item = {
  /** Index of the partition. */
  partition: number;
  records: Buffer;
  of: MirrorPartition;
  step: AppendStep;
  /** The offset behind it. */
  end: bigint;
  generation: number;
  /** Monotonic. */
  sentMs: number;
  /** The epoch whose first append it is, which no sequence number keeps from coming late; −1 for any other. */
  beginsEpoch: number;
};

export class DestinationWriter {
  readonly brokerId: number;
  readonly #link: LinkContext;
  readonly #ready = new Set<MirrorPartition>();
  #inFlight = 0;
  #inFlightBytes = 0;
  readonly #pace = new ProducePace();
  #scheduled = false;
  #connecting = false;
  #connection: Connection | null = null;
  #wake: NodeJS.Timeout | null = null;

  constructor(link: LinkContext, brokerId: number) {
    this.#link = link;
    this.brokerId = brokerId;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** The partition has something to append. */
  add(partition: MirrorPartition): void {
    this.#ready.add(partition);
    this.schedule();
  }
  remove(partition: MirrorPartition): void {
    this.#ready.delete(partition);
  }

  schedule(): void {
    // Many on their way already: what is ready gathers until half of those are answered, which comes back here. Each alone would cost a turn and a
    // write of its own.
    if (this.#scheduled || this.#inFlight > PRODUCE_REFILL_AT) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #later(ms: number): void {
    this.#wake ??= setTimeout(() => {
      this.#wake = null;
      this.#pump();
    }, ms);
  }

  close(): void {
    if (this.#wake) clearTimeout(this.#wake);
    this.#wake = null;
    this.#ready.clear();
  }

  #pump(): void {
    if (this.#link.stopping || this.#ready.size === 0) return;
    if (!this.#connection?.usable) {
      void this.#connect();
      return;
    }
    const heldBackMs = this.#connection.throttledForMs;
    if (heldBackMs > 0) {
      this.#later(Math.ceil(heldBackMs));
      return;
    }
    if (!this.#link.identity.owned(performance.now())) {
      this.#confirmOwnership();
      return;
    }
    // A batch in flight holds the slab it came in, and with it batches of other brokers: all writers share a quarter, so that one that gets no
    // answers can't hold the memory that the others need.
    const share = this.#link.budget.limitBytes / 4 / Math.max(1, this.#link.destination.brokers.length);
    const most = Math.min(share, this.#pace.inFlightBytes);
    while (this.#inFlight < PRODUCE_IN_FLIGHT && (this.#inFlight === 0 || this.#inFlightBytes < most)) {
      const items = this.#gather();
      if (items.length === 0) return;
      this.#send(this.#connection, items);
    }
  }

  async #connect(): Promise<void> {
    if (this.#connecting) return;
    this.#connecting = true;
    try {
      this.#connection = await this.#link.destination.connection(this.brokerId, 'produce');
      this.#pump();
    } catch (error) {
      if (this.#link.stopping) return;
      // The broker may be down for good: others may lead its partitions by now.
      this.#link.refreshMetadata();
      this.#later(500);
      this.#link.log('debug', `no connection for appends: ${(error as Error).message}`);
    } finally {
      this.#connecting = false;
    }
  }

  /** A process that was stopped and went on (SIGSTOP, a sleeping machine) must not append before it knows that it still may. */
  #confirmOwnership(): void {
    this.#link.identity.check().then(
      () => this.#pump(),
      (error: Error) => {
        if (this.#link.identity.superseded) this.#link.standDown(error);
        else this.#later(200);
      },
    );
  }

  /** Next request: one batch of each ready partition, up to the size limit. Partitions that were served before others go to the end of the line. */
  #gather(): Item[] {
    const items: Item[] = [];
    let bytes = 0;
    let full = false;
    const now = performance.now();
    const oldest = BigInt(Math.floor(Date.now() - this.#link.guardMs));
    for (const partition of this.#ready) {
      const step = partition.peek();
      if (step?.kind !== 'append' || partition.filling || !runs(partition)) {
        this.#ready.delete(partition);
        // A fill waits until all before it is acknowledged; the marker writer takes over.
        if (step?.kind === 'fill') this.#link.writable(partition);
        continue;
      }
      if (items.length > 0 && bytes + step.bytes.length > this.#pace.requestBytes) {
        full = true;
        break;
      }
      if (!this.#maySend(partition, step, now, oldest)) continue;
      partition.dequeue();
      items.push({
        partition: partition.index,
        records: step.bytes,
        of: partition,
        step,
        end: step.baseOffset + BigInt(step.count),
        generation: partition.generation,
        sentMs: now,
        beginsEpoch: partition.sequence === 0 ? partition.epoch : -1,
      });
      bytes += step.bytes.length;
      if (partition.queueLength === 0) this.#ready.delete(partition);
    }
    if (full) for (const { of } of items) if (this.#ready.delete(of)) this.#ready.add(of);
    return items;
  }

  /** @param oldest max timestamp below which the broker may have forgotten who appended a batch */
  #maySend(partition: MirrorPartition, step: AppendStep, now: number, oldest: bigint): boolean {
    // Once a batch of old records is the newest one, the broker may forget our sequence at any moment.
    const unguarded = partition.unguarded(oldest) || step.maxTimestamp < oldest;
    if (partition.outstanding > 0 && (partition.alone || unguarded)) return false;
    if (unguarded) return this.#mayAppendUnguarded(partition, now);
    // Accepted behind the last sequence, in a moment when nobody else may append: what now begins at 0 stands where it should.
    if (partition.raising && partition.provenAtMs >= partition.unsafeUntilMs) {
      if (partition.outstanding > 0) return false;
      partition.beginEpoch();
    }
    return true;
  }

  /** No sequence number protects it: only once nothing older can arrive, alone, and behind a look at the log from then on. */
  #mayAppendUnguarded(partition: MirrorPartition, now: number): boolean {
    if (now < partition.unsafeUntilMs) {
      this.#later(Math.min(1_000, partition.unsafeUntilMs - now));
      return false;
    }
    if (partition.lookedAtMs < partition.unsafeUntilMs) {
      this.#link.recover(
        partition,
        'what was sent before may have been appended since the log was looked at',
      );
      return false;
    }
    if (partition.raising || !partition.listed) partition.beginEpoch();
    partition.alone = true;
    return true;
  }

  #send(connection: Connection, items: Item[]): void {
    let bytes = 0;
    const topics = new Map<string, { topic: string; partitions: Item[] }>();
    for (const item of items) {
      const { of: partition, step } = item;
      restamp(step.bytes, partition.producerId, partition.epoch, partition.takeSequence(step.count));
      bytes += step.bytes.length;
      const topic = topics.get(partition.topic);
      if (topic) topic.partitions.push(item);
      else topics.set(partition.topic, { topic: partition.topic, partitions: [item] });
      partition.sent = item.end;
      partition.outstanding++;
      partition.outstandingBytes += step.bytes.length;
    }
    this.#inFlight++;
    this.#inFlightBytes += bytes;
    const timeoutMs = this.#link.tuning.produceTimeoutMs;
    connection.request(produce, { acks: 1, timeoutMs, topics: [...topics.values()] }, { timeoutMs }).then(
      (answers) => {
        const throttleMs = connection.throttledForMs;
        this.#pace.answered({ bytes, inFlightBytes: this.#inFlightBytes, throttleMs });
        this.#inFlight--;
        this.#inFlightBytes -= bytes;
        this.#acknowledge(items, answers);
        this.schedule();
      },
      (error: unknown) => {
        this.#inFlight--;
        this.#inFlightBytes -= bytes;
        this.#lost(connection, items, error);
        // What became ready meanwhile waited for an answer.
        this.schedule();
      },
    );
  }

  #acknowledge(items: Item[], answers: ProducedPartition[]): void {
    const now = performance.now();
    const nowMs = Date.now();
    let index = 0;
    for (const item of items) {
      const { of: partition, step } = item;
      partition.outstanding--;
      partition.outstandingBytes -= step.bytes.length;
      step.slab?.release();
      const at = answers[index++];
      const answer =
        at?.topic === partition.topic && at.partition === partition.index
          ? at
          : answers.find((a) => a.topic === partition.topic && a.partition === partition.index);
      if (item.generation !== partition.generation) continue;
      if (!answer) this.#link.recover(partition, 'the broker left a partition out of its answer');
      else if (answer.errorCode !== 0) this.#refused(partition, step, answer);
      else if (answer.baseOffset !== step.baseOffset) {
        failForeignWrite(
          this.#link,
          partition,
          step.baseOffset,
          `the record of source offset ${step.baseOffset} was appended at ${answer.baseOffset}.`,
        );
      } else if (answer.logAppendTime !== -1n && answer.logAppendTime !== step.maxTimestamp) {
        partition.fail(
          'ILLEGAL_STATE',
          `${partition.topic} partition ${partition.index}: the broker gave the records from offset ${step.baseOffset} on another time than they have at the source. ` +
            'Somebody set message.timestamp.type=LogAppendTime on the mirror topic; set CreateTime, and re-seed the mirror.',
        );
        this.#link.failed(partition);
      } else this.#accepted(item, now, nowMs);
    }
  }

  #accepted({ of: partition, step, end, sentMs }: Item, now: number, nowMs: number): void {
    partition.acked = end;
    partition.alone = false;
    partition.provenAtMs = sentMs;
    partition.progressAtMs = now;
    partition.newestTimestamp = step.maxTimestamp;
    partition.recoveryFailures = 0;
    if (step.head) {
      partition.fillHead += BigInt(step.count);
    } else {
      partition.count(step.bytes.length, step.count - step.copies);
      if (step.copies > 0) partition.fillCopies += BigInt(step.copies);
      const density = step.bytes.length / step.count;
      partition.bytesPerOffset =
        partition.bytesPerOffset === 0 ? density : partition.bytesPerOffset * 0.95 + density * 0.05;
      if (partition.inStep) this.#link.latency.record(Math.max(0, nowMs - Number(step.maxTimestamp)), nowMs);
      else partition.inStep = end >= partition.sourceLastStable;
    }
    const next = partition.peek();
    partition.oldestPendingTimestamp = next?.kind === 'append' && !next.head ? next.maxTimestamp : null;
    if (partition.throttled) this.#link.fetchChanged(partition);
    this.#link.writable(partition);
  }

  #refused(partition: MirrorPartition, step: AppendStep, answer: ProducedPartition): void {
    const place = `${partition.topic} partition ${partition.index} at offset ${step.baseOffset} (${this.#link.destination.where(this.brokerId)})`;
    const detail = answer.errorMessage ? `: ${answer.errorMessage}` : '';
    switch (answer.errorCode) {
      case ErrorCode.MESSAGE_TOO_LARGE:
        this.#link.tooLarge(partition, step.baseOffset, step.bytes.length, place);
        return;
      case ErrorCode.INVALID_RECORD:
      case ErrorCode.CORRUPT_MESSAGE:
      case ErrorCode.POLICY_VIOLATION:
        partition.fail(
          'ILLEGAL_STATE',
          `${place}: the broker refuses the batch (${errorName(answer.errorCode)}${detail}). Check the source's batch at this offset (kafka-dump-log) and the mirror topic's configs.`,
        );
        this.#link.failed(partition);
        return;
      case ErrorCode.TOPIC_AUTHORIZATION_FAILED:
      case ErrorCode.CLUSTER_AUTHORIZATION_FAILED:
        partition.awaitRight(
          `${place}: the link's principal may not write (${errorName(answer.errorCode)}). Grant WRITE on the topic; tried again every ${RETRY_MS / 1000} s.`,
          RETRY_MS,
        );
        this.#link.recover(partition, errorName(answer.errorCode));
        return;
      case ErrorCode.INVALID_PRODUCER_EPOCH:
      case ErrorCode.PRODUCER_FENCED:
        // Either another engine, which the coordinator knows, or an append of our own former life.
        this.#link.identity.check().then(
          () => this.#link.recover(partition, errorName(answer.errorCode)),
          (error: Error) =>
            this.#link.identity.superseded
              ? this.#link.standDown(error)
              : this.#link.recover(partition, error.message),
        );
        return;
      default:
        if (LOST_TRACK.has(answer.errorCode) || isRetriableCode(answer.errorCode)) {
          this.#link.recover(partition, `${errorName(answer.errorCode)}${detail}`);
          return;
        }
        partition.fail(
          'ILLEGAL_STATE',
          `${place}: the broker refuses to append (${errorName(answer.errorCode)}${detail}). Mend what the error names, then pause and resume the mirror.`,
        );
        this.#link.failed(partition);
    }
  }

  /** The connection broke or no answer came: what was in flight may or may not have been appended, or may be yet. */
  #lost(connection: Connection, items: Item[], error: unknown): void {
    if (this.#connection === connection) {
      this.#connection = null;
      this.#link.destination.detach(this.brokerId, 'produce');
      this.#link.refreshMetadata();
    }
    const settled = settle(connection, this.#link.tuning.halfCloseWaitMs);
    const why = error instanceof KafkaError ? error.message : String(error);
    // The socket may still read the bytes until it is closed.
    void connection.closed.then(() => {
      for (const { step } of items) step.slab?.release();
    });
    for (const { of: partition, step, generation, beginsEpoch } of items) {
      partition.outstanding--;
      partition.outstandingBytes -= step.bytes.length;
      partition.unsafeBelowEpoch = Math.max(partition.unsafeBelowEpoch, beginsEpoch);
      // Also where another life has begun meanwhile: it was not told of this one's requests.
      this.#link.unsettled(partition, settled);
      if (generation === partition.generation) this.#link.recover(partition, why);
    }
  }
}

const settling = new WeakMap<Connection, Promise<boolean>>();
/** Half-closes a connection once, for all who had something on it. */
export function settle(connection: Connection, waitMs: number): Promise<boolean> {
  let settled = settling.get(connection);
  if (!settled) {
    settled = connection.halfClose(waitMs);
    settling.set(connection, settled);
  }
  return settled;
}

function runs(partition: MirrorPartition): boolean {
  return partition.mode === 'RUNNING' || partition.mode === 'HEAD';
}
