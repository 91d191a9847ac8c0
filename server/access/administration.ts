// Puts together what governs access: people, API keys, approvals. The runtime holds one of it.
import type { GrantScope } from '@/lib/contracts/access';
import type { Config } from '@/server/config';
import type { Log } from '@/server/log';
import type { Store } from '@/server/store/store';
import { ApiKeys } from './api-keys';
import { ApprovalGuard } from './approval-guard';
import type { FactsOf } from './approval-views';
import { Approvals } from './approvals';
import type { AuditPort } from './audit';
import { BootstrapKey } from './bootstrap-key';
import { KeyCheck } from './key-check';
import type { OneTimeLinks } from './one-time-links';
import { People } from './people';
import type { Sessions } from './sessions';
import { SignInBackoff } from './sign-in-backoff';

export type Administration = {
  readonly people: People;
  readonly keys: ApiKeys;
  readonly keyCheck: KeyCheck;
  readonly approvals: Approvals;
  /** For operations that a link has put under the rule of two persons. */
  readonly approvalGuard: ApprovalGuard;
};

export async function createAdministration(options: {
  store: Store;
  audit: AuditPort;
  sessions: Sessions;
  links: OneTimeLinks;
  config: Pick<Config, 'apiKey' | 'keepBootstrapKey'>;
  exists: (scope: GrantScope) => boolean;
  factsOf: FactsOf;
  log: Log;
}): Promise<Administration> {
  const { store, config, log } = options;
  const bootstrap = new BootstrapKey({ key: config.apiKey, keep: config.keepBootstrapKey, log });
  await bootstrap.refresh(store.db);
  const backoff = new SignInBackoff({ store });
  return {
    people: new People(options),
    keys: new ApiKeys({ ...options, bootstrap }),
    keyCheck: new KeyCheck({ store, bootstrap, backoff, log }),
    approvals: new Approvals(options),
    approvalGuard: new ApprovalGuard(options),
  };
}
