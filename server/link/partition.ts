// One mirror partition: its positions, its queue of planned steps, its identity as a producer. State only; readers and writers act on it.
import type { MirrorError, MirrorState } from '@/lib/contracts/link';
import { nextSequence } from '@/server/kafka/wire/record-batch';
import type { AppendStep, Step } from './plan';
import { ReadReplica } from './read-replica';

export type FillStep = Extract<Step, { kind: 'fill' }>;
export type QueuedStep = AppendStep | FillStep;

/**
 * WAITING: no leader, or the topic isn't ready · RECOVERING: the destination's log is being read · LOCATING: looking for the first batch at the source
 * HEAD: filling in front of the start · RUNNING · STOPPED: paused, or the link stops · FAILED: needs a person · RETRYING: an error that may go away
 * ENDING: the mirror is being stopped; nothing but its fence is appended any more
 */
export type PartitionMode =
  | 'WAITING'
  | 'RECOVERING'
  | 'LOCATING'
  | 'HEAD'
  | 'RUNNING'
  | 'STOPPED'
  | 'FAILED'
  | 'RETRYING'
  | 'ENDING';

export const UNKNOWN_OFFSET = -1n;
/** A little less than a look at leaders takes to come again: each leaves a sample. */
const GROWTH_SAMPLE_MS = 900;

/** Whether the broker that a partition is read from answers fetches. */
export type SourceAnswering = {
  readonly brokerId: number;
  /** For how long what was asked for has been unanswered; a long poll's own wait is part of it. */
  readonly silentMs: number;
  /** What the last try ended with; null while it is still open. */
  readonly trouble: string | null;
  /** A throttle keeps answers from coming: that nothing is told says nothing. */
  readonly heldBack: boolean;
};

export class MirrorPartition {
  readonly linkId: string;
  readonly topic: string;
  readonly sourceTopic: string;
  readonly index: number;
  sourceTopicId: string;

  mode: PartitionMode = 'WAITING';
  /** Why it is FAILED or RETRYING, or what a longer wait is for. */
  error: MirrorError = 'NO_ERROR';
  /** The state that an operator sees for a RETRYING partition. */
  retryState: MirrorState = 'LINK_FAILED';
  message: string | null = null;
  since = Date.now();

  // Source, as its leader last said.
  sourceLeader = -1;
  sourceLeaderEpoch = -1;
  lastFetchedEpoch = -1;
  sourceStart = UNKNOWN_OFFSET;
  /** The highest start seen: a new leader's may trail, the mirror's has followed already. */
  sourceStartSeen = UNKNOWN_OFFSET;
  sourceLastStable = UNKNOWN_OFFSET;
  sourceHighWatermark = UNKNOWN_OFFSET;
  sourceSeenAt = 0;
  /** The reader that fetches this partition; null while none does. */
  source: SourceAnswering | null = null;
  /** Which replica of the source it is to be read from. */
  readonly replica = new ReadReplica();
  lastFetchedAt = 0;

  // Destination, as its leader last said.
  mirrorLeader = -1;
  mirrorLeaderEpoch = -1;
  mirrorStart = UNKNOWN_OFFSET;
  mirrorHighWatermark = UNKNOWN_OFFSET;

  /** The source's last stable offset at the moment the mirror's high watermark was asked for: what lag is counted from. */
  lagSource = UNKNOWN_OFFSET;
  /** Up to when (ms) that was known to be so. */
  lagSourceKnownAt = 0;
  /** When that was (monotonic ms). */
  mirrorSeenMs = Number.NEGATIVE_INFINITY;
  /** The source's high watermark at that moment. */
  lagSourceHigh = UNKNOWN_OFFSET;

