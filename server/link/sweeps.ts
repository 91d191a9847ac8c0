// Periodic looks at both sides: high watermarks and starts of the mirror, foreign writes, log starts that follow, source ends that no fetch session tells.
import type { TopicWrite } from '@/lib/contracts/engine';
import { deleteRecords } from '@/server/kafka/wire/apis/delete-records';
import {
  listOffsets,
  OFFSET_EARLIEST,
  OFFSET_LATEST,
  REPLICA_CONSUMER,
} from '@/server/kafka/wire/apis/list-offsets';
import { ErrorCode, errorName } from '@/server/kafka/wire/errors';
import { trimGrowth } from './lag';
import type { LinkContext } from './link-context';
import { sourcePlace } from './locate';
import type { MirrorPartition } from './partition';
import { groupByTopic } from './partition-groups';
import { type Ends, endsOf, fetchOne } from './source-probe';
import { failForeignWrite } from './verify/foreign-write';

const DELETE_TIMEOUT_MS = 20_000;
/** Looks, a second apart, that must agree before records count as taken: a new leader of the source may not know its start yet. */
const TAKEN_LOOKS = 3;

/** High watermark and log start of the mirror partitions of one broker. A mirror that is longer than what we sent was written by somebody else. */
export async function sweepMirror(
  link: LinkContext,
  brokerId: number,
  partitions: MirrorPartition[],
): Promise<void> {
  const connection = await link.destination.connection(brokerId, 'control');
  const ask = (timestamp: bigint) => ({
    replicaId: REPLICA_CONSUMER,
    readCommitted: false,
    topics: groupByTopic(partitions, (p) => ({ partition: p.index, currentLeaderEpoch: -1, timestamp })),
  });
  // The source's end of the same moment, for the lag.
  const moment = new Map<MirrorPartition, Moment>(
    partitions.map((p) => [
      p,
      { stable: p.sourceLastStable, high: p.sourceHighWatermark, knownAt: p.sourceKnownAt },
    ]),
  );
  const generations = new Map(partitions.map((p) => [p, p.generation]));
  const [ends, starts] = await Promise.all([
    connection.request(listOffsets, ask(OFFSET_LATEST)),
    connection.request(listOffsets, ask(OFFSET_EARLIEST)),
  ]);
  const byName = new Map(partitions.map((p) => [p.name, p]));
  for (const answer of starts) {
    const partition = byName.get(`${answer.topic}-${answer.partition}`);
    if (partition && answer.errorCode === 0) partition.mirrorStart = answer.offset;
  }
  for (const answer of ends) {
    const partition = byName.get(`${answer.topic}-${answer.partition}`);
    if (!partition) continue;
    if (answer.errorCode !== 0) {
      if (
        answer.errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER ||
        answer.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
      )
        link.refreshMetadata();
      continue;
    }
    if (generations.get(partition) !== partition.generation) continue;
    const running =
      partition.placed &&
      (partition.mode === 'RUNNING' || partition.mode === 'HEAD' || partition.mode === 'STOPPED');
    const more = running && answer.offset > partition.sent;
    if (more && partition.mode !== 'STOPPED' && performance.now() < partition.unsafeUntilMs) {
      // Sent by an engine before us, or in a former life: whose it is, and whether the source has it, a recovery finds out.
      link.recover(partition, `the mirror ends at ${answer.offset}, not at ${partition.sent}`);
      continue;
    }
    if (more) {
      failForeignWrite(
        link,
        partition,
        partition.sent,
        `the mirror ends at ${answer.offset}, the link wrote up to ${partition.sent}.`,
      );
      continue;
    }
    partition.mirrorHighWatermark = answer.offset;
    partition.mirrorSeenMs = performance.now();
    noteLagSource(partition, moment.get(partition));
    trimGrowth(partition);
    noticeTaken(link, partition);
  }
}

export type Moment = { stable: bigint; high: bigint; knownAt: number };

