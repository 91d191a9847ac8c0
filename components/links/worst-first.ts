// The order in which links are listed: what needs a person first, then by lag. Pure.
import type { LinkRow } from '@/lib/contracts/link';

const rank: Record<LinkRow['state'], number> = {
  FAILED: 0,
  UNAVAILABLE: 1,
  UNKNOWN: 2,
  ACTIVE: 4,
  PAUSED: 5,
};
const ATTENTION_RANK = 3;

const rankOf = (link: LinkRow): number =>
  link.state === 'ACTIVE' && link.attention > 0 ? ATTENTION_RANK : rank[link.state];

/** Equal links stay in the order of their names, so that the list does not dance with every small change of lag. */
export function worstFirst(links: LinkRow[]): LinkRow[] {
  return [...links].sort(
    (a, b) =>
      rankOf(a) - rankOf(b) || lagStep(b) - lagStep(a) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

/** Lag in powers of ten: 0.3 s and 0.8 s are the same, 3 s and 48 s are not. */
function lagStep(link: LinkRow): number {
  const seconds = link.worst?.lag.seconds ?? 0;
  return seconds < 1 ? 0 : Math.floor(Math.log10(seconds)) + 1;
}
