// What pages ask before they are rendered: is anybody signed in? Nothing else; a page's data comes from /api.
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';
import { ownPath } from '@/lib/own-path';
import { hasRuntime, runningRuntime } from '@/server/running';
import { clientAddress } from './client-address';
import { pathHeader } from './page-headers';
import { sessionToken } from './session-cookie';

/** Leads to /sign-in, and from there back here. */
export async function requirePageSession(): Promise<void> {
  const given = await headers();
  if (await isSignedIn(given)) return;
  redirect(`/sign-in?next=${encodeURIComponent(ownPath(given.get(pathHeader)))}`);
}

async function isSignedIn(given: Headers): Promise<boolean> {
  const { config, sessions } = runningRuntime();
  const token = sessionToken(given, config.address);
  return token !== null && (await sessions.actorFor(token, { address: clientAddress(given) })) !== null;
}

/** In which mode this server runs. On a hub, pages of what it has not lead to its dashboard; elsewhere the other way round. */
export async function requirePageOfMode(): Promise<{ mode: MonitoringMode; dashboardUrl: string | null }> {
  const { mode, dashboardUrl } = runningRuntime().config.monitoring;
  const path = ownPath((await headers()).get(pathHeader)).replace(/[?#].*$/, '');
  const isBelow = (place: string) => path === place || path.startsWith(`${place}/`);
  if (mode === 'hub' && (path === '/' || notOnHubs.some(isBelow))) redirect('/hub');
  if (mode !== 'hub' && onlyOnHubs.some(isBelow)) redirect('/');
  return { mode, dashboardUrl };
}

const notOnHubs = ['/links', '/clusters', '/settings/approvals', '/settings/health-endpoint'];
const onlyOnHubs = ['/hub', '/settings/consoles'];

/** Plain http on a network: every page says so. */
export const isExposed = (): boolean => hasRuntime() && runningRuntime().config.address.exposed;
