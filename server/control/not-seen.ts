// What to say of a group, topic or broker that the last look at its cluster has not seen. Pure.
import type { Seen, SweepPart } from '@/lib/contracts/monitoring/seen';

/** @param part of the look that would have shown it: what failed there may hide it */
export function notSeen(
  what: string,
  part: SweepPart,
  { cluster, gaps }: Pick<Seen, 'cluster' | 'gaps'>,
): string {
  const hidden = gaps.find((gap) => gap.what === part && gap.failure);
  const begin = `The last look at cluster "${cluster}" has seen no ${what}`;
  return hidden
    ? `${begin}, but it could not see all: ${hidden.reason}`
    : `${begin}. It may be gone, or not be there yet.`;
}
