// Reads the partitions of one source broker: long-poll fetches at read_committed in an incremental session, one answer at a time, within the link's memory.
import {
  type FetchedPartition,
  type FetchRequest,
  type FetchResponse,
  fetch,
} from '@/server/kafka/wire/apis/fetch';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode, KafkaError } from '@/server/kafka/wire/errors';
import type { Slab } from '@/server/kafka/wire/slab';
import {
  FETCH_MAX_BYTES,
  FETCH_PARTITION_MAX_BYTES,
  FETCH_PARTITION_MIN_BYTES,
  FETCH_SLAB_BYTES,
  FETCH_WAIT_MS,
  SOURCE_SWEEP_MS,
} from './defaults';
import type { LinkContext } from './link-context';
import type { MirrorPartition, SourceAnswering } from './partition';

export type FetchHandler = (partition: MirrorPartition, fetched: FetchedPartition, slab: Slab | null) => void;

type Known = { fetchOffset: bigint; leaderEpoch: number; maxBytes: number };

const SESSION_ERRORS: ReadonlySet<number> = new Set([
  ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
  ErrorCode.INVALID_FETCH_SESSION_EPOCH,
  ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
  ErrorCode.UNKNOWN_TOPIC_ID,
  ErrorCode.INCONSISTENT_TOPIC_ID,
]);

export class SourceReader implements SourceAnswering {
  readonly brokerId: number;
  readonly #link: LinkContext;
  readonly #handle: FetchHandler;
  readonly #partitions = new Set<MirrorPartition>();
  /** What the broker's session holds. */
  readonly #known = new Map<MirrorPartition, Known>();
  readonly #changed = new Set<MirrorPartition>();
  #sessionId = 0;
  #sessionEpoch = 0;
  #closed = false;
  #wake: (() => void) | null = null;
  readonly #index = new Map<string, MirrorPartition>();
  /** Partitions whose queue is full. */
  readonly #full = new Set<MirrorPartition>();
  failures = 0;
  /** When what is still unanswered was first asked for; null while the broker answers, and while nothing is asked of it. */
  #unansweredSinceMs: number | null = null;
  trouble: string | null = null;
  /** A quota of the broker: it reads nothing more before (monotonic ms). */
  #throttledUntilMs = 0;
  /** The link's memory is in use: nothing is asked for before some of it is free. */
  #waitsForMemory = false;

  constructor(link: LinkContext, brokerId: number, handle: FetchHandler) {
    this.#link = link;
    this.brokerId = brokerId;
    this.#handle = handle;
    void this.#run();
  }

