// States of a request for approval: a word and a shape for each.
import type { StateLook } from '@/components/links/states';
import type { ApprovalState } from '@/lib/contracts/access';

export const approvalLook: Record<ApprovalState, StateLook> = {
  PENDING: { shape: 'ring', word: 'waiting' },
  CONFIRMED: { shape: 'circle', word: 'confirmed' },
  BROKEN_GLASS: { shape: 'triangle', word: 'glass broken' },
  REJECTED: { shape: 'square', word: 'rejected' },
  WITHDRAWN: { shape: 'stopped', word: 'withdrawn' },
  STALE: { shape: 'stopped', word: 'out of date' },
  EXPIRED: { shape: 'stopped', word: 'expired' },
  USED: { shape: 'circle', word: 'done' },
};
