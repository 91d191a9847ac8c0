// What is taken away at the end of a link, or when somebody lifts a fence: exactly what the link has added.
import { type AclBinding, bindingText, type HeldAcls } from '@/lib/contracts/acl';
import { listAcls } from '@/server/kafka/acls';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import type { AclBook } from '../access/acl-book';
import type { LinkRunner } from '../link-runner';

/** The link is gone by then, or it was not deleted and locks its mirrors again. */
const DELETION_MS = 60_000;

type Left = { left: string[] };

/** @returns what could not be taken away, in words: the link is deleted all the same, so somebody must do it by hand */
export async function releaseAcls(
  { acls, lock, fence, context }: LinkRunner,
  deletedTopics: readonly string[],
): Promise<Left> {
  const goes = ({ resourceType, resourceName, patternType }: AclBinding) =>
    resourceType === 'TOPIC' && patternType === 'LITERAL' && deletedTopics.includes(resourceName);
  const parts = [
    ['lock', () => lock.release(acls.names('LOCK'), DELETION_MS)],
    ['fence', () => fence.unfence(acls.names('FENCE'))],
    ['rest', () => removeSynced(acls, context.destination, goes)],
  ] as const;
  for (const [part, release] of parts)
    await release().catch((error: Error) => context.log('warn', `taking the ${part} away: ${error.message}`));
  const left = acls.all().map(({ purpose, bindings, ...rest }) => ({
    ...rest,
    purpose,
    bindings: purpose === 'SYNC' ? bindings.filter(goes) : bindings,
  }));
  return { left: textsOf(left) };
}

/** On topics that are deleted, nothing is left of what was brought over for them. */
function removeSynced(
  acls: AclBook,
  destination: ClusterClient,
  goes: (binding: AclBinding) => boolean,
): Promise<unknown> {
  return acls.inTurn(async () => {
    const touched = acls.names('SYNC').filter((name) => acls.held('SYNC', name).some(goes));
    if (touched.length === 0) return;
    const wanted = new Map(
      touched.map((name) => [name, acls.held('SYNC', name).filter((binding) => !goes(binding))]),
    );
    await acls.settle(destination, 'SYNC', await listAcls(destination), wanted);
  });
}

/** @throws KafkaError saying what is missing */
export async function liftFence({ acls, fence }: LinkRunner, topics: readonly string[]): Promise<Left> {
  await fence.unfence(topics);
  return {
    left: textsOf(acls.all().filter(({ purpose, name }) => purpose === 'FENCE' && topics.includes(name))),
  };
}

const textsOf = (held: readonly HeldAcls[]) => held.flatMap(({ bindings }) => bindings.map(bindingText));
