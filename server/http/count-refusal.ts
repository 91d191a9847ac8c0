// Tells the audit log of requests that were turned away: counted there, not written one by one.
import { currentRequest } from '@/server/access/audit-context';
import { routeClass } from '@/server/access/audit-refusals';
import type { LandbridgeError } from '@/server/errors';
import { runtimeIfRunning } from '@/server/running';
import { clientAddress } from './client-address';

const refused = [401, 403, 429];

export function countRefusal(request: Request, error: LandbridgeError, status: number): void {
  const runtime = runtimeIfRunning();
  if (!refused.includes(status) || runtime === null) return;
  const { pathname } = new URL(request.url);
  runtime.refused({
    address: clientAddress(request.headers),
    actor: currentRequest()?.actor ?? null,
    route: routeClass(request.method, pathname),
    code: error.code,
  });
}
