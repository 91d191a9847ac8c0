// The ACLs that a link has added to lock and to fence, when it is deleted: taken away first, and named where they could not be.
import { type AclPurpose, bindingText, type HeldAcls } from '@/lib/contracts/acl';
import type { EnginePort } from '@/server/engine-port';
import type { CatalogLink } from './catalog';

const NAMED = 10;

/** What was brought over stays, as topics do. */
const addedFor = (link: CatalogLink, purpose: AclPurpose) =>
  link.heldAcls.filter((held) => held.purpose === purpose);

/** For the dry run; empty where nothing was added. */
export function releasedText(link: CatalogLink): string {
  const [locks, fences] = [addedFor(link, 'LOCK').length, addedFor(link, 'FENCE').length];
  const lock = locks > 0 ? ` The ACLs that lock ${counted(locks, 'mirror topic')} are removed first.` : '';
  const fence =
    fences > 0
      ? ` The fence of ${counted(fences, 'source topic')} is lifted: producers can write on "${link.source}" again.`
      : '';
  return lock + fence;
}

/** @returns what could not be taken away, in words. A cluster that is gone for good must not keep its link for ever */
export async function releaseAcls(
  engine: EnginePort,
  link: CatalogLink,
  deletedTopics: readonly string[] = [],
): Promise<string[]> {
  const goes = (held: HeldAcls) =>
    held.bindings.filter(
      ({ resourceType, resourceName, patternType }) =>
        resourceType === 'TOPIC' && patternType === 'LITERAL' && deletedTopics.includes(resourceName),
    );
  const synced = addedFor(link, 'SYNC').flatMap(goes);
  const added = [...addedFor(link, 'LOCK'), ...addedFor(link, 'FENCE')];
  if (added.length + synced.length === 0) return [];
  try {
    return (
      await engine.request({
        op: 'releaseAcls',
        linkId: link.id,
        link: link.name,
        deletedTopics: [...deletedTopics],
      })
    ).left;
  } catch {
    return [...added.flatMap(({ bindings }) => bindings), ...synced].map(bindingText);
  }
}

export function leftAclsText(left: readonly string[]): string {
  if (left.length === 0) return '';
  const more = left.length > NAMED ? `; and ${left.length - NAMED} more, in the audit log` : '';
  return ` These ACLs of the link could not be removed; remove them with kafka-acls.sh: ${left.slice(0, NAMED).join('; ')}${more}.`;
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
