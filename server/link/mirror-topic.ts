// One mirror topic: its state as an operator sees it, made of its partitions' and the link's.
import type { DesiredMirror } from '@/lib/contracts/engine';
import type { MirrorError, MirrorState } from '@/lib/contracts/link';
import type { RightSide } from '@/lib/contracts/rights';
import type { MirrorConfigRow } from '@/lib/contracts/topic-config-sync';
import type { TopicConfig } from '@/server/kafka/admin';
import { FETCH_SILENT_MS } from './defaults';
import type { MirrorPartition } from './partition';
import type { TopicRight } from './rights';
import { configValue, isCompacted } from './topic-configs';

export type LinkCondition = 'OK' | 'PAUSED' | 'SOURCE_UNAVAILABLE' | 'FAILED';

/** How long a recovery may take before an operator is told what it waits for. */
const QUIET_RECOVERY_MS = 5_000;

/** What the rest of the link knows of an operation that stops a mirror. */
export type TopicEnding = {
  readonly operationId: string;
  readonly explain: string;
  readonly state: 'PENDING_STOPPED' | 'PENDING_SYNCHRONIZE';
  /** Nothing of the source matters to it any more. */
  readonly leavesSource: boolean;
  /** Its configs are not those of a mirror any more. */
  readonly fenced: boolean;
};

/** And of one that makes its topic anew. */
export type TopicRemaking = {
  readonly operationId: string;
  readonly explain: string;
  /** The set-up may go on: the topic that was in the way is gone, or was found to fit. */
  readonly cleared: boolean;
};

export class MirrorTopic {
  desired: DesiredMirror;
  /** NEW: not set up yet · READY: partitions exist · FAILED: the topic as a whole needs a person. */
  phase: 'NEW' | 'READY' | 'FAILED' = 'NEW';
  partitions: MirrorPartition[] = [];
  sourceTopicId: string | null;
  /** Policy at the source; null until read. */
  sourcePolicy: string | null = null;
  /** The source's configs as last read, and what was set on the mirror because of them. */
  sourceConfigs: TopicConfig[] | null = null;
  appliedConfigs: Record<string, string> = {};
  /** Where the mirror's configs differ from the source's, by a look at both. */
  drift: { readAtMs: number; rows: MirrorConfigRow[] } | null = null;
  /** Why the mirror's configs can't follow. */
  configTrouble: string | null = null;
  /** The source's log was or is compacted: records of the mirror may be missing there. */
  mayMissRecords = false;
  /** When the source's configs were last read (ms). */
  learntAtMs = 0;
  /** How long the source keeps deletes, now (for ever where nothing is compacted), and what else it was seen to be until when. */
  #deletesKeptMs = Number.POSITIVE_INFINITY;
  #keptBefore: { ms: number; untilMs: number }[] = [];
  /** The destination's policy holds `delete` only for as long as a head is removed. */
  deletable = false;
  error: MirrorError = 'NO_ERROR';
  message: string | null = null;
  setUpRunning = false;
  setUpNotBeforeMs = 0;
  setUpFailures = 0;
  /** Looks in a row that found no source topic, and no mirror topic. */
  missingLooks = 0;
  mirrorMissingLooks = 0;
  growing = false;
  /** Rights that the link's principals miss on the two topics, as metadata last told, and what is said about them. */
  readonly missing: Record<RightSide, readonly TopicRight[]> = { SOURCE: [], DESTINATION: [] };
  readonly missingMessage: Record<RightSide, string | null> = { SOURCE: null, DESTINATION: null };
  /** The set-up was refused for want of a right. */
  setUpRefused = false;
  /** The operation that is to stop it. */
  ending: TopicEnding | null = null;
  /** The operation that makes its topic anew. */
  remaking: TopicRemaking | null = null;

  state: MirrorState = 'PENDING_MIRROR';
  since = Date.now();

  constructor(desired: DesiredMirror) {
    this.desired = desired;
    this.sourceTopicId = desired.sourceTopicId;
  }

  /** Nothing is to be written to it now. */
  get halted(): boolean {
    return this.desired.paused || this.desired.held === true;
  }
  /** Where a topic that was turned round ended then: what stands in front of it is the source's own, and was compared before. −1 for other mirrors. */
  turnedAt(partition: number): bigint {
    return BigInt(this.desired.turn?.ends[String(partition)] ?? -1);
  }

  get name(): string {
    return this.desired.topic;
  }
  get compacted(): boolean | null {
    return this.sourcePolicy === null ? null : isCompacted(this.sourcePolicy);
  }