/** What came to the mirror while its end was asked for was at the source, too: not behind, and not ahead. */
export function noteLagSource(partition: MirrorPartition, then: Moment | undefined): void {
  const { mirrorHighWatermark: end, sourceLastStable } = partition;
  const came = then !== undefined && then.stable >= 0n && end > then.stable && end <= sourceLastStable;
  partition.lagSource = came ? end : (then?.stable ?? -1n);
  partition.lagSourceHigh = then && came && end > then.high ? end : (then?.high ?? -1n);
  partition.lagSourceKnownAt = then?.knownAt ?? 0;
}

/** Only the link moves a mirror's start, and never beyond the source's: what is missing in front was taken by somebody else. */
function noticeTaken(link: LinkContext, partition: MirrorPartition): void {
  const taken = takenFrom(partition);
  partition.takenLooks = taken === null ? 0 : partition.takenLooks + 1;
  if (taken === null || partition.takenLooks < TAKEN_LOOKS) return;
  partition.takenLooks = 0;
  partition.fail(
    'ILLEGAL_STATE',
    `Somebody else deleted records from ${partition.topic} partition ${partition.index}: offsets ${taken} to ${partition.mirrorStart - 1n} are in the source and not in the mirror any more. ` +
      "Mirroring of this partition has stopped. Find who sets the topic's retention.ms, retention.bytes or cleanup.policy or deletes its records, then re-seed the mirror.",
  );
  link.failed(partition);
}

/** First offset that the mirror should have and whose records were deleted from it; null when nothing is missing. */
export function takenFrom(partition: MirrorPartition): bigint | null {
  const { start, sourceStartSeen, mirrorStart, mode } = partition;
  if (!partition.placed || !partition.headDone || sourceStartSeen < 0n) return null;
  if (mode !== 'RUNNING' && mode !== 'STOPPED') return null;
  const rightful = start > sourceStartSeen ? start : sourceStartSeen;
  return mirrorStart > rightful ? rightful : null;
}

/**
 * Lets mirrors begin where their source begins.
 * @returns partitions whose topic refuses deletion (cleanup.policy without `delete`), and the starts that have moved
 */
export async function followStarts(
  link: LinkContext,
  brokerId: number,
  partitions: MirrorPartition[],
): Promise<{ refused: MirrorPartition[]; moved: TopicWrite['items'] }> {
  const wanted = partitions.filter((p) => wantedStart(p) > p.mirrorStart);
  if (wanted.length === 0) return { refused: [], moved: [] };
  const connection = await link.destination.connection(brokerId, 'control');
  const answers = await connection.request(deleteRecords, {
    topics: groupByTopic(wanted, (p) => ({ partition: p.index, offset: wantedStart(p) })),
    timeoutMs: DELETE_TIMEOUT_MS,
  });
  const byName = new Map(wanted.map((p) => [p.name, p]));
  const refused: MirrorPartition[] = [];
  const moved: TopicWrite['items'] = [];
  for (const answer of answers) {
    const partition = byName.get(`${answer.topic}-${answer.partition}`);
    if (!partition) continue;
    if (answer.errorCode === 0) {
      const key = String(partition.index);
      const [before, after] = [partition.mirrorStart, answer.lowWatermark].map((at) => ({
        [key]: String(at),
      }));
      moved.push({ topic: partition.topic, before: before ?? null, after: after ?? {} });
      partition.mirrorStart = answer.lowWatermark;
    } else if (answer.errorCode === ErrorCode.POLICY_VIOLATION) refused.push(partition);
    else if (answer.errorCode !== ErrorCode.OFFSET_OUT_OF_RANGE) {
      // A missing right is told by the mirror's state, not every second.
      link.log(
        answer.errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED ? 'debug' : 'warn',
        `DeleteRecords on ${partition.name} at ${link.destination.where(brokerId)}: ${errorName(answer.errorCode)}`,
      );
    }
  }
  return { refused, moved };
}

/** Where the mirror's log should begin now, never above what is safe. */
export function wantedStart(partition: MirrorPartition): bigint {
  if (partition.mirrorHighWatermark < 0n || partition.mirrorStart < 0n) return -1n;
  let wanted: bigint;
  if (partition.mode === 'HEAD') wanted = partition.headTarget;
  else if (
    partition.headDone &&
    partition.sourceStart >= 0n &&
    (partition.mode === 'RUNNING' || partition.mode === 'STOPPED')
  ) {
    wanted = partition.start > partition.sourceStart ? partition.start : partition.sourceStart;
  } else return -1n;
  return wanted < partition.mirrorHighWatermark ? wanted : partition.mirrorHighWatermark;
}

