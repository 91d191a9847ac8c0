// What the lock and the sync of ACLs do while a mirror is being stopped: the parts that an operation is handed (ending/ports.ts).
import type { EndingPorts, FinalSync } from '../ending/ports';
import type { LinkCore } from '../link-core';
import type { AclSync } from '../tasks/acl-sync';
import type { LockKeeper } from './lock-keeper';
import { unlockTopic } from './unlock';

const LAST_SYNC_LIMIT_MS = 15_000;

/** Rights to read, once more; those to write come with the unlock. */
export function finalAclSync(sync: AclSync): FinalSync {
  return {
    step: 'SYNC_ACLS',
    limitMs: LAST_SYNC_LIMIT_MS,
    run: async (_topic, kind) => {
      if (!sync.enabled()) return { state: 'SKIPPED', detail: 'acl.sync.enable is not set.' };
      if (kind === 'FAILOVER') return { state: 'SKIPPED', detail: 'The source is not asked at a failover.' };
      const { errors, said } = await sync.run();
      if (errors[0]) throw new Error(errors[0].message);
      return { state: 'DONE', detail: said ?? 'Nothing had changed.' };
    },
  };
}

/** Behind the fence: others may write again, and those of the source, too. */
export function unlockPart(core: LinkCore, keeper: LockKeeper, sync: AclSync): EndingPorts['unlock'] {
  return async ({ name }, kind) => {
    const unlocked = await unlockTopic(core, keeper, name);
    if (unlocked.state !== 'DONE') return unlocked;
    const granted = await sync.grantWriters(name, kind !== 'FAILOVER');
    return granted === null ? unlocked : { ...unlocked, detail: `${unlocked.detail} ${granted}` };
  };
}
