// A hub has no clusters and links of its own, and other servers are no hubs: what is not there is not found. Pure.
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';
import { LandbridgeError } from '@/server/errors';

const notOnHubs = [
  '/api/clusters',
  '/api/links',
  '/api/approvals',
  '/api/history',
  '/api/health-report/',
  '/kafka/',
];
const onlyOnHubs = ['/api/hub/', '/api/health-reports'];

const isBelow = (pathname: string, places: readonly string[]) =>
  places.some(
    (place) => pathname === place || pathname.startsWith(place.endsWith('/') ? place : `${place}/`),
  );

/** @throws LandbridgeError NOT_FOUND */
export function checkMode(pathname: string, mode: MonitoringMode): void {
  if (mode === 'hub' && isBelow(pathname, notOnHubs))
    throw new LandbridgeError(
      'NOT_FOUND',
      'This server is a hub: it has no clusters and links of its own. Ask the console that has them.',
    );
  if (mode !== 'hub' && isBelow(pathname, onlyOnHubs))
    throw new LandbridgeError('NOT_FOUND', 'This server is no hub (LANDBRIDGE_MODE=hub, docs/hub.md).');
}
