// Takes in what the source's brokers answer: plans the batches, queues the steps, and turns errors into what happens next. Only leaders are believed where
// something is missing or wrong.
import type { FetchedPartition } from '@/server/kafka/wire/apis/fetch';
import { ErrorCode, errorName, isRetriableCode } from '@/server/kafka/wire/errors';
import { OldMessageFormat, type RecordBatch, readBatches } from '@/server/kafka/wire/record-batch';
import type { Slab } from '@/server/kafka/wire/slab';
import { FETCH_SLAB_BYTES, QUEUE_AHEAD_FETCHES, QUEUE_MIN_BYTES, QUEUE_SHARES, RETRY_MS } from './defaults';
import type { LinkCore } from './link-core';
import type { MirrorPartition } from './partition';
import { plan } from './plan';

export class Intake {
  readonly #core: LinkCore;

  constructor(core: LinkCore) {
    this.#core = core;
  }

  fetched(partition: MirrorPartition, fetched: FetchedPartition, slab: Slab | null): void {
    if (partition.mode !== 'RUNNING') return;
    if (partition.followed) {
      this.#fromFollower(partition, fetched, slab);
      return;
    }
    if (fetched.errorCode !== 0) {
      this.#sourceError(partition, fetched.errorCode);
      return;
    }
    if (fetched.divergingEndOffset !== null) {
      this.#core.context.recover(
        partition,
        `the source's log has parted from what was fetched at ${fetched.divergingEndOffset}`,
      );
      partition.tailChecked = false;
      return;
    }
    partition.sourceSeen(fetched.logStartOffset, fetched.lastStableOffset, fetched.highWatermark, Date.now());
    if (fetched.records.length === 0) return;
    try {
      this.#planned(partition, fetched, readBatches(fetched.records), slab);
    } catch (error) {
      const where = `${partition.sourceTopic} partition ${partition.index}`;
      if (error instanceof OldMessageFormat) {
        this.#core.failPartition(
          partition,
          'UNSUPPORTED_MESSAGE_FORMAT',
          `${where}: ${error.message}. Landbridge carries v2 only; rewrite the topic with message.format.version 0.11 or newer, or start behind these records.`,
        );
      } else {
        this.#core.failPartition(
          partition,
          'ILLEGAL_STATE',
          `${where} near offset ${partition.planned}: ${(error as Error).message}.`,
        );
      }
    }
  }

  /**
   * A follower has what is committed as its leader has it, up to an end of its own; what that end, its start or an error say is true of it alone.
   * Whatever is not simply the next records is asked of the leader: by reading on there.
   */
  #fromFollower(partition: MirrorPartition, fetched: FetchedPartition, slab: Slab | null): void {
    const { context } = this.#core;
    if (fetched.errorCode !== 0) {
      if (isRetriableCode(fetched.errorCode)) context.refreshMetadata();
      context.leaveFollower(partition, errorName(fetched.errorCode));
    } else if (fetched.divergingEndOffset !== null || fetched.logStartOffset > partition.planned)
      context.leaveFollower(partition, 'the follower has another log');
    else {
      partition.sourceAtLeast(fetched.lastStableOffset, fetched.highWatermark);
      if (fetched.records.length === 0) return;
      try {
        const batches = readBatches(fetched.records);
        if (this.#mayLack(partition, batches)) context.leaveFollower(partition, 'the follower shows a hole');
        else this.#planned(partition, fetched, batches, slab);
      } catch (error) {
        context.leaveFollower(partition, (error as Error).message);
      }
    }
  }

  /** Only cleaners leave holes, each replica's its own: where none works, one of a follower may be there alone. */
  #mayLack(partition: MirrorPartition, batches: readonly RecordBatch[]): boolean {
    return !this.#core.topics.get(partition.topic)?.mayMissRecords && hasHole(partition.planned, batches);
  }

  #planned(
    partition: MirrorPartition,
    fetched: FetchedPartition,
    batches: readonly RecordBatch[],
    slab: Slab | null,
  ): void {
    const last = batches.at(-1);
    // Less than one whole batch: the broker gives it whole when the partition comes first in an answer.
    if (!last) return;
    partition.lastFetchedAt = performance.now();
    const { steps, cursor } = plan(
      partition.planned,
      { batches, aborted: fetched.aborted, lastStableOffset: fetched.lastStableOffset },
      { compactedGapFill: this.#core.context.settings['compacted.gap.fill'] },
    );
    // Asked for once: a Buffer's memory is not a plain field.
    const shared = slab?.buffer.buffer;
    for (const step of steps) {
      if (step.kind === 'append' && slab !== null && step.bytes.buffer === shared) {
        slab.retain();
        step.slab = slab;
      }
      partition.enqueue(step);
    }
    if (cursor === partition.planned) return;
    partition.planned = cursor;
    // A follower's start is in front of what was planned, or it would not be believed.
    partition.fetchOffset = cursor > fetched.logStartOffset ? cursor : fetched.logStartOffset;
    partition.lastFetchedEpoch = last.leaderEpoch;
    if (!this.hasRoom(partition, 1)) partition.throttled = true;
    this.#core.context.writable(partition);
  }

  /**
   * Whether the partition holds less than its `share` (0 to 1) of what may wait. What isn't sent yet needs to bridge one fetch only: more of it
   * makes nothing faster, but by the time it is sent it has left the processor's caches, and reading it anew costs a third of the copying.
   */
  hasRoom(partition: MirrorPartition, share: number): boolean {
    const { budget, source, fetching } = this.#core.context;
    const partitions = Math.max(1, Math.min(fetching(), QUEUE_SHARES));
    const ahead = (QUEUE_AHEAD_FETCHES * FETCH_SLAB_BYTES * Math.max(1, source.brokers.length)) / partitions;
    const limit = Math.max(QUEUE_MIN_BYTES, budget.limitBytes / 2 / partitions);
    return (
      partition.queuedBytes <= share * Math.max(QUEUE_MIN_BYTES, ahead) &&
      partition.queuedBytes + partition.outstandingBytes <= share * limit
    );
  }

  #sourceError(partition: MirrorPartition, code: number): void {
    if (code === ErrorCode.OFFSET_OUT_OF_RANGE) {
      // Retention has passed us, or the source was cut: reading both sides again tells which.
      partition.tailChecked = false;
      this.#core.context.recover(partition, errorName(code));
    } else if (code === ErrorCode.TOPIC_AUTHORIZATION_FAILED) {
      partition.awaitRight(
        `${partition.sourceTopic} on ${this.#core.desired.source.name}: the link's principal may not read (${errorName(code)}). Grant READ on the topic; tried again every ${RETRY_MS / 1000} s.`,
        RETRY_MS,
      );
      // Its metadata tells which rights there still are.
      this.#core.context.refreshMetadata();
      this.#core.context.recover(partition, errorName(code));
    } else if (code === ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT) {
      this.#core.failPartition(
        partition,
        'UNSUPPORTED_MESSAGE_FORMAT',
        `${partition.sourceTopic} partition ${partition.index}: the source answers UNSUPPORTED_FOR_MESSAGE_FORMAT at offset ${partition.fetchOffset}.`,
      );
    } else {
      this.#core.context.refreshMetadata();
      if (!isRetriableCode(code))
        this.#core.context.log(
          'warn',
          `fetch of ${partition.sourceTopic}-${partition.index}: ${errorName(code)}`,
        );
      // Out of the session until the metadata names the leader again.
      const leader = partition.sourceLeader;
      this.#core.context.stopFetching(partition);
      this.#core.later(() => {
        if (
          partition.sourceLeader === leader &&
          partition.mode !== 'FAILED' &&
          this.#core.topics.has(partition.topic)
        )
          this.#core.context.startFetching(partition);
      }, 250);
    }
  }
}

/** From `from` to the end of the batches some offsets stand for nothing at all, not even for a marker. */
export function hasHole(from: bigint, batches: readonly RecordBatch[]): boolean {
  let next = from;
  for (const batch of batches) {
    if (batch.lastOffset < next) continue;
    if (batch.baseOffset > next || !batch.dense) return true;
    next = batch.lastOffset + 1n;
  }
  return false;
}
