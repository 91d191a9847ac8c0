// How consumer groups are shown: their state as Kafka names it, and whether they get on. Pure.
import type { GroupPartitionStatus, MonitoredGroupRow } from '@/lib/contracts/monitoring/groups';
import { groupDigits, plural } from '@/lib/format';
import type { Look } from '../observed/look';

const shapes: Record<string, Look['shape']> = {
  Stable: 'circle',
  Empty: 'stopped',
  Dead: 'stopped',
  PreparingRebalance: 'ring',
  CompletingRebalance: 'ring',
  Assigning: 'ring',
  Reconciling: 'ring',
  NotReady: 'ring',
};
const meanings: Record<string, string> = {
  Unknown: 'Nobody has told it in the last sweep.',
  Stable: 'Its members have their partitions.',
  Empty: 'It has commits and no members.',
  Dead: 'It is being removed.',
  PreparingRebalance: 'Its members are joining.',
  CompletingRebalance: 'Its members wait for their partitions.',
  Assigning: 'A new assignment is being worked out.',
  Reconciling: 'Its members are moving to a new assignment.',
};

/** Kafka's word with spaces: `PreparingRebalance` → `Preparing rebalance`. */
export const stateWords = (state: string): string =>
  state.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const groupStateLook = (state: string): Look => ({
  shape: shapes[state] ?? 'hollow',
  word: stateWords(state),
  why: meanings[state] ?? null,
});

export const statusMeanings: Record<GroupPartitionStatus, string> = {
  OK: 'Its commits move, or there is nothing to read.',
  STALLED: 'There is lag and there are members, and the commit has not moved over the last sweeps.',
  FALLING_BEHIND: 'Its commits move, and the lag has only grown over the last sweeps.',
  LOST: 'Retention has deleted messages in front of the commit: this group never reads them.',
  BEYOND_END: 'The commit is beyond the end of the log: the topic was made anew, or its log was truncated.',
  UNKNOWN: 'Not known: one of the two ends was not told.',
};
const statusLooks: Record<GroupPartitionStatus, Pick<Look, 'shape' | 'word'>> = {
  OK: { shape: 'circle', word: 'Keeps up' },
  STALLED: { shape: 'square', word: 'Stalled' },
  FALLING_BEHIND: { shape: 'triangle', word: 'Falling behind' },
  LOST: { shape: 'square', word: 'Lost messages' },
  BEYOND_END: { shape: 'square', word: 'Beyond the end' },
  UNKNOWN: { shape: 'hollow', word: 'Not known' },
};
export const partitionStatusLook = (status: GroupPartitionStatus): Look => ({
  ...statusLooks[status],
  why: statusMeanings[status],
});

/** The worst that is true of a group, with the number of partitions that it is true of. */
export function progressLook(
  row: Pick<
    MonitoredGroupRow,
    | 'stalled'
    | 'beyondEnd'
    | 'fallingBehind'
    | 'lost'
    | 'partitions'
    | 'known'
    | 'members'
    | 'lagMessages'
    | 'why'
  >,
): Look {
  const of = (count: number, status: GroupPartitionStatus): Look => ({
    ...partitionStatusLook(status),
    detail: `${groupDigits(count)} of ${groupDigits(row.partitions ?? count)}`,
  });
  if (row.stalled) return of(row.stalled, 'STALLED');
  if (row.beyondEnd) return of(row.beyondEnd, 'BEYOND_END');
  if (row.fallingBehind) return of(row.fallingBehind, 'FALLING_BEHIND');
  if (row.lost !== '0')
    return {
      ...{ shape: 'triangle', word: 'Lost messages', detail: groupDigits(row.lost) },
      why: 'Retention has deleted messages in front of its commits since Landbridge watches.',
    };
  if (row.partitions === null || row.known === null)
    return { shape: 'hollow', word: 'Not known', why: row.why ?? 'Its commits have not been told.' };
  if (row.partitions === 0)
    return { shape: 'hollow', word: 'No commits', why: row.why ?? 'It has committed no offsets.' };
  if (row.known < row.partitions)
    return {
      ...{ shape: 'hollow', word: 'Not all known', detail: `${row.known} of ${row.partitions}` },
      why: row.why ?? 'Some ends of logs have not been told; sums are of the others.',
    };
  if (row.members === 0 && row.lagMessages !== '0')
    return { shape: 'stopped', word: 'Not running', why: 'There is lag, and the group has no members.' };
  return { shape: 'circle', word: 'Keeps up', why: statusMeanings.OK };
}

/** Why a group has no lag that is known. */
export function whyNoLag(row: Pick<MonitoredGroupRow, 'partitions' | 'type' | 'why'>): string {
  if (row.why !== null) return row.why;
  if (row.type === 'share') return 'Share groups have no committed offsets.';
  if (row.partitions === 0) return 'It has committed nothing: no commit is no lag.';
  return 'Not known: the ends of its partitions have not been told.';
}
export const whyNoSeconds = (
  row: Pick<MonitoredGroupRow, 'partitions' | 'type' | 'why' | 'lagMessages'>,
): string =>
  row.lagMessages === null
    ? whyNoLag(row)
    : 'The lag is older than what Landbridge has seen, and the time of the record is not read, or may not be.';

/** How many partitions its sums leave out; null when none. */
export const leftOut = (row: Pick<MonitoredGroupRow, 'partitions' | 'known'>): string | null =>
  row.partitions !== null && row.known !== null && row.known < row.partitions
    ? `without ${plural(row.partitions - row.known, 'partition')} whose end is not known`
    : null;