  /** First offset to mirror, resolved once and kept in the store. */
  start = 0n;
  /** Where the topic ended when it was turned round, and this mirror began; −1 where it was made by copying. */
  turnedAt = UNKNOWN_OFFSET;
  /** From here on the mirror is all of its link's making, and equal to the source at both isolation levels. */
  get comparableFrom(): bigint {
    return this.start > this.turnedAt ? this.start : this.turnedAt;
  }
  /** Set once anything in front of the start has been filled. */
  headDone = false;
  headTarget = 0n;
  /** End of everything planned; the queue lies between `sent` and here. */
  planned = 0n;
  /** End of everything handed to a connection. */
  sent = 0n;
  /** End of everything acknowledged by the leader. */
  acked = 0n;
  fetchOffset = 0n;

  readonly #queue: QueuedStep[] = [];
  #queueHead = 0;
  queuedBytes = 0;

  /** Raised by every recovery; answers to requests of an older generation change nothing. */
  generation = 0;
  /** Requests without an answer, of any generation. */
  outstanding = 0;
  outstandingBytes = 0;
  /** A fill is with the marker writer. */
  filling = false;

  /** Belongs to `targetEpoch`; both are set by a recovery only. */
  producerId = -1n;
  epoch = -1;
  sequence = 0;
  /** The next append must be alone in flight. */
  alone = true;
  /** The epoch above which this partition's appends still are: the link's newest, not yet used here. */
  targetEpoch = -1;
  /** Until then (monotonic ms) requests of an earlier life may be appended: nothing without the protection of a sequence number is sent. */
  unsafeUntilMs = 0;
  /** When the look at the log began that this life goes on from (monotonic ms). */
  lookedAtMs = Number.NEGATIVE_INFINITY;
  /** When the last append that this life had accepted was sent (monotonic ms): the log ended where it should from then on. */
  provenAtMs = Number.NEGATIVE_INFINITY;
  /** What is of unknown fate would be accepted behind any append below this epoch: a marker, or the first append of an epoch. −1: none is. */
  unsafeBelowEpoch = -1;
  /** Max timestamp of the newest batch appended; the broker forgets our sequence by it. */
  newestTimestamp = -1n;
  /** The leader lists our producer id for this partition. */
  listed = false;

  /** Stopped fetching because its queue is full. */
  throttled = false;
  /** Progress stamp (monotonic ms) for the eviction of stalled queues. */
  progressAtMs = 0;
  recoveryFailures = 0;
  recoverNotBeforeMs = 0;
  /** Connections with requests of unknown fate that are being closed. */
  settling = 0;
  /** The lowest end at which the mirror was taken up again since verification last asked: a leader may have lost what was compared. */
  takenUpAt: bigint | null = null;
  /** Positions have been read from the destination in this run. */
  placed = false;
  /** The tail was compared with the source since the last recovery began. */
  tailChecked = false;
  /** It had failed when an operation began to stop its mirror: taken back, it still has. */
  failedBefore = false;
  /** Latest time at which the mirror held everything there was (compacted topics: deletes must not have expired since). */
  consistentAt: number | null = null;
  divergenceSeen = 0;
  /** What the source deleted before it was mirrored, where it has failed for that. */
  lost: { from: bigint; to: bigint } | null = null;
  /** Looks in a row that found records missing at the mirror's start. */
  takenLooks = 0;
  /** The mirror's limit was raised for the batch at this offset, first at that time (monotonic ms). */
  limitRaised: { offset: bigint; atMs: number } | null = null;
  /** The source shows nothing in front of its end since then (monotonic ms). */
  emptySinceMs: number | null = null;

  /** Has caught up since it last began to run: before that, the age of records is backlog, not latency. */
  inStep = false;

  // Counters since the engine started.
  #bytesTotal = 0n;
  #recordsTotal = 0n;
  /** Counted since the totals were last asked for: small numbers, because a bigint for every batch would cost more than the counting. */
  #bytesSince = 0;
  #recordsSince = 0;
  fillMarkers = 0n;
  fillHead = 0n;
  fillCopies = 0n;
  /** Offsets that the source had deleted before they were mirrored. */
  lostTotal = 0n;
  /** Running mean of bytes per offset, for the estimate of lag in bytes. */
  bytesPerOffset = 0;
  /** Timestamp of the first record that isn't acknowledged yet, when one is queued. */
  oldestPendingTimestamp: bigint | null = null;
  /** (offset, ms) pairs: the last stable offset passed `offset` at that time. */
  readonly growth: { offset: bigint; atMs: number }[] = [];

