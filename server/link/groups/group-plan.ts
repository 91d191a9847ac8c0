// What one group should have on the destination, and whether it may be written: by what stands on both sides, how far the mirror safely is,
// and what the link has committed before. Pure; asks and writes nothing.
import type { CommittedOffset } from '@/server/kafka/wire/apis/offset-fetch';
import { ErrorCode, errorName } from '@/server/kafka/wire/errors';
import { type GroupMemory, type Mark, markOf, placeKey } from './group-memory';

/** What a mirror partition safely holds: offsets from `start` to `end`, its high watermark. */
export type Bounds = { start: bigint; end: bigint };
/** Or why nothing may be committed for it now. */
export type BoundsOf = (topic: string, partition: number) => Bounds | string;

export type Commit = { topic: string; partition: number; offset: bigint; metadata: string };

export type PlannedOffset = {
  topic: string;
  partition: number;
  source: bigint | null;
  mirror: bigint | null;
  /** What it should be; null where that isn't known. */
  wanted: bigint | null;
  /** The source's. */
  metadata: string;
  why: string | null;
};

export type GroupPlan = {
  offsets: PlannedOffset[];
  commits: Commit[];
  /** Everything is committed, changed or not. */
  renew: boolean;
  /** What stands on the destination and is the link's own. */
  ours: { topic: string; partition: number; mark: Mark }[];
  /** Somebody else's commit was found: what it is. */
  foreign: string | null;
  /** A transaction holds an offset of the group on the destination. */
  unstable: boolean;
  /** Nothing is committed on the destination, for any topic of the link. */
  blank: boolean;
};

/**
 * @param source committed at the source, under the mirrors' names
 * @param destination committed on the destination, only of topics that the link mirrors
 * @param renew commit also what has not changed: offsets expire by the time of their commit
 */
export function planGroup(options: {
  source: readonly CommittedOffset[];
  destination: readonly CommittedOffset[];
  memory: GroupMemory;
  boundsOf: BoundsOf;
  renew: boolean;
}): GroupPlan {
  const { memory, boundsOf } = options;
  const there = new Map<string, CommittedOffset>();
  const ours: GroupPlan['ours'] = [];
  let foreign: string | null = null;
  let unstable = false;
  for (const found of options.destination) {
    if (found.errorCode === ErrorCode.UNSTABLE_OFFSET_COMMIT) unstable = true;
    if (found.errorCode !== 0 || found.offset < 0n) continue;
    there.set(placeKey(found.topic, found.partition), found);
    const stranger = foreignCommit(memory, found);
    foreign ??= stranger;
    if (stranger === null)
      ours.push({
        topic: found.topic,
        partition: found.partition,
        mark: markOf(found.offset, found.metadata),
      });
  }
  const { renew } = options;
  const plan: GroupPlan = {
    offsets: [],
    commits: [],
    renew,
    ours,
    foreign,
    unstable,
    blank: there.size === 0,
  };
  for (const committed of options.source) {
    if (committed.errorCode !== 0 || committed.offset < 0n) continue;
    const { topic, partition, metadata } = committed;
    const found = there.get(placeKey(topic, partition));
    there.delete(placeKey(topic, partition));
    const bounds = boundsOf(topic, partition);
    const planned = { topic, partition, source: committed.offset, mirror: found?.offset ?? null, metadata };
    if (typeof bounds === 'string') {
      plan.offsets.push({ ...planned, wanted: null, why: bounds });
      continue;
    }
    const wanted = clamp(committed.offset, bounds);
    plan.offsets.push({ ...planned, wanted, why: clampedWhy(committed.offset, bounds) });
    const same = found?.offset === wanted && found.metadata === metadata && found.leaderEpoch < 0;
    if (!same || renew) plan.commits.push({ topic, partition, offset: wanted, metadata });
  }
  for (const left of there.values())
    plan.offsets.push({
      topic: left.topic,
      partition: left.partition,
      source: null,
      mirror: left.offset,
      wanted: null,
      metadata: '',
      why: 'Nothing is committed at the source any more; what stands here is left, and expires by itself.',
    });
  return plan;
}

/** Never behind the end, where a consumer would be out of range, nor in front of the start. */
export function clamp(offset: bigint, { start, end }: Bounds): bigint {
  if (offset > end) return end > start ? end : start;
  return offset < start ? start : offset;
}

function clampedWhy(offset: bigint, { start, end }: Bounds): string | null {
  if (offset > end)
    return `The mirror safely holds offsets up to ${end}: the group stands there until it has got to ${offset}.`;
  if (offset < start) return `The mirror begins at ${start}: what is in front of it is not there to be read.`;
  return null;
}

/** A leader epoch is never ours; without one it is ours if we have committed exactly that. What stood there at a turn has been left by its group. */
function foreignCommit(memory: GroupMemory, found: CommittedOffset): string | null {
  const { topic, partition, offset, leaderEpoch, metadata } = found;
  if (leaderEpoch < 0 && memory.isOurs(topic, partition, markOf(offset, metadata))) return null;
  if (memory.stoodAt(topic, partition, markOf(offset, metadata))) return null;
  const last = memory.lastOf(topic, partition);
  const before = last === null ? 'the link has committed nothing there' : `the link's last commit is ${last}`;
  return `${topic} partition ${partition} stands at ${offset}, and ${before}`;
}

/** Why a commit was refused, by its code. Null: the group has members. */
export function refusalOf(code: number): string | null {
  switch (code) {
    case ErrorCode.UNKNOWN_MEMBER_ID:
    case ErrorCode.REBALANCE_IN_PROGRESS:
    case ErrorCode.ILLEGAL_GENERATION:
    case ErrorCode.NON_EMPTY_GROUP:
      return null;
    case ErrorCode.OFFSET_METADATA_TOO_LARGE:
      return "The metadata string is longer than the destination's offset.metadata.max.bytes.";
    default:
      return `The destination refused the commit: ${errorName(code)}.`;
  }
}
