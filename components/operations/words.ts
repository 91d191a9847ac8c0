// Kinds, steps and ends of operations in words and shapes. The same on every page.
import type { StateLook } from '@/components/links/states';
import type {
  OperationKind,
  OperationOutcome,
  StepName,
  StepState,
  StoppedMirror,
} from '@/lib/contracts/operation';
import { groupDigits } from '@/lib/format';

export const kindNoun: Record<OperationKind, string> = { PROMOTE: 'Promote', FAILOVER: 'Failover' };
export const kindVerb: Record<OperationKind, string> = { PROMOTE: 'Promote', FAILOVER: 'Fail over' };

export const stepWord: Record<StepName, string> = {
  REFRESH: 'Refresh',
  DRAIN: 'Drain',
  SYNC_CONFIGS: 'Sync configs',
  SYNC_ACLS: 'Sync ACLs',
  SYNC_OFFSETS: 'Sync consumer offsets',
  SETTLE: 'Settle',
  FENCE: 'Fence',
  UNLOCK: 'Unlock',
  CONFIGS: 'Set configs',
  STOP: 'Stop',
};

export const stepMeaning: Record<StepName, string> = {
  REFRESH: 'Id and partitions of the source topic are read anew.',
  DRAIN: 'Until the mirror holds all that the source holds, and nobody writes to the source.',
  SYNC_CONFIGS: 'Topic configs of the source, for the last time.',
  SYNC_ACLS: 'ACLs of the source, for the last time.',
  SYNC_OFFSETS: 'Positions of consumer groups, never behind the end of the mirror.',
  SETTLE: 'Until what is in flight is answered and safe on all replicas in sync.',
  FENCE: 'One marker per partition under a raised epoch: this link can append no more.',
  UNLOCK: 'The lock on writers, and the link’s own right to write, are taken away.',
  CONFIGS: 'The topic gets the configs of an ordinary topic.',
  STOP: 'The mirror is an ordinary topic.',
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
  const done = how === 'PROMOTE' ? 'promoted' : 'failed over';
  if (missing === '0') return done;
  return `${done}, ${missing === null ? 'loss unknown' : `${groupDigits(missing)} missing`}`;
}
