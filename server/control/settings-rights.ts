// Settings of a link that take more than the role operator, because they decide over more than the link. Judged before anything is changed.
import { GRANTING_SETTINGS, type LinkSettings, linkSettings } from '@/lib/contracts/link';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { linkTarget } from './visible';

type LinkNames = { source: string; destination: string; name: string };

/** @param before null of a link that is to be made. @throws LandbridgeError FORBIDDEN */
export function authoriseSettings(
  actor: Actor,
  link: LinkNames,
  before: LinkSettings | null,
  after: LinkSettings,
): void {
  // The rule of two persons is set by those whom it governs, not by whom it does not; of a new link by who makes it.
  if (before !== null && before['two.person.operations'] !== after['two.person.operations'])
    authorise(actor, 'approver', linkTarget(link));
  if (grantsMore(before, after)) authorise(actor, 'administrator', { kind: 'everywhere' });
}

/**
 * The link may change ACLs of its destination. With a name of one's own in the map, its rights over that cluster would be
 * anybody's who may set it; so it is as with the cluster's credentials. Switching off gives nothing to anybody.
 */
function grantsMore(before: LinkSettings | null, after: LinkSettings): boolean {
  const none = linkSettings.parse({});
  const changed = GRANTING_SETTINGS.filter((key) => (before ?? none)[key] !== after[key]);
  if (after['acl.sync.enable']) return changed.length > 0;
  return changed.some((key) => after[key] !== none[key]);
}