/**
 * Ends of partitions that are read from followers, which do not know them: asked of their leaders.
 * @returns false when a leader has left some out: it may not lead them any more
 */
export async function sweepLeader(link: LinkContext, partitions: MirrorPartition[]): Promise<boolean> {
  const askedAt = Date.now();
  const asked = partitions.map((partition) => ({ partition, before: endsBefore(partition) }));
  const ends = await endsOf(link.source, partitions.map(sourcePlace));
  for (const { partition, before } of asked) {
    const end = ends.get(`${partition.sourceTopic}-${partition.index}`);
    if (end && partition.followed) noteLeaderEnds(partition, before, end, askedAt);
  }
  return ends.size === partitions.length;
}

type Before = { epoch: number; stable: bigint; high: bigint };
export const endsBefore = (p: MirrorPartition): Before => ({
  epoch: p.sourceLeaderEpoch,
  stable: p.sourceLastStable,
  high: p.sourceHighWatermark,
});

/** @param before what was known when the leader was asked, at `askedAt` (ms) */
export function noteLeaderEnds(
  partition: MirrorPartition,
  before: Before,
  told: Ends,
  askedAt: number,
): void {
  const { sourceLastStable: stable, sourceHighWatermark: high, sourceLeaderEpoch } = partition;
  // The answer of a leader that is none any more.
  if (sourceLeaderEpoch !== before.epoch) return;
  // What a follower has shown meanwhile came behind the answer; what it showed before, the leader knew.
  const lastStable = stable > before.stable && stable > told.lastStable ? stable : told.lastStable;
  const highWatermark = high > before.high && high > told.highWatermark ? high : told.highWatermark;
  // Grown at some time since the look before: the earliest never claims too much.
  partition.sourceSeen(told.start, lastStable, highWatermark, askedAt, partition.sourceSeenAt);
}

/** Source ends of partitions that aren't being fetched just now; and holes at the end of a log, which no fetch shows. */
export async function sweepSource(
  link: LinkContext,
  partitions: MirrorPartition[],
  idle: MirrorPartition[],
): Promise<void> {
  if (partitions.length > 0) {
    const ends = await endsOf(link.source, partitions.filter((p) => p.sourceLeader >= 0).map(sourcePlace));
    const now = Date.now();
    for (const partition of partitions) {
      const end = ends.get(`${partition.sourceTopic}-${partition.index}`);
      if (end) partition.sourceSeen(end.start, end.lastStable, end.highWatermark, now);
    }
  }
  for (const partition of idle) await probeTrailingHole(link, partition);
}

/**
 * The cleaner may leave nothing in front of the log's end. Only an answer for this partition alone shows it: others may have used up the answer's size.
 * Only for logs that a cleaner works on: an empty answer of a remote tier says that it was slow, not that nothing is there.
 */
async function probeTrailingHole(link: LinkContext, partition: MirrorPartition): Promise<void> {
  const { planned, generation } = partition;
  const fetched = await fetchOne(link.source, sourcePlace(partition), partition.fetchOffset);
  const unchanged =
    partition.generation === generation && partition.planned === planned && partition.mode === 'RUNNING';
  if (
    !unchanged ||
    fetched.records.length > 0 ||
    fetched.logStartOffset > planned ||
    fetched.lastStableOffset <= planned
  )
    return;
  partition.enqueue({ kind: 'fill', baseOffset: planned, count: fetched.lastStableOffset - planned });
  partition.planned = fetched.lastStableOffset;
  partition.fetchOffset = partition.planned;
  link.fetchChanged(partition);
  link.writable(partition);
}

/** The source answers, and shows nothing in front of its end: a hole, or a remote tier that is slow. */
export async function showsNothing(link: LinkContext, partition: MirrorPartition): Promise<boolean> {
  const { planned, generation } = partition;
  const fetched = await fetchOne(link.source, sourcePlace(partition), partition.fetchOffset);
  const unchanged = partition.generation === generation && partition.planned === planned;
  return unchanged && fetched.records.length === 0 && fetched.lastStableOffset > planned;
}
