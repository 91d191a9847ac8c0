// Grants name clusters and links that exist: one for a misspelt name would wait, unseen, for somebody to create its object.
import type { Grant, GrantScope } from '@/lib/contracts/access';
import { LandbridgeError } from '@/server/errors';

/** @throws LandbridgeError INVALID_REQUEST naming the first that is not there */
export function requireScopes(grants: readonly Grant[], exists: (scope: GrantScope) => boolean): void {
  const index = grants.findIndex(({ scope }) => !exists(scope));
  const scope = grants[index]?.scope;
  if (!scope) return;
  const what = nameOf(scope);
  throw new LandbridgeError('INVALID_REQUEST', `There is no ${what} to give a role on.`, {
    fields: { [`grants.${index}.scope`]: `There is no ${what}.` },
  });
}

function nameOf(scope: GrantScope): string {
  switch (scope.kind) {
    case 'everywhere':
      return 'server';
    case 'cluster':
      return `cluster "${scope.cluster}"`;
    case 'link':
      return `link "${scope.name}" to "${scope.destination}"`;
    case 'console':
      return `console "${scope.console}"`;
  }
}