  /** @param atMs when they were asked for */
  learnSource(configs: TopicConfig[], atMs: number): void {
    const first = this.sourceConfigs === null;
    const lastMs = this.learntAtMs;
    this.sourceConfigs = configs;
    this.learntAtMs = atMs;
    this.sourcePolicy = configValue(configs, 'cleanup.policy') ?? 'delete';
    const kept = this.compacted
      ? Number(configValue(configs, 'delete.retention.ms') ?? 86_400_000)
      : Number.POSITIVE_INFINITY;
    if (!first && kept !== this.#deletesKeptMs)
      this.#keptBefore = [...this.#keptBefore, { ms: this.#deletesKeptMs, untilMs: atMs }].slice(-50);
    this.#deletesKeptMs = kept;
    if (!this.compacted) return;
    // Until then nothing could be missed, and nothing was noted.
    if (!this.mayMissRecords && !first) this.#consistentSince(lastMs);
    this.mayMissRecords = true;
  }

  #consistentSince(ms: number): void {
    for (const partition of this.partitions)
      if (partition.consistentAt === null || partition.consistentAt < ms) partition.consistentAt = ms;
    if (this.desired.consistentAt === null || this.desired.consistentAt < ms)
      this.desired = { ...this.desired, consistentAt: ms };
  }

  /** The shortest time for which the source was seen to keep deletes since then. */
  deletesKeptSince(ms: number): number {
    return this.#keptBefore.reduce(
      (least, before) => (before.untilMs >= ms ? Math.min(least, before.ms) : least),
      this.#deletesKeptMs,
    );
  }

  fail(error: MirrorError, message: string): void {
    this.phase = 'FAILED';
    this.error = error;
    this.message = message;
    for (const partition of this.partitions) {
      if (partition.mode !== 'FAILED') partition.fail(error, message);
    }
  }

  lacks(side: RightSide, operation: TopicRight['operation']): boolean {
    return this.missing[side].some((right) => right.operation === operation);
  }

  /** A right is missing without which nothing can be mirrored now. */
  get crippled(): boolean {
    if ([...this.missing.SOURCE, ...this.missing.DESTINATION].some((right) => right.vital)) return true;
    return this.lacks('DESTINATION', 'DELETE') && this.partitions.some(showsFillers);
  }
  #rightsMessage(): string | null {
    const said = [this.missingMessage.SOURCE, this.missingMessage.DESTINATION].filter((m) => m !== null);
    return said.length > 0 ? said.join(' ') : null;
  }

  /** What an operator sees now. `explain` is null when the state says it all. */
  view(
    link: LinkCondition,
    linkMessage: string | null,
    /** After so long without an answer a broker of the source is called unavailable. */
    patienceMs: number,
  ): { state: MirrorState; error: MirrorError; explain: string | null } {
    if (this.ending) return { state: this.ending.state, error: 'NO_ERROR', explain: this.ending.explain };
    if (this.remaking) return { state: 'PENDING_MIRROR', error: 'NO_ERROR', explain: this.remaking.explain };
    const failed = this.partitions.find((p) => p.mode === 'FAILED');
    if (this.phase === 'FAILED') return { state: 'FAILED', error: this.error, explain: this.message };
    if (failed) {
      const others = this.partitions.filter((p) => p.mode === 'FAILED').length - 1;
      return {
        state: 'FAILED',
        error: failed.error,
        explain: `${failed.message}${others > 0 ? ` ${others} more partitions have failed.` : ''}`,
      };
    }
    if (link === 'FAILED') return { state: 'LINK_FAILED', error: 'NO_ERROR', explain: linkMessage };
    if (this.desired.paused) return { state: 'PAUSED', error: 'NO_ERROR', explain: null };
    if (this.desired.held && this.phase === 'READY')
      return { state: 'PENDING_MIRROR', error: 'NO_ERROR', explain: HELD };
    if (link === 'PAUSED') return { state: 'LINK_PAUSED', error: 'NO_ERROR', explain: null };
    if (link === 'SOURCE_UNAVAILABLE')
      return { state: 'SOURCE_UNAVAILABLE', error: 'NO_ERROR', explain: linkMessage };
    const rights = this.#rightsMessage();
    if (this.crippled) return { state: 'LINK_FAILED', error: 'AUTHORIZATION_ERROR', explain: rights };
    const retrying = this.partitions.find((p) => p.mode === 'RETRYING');
    if (retrying)
      return { state: retrying.retryState, error: retrying.error, explain: rights ?? retrying.message };
    const silent = silentSource(this.partitions);
    if (silent && silent.ms > patienceMs)
      return { state: 'SOURCE_UNAVAILABLE', error: 'NO_ERROR', explain: silent.message };
    const error = rights || this.setUpRefused ? 'AUTHORIZATION_ERROR' : 'NO_ERROR';
    if (this.phase === 'NEW') return { state: 'PENDING_MIRROR', error, explain: rights ?? this.message };
    const filling = this.partitions.filter((p) => !p.headDone);
    if (filling.length > 0)
      return { state: 'PENDING_MIRROR', error, explain: rights ?? headProgress(filling) };
    const waiting = this.partitions.find(
      (p) => p.mode === 'RECOVERING' && Date.now() - p.since > QUIET_RECOVERY_MS,
    );
    const waits = waiting ? (waiting.message ?? recoveryMessage(waiting)) : null;
    const hidden = this.partitions.find((p) => p.mode === 'RUNNING' && p.emptySinceMs !== null);
    return {
      state: 'ACTIVE',
      error,
      explain: rights ?? silent?.message ?? untoldEnds(this.partitions) ?? waits ?? hidden?.message ?? null,
    };
  }
}

