/**
 * Who may knock at all, before it is asked who they are. Pure: decides from method and headers.
 *
 * - Host must be the public address, or this server on loopback: a page that rebinds its own name to us is refused.
 * - A change must come from our own pages (Origin, Sec-Fetch-Site: browsers set both and pages cannot forge them), or
 *   from a program: an API key and neither header. No other site can make a browser send that without asking first.
 * - x-forwarded-* is never read.
 */
import type { PublicAddress } from '@/lib/public-address.mjs';
import { LandbridgeError } from '@/server/errors';
import { keyCredentials } from './key-credentials';

/** Under which names this server is known. */
export type Names = { port: number; address: PublicAddress };

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/** @throws LandbridgeError HOST_NOT_ALLOWED */
export function checkHost(headers: Headers, names: Names): void {
  const host = headers.get('host') ?? '';
  if (isOwnHost(host, names)) return;
  const { port, address } = names;
  throw new LandbridgeError(
    'HOST_NOT_ALLOWED',
    `This server answers as ${address.host}, and on its own machine as localhost:${port}, 127.0.0.1:${port} and [::1]:${port} only. LANDBRIDGE_URL sets its address.`,
  );
}

export function isOwnHost(host: string, { port, address }: Names): boolean {
  return host.toLowerCase() === address.host || isLoopbackName(host, port);
}

/** The server's own machine: programs and health checks there need not know the public address. */
export function isLoopbackName(host: string, port: number): boolean {
  const names = ['localhost', '127.0.0.1', '[::1]'];
  return names.some(
    (name) => host.toLowerCase() === `${name}:${port}` || (port === 80 && host.toLowerCase() === name),
  );
}

/** @throws LandbridgeError FOREIGN_ORIGIN */
export function checkOrigin(method: string, headers: Headers, names: Names): void {
  if (safeMethods.includes(method)) return;
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  if (origin === null && site === null) {
    if (keyCredentials(headers) !== null) return;
    throw foreign('This request names no origin.');
  }
  if (origin !== null && !isOwnOrigin(origin.toLowerCase(), headers.get('host') ?? '', names)) {
    throw foreign('This request comes from another origin.');
  }
  if (site !== null && site !== 'same-origin' && site !== 'none') {
    throw foreign('This request comes from another site.');
  }
}

function isOwnOrigin(origin: string, host: string, { port, address }: Names): boolean {
  return (
    origin === address.origin || (isLoopbackName(host, port) && origin === `http://${host.toLowerCase()}`)
  );
}

/** For links in answers. Behind a proxy that rewrites Host it is the loopback name, which is where the proxy asked. */
export function baseUrlOf(headers: Headers, { port, address }: Names): string {
  const host = headers.get('host') ?? '';
  return isLoopbackName(host, port) && host.toLowerCase() !== address.host
    ? `http://${host}`
    : address.origin;
}

function foreign(what: string): LandbridgeError {
  return new LandbridgeError(
    'FOREIGN_ORIGIN',
    `${what} Changes are accepted from the console's own pages, or from programs with an API key and without an Origin header.`,
  );
}
