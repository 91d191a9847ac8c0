// What became of one group in a run, in a state and in words. Pure.
import type { GroupStatus, GroupType } from '@/lib/contracts/consumer-group';
import { isRefused, NoShareOffsets } from '@/server/kafka/groups';
import { ErrorCode, type KafkaError } from '@/server/kafka/wire/errors';
import { type GroupPlan, type PlannedOffset, refusalOf } from './group-plan';

export type GroupResult = {
  group: string;
  mirrorGroup: string;
  type: GroupType;
  sourceState: string | null;
  mirrorState: string | null;
  status: GroupStatus;
  why: string | null;
  offsets: PlannedOffset[];
};

export type Verdict = { status: GroupStatus; why: string | null };

/** A group that an admin client may commit for: no members, or not there yet. */
export const isFree = (state: string | null): boolean =>
  state === null || state === 'Empty' || state === 'Dead';

export function busy(mirrorGroup: string, destination: string): Verdict {
  return {
    status: 'BUSY',
    why: `${mirrorGroup} has members on ${destination}: offsets are committed only for groups without. Stop its consumers there and it goes on by itself.`,
  };
}

export function usedVerdict(
  { what, atMs }: { what: string; atMs: number },
  type: GroupType,
  mirrorGroup: string,
  destination: string,
): Verdict {
  const again =
    type === 'share'
      ? 'delete it there (kafka-share-groups.sh --delete)'
      : 'delete its offsets on the mirrored topics there (kafka-consumer-groups.sh --delete-offsets)';
  return {
    status: 'USED',
    why:
      `${mirrorGroup} is used on ${destination} since ${new Date(atMs).toISOString()}: ${what}. The link leaves it alone from then on. To have it synced again, ` +
      `${again}.`,
  };
}

export function unstable(destination: string): Verdict {
  return {
    status: 'BUSY',
    why: `A transaction on ${destination} is about to commit offsets of the group: nothing is committed until it has ended.`,
  };
}

export function troubled(error: KafkaError, side: string): Verdict {
  if (error instanceof NoShareOffsets)
    return {
      status: 'SHARE_GROUP',
      why: `Not synced: ${error.message}. On the destination the group begins where its share.auto.offset.reset says.`,
    };
  return isRefused(error)
    ? { status: 'NOT_AUTHORIZED', why: `The link's principal may not see the group on ${side}.` }
    : { status: 'IN_ERROR', why: `${error.message}. Tried again by itself.` };
}

/** Of a group that may be written, after everything was. */
export function settled({ offsets, blank }: GroupPlan): Verdict {
  const known = offsets.filter(({ source }) => source !== null);
  if (known.length === 0)
    return blank
      ? { status: 'NO_OFFSETS', why: 'It has committed nothing on a topic that the link mirrors.' }
      : {
          status: 'GONE',
          why: 'It has no committed offsets at the source any more: deleted or expired. What was synced stays on the destination until it expires there.',
        };
  const waiting = known.find(({ wanted }) => wanted === null);
  if (waiting) return { status: 'WAITING', why: waiting.why };
  const behind = known.filter(({ source, wanted }) => source !== null && wanted !== null && wanted < source);
  const [first] = behind;
  if (first) {
    const others = behind.length > 1 ? ` ${behind.length - 1} more partitions are held back.` : '';
    return { status: 'BEHIND', why: `${first.topic} partition ${first.partition}: ${first.why}${others}` };
  }
  return { status: 'IN_STEP', why: null };
}

/** @param codes errors of the commit, by partition; not empty */
export function refused(
  codes: ReadonlyMap<string, number>,
  mirrorGroup: string,
  destination: string,
): Verdict {
  const [first] = codes;
  if (!first) throw new RangeError('nothing was refused');
  const [place, code] = first;
  if (code === ErrorCode.GROUP_AUTHORIZATION_FAILED || code === ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    return {
      status: 'NOT_AUTHORIZED',
      why: `The link's principal may not commit ${place} for ${mirrorGroup} on ${destination}: READ on the group and on the topic are needed.`,
    };
  const why = refusalOf(code);
  if (why === null) return busy(mirrorGroup, destination);
  return { status: 'IN_ERROR', why: `${place}: ${why} Tried again by itself.` };
}
