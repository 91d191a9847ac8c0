// The two directions of a BIDIRECTIONAL link: two links that share a name, each at its own destination. Pure.
import type { LinkSettings } from '@/lib/contracts/link';

type Direction = {
  name: string;
  sourceClusterId: string;
  destinationClusterId: string;
  settings: Pick<LinkSettings, 'link.mode'>;
};

/** The link of the same name that leads the other way, whatever its mode. */
export function reverseOf<T extends Direction>(
  link: Omit<Direction, 'settings'>,
  links: Iterable<T>,
): T | null {
  for (const other of links)
    if (
      other.name === link.name &&
      other.sourceClusterId === link.destinationClusterId &&
      other.destinationClusterId === link.sourceClusterId
    )
      return other;
  return null;
}

export function otherDirectionOf<T extends Direction>(link: Direction, links: Iterable<T>): T | null {
  if (link.settings['link.mode'] !== 'BIDIRECTIONAL') return null;
  const other = reverseOf(link, links);
  return other?.settings['link.mode'] === 'BIDIRECTIONAL' ? other : null;
}
