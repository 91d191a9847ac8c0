// The cookie that holds a session's token: its name, its attributes, and how it is read from a request.
import type { PublicAddress } from '@/lib/public-address.mjs';

/** Set by the console's own pages: for how many seconds nobody has touched the page that asks. */
export const idleHeader = 'x-landbridge-idle';

/**
 * `__Host-` binds a cookie to this host, path and https. On plain http browsers would drop such a cookie silently. There
 * the port stands in the name, because cookies of one host are shared by all its ports: two servers on one machine would
 * sign each other's people out.
 */
export function cookieName(address: PublicAddress, what: string): string {
  if (address.secure) return `__Host-landbridge.${what}`;
  return `landbridge-${new URL(address.origin).port || '80'}.${what}`;
}

export const sessionCookieName = (address: PublicAddress): string => cookieName(address, 'session');

export const cookieOptions = (address: PublicAddress) => ({
  httpOnly: true,
  sameSite: 'lax' as const,
  path: '/',
  secure: address.secure,
});

/** Null when the request has none. What it stands for, only Sessions knows. */
export function sessionToken(headers: Headers, address: PublicAddress): string | null {
  const value = readCookies(headers)[sessionCookieName(address)];
  // 32 bytes in base64url: everything else was not made here and is not worth a look into the store.
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null;
}

/** Of two cookies with one name the first counts: browsers send the one with the longer path first. */
export function readCookies(headers: Headers): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null);
  for (const part of headers.get('cookie')?.split(';') ?? []) {
    const equals = part.indexOf('=');
    if (equals < 1) continue;
    cookies[part.slice(0, equals).trim()] ??= decoded(part.slice(equals + 1).trim());
  }
  return cookies;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // not percent-encoded: as it is
  }
}

/** For how long nobody has touched the page that asks, in ms; 0 where the client does not say. */
export function idleMsOf(headers: Headers): number {
  const seconds = Number(headers.get(idleHeader) ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}
