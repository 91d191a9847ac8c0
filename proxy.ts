// The first line in front of pages: only our own host names, and a content security policy with a fresh nonce. Who may see a
// page is asked by its layout; /api and /kafka check for themselves.
import { type NextRequest, NextResponse } from 'next/server';
import { readPublicAddress } from '@/lib/public-address.mjs';
import { contentSecurityPolicy } from '@/server/http/content-security-policy';
import { isOwnHost } from '@/server/http/door';
import { pathHeader } from '@/server/http/page-headers';

export function proxy(request: NextRequest): NextResponse {
  const host = request.headers.get('host') ?? '';
  const port = Number(process.env.PORT ?? 3000);
  const { address } = readPublicAddress(process.env, process.env.HOST?.trim() || '127.0.0.1', port);
  if (!address || !isOwnHost(host, { port, address })) {
    return new NextResponse('This server is known by another address (LANDBRIDGE_URL).\n', {
      status: 403,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  }
  const { pathname, search } = request.nextUrl;
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development');
  // Next reads the nonce from the request's policy and puts it on its own inline scripts.
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  headers.set(pathHeader, `${pathname}${search}`);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('cross-origin-opener-policy', 'same-origin');
  if (address.secure) response.headers.set('strict-transport-security', 'max-age=31536000');
  return response;
}

export const config = {
  matcher: [
    '/((?!api(?:/|$)|kafka(?:/|$)|_next/static|_next/image|healthz$|readyz$|metrics$|favicon.ico$).*)',
  ],
};
