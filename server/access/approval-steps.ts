// Who may confirm, reject, withdraw, or go ahead alone, and why not: said to pages beforehand and checked at the step, from one place. Pure.

import { holds, type Target, targetName } from '@/lib/grants';
import type { ErrorCode } from '@/server/errors';
import { freshSignInMs } from '@/server/intervals';
import type { ApprovalState, StoredApproval } from '@/server/store/approvals';
import type { Actor, PersonActor } from './actor';

export type Step = 'confirm' | 'reject' | 'withdraw' | 'breakGlass';
export type Refusal = { code: ErrorCode; why: string };

/** Who looks at a request, or decides. */
export type Judge = {
  actor: Actor;
  /** Why this account does not count as a person of its own (vouching.ts); null where it does. */
  dependent: Refusal | null;
  /** Why this account and the one that asks are not two persons; null where they are. */
  sameHandAs(askerId: string): Refusal | null;
  nowMs: number;
};

type Open = Pick<StoredApproval, 'state' | 'expiresAtMs' | 'requestedBy' | 'requestedByName'>;

/** Null: allowed. */
export function refusalOf(
  step: Step,
  row: Open,
  target: Target,
  { actor, dependent, sameHandAs, nowMs }: Judge,
): Refusal | null {
  const states: readonly ApprovalState[] =
    step === 'withdraw' ? ['PENDING', 'CONFIRMED', 'BROKEN_GLASS'] : ['PENDING'];
  if (!states.includes(row.state)) {
    return { code: 'APPROVAL_CLOSED', why: closedWords[row.state] };
  }
  if (row.expiresAtMs <= nowMs) return { code: 'APPROVAL_CLOSED', why: 'It has expired. Ask for it again.' };
  if (actor.kind !== 'person') {
    return forbidden('API keys and programs are not persons: they never confirm, nor decide otherwise.');
  }
  const own = actor.id === row.requestedBy;
  if (step === 'withdraw') {
    return own ? null : forbidden(`Only ${row.requestedByName} can withdraw it. You can reject it.`);
  }
  if (step === 'breakGlass') {
    if (!own) return forbidden(`Only ${row.requestedByName}, who has asked, can go ahead alone.`);
  } else if (own) {
    return forbidden('You have asked for it yourself. Somebody else must decide.');
  }
  if (!holds(actor.grants, 'approver', target)) {
    return forbidden(`It takes the role approver on ${targetName(target)}. Ask an administrator.`);
  }
  if (step === 'reject') return null;
  const alone = step === 'confirm' ? (dependent ?? sameHandAs(row.requestedBy)) : null;
  return alone ?? staleness(actor, nowMs);
}

/** Null: this person has proved who they are within the last 15 minutes. */
export function staleness({ authenticatedAtMs }: PersonActor, nowMs: number): Refusal | null {
  if (authenticatedAtMs === null) return { code: 'SIGN_IN_TIME_UNKNOWN', why: timeNotKnown };
  return nowMs - authenticatedAtMs <= freshSignInMs
    ? null
    : { code: 'FRESH_SIGN_IN_NEEDED', why: `Sign in again first: ${freshNeeded}` };
}

const freshNeeded = `this takes a sign-in of the last ${freshSignInMs / 60_000} minutes.`;
const timeNotKnown =
  `Sign in again first: ${freshNeeded} When yours was is not known; if that stays so, your provider leaves the claim ` +
  'auth_time out of its ID tokens. Ask whoever runs it for the claim, or an administrator for an account of this server.';

const forbidden = (why: string): Refusal => ({ code: 'FORBIDDEN', why });

const closedWords: Record<ApprovalState, string> = {
  PENDING: 'It still waits for a second person.',
  CONFIRMED: 'It is confirmed already.',
  BROKEN_GLASS: 'It goes ahead without a second person.',
  REJECTED: 'It was rejected.',
  WITHDRAWN: 'It was withdrawn.',
  STALE: 'What was asked for looks different now. Ask for it again.',
  USED: 'It was used already.',
};