  add(partition: MirrorPartition): void {
    this.#partitions.add(partition);
    this.#index.set(`${partition.sourceTopicId}/${partition.index}`, partition);
    this.#index.set(`${partition.sourceTopic}/${partition.index}`, partition);
    partition.source = this;
    this.changed(partition);
  }
  remove(partition: MirrorPartition): void {
    if (!this.#partitions.delete(partition)) return;
    this.#index.delete(`${partition.sourceTopicId}/${partition.index}`);
    this.#index.delete(`${partition.sourceTopic}/${partition.index}`);
    this.#full.delete(partition);
    if (partition.source === this) partition.source = null;
    this.changed(partition);
  }
  get size(): number {
    return this.#partitions.size;
  }
  get silentMs(): number {
    return this.#unansweredSinceMs === null ? 0 : performance.now() - this.#unansweredSinceMs;
  }

  /** A throttle, ours or a quota of the broker, or want of memory keeps news from coming: what is not told is not known to be missing. */
  get heldBack(): boolean {
    return this.#waitsForMemory || performance.now() < this.#heldBackUntilMs() + SOURCE_SWEEP_MS;
  }

  /** The partition's position, or whether it wants to be fetched, is another one. */
  changed(partition: MirrorPartition): void {
    this.#changed.add(partition);
    if (partition.throttled && this.#partitions.has(partition)) this.#full.add(partition);
    else this.#full.delete(partition);
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    while (!this.#closed && !this.#link.stopping) {
      try {
        if (!this.#anythingWanted()) {
          this.#unansweredSinceMs = null;
          await this.#sleep(1_000);
          continue;
        }
        await this.#fetchOnce();
        this.failures = 0;
      } catch (error) {
        if (this.#closed || this.#link.stopping) return;
        this.#resetSession();
        this.failures++;
        this.trouble = (error as Error).message;
        this.#link.refreshMetadata();
        // What the broker leads stays: nobody else has it.
        for (const partition of [...this.#partitions]) this.#link.leaveFollower(partition, this.trouble);
        this.#link.log(
          'debug',
          `fetch from ${this.#link.source.where(this.brokerId)}: ${(error as Error).message}`,
        );
        await new Promise((resolve) =>
          setTimeout(
            resolve,
            Math.min(2_000, 50 * 2 ** Math.min(this.failures, 6)) * (0.5 + Math.random() / 2),
          ),
        );
        if (!(error instanceof KafkaError)) this.#link.log('error', `fetch loop: ${(error as Error).stack}`);
      }
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      const self = this;
      function done() {
        clearTimeout(timer);
        self.#wake = null;
        resolve();
      }
      this.#wake = done;
    });
  }

  #wanted(partition: MirrorPartition): boolean {
    return this.#partitions.has(partition) && partition.mode === 'RUNNING' && !partition.throttled;
  }
  #anythingWanted(): boolean {
    if (this.#known.size > 0) return true;
    for (const partition of this.#changed) if (this.#wanted(partition)) return true;
    this.#changed.clear();
    return false;
  }

  #resetSession(): void {
    this.#sessionId = 0;
    this.#sessionEpoch = 0;
    this.#known.clear();
    for (const partition of this.#partitions) this.#changed.add(partition);
  }

  async #fetchOnce(): Promise<void> {
    await this.#waitForThrottle();
    this.#waitsForMemory = true;
    const release = await this.#link.budget.reserve(FETCH_SLAB_BYTES);
    this.#waitsForMemory = false;
    let response: FetchResponse;
    let slab: Slab | null;
    try {
      if (this.#closed || this.#link.stopping) return;
      // Not before: waiting for memory or for the throttle is our own doing.
      this.#unansweredSinceMs ??= performance.now();
      const connection = await this.#link.source.connection(this.brokerId, 'fetch', this.#link.budget.pool);
      const request = this.#request();
      if (request === null) {
        this.#unansweredSinceMs = null;
        return;
      }
      ({ value: response, slab } = await this.#send(connection, request));
      this.#unansweredSinceMs = null;
      this.trouble = null;
    } finally {
      release();
    }
    try {
      this.#digest(response, slab);
    } finally {
      slab?.release();
    }
  }

  #send(connection: Connection, body: FetchRequest) {
    return connection.requestHeld(fetch, body, { timeoutMs: FETCH_WAIT_MS + 30_000 });
  }

  /** The difference between what the broker's session holds and what is wanted. Null when there is nothing to ask for. */
  #request(): FetchRequest | null {
    const topics = new Map<
      string,
      { topic: string; topicId: string; partitions: ReturnType<typeof fetchPartition>[] }
    >();
    const forgotten = new Map<string, { topic: string; topicId: string; partitions: number[] }>();
    let active = this.#known.size;
    for (const partition of this.#changed)
      if (!this.#known.has(partition) && this.#wanted(partition)) active++;
    const maxBytes = Math.min(
      FETCH_PARTITION_MAX_BYTES,
      Math.max(FETCH_PARTITION_MIN_BYTES, Math.floor(FETCH_MAX_BYTES / Math.max(1, active))),
    );
    for (const partition of this.#changed) {
      const known = this.#known.get(partition);
      if (this.#wanted(partition)) {
        if (
          known &&
          known.fetchOffset === partition.fetchOffset &&
          known.leaderEpoch === partition.sourceLeaderEpoch
        )
          continue;
        const entry = fetchPartition(partition, maxBytes);
        this.#known.set(partition, {
          fetchOffset: entry.fetchOffset,
          leaderEpoch: entry.currentLeaderEpoch,
          maxBytes,
        });
        groupOf(topics, partition).partitions.push(entry);
      } else if (known) {
        this.#known.delete(partition);
        groupOf(forgotten, partition).partitions.push(partition.index);
      }
    }
    this.#changed.clear();
    if (this.#known.size === 0 && forgotten.size === 0) return null;
    if (this.#known.size === 0) {
      // An empty session would wait for nothing: leave it, the broker evicts it.
      this.#resetSession();
      return null;
    }
    return {
      // A partition that waits for room in its queue must not wait for the others' news, too.
      maxWaitMs: this.#full.size > 0 ? 20 : FETCH_WAIT_MS,
      minBytes: 1,
      maxBytes: FETCH_MAX_BYTES,
      readCommitted: true,
      sessionId: this.#sessionId,
      sessionEpoch: this.#sessionEpoch,
      topics: [...topics.values()],
      forgotten: this.#sessionEpoch === 0 ? [] : [...forgotten.values()],
      rack: '',
    };
  }

  #digest(response: FetchResponse, slab: Slab | null): void {
    if (SESSION_ERRORS.has(response.errorCode)) {
      this.#resetSession();
      if (
        response.errorCode === ErrorCode.UNKNOWN_TOPIC_ID ||
        response.errorCode === ErrorCode.INCONSISTENT_TOPIC_ID
      )
        this.#link.refreshMetadata();
      return;
    }
    if (response.errorCode !== 0)
      throw new KafkaError(`Fetch error ${response.errorCode}`, { retriable: true });
    // Only what was throttled: every answer would else count as held back, and a hole at a log's end would never be looked for.
    if (response.throttleMs > 0) this.#throttledUntilMs = performance.now() + response.throttleMs;
    this.#sessionId = response.sessionId;
    this.#sessionEpoch = this.#sessionEpoch >= 0x7fffffff ? 1 : this.#sessionEpoch + 1;
    let bytes = 0;
    for (const topic of response.topics) {
      for (const fetched of topic.partitions) {
        const partition = this.#index.get(`${topic.topic}/${fetched.partition}`);
        if (!partition || !this.#partitions.has(partition)) continue;
        bytes += fetched.records.length;
        const known = this.#known.get(partition);
        // An answer to a position that has been given up meanwhile.
        if (!known || known.fetchOffset !== partition.fetchOffset || partition.mode !== 'RUNNING') {
          this.#changed.add(partition);
          continue;
        }
        this.#handle(partition, fetched, slab);
        this.#changed.add(partition);
      }
    }
    // Session id 0: the broker has no room for a session; every fetch is a full one.
    if (response.sessionId === 0) this.#resetSession();
    this.#charge(bytes);
  }

  /** Throttling paces the source: bytes taken now are waited for before the next fetch. */
  #charge(bytes: number): void {
    const perSecond = this.#link.settings['link.throttle.bytes.per.second'];
    if (perSecond === null || bytes === 0) return;
    const now = performance.now();
    this.#link.throttleUntilMs = Math.max(now, this.#link.throttleUntilMs) + (bytes / perSecond) * 1000;
  }
  #heldBackUntilMs(): number {
    return Math.max(this.#link.throttleUntilMs, this.#throttledUntilMs);
  }
  async #waitForThrottle(): Promise<void> {
    // News of partitions end a sleep, not the wait.
    while (!this.#closed && !this.#link.stopping) {
      const waitMs = this.#heldBackUntilMs() - performance.now();
      if (waitMs <= 0) return;
      await this.#sleep(waitMs);
    }
  }
}

function fetchPartition(partition: MirrorPartition, maxBytes: number) {
  return {
    partition: partition.index,
    currentLeaderEpoch: partition.sourceLeaderEpoch,
    fetchOffset: partition.fetchOffset,
    lastFetchedEpoch: partition.lastFetchedEpoch,
    maxBytes,
  };
}

function groupOf<T>(
  groups: Map<string, { topic: string; topicId: string; partitions: T[] }>,
  partition: MirrorPartition,
) {
  let group = groups.get(partition.sourceTopicId + partition.sourceTopic);
  if (!group) {
    group = { topic: partition.sourceTopic, topicId: partition.sourceTopicId, partitions: [] };
    groups.set(partition.sourceTopicId + partition.sourceTopic, group);
  }
  return group;
}
