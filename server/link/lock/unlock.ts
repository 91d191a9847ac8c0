// The end of a lock: behind the fence of a promote or failover, others may write again. Removes exactly what the lock has added.

import { ErrorCode, ProtocolError } from '@/server/kafka/wire/errors';
import type { EndingPart } from '../ending/ports';
import type { LinkCore } from '../link-core';
import { type LockKeeper, ownWrite } from './lock-keeper';

/** The link's own WRITE goes with the lock where the lock gave it; where an administrator gave it, it is named. Must not matter how often. */
export async function unlockTopic(
  core: Pick<LinkCore, 'desired'>,
  keeper: LockKeeper,
  topic: string,
): Promise<EndingPart> {
  const { destination } = core.desired;
  try {
    const present = await keeper.release([topic]);
    const own = ownWrite(topic, present, keeper.self);
    const who = keeper.self.principal ?? 'The link';
    const detail =
      own === null
        ? `Nothing of the lock is left on ${topic}, and the link cannot write to it any more.`
        : `Nothing of the lock is left on ${topic}. ${who} can still write to it: ${own}. The link's epoch keeps it from doing so; take the right away where nothing else needs it.`;
    return { state: 'DONE', detail };
  } catch (error) {
    if (error instanceof ProtocolError && error.code === ErrorCode.SECURITY_DISABLED)
      return { state: 'SKIPPED', detail: `${destination.name} has no authorizer: there was no lock.` };
    if (
      error instanceof ProtocolError &&
      error.code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED &&
      !keeper.holds(topic)
    )
      return {
        state: 'SKIPPED',
        detail: `The link may not read ACLs on ${destination.name}, and has locked nothing.`,
      };
    throw error;
  }
}
