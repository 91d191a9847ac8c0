// States of a request for approval in words, each with its own shape.
import type { ApprovalState } from '@/lib/contracts/access';

export const approvalStateText: Record<ApprovalState, string> = {
  PENDING: '◔ waiting',
  CONFIRMED: '● confirmed',
  BROKEN_GLASS: '▲ glass broken',
  REJECTED: '✕ rejected',
  WITHDRAWN: '○ withdrawn',
  STALE: '○ out of date',
  EXPIRED: '○ expired',
  USED: '✓ done',
};
