// Puts together what lets people in and out. The runtime holds one of it.
import { accessCleanUpIntervalMs, approvalsKeptMs } from '@/server/intervals';
import type { Log } from '@/server/log';
import { deleteExpiredApprovals } from '@/server/store/approvals';
import type { Store } from '@/server/store/store';
import type { AuditPort } from './audit';
import type { OneTimeLinks } from './one-time-links';
import { OwnAccount } from './own-account';
import type { Passwords } from './passwords';
import { LinkDesk } from './redeem-link';
import type { Sessions } from './sessions';
import { SignIn } from './sign-in';
import { SignInBackoff } from './sign-in-backoff';

export type Entrance = {
  readonly passwords: Passwords;
  readonly signIn: SignIn;
  readonly links: LinkDesk;
  readonly account: OwnAccount;
  /** Ends the hourly clean-up. */
  stop(): void;
};

export function createEntrance(options: {
  store: Store;
  audit: AuditPort;
  sessions: Sessions;
  links: OneTimeLinks;
  passwords: Passwords;
  log: Log;
}): Entrance {
  const { store, audit, sessions, links, passwords, log } = options;
  const backoff = new SignInBackoff({ store });
  const cleanUp = async () => {
    await sessions.prune();
    await links.prune();
    await backoff.prune();
    await deleteExpiredApprovals(store.db, Date.now() - approvalsKeptMs);
  };
  const timer = setInterval(() => {
    cleanUp().catch((error: unknown) => log('warn', 'Old sessions and links could not be removed.', error));
  }, accessCleanUpIntervalMs);
  timer.unref();
  return {
    passwords,
    signIn: new SignIn({ store, audit, sessions, links, passwords, backoff, log }),
    links: new LinkDesk({ store, audit, links, passwords, sessions }),
    account: new OwnAccount({ store, audit, sessions, passwords, backoff }),
    stop: () => clearInterval(timer),
  };
}
