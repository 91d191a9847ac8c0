// What is taken away at the end of a link, or when somebody lifts a fence: exactly what the link has added.
import { bindingText, type HeldAcls } from '@/lib/contracts/acl';
import type { LinkRunner } from '../link-runner';

/** The link is gone by then, or it was not deleted and locks its mirrors again. */
const DELETION_MS = 60_000;

type Left = { left: string[] };

/** @returns what could not be taken away, in words: the link is deleted all the same, so somebody must do it by hand */
export async function releaseAcls({ acls, lock, fence, context }: LinkRunner): Promise<Left> {
  const parts = [
    ['lock', () => lock.release(acls.names('LOCK'), DELETION_MS)],
    ['fence', () => fence.unfence(acls.names('FENCE'))],
  ] as const;
  for (const [part, release] of parts)
    await release().catch((error: Error) => context.log('warn', `taking the ${part} away: ${error.message}`));
  return { left: textsOf(acls.all().filter(({ purpose }) => purpose !== 'SYNC')) };
}

/** @throws KafkaError saying what is missing */
export async function liftFence({ acls, fence }: LinkRunner, topics: readonly string[]): Promise<Left> {
  await fence.unfence(topics);
  return {
    left: textsOf(acls.all().filter(({ purpose, name }) => purpose === 'FENCE' && topics.includes(name))),
  };
}

const textsOf = (held: readonly HeldAcls[]) => held.flatMap(({ bindings }) => bindings.map(bindingText));