  constructor(options: {
    linkId: string;
    topic: string;
    sourceTopic: string;
    sourceTopicId: string;
    index: number;
  }) {
    this.linkId = options.linkId;
    this.topic = options.topic;
    this.sourceTopic = options.sourceTopic;
    this.sourceTopicId = options.sourceTopicId;
    this.index = options.index;
  }

  get name(): string {
    return `${this.topic}-${this.index}`;
  }

  // --- totals ---

  /** So much was appended and acknowledged. */
  count(bytes: number, records: number): void {
    this.#bytesSince += bytes;
    this.#recordsSince += records;
  }
  get bytesTotal(): bigint {
    this.#bytesTotal += BigInt(this.#bytesSince);
    this.#bytesSince = 0;
    return this.#bytesTotal;
  }
  get recordsTotal(): bigint {
    this.#recordsTotal += BigInt(this.#recordsSince);
    this.#recordsSince = 0;
    return this.#recordsTotal;
  }

  // --- the queue ---

  get queueLength(): number {
    return this.#queue.length - this.#queueHead;
  }
  peek(): QueuedStep | undefined {
    return this.#queue[this.#queueHead];
  }
  enqueue(step: QueuedStep): void {
    if (step.kind === 'append') {
      this.queuedBytes += step.bytes.length;
      if (this.oldestPendingTimestamp === null && !step.head) this.oldestPendingTimestamp = step.maxTimestamp;
    }
    this.#queue.push(step);
  }
  dequeue(): QueuedStep {
    const step = this.#queue[this.#queueHead] as QueuedStep;
    this.#queue[this.#queueHead] = undefined as never;
    this.#queueHead++;
    if (this.#queueHead > 1024 && this.#queueHead * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#queueHead);
      this.#queueHead = 0;
    }
    if (step.kind === 'append') this.queuedBytes -= step.bytes.length;
    return step;
  }
  /** Forgets what isn't sent yet; it will be fetched again from there. */
  dropQueue(): void {
    for (let at = this.#queueHead; at < this.#queue.length; at++) {
      const step = this.#queue[at] as QueuedStep;
      if (step.kind === 'append') step.slab?.release();
    }
    this.#queue.length = 0;
    this.#queueHead = 0;
    this.queuedBytes = 0;
    this.planned = this.sent;
    this.fetchOffset = this.sent;
    this.lastFetchedEpoch = -1;
    this.oldestPendingTimestamp = null;
  }

  // --- sending ---

  /** Takes a sequence number for `count` records. */
  takeSequence(count: number): number {
    const sequence = this.sequence;
    this.sequence = nextSequence(sequence, count);
    return sequence;
  }

  /**
   * The broker may have forgotten our sequence numbers: nothing guards against a repeat.
   * @param oldest timestamp (ms) below which a broker forgets who appended a batch: now less producer.id.expiration.ms
   */
  unguarded(oldest: bigint): boolean {
    return !this.listed || this.newestTimestamp < oldest || this.epoch < this.unsafeBelowEpoch;
  }

  /** Its appends still are at an older epoch than the link's. */
  get raising(): boolean {
    return this.targetEpoch > this.epoch;
  }

  /** The next append is the first one of the link's epoch: accepted wherever the log ends, and alone in flight. */
  beginEpoch(): void {
    this.epoch = this.targetEpoch;
    this.sequence = 0;
    this.alone = true;
    this.listed = true;
  }

