// How consumer groups are shown: a shape and a word for each status, and what is said where a number is missing.
import type { GroupRow, GroupStatus, GroupType } from '@/lib/contracts/consumer-group';
import type { LinkTask } from '@/lib/contracts/link-task';
import type { StateLook } from '../states';

const looks: Record<GroupStatus, StateLook> = {
  IN_STEP: { shape: 'circle', word: 'In step' },
  BEHIND: { shape: 'ring', word: 'Held back' },
  WAITING: { shape: 'ring', word: 'Waiting' },
  BUSY: { shape: 'triangle', word: 'Busy there' },
  USED: { shape: 'bars', word: 'Used there' },
  NOT_AUTHORIZED: { shape: 'square', word: 'Right missing' },
  IN_ERROR: { shape: 'square', word: 'In error' },
  SHARE_GROUP: { shape: 'hollow', word: 'Share group' },
  NO_OFFSETS: { shape: 'hollow', word: 'No offsets' },
  GONE: { shape: 'stopped', word: 'Gone at source' },
};
export const groupLook = (status: GroupStatus): StateLook => looks[status];

const types: Record<GroupType, string> = {
  classic: 'classic',
  consumer: 'consumer',
  share: 'share',
  streams: 'streams',
  unknown: 'not told',
};
export const typeWord = (type: GroupType): string => types[type];

/** Kafka's word, or that there is no such group. */
export const stateWord = (state: string | null): string => state ?? 'none';

export function whyNoGroupLag({ status, partitions }: Pick<GroupRow, 'status' | 'partitions'>): string {
  if (status === 'SHARE_GROUP') return 'The brokers do not tell where share groups begin.';
  if (partitions === 0) return 'It has committed nothing on a mirrored topic.';
  return 'Not known: something is not committed yet, or an end has not been read.';
}

/** Why the positions are not kept in step now, whatever they were; null when they are. */
export function syncStands(task: LinkTask | undefined): string | null {
  switch (task?.state) {
    case 'LINK_PAUSED':
      return 'The link is paused: offsets are not synced.';
    case 'LINK_UNAVAILABLE':
      return 'The source is not reachable: offsets are not synced until it is back.';
    case 'LINK_FAILED':
      return 'The link has failed: offsets are not synced.';
    default:
      return null;
  }
}
