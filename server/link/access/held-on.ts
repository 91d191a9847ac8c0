// Which ACLs on a cluster were added by links of this engine. Links share a cluster: one's source is another's destination.
import { type AclPurpose, bindingKey } from '@/lib/contracts/acl';
import type { DesiredLink } from '@/lib/contracts/engine';
import type { AclBook } from './acl-book';

type Holder = { readonly id: string; readonly desired: DesiredLink; readonly acls: AclBook };

/** @param except left out: what that link holds for that purpose */
export function heldOn(
  holders: Iterable<Holder>,
  clusterId: string,
  purposes: readonly AclPurpose[],
  except?: { linkId: string; purpose: AclPurpose },
): Set<string> {
  const keys = new Set<string>();
  for (const { id, desired, acls } of holders)
    for (const { purpose, bindings } of acls.all()) {
      const at = purpose === 'FENCE' ? desired.sourceClusterId : desired.destinationClusterId;
      if (at !== clusterId || !purposes.includes(purpose)) continue;
      if (except?.linkId === id && except.purpose === purpose) continue;
      for (const binding of bindings) keys.add(bindingKey(binding));
    }
  return keys;
}