  /** The log was looked at, and holds still: this life goes on behind what was seen. */
  lookedAt(atMs: number): void {
    this.lookedAtMs = atMs;
    this.provenAtMs = Number.NEGATIVE_INFINITY;
    // Nothing that was sent before can arrive any more.
    if (atMs >= this.unsafeUntilMs) this.unsafeBelowEpoch = -1;
  }

  /** Begins a new life on the destination: what is queued is forgotten, answers on their way are ignored. */
  beginRecovery(): void {
    this.generation++;
    this.filling = false;
    this.mode = 'RECOVERING';
    this.emptySinceMs = null;
    this.sent = this.acked;
    this.dropQueue();
    this.alone = true;
    // What ends the log now may be something else than what was sent: a late marker, a lost tail, a foreign write.
    this.tailChecked = false;
  }

  /** A right is missing: nothing was appended, and it is tried again by itself. */
  awaitRight(message: string, retryMs: number): void {
    this.beginRecovery();
    this.mode = 'RETRYING';
    this.error = 'AUTHORIZATION_ERROR';
    this.message = message;
    this.recoverNotBeforeMs = performance.now() + retryMs;
  }

  fail(error: MirrorError, message: string): void {
    this.generation++;
    this.filling = false;
    this.sent = this.acked;
    this.dropQueue();
    this.mode = 'FAILED';
    this.error = error;
    this.message = message;
    this.since = Date.now();
  }

  /**
   * Source ends as its leader told them at `atMs`; keeps the growth of the last stable offset for lag in seconds.
   * @param grewSinceMs the earliest time at which it can have grown: now, where a leader tells of it by itself
   */
  sourceSeen(
    start: bigint,
    lastStable: bigint,
    highWatermark: bigint,
    atMs: number,
    grewSinceMs: number = atMs,
  ): void {
    this.sourceStart = start;
    if (start > this.sourceStartSeen) this.sourceStartSeen = start;
    this.sourceHighWatermark = highWatermark;
    this.sourceSeenAt = atMs;
    if (lastStable > this.sourceLastStable) this.#noteGrowth(grewSinceMs);
    this.sourceLastStable = lastStable;
  }

  /** What a follower shows is there, and its leader has more or as much: ends are raised, and count as seen when the leader last told its own. */
  sourceAtLeast(lastStable: bigint, highWatermark: bigint): void {
    if (this.sourceLastStable < 0n) return;
    if (highWatermark > this.sourceHighWatermark) this.sourceHighWatermark = highWatermark;
    if (lastStable <= this.sourceLastStable) return;
    this.#noteGrowth(this.sourceSeenAt);
    this.sourceLastStable = lastStable;
  }

  /** About one sample a second is enough; the first of a second marks when its offsets began to appear. */
  #noteGrowth(sinceMs: number): void {
    const last = this.growth.at(-1);
    if (this.sourceLastStable >= 0n && (!last || sinceMs - last.atMs >= GROWTH_SAMPLE_MS))
      this.growth.push({ offset: this.sourceLastStable, atMs: sinceMs });
    if (this.growth.length > 3700) this.growth.splice(0, 100);
  }

  /** It is with a reader of a broker that does not lead it. */
  get followed(): boolean {
    return this.source !== null && this.source.brokerId !== this.sourceLeader;
  }

  /** The mirror held everything that the source had at that time (ms). */
  heldAllAt(atMs: number): void {
    // Silence is measured finer than instants are kept.
    const ms = Math.floor(atMs);
    if (ms > (this.consistentAt ?? 0)) this.consistentAt = ms;
  }

  /** Up to when (ms) the source is known to hold no more than was last seen of it. */
  get sourceKnownAt(): number {
    const { source } = this;
    // A leader tells a session what is new, and by its answers that nothing else is.
    const told =
      source !== null &&
      !this.followed &&
      this.mode === 'RUNNING' &&
      !this.throttled &&
      !source.heldBack &&
      this.sourceSeenAt > 0;
    return told ? Math.max(this.sourceSeenAt, Date.now() - source.silentMs) : this.sourceSeenAt;
  }
}
