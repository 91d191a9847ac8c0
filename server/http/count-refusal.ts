// Tells the audit log of requests that were turned away: counted there, not written one by one.
import { currentRequest } from '@/server/access/audit-context';
import { routeClass } from '@/server/access/audit-refusals';
import type { LandbridgeError } from '@/server/errors';
import { runtimeIfRunning } from '@/server/running';
import { clientAddress } from './client-address';

const refused = [401, 403, 429];

export function countRefusal(request: Request, error: LandbridgeError, status: number): void {
  const runtime = runtimeIfRunning();
  // A key at what wants two persons: nothing was asked for, of which there would be a row.
  const keyAlone = error.code === 'APPROVAL_NEEDED' && error.fields?.approval === undefined;
  if (!(refused.includes(status) || keyAlone) || runtime === null) return;
  const { pathname } = new URL(request.url);
  runtime.refused({
    address: clientAddress(request.headers),
    actor: currentRequest()?.actor ?? null,
    route: routeClass(request.method, pathname),
    code: error.code,
  });
}
