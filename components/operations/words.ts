// Kinds, steps and ends of operations in words and shapes. The same on every page.
import type { StateLook } from '@/components/links/states';
import type {
  AnyOperationKind,
  AnyStepName,
  OperationKind,
  OperationOutcome,
  StepState,
  StoppedMirror,
} from '@/lib/contracts/operation';
import { groupDigits } from '@/lib/format';

export const kindNoun: Record<AnyOperationKind, string> = {
  PROMOTE: 'Promote',
  FAILOVER: 'Failover',
  REVERSE: 'Reverse',
  RESEED: 'Re-seed',
  FAILBACK: 'Failback',
};
export const kindVerb: Record<OperationKind, string> = {
  PROMOTE: 'Promote',
  FAILOVER: 'Fail over',
  REVERSE: 'Reverse',
};
export const kindDone: Record<OperationKind, string> = {
  PROMOTE: 'promoted',
  FAILOVER: 'failed over',
  REVERSE: 'reversed',
};

export const stepWord: Record<AnyStepName, string> = {
  CHECK_BACK: 'Check the way back',
  REFRESH: 'Refresh',
  FENCE_SOURCE: 'Fence the source',
  DRAIN: 'Drain',
  SYNC_CONFIGS: 'Sync configs',
  SYNC_ACLS: 'Sync ACLs',
  SYNC_OFFSETS: 'Sync consumer offsets',
  SETTLE: 'Settle',
  FENCE: 'Fence',
  LEVEL: 'Level',
  UNLOCK: 'Unlock',
  TURN: 'Turn',
  LOCK_BACK: 'Lock the old source',
  CONFIGS: 'Set configs',
  STOP: 'Stop',
  CHECK: 'Check',
  QUIET: 'Quiet',
  COMPARE: 'Compare',
  SAVE: 'Save',
  DELETE: 'Delete',
  CREATE: 'Create',
  MIRROR: 'Mirror',
};

export const stepMeaning: Record<AnyStepName, string> = {
  CHECK_BACK: 'The link may write to the source as it does to the destination, and fence it.',
  FENCE_SOURCE: 'Nobody but super users can write to the source topic any more.',
  REFRESH: 'Id and partitions of the source topic are read anew.',
  DRAIN: 'Until the mirror holds all that the source holds, and nobody writes to the source.',
  SYNC_CONFIGS: 'Topic configs of the source, for the last time.',
  SYNC_ACLS: 'ACLs of the source, for the last time.',
  SYNC_OFFSETS: 'Positions of consumer groups, never behind the end of the mirror.',
  SETTLE: 'Until what is in flight is answered and safe on all replicas in sync.',
  FENCE: 'One marker per partition under a raised epoch: this link can append no more.',
  LEVEL:
    'What came behind the end of the source is looked at: markers are filled, a record would part the two.',
  TURN: 'The mirror on the way back is in the store, and its link, where there was none.',
  LOCK_BACK: 'It has taken the old source over without a copy, and locked it; the fence is lifted.',
  UNLOCK: 'The lock on writers, and the link’s own right to write, are taken away.',
  CONFIGS: 'The topic gets the configs of an ordinary topic.',
  STOP: 'The mirror is an ordinary topic.',
  CHECK:
    'Topics, rights, brokers and groups: whatever would stand in the way is found before anything is deleted.',
  QUIET: 'Until nobody writes to the topic, and no transaction is open on it.',
  COMPARE: 'Both sides are read to find where they part.',
  SAVE: 'What only the old side has is copied to a topic of the other cluster.',
  DELETE: 'The topic is deleted, until no broker knows it any more. From here on there is no way back.',
  CREATE: 'The topic is created anew, as a mirror needs it.',
  MIRROR: 'Every partition follows its source.',
};

export const stepLook: Record<StepState, StateLook> = {
  PENDING: { shape: 'hollow', word: 'Not yet' },
  RUNNING: { shape: 'ring', word: 'Under way' },
  DONE: { shape: 'circle', word: 'Done' },
  SKIPPED: { shape: 'stopped', word: 'Skipped' },
  FAILED: { shape: 'square', word: 'Failed' },
};

const outcomeLooks: Record<OperationOutcome, StateLook> = {
  DONE: { shape: 'circle', word: 'Done' },
  FAILED: { shape: 'square', word: 'Failed' },
  CANCELLED: { shape: 'stopped', word: 'Cancelled' },
};

/** @param cancelAsked somebody has asked for it back, and it still goes on */
export function outcomeLook(outcome: OperationOutcome | null, cancelAsked = false): StateLook {
  if (outcome !== null) return outcomeLooks[outcome];
  return { shape: 'ring', word: cancelAsked ? 'Cancelling' : 'Under way' };
}

/** Behind the word "Stopped": how, and what is missing, where something may be. */
export function stoppedText({ how, missing }: StoppedMirror): string {
  const done = kindDone[how];
  if (missing === '0') return done;
  return `${done}, ${missing === null ? 'loss unknown' : `${groupDigits(missing)} missing`}`;
}