const HELD = 'Taken over as it is; it goes on once the reverse of the other direction has ended.';

/** Fillers in front of the mirror's start are visible until they can be deleted. */
function showsFillers(partition: MirrorPartition): boolean {
  if (partition.mode === 'HEAD') return true;
  return partition.placed && partition.mirrorStart >= 0n && partition.mirrorStart < partition.start;
}

function headProgress(partitions: MirrorPartition[]): string {
  const filling = partitions.filter((p) => p.mode === 'HEAD');
  if (filling.length === 0) {
    const waiting = partitions.find((p) => p.message !== null);
    return waiting?.message ?? 'Reading where both sides stand.';
  }
  const target = filling.reduce((sum, p) => sum + p.headTarget, 0n);
  const done = filling.reduce((sum, p) => sum + p.acked, 0n);
  return `Filling the head: ${target === 0n ? 100n : (done * 100n) / target} % (${done} of ${target} offsets).`;
}

/** The broker of the source that has left fetches of these partitions unanswered for longest; null when all answer. */
function silentSource(partitions: readonly MirrorPartition[]): { ms: number; message: string } | null {
  const silent = partitions.filter(
    (p) => p.mode === 'RUNNING' && (p.source?.silentMs ?? 0) > FETCH_SILENT_MS,
  );
  const worst = silent.toSorted((a, b) => (b.source?.silentMs ?? 0) - (a.source?.silentMs ?? 0))[0]?.source;
  if (!worst) return null;
  const which = silent.length === 1 ? `partition ${silent[0]?.index}` : `${silent.length} partitions`;
  const why = worst.trouble === null ? '' : ` (${worst.trouble})`;
  return {
    ms: worst.silentMs,
    message: `Broker ${worst.brokerId} of the source, which leads ${which}, has not answered a fetch for ${Math.round(worst.silentMs / 1000)} s${why}. Check that this host reaches it. Tried again by itself.`,
  };
}

/** Records come from a follower, and its leader does not tell how many there are. */
function untoldEnds(partitions: readonly MirrorPartition[]): string | null {
  const one = partitions.find(
    (p) => p.mode === 'RUNNING' && p.followed && Date.now() - p.sourceSeenAt > FETCH_SILENT_MS,
  );
  if (!one) return null;
  const seconds = Math.round((Date.now() - one.sourceSeenAt) / 1000);
  return `Broker ${one.sourceLeader} of the source, which leads partition ${one.index}, has not told where it ends for ${seconds} s: how far the mirror is behind is not known. Records come from broker ${one.source?.brokerId}. Tried again by itself.`;
}

/** What a partition waits for that has not said so itself. */
function recoveryMessage({ index, mirrorLeader, sourceLeader }: MirrorPartition): string {
  if (mirrorLeader < 0)
    return `Partition ${index} has no leader on the destination: the brokers that hold it are gone or not in sync. It goes on when one is back.`;
  if (sourceLeader < 0)
    return `Partition ${index} has no leader on the source: the brokers that hold it are gone or not in sync. It goes on when one is back.`;
  return `Partition ${index} looks for where it stopped; broker ${mirrorLeader} of the destination has not told yet.`;
}
